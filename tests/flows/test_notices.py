"""The hand-over as a run: quiet when nothing waits, one sentence of numbers, a table, an alert for a lane at a standstill."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect import State, get_client

from flows.hand_over_notices import hand_over_notices
from models.work import work
from notifications import hand_over, notify
from notifications.channels import Temporary
from settings import settings
from tasks import notices
from tests import makers
from tests.flows.test_looking import _tasks
from tests.notifications.house import CANARIES, EVERYBODY, FACTS, NOW, Papers, populate
from tests.notifications.scripted import Scripted, house_of

pytestmark = pytest.mark.usefixtures("prefect")
MINUTE = timedelta(minutes=1)


def run(at: Any) -> State:
    """One run at a moment."""
    return asyncio.run(hand_over_notices(at=at, return_state=True))


def tasks_of(state: State) -> list[str]:
    """The names of its task runs."""
    return asyncio.run(_tasks(state.state_details.flow_run_id))


def artifact(key: str) -> Any:
    """The newest of a key."""

    async def ask() -> Any:
        async with get_client() as client:
            wanted = {"artifacts": {"key": {"any_": [key]}}, "sort": "CREATED_DESC", "limit": 1}
            return (await client.request("POST", "/artifacts/filter", json=wanted)).json()[0]["data"]

    return asyncio.run(ask())


def said(state: State) -> str:
    """Every log line of a run, and every event about a lane."""

    async def ask() -> str:
        run = str(state.state_details.flow_run_id)
        async with get_client() as client:
            for _ in range(25):
                logs = (
                    await client.request("POST", "/logs/filter", json={"logs": {"flow_run_id": {"any_": [run]}}})
                ).text
                if "OPERATOR" in logs:
                    break
                await asyncio.sleep(0.1)
        return logs

    return asyncio.run(ask())


@pytest.fixture
def waiting(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three e-mails that wait."""
    monkeypatch.setattr(settings(), "data", tmp_path / "data")
    populate(3)
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, facts=FACTS, channels=["email"])


def live(monkeypatch: pytest.MonkeyPatch, carrier: Scripted) -> None:
    """Let this carrier take the e-mails."""
    monkeypatch.setattr(settings(), "mode", "live")
    monkeypatch.setattr(notices, "houses", lambda: house_of(carrier))
    monkeypatch.setattr(notices, "documents", Papers)


def test_what_waits_is_handed_over_and_shown_and_then_all_is_quiet(waiting: None) -> None:
    state = run(NOW)
    assert (state.is_completed(), state.message) == (True, "email 3")
    [row] = json.loads(artifact("notices"))
    assert row == {
        "body": "nchr-sample", "channel": "email", "carrier": "simulate", "handed": 3, "postponed": 0, "unknown": 0,
        "resent": 0, "failed": 0, "lane": "running",
    }  # fmt: skip
    assert artifact("notices-progress") == 100.0
    quiet = run(NOW + MINUTE)
    assert (quiet.message, tasks_of(quiet)) == ("no notice was waiting", ["look-at-the-outbox"])


@pytest.mark.slow
def test_a_lane_at_a_standstill_is_told_to_the_operator_once(waiting: None, monkeypatch: pytest.MonkeyPatch) -> None:
    carrier = Scripted(lambda message: Temporary("the service is down", "503", ours=True))
    live(monkeypatch, carrier)
    for minute in (0, 1):
        state = run(NOW + minute * MINUTE)
    assert state.message == "postponed 3, lanes at a standstill 1"
    lines = said(state)
    assert "OPERATOR: email of 'nchr-sample' is resting since 2026-10-05T06:01" in lines
    assert "3 notices wait in it: the service is down" in lines
    assert not any(word in lines for word in CANARIES)
    [row] = json.loads(artifact("notices"))
    assert (row["still waiting"], row["lane"]) == (3, "resting since 2026-10-05T06:01")
    carrier.alive = False
    again = run(NOW + 3 * MINUTE)
    assert again.message == "lanes at a standstill 1"
    assert "OPERATOR" not in said(again)
    carrier.alive, carrier.script = True, Scripted().script
    assert run(NOW + 5 * MINUTE).message == "email 3"


def test_what_could_not_be_sent_leaves_by_the_next_channel_in_the_same_run(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings(), "data", tmp_path / "data")
    makers.a_cycle("released")
    hand_over("simulate", tmp_path, makers.at("2026-10-08"), documents=Papers())
    with work() as session:
        session.connection().exec_driver_sql(
            "UPDATE notice SET state = 'failed', failure = 'no such place' WHERE kind = 'result_served'"
        )
    state = run(makers.at("2026-10-08 10:00"))
    assert state.message == "telephonogram 1, next channel 1"


def test_a_third_hand_over_at_once_leaves_it_to_the_others(waiting: None) -> None:
    async def both_places() -> None:
        from prefect.concurrency.asyncio import concurrency

        await notices._limit_exists()
        with pytest.MonkeyPatch.context() as hasty:
            hasty.setattr(notices, "PATIENCE", 4)
            async with concurrency(notices.LIMIT, occupy=notices.AT_ONCE):
                state = await hand_over_notices(at=NOW, return_state=True)
            assert (state.is_completed(), state.message) == (True, "no notice was ready")

    asyncio.run(both_places())
    assert run(NOW).message == "email 3"
