"""`bagalau cycle`: open a cycle, approve its schedule, move it on, see how it stands. Works without Prefect."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.common import At, By, Day, Json, Key, a_day, when
from cli.printing import as_json, counted, line, said, table
from methodologies import load, read_organisation
from models.schema import upgrade
from models.work import database_url, reading, work
from rules.errors import Incomplete, NotFound, RuleError
from rules.period import Period
from services import abandoning, advance, facts, officials, retention, sheets
from services import cycle as cycles
from services.chart import mermaid
from services.ground import find_cycle, ground_of
from services.paper import make_papers
from services.plan import crowded_evaluators
from settings import settings
from tasks.nudge import nudge

app = typer.Typer(no_args_is_help=True)


@app.command("open")
def open_cycle(
    period: Annotated[str, typer.Option(help="The quarter, as 2026-Q3, or the year, as 2026.")],
    by: By,
    organisation: Annotated[Path | None, typer.Option(help="The body's own file.")] = None,
    evaluation: Annotated[str | None, typer.Option(help="Kind of evaluation; otherwise the act's first.")] = None,
    starts: Day = None,
    ends: Day = None,
    at: At = None,
    json: Json = False,
) -> None:
    """Plan a quarter or a year: who is evaluated by whom, who is exempt, every date with its point of the act."""
    file = organisation or settings().organisation
    body = read_organisation(file)
    Period.parse(period)
    if database_url().startswith("sqlite"):  # a server's database is upgraded by its operator: bagalau db upgrade
        upgrade(database_url())
    with work() as session:
        actor = f"person/{facts.person_id(session, by)}"
        key = cycles.open_cycle(
            session, file, body.act, period, when(at, body.time_zone), actor, evaluation, (a_day(starts), a_day(ends))
        )
    with reading() as session:
        _show(cycles.status(session, key), json)


@app.command()
def schedule(
    key: Key,
    by: By,
    starts: Day = None,
    ends: Day = None,
    agreed_with: Annotated[str, typer.Option(help="Personnel number of the chair of the Commission.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Set the first and the last day of the evaluation in a draft schedule."""
    first = a_day(starts)
    if first is None:
        raise Incomplete("Give the first day of the evaluation: --starts 2026-12-01.")
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        actor = f"person/{facts.person_id(session, by)}"
        cycles.set_schedule(session, key, first, a_day(ends), moment, actor, agreed_with)
    with reading() as session:
        _show(cycles.status(session, key, datetime.now(UTC)), json)


@app.command()
def approve(key: Key, by: By, at: At = None, json: Json = False) -> None:
    """The appointing official approves the schedule."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        cycles.approve_schedule(session, key, moment, f"person/{facts.person_id(session, by)}")
    nudge(key, "approved")
    with reading() as session:
        _show(cycles.status(session, key, datetime.now(UTC)), json)


@app.command("advance")
def advance_cycles(
    key: Annotated[str | None, typer.Argument(help="One cycle; left out: every open one.")] = None, json: Json = False
) -> None:
    """Do now what the law and the answers allow, without Prefect. Safe to run twice."""
    now = datetime.now(UTC)
    with reading() as session:
        keys = [find_cycle(session, key).key] if key else cycles.unclosed(session)
    done: dict[str, dict[str, int]] = {}
    refused: list[str] = []
    for one in keys:
        try:
            done[one] = _walk(one, now)
        except RuleError as refusal:  # the others go on
            refused.append(str(refusal) if key else f"{one}: {refusal}")
    if json:
        as_json(done)
    for one, moved in done.items() if not json else ():
        said = ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in moved.items() if count)
        line(f"{one}: {said or 'nothing to do now'}")
    if refused:
        raise RuleError("\n".join(refused))


def _walk(key: str, now: datetime) -> dict[str, int]:
    with work() as session:
        if not advance.begin(session, key, now):
            return {}
    moved = {}
    for step in advance.WALK:
        with work() as session:
            moved[step.__name__] = step(session, key, now)
    with work() as session:
        advance.finish(session, key, now)
    return moved


@app.command()
def status(key: Key, json: Json = False) -> None:
    """How a cycle stands: counts by stage, the dates, and what needs a person's hand."""
    with reading() as session:
        _show(cycles.status(session, key, datetime.now(UTC)), json)


@app.command("list")
def list_cycles(json: Json = False) -> None:
    """Every cycle with its stage."""
    with reading() as session:
        found = cycles.every(session)
    if json:
        as_json(found)
    else:
        columns = ("key", "act", "period", "stage", "opened_at", "closed_at")
        table(columns, ([said(one[name], str(one["time_zone"])) for name in columns] for one in found))


@app.command()
def people(
    key: Key, stage: Annotated[str | None, typer.Option(help="One stage only.")] = None, json: Json = False
) -> None:
    """Who is evaluated by whom on which form, who is exempt and why; people by personnel number, no marks."""
    with reading() as session:
        found = cycles.people(session, find_cycle(session, key), stage)
    if json:
        as_json(found)
    else:
        columns = ("person", "stage", "form", "evaluator", "marker", "dismissed", "rules", "note")
        table(columns, ([one[name] for name in columns] for one in found))


@app.command()
def dispose(key: Key, by: By, json: Json = False) -> None:
    """Destroy the sheets whose term of keeping is over; the journal stays."""
    with work() as session:
        done = retention.dispose_due(
            session, find_cycle(session, key), datetime.now(UTC), f"person/{facts.person_id(session, by)}"
        )
    _said({"disposed": done}, f"{done} sheets were destroyed; the others are still kept by law.", json)


