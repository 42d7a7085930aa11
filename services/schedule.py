"""The schedule of a cycle before its approval: which days the act leaves to it, and until when it is wanted."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from models import Cycle
from models.base import as_day
from rules.errors import Incomplete, RuleError
from rules.terms import due
from services.ground import Ground
from services.terms import role_term


def unsaid(session: Session, cycle: Cycle, ground: Ground) -> str:
    """Which day the schedule must still say, and why; "" where it says all the act leaves to it (N-25, M-45, J-21)."""
    last = role_term(session, cycle, "evaluation")
    if last is None and cycle.ends_on is None:
        return "the act gives no last day of the evaluation"
    early = last is not None and as_day(last.due) <= ground.period.last_day
    if cycle.starts_on is None and (early or ground.announced):
        why = "is due before its period ends" if early else "is announced before it starts"
        return f"the evaluation {why}, so the schedule must say its first day"
    return ""


def check(session: Session, cycle: Cycle, ground: Ground) -> None:
    """A schedule says the days the act leaves to it.

    Raises:
        Incomplete: a day is missing. RuleError: the schedule ends after the last day of the act.
    """
    why = unsaid(session, cycle, ground)
    if why:
        raise Incomplete(f"{ground.law.act}, {ground.evaluation.point}: {why}; {how(cycle)}.")
    last, end = role_term(session, cycle, "evaluation"), cycle.ends_on or cycle.starts_on
    if last is not None and end is not None and end > as_day(last.due):
        raise RuleError(
            f"The schedule of {cycle.key} ends on {end}, after the last day of the act, {last.due} ({last.reason})."
        )


def how(cycle: Cycle) -> str:
    """The command that sets the days."""
    return f"set it with `bagalau cycle schedule {cycle.key} --starts DAY --ends DAY`"


def wanted_by(session: Session, cycle: Cycle, ground: Ground) -> date | None:
    """The last day on which an approval still leaves the terms of the act: that of the announcement, else the last of all.

    None where neither the act nor the schedule says a day.
    """
    if ground.announced and cycle.starts_on is not None:
        rule = ground.law.deadlines[ground.deadline_id("notice") or ""]
        return due(ground.law, rule, ground.calendar, ground.period, {"evaluation_start": cycle.starts_on}).due
    last = role_term(session, cycle, "evaluation")
    return cycle.ends_on if last is None else as_day(last.due)
