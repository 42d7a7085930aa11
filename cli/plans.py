"""`bagalau plans`: individual work plans, from the round of a year to the monitoring of a quarter."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.common import At, By, Json, when
from cli.data_file import a_data_file
from cli.printing import as_json, line, table
from methodologies import read_organisation
from models.schema import upgrade
from models.work import database_url, reading, work
from rules.errors import BadFile, Incomplete
from rules.individual_plan import Item
from rules.marks import mark_of, row_of
from rules.methods.fields import Fields
from rules.words import counted
from services import facts, plan_steps, plan_watch, plans
from services.paper import make_plan_papers
from settings import settings

app = typer.Typer(help="Individual work plans: due, drawn up, approved, placed, monitored.", no_args_is_help=True)
Key = Annotated[str, typer.Argument(help="Key of the plans, as `bagalau plans list` shows it.")]
Person = Annotated[str, typer.Argument(help="Personnel number of the person whose plan it is.")]
_ITEM = ("name", "unit", "planned", "expected", "measurable", "checks")


@app.command("open")
def open_plans(
    period: Annotated[str, typer.Option(help="The period of the plans, as 2018.")],
    by: By,
    organisation: Annotated[Path | None, typer.Option(help="The body's own file.")] = None,
    plan: Annotated[str | None, typer.Option(help="Id of the plan in the act; otherwise its first.")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Say who gets a plan, who draws it up and until when; again: follow changed staff facts."""
    file = organisation or settings().organisation
    body = read_organisation(file)
    if database_url().startswith("sqlite"):
        upgrade(database_url())
    with work() as session:
        actor = f"person/{facts.person_id(session, by)}"
        key = plans.open_round(session, file, body.act, plan, period, when(at, body.time_zone), actor)
    status(key, json)


@app.command("list")
def list_rounds(json: Json = False) -> None:
    """Every round of plans."""
    with reading() as session:
        found = plan_watch.rounds(session)
    if json:
        as_json(found)
        return
    table(("key", "act", "period", "plan"), [tuple(one.values()) for one in found])


@app.command()
def show(key: Key, json: Json = False) -> None:
    """Every plan of a round: who draws it up, its stage and its terms."""
    with reading() as session:
        found = plan_watch.listed(session, key)
    if json:
        as_json(found)
        return
    table(
        ("person", "supervisor", "stage", "due", "why", "again by", "place by", "note"),
        [tuple(x.values()) for x in found],
    )


@app.command()
def papers(
    key: Key,
    folder: Path,
    language: Annotated[
        str | None, typer.Option(help="kk or ru; otherwise each plan in its person's language.")
    ] = None,
    json: Json = False,
) -> None:
    """Write every plan as PDF into a folder, in as many copies as the act asks for; a plan still due is blank."""
    with reading() as session:
        done = make_plan_papers(session, key, folder, language)
    if json:
        as_json({"documents": done, "folder": str(folder)})
    else:
        line(f"{counted(done, 'documents were')} written to {folder}.")


@app.command()
def status(key: Key, json: Json = False) -> None:
    """Counts by stage, and how the terms of the plans were kept."""
    with reading() as session:
        found = plan_watch.status(session, key, datetime.now(UTC))
    if json:
        as_json(found)
        return
    line(f"{found['key']}: {counted(found['people'], 'people')}; {_pairs(found['stages'])}.")
    for name, counts in found["terms"].items():
        line(f"  {name}: {_pairs(counts)}")
    if found["monitored"]:
        line(f"  monitored: {_pairs(found['monitored'])}")
    for says in found["findings"]:
        line(f"  {says}")


def _pairs(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items()) or "none"


@app.command()
def draw(
    key: Key,
    person: Person,
    by: By,
    items: Annotated[
        Path, typer.Option(help="JSON or YAML file with `items`: name, unit, planned, measurable, checks.")
    ],
    change: Annotated[
        str | None, typer.Option(help="Reason for changing a plan in force, as the act names it.")
    ] = None,
    at: At = None,
) -> None:
    """Draw up a plan, hand it in again after a return, or change one in force."""
    read = _items(items)
    with work() as session:
        whose, who = facts.person_id(session, person), facts.person_id(session, by)
        moment = when(at, plans.find_round(session, key).time_zone)
        if change is None:
            plan_steps.draw(session, key, whose, read, who, moment)
        else:
            plan_steps.change(session, key, whose, change, read, who, moment)
    line(f"The plan of {person} in {key} holds {len(read)} indicators and waits for the other side.")


