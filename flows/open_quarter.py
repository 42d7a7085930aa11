"""Opening every evaluation whose time has come, and the individual plans of the period."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow
from prefect.states import Completed

from tasks.clock import meant_for, moment, today
from tasks.opening import Opening, open_cycle, open_plans, what_is_due
from tasks.outcome import alert, answered, run_name, told_of_all
from tasks.precise import plan_runs_of_plans
from tasks.tracker import show, show_plans


@flow(name="open-quarter", flow_run_name=run_name, on_failure=[alert], on_crashed=[alert])
async def open_quarter(period: str | None = None, at: datetime | None = None) -> State:
    """Open what is due under the body's act on the day this run was meant for; opened before, nothing happens.

    Quarters and years just ended, evaluations that must be announced or end before their period does, the plans of the
    running period. People set the days and approve; a refusal of one stops none of the others.

    Args:
        period: every evaluation of this period instead, as 2026-Q3 or 2026.
        at: replays another moment; left out, the real one.
    """
    due = what_is_due(period, today(meant_for(at)))
    answers = [await answered(opened(one, moment(at))) for one in due]
    return told_of_all(answers, nothing="nothing is to be opened")


async def opened(one: Opening, now: datetime) -> State:
    """Open one evaluation or one round of plans, or say why it is left to people."""
    if one.left:
        return Completed(message=one.left)
    if one.what == "plans":
        return await plans_opened(one, now)
    key = one.key or open_cycle(one.name, one.period, now)
    await show(key, {}, now, return_state=True)
    return Completed(message=f"{key} is open")


async def plans_opened(one: Opening, now: datetime) -> State:
    """Open the plans of a period; each further morning newcomers get theirs."""
    key = open_plans(one.name, one.period, now)
    await plan_runs_of_plans(key, now)
    await show_plans(key, now, return_state=True)
    return Completed(message=f"{key} is open")
