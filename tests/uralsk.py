"""The sample maslikhat apparatus and its law, for the tests that need one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from methodologies import law, load, sample, work_calendar
from rules.law import Law
from rules.methods import method_of
from rules.organisation import Organisation
from rules.period import Period
from rules.scoring import Score

ACT = "uralsk-maslikhat-2018"
Q4 = Period(2023, 4)
YEAR = Period(2023)
ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "examples" / "uralsk" / "organisation.yaml"
STAFF = ROOT / "examples" / "uralsk" / "staff.csv"


def body(**changes: Any) -> Organisation:
    """The sample body with some fields changed."""
    return replace(sample(ACT), **changes)


def law_of(period: Period = Q4, settings: dict[str, Any] | None = None, **readings: str) -> Law:
    """The law of a period; a reading is given as U_Q12="a", a setting replaces the sample's."""
    if settings is not None:
        chosen = {question.replace("_", "-"): option for question, option in readings.items()}
        return law(load(ACT), period, body(readings=chosen, settings={**sample(ACT).settings, **settings}))
    return _law(period, tuple(sorted(readings.items())))


@lru_cache
def _law(period: Period, readings: tuple[tuple[str, str], ...]) -> Law:
    chosen = {question.replace("_", "-"): option for question, option in readings}
    return law(load(ACT), period, body(readings=chosen))


def scored(law: Law, form_id: str, period: Period = Q4, **fields: Any) -> Score:
    """The result of a sheet given in plain fields."""
    form = law.form(form_id)
    way = method_of(form)
    return way.score(law, way.read(law, form, period, fields, ""))


CALENDAR = work_calendar(sample(ACT))
