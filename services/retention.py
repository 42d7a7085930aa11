"""Three years of keeping, and what happens after (pt 12)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.base import instant
from models.sql import execute
from rules.errors import NotNow
from services.door import move_one
from services.familiarisation import case
from services.ground import ground_of, known_cycle
from services.terms import term_for


def kept_until(session: Session, assessment_id: int) -> tuple[str, str]:
    """(last day of keeping, the law behind it) of an evaluation (N-22).

    Raises:
        NotFound: there is no such assessment. NotNow: the evaluation is not completed, its three years have not begun.
    """
    term = _term(session, assessment_id)
    return str(term.due), str(term.reason)


def _term(session: Session, assessment_id: int) -> Any:
    row = case(session, assessment_id)
    if row.completed_at is None:
        raise NotNow(f"Assessment {assessment_id} is not completed; its three years have not begun (N-22, pt 12).")
    ground = ground_of(session, known_cycle(session, row.cycle_id))
    return term_for(session, row.cycle_id, "retention", ground.day_of(instant(row.completed_at)))


def dispose(session: Session, assessment_id: int, now: datetime, actor: str) -> None:
    """Destroy the sheet of an evaluation whose three years are over (N-22).

    Raises:
        NotFound: there is no such assessment. NotNow: the term of keeping is not over, or the evaluation is not closed.
    """
    term = _term(session, assessment_id)
    if now < instant(term.due_at):
        raise NotNow(f"The documents of assessment {assessment_id} are kept until {term.due}: {term.reason}.")
    move_one(session, "disposed", assessment_id, now, actor, reason=f"kept until {term.due}")
    execute(session, "DELETE FROM mark WHERE assessment_id = :i", {"i": assessment_id})
