"""The tracker: one Prefect run per cycle, never executed, moved by us through the stages of the law.

It is a projection of our tables. Delete it, lose it, let Prefect clean it up: the next walk draws it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from prefect import State, flow, get_client
from prefect.artifacts import (
    acreate_link_artifact,
    acreate_markdown_artifact,
    acreate_progress_artifact,
    acreate_table_artifact,
)
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.utilities.urls import url_for

from models.work import reading, work
from services.cycle_status import CycleStatus, set_tracker, status
from services.plan_audit import verdicts
from tasks.clock import today
from tasks.kinds import call
from tasks.picture import Picture, deadline_page, picture, plan_table, progress, stage_table

TAG = "tracker"


@flow(name="cycle")
def cycle_on_display() -> None:
    """A cycle as it stands. This run is never executed; it only shows."""


@call("show-{cycle}")
async def show(cycle: str, moved: Mapping[str, int], now: datetime) -> str:
    """Show in Prefect what was just done for a cycle and how it stands now; quiet walks leave no mark."""
    with reading() as session:
        found = status(session, cycle, now)
    drawn = picture(found, today(now))
    async with get_client() as client:
        tracker = await _tracker(client, found)
        news = await _draw(client, tracker, moved, drawn)
    if news:
        await _write_artifacts(found, tracker)
    return f"{drawn.name}: {drawn.message}"


async def is_shown(cycle: str, now: datetime) -> bool:
    """Does Prefect show the cycle as it stands? Asking leaves no trace there."""
    with reading() as session:
        found = status(session, cycle)
    if not found.tracker_run:
        return False
    async with get_client() as client:
        with suppress(ObjectNotFound):
            state = (await client.read_flow_run(UUID(found.tracker_run))).state
            return state is not None and _of(state) == picture(found, today(now))
    return False


async def _tracker(client: PrefectClient, cycle: CycleStatus) -> FlowRun:
    if cycle.tracker_run:
        with suppress(ObjectNotFound):
            return await client.read_flow_run(UUID(cycle.tracker_run))
    asked = FlowRunFilter.model_validate({"tags": {"all_": [TAG, cycle.key]}})
    runs = await client.read_flow_runs(flow_run_filter=asked, sort=FlowRunSort.START_TIME_DESC, limit=1)
    tracker = runs[0] if runs else await client.create_flow_run(
        cycle_on_display, name=cycle.key, tags=["bagalau", TAG, cycle.key],
        state=State(type=StateType.PENDING, name="Draft"),
    )  # fmt: skip
    with work() as session:
        set_tracker(session, cycle.key, str(tracker.id))
    return tracker


async def _draw(client: PrefectClient, tracker: FlowRun, moved: Mapping[str, int], drawn: Picture) -> bool:
    """Each stage the machine worked in, then the state the cycle rests in; nothing when that is known."""
    busy = [Picture("RUNNING", stage, f"{count} steps in this walk") for stage, count in moved.items() if count]
    known = tracker.state and _of(tracker.state)
    if known == drawn and not busy:
        return False
    for one in (*busy, drawn):
        shown = State(type=StateType(one.type), name=one.name, message=one.message)
        await client.set_flow_run_state(tracker.id, shown, force=True)
    return True


def _of(state: State) -> Picture:
    return Picture(state.type.value, state.name or "", state.message or "")


@call("show-{plans}")
async def show_plans(plans: str, now: datetime) -> str:
    """Show in Prefect how the terms of a round of plans stand."""
    with reading() as session:
        found = verdicts(session, plans, now)
    key = f"{_artifact(plans)}-plans"
    await acreate_table_artifact(plan_table(found), key, "Terms of the individual plans")
    return key


def _artifact(key: str) -> str:
    """A key as Prefect takes it for an artifact: an id of an act or a body may hold an underscore."""
    return key.replace("_", "-").lower()


async def _write_artifacts(cycle: CycleStatus, tracker: FlowRun) -> None:
    key = _artifact(cycle.key)
    await acreate_table_artifact(stage_table(cycle), f"{key}-stages", "People per stage")
    await acreate_progress_artifact(progress(cycle), f"{key}-marked", "Sheets signed, per cent")
    await acreate_markdown_artifact(deadline_page(cycle), f"{key}-deadlines")
    if link := url_for(tracker):
        await acreate_link_artifact(link, f"{cycle.key}: where it stands", key=f"{key}-tracker")
