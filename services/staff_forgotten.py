"""Appointments the database knows and the file leaves out: a date corrected, or a post nobody ended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlmodel import Session, SQLModel

from models.bulk import update_rows
from services.findings import Findings
from services.staff_structure import Structure
from services.staff_sync import Wanted, given_ids


class Held(NamedTuple):
    """An appointment as the database knows it."""

    person: int
    started_on: date
    post: int
    ended_on: date | None
    id: int

    def overlaps(self, start: date, end: date | None) -> bool:
        """Does it share a day with the days from start to end (None: open)?"""
        return (self.ended_on is None or start <= self.ended_on) and (end is None or self.started_on <= end)


def settle(
    session: Session, whole: Structure, people: Mapping[Any, int], wanted: Wanted, findings: Findings
) -> set[int]:
    """Move the first day of a forgotten appointment to where the file puts the same post; return whose moved.

    A past appointment that disturbs nothing stays as it is.

    Raises:
        BadFile: a forgotten appointment still runs beside what the file says.
    """
    known = _known(session)
    forgotten = [held for held in known if held[:2] not in wanted]
    if not forgotten:
        return set()
    there, said = {held[:2] for held in known}, _said_of({held.person for held in forgotten}, wanted)
    numbers = {people[number]: number for number in whole.people}
    moves = []
    for held in forgotten:
        others = [(start, values) for start, values in said.get(held.person, ()) if held.overlaps(start, values[3])]
        same_post = [start for start, values in others if values[0] == held.post and (held.person, start) not in there]
        if len(others) == 1 and same_post:
            moves.append((held, same_post[0]))
        elif others:
            _note(whole, numbers[held.person], held, findings)
    findings.refuse()
    if moves:
        update_rows(session, "appointment", ("id",), ("started_on",), [(held.id, start) for held, start in moves])
    return {held.person for held, _ in moves}


def _known(session: Session) -> list[Held]:
    table = SQLModel.metadata.tables["appointment"]
    query = select(table.c.person_id, table.c.started_on, table.c.post_id, table.c.ended_on, table.c.id)
    rows = session.connection().execute(query.where(table.c.person_id.in_(given_ids())))
    return [Held(*row) for row in rows]


def _said_of(people: set[int], wanted: Wanted) -> dict[int, list[tuple[date, tuple[Any, ...]]]]:
    said: dict[int, list[tuple[date, tuple[Any, ...]]]] = {}
    for (person, start), values in wanted.items():
        if person in people:
            said.setdefault(person, []).append((start, values))
    return said


def _note(whole: Structure, number: str, held: Held, findings: Findings) -> None:
    until = f"to {held.ended_on}" if held.ended_on else "without an end"
    findings.add(
        whole.current(number).row,
        "appointed_on",
        f"'{number}' is known to hold another post from {held.started_on} {until}, which this file leaves out: "
        "add a row for it with its ended_on",
    )
