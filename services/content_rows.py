"""The content of evaluations row by row, as an auditor reads it: people by personnel number (N-23)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Boolean
from sqlmodel import Session, SQLModel

from models.content import Kind
from models.sql import execute

_PEOPLE = "SELECT 'person/' || id AS actor, personnel_no FROM person ORDER BY id"


def numbers_of(session: Session) -> dict[str, str]:
    """Personnel numbers by the names of actors in the journal: "person/17" -> "100002"."""
    return {row[0]: row[1] for row in execute(session, _PEOPLE)}


def held(session: Session, cycle_id: int | None, kind: Kind, assessment_id: int | None = None) -> Iterator[Any]:
    """(assessment, personnel number, salt, then the values as they are hashed) of the rows of a kind, in their order.

    Args:
        assessment_id: of this evaluation alone; None: of all the cycle's.
    """
    query = _select(kind, "" if assessment_id is None else " AND a.id = :a")
    return iter(execute(session, query, {"c": cycle_id, "a": assessment_id}))


def _select(kind: Kind, only: str) -> str:
    if not kind.source:
        columns = ", ".join((*kind.plain, *kind.free)).replace("{of}", "a")
        return (
            f"SELECT a.id, p.personnel_no, a.salt, {columns} FROM assessment a JOIN person p ON p.id = a.person_id"
            f" WHERE a.cycle_id = :c{only} ORDER BY a.id"
        )
    tables, _, link = kind.source.partition(" WHERE ")
    values = [f"{column} AS c{place}" for place, column in enumerate((*kind.plain, *kind.free))]
    order = [f"{column} AS o{place}" for place, column in enumerate(kind.order.split(", "))]
    inner = f"SELECT {', '.join((link.removesuffix(' = {of}.id') + ' AS owner', *values, *order))} FROM {tables}"
    return (
        f"SELECT a.id, p.personnel_no, a.salt, {', '.join(f't.c{n}' for n in range(len(values)))} FROM ({inner}) t"
        f" JOIN assessment a ON a.id = t.owner JOIN person p ON p.id = a.person_id WHERE a.cycle_id = :c{only}"
        f" ORDER BY a.id, {', '.join(f't.o{n}' for n in range(len(order)))}"
    )


class Readable:
    """The columns of a kind for a reader: their bare names, and which of them name a person."""

    def __init__(self, kind: Kind, numbers: dict[str, str]) -> None:
        names = [bare(column) for column in (*kind.plain, *kind.free)]
        self._people = {place for place, name in enumerate(names) if _is_person(kind.name, name)}
        self._flags = {place for place, name in enumerate(names) if _is_flag(kind.name, name)}
        self._numbers = numbers
        self.names = [n.removesuffix("_id") if place in self._people else n for place, n in enumerate(names)]

    def row(self, values: Any) -> list[Any]:
        """The values with personnel numbers in the place of ids, and yes or no in the place of 1 or 0."""
        return [self._said(place, one) for place, one in enumerate(values)]

    def _said(self, place: int, value: Any) -> Any:
        if place in self._people:
            return self._numbers.get(f"person/{value}")
        return bool(value) if place in self._flags else value


def bare(column: str) -> str:
    """The bare name of a column: "CAST({of}.dismissed AS INTEGER)" is "dismissed"."""
    bare = re.match(r"\(SELECT p\.(\w+)", column) or re.match(r"(?:CAST\()?(?:\{of\}\.|\w+\.)?(\w+)", column)
    return bare[1] if bare else column


def _is_flag(table: str, column: str) -> bool:
    found = SQLModel.metadata.tables[table].columns.get(column)
    return found is not None and isinstance(found.type, Boolean)


def _is_person(table: str, column: str) -> bool:
    found = SQLModel.metadata.tables[table].columns.get(column)
    return found is not None and any(key.target_fullname == "person.id" for key in found.foreign_keys)
