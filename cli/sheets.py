"""`bagalau sheets`: take signed sheets over, show one as PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import Session

from cli.common import At, By, Json, Key, case_of, rows_of, when
from cli.printing import as_json, line
from cli.sheet_acts import add_to
from cli.sheet_files import listed
from models import Cycle
from models.sheet import EVALUATOR, SELF
from models.work import reading, work
from rules.errors import BadFile, Incomplete, NotFound
from rules.marks import mark_of, row_of
from services import facts, filled, sheets
from services.ground import Ground, find_cycle, ground_of
from services.paper import sheet_pdf
from tasks.nudge import nudge

app = typer.Typer(no_args_is_help=True)
add_to(app)
#: files that hold a list of sheets of any form
LISTS = (".json", ".yaml", ".yml")


@app.command("import")
def import_sheets(
    key: Key, file: Path, by: By, own: Annotated[bool, typer.Option("--own", help="The servants' own parts.")] = False,
    at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """Take signed sheets over, all or none.

    Rows of marks from a table: personnel_no, a column for each row of the form (1..5), comment_1 ...; sheets of any other
    form from a JSON or YAML list: personnel_no, perhaps signed_at, and the fields of the form.
    """
    with work() as session:
        cycle = find_cycle(session, key)
        actor, moment = f"person/{facts.person_id(session, by)}", when(at, cycle.time_zone)
        cases = facts.assessments(session, cycle.id or 0)
        if file.suffix.lower() in LISTS:
            done = filled.take(
                session, cycle, listed(file, cases, cycle.time_zone), moment, actor, SELF if own else EVALUATOR
            )
        else:
            done = _import_marks(session, cycle, file, cases, moment, actor)
    nudge(key, "sheets")
    if json:
        as_json({"sheets": done})
    else:
        line(f"{done} signed sheets were taken over.")


def _import_marks(
    session: Session, cycle: Cycle, file: Path, cases: dict[str, int], moment: datetime, actor: str
) -> int:
    ground = ground_of(session, cycle)
    numbers = [str(row.number) for row in ground.law.form(_of_rows(ground)).parameters]
    return sheets.submit_many(session, cycle, _signed(file, numbers, cases), moment, actor)


def _of_rows(ground: Ground) -> str:
    """The first form of the evaluation that is a list of marks."""
    of_rows = [one.form for one in ground.evaluation.forms if filled.by_rows(ground, one.form)]
    if not of_rows:
        raise BadFile(
            f"The sheets of {ground.law.act}, evaluation '{ground.evaluation.id}', are no rows of marks; hand in a JSON or "
            "YAML list with `sheets import`, or the fields of one form with `sheets fill`."
        )
    return of_rows[0]


def _signed(file: Path, numbers: list[str], cases: dict[str, int]) -> list[sheets.SignedSheet]:
    given, problems = [], []
    for row, cells in rows_of(file, ("personnel_no", *numbers)):
        try:
            given.append(_sheet(cells, numbers, cases))
        except (NotFound, Incomplete) as trouble:
            problems.append(f"{file.name}, row {row}: {trouble}")
    if problems:
        raise BadFile(f"{file.name} was not taken over.", tuple(problems[:50]))
    return given


def _sheet(cells: dict[str, str], numbers: list[str], cases: dict[str, int]) -> sheets.SignedSheet:
    number = cells["personnel_no"]
    if number not in cases:
        raise NotFound(f"the person with the number '{number}' is not part of this cycle.")
    marks = {int(n): mark_of(cells[n]) for n in numbers if cells.get(n)}
    comments = {int(n): text for n in numbers if (text := cells.get(f"comment_{n}", ""))}
    return sheets.SignedSheet(cases[number], marks, comments)


@app.command()
def sign(
    key: Key, evaluatee: str, marks: list[str], by: By, comment: Annotated[list[str] | None, typer.Option()] = None,
    at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """The evaluator signs one sheet: marks in the order of the form; a comment as 5=reason."""
    try:
        given = {n: mark_of(mark) for n, mark in enumerate(marks, 1)}
        remarks = {row_of(n): text for n, _, text in (one.partition("=") for one in comment or [])}
    except Incomplete as trouble:
        raise typer.BadParameter(f"{trouble} A comment is written 5=reason.") from None
    with work() as session:
        signer, cycle = facts.person_id(session, by), find_cycle(session, key)
        case = case_of(session, key, evaluatee)
        moment = when(at, cycle.time_zone)
        _of_rows(ground_of(session, cycle))
        sheets.submit(session, sheets.SignedSheet(case, given, remarks, signer), moment, f"person/{signer}")
    nudge(key, "sheet")
    if json:
        as_json({"assessment": case, "stage": "marked"})
    else:
        line("The sheet is signed.")


@app.command("print")
def print_sheet(key: Key, evaluatee: str, file: Path) -> None:
    """Write a person's sheet as PDF."""
    with reading() as session:
        file.write_bytes(sheet_pdf(session, case_of(session, key, evaluatee)))
    line(f"The sheet is in {file}.")
