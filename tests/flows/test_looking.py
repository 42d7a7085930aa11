"""A tick looks first: where nothing is due and everything is shown, one small task is all that Prefect remembers."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from prefect import get_client
from prefect.client.schemas.filters import FlowRunFilter

from flows.evaluation_cycle import advance
from models.work import work
from services import cycle as cycles
from tests.flows.office import KEY, almaty, looked, marked, opened, staffed, stages

pytestmark = pytest.mark.usefixtures("prefect")


@pytest.fixture
def office(sqlite_database: str) -> str:
    """The key of an opened cycle."""
    staffed()
    return opened()


def steps(day: int, hour: int = 6) -> list[str]:
    """The task runs of one tick, without the name of the cycle."""
    state = asyncio.run(advance(reason="tick", at=almaty(day, hour=hour), return_state=True))
    assert state.is_completed(), state.message
    return asyncio.run(_tasks(state.state_details.flow_run_id))


async def _tasks(run: Any) -> list[str]:
    async with get_client() as client:
        for _ in range(50):  # task runs are told to the server in the background
            found = await client.read_task_runs(flow_run_filter=FlowRunFilter.model_validate({"id": {"any_": [run]}}))
            if found and all(one.state and one.state.is_final() for one in found):
                break
            await asyncio.sleep(0.2)
    return sorted(one.name.removesuffix(f"-{KEY}") for one in found)


def test_a_quiet_tick_is_one_task(office: str) -> None:
    assert len(steps(1)) > 10
    assert steps(1, hour=7) == ["look"]
    assert steps(2) == ["look"]


def test_what_people_did_is_shown_without_a_walk(office: str) -> None:
    steps(1)
    marked(almaty(7))
    steps(7)
    looked(almaty(8), only=1)
    assert steps(8) == ["look", "show"]
    assert steps(8, hour=7) == ["look"]


def test_a_tracker_that_was_lost_is_drawn_anew(office: str) -> None:
    steps(1)
    with work() as session:
        cycles.set_tracker(session, office, "00000000-0000-0000-0000-000000000000")
    assert steps(1, hour=7) == ["look", "show"]


def test_a_term_that_ended_is_a_walk_and_the_days_between_are_quiet(office: str) -> None:
    steps(1)
    marked(almaty(7))
    steps(7)
    looked(almaty(8))
    steps(8)
    assert steps(15) == ["look", "show"], "a day of the act has passed, and the tracker names the next one"
    assert steps(15, hour=18) == ["look"], "the five working days end with this day"
    assert "close" in steps(15, hour=19)
    assert stages()["closed"] == 4


def test_a_cycle_that_waits_for_its_period_is_quiet(office: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles, "ready", lambda session, key, now: False)
    assert steps(1) == ["look", "show"]
    assert steps(1, hour=7) == ["look"]
