"""The sheets: the servant's own part, the evaluator's signature, the superior's agreement, the servant's signature."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from cli.demonstration.scene import actor, rows
from cli.simulation import inventing
from cli.simulation.inventing import Writer
from cli.simulation.world import Run, World, standing, still
from models.sheet import EVALUATOR, SELF
from models.work import reading, work
from rules.scoring import Sanction
from rules.sheets import sanctions_in
from rules.words import counted
from services import agreement, filled, sheets
from services.facts import sanctions_of
from services.filled import FilledSheet, by_rows
from services.sheet_facts import SheetFacts
from services.sheets import SignedSheet

#: absences after which an act lets the evaluation follow the return
_AFTER_RETURN = "absences_evaluated_after_return"

_REFUSES = {
    "kk": "Парақпен келіспейді, қол қоюдан бас тартты.",
    "ru": "С листом не согласен, от подписи отказался.",
}


def each_morning(world: World, run: Run, now: datetime) -> None:
    """Whatever waits for somebody is put on the day it is done."""
    for stage, following, act in (
        ("open", "self_evaluated", _own_part),
        ("open", "marked", _sign),
        ("self_evaluated", "marked", _sign),
        ("marked", "agreed", _agree),
        ("marked", "signed", _countersign),
    ):
        if stage in run.path and run.after(stage) == following:
            fresh = [one for one in standing(run, stage) if world.first_time(run.id, stage, one.id, one.version)]
            days = [(_day(world, run, one, stage, now), one.id) for one in fresh]
            world.put_by_day(days, lambda ids, at, do=act: do(world, run, ids, at))  # type: ignore[misc]


def _day(world: World, run: Run, one: Any, stage: str, now: datetime) -> date:
    """The working day on which this is done."""
    calendar, today = world.clock.calendar, world.clock.day_of(now)
    who = one.person_id if stage == "open" and run.after("open") == "self_evaluated" else one.marker_id
    who = one.person_id if run.after(stage) == "signed" else who
    late = world.happens("signs_late", one.person_id, run) or world.happens("signs_late", one.marker_id, run)
    if late and run.after(stage) == "marked":
        return calendar.after(max(run.due, today), int(late.get("days")))
    if _evaluated_after_return(world, run, one, today):
        away = world.present_from(one.person_id, today)
        return world.present_from(who, calendar.after(away, 1 + one.id % 2))
    first, last = _window(run, stage, today, calendar)
    days = max(calendar.count(first, last) - 1, 0)
    place = int(world.dice(run.key, stage, one.person_id).betavariate(1.7, 1.9) * (days + 0.999))
    day = world.present_from(who, calendar.after(first, place) if place else first)
    return day if day <= last or day <= run.last else _before(world, who, today, last)


def _before(world: World, who: int, today: date, last: date) -> date:
    """Who is away at the chosen time does it before; who is away all the time, on return."""
    first = world.present_from(who, today)
    return first if first <= last else world.present_from(who, last)


def _evaluated_after_return(world: World, run: Run, one: Any, today: date) -> bool:
    away = world.is_away(one.person_id, max(today, run.first))
    held = run.ground.law.values.get(_AFTER_RETURN)
    return away is not None and held is not None and away[1] in held.value


def _window(run: Run, stage: str, today: date, calendar: Any) -> tuple[date, date]:
    """The days on which this is usually done; what waits for a Commission leaves it time."""
    first = max(run.first, today)
    if "submitted" not in run.path:
        return first, max(run.last, first)
    steps: list[str] = [one for one in ("self_evaluated", "marked", "signed", "agreed") if one in run.path]
    done = run.after(stage)
    whole = max(calendar.count(run.first, run.last) - 2, 1)  # two days: the computing, and HR lays it before them
    share = (steps.index(done) + 1) / len(steps)
    last = calendar.after(run.first, max(int(whole * share) - 1, 1))
    return first, max(last, first)


# --- signing --------------------------------------------------------------------------------------------


def _own_part(world: World, run: Run, ids: list[int], now: datetime) -> None:
    with work() as session:
        found = still(session, run, ids, "open")
        given = [FilledSheet(one.id, fields) for one, fields in _contents(world, run, found, session, SELF)]
        by = actor(found[0].person_id) if len(found) == 1 else "system/import"
        done = (
            filled.take(session, run.cycle, given, now, by, SELF, found[0].id if len(found) == 1 else None)
            if found
            else 0
        )
    world.diary.count("own parts handed over", done)


def _sign(world: World, run: Run, ids: list[int], now: datetime) -> None:
    stage = run.path[run.path.index("marked") - 1]
    with work() as session:
        found = [one for one in still(session, run, ids, stage) if one.marker_id is not None]
        contents = _contents(world, run, found, session, EVALUATOR)
        by = actor(found[0].marker_id) if len(found) == 1 else "system/import"
        for rowed in (True, False):
            some = [(one, fields) for one, fields in contents if by_rows(run.ground, one.form) is rowed]
            if some and rowed:
                held = [SignedSheet(one.id, f["marks"], f["comments"], one.marker_id) for one, f in some]
                _submit(session, run, held, now, by)
            elif some:
                sheet = [FilledSheet(one.id, fields) for one, fields in some]
                filled.take(
                    session, run.cycle, sheet, now, by, EVALUATOR, sheet[0].assessment_id if len(some) == 1 else None
                )
    world.diary.count("sheets signed", len(found))


def _submit(session: Any, run: Run, held: list[SignedSheet], now: datetime, by: str) -> None:
    if len(held) == 1:
        sheets.submit(session, held[0], now, by)
    else:
        sheets.submit_many(session, run.cycle, held, now, by)


def _contents(world: World, run: Run, found: list[Any], session: Any, side: str) -> list[tuple[Any, dict[str, Any]]]:
    if not found:
        return []
    known = SheetFacts.of(session, run.cycle, [one.id for one in found]).known
    held = sanctions_of(session, [one.person_id for one in found])
    facts = _facts(session, run, found)
    return [
        (one, _content(world, run, one, side, known.get(one.id, {}), held.get(one.person_id, ()), facts[one.person_id]))
        for one in found
    ]


_FACTS = (
    "SELECT a.person_id, t.provides_services, (SELECT COUNT(*) FROM plan_item i JOIN work_plan w ON w.id = i.plan_id"
    " AND w.content = i.version JOIN plan_round r ON r.id = w.round_id WHERE w.person_id = a.person_id"
    " AND r.evaluation = :e) AS items FROM assessment a JOIN appointment t ON t.id = a.appointment_id"
)


def _facts(session: Any, run: Run, found: list[Any]) -> dict[int, Any]:
    ids = ", ".join(str(int(one.id)) for one in found)
    held = rows(session, f"{_FACTS} WHERE a.id IN ({ids})", e=run.ground.evaluation.id)
    return {row.person_id: row for row in held}


def _content(
    world: World, run: Run, one: Any, side: str, known: Any, held: Iterable[Sanction], facts: Any
) -> dict[str, Any]:
    told = world.happens("sheet", one.person_id, run)
    if told and told.get("fields") is not None:
        return dict(told.get("fields"))
    dice = world.dice(run.key, one.person_id)  # the own part and the supervisor's mostly agree
    usual = min(max(world.dice("level", one.person_id).gauss(0.84, 0.09), 0.3), 1)
    level = float(told.get("level")) if told and told.get("level") is not None else usual
    if side == SELF:
        level = min(level + 0.04, 1)
    law, form = run.ground.law, run.ground.law.form(one.form)
    punished = bool(sanctions_in(tuple(held), run.ground.period))
    return inventing.content(
        Writer(law, form, run.ground.period, level, dice, known, bool(facts.provides_services), facts.items, punished)
    )


# --- agreement and the servant's signature --------------------------------------------------------------


def _agree(world: World, run: Run, ids: list[int], now: datetime) -> None:
    with work() as session:
        found = still(session, run, ids, "marked")
        above = agreement.superiors(session, run.cycle, run.ground.day_of(now))
        for one in found:
            back = world.happens("returned", one.person_id, run) if run.allows("returned") else None
            if back and world.first_time("returned", run.id, one.id):
                agreement.send_back(
                    session, one.id, world.said(back.get("words"), one.person_id), above[one.evaluator_id], now
                )
                world.diary.say("a superior sends a sheet back for correction")
                continue
            agreement.agree(session, run.cycle, above[one.evaluator_id], now, [one.id])
            world.diary.count("sheets agreed")


def _countersign(world: World, run: Run, ids: list[int], now: datetime) -> None:
    with work() as session:
        for one in still(session, run, ids, "marked"):
            refuses = world.happens("refuses_to_sign", one.person_id, run)
            if refuses and run.allows("sign_refused"):
                signers = signers_of(session, world, run, "sign_refusal_act", one, now)
                words = world.said(refuses.get("words") or _REFUSES, one.person_id)
                agreement.refuse_to_sign(session, one.id, signers, words, now)
                world.diary.say("a servant refuses to sign the sheet: an act is drawn up")
                continue
            agreement.countersign(session, one.id, one.person_id, now)
            world.diary.count("sheets signed by their servants")


def signers_of(session: Any, world: World, run: Run, option: str, one: Any, now: datetime) -> list[int]:
    """Who signs an act of refusal: as the act's data says, else an employee of HR before two witnesses."""
    wanted = run.ground.evaluation.options.get(option) or {"hr": 1, "others": 2}
    parties = {one.person_id, one.evaluator_id, one.marker_id}
    hr = world.hr(session, run, now)
    found = [hr] if int(wanted.get("hr", 0)) else []
    found += [one.marker_id] * int(wanted.get("direct_supervisor", 0))
    free = rows(
        session,
        "SELECT a.person_id FROM assessment a JOIN appointment t ON t.id = a.appointment_id WHERE a.cycle_id = :c"
        " AND t.ended_on IS NULL ORDER BY a.id",
        c=run.id,
    )
    today = world.clock.day_of(now)
    others = [p for (p,) in free if p not in parties | {hr} and not world.is_away(p, today)]
    return [*found, *others[: int(wanted.get("others", 0))]]


