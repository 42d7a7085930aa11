"""A body's carriers: which one serves each channel, within which limits, and to whom a pilot may write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from notifications.addresses import Reach, mailbox, mobile
from notifications.catalogue import EMAIL
from notifications.channels import Carrier, Message
from notifications.lanes import Limits
from rules.errors import MissingSetting, RuleError


@dataclass(frozen=True)
class Callbacks:
    """How the carriers' reports reach us, and how they are known to be theirs; "" where the body does not say.

    Attributes:
        url: our public address, as https://notices.example.kz, without a path. secret: signs our references in it.
        sendgrid_key: the public key of SendGrid's event webhook. twilio_token: what Twilio signs with.
        smsc_word: the secret word of SMSC's status handler.
    """

    url: str = ""
    secret: str = field(default="", repr=False)
    sendgrid_key: str = ""
    twilio_token: str = field(default="", repr=False)
    smsc_word: str = field(default="", repr=False)


@dataclass(frozen=True)
class BounceBox:
    """The mailbox bounces come back to: a folder in Maildir form, or one reached by IMAP.

    Attributes:
        signed: whatever comes back to it names its notice in an address we signed; a report that does not is forged.
    """

    folder: Path | None = None
    host: str = ""
    port: int = 993
    user: str = ""
    password: str = field(default="", repr=False)
    mailbox: str = "INBOX"
    certificate: Path | None = None
    signed: bool = False


@dataclass(frozen=True)
class House:
    """One body.

    Attributes:
        organisation: its id. carriers: channel -> carrier; one that cannot be used is a sentence saying why.
        limits: channel -> limits. guests: addresses and numbers the pilot may write to.
        reach: where its notices may go. callbacks, bounces: how word comes back.
        lacking: sentences on what is not configured, though notices leave without it.
    """

    organisation: str
    carriers: Mapping[str, Carrier | str] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    guests: frozenset[str] = frozenset()
    reach: Reach = field(default_factory=Reach)
    callbacks: Callbacks = Callbacks()
    bounces: BounceBox | None = None
    lacking: tuple[str, ...] = ()

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
        """Is the recipient of this message one of the pilot's guests, by the very address the carrier would be given?"""
        try:
            if message.channel == EMAIL:
                return mailbox(message.to.email, self.reach).lower() in self.guests
            return mobile(message.to.phone, self.reach) in self.guests
        except RuleError:
            return False
