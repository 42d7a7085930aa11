"""A body's carriers: which one serves each channel, within which limits, and to whom a pilot may write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from notifications.catalogue import EMAIL
from notifications.channels import Carrier, Message
from notifications.channels.sms import national
from notifications.lanes import Limits
from rules.errors import MissingSetting, RuleError


@dataclass(frozen=True)
class House:
    """One body.

    Attributes:
        organisation: its id. carriers: channel -> carrier; one that cannot be used is a sentence saying why.
        limits: channel -> limits. guests: addresses and numbers the pilot may write to.
    """

    organisation: str
    carriers: Mapping[str, Carrier | str] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    guests: frozenset[str] = frozenset()

    def carrier(self, channel: str) -> Carrier:
        """The carrier of a channel.

        Raises:
            MissingSetting: there is none, or it may not be used.
        """
        found = self.carriers.get(
            channel, f"The file of carriers gives '{self.organisation}' no carrier for {channel}."
        )
        if isinstance(found, str):
            raise MissingSetting(found)
        return found

    def limit(self, channel: str) -> Limits:
        """The limits of a channel."""
        return self.limits.get(channel, Limits())

    def is_guest(self, message: Message) -> bool:
        """Is the recipient of this message one of the pilot's guests?"""
        if message.channel == EMAIL:
            return message.to.email.strip().lower() in self.guests
        try:
            return national(message.to.phone) in self.guests
        except RuleError:
            return False