def change_hands(world: World, run: Run) -> None:
    """A substitute for an evaluator who is away, a designee beside one with many people, as the story says."""
    for one in world.happening("replaced", run):
        moment = world.clock.later(world.clock.at(run.first, 9), int(one.get("after", 2)), 11, 40)
        world.agenda.add(moment, lambda now, it=one: _replace(world, run, it, now))  # type: ignore[misc]
    for one in world.happening("designated", run):
        moment = world.clock.later(world.clock.at(run.first, 9), 1, 10, 15)
        world.agenda.add(moment, lambda now, it=one: _designate(world, run, it, now))  # type: ignore[misc]


def _lying(run: Run, marker: int) -> list[Any]:
    with reading() as session:
        query = "SELECT id, person_id FROM assessment WHERE cycle_id = :c AND marker_id = :m AND stage IN ('notified', 'open')"
        return rows(session, f"{query} ORDER BY id", c=run.id, m=marker)


def _replace(world: World, run: Run, one: Any, now: datetime) -> None:
    ids, by = [row.id for row in _lying(run, world.person(one.who))], world.person(str(one.get("by")))
    with work() as session:
        hr = world.hr(session, run, now)
        sheets.replace_evaluator(session, ids, by, world.said(one.get("words")), now, actor(hr))
    world.diary.say(f"a substitute takes {counted(len(ids), 'sheets')}")


def _designate(world: World, run: Run, one: Any, now: datetime) -> None:
    marker, by = world.person(one.who), world.person(str(one.get("by")))
    ids = [row.id for row in _lying(run, marker) if row.person_id != by][1::2]
    with work() as session:
        given = sheets.designate(session, ids, by, now, actor(marker))
    world.diary.say(f"an evaluator with many people names a designee for {given}")
