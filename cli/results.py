"""`bagalau results`: who opened, who refused; a correction; the annual mark."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.common import At, By, Json, Key, case_of, rows_of, when
from cli.printing import as_json, line, table
from methodologies import read_organisation
from models.work import reading, work
from rules.errors import BadFile
from rules.words import counted
from services import annual, consequences, facts, familiarisation, scoring, service_record, written
from services.ground import find_cycle
from settings import settings
from tasks.nudge import nudge

app = typer.Typer(no_args_is_help=True)


@app.command()
def opened(key: Key, file: Path, by: By, json: Json = False) -> None:
    """Take over who opened the result and when, from a list: personnel_no, opened_at (2026-10-20T17:30)."""
    with work() as session:
        cycle = find_cycle(session, key)
        cases = facts.assessments(session, cycle.id or 0)
        given, problems = [], []
        for row, cells in rows_of(file, ("personnel_no", "opened_at")):
            number = cells["personnel_no"]
            if number not in cases:
                problems.append(
                    f"{file.name}, row {row}: the person with the number '{number}' is not part of this cycle."
                )
                continue
            given.append((cases[number], when(cells["opened_at"], cycle.time_zone)))
        if problems:
            raise BadFile(f"{file.name} was not taken over.", tuple(problems[:50]))
        actor = f"person/{facts.person_id(session, by)}"
        done = familiarisation.opened_many(session, cycle, given, datetime.now(UTC), actor)
    nudge(key, "opened")
    _said({"opened": done}, f"{counted(done, 'people')} opened their result.", json)


@app.command()
def refused(
    key: Key, evaluatee: str, by: By,
    witness: Annotated[list[str] | None, typer.Option(help="Who signs beside HR, as the act of law asks; two, for most.")] = None,
    words: Annotated[str, typer.Option(help="The person's own words, if any.")] = "", at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """Record that a person refused to learn the result; the act has three signers."""
    with work() as session:
        officer = facts.person_id(session, by)
        familiarisation.refuse(
            session, case_of(session, key, evaluatee), officer, [facts.person_id(session, one) for one in witness or ()],
            words, when(at, find_cycle(session, key).time_zone), f"person/{officer}",
        )  # fmt: skip
    nudge(key, "refused")
    _said({"stage": "familiarised", "how": "refused"}, "The act of refusal is recorded.", json)


@app.command()
def signed(
    key: Key, by: By, evaluatee: Annotated[list[str], typer.Argument(help="Who signed for the result.")], at: At = None,
    json: Json = False,
) -> None:  # fmt: skip
    """HR records that servants signed for their results in writing."""
    with work() as session:
        cycle = find_cycle(session, key)
        cases = [case_of(session, key, one) for one in evaluatee]
        moment = when(at, cycle.time_zone)
        done = written.acknowledge(session, cycle, cases, facts.person_id(session, by), moment)
    nudge(key, "signed")
    _said({"acknowledged": done}, f"{counted(done, 'servants')} signed for their results.", json)


@app.command()
def dispatch(
    key: Key, evaluatee: str, reference: Annotated[str, typer.Argument(help="Number and date of the message.")], by: By,
    channel: Annotated[str, typer.Option(help="Left out: the one the act names.")] = "", at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """Record that the result was sent to a servant who refused to be familiarised."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        way = written.dispatch(
            session, case_of(session, key, evaluatee), reference, facts.person_id(session, by), moment, channel
        )
    nudge(key, "dispatched")
    _said({"channel": way, "reference": reference}, f"The result was sent by {way}.", json)


@app.command()
def correct(key: Key, evaluatee: str, why: str, by: By, at: At = None, json: Json = False) -> None:
    """Compute a result again from the facts known today; the old result is kept."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        found = scoring.correct(
            session, case_of(session, key, evaluatee), why, moment, f"person/{facts.person_id(session, by)}"
        )
    nudge(key, "corrected")
    _said({"score": found.score, "grade": found.grade}, "The result was corrected; the person is told anew.", json)


@app.command("annual")
def form_annual(
    year: int, by: By,
    evaluation: Annotated[str | None, typer.Option(help="Whose quarters count; left out: the act's first with such a mark.")] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """Form the final marks of a year from its quarters, where the act of the body has such marks."""
    body = read_organisation(settings().organisation)
    with work() as session:
        actor = f"person/{facts.person_id(session, by)}"
        done = annual.form_annual(
            session, body.act, year, datetime.now(UTC), actor, settings().organisation, evaluation
        )
    _said({"formed": done}, f"{done} annual marks were formed.", json)


@app.command("consequences")
def list_consequences(
    key: Annotated[str | None, typer.Argument(help="Key of the cycle; or --person.")] = None,
    person: Annotated[str | None, typer.Option(help="Personnel number: everything that follows from this person's results.")] = None,
    json: Json = False,
) -> None:  # fmt: skip
    """What follows from results by the act: grounds, terms and bans, each with its point; it decides nothing."""
    if (key is None) == (person is None):
        raise typer.BadParameter("Give the key of a cycle, or a person with --person.")
    with reading() as session:
        found = consequences.of_cycle(session, key) if key else consequences.of_person(session, person or "")
    if json:
        as_json(found)
        return
    table(
        ("person", "result", "consequence", "basis for", "not for", "bars from", "until", "act", "entered"),
        (
            (
                one.person, one.because, one.what.en, ", ".join(one.basis_for), ", ".join(one.not_for),
                ", ".join(one.forbids) + ("" if one.stands in (None, True) else " (a later result ended it)"),
                one.due, f"{', '.join(one.rules)}, {one.point}", one.entered,
            )
            for one in found
        ),
    )  # fmt: skip


@app.command("entered")
def enter(
    key: Key, by: By, reference: Annotated[str, typer.Option(help="Where the entries stand, by number and date.")],
    evaluatee: Annotated[list[str] | None, typer.Option(help="Whose results; left out: all that are final.")] = None,
    at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """Record that HR entered results in the service records."""
    with work() as session:
        cycle = find_cycle(session, key)
        ids = [case_of(session, key, one) for one in evaluatee] if evaluatee else None
        done = service_record.enter(
            session, cycle, reference, facts.person_id(session, by), when(at, cycle.time_zone), ids
        )
    _said({"entered": done}, f"{counted(done, 'results were')} entered in the service records.", json)


def _said(data: dict[str, object], sentence: str, json: bool) -> None:
    if json:
        as_json(data)
    else:
        line(sentence)
