"""A run for each deadline: one `advance` a second after a term's last instant, so that nothing waits for the tick."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import httpx
from prefect.deployments import arun_deployment
from prefect.exceptions import PrefectException
from prefect.logging import get_run_logger
from sqlmodel import Session

from models.work import reading, work
from services import plan_audit, terms
from tasks.kinds import step

DEPLOYMENT, AUDIT = "advance/on-demand", "audit-deadlines/every-morning"
#: Prefect may start a run up to half a second early; a second after the end nothing is early any more
AFTER = timedelta(seconds=1)
#: a term of years (keeping the documents) is planned when it comes near
HORIZON = timedelta(days=40)
#: a replayed moment is not the real one, and its runs would come at the real one
REPLAYED = timedelta(hours=1)


@step("deadlines-{cycle}")
async def plan_precise_runs(cycle: str, now: datetime) -> int:
    """Ask Prefect for one run per deadline instant without one; no harm is done when Prefect does not hear."""
    with reading() as session:
        waiting = unplanned(session, cycle, now)
    for term, end in waiting:
        try:
            run = await _plan_run(cycle, term, end)
        except (PrefectException, httpx.HTTPError) as trouble:
            reason = type(trouble).__name__
            get_run_logger().warning("No run planned for term %s (%s); the tick stands in.", term, reason)
            return 0
        with work() as session:
            terms.mark_scheduled(session, [term], run)
    return len(waiting)


def unplanned(session: Session, cycle: str, now: datetime) -> list[tuple[int, datetime]]:
    """(term, its end) of each deadline that wants a run and has none; none at a replayed moment."""
    if _replayed(now):
        return []
    return [(term, end) for term, end in terms.unscheduled(session, cycle, now) if end < now + HORIZON]


def _replayed(now: datetime) -> bool:
    return abs(datetime.now(UTC) - now) > REPLAYED


@step("deadlines-{plans}")
async def plan_runs_of_plans(plans: str, now: datetime) -> int:
    """Ask Prefect for an audit a second after each instant at which a plan is over its term; asked twice, it is one run."""
    with reading() as session:
        ends = [] if _replayed(now) else [end for end in plan_audit.ends(session, plans, now) if end < now + HORIZON]
    for end in ends:
        try:
            await _ask_for_audit(plans, end)
        except (PrefectException, httpx.HTTPError) as trouble:
            get_run_logger().warning(
                "No run planned for %s (%s); the morning stands in.", plans, type(trouble).__name__
            )
            return 0
    return len(ends)


async def _ask_for_audit(plans: str, end: datetime) -> None:
    await arun_deployment(
        AUDIT,
        parameters={"plans": plans},
        flow_run_name=f"audit-deadlines {plans} deadline",
        scheduled_time=end + AFTER,
        idempotency_key=f"{plans}:{end.isoformat()}",
        timeout=0,
        as_subflow=False,
    )


async def _plan_run(cycle: str, term: int, end: datetime) -> str:
    run = await arun_deployment(
        DEPLOYMENT,
        parameters={"cycle": cycle, "reason": "deadline"},
        flow_run_name=f"advance {cycle} deadline",
        scheduled_time=end + AFTER,
        idempotency_key=f"{cycle}:{term}:{end.isoformat()}",
        timeout=0,
        as_subflow=False,
    )
    return str(run.id)
