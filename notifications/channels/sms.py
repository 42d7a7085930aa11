"""Short messages: one part of at most 70 UTF-16 units, to a telephone of Kazakhstan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from notifications.addresses import mobile
from notifications.channels import Message, Outcome
from notifications.channels.files import place_all
from notifications.render import segments, units
from rules.errors import RuleError


@dataclass(frozen=True)
class Sms:
    """Simulated short messages: .txt files under the outbox."""

    outbox: Path

    def send(self, batch: Sequence[Message]) -> list[Outcome]:
        """Write each message as a file."""
        return place_all(batch, self.outbox, ".txt", compose)


def compose(message: Message) -> bytes:
    """Number, length in parts and units, and the text.

    Raises:
        Incomplete: the person has no telephone. RuleError: it is none of Kazakhstan, or the text takes two parts.
    """
    words = message.words.body
    if segments(words) > 1:
        raise RuleError(f"The short message takes {segments(words)} parts; shorten its wording to one.")
    number = national(message.to.phone)
    return f"To: {number}\nParts: {segments(words)}\nUnits: {units(words)}\n\n{words}\n".encode()


def national(phone: str) -> str:
    """The number as +77xxxxxxxxx, from the ways it is written in staff files.

    Raises:
        Incomplete: there is none. RuleError: it is not a number of Kazakhstan.
    """
    return mobile(phone)
