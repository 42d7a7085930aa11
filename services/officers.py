"""Which officers may say what became of a notice: those of its own body, and whom an order made HR of its cycle."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from sqlmodel import Session

from models.sql import execute
from rules.errors import MissingSetting, NotAllowed, NotFound
from services.facts import personnel_no
from services.ground import ground_of, known_cycle
from services.officials import hr_on
from services.servants import bodies_of


def is_of_the_body(session: Session, cycle_id: int, person: int, on: date) -> bool:
    """Does the person serve in the body of this cycle, or is HR of it? Where its file names no body, everybody does."""
    cycle = known_cycle(session, cycle_id)
    bodies = None
    with suppress(MissingSetting, NotFound):  # another body came later; evidence of an open cycle must still be kept
        bodies = bodies_of(session, ground_of(session, cycle))
    if bodies is None or person in hr_on(session, cycle, on):
        return True
    query = (
        "SELECT 1 FROM appointment a JOIN post p ON p.id = a.post_id JOIN unit u ON u.id = p.unit_id WHERE a.person_id = :p"
        f" AND (a.ended_on IS NULL OR a.ended_on >= :d) AND u.body_id IN ({', '.join(map(str, bodies))}) LIMIT 1"
    )
    return execute(session, query, {"p": person, "d": on}).one_or_none() is not None


def must_be_of_the_body(session: Session, cycle_id: int, person: int, on: date, whereto: str) -> None:
    """Refuse an officer of another body.

    Raises:
        NotAllowed: the person serves elsewhere.
    """
    if not is_of_the_body(session, cycle_id, person, on):
        raise NotAllowed(
            f"{personnel_no(session, person)} serves in another body and cannot {whereto} about a notice of"
            f" {known_cycle(session, cycle_id).organisation}; an officer of that body must."
        )
