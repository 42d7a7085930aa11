"""Three years of keeping, and what happens after (pt 12)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.base import as_day, instant, stamp
from models.sql import execute
from rules.errors import NotNow
from rules.terms import end_of_day
from services.door import move, move_one
from services.familiarisation import case
from services.ground import Known, ground_of, known_cycle
from services.officials import must_be_in_charge
from services.terms import role_term

#: what is destroyed when the term of keeping is over: the sheets, whatever their form
DOCUMENTS = ("mark", "sheet_content", "sheet_return")


def kept_until(session: Session, assessment_id: int) -> tuple[str, str]:
    """(last day of keeping, the law behind it) of an evaluation (N-22).

    Raises:
        NotFound: there is no such assessment. NotNow: the evaluation is not completed, its three years have not begun.
    """
    term = _term(session, assessment_id)
    return str(term.due), str(term.reason)


def _term(session: Session, assessment_id: int) -> Any:
    row = case(session, assessment_id)
    ground = ground_of(session, known_cycle(session, row.cycle_id))
    if row.completed_at is None:
        source = ground.cite("deadline:retention")
        raise NotNow(f"Assessment {assessment_id} is not completed; the term of keeping has not begun{source}.")
    return role_term(session, known_cycle(session, row.cycle_id), "retention", ground.day_of(instant(row.completed_at)))


def dispose(session: Session, assessment_id: int, now: datetime, actor: str) -> None:
    """Destroy the sheet of an evaluation whose three years are over (N-22).

    Raises:
        NotFound: there is no such assessment. NotNow: the term of keeping is not over, or the evaluation is not closed.
    """
    term = _term(session, assessment_id)
    if now < instant(term.due_at):
        raise NotNow(f"The documents of assessment {assessment_id} are kept until {term.due}: {term.reason}.")
    # without the salt nobody can guess the marks from the digest that stays
    move_one(session, "disposed", assessment_id, now, actor, sets={"salt": None}, reason=f"kept until {term.due}")
    for table in DOCUMENTS:
        execute(session, f"DELETE FROM {table} WHERE assessment_id = :i", {"i": assessment_id})


def dispose_due(session: Session, cycle: Known, now: datetime, actor: str) -> int:
    """Destroy every sheet of a closed cycle whose term of keeping is over; return how many (N-22).

    Raises:
        NotAllowed: the person neither has HR duties nor the right of appointment.
    """
    must_be_in_charge(session, cycle, actor, now, "destroy documents", "deadline:retention")
    terms = execute(
        session, "SELECT anchor_date FROM term WHERE cycle_id = :c AND deadline_id = :d AND due_at <= :n",
        {"c": cycle.id, "n": stamp(now), "d": ground_of(session, cycle).deadline_id("retention")},
    )  # fmt: skip
    done = 0
    for day in [as_day(row[0]) for row in terms]:
        zone = cycle.time_zone
        span = {"first": stamp(end_of_day(day - timedelta(days=1), zone)), "last": stamp(end_of_day(day, zone))}
        chosen = "completed_at >= :first AND completed_at < :last"
        moved = move(
            session, "disposed", cycle.id or 0, now, actor, where=chosen, sets="salt = NULL", params=span,
            reason="three years are over",
        )  # fmt: skip
        if moved:
            for table in DOCUMENTS:
                execute(
                    session,
                    f"DELETE FROM {table} WHERE assessment_id IN (SELECT id FROM assessment WHERE cycle_id = :c"
                    f" AND stage = 'disposed' AND {chosen})",
                    {"c": cycle.id, **span},
                )
        done += moved
    return done
