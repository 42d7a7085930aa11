"""The cycle from the day it is opened to the day it is closed, one working day after another."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cli.demonstration import far_side, leaving, marking, opening, staff
from cli.demonstration.cast import choose
from cli.demonstration.clock import Clock, Diary
from cli.demonstration.machine import Machine
from cli.demonstration.place import Place
from cli.demonstration.scene import Scene, actor
from methodologies import act_of, read_organisation, work_calendar
from models.base import as_day
from models.work import reading, work
from rules.errors import NotInForce
from rules.period import Period
from services import cycle as cycles
from services import evidence, people
from services.evidence_blocks import keep_evidence
from services.ground import find_cycle, ground_of
from services.terms import role_term
from settings import settings

#: how many days before the end of the period the cycle is opened
BEFORE = 2
#: a story that has not ended after so many days has gone wrong
LONGEST = 120

#: told after each day: the day, its line, assessments not yet at their end, all of them
Told = Callable[[date, str, int, int], None]


def begin(place: Place, machine: Machine, file: Path, period: str) -> Scene:
    """Import the staff file, open the cycle, and put what people will do into their diaries."""
    body = read_organisation(settings().organisation)
    asked = Period.parse(period)
    calendar = work_calendar(body)
    day = calendar.on_or_after(asked.last_day - timedelta(days=BEFORE))
    clock = Clock(calendar, ZoneInfo(body.time_zone))
    file_rows = _hard_to_address(staff.read(file))
    written = staff.write(staff.known_on(file_rows, day, {}), place.staff / f"{day}.csv")
    with work() as session:
        people.import_staff(
            session, written, "operator/demonstration", clock.at(day, 9), act_of(settings().organisation)
        )
    machine.open_quarter(str(asked), clock.at(day, 9, 30))
    scene = _scene(place, clock, machine, asked, file_rows)
    scene.diary.say(f"the staff file is read, the cycle of {asked} is opened")
    scene.agenda.add(clock.later(clock.at(day, 9), 2, 11), lambda now: _approve(scene, now))
    marking.plan(scene)
    leaving.plan(scene, file_rows)
    return scene


def _hard_to_address(file: list[staff.Row]) -> list[staff.Row]:
    """Of the servants one has no e-mail, and one neither that nor a telephone."""
    changes: tuple[staff.Row, ...] = ({"email": ""}, {"email": "", "phone": ""})
    plain = [row for row in file if row["leadership"] != "yes" and not row["ended_on"]][4::5]
    chosen = {row["personnel_no"]: change for row, change in zip(plain, changes, strict=False)}
    return [row | chosen.get(row["personnel_no"], {}) for row in file]


def _scene(place: Place, clock: Clock, machine: Machine, period: Period, file: Sequence[staff.Row]) -> Scene:
    with reading() as session:
        [key] = cycles.unclosed(session)
        cycle = find_cycle(session, key)
        ground = ground_of(session, cycle)
        due = as_day(role_term(session, cycle, "evaluation").due)
        gone = _gone(file, period, due)
        cast = choose(session, cycle, ground, due, gone, max(len(leaving.CONTACTS) - len(gone), 0))
        session.expunge(cycle)
    return Scene(place, clock, ground, key, cycle, cast, machine, clock.calendar.on_or_after(period.day_after), due)


def _gone(file: Sequence[staff.Row], period: Period, due: date) -> list[str]:
    """Who leaves in the period or before the end of the term, by the sample file itself."""
    span = (period.first_day.isoformat(), due.isoformat())
    return [row["personnel_no"] for row in file if row["dismissed"] == "yes" and span[0] <= row["ended_on"] <= span[1]]


def _approve(scene: Scene, now: datetime) -> None:
    with work() as session:
        cycles.approve_schedule(session, scene.key, now, actor(scene.cast.official))
    scene.diary.say("the appointing official approves the schedule")


def live(scene: Scene, told: Told) -> datetime:
    """Live until the cycle is closed; return the last moment.

    Raises:
        NotInForce: it never closes.
    """
    day = scene.clock.day_of(scene.cycle.opened_at)
    everybody = scene.waiting()
    for number in range(LONGEST):
        if number:  # on the first one the cycle was opened, and nothing else
            _day(scene, day)
        left = scene.waiting()
        told(day, scene.diary.line(), left, everybody)
        if scene.stage() == "closed" and not scene.agenda:
            return scene.clock.at(day, 19)
        scene.diary = Diary()
        day = scene.clock.next_working(day)
    raise NotInForce(f"The story did not end within {LONGEST} working days: {scene.waiting()} assessments are open.")


def _day(scene: Scene, day: date) -> None:
    """The audit at seven, the machine at nine, then the people."""
    at, machine = scene.clock.at, scene.machine
    machine.audit(scene.key, at(day, 7))
    machine.advance(scene.key, "tick", at(day, 9))
    far_side.send(scene, at(day, 9, 5))
    opening.plan(scene, at(day, 9))
    scene.agenda.live(at(day, 18))


def sign_checkpoint(now: datetime) -> None:
    """Sign the head of the journal's chain and keep the signature outside the database."""
    ours = settings()
    keep_evidence(now)
    with reading() as session:
        evidence.checkpoint(session, ours.keys, ours.checkpoints, now)
