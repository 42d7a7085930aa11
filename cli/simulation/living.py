"""The days one after another: the machine in the morning, then whoever has something to do, and only days with something."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from cli.demonstration.clock import Diary
from cli.demonstration.scene import rows
from cli.demonstration.staff import Row
from cli.simulation import answering, arriving, casting, drawing, filling, learning, sitting, staffing
from cli.simulation.world import Run, World
from models.base import as_day
from models.work import reading, work
from notifications import hand_over
from rules.errors import NotInForce
from services import advance, audit
from services.paper import documents
from services.terms import role_term
from settings import settings

#: a story that has not ended so long after the last planned act has gone wrong
LONGEST = 400

#: told after each day: the day, its line, assessments not yet at their end, all of them
Told = Callable[[date, str, int, int], None]


def live(world: World, file: Sequence[Row], told: Told) -> datetime:
    """Live until every cycle is closed and nobody has anything to do; return the last moment.

    Raises:
        NotInForce: it never ends.
    """
    day = world.first
    news = staffing.news(file, world.first, world.first + timedelta(days=3 * 366))
    for _ in range(LONGEST):
        _day(world, file, news, day)
        told(day, world.diary.line(), *_left())
        world.diary = Diary()
        following = _next(world, news, day)
        if following is None:
            return world.clock.at(day, 19)
        day = following
    raise NotInForce(f"The story did not end within {LONGEST} lived days: {_left()[0]} assessments are open.")


def _next(world: World, news: list[date], day: date) -> date | None:
    """The next working day on which anything can happen, or None when all is over."""
    moment, calendar, tomorrow = world.agenda.next(), world.clock.calendar, world.clock.next_working(day)
    if world.moved or _open_runs(world):
        return tomorrow
    if moment is None:
        return None
    ahead = [calendar.on_or_after(one) for one in news]
    return max(min([calendar.on_or_after(world.clock.day_of(moment)), *ahead]), tomorrow)


def _open_runs(world: World) -> list[Run]:
    with reading() as session:
        open_ones = {
            key for (key,) in rows(session, "SELECT key FROM cycle WHERE stage NOT IN ('closed', 'abandoned')")
        }
    return [run for run in world.runs if run.key in open_ones]


def _day(world: World, file: Sequence[Row], news: list[date], day: date) -> None:
    """The audit at seven, the news and the machine at nine, then the people, and the machine once more."""
    at = world.clock.at
    runs = _open_runs(world)
    for run in runs:
        with work() as session:
            audit.daily(session, run.key, at(day, 7))
    if news and news[0] <= day:
        while news and news[0] <= day:
            news.pop(0)
        staffing.read_in(world, file, at(day, 8, 30))
        drawing.follow(world, at(day, 8, 40))
    for run in runs:
        _walk(run, at(day, 9))
    _hand_over(at(day, 9, 5))
    for run in runs:
        _morning(world, run, at(day, 9, 10))
    drawing.each_morning(world, at(day, 9, 10))
    world.moved = bool(world.agenda.live(at(day, 18)))
    if world.moved:
        for run in _open_runs(world):
            _walk(run, at(day, 18, 30))
        _hand_over(at(day, 18, 35))


def _morning(world: World, run: Run, now: datetime) -> None:
    if world.first_time("begun", run.id):
        if world.script.events is None:
            casting.invent(world, run)
        if sitting.concerns(run):
            sitting.begin(world, run, now)
        filling.change_hands(world, run)
        _plan_calculation(world, run)
    filling.each_morning(world, run, now)
    if answering.concerns(run):
        answering.each_morning(world, run, now)
    if sitting.concerns(run):
        sitting.each_morning(world, run, now)
    learning.each_morning(world, run, now)
    learning.served(world, run, now)


def _plan_calculation(world: World, run: Run) -> None:
    """HR's preliminary calculation of the plans, where the act has a term for it."""
    with reading() as session:
        term = role_term(session, run.cycle, "preliminary") if run.ground.deadline_id("preliminary") else None
    if term is not None:
        day = world.clock.calendar.on_or_before(as_day(term.due))
        world.agenda.add(world.clock.at(day, 10, 20), lambda now: drawing.calculate(world, run.ground.period, now))


def _walk(run: Run, now: datetime) -> None:
    """What `bagalau cycle advance` does."""
    with work() as session:
        ready = advance.begin(session, run.key, now)
    if not ready:
        return
    for step in advance.WALK:
        with work() as session:
            step(session, run.key, now)
    with work() as session:
        advance.finish(session, run.key, now)


def _hand_over(now: datetime) -> None:
    with reading() as session:
        waiting = rows(session, "SELECT 1 FROM notice WHERE state = 'waiting' LIMIT 1")
    if waiting:
        ours = settings()
        hand_over(ours.mode, ours.outbox, now, documents=documents())
        arriving.arrive(now)


def _left() -> tuple[int, int]:
    with reading() as session:
        [(left, every)] = rows(
            session,
            "SELECT SUM(CASE WHEN stage NOT IN ('closed', 'exempt', 'disposed') THEN 1 ELSE 0 END), COUNT(*) FROM assessment",
        )
    return int(left or 0), int(every or 0)
