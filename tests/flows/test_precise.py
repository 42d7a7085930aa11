"""A run is planned for each deadline instant, once, and a deaf Prefect is no harm."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from prefect import flow, get_client

from services import terms
from tasks import precise
from tasks.precise import plan_precise_runs
from tests.flows.office import KEY, opened, staffed

NOW = datetime.now(UTC)
TOMORROW = (NOW + timedelta(days=1)).replace(microsecond=0)


@flow(name="planning")
async def planning(now: datetime) -> int:
    """Plan the precise runs of the cycle."""
    return await plan_precise_runs(KEY, now)


@pytest.fixture
def waiting(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[list[tuple[int, datetime]]], list[Any]]:
    """Let these deadlines wait for their runs; returns the list of what is marked as planned."""
    staffed()
    opened()

    def let(deadlines: list[tuple[int, datetime]]) -> list[Any]:
        marked: list[Any] = []
        monkeypatch.setattr(terms, "unscheduled", lambda session, key, now: deadlines)
        monkeypatch.setattr(terms, "mark_scheduled", lambda session, ids, run: marked.append((ids, run)))
        return marked

    return let


def test_one_run_per_instant_a_second_after_it(deployed: None, waiting: Callable[..., list[Any]]) -> None:
    marked = waiting([(7, TOMORROW), (8, TOMORROW + timedelta(days=400))])
    assert asyncio.run(planning(NOW)) == 1, "a term of a year is planned when it comes near"
    assert asyncio.run(planning(NOW)) == 1
    (first, run), (_, again) = marked
    assert (first, run) == ([7], again), "planned twice is planned once"
    planned = asyncio.run(_read(run))
    assert planned.state.is_scheduled()
    assert planned.expected_start_time == TOMORROW + timedelta(seconds=1)
    assert planned.parameters == {"cycle": KEY, "reason": "deadline"}


def test_a_replayed_moment_plans_nothing(prefect: None, waiting: Callable[..., list[Any]]) -> None:
    marked = waiting([(7, TOMORROW)])
    assert asyncio.run(planning(NOW - timedelta(days=30))) == 0
    assert not marked


def test_a_deaf_prefect_is_only_a_warning(
    prefect: None, waiting: Callable[..., list[Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = waiting([(7, TOMORROW)])
    monkeypatch.setattr(precise, "DEPLOYMENT", "advance/nowhere")
    assert asyncio.run(planning(NOW)) == 0
    assert not marked


async def _read(run: str) -> Any:
    async with get_client() as client:
        return await client.read_flow_run(run)
