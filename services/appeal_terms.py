"""When the report to the authorised body is due: from the body's own decision after an appeal (J-56, J-Q23)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlmodel import Session

from models.sql import execute
from services.ground import Ground, Known
from services.terms import begin

#: appeals on which a revision was recommended and of whose end nobody has told the authorised body; `p` is the appeal
UNREPORTED_SQL = (
    "appeal p JOIN appeal_outcome o ON o.appeal_id = p.id AND o.outcome = 'revision_recommended'"
    " LEFT JOIN appeal_report t ON t.appeal_id = p.id WHERE t.appeal_id IS NULL"
)


def begin_reports(session: Session, cycle: Known, ground: Ground, sitting: int, days: Iterable[date]) -> None:
    """Begin the term of the report where a sitting decided on a result after an appeal."""
    if ground.deadline_id("report") is None:
        return
    asked = (
        f"SELECT 1 FROM {UNREPORTED_SQL} AND p.assessment_id IN (SELECT assessment_id FROM commission_decision"
        " WHERE sitting_id = :s) LIMIT 1"
    )
    if execute(session, asked, {"s": sitting}).one_or_none() is not None:
        begin(session, cycle, "report", days)
