"""Handing notices to their carriers, and telling whoever runs the machine when a carrier is at a standstill.

The hand-over is never tried again by Prefect: an unknown outcome is not resent blindly. What was not done is found by
the next run.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from functools import partial

from prefect import task
from prefect.artifacts import acreate_progress_artifact, aupdate_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import get_client
from prefect.concurrency.asyncio import concurrency
from prefect.events import emit_event
from prefect.exceptions import ObjectNotFound
from prefect.logging import get_run_logger

from models.work import reading, work
from notifications import HandOver, hand_over
from notifications.lanes import Standstill, alerted, standstills
from notifications.post import SIMULATE
from notifications.waiting import due_lanes
from services import ladder
from services.carriers import houses
from services.ground import find_cycle
from services.paper import documents
from settings import settings
from tasks.kinds import step

#: hand-overs started by Prefect that may run at once; what a carrier may be given is counted in the lanes themselves,
#: for the courier and the command line share them
LIMIT, AT_ONCE = "bagalau-hand-over", 2
#: seconds a run waits for its turn; seconds after which the place of a machine that died is free again
PATIENCE, LEASE = 20, 60
#: seconds between two drawings of the progress
BEAT = 2.0
PROGRESS = "notices-progress"
STANDSTILL = "bagalau.lane.standstill"


@step("look-at-the-outbox")
def anything_to_do(now: datetime) -> bool:
    """Does a notice wait or is one unknown, has the ladder a step to climb, or stands a lane still untold?"""
    with reading() as session:
        if due_lanes(session, now, outside=settings().mode != SIMULATE) or standstills(session, not_told=True):
            return True
        open_ones = [find_cycle(session, key) for key in ladder.watched(session, now)]
        return any(one.next for cycle in open_ones for one in ladder.stuck(session, cycle, now))


@task(task_run_name="hand-over", cache_policy=NO_CACHE, persist_result=False, retries=0)
async def hand_over_waiting(limit: int | None, now: datetime) -> HandOver:
    """Ask about what is unknown, hand over what waits; return what became of it, lane by lane."""
    await _limit_exists()
    try:
        async with concurrency(LIMIT, timeout_seconds=PATIENCE, lease_duration=LEASE):
            done = await _shown(partial(_hand_over, limit, now))
    except TimeoutError:
        done = HandOver(problems=(f"{AT_ONCE} hand-overs are under way already; what waits is left to them.",))
    for problem in done.problems[:20]:
        get_run_logger().warning("%s", problem)
    if done.failed:
        get_run_logger().warning("%s notices could not be handed over: bagalau notices list", done.failed)
    return done


@step("climb-the-ladder")
def climb_the_ladder(now: datetime) -> int:
    """Write the next lawful channel's notice to whom the last one did not reach; return how many."""
    return ladder.climb_all(now)


@step("alert")
def alert_of_standstills(now: datetime) -> int:
    """Tell the operator of lanes that rest or are stopped, each once; return how many are at a standstill."""
    with reading() as session:
        standing, news = standstills(session), standstills(session, not_told=True)
    for one in news:
        _alert(one)
    if news:
        with work() as session:
            alerted(session, news, now)  # after the alert: said twice is better than not at all
    return len(standing)


def _alert(one: Standstill) -> None:
    get_run_logger().error(
        "OPERATOR: %s of '%s' is %s since %s, %s notices wait in it: %s; see docs/operations.md, 'When a lane stands still'",
        one.channel, one.organisation, one.state, one.since, one.waiting, one.reason,
    )  # fmt: skip
    emit_event(
        STANDSTILL,
        resource={"prefect.resource.id": f"bagalau.lane.{one.organisation}.{one.channel}"},
        payload={"state": one.state, "since": one.since, "waiting": one.waiting, "reason": one.reason},
    )


def _hand_over(limit: int | None, now: datetime, progress: Callable[[int, int], None]) -> HandOver:
    ours = settings()
    return hand_over(
        ours.mode, ours.outbox, now, documents=documents(), houses=houses(), limit=limit, progress=progress
    )  # fmt: skip


async def _shown(do: Callable[[Callable[[int, int], None]], HandOver]) -> HandOver:
    """Do it in a thread of its own and draw its progress meanwhile; a server that cannot draw stops nothing."""
    seen, drawn = (0, 0), None

    def progress(done: int, waiting: int) -> None:
        nonlocal seen
        seen = done, waiting

    doing = asyncio.ensure_future(asyncio.to_thread(do, progress))
    while not doing.done():
        await asyncio.wait({doing}, timeout=BEAT)
        try:
            share, words = min(100.0, 100.0 * seen[0] / max(1, *seen)), f"{seen[0]} of {seen[1]} notices"
            if drawn is None:
                drawn = await acreate_progress_artifact(share, PROGRESS, words)
            else:
                await aupdate_progress_artifact(drawn, share, words)
        except Exception as trouble:  # noqa: BLE001 - the picture is not the work
            get_run_logger().warning("The progress could not be drawn (%s).", type(trouble).__name__)
    return await doing


async def _limit_exists() -> None:
    """Make the limit where it is missing; an operator's own number stays."""
    async with get_client() as client:
        try:
            await client.read_global_concurrency_limit_by_name(LIMIT)
        except ObjectNotFound:
            await client.upsert_global_concurrency_limit_by_name(LIMIT, AT_ONCE)
