"""The journal of a registered channel: telephonograms, telegrams, letters ... with number, text, sender, receiver, time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from documents.page import compose
from documents.parts import Signer
from documents.typesetting import Page, typeset


@dataclass(frozen=True)
class Line:
    """One message.

    Attributes:
        number: on the paper that proves it; "" while nobody sent it. outgoing, mark: outgoing number and reference.
        at: when it was passed on, else when it was made ready. addressee: personnel number. sender: the officer.
        receiver: who took it, by post or relation. outcome: the strongest thing told of it, such as delivered.
        outcome_at: its moment.
    """

    outgoing: str
    mark: str
    at: datetime
    text: str
    addressee: str
    number: str = ""
    sender: str = ""
    receiver: str = ""
    outcome: str = "waits"
    outcome_at: datetime | None = None


@dataclass(frozen=True)
class Journal:
    """The lines of some days. Rule N-19."""

    body: str
    channel: str
    first_day: date
    last_day: date
    lines: tuple[Line, ...]
    kept_by: Signer
    drawn_up_on: date
    reference: str = ""


def page(journal: Journal, language: str) -> Page:
    """The journal as a page; see `render`."""
    made = compose(
        "dispatch_journal", journal, language, journal.drawn_up_on, fill=lambda _: {"count": len(journal.lines)}
    )
    return replace(made, title=made.values["words"][f"title_{journal.channel}"])


def render(journal: Journal, language: str) -> bytes:
    """The journal as PDF, heads repeated on every page (rule N-19).

    Raises:
        MissingField: a required field is empty.
    """
    return typeset(page(journal, language))
