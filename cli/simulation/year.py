"""The marks of a year: formed by the machine within their term, and once more at the end for whoever's result changed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from functools import partial

from cli.simulation.world import World
from models.work import work
from rules.errors import NotInForce
from services import annual


def plan(world: World, years: set[int]) -> None:
    """Put the forming of the marks of each year into the diary, where the act forms them of its quarters."""
    for one in sorted(years):
        with suppress(NotInForce):  # the working-day calendar ends before it, or the act governs nothing then
            world.agenda.add(world.clock.at(_day(world, one), 8), partial(_form, world, one))


def _day(world: World, year: int) -> date:
    """The working day on or after 25 January, but no later than the term."""
    calendar, due = world.clock.calendar, annual.last_day(world.act_id, year, world.organisation)
    usual = calendar.on_or_after(max(date(year + 1, 1, 25), world.first))
    return usual if due is None or usual <= due else max(calendar.on_or_before(due), date(year + 1, 1, 1))


def _form(world: World, year: int, now: datetime) -> None:
    with work() as session:
        done = annual.form_annual(session, world.act_id, year, now, "system/annual-mark", world.organisation)
    if done:
        world.diary.count(f"marks of the year {year} formed", done)


def again(world: World, last: datetime) -> None:
    """Form anew what changed after the first time."""
    for one in sorted({run.ground.period.year for run in world.runs if run.ground.evaluation.annual}):
        with suppress(NotInForce):
            if world.clock.day_of(last).year > one:
                _form(world, one, last)
