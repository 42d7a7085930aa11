"""One piece of work, one transaction: the only place in the house that commits."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url
from sqlmodel import Session, create_engine

from models import journal
from models.content import sha256_hex
from models.transaction import Transaction, begin
from rules.errors import Conflict
from settings import settings

_current: dict[str, str] = {}


def use_database(url: str | None) -> None:
    """Point `work()` at another database (the demo's, a test's); None returns to the settings."""
    _current.pop("url", None)
    if url:
        _current["url"] = url


def database_url() -> str:
    """The address `work()` uses now."""
    return _current.get("url") or settings().url


@lru_cache(maxsize=8)
def engine(url: str) -> Engine:
    """The engine of a database address, made once."""
    made = _sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _postgres(url)

    @event.listens_for(made, "begin")
    def _begin(connection: Any) -> None:
        begin(connection.connection.dbapi_connection, "IMMEDIATE")

    return made


def _postgres(url: str) -> Engine:
    # an error's text may reach a log: it must not carry the values that were bound
    made = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), hide_parameters=True)

    @event.listens_for(made, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.autocommit = True  # we say BEGIN ourselves: it is also what finds out that a connection is dead

    return made


def _sqlite(url: str) -> Engine:
    file = make_url(url).database
    if file and file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    made = create_engine(url, hide_parameters=True, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(made, "connect")
    def _prepare(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves: a writer must be one from its first statement
        # recursive triggers: a REPLACE deletes what it replaces, and the evidence tables refuse that too
        for pragma in (
            "recursive_triggers=ON",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "cache_size=-32000",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("sha256_hex", 1, sha256_hex, deterministic=True)

    return made


@contextmanager
def work(url: str | None = None) -> Iterator[Session]:
    """A session whose changes all happen or none do; the journal is chained just before the commit.

    Raises:
        Conflict: somebody else changed the same thing at the same moment; nothing was written.
    """
    made = Transaction(engine(url or database_url()), "IMMEDIATE")
    session = cast(Session, made)
    try:
        yield session
        made.write()
        with made.together():
            journal.seal(session)
            made.raw.commit()
    except BaseException as trouble:
        made.undo()
        if _is_collision(trouble):
            raise Conflict(
                "Somebody else changed the same record at the same moment; nothing was written. Try again."
            ) from trouble
        raise
    finally:
        made.end()


def _is_collision(trouble: BaseException) -> bool:
    # the same refusal comes plain from the bare driver, or wrapped by SQLAlchemy
    said = getattr(trouble, "orig", trouble)
    words = str(said).lower()
    if isinstance(said, sqlite3.IntegrityError | psycopg.errors.UniqueViolation):
        return "unique" in words
    if isinstance(said, sqlite3.OperationalError | psycopg.OperationalError):
        return any(sign in words for sign in ("database is locked", "deadlock", "could not serialize"))
    return False


@contextmanager
def rehearsal(url: str | None = None) -> Iterator[Session]:
    """A session that may try anything and leaves nothing behind: to see whether a piece of work would do something."""
    made = Transaction(engine(url or database_url()), "IMMEDIATE")
    try:
        yield cast(Session, made)
    finally:
        made.undo()
        made.end()


@contextmanager
def reading(url: str | None = None) -> Iterator[Session]:
    """A session that only reads; it never waits for a writer and leaves nothing behind."""
    made = Transaction(engine(url or database_url()), "DEFERRED")
    try:
        yield cast(Session, made)
    finally:
        made.undo()
        made.end()
