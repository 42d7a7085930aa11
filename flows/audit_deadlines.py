"""The daily audit: was every deadline of the law kept, in the cycles and in the individual plans?"""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from tasks.audit import judge_deadlines, judge_plans, open_rounds, sign_checkpoint
from tasks.clock import moment
from tasks.cycle import open_cycles
from tasks.outcome import alert, attempted, run_name, together, told
from tasks.precise import plan_runs_of_plans
from tasks.tracker import show_plans


@flow(name="audit-deadlines", flow_run_name=run_name, on_failure=[alert], on_crashed=[alert])
async def audit_deadlines(cycle: str | None = None, plans: str | None = None, at: datetime | None = None) -> State:
    """Judge every deadline of one cycle or one round of plans, or of all that are open; a broken one stops no other.

    Args:
        cycle: key of a cycle; left out with `plans`, every open cycle.
        plans: key of a round of plans; left out with `cycle`, every round whose period runs.
        at: replays another moment; left out, the real one.
    """
    now = moment(at)
    keys = [] if plans and not cycle else open_cycles(cycle)
    rounds = [plans] if plans else [] if cycle else open_rounds(now)
    sign_checkpoint(now)
    judged = {key: await attempted(audit(key, moment(at))) for key in keys}
    return together(judged | {key: await attempted(audit_plans(key, moment(at))) for key in rounds})


async def audit(cycle: str, now: datetime) -> State:
    """Judge every deadline of one cycle."""
    return told(judge_deadlines(cycle, now), nothing="no deadline is known")


async def audit_plans(plans: str, now: datetime) -> State:
    """Judge the terms of one round of plans, and see to it that the next ones are judged in time."""
    counts = judge_plans(plans, now)
    await plan_runs_of_plans(plans, now)
    await show_plans(plans, now, return_state=True)
    return told(counts, nothing="no plan is due")
