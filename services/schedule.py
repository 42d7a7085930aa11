"""The schedule of a cycle before its approval: which days the act leaves to it, and until when it is wanted."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from models import Cycle
from models.base import as_day
from models.journal import record
from rules.errors import Incomplete, NotAllowed, NotFound, RuleError
from rules.stages import target
from rules.terms import due
from services.commission import composition, office
from services.content import keep
from services.facts import person_id
from services.ground import Ground, find_cycle, ground_of
from services.officials import must_be_in_charge
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


def set_schedule(
    session: Session,
    key: str,
    starts_on: date,
    ends_on: date | None,
    now: datetime,
    actor: str,
    agreed_with: str = "",
) -> None:
    """Set the days of the evaluation in a draft schedule (N-25), in agreement with the chair of the Commission (M-45, J-21).

    Args:
        agreed_with: personnel number of the chair; the journal keeps it.

    Raises:
        NotNow: the schedule is approved already. RuleError: the last day lies before the first.
        NotAllowed: neither HR nor the appointing official sets them; the act has no Commission, or the chair is another.
    """
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    must_be_in_charge(session, cycle, actor, now, "set the days of the schedule", "schedule_approved")
    target("schedule_approved", cycle.stage, ground.walk.cycle_steps)
    if ends_on is not None and ends_on < starts_on:
        raise RuleError(f"The evaluation of {key} cannot end on {ends_on}, before it starts on {starts_on}.")
    cycle.starts_on, cycle.ends_on = starts_on, ends_on
    days = f"{starts_on} to {ends_on}" if ends_on else f"from {starts_on}"
    if agreed_with:
        must_chair(session, cycle, ground, agreed_with, ground.day_of(now))
        days += f"; agreed with the chair of the Commission, {agreed_with}"
    record(
        session,
        "schedule_set",
        now,
        actor,
        cycle_id=cycle.id,
        rules=ground.step("schedule_approved").rules,
        reason=days,
    )
    session.flush()
    keep(session, cycle.id or 0, cycle="id")


def must_chair(session: Session, cycle: Cycle, ground: Ground, number: str, on: date) -> None:
    """Refuse an agreement with somebody who is not the chair of the Commission (M-45, J-21).

    Before the Commission is composed any servant of the body may be named: the chair-to-be.

    Raises:
        NotAllowed: the act has no Commission, or another person chairs it.
    """
    panel = ground.law.panels.get(ground.evaluation.panel or "")
    if panel is None or panel.get("kind") != "commission":
        raise NotAllowed(f"{ground.law.act} has no Commission for this evaluation; leave out with whom it was agreed.")
    person = person_id(session, number)
    try:
        chair = office(composition(session, cycle, on)[1])
    except NotFound:  # no order has created it yet
        chair = None
    if chair is not None and chair != person:
        raise NotAllowed(
            f"{number} does not chair the Commission on {on}{ground.cite('schedule_approved')}; name its chair."
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
