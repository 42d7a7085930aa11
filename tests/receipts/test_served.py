"""The service in earnest, on a socket: how soon it answers, and what is left of it after `kill -9`."""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx

from services.callbacks import collect_all
from tests.receipts.conftest import Carrier, Give
from tests.receipts.far_side import HOUSES, batch, event, sendgrid
from tests.receipts.serving import served
from tests.receipts.test_collecting import rows

PATH = "/receipts/sendgrid"


def _told(address: str, number: int, client: httpx.Client) -> tuple[int, float]:
    raw = batch(*(event(number % 500 + 1, "delivered", datetime.now(UTC), f"{number}-{place}") for place in range(10)))
    begun = time.monotonic()
    answer = client.post(f"{address}{PATH}", content=raw, headers=sendgrid(raw))
    return answer.status_code, time.monotonic() - begun


def _storm(address: str, numbers: range, callers: int = 8) -> list[float]:
    """Batches of ten events by so many callers at once; seconds each waited for its answer."""
    with (
        httpx.Client(timeout=30, limits=httpx.Limits(max_connections=callers)) as client,
        ThreadPoolExecutor(callers) as threads,
    ):
        answers = list(threads.map(lambda number: _told(address, number, client), numbers))
    assert {status for status, _ in answers} == {204}
    return sorted(took for _, took in answers)


def test_nineteen_of_twenty_are_answered_within_two_hundred_milliseconds(
    database: str, record_property: Callable[[str, object], None]
) -> None:
    with served(database) as (_, address):
        _storm(address, range(20))
        for storm in range(3):  # a machine that is busy with something else measures that
            took = _storm(address, range(20 + 300 * storm, 320 + 300 * storm))
            p95 = statistics.quantiles(took, n=20)[-1]
            print(f"\nmedian {1000 * took[150]:.1f} ms, 95 % {1000 * p95:.1f} ms, slowest {1000 * took[-1]:.1f} ms")
            if p95 < 0.2:
                break
    record_property("p95_ms", round(p95 * 1000, 1))
    assert p95 < 0.2
    assert rows("SELECT COUNT(*) FROM callback") == [(320 + 300 * storm,)]


def test_what_was_answered_survives_the_death_of_the_service(database: str, give: Give) -> None:
    """Killed in the middle of a storm: each batch that was answered with 204 is there, once, and is understood."""
    give(30, Carrier("sendgrid"))
    answered: list[int] = []
    with served(database) as (process, address):

        def tell() -> None:
            with httpx.Client(timeout=5) as client:
                for number in range(10_000):
                    raw = batch(event(number % 30 + 1, "delivered", datetime.now(UTC), number))
                    try:
                        status = client.post(f"{address}{PATH}", content=raw, headers=sendgrid(raw)).status_code
                    except httpx.TransportError:
                        return
                    if status == 204:
                        answered.append(number)

        teller = threading.Thread(target=tell)
        teller.start()
        while len(answered) < 60:
            time.sleep(0.01)
        process.kill()
        teller.join()
    told = len(answered)
    kept = rows("SELECT COUNT(*) FROM callback")[0][0]
    assert told <= kept <= told + 1, "at most the one whose answer was lost is there beside"
    done = collect_all(HOUSES, datetime.now(UTC), 36_500)
    assert (done.callbacks, done.receipts) == (kept, kept)
    assert collect_all(HOUSES, datetime.now(UTC), 36_500).callbacks == 0


def test_ten_megabytes_are_refused_while_they_come(sqlite_database: str) -> None:
    with served(sqlite_database) as (_, address):
        raw = b"[" + b" " * (10 * 1024 * 1024) + b"]"
        pieces = (raw[place : place + 65_536] for place in range(0, len(raw), 65_536))
        for content in (raw, pieces):
            assert httpx.post(f"{address}{PATH}", content=content, headers=sendgrid(b"x")).status_code == 413
        assert httpx.get(f"{address}/healthz").text == "ok\n"
    assert rows("SELECT COUNT(*) FROM callback") == [(0,)]
