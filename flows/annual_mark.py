"""The mark of the year."""

from __future__ import annotations

from datetime import datetime

from prefect import State, flow

from tasks.annual import form_annual_marks
from tasks.clock import ended_year, meant_for, moment
from tasks.outcome import alert, run_name, told


@flow(name="annual-mark", flow_run_name=run_name, on_failure=[alert], on_crashed=[alert])
async def annual_mark(year: int | None = None, at: datetime | None = None) -> State:
    """Form the marks of the year before the day this run was meant for, from its quarters, where the act has such marks.

    Args:
        year: another year.
        at: replays another moment; left out, the real one.
    """
    year = year or ended_year(meant_for(at))
    formed, none = form_annual_marks(year, moment(at))
    return told({f"marks of {year}:": formed}, nothing=none or f"{year} has nothing new")
