"""`bagalau demo`: live through one quarter of a sample body, day by day, and report on it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

import methodologies
from cli.demonstration.ending import end
from cli.demonstration.place import Place, fresh_place
from cli.demonstration.server import prefect
from cli.demonstration.serving import serve_until_stopped
from cli.demonstration.showing import showing
from cli.demonstration.summary import told
from cli.printing import as_json
from methodologies.organisation import samples
from rules.errors import MissingSetting, RuleError
from rules.period import Period
from services.sample_staff import write_sample

app = typer.Typer(add_completion=False)


@app.command()
def demo(
    methodology: Annotated[str, typer.Option(help="Id of the methodology.")] = "nchr-2024",
    people: Annotated[int | None, typer.Option(min=10, help="So many invented people, not the sample's own.")] = None,
    period: Annotated[str, typer.Option(help="The quarter to live through.")] = "2026-Q3",
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep Prefect's pages and the report up until Ctrl-C.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Live through one quarter of a sample body: no server, account or network is needed."""
    organisation, asked = _sample_of(methodology), _quarter(methodology, period)
    with ExitStack() as until_the_end:
        place = until_the_end.enter_context(fresh_place(organisation))
        with showing(json) as screen:
            file = _staff_file(place, organisation, people, asked)
            screen.step("Prefect starts")
            machine, pages = until_the_end.enter_context(prefect(place))
            ended = end(place, machine, file, str(asked), screen)
        as_json(ended.figures) if json else told(place, ended, pages if serve else "")
        if serve:
            serve_until_stopped(place, pages, quiet=json)


def _sample_of(methodology: str) -> Path:
    act = methodologies.load(methodology).id
    if act not in samples():
        raise MissingSetting(f"{act}: no sample organisation comes with this methodology, so it has no demonstration.")
    return samples()[act].absolute()


def _quarter(methodology: str, period: str) -> Period:
    asked = Period.parse(period)
    if asked.quarter is None:
        raise RuleError(f"The demonstration lives through a quarter: write --period {asked.year}-Q3.")
    methodologies.law(methodologies.load(methodology), asked, methodologies.sample(methodologies.load(methodology).id))
    return asked


def _staff_file(place: Place, organisation: Path, people: int | None, period: Period) -> Path:
    """The sample's own staff, or so many people invented for the period."""
    file = organisation.with_name("staff.csv")
    if people is None and file.is_file():
        return file
    invented = place.staff / "invented.csv"
    invented.parent.mkdir(parents=True, exist_ok=True)
    write_sample(invented, people or 60, period=str(period))
    return invented
