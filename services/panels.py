"""Who may sit in a session, and the notices everybody around it gets (pt 19)."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from models.sql import execute
from notifications.kinds import Said
from rules.panel import PanelRules
from services.familiarisation import case
from services.ground import Ground, Known, ground_of, known_cycle
from services.officials import hr_on
from services.telling import tell_one


def tell(
    session: Session,
    said: Said,
    cycle: Known,
    assessment_id: int,
    person: int,
    now: datetime,
    due_at: datetime | None = None,
    round: int = 0,
) -> None:
    """Tell one person of a step around a session; who was dismissed meanwhile is told by a registered channel."""
    gone = execute(session, _GONE, {"i": assessment_id, "p": person}).one_or_none() is not None
    tell_one(session, said, cycle, now, person, assessment_id, due_at=due_at, round=round, dismissed=gone)


_GONE = "SELECT 1 FROM assessment WHERE id = :i AND person_id = :p AND dismissed = true"


def barred(session: Session, assessment_id: int) -> dict[int, str]:
    """Who may not sit in this act's panel: the person who disagrees, who evaluated or marked (N-42, N-Q14, U-Q19)."""
    row = case(session, assessment_id)
    ground = ground_of(session, known_cycle(session, row.cycle_id))
    panel = ground.law.panels.get(ground.evaluation.panel or "")
    who = (panel.get("barred") or ()) if panel else ()
    found = {}
    if "evaluatee" in who:
        found[row.person_id] = "the person disagrees with the mark"
    if "evaluator" in who:
        found[row.marker_id] = "the person marked the sheet"
        found[row.evaluator_id] = "the person evaluated, or is responsible for the evaluation"
    return found


def eligible(session: Session, assessment_id: int, on: date) -> tuple[set[int], set[int]]:
    """(evaluators of the cycle who may sit, employees with HR duties that day) for a session on this assessment (N-43)."""
    row = case(session, assessment_id)
    evaluators = set(
        execute(
            session,
            (
                "SELECT DISTINCT marker_id FROM assessment WHERE cycle_id = :c AND marker_id IS NOT NULL"
                " UNION SELECT DISTINCT evaluator_id FROM assessment WHERE cycle_id = :c AND evaluator_id IS NOT NULL"
            ),
            {"c": row.cycle_id},
        ).scalars()
    )
    return evaluators - set(barred(session, assessment_id)), hr_on(session, known_cycle(session, row.cycle_id), on)


def panel_rules(ground: Ground) -> PanelRules:
    """What the act asks of the composition and the vote of this evaluation's panel (N-41, N-49, M-13, M-47)."""
    return PanelRules.of(ground.law, ground.evaluation.panel or "")
