"""A whole year of a body under an act on the virtual clock: the busiest days and the deadlines at risk."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import methodologies
from cli.choosing import body_file
from cli.demonstration.place import fresh_place
from cli.demonstration.showing import showing
from cli.printing import as_json, console, line
from cli.report.story import busiest
from cli.simulation.busy import Busy, Risk
from cli.simulation.ending import Ended, end
from cli.simulation.script import read_script
from cli.simulation.starting import check, default_period, staff_file
from cli.simulation.summary import busy_table, risk_table
from methodologies import Act, read_organisation
from rules.errors import NotFound
from rules.period import Period
from rules.words import counted

#: so many of the busiest days are told
DAYS = 10


def simulate_year(
    methodology: str, organisation: Path | None, year: int | None, people: int | None, json: bool
) -> None:
    """Live the year and tell what it was like.

    Raises:
        NotFound: there is no such file, or no staff file beside it. NotInForce: the act governs nothing of the year.
    """
    act = methodologies.load(methodology)
    file = (organisation or body_file(act)).absolute()
    if not file.is_file():
        raise NotFound(f"There is no organisation file {file}.")
    body = read_organisation(file)
    period = Period(year or default_period(act, body, read_script(file)).year)
    check(file, period)
    with fresh_place(file, "simulation") as place:
        with showing(json) as screen:
            ended = end(place, file, period, staff_file(place, file, people), screen, papers=False)
        if json:
            as_json(_data(act, body.key, period, ended))
            return
        _tell(body.key, period, ended)
        line(f"Report    {place.shown(place.report)}   (every day, every deadline)")


def _data(act: Act, organisation: str, period: Period, ended: Ended) -> dict[str, Any]:
    figures = ended.figures
    return {
        "methodology": act.id,
        "organisation": organisation,
        "year": period.year,
        "people": figures.people,
        "assessments": figures.assessments,
        "cycles": figures.cycles,
        "deadlines": figures.deadlines,
        "busiest_days": [one.as_data() for one in busiest(ended.days, DAYS)],
        "busiest_by_role": _by_role(ended.days),
        "at_risk": [_risk(one) for one in ended.risks],
        "report": figures.report,
    }


def _by_role(days: tuple[Busy, ...]) -> dict[str, dict[str, Any]]:
    """Role -> its busiest day and all its acts; and the day on which most of it was due."""
    acts: Counter[str] = Counter()
    for one in days:
        acts.update(one.acts)
    found: dict[str, dict[str, Any]] = {}
    for role, number in acts.most_common():
        top = max(days, key=lambda one: one.acts[role])
        found[role] = {"acts": number, "busiest_day": top.day, "acts_on_it": top.acts[role]}
    for role in dict.fromkeys(role for one in days for role in one.due):
        top = max(days, key=lambda one: one.due[role])
        found.setdefault(role, {}).update({"most_due_on": top.day, "due_on_it": top.due[role]})
    return found


def _risk(one: Risk) -> dict[str, Any]:
    first, last = one.dues
    return {
        "id": one.id, "obligation": one.obligation, "point": one.point, "first_due": first, "last_due": last,
        "kept": one.kept, "kept_on_the_last_day": one.last_day, "late": one.late, "missed": one.missed,
        "house": one.house, "right": one.right,
    }  # fmt: skip


def _tell(organisation: str, period: Period, ended: Ended) -> None:
    screen, figures = console(), ended.figures
    screen.print()
    screen.rule(
        f"{organisation}, {period}: {counted(figures.people, 'people')}, {counted(len(figures.cycles), 'cycles')}, "
        f"{figures.assessments} assessments; lived through in {ended.seconds:.0f} s"
    )
    screen.print("[bold]The busiest days[/]: acts of people, and people with something due by that day", markup=True)
    screen.print(busy_table(ended.days, DAYS))
    screen.print()
    screen.print("[bold]Each role[/]", markup=True)
    for role, held in _by_role(ended.days).items():
        screen.print(f"  {role}: {_said(held)}", soft_wrap=True, highlight=False)
    screen.print()
    screen.print("[bold]Deadlines at risk[/]: late, missed, or kept only on the last working day", markup=True)
    screen.print(risk_table(ended.risks, 30))
    kept = figures.deadlines
    screen.print(f"In all {kept['kept']} obligations kept, {kept['late']} late, {kept['missed']} missed.")


def _said(held: dict[str, Any]) -> str:
    parts = []
    if "acts" in held:
        parts.append(f"{held['acts']} acts, most on {held['busiest_day']:%a %d %b %Y} ({held['acts_on_it']})")
    if "most_due_on" in held:
        parts.append(f"most due on {held['most_due_on']:%a %d %b %Y} ({held['due_on_it']})")
    return "; ".join(parts)
