"""`bagalau surveys`: the 360 of a year, from the invitation to the reports. Answers are sealed; nobody can read one."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.common import At, By, Json, Key, case_of, when
from cli.data_file import a_data_file
from cli.printing import as_json, counted, line, table
from models.work import reading, work
from rules.methods.fields import Fields
from services import facts, survey_reports, surveys, tallying
from services.ground import find_cycle
from services.paper import survey_report_pdf

app = typer.Typer(help="The 360: who is asked, sealed answers, reports.", no_args_is_help=True)
Person = Annotated[str, typer.Argument(help="Personnel number of the person the survey is about.")]


@app.command()
def respondents(key: Key, json: Json = False) -> None:
    """How many are asked about each person, and how many have answered; never who answered what."""
    with reading() as session:
        found = survey_reports.progress(session, key)
    if json:
        as_json(found)
        return
    table(("person", "asked", "answered"), [(one["person"], one["asked"], one["answered"]) for one in found])


@app.command()
def questionnaires(key: Key, by: By, json: Json = False) -> None:
    """The questionnaires that wait for a person."""
    with reading() as session:
        found = survey_reports.waiting(session, key, facts.person_id(session, by))
    if json:
        as_json(found)
        return
    table(("about", "as", "answered"), [(one["about"], one["circle"], one["answered"]) for one in found])


@app.command()
def answer(
    key: Key,
    person: Person,
    by: By,
    marks: Annotated[Path, typer.Option(help="JSON or YAML file with `marks`: a mark for each competency by number.")],
    at: At = None,
) -> None:
    """Answer one questionnaire; it is sealed at once and cannot be changed or read."""
    fields = Fields(a_data_file(marks), "360", file=marks.name)
    fields.only(("marks",), required=("marks",))
    given: dict[int, Decimal | None] = fields.numbered("marks", Fields.mark)
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        surveys.answer(session, case_of(session, key, person), facts.person_id(session, by), given, moment)
    line("The answer is sealed. It is counted with the others when the survey ends, and then destroyed.")


@app.command()
def close(key: Key, by: By, at: At = None) -> None:
    """HR counts a survey before its term, although some have not answered."""
    with work() as session:
        cycle = find_cycle(session, key)
        actor = survey_reports.hr_only(session, cycle, facts.person_id(session, by), datetime.now(UTC))
        done = tallying.tally(session, cycle, when(at, cycle.time_zone), actor, early=True)
    with work() as session:
        tallying.destroy_keys(session)
    line(f"{counted(done, 'people have')} a report; the answers and their key are destroyed.")


@app.command()
def report(
    key: Key,
    person: Person,
    by: By,
    pdf: Annotated[Path | None, typer.Option(help="Write it as PDF into this file.")] = None,
    language: Annotated[str | None, typer.Option(help="kk or ru; otherwise the person's own.")] = None,
    json: Json = False,
) -> None:
    """The report of one person: the mean of each competency; for the person, the evaluator and HR alone."""
    if pdf is not None:
        with reading() as session:
            who, asks = facts.person_id(session, person), facts.person_id(session, by)
            pdf.write_bytes(survey_report_pdf(session, key, who, asks, language))
        line(f"The report is in {pdf}.")
        return
    with reading() as session:
        found = survey_reports.individual(session, key, facts.person_id(session, person), facts.person_id(session, by))
    if json:
        as_json(found)
        return
    _competencies(found["competencies"])
    least = ", ".join(found["least_shown"]) or "all alike"
    line(f"Counted: {counted(found['answers'], 'answers')}{_aside(found)}. Least shown: {least}.")


@app.command()
def summary(key: Key, by: By, json: Json = False) -> None:
    """The report of the whole body by competency, and the topics for the training plan."""
    with reading() as session:
        found = survey_reports.summary(session, key, facts.person_id(session, by))
    if json:
        as_json(found)
        return
    if not found["groups"]:
        line("Nothing is shown: fewer than three people of one list of competencies have a report.")
    for group in found["groups"]:
        line(f"{group['group']}: {counted(group['people'], 'people')}")
        _competencies(group["competencies"])
        line(f"  Topics for training: {', '.join(group['topics']) or 'none stands out'}.")
    if found["unreadable"]:
        line(f"Of the whole survey {counted(found['unreadable'], 'answers')} unreadable: set aside, not counted.")


def _aside(found: dict[str, Any]) -> str:
    return f"; {counted(found['unreadable'], 'answers')} unreadable" if found["unreadable"] else ""


def _competencies(rows: list[dict[str, Any]]) -> None:
    table(("no", "competency", "mean"), [(one["n"], one["en"], one["mean"]) for one in rows])
