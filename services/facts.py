"""Small look-ups several services share: sanctions, channels, people by number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from models.base import as_day
from models.sql import execute
from rules.errors import NotAllowed, NotFound
from rules.ladder import RECORDED, TOLD_BY, channels_of, ordered
from rules.scoring import Sanction
from services.ground import Ground


def sanctions_of(session: Session, people: Iterable[int] | None) -> dict[int, tuple[Sanction, ...]]:
    """Sanctions by person; of everybody when `people` is None."""
    # the numbers are our own whole numbers; a list of them is bound nowhere, so it is written out
    only = "" if people is None else f" WHERE person_id IN ({', '.join(str(int(one)) for one in people)})"
    rows = execute(session, f"SELECT person_id, kind, applied_on FROM sanction{only} ORDER BY person_id, applied_on")
    held: dict[int, list[Sanction]] = defaultdict(list)
    for person, kind, day in rows:
        held[person].append(Sanction(kind, as_day(day)))
    return {person: tuple(kinds) for person, kinds in held.items()}


def channels_for(ground: Ground, kind: str, dismissed: bool = False, status: str = "dismissed") -> tuple[str, ...]:
    """The channels for a kind of notice that this body may use; for the dismissed those of the act, in its order (N-19).

    First what knocks at the door; for what must be proved the recorded means follow. What has no wording for a recorded
    means goes to the dismissed like to everybody. Where the act names no means for a status (the dismissed, the absent)
    every recorded one is lawful. A body may give a kind an order of its own (`ladders`), for those who serve.

    Raises:
        NotFound: none is left.
    """
    recorded, mine = ground.law.channels.get(status, RECORDED), channels_of(kind)
    lawful = recorded if kind == "result_served" else (*recorded, *TOLD_BY) if dismissed else (*TOLD_BY, *recorded)
    body = ground.organisation
    usable = tuple(one for one in dict.fromkeys(lawful) if one in mine and one in body.channels)
    if not usable:
        raise NotFound(f"{body.key}: the organisation file allows no channel for '{kind}'.")
    # who left has neither the portal nor the application any more: an order made for those who serve is not theirs
    return ordered(usable, () if dismissed and kind != "result_served" else body.ladders.get(kind, ()))


def person_id(session: Session, personnel_no: str) -> int:
    """The person with this personnel number.

    Raises:
        NotFound: nobody has it.
    """
    found = execute(
        session, ("SELECT id FROM person WHERE personnel_no = :n"), {"n": personnel_no}
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(f"Nobody has the personnel number '{personnel_no}'; see `bagalau people list`.")
    return int(found)


def assessment_id(session: Session, cycle_id: int, personnel_no: str) -> int:
    """The assessment of a person in a cycle.

    Raises:
        NotFound: the person is not part of the cycle.
    """
    found = execute(
        session,
        (
            "SELECT a.id FROM assessment a JOIN person p ON p.id = a.person_id"
            " WHERE a.cycle_id = :c AND p.personnel_no = :n"
        ),
        {"c": cycle_id, "n": personnel_no},
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(f"The person with the number '{personnel_no}' is not part of this cycle.")
    return int(found)


def serves(session: Session, person: int, on: date) -> bool:
    """Does the person hold a post of the body on this day or later?"""
    query = "SELECT 1 FROM appointment WHERE person_id = :p AND (ended_on IS NULL OR ended_on >= :d) LIMIT 1"
    return execute(session, query, {"p": person, "d": on}).one_or_none() is not None


def must_serve(session: Session, person: int, on: date, whereto: str) -> None:
    """Refuse somebody whose last appointment ended before this day, or who never had one.

    Raises:
        NotAllowed: the person does not serve in the body then.
    """
    if not serves(session, person, on):
        raise NotAllowed(
            f"{personnel_no(session, person)} does not serve in the body on {on} and cannot {whereto}; name another."
        )


def assessments(session: Session, cycle_id: int) -> dict[str, int]:
    """Every assessment of a cycle by personnel number, in one query."""
    rows = execute(
        session,
        ("SELECT p.personnel_no, a.id FROM assessment a JOIN person p ON p.id = a.person_id WHERE a.cycle_id = :c"),
        {"c": cycle_id},
    )
    return {row[0]: row[1] for row in rows}


def personnel_no(session: Session, person: int) -> str:
    """The personnel number of a person."""
    return str(execute(session, "SELECT personnel_no FROM person WHERE id = :i", {"i": person}).scalar_one())
