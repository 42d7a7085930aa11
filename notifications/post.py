"""The one place through which anything leaves, and the only one that knows the mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from notifications.catalogue import (
    EMAIL,
    MOBILE_APP,
    OTHER_REGISTERED,
    PORTAL,
    REGISTERED_LETTER,
    SMS,
    TELEGRAM,
    TELEPHONOGRAM,
)
from notifications.channels import Accepted, Carrier, Channel, Message, Outcome, Permanent
from notifications.channels.email import Email
from notifications.channels.letter import Letter
from notifications.channels.mobile_app import MobileApp
from notifications.channels.other_registered import OtherRegistered
from notifications.channels.portal import Portal
from notifications.channels.sms import Sms
from notifications.channels.telegram import Telegram
from notifications.channels.telephonogram import Telephonogram
from notifications.house import House
from notifications.papers import Documents
from rules.errors import MissingSetting

SIMULATE, PILOT, LIVE = "simulate", "pilot", "live"
MODES = (SIMULATE, PILOT, LIVE)
#: who says that a paper lies ready; who says that a notice stands in our own portal
PAPERS, OURS = "papers", "portal"
#: the channels a carrier outside the house serves
OUTSIDE = (EMAIL, SMS)


@dataclass(frozen=True)
class Post:
    """How notices leave.

    Attributes:
        mode: `simulate`: everything becomes files, nothing leaves. `pilot`: only guests are written to, for all others it is
            simulated. `live`.
        outbox: where files are written. houses: each body's carriers, by its id.
    """

    mode: str
    outbox: Path
    documents: Documents
    houses: Mapping[str, House] = field(default_factory=dict)

    def check(self) -> None:
        """Can this mode work at all?

        Raises:
            MissingSetting: there is no such mode, or it needs carriers and no body has any.
        """
        if self.mode not in MODES:
            raise MissingSetting(f"There is no mode '{self.mode}'; set BAGALAU_MODE to one of: {', '.join(MODES)}.")
        if self.mode != SIMULATE and not self.houses:
            raise MissingSetting(
                f"The mode '{self.mode}' has no carriers, so nothing can leave the house: name the file of carriers in"
                " BAGALAU_CARRIERS (docs/carriers.md), or set BAGALAU_MODE=simulate; notices are then written to files."
            )

    def carrier(self, organisation: str, channel: str) -> Carrier | None:
        """The carrier outside the house that this body's channel goes by; None when the channel stays within.

        Raises:
            MissingSetting: the body says nothing of its carrier, or not enough.
        """
        if self.mode == SIMULATE or channel not in OUTSIDE:
            return None
        house = self.houses.get(organisation)
        if house is None:
            raise MissingSetting(
                f"The mode '{self.mode}' needs carriers, and the file of carriers says nothing of '{organisation}': add it there"
                " (docs/carriers.md), or set BAGALAU_MODE=simulate; notices are then written to files."
            )
        return house.carrier(channel)

    def may_leave(self, organisation: str, message: Message) -> bool:
        """May this message go to a carrier outside the house? In the pilot to guests only."""
        if self.mode == LIVE:
            return True
        return self.mode == PILOT and self.houses[organisation].is_guest(message)

    def deliver(self, organisation: str, carrier: Carrier, message: Message) -> Outcome:
        """Give one message to a carrier outside the house; what may not leave becomes a file instead."""
        if self.may_leave(organisation, message):
            return carrier.send(message)
        return self.keep([message], simulated=True)[message.notice_id]

    def keep(self, batch: Sequence[Message], simulated: bool | None = None) -> dict[int, Outcome]:
        """Hand a batch to the channels within the house; return the outcome of every notice by its id."""
        known, outcomes = self._within(), dict[int, Outcome]()
        pretend = self.mode == SIMULATE if simulated is None else simulated
        for channel, group in groupby(sorted(batch, key=_channel), key=_channel):
            messages = list(group)
            if channel not in known:
                told: list[Outcome] = [Permanent(f"There is no carrier for the channel '{channel}'.")] * len(messages)
            else:
                told = [_meant(one, channel, pretend) for one in known[channel].send(messages)]
            outcomes |= {message.notice_id: outcome for message, outcome in zip(messages, told, strict=True)}
        return outcomes

    def _within(self) -> dict[str, Channel]:
        return {
            EMAIL: Email(self.outbox),
            SMS: Sms(self.outbox),
            PORTAL: Portal(),
            MOBILE_APP: MobileApp(),
            REGISTERED_LETTER: Letter(self.outbox, self.documents),
            TELEPHONOGRAM: Telephonogram(self.outbox, self.documents),
            TELEGRAM: Telegram(self.outbox, self.documents),
            OTHER_REGISTERED: OtherRegistered(self.outbox),
        }


def _channel(message: Message) -> str:
    return message.channel


def _meant(outcome: Outcome, channel: str, pretend: bool) -> Outcome:
    """Simulated, a file stands for the message; in earnest a paper waits for its officer, and only the portal is ours."""
    if not isinstance(outcome, Accepted):
        return outcome
    if pretend:
        return Accepted(outcome.reference, outcome.content_hash, outcome.delivered, source=SIMULATE)
    if channel == PORTAL:
        return Accepted(outcome.reference, outcome.content_hash, outcome.delivered, source=OURS)
    reference = outcome.reference.replace("simulate/", f"{PAPERS}/")
    return Accepted(reference, outcome.content_hash, prepared=True, source=PAPERS)
