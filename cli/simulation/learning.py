"""The results: opened in the system or signed for on paper, refused with an act, served on those who are away or gone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from cli.demonstration.scene import actor, rows
from cli.simulation import contesting
from cli.simulation.filling import signers_of
from cli.simulation.script import Happening
from cli.simulation.world import Run, World, standing, still
from models.base import instant
from models.work import work
from notifications import record
from services import familiarisation, written

_HABITS = (1, 1, 1, 2, 2, 3, 3, 4)
_WORDS = {
    "kk": "Нәтижемен танысудан бас тартты, себебін айтпады.",
    "ru": "От ознакомления с результатом отказался, причину не назвал.",
}


def each_morning(world: World, run: Run, now: datetime) -> None:
    """Everybody whose result is released is put on the day of getting to know it."""
    if "released" not in run.path:
        return
    paper = bool(run.ground.evaluation.options.get("written_familiarisation"))
    served_away = "absent" in run.ground.law.channels  # a letter goes to whoever is away
    fresh = [
        one for one in standing(run, "released")
        if not (one.dismissed or (one.absent and served_away))
        and world.first_time(run.id, "released", one.id, one.result_version)
    ]  # fmt: skip
    days = [(_day(world, run, one, now), one.id) for one in fresh]
    world.put_by_day(days, lambda ids, at: _learn(world, run, ids, paper, at))


def _day(world: World, run: Run, one: Any, now: datetime) -> date:
    """Where the act gives a term most keep it; where it gives none each has a habit."""
    calendar, today = world.clock.calendar, world.clock.day_of(now)
    late = world.happens("opens_late", one.person_id, run)
    if late:
        return calendar.after(today, int(late.get("days")))
    if world.happens("refuses_result", one.person_id, run) or world.happens("asks", one.person_id, run):
        return world.present_from(one.person_id, today)
    dice = world.dice(run.key, "learns", one.person_id)
    days = dice.choice((0, 0, 0, 1)) if run.ground.deadline_id("familiarisation") else dice.choice(_HABITS)
    return world.present_from(one.person_id, calendar.after(today, days) if days else today)


def _learn(world: World, run: Run, ids: list[int], paper: bool, now: datetime) -> None:
    """Some get to know their results: each opens it, or signs for it on paper; whoever refuses gets an act."""
    with work() as session:
        found = still(session, run, ids, "released")
        refusing = [one for one in found if _refuses_now(session, world, run, one, now)]
        plain = [one for one in found if one not in refusing]
        if plain and paper:
            written.acknowledge(session, run.cycle, [one.id for one in plain], world.hr(session, run, now), now)
        elif len(plain) == 1:
            familiarisation.open_result(session, plain[0].id, plain[0].person_id, now)
        elif plain:
            familiarisation.opened_many(session, run.cycle, [(one.id, now) for one in plain], now, "system/import")
    world.diary.count("results signed for" if paper else "results opened", len(plain))
    for one in found:
        contesting.plan(world, run, one, now)


def _refuses_now(session: Any, world: World, run: Run, one: Any, now: datetime) -> bool:
    told = world.happens("refuses_result", one.person_id, run)
    if told is None or not world.first_time("refuses", run.id, one.id, one.result_version):
        return False
    _refuse(session, world, run, one, told, now)
    return True


def _refuse(session: Any, world: World, run: Run, one: Any, told: Happening, now: datetime) -> None:
    signers = signers_of(session, world, run, "refusal_act", one, now)
    hr = world.hr(session, run, now)
    familiarisation.refuse(
        session, one.id, signers[0], signers[1:], world.said(told.get("words") or _WORDS, one.person_id), now, actor(hr)
    )
    world.diary.say("a servant refuses to learn the result: an act is drawn up")
    if run.ground.evaluation.options.get("refused_sent_by"):
        moment = world.clock.later(now, 1, 11)
        world.agenda.add(moment, lambda at: _dispatch(world, run, one.id, at))


def _dispatch(world: World, run: Run, assessment: int, now: datetime) -> None:
    with work() as session:
        how = written.dispatch(session, assessment, f"№ {assessment}/{now:%d.%m.%Y}", world.hr(session, run, now), now)
    world.diary.say(f"the refused result is sent by {how.replace('_', ' ')}")


# --- served ---------------------------------------------------------------------------------------------

_HANDED = (
    "SELECT id, assessment_id, channel, handed_at FROM notice WHERE cycle_id = :c AND kind = 'result_served'"
    " AND state = 'handed' ORDER BY id"
)
#: working days a letter is on its way
_LETTERS = (1, 1, 1, 3)


def served(world: World, run: Run, now: datetime) -> None:
    """What becomes of every notice of service: it arrives some days after it left."""
    with work() as session:
        handed = [row for row in rows(session, _HANDED, c=run.id) if world.first_time("served", row.id)]
    for row in handed:
        days = world.dice("letter", row.id).choice(_LETTERS) if row.channel == "registered_letter" else 1
        moment = world.clock.later(now, days, 12, 10)
        world.agenda.add(moment, lambda at, one=row: _arrived(world, run, one, at))  # type: ignore[misc]


def _arrived(world: World, run: Run, row: Any, now: datetime) -> None:
    by_hand = row.channel not in ("sms", "email")
    with work() as session:
        hr = world.hr(session, run, now)
        record(
            session, row.id, "delivered", max(now, instant(row.handed_at)), now,
            source="officer" if by_hand else f"{row.channel} report", event_id=f"{row.id}/delivered",
            officer_id=hr if by_hand else None, reference=_reference(row, now) if by_hand else None,
            detail="taken by the addressee in person" if row.channel == "telephonogram" else None,
        )  # fmt: skip
        if familiarisation.on_receipt(session, row.id, now):
            world.diary.count(f"served by {row.channel.replace('_', ' ')}")


def _reference(row: Any, now: datetime) -> str:
    return f"RR{row.id:09d}KZ" if row.channel == "registered_letter" else f"№ {row.id}/{now:%d.%m.%Y}"
