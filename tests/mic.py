"""The sample body under mic-2018 and its law, for the tests that need one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from methodologies import law, load, sample, work_calendar
from rules.law import Law
from rules.organisation import Organisation
from rules.period import Period

Y2018, Y2019 = Period(2018), Period(2019)


def body(**changes: Any) -> Organisation:
    """The sample body with some fields changed."""
    return replace(sample("mic-2018"), **changes)


def law_of(period: Period = Y2018, **readings: str) -> Law:
    """The law of a year; a reading is given as M_Q1="b"."""
    return _law(period, tuple(sorted(readings.items())))


@lru_cache
def _law(period: Period, readings: tuple[tuple[str, str], ...]) -> Law:
    chosen = {question.replace("_", "-"): option for question, option in readings}
    return law(load("mic-2018"), period, body(readings=chosen))


CALENDAR = work_calendar(sample("mic-2018"))
