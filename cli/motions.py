"""Votes of a Commission as people write them: on the command line, or many in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
from sqlmodel import Session

from cli.data_file import a_list_file
from rules.errors import NotFound
from rules.marks import mark_of
from rules.methods.fields import Fields
from rules.revision import Revision
from services import facts
from services.ground import Known
from services.rulings import Motion

_FIELDS = ("votes", "cases", "score", "results", "explanation")


def votes_of(given: Sequence[str]) -> dict[str, str]:
    """Votes by personnel number out of NUMBER=approve."""
    found = {}
    for one in given:
        number, sign, vote = one.partition("=")
        if not sign or number in found:
            raise typer.BadParameter(f"'{one}' is not a vote of one person; write NUMBER=approve or NUMBER=revise.")
        found[number] = vote
    return found


def motion_of(
    session: Session,
    cycle: Known,
    votes: Mapping[str, str],
    case: str | None,
    score: str | None,
    results: Sequence[str],
    explanation: str,
) -> Motion:
    """One vote, on one case or on all that is left."""
    parts = dict(one.partition("=")[::2] for one in results)
    revision = Revision(mark_of(score) if score else None, parts, explanation) if score or parts else None
    cases = None if case is None else [facts.assessment_id(session, cycle.id or 0, case)]
    return Motion({facts.person_id(session, number): vote for number, vote in votes.items()}, cases, revision)


def motions_in(session: Session, cycle: Known, file: Path) -> list[Motion]:
    """The votes of a list: each row has votes {number: vote}, perhaps cases, and score or results with an explanation.

    Raises:
        NotFound, BadFile: the file, or the row and field that cannot be read.
    """
    known = facts.assessments(session, cycle.id or 0)
    people: dict[str, int] = {}
    return [_motion(session, file, row, data, known, people) for row, data in enumerate(a_list_file(file), 1)]


def _motion(
    session: Session, file: Path, row: int, data: Mapping[str, Any], known: Mapping[str, int], people: dict[str, int]
) -> Motion:
    fields = Fields(data, "votes", f"row {row}", file.name)
    fields.only(_FIELDS, required=("votes",))
    votes = {}
    for number, vote in fields.part("votes").data.items():
        if number not in people:
            people[number] = facts.person_id(session, str(number))
        votes[people[number]] = str(vote)
    cases = [_case(fields, str(one), known) for one in fields.list("cases")] if fields.has("cases") else None
    score = fields.number("score") if fields.has("score") else None
    parts = {str(part): str(result) for part, result in fields.part("results").data.items()}
    explanation = fields.text("explanation") if fields.has("explanation") else ""
    return Motion(votes, cases, Revision(score, parts, explanation) if score is not None or parts else None)


def _case(fields: Fields, number: str, known: Mapping[str, int]) -> int:
    if number not in known:
        raise NotFound(
            f"{fields.file}, {fields.where}.cases: the person with the number '{number}' is not part of this cycle."
        )
    return known[number]
