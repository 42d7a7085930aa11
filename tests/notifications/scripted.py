"""A carrier that does what its script says, and remembers what it was given: the far side of a lane, within the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from threading import Lock

from notifications import HandOver, hand_over
from notifications.channels import Accepted, Answer, CannotSay, Carrier, Found, Message, NotThere, Outcome, Unknown
from notifications.house import House
from notifications.lanes import Limits
from tests.notifications.house import Papers

Script = Callable[[Message], Outcome]


def taken(message: Message) -> Outcome:
    """The usual answer."""
    return Accepted(f"x-{message.ref}", "0" * 64)


class Scripted:
    """A carrier.

    Args:
        script: what it answers. keeps_silent: takes the message and does not answer. asked_about: can it be asked?
    """

    name = "scripted"
    connections = 4

    def __init__(self, script: Script = taken, *, silent: bool = False, can_be_asked: bool = True) -> None:
        self.script, self.silent, self.can_be_asked = script, silent, can_be_asked
        self.got: list[int] = []
        self.pings, self.alive, self._lock = 0, True, Lock()

    def send(self, message: Message) -> Outcome:
        answer = self.script(message)
        with self._lock:
            if isinstance(answer, Accepted):
                self.got.append(message.notice_id)
        return Unknown("no answer", "timeout") if self.silent else answer

    def ask(self, message: Message) -> Answer:
        if not self.can_be_asked:
            return CannotSay()
        return Found(f"x-{message.ref}", message.at) if message.notice_id in self.got else NotThere()

    def ping(self) -> str:
        self.pings += 1
        return "" if self.alive else "it does not answer"

    def close(self) -> None:
        """Nothing is held."""


def house_of(
    carrier: Carrier, channel: str = "email", limits: Limits | None = None, guests: frozenset[str] = frozenset()
) -> Mapping[str, House]:
    """The sample body with this carrier."""
    return {"nchr-sample": House("nchr-sample", {channel: carrier}, {channel: limits or Limits()}, guests)}


def live(carrier: Carrier, outbox: Path, now: datetime, limits: Limits | None = None, **more: object) -> HandOver:
    """One hand-over in earnest."""
    return hand_over("live", outbox, now, documents=Papers(), houses=house_of(carrier, limits=limits), **more)  # type: ignore[arg-type]
