"""The portal: a notice is placed by being in our own database; the person finds it after logging in (N-18)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from notifications.channels import Accepted, Message, Outcome


class Portal:
    """Our own information system; nothing leaves."""

    def send(self, batch: Sequence[Message]) -> list[Outcome]:
        """Record each notice as placed."""
        return [Accepted(f"portal/{one.ref}", placed_hash(one), delivered=True) for one in batch]


def placed_hash(message: Message) -> str:
    """The sha256 of the words as they are shown."""
    return hashlib.sha256(placed(message)).hexdigest()


def placed(message: Message) -> bytes:
    """The words as they are shown."""
    return f"{message.words.subject}\n\n{message.words.body}".encode()
