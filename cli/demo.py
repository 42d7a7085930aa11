"""`bagalau demo`: live through one period of a sample body, day by day, and report on it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

import methodologies
from cli.choosing import body_file
from cli.demonstration import ending as with_flows
from cli.demonstration.place import Place, fresh_place
from cli.demonstration.serving import serve_until_stopped
from cli.demonstration.showing import showing
from cli.demonstration.summary import told as told_with_flows
from cli.printing import as_json
from cli.simulation import ending
from cli.simulation.script import read_script
from cli.simulation.starting import check, default_period, staff_file
from cli.simulation.summary import told
from methodologies import Act, read_organisation
from rules.errors import RuleError
from rules.period import Period
from services.sample_staff import write_sample

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    methodology: Annotated[str, typer.Option(help="Id of the methodology, or a path to its folder.")] = "nchr-2024",
    people: Annotated[int | None, typer.Option(min=10, help="So many invented people, not the sample's own.")] = None,
    period: Annotated[str | None, typer.Option(help="The quarter or year to live through.")] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep the report, and Prefect's pages where they are, up until Ctrl-C.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Live through one period of a sample body: no server, account or network is needed."""
    act = methodologies.load(methodology)
    organisation = body_file(act)
    script = read_script(organisation)
    asked = Period.parse(period) if period else default_period(act, read_organisation(organisation), script)
    if script.flows:
        _with_flows(act, organisation, people, asked, serve, json)
        return
    check(organisation, asked)
    with ExitStack() as until_the_end:
        place = until_the_end.enter_context(fresh_place(organisation))
        with showing(json) as screen:
            file = staff_file(place, organisation, people)
            ended = ending.end(place, organisation, asked, file, screen)
        as_json(ended.figures.as_data()) if json else told(place, ended)
        if serve:
            serve_until_stopped(place, "", quiet=json)


def _with_flows(act: Act, organisation: Path, people: int | None, period: Period, serve: bool, json: bool) -> None:
    """The same with the real flows on a Prefect server of the demonstration's own."""
    from cli.demonstration.server import prefect

    _quarter(act, organisation, period)
    with ExitStack() as until_the_end:
        place = until_the_end.enter_context(fresh_place(organisation))
        with showing(json) as screen:
            file = _staff_file(place, organisation, people, period)
            screen.step("Prefect starts")
            machine, pages = until_the_end.enter_context(prefect(place))
            ended = with_flows.end(place, machine, file, str(period), screen)
        as_json(ended.figures) if json else told_with_flows(place, ended, pages if serve else "")
        if serve:
            serve_until_stopped(place, pages, quiet=json)


def _quarter(act: Act, organisation: Path, asked: Period) -> None:
    """Refuse what cannot be lived through before anything is started."""
    if asked.quarter is None:
        raise RuleError(f"The demonstration lives through a quarter: write --period {asked.year}-Q3.")
    methodologies.law(act, asked, read_organisation(organisation))


def _staff_file(place: Place, organisation: Path, people: int | None, period: Period) -> Path:
    """The sample's own staff, or so many people invented for the period."""
    file = organisation.with_name("staff.csv")
    if people is None and file.is_file():
        return file
    invented = place.staff / "invented.csv"
    invented.parent.mkdir(parents=True, exist_ok=True)
    write_sample(invented, people or 60, period=str(period))
    return invented
