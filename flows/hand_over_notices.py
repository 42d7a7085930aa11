"""Handing the waiting notices to their carriers, apart from everything else."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from tasks.clock import moment
from tasks.notice_board import counted, show_outbox
from tasks.notices import alert_of_standstills, anything_to_do, climb_the_ladder, hand_over_waiting
from tasks.outcome import alert, run_name, told


@flow(name="hand-over-notices", flow_run_name=run_name, on_failure=[alert], on_crashed=[alert])
async def hand_over_notices(limit: int | None = None, at: datetime | None = None) -> State:
    """Ask about what is unknown, hand over what waits, go on to the next lawful channel, tell of carriers that stand still.

    Args:
        limit: at most so many; left out, all.
        at: replays another moment; left out, the real one.
    """
    if not anything_to_do(moment(at)):
        return told({}, nothing="no notice was waiting")
    done = [await hand_over_waiting(limit, moment(at))]
    climbed = climb_the_ladder(moment(at))
    if climbed:
        done.append(await hand_over_waiting(limit, moment(at)))
    standing = alert_of_standstills(moment(at))
    await show_outbox(done, moment(at), return_state=True)
    return told(
        {**counted(done), "next channel": climbed, "lanes at a standstill": standing}, nothing="no notice was ready"
    )
