"""`bagalau commission`: composition, submission, sittings, votes, protocol, approval."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cli.common import At, By, Json, Key, a_day, case_of, when
from cli.motions import motion_of, motions_in, votes_of
from cli.printing import as_json, line, said_or_json, table
from models.work import reading, work
from rules.composition import Member
from rules.words import counted
from services import commission, facts, rulings, sittings, submission
from services.ground import find_cycle
from tasks.nudge import nudge

app = typer.Typer(no_args_is_help=True)
Number = Annotated[int, typer.Argument(help="Number of the sitting, as `bagalau commission show` lists it.")]
Order = Annotated[str, typer.Option(help="The order, by number and date.")]
From = Annotated[str, typer.Option("--from", help="The day from which it holds, as 2026-12-01.")]


def _day(text: str) -> date:
    return a_day(text) or date.min


@app.command()
def compose(
    key: Key, order: Order, from_day: From, chair: Annotated[str, typer.Option()],
    secretary: Annotated[str, typer.Option()], member: Annotated[list[str], typer.Option()], by: By,
    at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """An order creates the Commission or replaces its whole composition."""
    with work() as session:
        cycle = find_cycle(session, key)
        seats = [(chair, "chair"), (secretary, "secretary"), *((one, "member") for one in member)]
        members = [Member(facts.person_id(session, number), capacity) for number, capacity in seats]
        made = commission.compose(
            session, cycle, members, order, _day(from_day), facts.person_id(session, by), when(at, cycle.time_zone)
        )
    said_or_json({"order": made}, f"The composition of the Commission holds from {from_day}.", json)


@app.command()
def amend(
    key: Key, order: Order, from_day: From, leave: Annotated[list[str], typer.Option(help="Who leaves.")],
    join: Annotated[list[str], typer.Option(help="Who comes, as NUMBER=member, =chair or =secretary.")], by: By,
    at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """An amending order replaces members or the chair; the others keep their seats."""
    with work() as session:
        cycle = find_cycle(session, key)
        come = [(number, capacity or "member") for number, _, capacity in (one.partition("=") for one in join)]
        members = [Member(facts.person_id(session, number), capacity) for number, capacity in come]
        gone = [facts.person_id(session, one) for one in leave]
        made = commission.amend(
            session, cycle, gone, members, order, _day(from_day), facts.person_id(session, by),
            when(at, cycle.time_zone),
        )  # fmt: skip
    said_or_json({"order": made}, f"The composition of the Commission is amended from {from_day}.", json)


@app.command()
def submit(
    key: Key, by: By, document: Annotated[list[str] | None, typer.Option(help="NAME=reference, repeatable.")] = None,
    evaluatee: Annotated[list[str] | None, typer.Option(help="Whose sheets; left out: all that are ready.")] = None,
    at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """HR submits computed sheets, with the documents of the act."""
    papers = dict(one.partition("=")[::2] for one in document or [])
    with work() as session:
        cycle = find_cycle(session, key)
        cases = [case_of(session, key, one) for one in evaluatee] if evaluatee else None
        done = submission.submit(session, cycle, papers, facts.person_id(session, by), when(at, cycle.time_zone), cases)
    nudge(key, "submitted")
    said_or_json({"submitted": done}, f"{counted(done, 'sheets lie')} before the Commission.", json)


@app.command()
def call(key: Key, day: Annotated[str, typer.Argument(help="The day agreed with the chair.")], by: By, at: At = None,
         json: Json = False) -> None:  # fmt: skip
    """HR calls a sitting for a day agreed with the chair."""
    with work() as session:
        cycle = find_cycle(session, key)
        made = submission.call(session, cycle, _day(day), facts.person_id(session, by), when(at, cycle.time_zone))
    said_or_json({"call": made, "day": day}, f"A sitting is called for {day}.", json)


@app.command()
def sit(key: Key, by: By, present: Annotated[list[str], typer.Option(help="Who came, the secretary too.")],
        at: At = None, json: Json = False) -> None:  # fmt: skip
    """The Commission sits; it needs its quorum."""
    with work() as session:
        cycle = find_cycle(session, key)
        people = [facts.person_id(session, one) for one in present]
        held = sittings.hold(session, cycle, people, facts.person_id(session, by), when(at, cycle.time_zone))
    late = f" It is after {held.last_day}, the last day of the evaluation." if held.late else ""
    said_or_json(held, f"Sitting {held.sitting} is held.{late}", json)


@app.command()
def decide(
    key: Key, number: Number, by: By,
    vote: Annotated[list[str] | None, typer.Option(help="NUMBER=approve or NUMBER=revise, repeatable.")] = None,
    case: Annotated[str | None, typer.Option(help="The servant; left out: every result that is left.")] = None,
    score: Annotated[str | None, typer.Option(help="The corrected number.")] = None,
    result: Annotated[list[str] | None, typer.Option(help="PART=result, a corrected result.")] = None,
    explanation: Annotated[str, typer.Option(help="Why it is corrected.")] = "",
    file: Annotated[Path | None, typer.Option(help="JSON or YAML list of votes, instead.")] = None,
    at: At = None, json: Json = False,
) -> None:  # fmt: skip
    """Record open votes and what they decide: on one case, on all that is left, or a whole file of them."""
    with work() as session:
        cycle = find_cycle(session, key)
        if file is not None:
            motions = motions_in(session, cycle, file)
        else:
            motions = [motion_of(session, cycle, votes_of(vote or []), case, score, result or [], explanation)]
        moment = when(at, cycle.time_zone)
        sittings.sitting(session, number, cycle.id)
        done = rulings.decide(session, number, motions, facts.person_id(session, by), moment)
    nudge(key, "decided")
    said_or_json(done, f"{counted(done.approved, 'results are')} approved, {done.revised} revised.", json)


@app.command()
def protocol(key: Key, number: Number, reference: Annotated[str, typer.Argument(help="Number and date.")], by: By,
             at: At = None, json: Json = False) -> None:  # fmt: skip
    """The protocol of a sitting is signed."""
    with work() as session:
        cycle = find_cycle(session, key)
        moment = when(at, cycle.time_zone)
        sittings.sitting(session, number, cycle.id)
        sittings.sign_protocol(session, number, reference, facts.person_id(session, by), moment)
    said_or_json({"sitting": number, "protocol": reference}, "The protocol is signed.", json)


@app.command()
def approve(key: Key, number: Number, by: By, at: At = None, json: Json = False) -> None:
    """The authorised person approves the results of a sitting."""
    with work() as session:
        cycle = find_cycle(session, key)
        moment = when(at, cycle.time_zone)
        sittings.sitting(session, number, cycle.id)
        done = sittings.approve(session, number, facts.person_id(session, by), moment)
    nudge(key, "approved")
    said_or_json({"approved": done}, f"{counted(done, 'results are')} approved.", json)


@app.command()
def show(key: Key, json: Json = False) -> None:
    """The composition by its orders, the sittings, and how many results wait; people by personnel number."""
    with reading() as session:
        cycle = find_cycle(session, key)
        seats, held = commission.listed(session, cycle), sittings.listed(session, cycle)
        left, zone = submission.waiting(session, cycle), cycle.time_zone
    if json:
        as_json({"composition": seats, "sittings": held, "waiting": left})
        return
    if seats:
        table(tuple(seats[0]), (tuple(one.values()) for one in seats), "Composition", zone)
    if held:
        table(tuple(held[0]), (tuple(one.values()) for one in held), "Sittings", zone)
    line(f"{counted(left, 'results wait')} for the Commission.")
