"""The mobile application of "E-qyzmet": a notice is placed there for the person (N-18). Simulated: nothing leaves."""

from __future__ import annotations

from collections.abc import Sequence

from notifications.channels import Accepted, Message, Outcome
from notifications.channels.portal import placed_hash


class MobileApp:
    """Simulated placing in the application."""

    def send(self, batch: Sequence[Message]) -> list[Outcome]:
        """Record each notice as placed."""
        return [Accepted(f"simulate/{one.ref}", placed_hash(one), delivered=True) for one in batch]
