"""Opening the cycle of the quarter that just ended."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow
from prefect.states import Completed

from tasks.clock import ended_quarter, meant_for, moment
from tasks.cycle import open_cycle
from tasks.outcome import alert, run_name
from tasks.tracker import show


@flow(name="open-quarter", flow_run_name=run_name, on_failure=[alert], on_crashed=[alert])
async def open_quarter(period: str | None = None, at: datetime | None = None) -> State:
    """Open the cycle of the quarter before the day this run was meant for; opened before, nothing happens.

    Args:
        period: another quarter, as 2026-Q3.
        at: replays another moment; left out, the real one.
    """
    key = open_cycle(period or ended_quarter(meant_for(at)), moment(at))
    await show(key, {}, moment(at), return_state=True)
    return Completed(message=f"{key} is open")
