"""Rows in bulk: COPY on PostgreSQL, executemany on SQLite; never an object per row.

Values go in as they are kept: instants as `models.base.stamp` text, days as date objects or ISO text,
decimals as text (or Decimal), truth as bool. Table and column names are our own words, never a person's.
Rows may come from a generator: they are read once and never held all together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any, cast

from sqlmodel import Session

from models.sql import is_postgres
from models.transaction import Transaction

Rows = Iterable[Sequence[Any]]
#: beginning and ending a COPY costs more than so many rows in one INSERT
FEW = 16


def insert_rows(session: Session, table: str, columns: Sequence[str], rows: Rows) -> int:
    """Insert rows, values in the order of `columns`; return how many.

    Raises:
        the driver's IntegrityError: a constraint refused a row; `work()` turns a collision into Conflict.
    """
    if is_postgres(session):
        return _insert_or_copy(session, table, columns, rows)
    marks = ", ".join("?" * len(columns))
    return _many(session, f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def update_rows(session: Session, table: str, key: Sequence[str], columns: Sequence[str], rows: Rows) -> int:
    """Set `columns` where `key` matches; a row is the key's values, then the columns'. How many matched.

    Raises:
        the driver's IntegrityError: a constraint refused a row.
    """
    if is_postgres(session):
        return _copy_and_update(session, table, key, columns, rows)
    sets = ", ".join(f"{column} = ?{len(key) + place}" for place, column in enumerate(columns, 1))
    holds = " AND ".join(f"{column} = ?{place}" for place, column in enumerate(key, 1))
    return _many(session, f"UPDATE {table} SET {sets} WHERE {holds}", rows)


def delete_rows(session: Session, table: str, key: Sequence[str], rows: Rows) -> int:
    """Delete where `key` matches; each row holds the key's values. Return how many went.

    Raises:
        the driver's IntegrityError: something still points at a row.
    """
    if is_postgres(session):
        with _gathered(session, table, key, rows) as (given, match):
            return _run(session, f"DELETE FROM {table} t USING {given} g WHERE {match}")
    holds = " AND ".join(f"{column} = ?{place}" for place, column in enumerate(key, 1))
    return _many(session, f"DELETE FROM {table} WHERE {holds}", rows)


def _run(session: Session, statement: str) -> int:
    return int(_raw(session).execute(statement).rowcount)


def _raw(session: Session) -> Any:
    return cast(Transaction, session).raw


def _many(session: Session, statement: str, rows: Rows) -> int:
    return int(_raw(session).executemany(statement, rows).rowcount)


def _insert_or_copy(session: Session, table: str, columns: Sequence[str], rows: Rows) -> int:
    source = iter(rows)
    first = list(islice(source, FEW + 1))
    if len(first) > FEW:
        return _copy(session, table, columns, chain(first, source))
    if not first:
        return 0
    marks = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * len(first))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES {marks}"
    return int(_raw(session).execute(statement, list(chain.from_iterable(first))).rowcount)


def _copy(session: Session, table: str, columns: Sequence[str], rows: Rows) -> int:
    done = 0
    with (
        _raw(session).cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
            done += 1
    return done


def _copy_and_update(session: Session, table: str, key: Sequence[str], columns: Sequence[str], rows: Rows) -> int:
    with _gathered(session, table, (*key, *columns), rows, key) as (given, match):
        sets = ", ".join(f"{column} = g.{column}" for column in columns)
        return _run(session, f"UPDATE {table} t SET {sets} FROM {given} g WHERE {match}")


@contextmanager
def _gathered(
    session: Session, table: str, columns: Sequence[str], rows: Rows, key: Sequence[str] = ()
) -> Iterator[tuple[str, str]]:
    """The rows in a passing table, its name and the condition that pairs it with `table t`."""
    given = f"given_{table}"
    _run(session, f"CREATE TEMP TABLE {given} AS SELECT {', '.join(columns)} FROM {table} WHERE false")
    _copy(session, given, columns, rows)
    yield given, " AND ".join(f"t.{column} = g.{column}" for column in key or columns)
    _run(session, f"DROP TABLE {given}")
