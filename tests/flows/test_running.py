"""The flows run: each story under one Prefect, against a real database."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from prefect import State, get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.sorting import FlowRunSort

from flows.annual_mark import annual_mark
from flows.audit_deadlines import audit_deadlines
from flows.evaluation_cycle import advance
from flows.open_quarter import open_quarter
from models.work import work
from services import advance as steps
from services import cycle as cycles
from tests.flows.office import KEY, SURNAME, almaty, looked, marked, opened, staffed, stages

pytestmark = pytest.mark.usefixtures("prefect")


def run(flow: Any, **given: Any) -> State:
    """Run a flow to its end and return its state."""
    return asyncio.run(flow(**given, return_state=True))


def walk(day: int, hour: int = 6) -> str:
    """Walk the cycle on a day of October and say what was done."""
    return str(run(advance, cycle=KEY, at=almaty(day, hour=hour)).message).removeprefix(f"{KEY}: ")


@pytest.fixture
def office(sqlite_database: str) -> str:
    """The key of an opened cycle."""
    staffed()
    return opened()


def test_a_quarter_walks_from_notice_to_close(office: str) -> None:
    assert run(advance, at=almaty(1, hour=6)).message == f"{KEY}: Notify 5, Collect 5"
    marked(almaty(7))
    assert walk(7) == "Compute 5, Familiarise 6"
    looked(almaty(8))
    assert walk(16) == "Close 4"
    assert stages() == {"closed": 4, "released": 1}


def test_running_twice_does_nothing_twice(office: str) -> None:
    walk(1)
    assert walk(1, hour=7) == "nothing was due"


def test_the_quarter_that_ended_is_opened_once(sqlite_database: str) -> None:
    staffed()
    for _ in range(2):
        state = run(open_quarter, at=almaty(3))
        assert (state.is_completed(), state.message) == (True, f"{KEY} is open")
    with work() as session:
        assert cycles.unclosed(session) == [KEY]


def test_one_broken_cycle_stops_neither_the_others_nor_hides(office: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cycles, "unclosed", lambda session: ["broken-2026-q3", office])
    monkeypatch.setattr("tasks.look.find_cycle", lambda session, key: type("Cycle", (), {"advanced_at": None}))
    state = run(advance, at=almaty(1, hour=6))
    assert state.is_failed()
    assert state.message == "1 of 2 failed: broken-2026-q3"
    assert stages() == {"open": 5}
    assert "OPERATOR: advance hand" in _logs(str(state.state_details.flow_run_id))


def test_a_run_that_waited_while_another_walked_skips_itself(office: str) -> None:
    walk(1)
    with work() as session:
        steps.finish(session, office, almaty(1, month=10).replace(year=2030))
    state = run(advance, reason="tick")
    assert (state.is_completed(), state.message) == (True, "no cycle is waiting")


def test_the_audit_counts_every_verdict(office: str) -> None:
    walk(1)
    state = run(audit_deadlines, at=almaty(22))
    assert state.is_completed()
    assert "missed" in str(state.message)


def test_the_year_is_formed_from_its_quarters(office: str) -> None:
    walk(1)
    marked(almaty(7))
    walk(7)
    january = almaty(20, month=1).replace(year=2027)
    assert run(annual_mark, at=january).message == "marks of 2026: 5"
    assert run(annual_mark, at=january).message == "2026 has nothing new"


def test_the_tracker_shows_the_stages_and_comes_back_when_lost(office: str) -> None:
    before = len(_history())
    walk(1)
    assert [name for _, name in _history()][-3:] == ["Notify", "Collect", "Collect"]
    walk(2)
    assert len(_history()) - max(before, 1) == 3, "a walk that moves nothing leaves no mark"
    with work() as session:
        cycles.set_tracker(session, office, "00000000-0000-0000-0000-000000000000")
    marked(almaty(7))
    walk(7)
    assert _history()[-1] == ("PAUSED", "Familiarise")


def test_prefect_hears_no_personal_data(office: str) -> None:
    walk(1)
    marked(almaty(7))
    walk(7)
    run(audit_deadlines, at=almaty(22))
    said = asyncio.run(everything())
    assert KEY in said
    for private in (SURNAME, "example.kz", "+7701", "Astana"):
        assert private not in said, private


def _logs(run: str) -> str:
    """What a run said; Prefect sends it in batches."""

    async def ask() -> str:
        wanted = {"logs": {"flow_run_id": {"any_": [run]}}}
        async with get_client() as client:
            for _ in range(50):
                if "OPERATOR" in (said := (await client.request("POST", "/logs/filter", json=wanted)).text):
                    break
                await asyncio.sleep(0.2)
        return said

    return asyncio.run(ask())


def _history() -> list[tuple[str, str]]:
    async def read() -> list[tuple[str, str]]:
        async with get_client() as client:
            wanted = FlowRunFilter.model_validate({"tags": {"all_": ["tracker", KEY]}})
            runs = await client.read_flow_runs(flow_run_filter=wanted, sort=FlowRunSort.END_TIME_DESC, limit=9)
            history = await client.read_flow_run_states(runs[0].id) if runs else []
            return [(state.type.value, str(state.name)) for state in sorted(history, key=lambda s: s.timestamp)]

    return asyncio.run(read())


async def everything() -> str:
    """Every run, task, log line, artifact and event, as the server tells them."""
    async with get_client() as client:
        kinds = ("flow_runs", "task_runs", "logs", "artifacts", "events")
        answers = [await client.request("POST", f"/{kind}/filter", json={}) for kind in kinds]
        return "\n".join(answer.text for answer in answers)
