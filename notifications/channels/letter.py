"""Registered letters with notice of delivery: a PDF ready to print, with its outgoing number (N-19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from notifications.channels import Message, Outcome
from notifications.channels.files import place_all
from notifications.papers import Documents
from rules.errors import Incomplete


@dataclass(frozen=True)
class Letter:
    """Simulated post: .pdf files under the outbox; the day's register is made by `notifications.registers`."""

    outbox: Path
    documents: Documents

    def send(self, batch: Sequence[Message]) -> list[Outcome]:
        """Write each letter as a file."""
        return place_all(batch, self.outbox, ".pdf", self._compose)

    def _compose(self, message: Message) -> bytes:
        if not message.to.address:
            raise Incomplete("The person has no postal address; enter one, or choose another channel.")
        return self.documents.letter(message.paper, message.to)
