"""Notices: `notify` writes what is to be said into the outbox, `hand_over` sends it, `record` keeps what came back.

These names are the only doors of the room.
"""

from notifications.catalogue import CHANNELS, KINDS, channels_for
from notifications.handover import HandOver, hand_over
from notifications.papers import Dispatch, Documents, Recipient
from notifications.receipts import record
from notifications.standing import Standing, status, statuses
from notifications.writing import notify, one

__all__ = [
    "CHANNELS",
    "KINDS",
    "Dispatch",
    "Documents",
    "HandOver",
    "Recipient",
    "Standing",
    "channels_for",
    "hand_over",
    "notify",
    "one",
    "record",
    "status",
    "statuses",
]
