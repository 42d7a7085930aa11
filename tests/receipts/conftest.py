"""Notices that were given to a carrier, and the service with its inbox in the test's own database."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.work import work
from notifications import hand_over, notify
from notifications.channels import Accepted, Message, Outcome
from notifications.house import House
from tests.notifications.house import EVERYBODY, FACTS, NOW, Papers, populate
from tests.receipts import far_side

with warnings.catch_warnings():  # it speaks of a successor of httpx
    warnings.simplefilter("ignore")
    from fastapi.testclient import TestClient as TestClient

Give = Callable[..., None]


class Carrier:
    """A carrier of a given name; it takes everything, unless it is told otherwise."""

    connections = 4

    def __init__(self, name: str, meanwhile: Callable[[Message], Outcome | None] = lambda message: None) -> None:
        self.name, self.meanwhile = name, meanwhile

    def send(self, message: Message) -> Outcome:
        told = self.meanwhile(message)
        return told or Accepted(f"m-{message.ref}", "0" * 64)

    def ask(self, message: Message) -> Any:
        raise AssertionError("nobody is asked in these tests")

    def ping(self) -> str:
        return ""

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def give(tmp_path: Path) -> Give:
    """Write notices to so many people and give them to a carrier."""

    def do(people: int, carrier: Carrier, channel: str = "email", due: Any = None) -> None:
        populate(people)
        with work() as session:
            notify(
                session, "result_ready", 1, NOW, select=EVERYBODY, facts=FACTS, channels=[channel], due_at=due
            )  # fmt: skip
        again(carrier, channel)

    def again(carrier: Carrier, channel: str = "email", now: Any = NOW) -> None:
        houses: dict[str, House] = {far_side.BODY: far_side.house(**{channel: carrier})}
        hand_over("live", tmp_path / "outbox", now, documents=Papers(), houses=houses)

    do.again = again  # type: ignore[attr-defined]
    return do
