"""`bagalau appeals`: appeals against a decision of the Commission, their outcome, the report, the court."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.common import At, By, Json, Key, case_of, when
from cli.printing import as_json, line, said_or_json, table
from models.work import reading, work
from services import appeals, facts
from services.ground import find_cycle
from tasks.nudge import nudge

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="Number of the appeal, as `bagalau appeals list` shows it.")]
Reference = Annotated[str, typer.Argument(help="Number and date of the paper.")]


@app.command("list")
def list_appeals(key: Key, json: Json = False) -> None:
    """Every appeal of a cycle and how it stands; people by personnel number."""
    with reading() as session:
        cycle = find_cycle(session, key)
        found, zone = appeals.listed(session, cycle), cycle.time_zone
    if json:
        as_json(found)
    elif found:
        table(tuple(found[0]), (tuple(one.values()) for one in found), zone=zone)
    else:
        line("Nobody has appealed.")


@app.command()
def lodge(
    key: Key, evaluatee: str, reference: Reference,
    authority: Annotated[str, typer.Option(help="The authorised body or department it went to.")], by: By,
    at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """Enter an appeal with the day it was lodged; a late one is entered and marked late."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        case = case_of(session, key, evaluatee)
        found = appeals.lodge(session, case, authority, reference, facts.person_id(session, by), moment)
    nudge(key, "appeal")
    late = " It is late." if found.late else ""
    said_or_json(found, f"Appeal {found.appeal} is entered; last day: {found.last_day}.{late}", json)


@app.command()
def outcome(
    key: Key, number: Number, outcome: Annotated[str, typer.Argument(help="dismissed or revision_recommended")],
    reference: Reference, by: By, at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """Enter what the authorised body decided."""
    with work() as session:
        cycle = find_cycle(session, key)
        moment = when(at, cycle.time_zone)
        appeals.of_cycle(session, number, cycle.id or 0)
        appeals.answered(session, number, outcome, reference, facts.person_id(session, by), moment)
    nudge(key, "appeal")
    said_or_json({"appeal": number, "outcome": outcome}, f"The outcome of the appeal {number} is entered.", json)


@app.command()
def report(key: Key, number: Number, reference: Reference, by: By, at: At = None, json: Json = False) -> None:
    """Record that the body told the authorised body what it decided."""
    with work() as session:
        cycle = find_cycle(session, key)
        moment = when(at, cycle.time_zone)
        appeals.of_cycle(session, number, cycle.id or 0)
        appeals.report(session, number, reference, facts.person_id(session, by), moment)
    nudge(key, "appeal")
    said_or_json({"appeal": number, "reported": reference}, f"The report on the appeal {number} is recorded.", json)


@app.command()
def court(key: Key, evaluatee: str, reference: Reference, by: By, at: At = None, json: Json = False) -> None:
    """Record that a result was taken to court."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        made = appeals.court(session, case_of(session, key, evaluatee), reference, facts.person_id(session, by), moment)
    said_or_json({"court": made}, "The case before the court is recorded.", json)
