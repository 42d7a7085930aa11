"""Ten seconds and no more: for what has no time limit of its own (name look-ups, a peer that sends a byte now and then)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

T = TypeVar("T")

#: seconds a carrier has for one message, from the first byte to the last
SECONDS = 10.0
#: the share of it a single wait on the line may take, so that the more telling of two refusals comes first
LINE = 0.9
#: these write addresses, bodies and keys into the log when they are asked to speak up
_TALKATIVE = (
    "python_http_client",
    "python_http_client.client",
    "twilio.http_client",
    "urllib3.connectionpool",
    "httpx",
    "httpcore",
)


class TooLong(Exception):
    """It did not end in time; whether it ever will, nobody knows."""


def within(seconds: float, call: Callable[[], T]) -> T:
    """What `call` returns or raises, if it does so in time; it is left behind otherwise.

    Raises:
        TooLong: it did not.
    """
    said: list[T] = []
    raised: list[BaseException] = []

    def run() -> None:
        try:
            said.append(call())
        except BaseException as trouble:  # noqa: BLE001 - handed on to whoever waits
            raised.append(trouble)

    helper = Thread(target=run, daemon=True)
    helper.start()
    helper.join(max(0.0, seconds))
    if raised:
        raise raised[0]
    if not said:
        raise TooLong
    return said[0]


def hush() -> None:
    """Keep the carriers' libraries from writing what they send into any log."""
    for name in _TALKATIVE:
        log = logging.getLogger(name)
        if log.level < logging.WARNING:
            log.setLevel(logging.WARNING)
