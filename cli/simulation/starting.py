"""From a body's file and a period to a world in which nobody has done anything yet."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import methodologies
from cli.demonstration import staff
from cli.demonstration.clock import Clock
from cli.demonstration.place import Place
from cli.simulation import contesting, drawing, opening, staffing, year
from cli.simulation.script import Lived, Script, read_script
from cli.simulation.world import MANY, World
from methodologies import Act, read_organisation, work_calendar
from methodologies.organisation import act_of
from rules.calendar import WorkCalendar
from rules.errors import MissingSetting, NotFound, NotInForce, RuleError
from rules.law import Law
from rules.organisation import Organisation
from rules.period import Period


def default_period(act: Act, body: Organisation, script: Script) -> Period:
    """The period that is lived when nobody asks for another: the story's, or the first whole one under the last wording.

    Raises:
        NotInForce: no wording governs any period the calendar knows.
    """
    if script.period:
        return Period.parse(script.period)
    starts = [day for key, day in body.in_force_from.items()]
    day = max((one for one in starts if _governs(act, body, one)), default=max(starts, default=act.revisions[-1].date))
    law = methodologies.law(act, day, body)
    if any(one.period == "quarter" for one in law.evaluations.values()):
        return Period(day.year, (day.month + 2) // 3)
    return Period(day.year)


def _governs(act: Act, body: Organisation, day: date) -> bool:
    try:
        return bool(methodologies.law(act, day, body).evaluations)
    except RuleError:
        return False


def staff_file(place: Place, organisation: Path, wanted: int | None) -> Path:
    """The sample's own staff, or a body grown from it.

    Raises:
        NotFound: no staff file lies beside the body's file.
    """
    own = organisation.with_name("staff.csv")
    if not own.is_file():
        raise NotFound(f"There is no staff file {own}: put one beside the organisation file.")
    return staffing.grown(own, wanted, place.staff / "grown.csv") if wanted else own


def check(organisation: Path, period: Period) -> None:
    """Refuse what cannot be lived before anything is made.

    Raises:
        NotInForce: the act governs nothing of the period. BadFile: the story was refused.
    """
    body, script = read_organisation(organisation), read_script(organisation)
    own = script if str(period) == script.period else script.of_another_period()
    contesting.known(own.events or ())
    opening.lived(methodologies.load(act_of(organisation)), body, own, period)


def world_of(place: Place, organisation: Path, period: Period, file: Path) -> World:
    """The world on the morning of its first day, everybody's cycles and plans in the diary.

    Raises:
        NotInForce: the act governs nothing of the period. BadFile: the story was refused.
    """
    body = read_organisation(organisation)
    named = act_of(organisation)
    act, script, calendar = methodologies.load(named), read_script(organisation), work_calendar(body)
    if script.period and str(period) != script.period:
        script = script.of_another_period()
    contesting.known(script.events or ())
    cycles = [_whole(act, body, calendar, one) for one in opening.lived(act, body, script, period)]
    rows = staff.read(file)
    plans = list(_plans(act, body, script, calendar, cycles, _officials_there(body, rows)))
    first = min([one.opened for one in cycles if one.opened] + [day for *_, day in plans])
    world = World(
        place, organisation, named, act.id, body, Clock(calendar, ZoneInfo(body.time_zone)), script,
        calendar.on_or_after(first), large=len(rows) > MANY, events=list(script.events or ()),
    )  # fmt: skip
    staffing.read_in(world, rows, world.clock.at(world.first, 8))
    for law, name, asked, day in plans:
        drawing.plan(world, law, name, asked, day)
    for one in cycles:
        opening.plan(world, one)
    laws = {one.period: methodologies.law(act, one.period, body) for one in cycles}
    year.plan(world, {one.period.year for one in cycles if laws[one.period].evaluation(one.evaluation).annual})
    return world


def _whole(act: Act, body: Organisation, calendar: WorkCalendar, one: Lived) -> Lived:
    law = methodologies.law(act, one.period, body)
    return opening.with_days(one, law, calendar, law.evaluation(one.evaluation))


def _officials_there(body: Organisation, rows: list[staff.Row]) -> date:
    """The first day on which everybody whom the body's file names as an official serves."""
    named = set(map(str, (body.settings.get("officials") or {}).values()))
    first: dict[str, str] = {}
    for row in rows:
        if row["personnel_no"] in named:
            first[row["personnel_no"]] = min(row["appointed_on"], first.get(row["personnel_no"], row["appointed_on"]))
    return max((date.fromisoformat(day) for day in first.values()), default=date.min)


_Round = tuple[Law, str, Period, date]


def _plans(
    act: Act, body: Organisation, script: Script, calendar: WorkCalendar, cycles: list[Lived], officials: date
) -> Iterator[_Round]:
    """(law, plan, period, day of opening) of every round of plans the lived evaluations rest on."""
    done: set[tuple[str, Period]] = set()
    for one in cycles:
        law = methodologies.law(act, one.period, body)
        for name, plan in law.plans.items():
            asked = Period(one.period.year) if plan.get("period") == "year" else one.period
            if plan.get("evaluation") not in (None, one.evaluation) or (name, asked) in done:
                continue
            done.add((name, asked))
            try:
                held = methodologies.law(act, asked, body)
            except (NotInForce, MissingSetting):
                continue
            usual = max(asked.first_day + timedelta(days=3), officials)
            yield held, name, asked, script.plans.get(name) or calendar.on_or_after(usual)
