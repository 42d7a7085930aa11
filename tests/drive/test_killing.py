"""Nothing is lost and nothing is doubled unsaid, though the worker is killed and the provider fails in every way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from notifications.refs import id_of
from tests.drive import houses, mail
from tests.drive.driver import Drive, driven, rows, waiting
from tests.drive.stub import TROUBLES, provider


@dataclass(frozen=True)
class Times:
    """Seconds: how long an unanswered notice is left, how far the provider's index lags, how long we wait for it."""

    grace: float
    lag: float
    patience: float


SHORT, LONG = Times(1.5, 0.2, 0.3), Times(6.0, 1.0, 1.0)
CARRIERS = {"plain": "email", "sendgrid": "email", "twilio": "sms", "smsc": "sms"}


def _driven(
    url: str, outbox: Path, carrier: str, times: Times, people: int, kills: int, span: float = 0.8, seed: int = 11
) -> Drive:
    """A drive against a provider that can be asked."""
    make: Callable[..., object] = getattr(houses, carrier)
    with provider(seed, latency=0.05, lag=times.lag, faults=TROUBLES) as far:
        waiting(people, CARRIERS[carrier])
        drive = driven(url, outbox, (make, (far.address, times.grace, times.patience)), people, kills, seed, span)
        told = far.told()
    drive.accepted = {id_of(ref): len(taken) for ref, taken in told["ledger"].items()}
    drive.counts = told["counts"]
    print(f"\n{carrier}: {drive.told()}")
    return drive


def _mailed(url: str, folder: Path, times: Times, people: int, kills: int, span: float = 0.8) -> Drive:
    """A drive against a mail relay, which cannot be asked."""
    with mail.relay(folder, mail.TROUBLES) as far:
        waiting(people, "email")
        make = (houses.smtp, (far.port, times.grace, times.patience))
        drive = driven(url, folder / "outbox", make, people, kills, 11, span)
        accepted, drive.counts, ids = far.told()
    drive.accepted = dict(accepted)
    assert {len(known) for known in ids.values()} == {1}, "a repetition must have the same Message-ID"
    print(f"\nsmtp: {drive.told()}")
    return drive


def _assert_nothing_lost(drive: Drive) -> None:
    assert rows("SELECT state, COUNT(*) FROM notice GROUP BY state") == [("handed", drive.people)]
    assert drive.lost == []
    assert drive.unsaid == []


def test_killed_now_and_then_nothing_is_lost_and_nothing_doubled(sqlite_database: str, tmp_path: Path) -> None:
    """The quick one."""
    drive = _driven(sqlite_database, tmp_path / "outbox", "plain", SHORT, people=200, kills=2, span=0.04)
    _assert_nothing_lost(drive)
    assert drive.doubled == []


def test_asked_too_early_a_provider_makes_duplicates_and_each_is_flagged(sqlite_database: str, tmp_path: Path) -> None:
    """The grace time is part of being right: shorter than the lag of the index it is not enough, and says so."""
    drive = _driven(sqlite_database, tmp_path / "outbox", "plain", Times(0.3, 2.0, 0.2), people=150, kills=1, span=0.04)
    _assert_nothing_lost(drive)
    assert drive.doubled


def test_a_mail_relay_cannot_be_asked_and_every_repetition_is_flagged(sqlite_database: str, tmp_path: Path) -> None:
    """With the same Message-ID."""
    _assert_nothing_lost(_mailed(sqlite_database, tmp_path, SHORT, people=100, kills=1, span=0.1))


@pytest.mark.slow
@pytest.mark.timeout(3000)
@pytest.mark.parametrize(
    ("carrier", "people", "kills"), [("sendgrid", 10_000, 100), ("twilio", 3_000, 30), ("smsc", 2_000, 20)]
)
def test_a_hundred_kills_and_ten_thousand_notices(
    sqlite_database: str, tmp_path: Path, carrier: str, people: int, kills: int
) -> None:
    """None lost, none doubled."""
    drive = _driven(sqlite_database, tmp_path / "outbox", carrier, LONG, people, kills)
    _assert_nothing_lost(drive)
    assert drive.doubled == []


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_the_same_on_postgresql(postgresql_database: str, tmp_path: Path) -> None:
    """A smaller one."""
    drive = _driven(postgresql_database, tmp_path / "outbox", "sendgrid", LONG, 2_000, 25)
    _assert_nothing_lost(drive)
    assert drive.doubled == []


@pytest.mark.slow
@pytest.mark.timeout(3000)
def test_a_hundred_kills_before_a_mail_relay(sqlite_database: str, tmp_path: Path) -> None:
    """What may have arrived twice is flagged, and nothing is lost."""
    _assert_nothing_lost(_mailed(sqlite_database, tmp_path, LONG, 10_000, 100, span=1.5))
