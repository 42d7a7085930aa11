"""Telegrams: the record, ready for the operator's counter (N-19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from notifications.channels import Message, Outcome
from notifications.channels.files import place_all
from notifications.papers import Documents
from rules.errors import Incomplete


@dataclass(frozen=True)
class Telegram:
    """Simulated telegrams: .pdf files under the outbox."""

    outbox: Path
    documents: Documents

    def send(self, batch: Sequence[Message]) -> list[Outcome]:
        """Write each record as a file."""
        return place_all(batch, self.outbox, ".pdf", self._compose)

    def _compose(self, message: Message) -> bytes:
        if not message.to.address:
            raise Incomplete("The person has no postal address; enter one, or choose another channel.")
        return self.documents.telegram(message.paper, message.to)
