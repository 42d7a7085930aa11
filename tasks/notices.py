"""Handing notices to their carriers. Never tried again by Prefect: an unknown outcome is not resent blindly."""

from __future__ import annotations

from datetime import datetime

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from notifications.handover import hand_over
from services.carriers import houses
from services.paper import documents
from settings import settings


@task(task_run_name="hand-over", cache_policy=NO_CACHE, persist_result=False, retries=0)
def hand_over_waiting(limit: int | None, now: datetime) -> dict[str, int]:
    """Hand over what waits; return how many left by each channel, and under "failed" how many could not."""
    ours = settings()
    done = hand_over(ours.mode, ours.outbox, now, documents=documents(), houses=houses(), limit=limit)
    for problem in done.problems[:20]:
        get_run_logger().warning("%s", problem)
    if done.failed:
        get_run_logger().warning("%s notices could not be handed over: bagalau notices list", done.failed)
    return {**done.handed, "failed": done.failed} if done.failed else dict(done.handed)
