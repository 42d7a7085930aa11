"""The sample body of adgs-2018-93 and its law, for the tests that need one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from methodologies import law, load, sample, work_calendar
from rules.law import Law
from rules.organisation import Organisation
from rules.period import Period

ACT = "adgs-2018-93"
Q1 = Period(2024, 1)
ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "examples" / "adgs" / "organisation.yaml"
STAFF = ROOT / "examples" / "adgs" / "staff.csv"
KEY = "adgs-sample-2024-q1"


def body(**changes: Any) -> Organisation:
    """The sample body with some fields changed."""
    return replace(sample(ACT), **changes)


def without(section: str, name: str) -> Organisation:
    """The sample body without one thing it says itself."""
    own = {key: {one: value for one, value in held.items() if (key, one) != (section, name)} for key, held in OWN}
    return body(own=own)


@lru_cache
def law_of(period: Period = Q1, **readings: str) -> Law:
    """The law of a period; a reading is given as A_Q8="b"."""
    chosen = {question.replace("_", "-"): option for question, option in readings.items()}
    return law(load(ACT), period, body(readings=chosen))


OWN = tuple(sample(ACT).own.items())
CALENDAR = work_calendar(sample(ACT))
