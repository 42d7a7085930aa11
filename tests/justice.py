"""The sample body under justice-2017 and its law, for the tests that need one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

from methodologies import law, load, sample, work_calendar
from rules.law import Law
from rules.methods import method_of
from rules.organisation import Organisation
from rules.period import Period
from rules.scoring import Score

Q3, Q4, Q1, YEAR = Period(2017, 3), Period(2017, 4), Period(2018, 1), Period(2017)


def body(**changes: Any) -> Organisation:
    """The sample body with some fields changed."""
    return replace(sample("justice-2017"), **changes)


def law_of(period: Period = Q3, **readings: str) -> Law:
    """The law of a period; a reading is given as J_Q3="b"."""
    return _law(period, tuple(sorted(readings.items())))


@lru_cache
def _law(period: Period, readings: tuple[tuple[str, str], ...]) -> Law:
    chosen = {question.replace("_", "-"): option for question, option in readings}
    return law(load("justice-2017"), period, body(readings=chosen))


def scored(form: str, period: Period, data: dict[str, Any], **readings: str) -> Score:
    """The score of a sheet in plain fields."""
    held = law_of(period, **readings)
    way = method_of(held.form(form))
    return way.score(held, way.read(held, held.form(form), period, data, "sheet.yaml"))


CALENDAR = work_calendar(sample("justice-2017"))
