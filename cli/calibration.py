"""`bagalau calibration`: request, decision, session, protocol, feedback."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.common import At, By, Json, Key, case_of, when
from cli.printing import as_json, line, table
from models.work import reading, work
from rules.errors import Incomplete
from rules.marks import mark_of
from rules.panel import Member
from services import calibration, facts
from services.ground import find_cycle
from tasks.nudge import nudge

app = typer.Typer(no_args_is_help=True)
Number = Annotated[
    int, typer.Argument(help="Number of the request or session, as `bagalau calibration list` shows it.")
]


@app.command("list")
def list_requests(key: Key, json: Json = False) -> None:
    """Every request of a cycle and how it stands; people by personnel number."""
    with reading() as session:
        cycle = find_cycle(session, key)
        found, zone = calibration.listed(session, cycle), cycle.time_zone
    if json:
        as_json(found)
    elif found:
        table(tuple(found[0]), (tuple(one.values()) for one in found), zone=zone)
    else:
        line("Nobody has asked for a calibration session.")


@app.command()
def request(key: Key, evaluatee: str, words: str, at: At = None, json: Json = False) -> None:
    """Record a person's free-form request; a late one is kept and marked late."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        found = calibration.request(
            session, case_of(session, key, evaluatee), facts.person_id(session, evaluatee), words, moment
        )
    nudge(key, "request")
    said = f"Request {found.request_id} is recorded; last day: {found.last_day}."
    _said(found, said + (" It is late and can only be refused." if found.late else ""), json)


@app.command("call")
def call_session(key: Key, number: Number, by: By, hr: Annotated[str, typer.Option(help="The HR member.")],
                 member: Annotated[list[str], typer.Option(help="Evaluators who sit.")], at: At = None,
                 json: Json = False) -> None:  # fmt: skip
    """The appointing official decides on a session and approves its composition."""
    with work() as session:
        members = [Member(facts.person_id(session, one), "evaluator") for one in member]
        members.append(Member(facts.person_id(session, hr), "hr"))
        moment = when(at, find_cycle(session, key).time_zone)
        made = calibration.call_session(session, number, members, facts.person_id(session, by), moment)
    nudge(key, "session")
    _said({"session": made}, f"Session {made} is called.", json)


@app.command()
def refuse(key: Key, number: Number, ground: Annotated[str, typer.Argument(help="late or not_entitled")], by: By,
           at: At = None, json: Json = False) -> None:  # fmt: skip
    """Refuse a request that came late, or from a person not entitled."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        calibration.refuse_request(session, number, ground, facts.person_id(session, by), moment)
    _said({"request": number, "state": "refused"}, f"Request {number} is refused.", json)


@app.command()
def hold(key: Key, number: Number, by: By, evaluator_argument: Annotated[str, typer.Option()],
         vote: Annotated[list[str], typer.Option(help="PERSONNEL_NO=MARK or PERSONNEL_NO=MARK=argument")],
         evaluatee_argument: Annotated[str, typer.Option()] = "",
         argued: Annotated[str | None, typer.Option(help="How the evaluatee argued: oral or written.")] = None,
         at: At = None, json: Json = False) -> None:  # fmt: skip
    """Record the session: the arguments and every member's vote."""
    if evaluatee_argument.strip() and argued is None:
        raise typer.BadParameter("say how the evaluated person argued: --argued oral or --argued written.")
    with work() as session:
        votes = [_vote(facts.person_id(session, one.partition("=")[0]), one) for one in vote]
        moment = when(at, find_cycle(session, key).time_zone)
        outcome = calibration.hold(
            session,
            number,
            votes,
            evaluator_argument,
            evaluatee_argument,
            moment,
            f"person/{facts.person_id(session, by)}",
            argued,
        )
    _said(outcome, f"{outcome.says}.", json)


def _vote(person: int, given: str) -> calibration.Vote:
    parts = given.split("=", 2)
    try:
        return calibration.Vote(person, mark_of(parts[1]), parts[2] if len(parts) > 2 else "")
    except (Incomplete, IndexError):
        raise typer.BadParameter(f"'{given}' is not a vote; write PERSONNEL_NO=4.25 in plain digits.") from None


@app.command("sign")
def sign_protocol(key: Key, number: Number, by: By, at: At = None, json: Json = False) -> None:
    """The protocol is signed; its mark becomes the final one."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        calibration.sign_protocol(session, number, moment, f"person/{facts.person_id(session, by)}")
    _said({"session": number, "stage": "protocol_signed"}, "The protocol is signed.", json)


@app.command()
def upload(key: Key, number: Number, by: By, at: At = None, json: Json = False) -> None:
    """The protocol was placed in the information system."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        calibration.upload_protocol(session, number, moment, f"person/{facts.person_id(session, by)}")
    nudge(key, "protocol")
    _said({"session": number}, "The placing of the protocol is recorded.", json)


@app.command()
def feedback(key: Key, number: Number, note: str, by: By, at: At = None, json: Json = False) -> None:
    """The evaluator met the person and gave feedback."""
    with work() as session:
        moment = when(at, find_cycle(session, key).time_zone)
        calibration.give_feedback(session, number, note, facts.person_id(session, by), moment)
    nudge(key, "feedback")
    _said({"session": number}, "The feedback meeting is recorded.", json)


def _said(data: object, sentence: str, json: bool) -> None:
    if json:
        as_json(data)
    else:
        line(sentence)
