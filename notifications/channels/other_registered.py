"""Other means by which a notice or call is recorded (pt 9 para 2, last words): the text for the officer who uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from notifications.channels import Message, Outcome
from notifications.channels.files import place_all


@dataclass(frozen=True)
class OtherRegistered:
    """Simulated: .txt files under the outbox."""

    outbox: Path

    def send(self, batch: Sequence[Message]) -> list[Outcome]:
        """Write each text as a file."""
        return place_all(batch, self.outbox, ".txt", compose)


def compose(message: Message) -> bytes:
    """Number, subject and text; the officer adds by hand how and when it was conveyed."""
    return f"{message.number}\n{message.words.subject}\n\n{message.words.body}\n".encode()
