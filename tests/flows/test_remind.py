"""The flow of a working morning: who is reminded, what Prefect shows of it, and that it names nobody."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from prefect import State, get_client
from prefect.client.schemas.filters import ArtifactFilter

from flows.remind import remind
from models.sql import execute
from models.work import reading
from services import reminders
from tests.flows.office import KEY, SURNAME, almaty, marked, opened, staffed
from tests.flows.test_running import run, walk

pytestmark = pytest.mark.usefixtures("prefect")


@pytest.fixture
def office(sqlite_database: str) -> str:
    """An opened cycle whose sheets are out."""
    staffed()
    opened()
    walk(1)
    return KEY


def written() -> dict[str, int]:
    with reading() as session:
        rows = execute(session, "SELECT kind, COUNT(*) AS n FROM notice GROUP BY kind")
        return {row.kind: row.n for row in rows}


def shown(key: str) -> list[Any]:
    async def ask() -> list[Any]:
        async with get_client() as client:
            return await client.read_artifacts(artifact_filter=ArtifactFilter(key={"any_": [key]}))

    return asyncio.run(ask())


@pytest.mark.rule("N-10", "N-25")
def test_a_morning_reminds_and_shows_its_counts(office: str) -> None:
    before = written()
    state: State[Any] = run(remind, at=almaty(19, hour=3))
    assert state.message == f"{KEY}: sheets 2, alerts 2"
    assert written()["marks_reminder"] == 2
    assert written()["deadline_alert"] == before.get("deadline_alert", 0) + 2
    assert run(remind, at=almaty(19, hour=3)).message == f"{KEY}: nobody was to be reminded"
    table = shown("reminders")[-1]
    assert f'"cycle": "{KEY}"' in str(table.data)
    assert '"sheets": 2' in str(table.data)
    assert shown("reminders-progress")[-1].data == 100.0
    said = " ".join(str(one.data) + str(one.description) for one in (*shown("reminders"), *shown("reminders-progress")))
    assert SURNAME not in said


@pytest.mark.rule("N-25")
def test_a_day_off_reminds_nobody_and_what_is_done_is_over(office: str) -> None:
    run(remind, at=almaty(21, hour=3))
    assert written()["marks_overdue"] == 2
    assert run(remind, at=almaty(24, hour=3)).message == f"{KEY}: nobody was to be reminded"  # a Saturday
    marked(almaty(21, hour=8))
    run(remind, at=almaty(22, hour=3))
    assert written()["marks_overdue"] == 2


def test_one_broken_cycle_stops_no_other(office: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> dict[str, int]:
        raise ValueError("broken")

    monkeypatch.setattr(reminders, "morning", broken)
    state = run(remind, at=almaty(19, hour=3))
    assert (state.is_failed(), state.message) == (True, f"1 of 1 failed: {KEY}")
