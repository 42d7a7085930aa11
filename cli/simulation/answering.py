"""The survey (360): whoever is asked answers under seal, a few never do."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any

from cli.demonstration.scene import actor, rows
from cli.simulation.world import Run, World
from models.work import reading, work
from rules.errors import NotNow
from rules.methods.survey import competencies
from rules.words import counted
from services import surveys, tallying
from services.ground import find_cycle

#: the part of those asked who never answer
SILENT = 1 / 40
_ASKED = (
    "SELECT r.assessment_id, r.person_id, r.circle, p.category FROM survey_respondent r JOIN assessment a ON"
    " a.id = r.assessment_id JOIN appointment t ON t.id = a.appointment_id JOIN post p ON p.id = t.post_id"
    " WHERE a.cycle_id = :c AND a.stage = 'open' AND r.answered = false ORDER BY r.assessment_id, r.person_id"
)


def concerns(run: Run) -> bool:
    """Is this a survey?"""
    return surveys.form_of(run.ground) is not None


def each_morning(world: World, run: Run, now: datetime) -> None:
    """Whoever is newly asked answers on a day before the last one; a few do not."""
    with reading() as session:
        asked = rows(session, _ASKED, c=run.id)
    if asked and world.first_time("counts", run.id):
        world.agenda.add(world.clock.at(run.last, 17, 40), lambda at: _count(world, run, at))
    calendar, today = world.clock.calendar, world.clock.day_of(now)
    days = max(calendar.count(today, run.last) - 1, 0)
    by_day: dict[Any, list[Any]] = {}
    for one in asked:
        if not world.first_time("asked", one.assessment_id, one.person_id):
            continue
        dice = world.dice("answers", one.assessment_id, one.person_id)
        if dice.random() > SILENT:
            place = int(dice.random() * (days + 0.999))
            day = world.present_from(one.person_id, calendar.after(today, place) if place else today)
            by_day.setdefault(day, []).append(one)
    for day, some in by_day.items():
        world.agenda.add(world.clock.at(day, 14, 30), lambda at, them=some: _answer(world, run, them, at))  # type: ignore[misc]


def _count(world: World, run: Run, now: datetime) -> None:
    """On the last day HR closes the survey, unless somebody would have no report: then it is counted after the term."""
    done = 0
    with suppress(NotNow), work() as session:
        cycle = find_cycle(session, run.key)
        done = tallying.tally(session, cycle, now, actor(world.hr(session, run, now)), early=True)
    if done:
        world.diary.say(f"the survey is closed: {counted(done, 'reports')}, the answers are destroyed")


def _answer(world: World, run: Run, asked: list[Any], now: datetime) -> None:
    form, done = surveys.form_of(run.ground), 0
    if form is None:
        return
    law = run.ground.law
    least, most = Decimal(law.value("mark_min")), Decimal(law.value("mark_max"))
    with work() as session:
        open_ones = {(row.assessment_id, row.person_id) for row in rows(session, _ASKED, c=run.id)}
        for one in asked:
            if (one.assessment_id, one.person_id) not in open_ones:
                continue
            dice = world.dice("answer", one.assessment_id, one.person_id)
            level = world.dice("level", one.assessment_id).gauss(0.82, 0.08)
            numbers = competencies(law, form, surveys.group_of(run.ground, one.category))
            marks = {n: _mark(least, most, dice.gauss(level, 0.12)) for n in numbers}
            surveys.answer(session, one.assessment_id, one.person_id, marks, now)
            done += 1
    world.diary.count("answers given under seal", done)


def _mark(least: Decimal, most: Decimal, level: float) -> Decimal:
    return min(max(Decimal(round(float(least) + float(most - least) * level)), least), most)
