"""Handing the waiting notices to their carriers, apart from everything else."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from tasks.clock import moment
from tasks.notices import hand_over_waiting
from tasks.outcome import alert, run_name, told


@flow(name="hand-over-notices", flow_run_name=run_name, on_failure=[alert], on_crashed=[alert])
async def hand_over_notices(limit: int | None = None, at: datetime | None = None) -> State:
    """Hand the waiting notices to their carriers.

    Args:
        limit: at most so many; left out, all.
        at: replays another moment; left out, the real one.
    """
    return told(hand_over_waiting(limit, moment(at)), nothing="no notice was waiting")
