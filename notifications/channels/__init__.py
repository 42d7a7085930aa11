"""The carriers, one file each. Today all of them write files; a real one is another class with the same `send`.

A carrier translates its own words into four outcomes, and the outcome alone decides what happens next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from notifications.papers import Recipient
from notifications.render import Rendered


@dataclass(frozen=True)
class Message:
    """One notice on its way to a carrier.

    Attributes:
        at: the instant it is handed over, in the body's time zone. written_on: the body's day it was written.
        again: an earlier try ended without an answer; a real carrier must first ask what became of that one.
    """

    notice_id: int
    cycle_id: int
    assessment_id: int
    kind: str
    channel: str
    ref: str
    number: str
    at: datetime
    written_on: date
    facts: Mapping[str, str]
    words: Rendered
    to: Recipient
    again: bool = False

    @property
    def paper(self) -> dict[str, str]:
        """The facts a paper is made of (see `papers.Documents`)."""
        return {
            **self.facts,
            "kind": self.kind,
            "language": self.to.language,
            "ref": self.ref,
            "number": self.number,
            "at": self.at.strftime("%Y-%m-%dT%H:%M"),
            "day": self.at.date().isoformat(),
            "subject": self.words.subject,
            "text": self.words.body,
            "notice_id": str(self.notice_id),
            "assessment_id": str(self.assessment_id),
            "cycle_id": str(self.cycle_id),
        }


@dataclass(frozen=True)
class Accepted:
    """The carrier took it.

    Attributes:
        reference: what the carrier calls it. content_hash: sha256 of what left.
        delivered: the carrier can already say that it reached its place.
    """

    reference: str
    content_hash: str
    delivered: bool = False


@dataclass(frozen=True)
class Temporary:
    """Not now; it is tried again when the claim is old."""

    sentence: str


@dataclass(frozen=True)
class Permanent:
    """Never this way; a person must act."""

    sentence: str


@dataclass(frozen=True)
class Unknown:
    """Nobody knows whether it left; it is not sent again blindly."""

    sentence: str


Outcome = Accepted | Temporary | Permanent | Unknown


class Channel(Protocol):
    """A carrier."""

    def send(self, batch: Sequence[Message]) -> list[Outcome]:
        """Hand a batch over; one outcome for each message, in their order. It never raises."""
        ...
