"""What the carriers say: four outcomes of a try, which alone decide what happens next.

The channels of this folder stay within the house (files, papers, our own portal); carriers outside it are in
`notifications/carriers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from notifications.papers import Recipient
from notifications.render import Rendered


@dataclass(frozen=True)
class Message:
    """One notice on its way to a carrier.

    Attributes:
        at: the instant it is handed over, in the body's time zone. written_on: the body's day it was written.
        again: an earlier try ended without an answer.
        tries: which try this is. first_at: when it was first given to a carrier; None before that.
        due_at: until when it must have left; None when nothing says so.
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
    tries: int = 0
    first_at: datetime | None = None
    due_at: datetime | None = None

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
        prepared: it is a paper or a text for an officer, who has still to send it.
        source: who says so, where it is not the carrier that was asked.
    """

    reference: str
    content_hash: str
    delivered: bool = False
    prepared: bool = False
    source: str = ""


@dataclass(frozen=True)
class Temporary:
    """Not now, and certainly not sent; it is tried again.

    Attributes:
        sentence, code: why, in our words and in the carrier's own code; never an address.
        spends: does it count as a try of this notice? The carrier's own haste (429) does not.
        after: how long the carrier asks us to wait.
        ours: the carrier itself fails, whoever the recipient is.
    """

    sentence: str
    code: str = ""
    spends: bool = True
    after: timedelta | None = None
    ours: bool = False


@dataclass(frozen=True)
class Permanent:
    """Never this way; `ours`: for nobody, until an operator mends the account or the settings."""

    sentence: str
    code: str = ""
    ours: bool = False


@dataclass(frozen=True)
class Unknown:
    """Nobody knows whether it left; it is not sent again blindly."""

    sentence: str
    code: str = ""


Outcome = Accepted | Temporary | Permanent | Unknown


class Channel(Protocol):
    """A carrier within the house: files for an officer, our own portal. Doing it twice is the same as once."""

    def send(self, batch: Sequence[Message]) -> list[Outcome]:
        """Hand a batch over; one outcome for each message, in their order. It never raises."""
        ...


@dataclass(frozen=True)
class Found:
    """The carrier has it: its reference, when it took it, and the event of `events.EVENTS` it speaks of."""

    reference: str
    at: datetime
    event: str = "accepted"


@dataclass(frozen=True)
class NotThere:
    """The carrier answered, and does not know it."""


@dataclass(frozen=True)
class CannotSay:
    """The carrier has no way to be asked about a message."""


Answer = Found | NotThere | CannotSay | Temporary


class Carrier(Protocol):
    """A carrier outside the house: it may be slow, refuse, or end without an answer."""

    name: str
    connections: int

    def send(self, message: Message) -> Outcome:
        """Give it one message, within ten seconds. It never raises; several threads call it at once."""
        ...

    def ask(self, message: Message) -> Answer:
        """What became of a message given to it earlier, found by our own id. It never raises."""
        ...

    def ping(self) -> str:
        """A sentence why it cannot be used at this moment; empty when it answers. Nothing is sent. It never raises."""
        ...

    def close(self) -> None:
        """Let go of its connections."""
        ...
