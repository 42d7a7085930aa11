"""What begins when an evaluation is completed: by the Commission's decision, or by its approval (X-Q5, M-Q17)."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from services.ground import Ground, Known
from services.terms import begin, ensure_terms


def completing_event(ground: Ground) -> str:
    """The event that completes an evaluation of this kind, under the body's reading where the act leaves it open."""
    event = ground.law.decision("completion", ground.evaluation.completed_by)
    return event if event in ground.evaluation.path else ground.evaluation.completed_by


def completed(session: Session, cycle: Known, ground: Ground, event: str, now: datetime) -> None:
    """After an event that completes the evaluation the terms of its day begin; the event itself sets `completed_at`."""
    if completing_event(ground) != event:
        return
    day = [ground.day_of(now)]
    ensure_terms(session, cycle, "evaluation_completed", day)
    if event in ("decided", "approved"):  # the decision is issued with it: the ten days of the appeal run
        ensure_terms(session, cycle, "commission_decision_issued", day)
    begin(session, cycle, "appeal", day)
