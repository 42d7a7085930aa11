"""`bagalau rules coverage`: which rule of the rulebook is kept by which test, and which by nobody."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.printing import as_json, line, note, table
from methodologies import Act, acts, load
from rules.errors import NotFound

app = typer.Typer(
    no_args_is_help=True, add_completion=False, help="Which rules of the rulebook are kept by which test."
)
ROOT = Path(__file__).parent.parent


@app.callback()
def rules() -> None:
    """Which rules of the rulebook are kept by which test."""


@app.command()
def coverage(
    tests: Annotated[Path, typer.Option(help="Folder of the tests.")] = ROOT / "tests",
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Every rule as tested, document-only (with the reason) or missing; exit 1 when one is missing."""
    if not tests.is_dir():
        raise NotFound(f"There is no folder of tests at {tests}; coverage needs the source tree.")
    marked = marks(tests)
    found = [row for act_id in acts() for row in _rows(load(act_id), marked)]
    _warn_unknown(marked)
    if json:
        as_json({"rules": found})
    else:
        _for_people(found)
    if any(row["status"] == "missing" for row in found):
        raise typer.Exit(1)


def _rows(act: Act, marked: Mapping[str, list[str]]) -> Iterator[dict[str, Any]]:
    for rule in act.rules.values():
        tests = marked.get(rule.id, [])
        status = "tested" if tests else "document-only" if rule.document_only else "missing"
        reason = rule.document_only or ""
        yield {
            "id": rule.id,
            "act": act.id,
            "point": rule.point,
            "status": status,
            "tests": tests,
            "reason": reason,
        }


def _warn_unknown(marked: Mapping[str, list[str]]) -> None:
    known = {key for act_id in acts() for act in [load(act_id)] for key in (*act.rules, *act.readings)}
    for rule in sorted(set(marked) - known):
        note(f"{marked[rule][0]} names '{rule}', which is no rule or reading of any act here.")


def _for_people(found: list[dict[str, Any]]) -> None:
    rows = [
        (
            row["id"],
            row["point"],
            row["status"],
            row["reason"] if not row["tests"] else f"{len(row['tests'])} tests",
        )
        for row in found
    ]
    table(("rule", "point", "status", "by"), rows)
    counts = {word: sum(row["status"] == word for row in found) for word in ("tested", "document-only", "missing")}
    line(", ".join(f"{number} {word}" for word, number in counts.items()))


def marks(tests: Path) -> dict[str, list[str]]:
    """The tests that name each rule with `@pytest.mark.rule(...)`, on a function, a class or a whole file."""
    found: dict[str, list[str]] = defaultdict(list)
    for file in sorted(tests.rglob("test_*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for rule, name in _named(tree.body, f"{tests.name}/{file.relative_to(tests)}", _of_file(tree)):
            if name not in found[rule]:
                found[rule].append(name)
    return dict(found)


def _named(body: list[ast.stmt], prefix: str, above: list[str]) -> Iterator[tuple[str, str]]:
    for node in body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        ids = [*above, *(rule for mark in node.decorator_list for rule in _ids(mark))]
        name = f"{prefix}::{node.name}"
        if isinstance(node, ast.ClassDef):
            yield from _named(node.body, name, ids)
        elif node.name.startswith("test"):
            yield from ((rule, name) for rule in ids)


def _of_file(tree: ast.Module) -> list[str]:
    assigned = [node.value for node in tree.body if isinstance(node, ast.Assign) and _is_pytestmark(node)]
    single = [mark for value in assigned for mark in (value.elts if isinstance(value, ast.List) else [value])]
    return [rule for mark in single for rule in _ids(mark)]


def _is_pytestmark(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets)


def _ids(mark: ast.expr) -> list[str]:
    if isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "rule":
        return [str(one.value) for one in mark.args if isinstance(one, ast.Constant)]
    return []
