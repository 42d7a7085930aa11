"""What the commands of `bagalau notices` share: which notice is meant, and the clock."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlmodel import Session

from models.sql import execute
from notifications.refs import id_of

Id = Annotated[str, typer.Argument(metavar="ID", help="Number of the notice, or its six-sign reference.")]


def notice_of(session: Session, words: str) -> int:
    """A number is an id; anything else, or a number nobody has, is a reference."""
    if words.isdecimal():
        there = execute(session, "SELECT 1 FROM notice WHERE id = :i", {"i": int(words)}).one_or_none()
        if len(words) != 6 or there:
            return int(words)
    return id_of(words)


def clock() -> datetime:
    """The present moment."""
    return datetime.now(UTC)
