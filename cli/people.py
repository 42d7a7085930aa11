"""`bagalau people`: read the staff file, list who is known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from cli.printing import as_json, line, note, table
from methodologies import act_of
from models.schema import upgrade
from models.work import database_url, reading, work
from rules.errors import BadFile
from rules.words import counted
from services import facts, people, staff_file
from services.findings import printed
from settings import settings

app = typer.Typer(no_args_is_help=True, help="Read the staff file; list people.")
_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
#: a file this large is worth a bar, in bytes; about 5,000 rows
_WORTH_A_BAR = 1_500_000


@app.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="The staff file, CSV (UTF-8) or XLSX; see docs/people.md.")],
    by: Annotated[str | None, typer.Option(help="Personnel number of the officer who imports it.")] = None,
    json: _Json = False,
) -> None:
    """Bring the database to what the staff file says: all of it, or nothing with every finding listed."""
    _ready()
    try:
        with work() as session, _bar(file) as progress:
            actor = f"person/{facts.person_id(session, by)}" if by else "operator/command-line"
            act = act_of(settings().organisation)
            outcome = people.import_staff(session, file, actor, datetime.now(UTC), act, progress)
    except BadFile as refusal:
        _refused(refusal, json)
    if json:
        as_json(outcome)
        return
    for question in outcome.questions[:50]:
        note(f"Please check: {question}")
    if len(outcome.questions) > 50:
        note(f"Please check: {len(outcome.questions) - 50} more like these; --json lists them.")
    line(
        f"{file.name}: {counted(outcome.rows, 'rows')}, {counted(outcome.people, 'people')}: {outcome.created} new, "
        f"{outcome.changed} changed, {outcome.unchanged} unchanged; "
        f"{outcome.structure} bodies, units and posts new or changed."
    )


def _refused(refusal: BadFile, json: bool) -> None:
    if json:
        as_json({"refused": str(refusal), "problems": refusal.problems})
    else:
        note("\n".join([*printed(refusal), str(refusal)]))
    raise typer.Exit(1) from None


@app.command("list")
def list_known(
    unit: Annotated[str | None, typer.Option(help="Only the people of this unit, by its code.")] = None,
    page: Annotated[int, typer.Option(min=1, help="Which page.")] = 1,
    size: Annotated[int, typer.Option(min=1, max=1000, help="People on a page.")] = 100,
    json: _Json = False,
) -> None:
    """The people known, in the order of the Kazakh alphabet, with their latest appointment."""
    _ready()
    with reading() as session:
        lines, total = people.list_people(session, unit=unit, page=page, size=size)
    if json:
        as_json({"total": total, "page": page, "size": size, "people": lines})
        return
    columns = ("number", "name", "unit", "post", "category", "leader", "appointed", "ended", "supervisor")
    rows = [
        (one.personnel_no, one.full_name, one.unit, one.post_kk, one.category, "yes" if one.leadership else "",
         one.appointed_on, one.ended_on, one.supervisor)
        for one in lines
    ]  # fmt: skip
    table(columns, rows)
    line(f"Page {page} of {max(1, -(-total // size))}, {counted(total, 'people')} in all.")


def _ready() -> None:
    """The embedded database is made when it is first needed; a server's is upgraded only by `bagalau db upgrade`."""
    if not settings().database_url:
        upgrade(database_url())


@contextmanager
def _bar(file: Path) -> Iterator[staff_file.Progress | None]:
    if not file.is_file() or file.stat().st_size < _WORTH_A_BAR:
        yield None
        return
    columns = (TextColumn("Reading {task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("rows"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as drawn:
        task = drawn.add_task(file.name, total=None)
        yield lambda rows: drawn.update(task, completed=rows)
