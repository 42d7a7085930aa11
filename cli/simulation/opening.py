"""Opening the cycles: which evaluations of which periods are lived, on which days, and the schedule's approval."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import methodologies
from cli.demonstration.scene import actor
from cli.simulation.script import Lived, Script
from cli.simulation.world import Run, World
from methodologies import Act
from models.work import reading, work
from rules.calendar import WorkCalendar
from rules.errors import NotInForce, RuleError
from rules.evaluation import Evaluation
from rules.law import Law
from rules.organisation import Organisation
from rules.period import Period
from rules.terms import due
from services import cycle as cycles
from services.ground import Ground, Known, find_cycle, ground_of, known_cycle

#: working days an evaluation takes that ends with a decision of a Commission, and any other one
_WITH_COMMISSION, _USUAL = 10, 15


def lived(act: Act, body: Organisation, script: Script, period: Period) -> list[Lived]:
    """The cycles of a period in the order in which they begin; the story's own, or every evaluation the act has.

    Raises:
        NotInForce: no wording of the act governs any of them.
    """
    if script.cycles:
        return list(script.cycles)
    found, why = [], ""
    for asked in dict.fromkeys((*period.quarters, period)):
        try:
            law = methodologies.law(act, asked, body)
        except NotInForce as refusal:
            why = str(refusal)
            continue
        found += [Lived(one.id, asked) for one in law.evaluations.values() if _fits(one, asked) and playable(one)]
    if not found:
        raise NotInForce(why or f"{act.id} evaluates no {period}.")
    return found


def _fits(one: Evaluation, period: Period) -> bool:
    return one.period == ("quarter" if period.quarter else "year")


def playable(one: Evaluation) -> bool:
    """Is there somebody who signs a sheet, or answers a survey?"""
    return "marked" in one.path or "computed" in one.path


def with_days(one: Lived, law: Law, calendar: WorkCalendar, plain: Evaluation) -> Lived:
    """The cycle with the days the story leaves out."""
    days = _Days(one, law, calendar, plain)
    return replace(
        one, opened=one.opened or days.opened(), starts=one.starts or days.starts(), ends=one.ends or days.ends()
    )


class _Days:
    """Sensible days for a cycle, from the act's own terms."""

    def __init__(self, one: Lived, law: Law, calendar: WorkCalendar, evaluation: Evaluation) -> None:
        self.one, self.law, self.calendar, self.evaluation = one, law, calendar, evaluation
        self.period = one.period

    def _term(self, role: str, **anchors: date) -> date | None:
        rule = self.law.deadlines.get(self.evaluation.deadline_id(role, self.period) or "")
        return due(self.law, rule, self.calendar, self.period, anchors).due if rule else None

    @property
    def announced(self) -> bool:
        """Are people told before it starts?"""
        rule = self.law.deadlines.get(self.evaluation.deadline_id("notice", self.period) or "")
        return rule is not None and rule.anchor == "evaluation_start"

    @property
    def last(self) -> date | None:
        """The last day the act gives."""
        return self._term("evaluation")

    @property
    def early(self) -> bool:
        """Does it end before its period does?"""
        return self.last is not None and self.last <= self.period.last_day

    def starts(self) -> date | None:
        """The first day, where the schedule must say it."""
        if self.early and self.last is not None:
            return self.calendar.before(self.last + timedelta(days=1), _WITH_COMMISSION)
        if not (self.announced or self.last is None):
            return None
        first = self.calendar.on_or_after(self.period.day_after)
        return first if self.last is not None else self.calendar.after(first, 5)

    def ends(self) -> date | None:
        """The last day, where the act gives none."""
        if self.last is not None:
            return None
        start = self.one.starts or self.starts() or self.period.day_after
        return self.calendar.after(start, 2 * _USUAL)

    def opened(self) -> date:
        """Early enough for the approval and the notices before the start."""
        start = self.one.starts or self.starts()
        told = self._term("notice", evaluation_start=start) if self.announced and start else None
        if told is not None:
            return self.calendar.before(told, 2)
        if start is not None and start <= self.period.last_day:
            return self.calendar.before(start, 3)
        return self.calendar.on_or_after(self.period.last_day - timedelta(days=2))


# --- acting ---------------------------------------------------------------------------------------------


def plan(world: World, one: Lived) -> None:
    """HR opens the cycle on its day, the official approves the schedule a working day later."""
    if one.opened is None:
        raise RuleError(f"The cycle of {one.evaluation}, {one.period} has no day on which it is opened.")
    clock = world.clock
    world.agenda.add(clock.at(clock.calendar.on_or_after(one.opened), 9, 30), lambda now: _open(world, one, now))


def _open(world: World, one: Lived, now: datetime) -> None:
    with work() as session:
        key = cycles.open_cycle(
            session, world.organisation, world.act_id, str(one.period), now, "operator/demonstration", one.evaluation,
            (one.starts, one.ends),
        )  # fmt: skip
    with reading() as session:
        cycle = find_cycle(session, key)
        number, first = cycle.id or 0, cycles.first_day(cycle, ground_of(session, cycle))
        run = _run(world, one, key, first, known_cycle(session, number))
    world.runs.append(run)
    world.diary.say(f"the cycle of {one.evaluation}, {one.period} is opened")
    world.agenda.add(world.clock.later(now, 1, 11), lambda at: _approve(world, run, at))


def _run(world: World, one: Lived, key: str, first: date, cycle: Known) -> Run:
    with reading() as session:
        ground = ground_of(session, cycle)
    calendar = world.clock.calendar
    rule = ground.law.deadlines.get(ground.deadline_id("evaluation") or "")
    last = due(ground.law, rule, ground.calendar, ground.period, {}).due if rule else None
    end = min(day for day in (last, one.ends, date.max) if day is not None)
    target = calendar.on_or_before(end)
    sits = list(one.sits)
    if ground.evaluation.panel and "submitted" in ground.evaluation.path:
        sits = sits or [_sitting(calendar, calendar.on_or_after(first), target)]
        target = _computed_by(ground, sits[0])
    return Run(one, key, cycle, ground, calendar.on_or_after(first), end, target, sits)


def _computed_by(ground: Ground, sits: date) -> date:
    """The day until which sheets are signed: early enough for the computing before the sitting, where the act has a term."""
    rule = ground.law.deadlines.get(ground.deadline_id("calculation") or "")
    if rule is None:
        return sits
    return due(ground.law, rule, ground.calendar, ground.period, {rule.anchor: sits}).due or sits


def _sitting(calendar: WorkCalendar, first: date, target: date) -> date:
    """The last day but one that leaves time for the approval, never before the third working day."""
    length = calendar.count(first, target)
    back = 1 if length <= _WITH_COMMISSION else 4
    return calendar.after(first, max(length - 1 - back, 2))


def _approve(world: World, run: Run, now: datetime) -> None:
    with work() as session:
        cycles.approve_schedule(session, run.key, now, actor(world.official(session, run, now)))
    world.diary.say(f"the schedule of {run.key} is approved")
