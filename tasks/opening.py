"""Opening what is due: cycles and rounds of plans, each in a piece of work of its own."""

from __future__ import annotations

from datetime import date, datetime

from methodologies import read_organisation
from models.work import reading, work
from services import cycle as cycles
from services import opening, plans
from services.opening import Opening
from settings import settings
from tasks.kinds import step

__all__ = ["Opening", "open_cycle", "open_plans", "what_is_due"]

ACTOR = "system/open-quarter"


@step("what-is-due")
def what_is_due(period: str | None, day: date) -> list[Opening]:
    """What is to stand opened on a day under the body's act; every evaluation of a period where one is asked for."""
    file = settings().organisation
    with reading() as session:
        return opening.of_period(session, file, period) if period else opening.due_on(session, file, day)


@step("open-{evaluation}-{period}")
def open_cycle(evaluation: str, period: str, now: datetime) -> str:
    """Open the cycle of an evaluation and a period under the body's act, or find it opened; return its key."""
    file = settings().organisation
    act = read_organisation(file).act
    with work() as session:
        return cycles.open_cycle(session, file, act, period, now, ACTOR, evaluation)


@step("open-plans-{plan}-{period}")
def open_plans(plan: str, period: str, now: datetime) -> str:
    """Open the individual plans of a period, or follow who was appointed since; return their key."""
    file = settings().organisation
    act = read_organisation(file).act
    with work() as session:
        return plans.open_round(session, file, act, plan, period, now, ACTOR)
