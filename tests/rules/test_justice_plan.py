"""Who left the service before the evaluation ends, where an act has no rule for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rules.people import Servant
from rules.period import Period
from rules.plan import Planner
from tests.justice import Q3, Q4, law_of

SOMEBODY = Servant(
    person=7, appointment=70, category="C-4", leadership=False, supervisor=2, unit_head=3, body_head=1,
    started_on=date(2015, 1, 8), ended_on=None, dismissed=True, worked=60, worked_source="calendar",
)  # fmt: skip


@pytest.mark.rule("J-6", "J-Q28-dismissed")
@pytest.mark.parametrize(
    ("period", "left", "evaluated"),
    [
        (Q3, "2017-09-30", False),
        (Q3, "2017-10-10", False),  # the last day of the evaluation
        (Q3, "2017-10-11", True),
        (Q4, "2017-12-31", True),  # evaluated by 10 December, while still in the post
    ],
)
def test_who_leaves_by_the_last_day_of_the_evaluation_is_not_evaluated(
    period: Period, left: str, evaluated: bool
) -> None:
    servant = replace(SOMEBODY, ended_on=date.fromisoformat(left))
    planned = Planner.under(law_of(period), period, law_of(period).evaluation("quarter")).decide(servant)
    assert planned is not None
    assert planned.exempt is not evaluated
    assert evaluated or "before the evaluation (reading J-Q28-dismissed)" in planned.note
    other = law_of(period, **{"J_Q28-dismissed": "b"})
    participates = Planner.under(other, period, other.evaluation("quarter")).decide(servant)
    assert participates is not None
    assert not participates.exempt
