"""What the commands of `bagalau notices` share: which notice is meant, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlmodel import Session

from models.sql import execute
from notifications.refs import id_of, ref_of
from rules.errors import NotFound

Id = Annotated[str, typer.Argument(metavar="ID", help="Number of the notice, or its six-sign reference.")]


def notice_of(session: Session, words: str) -> int:
    """A number is an id; anything else, or a number nobody has, is a reference."""
    if words.isdecimal() and (len(words) != 6 or _there(session, int(words))):
        ref_of(int(words))  # refuses a number no notice can have
        return int(words)
    number = id_of(words)
    if not _there(session, number):
        raise NotFound(f"There is no notice {words}.")
    return number


def zones(session: Session) -> dict[str, str]:
    """The clock of each body that has a cycle."""
    found = execute(session, "SELECT organisation, MAX(time_zone) FROM cycle GROUP BY organisation")
    return {row[0]: row[1] for row in found}


def _there(session: Session, number: int) -> bool:
    return execute(session, "SELECT 1 FROM notice WHERE id = :i", {"i": number}).one_or_none() is not None


def clock() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
