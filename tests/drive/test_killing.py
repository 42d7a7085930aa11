"""Nothing is lost and nothing is doubled unsaid, though the worker is killed and the provider fails in every way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.drive import houses
from tests.drive.driver import Drive, driven, rows, waiting
from tests.drive.stub import TROUBLES, provider


@dataclass(frozen=True)
class Times:
    """Seconds: how long an unanswered notice is left, how far the provider's index lags, how long we wait for it."""

    grace: float
    lag: float
    patience: float


SHORT, LONG = Times(1.5, 0.2, 0.3), Times(5.0, 1.0, 1.0)


def _driven(url: str, outbox: Path, times: Times, people: int, kills: int, span: float) -> Drive:
    with provider(latency=0.05, lag=times.lag, faults=TROUBLES) as far:
        waiting(people, "email")
        carriers = (houses.plain, (far.address, times.grace, times.patience))
        drive = driven(url, outbox, carriers, people, kills, 11, span)
        told = far.told()
    drive.accepted = {int(to.partition("@")[0].lstrip("p")): len(times) for to, times in told["ledger"].items()}
    drive.counts = told["counts"]
    print(drive.told())
    return drive


def _assert_nothing_lost(drive: Drive) -> None:
    assert rows("SELECT state, COUNT(*) FROM notice GROUP BY state") == [("handed", drive.people)]
    assert drive.lost == []
    assert drive.unsaid == []


def test_killed_now_and_then_nothing_is_lost_and_nothing_doubled(database: str, tmp_path: Path) -> None:
    """The quick one."""
    drive = _driven(database, tmp_path / "outbox", SHORT, people=300, kills=5, span=0.6)
    _assert_nothing_lost(drive)
    assert drive.doubled == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_hundred_kills_and_ten_thousand_notices(sqlite_database: str, tmp_path: Path) -> None:
    """None lost, none doubled."""
    drive = _driven(sqlite_database, tmp_path / "outbox", LONG, people=10_000, kills=100, span=1.2)
    _assert_nothing_lost(drive)
    assert drive.doubled == []
    assert drive.inside >= 80
