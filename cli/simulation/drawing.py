"""Individual plans: a round is opened, plans are drawn up, approved or sent back, placed, monitored each quarter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cli.demonstration.scene import rows
from cli.simulation.script import Happening
from cli.simulation.world import World
from models.base import as_day
from models.work import reading, work
from rules.evaluation import Described
from rules.individual_plan import Item
from rules.law import Law
from rules.period import Period
from services import plan_steps, plan_watch, plans
from services.facts import person_id

_NAMES = (
    "Мерзімінде орындалған тапсырмалардың үлесі", "Қайтарылмаған жобалардың үлесі", "Халықтың қанағаттану деңгейі",
    "Оқудан өткен қызметшілердің саны", "Электрондық түрде көрсетілген қызметтердің үлесі",
)  # fmt: skip
_WORDS = "Жоспар мерзімінде орындалуда; келесі тоқсанда сапаға көңіл бөлінсін."
_PLANS = (
    "SELECT w.id, w.person_id, w.supervisor_id, w.approver_id, w.stage, w.due, w.place_by FROM work_plan w"
    " JOIN plan_round r ON r.id = w.round_id WHERE r.key = :k AND w.stage = :s ORDER BY w.id"
)
_MONTH = timedelta(days=31)


@dataclass(frozen=True)
class Round:
    """One round of plans that is lived."""

    key: str
    plan: Described
    period: Period
    law: Law


def plan(world: World, law: Law, name: str, period: Period, opened: date) -> None:
    """HR opens a round of plans on a day."""
    day = world.clock.calendar.on_or_after(opened)
    world.agenda.add(world.clock.at(day, 9, 20), lambda now: _open(world, law, name, period, now))


def _open(world: World, law: Law, name: str, period: Period, now: datetime) -> None:
    one = Round(_opened(world, name, period, now), law.plans[name], period, law)
    world.drawn.append(one)
    world.diary.say(f"the plans '{name}' of {period} are opened")
    if one.plan.get("monitoring"):
        for quarter in period.quarters:
            _plan_monitoring(world, one, quarter, now)


def _opened(world: World, name: str, period: Period, now: datetime) -> str:
    with work() as session:
        return plans.open_round(
            session, world.organisation, world.act_id, name, str(period), now, "operator/demonstration"
        )


def follow(world: World, now: datetime) -> None:
    """Newcomers of a new staff file get their plans."""
    for one in world.drawn:
        if world.clock.day_of(now) <= one.period.last_day:
            _opened(world, one.plan.id, one.period, now)


def each_morning(world: World, now: datetime) -> None:
    """Whatever waits for somebody is put on the day it is done."""
    for one in world.drawn:
        _waiting(world, one, "due", now, _plan_drawing)
        _waiting(world, one, "drawn", now, _plan_approval)
        _waiting(world, one, "returned", now, _plan_again)
        if (one.plan.get("deadlines") or {}).get("placed"):
            _waiting(world, one, "approved", now, _plan_placing)


def _waiting(world: World, one: Round, stage: str, now: datetime, act: Any) -> None:
    with reading() as session:
        found = rows(session, _PLANS, k=one.key, s=stage)
    for row in found:
        if row.supervisor_id is not None and world.first_time("plan", row.id, stage, _times(world, row.id, stage)):
            act(world, one, row, now)


def _times(world: World, plan_id: int, stage: str) -> int:
    """A plan that comes back to a stage waits there anew."""
    with reading() as session:
        return len(rows(session, "SELECT 1 FROM plan_event WHERE plan_id = :p AND to_stage = :s", p=plan_id, s=stage))


def _add(world: World, row: Any, day: date, act: Any) -> None:
    world.agenda.add(world.clock.at(day, 10 + row.id % 6, row.id * 7 % 60), act)


# --- drawn, approved, placed ----------------------------------------------------------------------------


def _plan_drawing(world: World, one: Round, row: Any, now: datetime) -> None:
    calendar, today = world.clock.calendar, world.clock.day_of(now)
    late = world.happens("plan_late", row.person_id)
    last = calendar.on_or_before(as_day(row.due)) if row.due else calendar.after(today, 8)
    if late:
        day = calendar.after(max(last, today), int(late.get("days")))
    else:
        days = max(calendar.count(today, last) - 1, 0)
        place = min(1 + int(world.dice("plan", row.id).betavariate(1.8, 1.6) * days), days)
        day = calendar.after(today, place) if place else today
    by = _drawer(one, row)
    day = world.present_from(by, max(day, today))
    _add(world, row, day, lambda at: _draw(world, one, row, by, at))


def _drawer(one: Round, row: Any) -> int:
    who = (one.plan.get("drawn_by") or ("direct_supervisor",))[0]
    return int(row.person_id if who in ("servant", "evaluatee") else row.supervisor_id)


def _draw(world: World, one: Round, row: Any, by: int, now: datetime) -> None:
    with work() as session:
        plan_steps.draw(session, one.key, row.person_id, items(world, one, row), by, now)
    world.diary.count("plans drawn up")


def items(world: World, one: Round, row: Any, more: str = "") -> list[Item]:
    """So many indicators as the act allows, enough of them measurable."""
    least = int(one.plan.get("items_min") or 1)
    most = int(one.plan.get("items_max") or max(least, 4))
    number = world.dice("items", row.id).randint(max(least, min(most, 3)), most)
    checks = tuple(one.plan.get("checks") or ())
    return [
        Item(f"{_NAMES[place % len(_NAMES)]}{more}", "%", str(80 + 5 * (place % 4)), "", place % 2 == 0, checks)
        for place in range(number)
    ]


def _plan_approval(world: World, one: Round, row: Any, now: datetime) -> None:
    returned = world.happens("plan_returned", row.person_id)
    later = world.clock.later
    approver = _approver(world, one, row)
    day = world.present_from(approver, world.clock.day_of(later(now, row.id % 2, 10)))
    if returned and world.first_time("plan returned", row.id):
        _add(world, row, day, lambda at: _return(world, one, row, approver, returned, at))
    else:
        _add(world, row, day, lambda at: _approve(world, one, row, approver, at))


def _approver(world: World, one: Round, row: Any) -> int:
    how = one.plan.get("approval") or "none"
    if how == "superior_supervisor":
        return int(row.approver_id or row.supervisor_id)
    if how == "hr":
        return _hr(world)
    return int(row.supervisor_id if _drawer(one, row) == row.person_id else row.person_id)


def _hr(world: World) -> int:
    officials: Mapping[str, str] = world.body.settings.get("officials") or {}
    with reading() as session:
        return person_id(session, str(officials.get("hr_officer") or officials.get("hr_deputy")))


def _approve(world: World, one: Round, row: Any, by: int, now: datetime) -> None:
    with work() as session:
        plan_steps.approve(session, one.key, row.person_id, by, now)
    world.diary.count("plans approved")
    for change in world.happening("plan_changed"):
        if change.who == world.numbers.get(row.person_id) and world.first_time("plan changed", row.id):
            moment = max(world.clock.at(change.get("day"), 11), world.clock.later(now, 1, 11))
            world.agenda.add(moment, lambda at, why=change: _change(world, one, row, why, at))  # type: ignore[misc]


def _return(world: World, one: Round, row: Any, by: int, why: Happening, now: datetime) -> None:
    with work() as session:
        plan_steps.give_back(session, one.key, row.person_id, world.said(why.get("words"), row.person_id), by, now)
    world.diary.say("a plan is sent back for correction")


def _plan_again(world: World, one: Round, row: Any, now: datetime) -> None:
    day = world.clock.day_of(world.clock.later(now, 0 if world.clock.at(world.clock.day_of(now), 10) > now else 1, 10))
    by = _drawer(one, row)
    _add(world, row, day, lambda at: _draw(world, one, row, by, at))


def _change(world: World, one: Round, row: Any, why: Happening, now: datetime) -> None:
    with work() as session:
        plan_steps.change(
            session, one.key, row.person_id, str(why.get("reason")), items(world, one, row, " (өзгертілген)"),
            _drawer(one, row), now,
        )  # fmt: skip
    world.diary.say("a plan in force is changed")


def _plan_placing(world: World, one: Round, row: Any, now: datetime) -> None:
    day = world.clock.day_of(world.clock.later(now, 1, 10))
    _add(world, row, day, lambda at: _place(world, one, row, at))


def _place(world: World, one: Round, row: Any, now: datetime) -> None:
    with work() as session:
        plan_steps.place(session, one.key, row.person_id, _hr(world), now)
    world.diary.count("plans placed")


# --- watched --------------------------------------------------------------------------------------------


def _plan_monitoring(world: World, one: Round, quarter: Period, opened: datetime) -> None:
    """The supervisors look at their people's plans in the last week of a quarter."""
    calendar = world.clock.calendar
    last = calendar.on_or_before(quarter.last_day)
    for back in range(3):
        day = calendar.before(last + timedelta(days=1), back) if back else last
        if world.clock.at(day, 10) > opened:
            world.agenda.add(
                world.clock.at(day, 15, 30),
                lambda at, part=back: _monitor(world, one, quarter, part, at),  # type: ignore[misc]
            )


