# Plain `make` lists the targets.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_NO_INPUT = 1

.PHONY: help demo test slow bench lint types contracts lock clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(VENV)/.runtime ## Live through one quarter of the National Centre for Human Rights
	$(BIN)/bagalau demo

test: $(VENV)/.dev lint types contracts ## Lint, types, import contracts and every test under a minute
	$(BIN)/pytest -q -n 2 --dist loadfile
	$(BIN)/bagalau rules coverage

slow: $(VENV)/.dev ## The long tests: a real Prefect server, kill -9, 100,000 people
	$(BIN)/pytest -q -m slow --timeout=1800

bench: $(VENV)/.dev ## The common workload beside the raw SQL floor, on SQLite and PostgreSQL
	$(BIN)/python -m benchmarks.workload

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

contracts: $(VENV)/.dev
	$(BIN)/lint-imports

lock: ## Renew the hashed locks from requirements/*.in (needs uv)
	cd requirements && uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 runtime.in -o runtime.lock
	cd requirements && uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -c runtime.lock dev.in -o dev.lock

clean: ## Remove the virtual environment and everything the program wrote
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements/runtime.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the pinned packages into $(VENV) (once)..."
	@$(BIN)/pip install -q --no-deps --require-hashes -r requirements/runtime.lock
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.lock $(VENV)/.runtime
	@echo "Installing the pinned test packages into $(VENV) (once)..."
	@$(BIN)/pip install -q --no-deps --require-hashes -r requirements/dev.lock
	@touch $@
