"""What further happens to a sheet: the own part, a sheet of any form, agreement, return, the servant's signature."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.common import At, By, Json, Key, case_of, when
from cli.printing import said_or_json
from cli.sheet_files import a_sheet
from models.work import work
from rules.words import counted
from services import agreement, facts, filled, own_part
from services.ground import find_cycle
from tasks.nudge import nudge

Evaluatee = Annotated[str, typer.Argument(help="Personnel number of the evaluated servant.")]
SheetFile = Annotated[Path, typer.Argument(help="JSON or YAML with the fields of the form.")]


def add_to(app: typer.Typer) -> None:
    """Give the noun `sheets` these commands."""
    for name, command in (
        ("self", self_evaluate),
        ("without-own", go_on_without),
        ("fill", fill),
        ("agree", agree),
        ("return", send_back),
        ("countersign", countersign),
        ("refuse", refuse_to_sign),
    ):
        app.command(name)(command)


def self_evaluate(key: Key, evaluatee: Evaluatee, file: SheetFile, at: At = None, json: Json = False) -> None:
    """The servant hands the own part of the sheet to the supervisor."""
    with work() as session:
        person, case = facts.person_id(session, evaluatee), case_of(session, key, evaluatee)
        moment = when(at, find_cycle(session, key).time_zone)
        filled.self_evaluate(session, a_sheet(file, case, person), person, moment)
    nudge(key, "sheet")
    said_or_json({"assessment": case, "stage": "self_evaluated"}, "The own part lies with the supervisor.", json)


def go_on_without(
    key: Key, evaluatee: Evaluatee, why: Annotated[str, typer.Argument(help="Why there is no own part.")], by: By,
    at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """The supervisor goes on without the servant's own part after the body's term for it."""
    with work() as session:
        case, moment = case_of(session, key, evaluatee), when(at, find_cycle(session, key).time_zone)
        own_part.go_on(session, case, why, facts.person_id(session, by), moment)
    nudge(key, "sheet")
    said_or_json({"assessment": case, "stage": "self_evaluated"}, "The sheet goes on without the own part.", json)


def fill(key: Key, evaluatee: Evaluatee, file: SheetFile, by: By, at: At = None, json: Json = False) -> None:
    """The evaluator signs a sheet of any form, filled in as a file."""
    with work() as session:
        signer, case = facts.person_id(session, by), case_of(session, key, evaluatee)
        moment = when(at, find_cycle(session, key).time_zone)
        filled.sign(session, a_sheet(file, case, signer), moment, f"person/{signer}")
    nudge(key, "sheet")
    said_or_json({"assessment": case, "stage": "marked"}, "The sheet is signed.", json)


def agree(
    key: Key,
    by: By,
    evaluatee: Annotated[list[str] | None, typer.Argument(help="Whose sheets; left out: all that wait.")] = None,
    at: At = None,
    json: Json = False,
) -> None:
    """The superior supervisor agrees with sheets."""
    with work() as session:
        cycle = find_cycle(session, key)
        cases = [case_of(session, key, one) for one in evaluatee] if evaluatee else None
        moment = when(at, cycle.time_zone)
        done = agreement.agree(session, cycle, facts.person_id(session, by), moment, cases)
    nudge(key, "agreed")
    said_or_json({"agreed": done}, f"{counted(done, 'sheets are')} agreed.", json)


def send_back(
    key: Key,
    evaluatee: Evaluatee,
    reasons: Annotated[str, typer.Argument(help="Which facts are missing or unreliable.")],
    by: By,
    at: At = None,
    json: Json = False,
) -> None:
    """Send a sheet back for correction, with the reasons."""
    with work() as session:
        case = case_of(session, key, evaluatee)
        moment = when(at, find_cycle(session, key).time_zone)
        agreement.send_back(session, case, reasons, facts.person_id(session, by), moment)
    nudge(key, "returned")
    said_or_json({"assessment": case, "stage": "open"}, "The sheet was sent back for correction.", json)


def countersign(key: Key, evaluatee: Evaluatee, at: At = None, json: Json = False) -> None:
    """The servant signs the agreed sheet."""
    with work() as session:
        case, moment = case_of(session, key, evaluatee), when(at, find_cycle(session, key).time_zone)
        agreement.countersign(session, case, facts.person_id(session, evaluatee), moment)
    nudge(key, "signed")
    said_or_json({"assessment": case, "stage": "signed"}, "The servant signed the sheet.", json)


def refuse_to_sign(
    key: Key,
    evaluatee: Evaluatee,
    signer: Annotated[list[str], typer.Option(help="Who signs the act, as the act of law names them.")],
    words: Annotated[str, typer.Option(help="The servant's own words, if any.")] = "",
    at: At = None,
    json: Json = False,
) -> None:
    """Record that the servant refused to sign the sheet, with the act and its signers."""
    with work() as session:
        case, moment = case_of(session, key, evaluatee), when(at, find_cycle(session, key).time_zone)
        people = [facts.person_id(session, one) for one in signer]
        agreement.refuse_to_sign(session, case, people, words, moment)
    nudge(key, "refused")
    said_or_json({"assessment": case, "stage": "signed"}, "The act of refusal is recorded; the sheet goes on.", json)