def _items(file: Path) -> tuple[Item, ...]:
    fields = Fields(a_data_file(file), "plan", file=file.name)
    fields.only(("items",), required=("items",))
    return tuple(_item(one) for one in fields.several("items"))


def _item(one: Fields) -> Item:
    one.only(_ITEM, required=("name",))
    text: dict[str, Any] = {key: one.text(key) for key in ("name", "unit", "planned", "expected") if one.has(key)}
    measurable = one.flag("measurable") if one.has("measurable") else False
    return Item(**text, measurable=measurable, checks=tuple(str(check) for check in one.list("checks")))


@app.command()
def approve(key: Key, person: Person, by: By, at: At = None) -> None:
    """Approve, agree or sign a plan, as the act asks; from then on it is in force."""
    _step(key, person, by, at, plan_steps.approve, "is in force")


@app.command("return")
def give_back(
    key: Key,
    person: Person,
    by: By,
    reason: Annotated[str, typer.Option(help="What must be corrected.")],
    at: At = None,
) -> None:
    """Send a plan back for correction."""
    with work() as session:
        whose, who = facts.person_id(session, person), facts.person_id(session, by)
        moment = when(at, plans.find_round(session, key).time_zone)
        again = plan_steps.give_back(session, key, whose, reason, who, moment)
    line(f"The plan of {person} was sent back" + (f"; it is handed in again by {again}." if again else "."))


@app.command()
def place(key: Key, person: Person, by: By, at: At = None) -> None:
    """HR keeps the plan, or places it in the information system."""
    _step(key, person, by, at, plan_steps.place, "is placed")


def _step(key: str, person: str, by: str, at: str | None, act: Any, says: str) -> None:
    with work() as session:
        whose, who = facts.person_id(session, person), facts.person_id(session, by)
        act(session, key, whose, who, when(at, plans.find_round(session, key).time_zone))
    line(f"The plan of {person} in {key} {says}.")


@app.command()
def monitor(
    key: Key,
    person: Person,
    by: By,
    period: Annotated[str, typer.Option(help="The quarter, as 2018-Q1.")],
    recommendations: Annotated[str, typer.Option(help="The written recommendations.")] = "",
    at: At = None,
) -> None:
    """Record the quarterly monitoring with its written recommendations."""
    with work() as session:
        whose, who = facts.person_id(session, person), facts.person_id(session, by)
        moment = when(at, plans.find_round(session, key).time_zone)
        plan_watch.monitor(session, key, whose, period, recommendations, who, moment)
    line(f"The monitoring of {period} is recorded for {person}.")


@app.command()
def calculate(
    key: Key,
    person: Person,
    by: By,
    period: Annotated[str, typer.Option(help="The quarter, as 2023-Q4.")],
    actual: Annotated[list[str], typer.Option(help="NUMBER=VALUE or NUMBER=VALUE@PER_CENT, once for each indicator.")],
    at: At = None,
) -> None:
    """HR's preliminary calculation of the actual values, sent to the evaluator."""
    values = dict(_actual(one) for one in actual)
    if len(values) < len(actual):
        raise BadFile("An indicator comes twice; give one value for each.")
    with work() as session:
        whose, who = facts.person_id(session, person), facts.person_id(session, by)
        moment = when(at, plans.find_round(session, key).time_zone)
        version = plan_watch.calculate(session, key, whose, period, values, who, moment)
    line(f"The calculation of {period} for {person} is recorded, version {version}.")


def _actual(text: str) -> tuple[int, tuple[str, Decimal | None]]:
    number, sign, value = text.partition("=")
    value, at, share = value.partition("@")
    try:
        found = row_of(number), (value.strip(), mark_of(share) if at else None)
    except Incomplete:
        found = 0, ("", None)
    if not found[1][0]:
        raise BadFile(f"'{text}' is no value of an indicator; write 1=120 or 1=120@95{'' if sign else ' with ='}.")
    return found
