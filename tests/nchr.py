"""The sample body and its law, for the tests that need one."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from methodologies import law, load, sample, work_calendar
from rules.law import Law
from rules.organisation import Organisation
from rules.period import Period
from rules.stages import Walk

Q3 = Period(2026, 3)
ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "examples" / "nchr" / "organisation.yaml"


def body(**changes: Any) -> Organisation:
    """The sample body with some fields changed."""
    return replace(sample("nchr-2024"), **changes)


def law_of(period: Period = Q3, **readings: str) -> Law:
    """The law of a period; a reading is given as N_Q1="b"."""
    return _law(period, tuple(sorted(readings.items())))


@lru_cache
def _law(period: Period, readings: tuple[tuple[str, str], ...]) -> Law:
    chosen = {question.replace("_", "-"): option for question, option in readings}
    return law(load("nchr-2024"), period, body(readings=chosen))


CALENDAR = work_calendar(sample("nchr-2024"))

WALK = Walk.of(load("nchr-2024").evaluations["quarter"])
STEPS, CYCLE_STEPS = WALK.steps, WALK.cycle_steps