def _monitor(world: World, one: Round, quarter: Period, part: int, now: datetime) -> None:
    with reading() as session:
        found = [row for stage in ("approved", "placed") for row in rows(session, _PLANS, k=one.key, s=stage)]
        seen = set(
            rows(session, "SELECT plan_id FROM plan_monitoring WHERE period = :p", p=str(quarter))
        )  # fmt: skip
    there = [row for row in found if (row.id,) not in seen and row.supervisor_id is not None]
    for row in there:
        last_chance = part == 0
        if (row.supervisor_id % 3 == part or last_chance) and not world.is_away(row.supervisor_id, now.date()):
            with work() as session:
                plan_watch.monitor(session, one.key, row.person_id, str(quarter), _WORDS, row.supervisor_id, now)
            world.diary.count(f"plans looked at for {quarter}")


def calculate(world: World, key_period: Period, now: datetime) -> None:
    """HR's preliminary calculation of the actual values of a period, for every plan in force."""
    for one in world.drawn:
        with reading() as session:
            found = [row for stage in ("approved", "placed") for row in rows(session, _PLANS, k=one.key, s=stage)]
            numbers = {
                row.id: [n for (n,) in rows(
                    session, "SELECT i.number FROM plan_item i JOIN work_plan w ON w.id = i.plan_id AND w.content ="
                    " i.version WHERE w.id = :p ORDER BY 1", p=row.id)]
                for row in found
            }  # fmt: skip
        for row in found:
            dice = world.dice("actual", row.id, key_period)
            actual = {n: (f"{share}", Decimal(share)) for n in numbers[row.id] if (share := dice.randint(70, 110))}
            with work() as session:
                plan_watch.calculate(session, one.key, row.person_id, str(key_period), actual, _hr(world), now)
            world.diary.count("preliminary calculations by HR")