@app.command()
def replace(key: Key, evaluator: str, substitute: str, why: str, by: By, at: At = None, json: Json = False) -> None:
    """Give the open sheets of an absent evaluator to the person who replaces them."""
    with work() as session:
        cycle = find_cycle(session, key)
        cases = sheets.open_sheets_of(session, cycle, facts.person_id(session, evaluator))
        done = sheets.replace_evaluator(
            session, cases, facts.person_id(session, substitute), why, when(at, cycle.time_zone),
            f"person/{facts.person_id(session, by)}",
        )  # fmt: skip
    _said({"replaced": done}, f"{done} sheets now lie with {substitute}.", json)


@app.command()
def designate(key: Key, designee: str, evaluatees: list[str], by: By, at: At = None, json: Json = False) -> None:
    """Name a servant who also evaluates, where the evaluator has more people than the act's number."""
    with work() as session:
        cycle = find_cycle(session, key)
        cases = [facts.assessment_id(session, cycle.id or 0, one) for one in evaluatees]
        done = sheets.designate(
            session, cases, facts.person_id(session, designee), when(at, cycle.time_zone),
            f"person/{facts.person_id(session, by)}",
        )  # fmt: skip
    _said({"designated": done}, f"{done} sheets now lie with {designee}.", json)


@app.command("abandon")
def abandon_cycle(
    key: Key, by: By, reason: Annotated[str, typer.Option(help="Why; it is kept in the journal.")], at: At = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Give up a plan nobody was told of yet; the period can be opened again."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        abandoning.abandon(session, key, reason, moment, facts.person_id(session, by))
    nudge(key, "abandoned")
    _said({"key": key, "stage": "abandoned"}, f"{key} is abandoned; `cycle open` opens its period again.", json)


@app.command("officials")
def change_officials(
    key: Key,
    appointing: Annotated[str | None, typer.Option(help="The official with the right of appointment.")] = None,
    hr: Annotated[str | None, typer.Option(help="The HR officer.")] = None,
    hr_deputy: Annotated[str | None, typer.Option(help="Who may stand in for the HR officer.")] = None,
    head_of_body: Annotated[str | None, typer.Option(help="Evaluates heads of units outside B-1 and C-O-1.")] = None,
    from_day: Annotated[datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day, as 2026-10-12.")] = None,
    order: Annotated[str, typer.Option(help="The order, by number and date.")] = "",
    by: Annotated[str | None, typer.Option(help="Personnel number of the official who enters it.")] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Show who holds which role, or replace one who leaves, from a day on and by an order."""
    named = {"appointing_official": appointing, "hr_officer": hr, "hr_deputy": hr_deputy, "head_of_body": head_of_body}
    given = {role: number for role, number in named.items() if number}
    if given and not (from_day and by and order):
        raise typer.BadParameter("a change needs --from DATE, --order TEXT and --by NO.")
    if given and from_day and by:
        with work() as session:
            people = {role: facts.person_id(session, number) for role, number in given.items()}
            officials.change(
                session, find_cycle(session, key), people, from_day.date(), order, facts.person_id(session, by),
                datetime.now(UTC),
            )  # fmt: skip
        nudge(key, "officials")
    with reading() as session:
        found = officials.listed(session, find_cycle(session, key))
    if json:
        as_json(found)
    else:
        table(("role", "person", "from", "order"), ((one.role, one.person, one.from_day, one.order) for one in found))


@app.command()
def papers(key: Key, folder: Path, json: Json = False) -> None:
    """Write the schedule, the sheets, the list of familiarisation, acts and protocols as PDF into a folder."""
    with reading() as session:
        done = make_papers(session, key, folder, datetime.now(UTC))
    _said({"documents": done, "folder": str(folder)}, f"{counted(done, 'documents were')} written to {folder}.", json)


@app.command()
def diagram(
    methodology: Annotated[str, typer.Argument(help="Id of the methodology.")] = "nchr-2024",
    evaluation: Annotated[str | None, typer.Option(help="Kind of evaluation; otherwise the act's first.")] = None,
) -> None:
    """The life of an assessment as a Mermaid state diagram, drawn from the table of permitted steps."""
    act = load(methodology)
    if evaluation is not None and evaluation not in act.evaluations:
        raise NotFound(f"{act.id} has no evaluation '{evaluation}'; it has: {', '.join(act.evaluations)}.")
    print(mermaid(act.evaluations[evaluation or next(iter(act.evaluations))]))


def _said(data: dict[str, Any], sentence: str, json: bool) -> None:
    if json:
        as_json(data)
    else:
        line(sentence)


def _show(found: cycles.CycleStatus, json: bool) -> None:
    if json:
        as_json(found)
        return
    line(
        f"{found.key}: {found.act}, {found.period}, {found.stage}; {counted(found.people, 'people')}, {found.exempt} not evaluated"
    )
    table(("stage", "people"), found.counts.items())
    table(
        ("deadline", "due", "target", "point"),
        ((one.deadline_id, one.due, one.target, one.point) for one in found.terms if one.binds),
    )
    if others := len({one.deadline_id for one in found.terms if not one.binds}):
        line(
            f"{counted(others, 'deadlines')} more of the act or the body: nobody in this cycle is bound (--json lists them)."
        )
    for one in found.findings:
        line(one.says)
    with reading() as session:
        cycle = find_cycle(session, found.key)
        source = ground_of(session, cycle).cite("designated")
        for person, count in crowded_evaluators(session, cycle).items():
            number = facts.personnel_no(session, person)
            line(f"Evaluator {number} has {count} people{source}: designees may also evaluate; see `cycle designate`.")
