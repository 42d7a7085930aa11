"""The evaluation cycle: notify, collect the scores, compute, familiarise, calibrate, close."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from tasks.clock import moment, waited_since
from tasks.cycle import (
    begin,
    call_calibration,
    close_what_is_settled,
    compute_scores,
    finish,
    notify_participants,
    open_sheets,
    refresh_plan,
    release_results,
    remind,
    remind_unopened,
    serve_dismissed,
)
from tasks.look import SHOW, WALK, look
from tasks.outcome import alert, attempted, run_name, together, told
from tasks.precise import plan_precise_runs
from tasks.tracker import show


@flow(name="advance", flow_run_name=run_name, on_failure=[alert], on_crashed=[alert])
async def advance(cycle: str | None = None, reason: str = "hand", at: datetime | None = None) -> State:
    """Look at one cycle, or at every open one, and walk where something is due.

    One broken cycle stops no other, yet the run then ends as failed.

    Args:
        cycle: its key; left out, every open cycle.
        reason: tick, nudge, deadline or hand; it is only shown.
        at: replays another moment; left out, the real one.
    """
    looked = await look(cycle, waited_since(at), moment(at))
    return together({key: await attempted(answer(key, need, moment(at))) for key, need in looked.items()})


async def answer(cycle: str, need: str, now: datetime) -> State:
    """Give one cycle what it was seen to need; most of the time that is nothing."""
    if need == WALK:
        return await walk(cycle, now)
    if need == SHOW:
        await show(cycle, {}, now, return_state=True)
    return told({})


async def walk(cycle: str, now: datetime) -> State:
    """Do for one cycle what the law and the answers allow now. Safe to run twice, early or late."""
    if not begin(cycle, now):
        await show(cycle, {}, now, return_state=True)
        return told({}, nothing="waits for its schedule, its period or nothing at all")
    moved = {
        "Plan": refresh_plan(cycle, now),
        "Notify": notify_participants(cycle, now),
        "Collect": open_sheets(cycle, now) + remind(cycle, now),
        "Compute": compute_scores(cycle, now),
        "Familiarise": release_results(cycle, now) + serve_dismissed(cycle, now) + remind_unopened(cycle, now),
        "Calibrate": call_calibration(cycle, now),
        "Close": close_what_is_settled(cycle, now),
    }
    finish(cycle, now)
    await plan_precise_runs(cycle, now)
    await show(cycle, moved, now, return_state=True)
    return told(moved)
