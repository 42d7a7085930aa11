"""The daily audit: was every deadline of the law kept?"""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from tasks.audit import judge_deadlines, sign_checkpoint
from tasks.clock import moment
from tasks.cycle import open_cycles
from tasks.outcome import alert, attempted, run_name, together, told


@flow(name="audit-deadlines", flow_run_name=run_name, on_failure=[alert], on_crashed=[alert])
async def audit_deadlines(cycle: str | None = None, at: datetime | None = None) -> State:
    """Judge every deadline of one cycle, or of every open one; one broken cycle stops no other.

    Args:
        cycle: its key; left out, every open cycle.
        at: replays another moment; left out, the real one.
    """
    keys = open_cycles(cycle)
    sign_checkpoint(moment(at))
    return together({key: await attempted(audit(key, moment(at))) for key in keys})


async def audit(cycle: str, now: datetime) -> State:
    """Judge every deadline of one cycle."""
    return told(judge_deadlines(cycle, now), nothing="no deadline is known")
