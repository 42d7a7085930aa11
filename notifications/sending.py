"""The one function through which anything leaves, and the only place that knows the mode."""

from __future__ import annotations

from collections.abc import Sequence
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
from notifications.channels import Channel, Message, Outcome, Permanent
from notifications.channels.email import Email
from notifications.channels.letter import Letter
from notifications.channels.mobile_app import MobileApp
from notifications.channels.other_registered import OtherRegistered
from notifications.channels.portal import Portal
from notifications.channels.sms import Sms
from notifications.channels.telegram import Telegram
from notifications.channels.telephonogram import Telephonogram
from notifications.papers import Documents
from rules.errors import MissingSetting

SIMULATE = "simulate"


def carriers(mode: str, outbox: Path, documents: Documents) -> dict[str, Channel]:
    """The carrier of each channel in this mode.

    Raises:
        MissingSetting: the mode has no carriers yet.
    """
    if mode != SIMULATE:
        raise MissingSetting(
            f"The mode '{mode}' has no carriers: no SMTP relay, no SMS gateway and no post are configured, so nothing "
            "can leave the house. Set BAGALAU_MODE=simulate; notices are then written to files."
        )
    return {
        EMAIL: Email(outbox),
        SMS: Sms(outbox),
        PORTAL: Portal(),
        MOBILE_APP: MobileApp(),
        REGISTERED_LETTER: Letter(outbox, documents),
        TELEPHONOGRAM: Telephonogram(outbox, documents),
        TELEGRAM: Telegram(outbox, documents),
        OTHER_REGISTERED: OtherRegistered(outbox),
    }


def send(mode: str, batch: Sequence[Message], outbox: Path, documents: Documents) -> dict[int, Outcome]:
    """Send a batch, each message by its own channel; return the outcome of every notice by its id.

    Raises:
        MissingSetting: the mode has no carriers yet.
    """
    known = carriers(mode, outbox, documents)
    outcomes: dict[int, Outcome] = {}
    for channel, group in groupby(sorted(batch, key=_channel), key=_channel):
        messages = list(group)
        if channel not in known:
            told: list[Outcome] = [Permanent(f"There is no carrier for the channel '{channel}'.")] * len(messages)
        else:
            told = known[channel].send(messages)
        outcomes |= {message.notice_id: outcome for message, outcome in zip(messages, told, strict=True)}
    return outcomes


def _channel(message: Message) -> str:
    return message.channel
