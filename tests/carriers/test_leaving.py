"""From the outbox through the real libraries to a provider, in each mode; and what must not leave does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from models.work import reading, work
from notifications import hand_over, notify
from notifications.channels import Carrier
from notifications.configuration import read_houses
from notifications.house import House
from tests.carriers.makers import ACCOUNT, BY_HTTP
from tests.carriers.stub import Stub
from tests.notifications.house import EVERYBODY, FACTS, NOW, Papers, populate

PEOPLE = 6


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Path]:
    """Where what does not leave is written."""
    folder = tmp_path / "outbox"
    folder.mkdir()
    yield folder


def _waiting(channel: str) -> None:
    populate(PEOPLE)
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, facts=FACTS, channels=[channel])


def _house(channel: str, carrier: Carrier | str, *guests: str) -> dict[str, House]:
    return {"nchr-sample": House("nchr-sample", {channel: carrier}, guests=frozenset(guests))}


def _rows(query: str) -> list[tuple[object, ...]]:
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


@pytest.mark.parametrize("name", sorted(BY_HTTP))
def test_live_everybody_is_written_to_once(sqlite_database: str, outbox: Path, stub: Stub, name: str) -> None:
    """With the carrier's own number kept."""
    channel, make = BY_HTTP[name]
    _waiting(channel)
    done = hand_over("live", outbox, NOW, documents=Papers(), houses=_house(channel, make(stub, seconds=10.0)))
    assert done.handed == {channel: PEOPLE} and done.problems == ()
    assert set(stub.accepted.values()) == {1} and len(stub.taken) == PEOPLE
    assert _rows("SELECT DISTINCT carrier, state FROM notice") == [(name, "handed")]
    assert len(_rows("SELECT DISTINCT reference FROM receipt WHERE event = 'accepted'")) == PEOPLE
    assert list(outbox.rglob("*.eml")) == list(outbox.rglob("*.txt")) == []


@pytest.mark.parametrize(
    ("name", "guest"), [("sendgrid", "p3@example.kz"), ("twilio", "+77010000003"), ("smsc", "+77010000003")]
)
def test_the_pilot_writes_to_guests_and_simulates_the_others(
    sqlite_database: str, outbox: Path, stub: Stub, name: str, guest: str
) -> None:
    """One leaves, five become files, and the evidence tells them apart."""
    channel, make = BY_HTTP[name]
    _waiting(channel)
    hand_over("pilot", outbox, NOW, documents=Papers(), houses=_house(channel, make(stub, seconds=10.0), guest))
    assert [one.to for one in stub.taken] == [guest]
    assert len([file for file in outbox.rglob("*") if file.is_file()]) == PEOPLE - 1
    assert sorted(_rows("SELECT source, COUNT(*) FROM receipt WHERE event = 'accepted' GROUP BY source")) == sorted(
        [(name, 1), ("simulate", PEOPLE - 1)]
    )


def test_simulated_nothing_is_connected(sqlite_database: str, outbox: Path, stub: Stub) -> None:
    """Even where carriers are configured."""
    channel, make = BY_HTTP["sendgrid"]
    _waiting(channel)
    hand_over("simulate", outbox, NOW, documents=Papers(), houses=_house(channel, make(stub), "p3@example.kz"))
    assert stub.requests == []


@pytest.mark.parametrize("mode", ["pilot", "live"])
def test_without_foreign_providers_nothing_is_connected_abroad(
    sqlite_database: str, outbox: Path, stub: Stub, tmp_path: Path, mode: str
) -> None:
    """The notices wait, and the operator is told which setting it is."""
    _waiting("email")
    file = tmp_path / "carriers.yaml"
    file.write_text(
        "nchr-sample:\n  guests: [p3@example.kz]\n"
        f"  email: {{carrier: sendgrid, api_key: {{secret: k}}, sender: no-reply@b.kz, host: '{stub.url}'}}\n"
        f"  sms: {{carrier: twilio, account: {ACCOUNT}, token: {{secret: t}}, sender: B, host: '{stub.url}'}}\n"
    )
    done = hand_over(mode, outbox, NOW, documents=Papers(), houses=read_houses(file, lambda name: "s"))
    assert len(done.problems) == 1 and "foreign_providers" in done.problems[0]
    assert stub.requests == [] and _rows("SELECT DISTINCT state FROM notice") == [("waiting",)]
    file.write_text(file.read_text().replace("  guests", "  foreign_providers: true\n  guests"))
    house = read_houses(file, lambda name: "s")["nchr-sample"]
    later = NOW + timedelta(minutes=2)  # a lane that rests is tried once a minute
    hand_over(
        mode, outbox, later, documents=Papers(), houses={"nchr-sample": replace(house, organisation="nchr-sample")}
    )
    assert len(stub.taken) == (1 if mode == "pilot" else PEOPLE)
