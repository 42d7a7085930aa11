"""Our own SQL, said once with :names, run on the bare driver of the session's own transaction.

An event of one person is a handful of tiny statements; through the full machinery each costs more than its work.
Values are always bound. Whoever needs objects uses the session; whoever moves sets or single cases uses this.
"""

from __future__ import annotations

import re
import sqlite3
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

from sqlmodel import Session

from models.transaction import Transaction

# the driver's own adapter for days is deprecated; this one says the same
sqlite3.register_adapter(date, date.isoformat)
sqlite3.register_adapter(Decimal, str)

_NAME = re.compile(r"(?<![:\w]):([a-zA-Z_]\w*)")


class Rows:
    """What a statement gave: `rowcount`, or rows whose columns can be read by name."""

    __slots__ = ("_cursor",)

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        """How many rows the statement changed."""
        return int(self._cursor.rowcount)

    def keys(self) -> Sequence[str]:
        """The names of the columns."""
        return tuple(column[0] for column in self._cursor.description)

    def __iter__(self) -> Iterator[Any]:
        return map(_shape(self.keys())._make, self._cursor)

    def all(self) -> list[Any]:
        """Every row."""
        return list(self)

    def one_or_none(self) -> Any:
        """The only row, or None.

        Raises:
            LookupError: there are several.
        """
        found = self._only()
        return None if found is None else _shape(self.keys())._make(found)

    def one(self) -> Any:
        """The only row.

        Raises:
            LookupError: there is none, or several.
        """
        found = self.one_or_none()
        if found is None:
            raise LookupError("no row where one was expected")
        return found

    def scalar_one(self) -> Any:
        """The first column of the only row; refusals as `one`."""
        found = self._only()
        if found is None:
            raise LookupError("no row where one was expected")
        return found[0]

    def scalar_one_or_none(self) -> Any:
        """The first column of the only row, or None."""
        found = self._only()
        return None if found is None else found[0]

    def _only(self) -> Any:
        found = self._cursor.fetchmany(2)
        if len(found) > 1:
            raise LookupError("more than one row where one was expected")
        return found[0] if found else None

    def scalars(self) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self._cursor]


def execute(session: Session, sql: str, params: Mapping[str, Any] | None = None) -> Rows:
    """Run one statement inside the session's transaction; what the session holds unwritten is not written first.

    The driver's own errors come out as they are; `work()` turns a collision into Conflict.
    """
    ours = cast(Transaction, session)
    return Rows(ours.raw.execute(_percent(sql) if ours.postgres else sql, params or {}))


def is_postgres(session: Session) -> bool:
    """Does this session speak to PostgreSQL?"""
    return cast(Transaction, session).postgres


@lru_cache(maxsize=512)
def _percent(sql: str) -> str:
    return _NAME.sub(r"%(\1)s", sql.replace("%", "%%"))


@lru_cache(maxsize=512)
def _shape(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)
