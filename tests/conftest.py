"""What every test may ask for: a fresh database of either kind, with the schema, known to `work()`."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
import psycopg
import pytest

from models.schema import upgrade
from models.work import engine, use_database
from tests import postgres

# a shared machine is slow now and then; a deadline of our own would only make the tests lie
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database with the newest schema, made once and copied for each test."""
    file = tmp_path_factory.mktemp("template") / "bagalau.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of the tests' own PostgreSQL, started once; it fails, never skips, where none can start."""
    with ExitStack() as until_the_end:
        address = trouble = ""
        try:
            address = until_the_end.enter_context(postgres.server())
        except RuntimeError as none_there:
            trouble = str(none_there)
        if trouble:  # said outside the handler, so that the sentence stands alone
            pytest.fail(trouble, pytrace=False)
        yield address


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of an empty PostgreSQL database with the newest schema, made once and copied for each test."""
    _say(postgres_server, "CREATE DATABASE template_bagalau")
    _migrate(_named(postgres_server, "template_bagalau"))
    return "template_bagalau"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database with the schema; the test runs once on SQLite, once on PostgreSQL."""
    return request.getfixturevalue(f"{request.param}_database")


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[str]:
    """A fresh SQLite database, for what need not be tried on both."""
    file = tmp_path / "bagalau.db"
    shutil.copy(sqlite_template, file)
    yield from _in_use(f"sqlite:///{file}")


@pytest.fixture
def postgresql_database(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """A fresh PostgreSQL database, for what need not be tried on both."""
    name = f"test_{next(_numbers)}"
    _say(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield from _in_use(_named(postgres_server, name))
    _say(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


def _in_use(url: str) -> Iterator[str]:
    use_database(url)
    yield url
    use_database(None)
    engine(url).dispose()


def _migrate(url: str) -> None:
    upgrade(url)
    engine(url).dispose()


def _named(address: str, name: str) -> str:
    return address.replace("/postgres?", f"/{name}?")


def _say(address: str, sentence: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sentence)
