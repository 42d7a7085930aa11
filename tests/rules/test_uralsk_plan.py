"""Who of the maslikhat apparatus is evaluated, on which form and by whom; who has no KPI and who is exempt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.errors import NotInForce
from rules.people import Servant
from rules.period import Period
from rules.plan import EVALUATORS, Planner, crowded
from tests.uralsk import Q4, YEAR, law_of

LAW = law_of()

CHAIR, HEAD, CHIEF = 1, 2, 3
SERVANT = Servant(
    person=7, appointment=70, category="E-4", leadership=False, supervisor=CHIEF, unit_head=CHIEF, body_head=HEAD,
    started_on=date(2020, 1, 6), ended_on=None, dismissed=False, worked=0, worked_source="calendar", superior=HEAD,
)  # fmt: skip
HEAD_OF_APPARATUS = replace(
    SERVANT, person=HEAD, category="E-2", leadership=True, supervisor=CHAIR, unit_head=HEAD, superior=None
)


def decide(one: Servant, period: Period = Q4, evaluation: str = "quarter", **readings: str) -> Any:
    law = law_of(period, **readings)
    return Planner.under(law, period, law.evaluation(evaluation)).decide(one)


def day(text: str) -> date:
    return date.fromisoformat(text)


# --- who is evaluated how ----------------------------------------------------------------------------------------


@pytest.mark.rule("U-2", "U-3", "U-4", "U-6", "U-7", "U-13", "U-36")
def test_the_head_of_the_apparatus_by_kpi_by_the_direct_supervisor() -> None:
    found = decide(HEAD_OF_APPARATUS)
    assert (found.form, found.evaluator, found.exempt) == ("kpi", CHAIR, False)
    assert {"U-4", "U-36"} <= set(found.rules)


@pytest.mark.rule("U-5", "U-6", "U-13", "U-49", "U-50")
@pytest.mark.parametrize("category", ["E-3", "E-4", "E-5"])
def test_everybody_else_by_ranking_by_the_head_of_the_apparatus(category: str) -> None:
    found = decide(replace(SERVANT, category=category, leadership=category == "E-3"))
    assert (found.form, found.evaluator) == ("ranking", HEAD)
    assert {"U-49", "U-50"} <= set(found.rules)


@pytest.mark.rule("U-13", "U-57")
@pytest.mark.parametrize("one", [HEAD_OF_APPARATUS, SERVANT])
def test_the_year_by_360_for_both(one: Servant) -> None:
    found = decide(one, YEAR, "survey")
    assert (found.form, found.evaluator) == ("360", one.supervisor)


@pytest.mark.rule("U-5")
def test_who_holds_no_corps_b_post_is_not_evaluated() -> None:
    assert decide(replace(SERVANT, category="")) is None


@pytest.mark.rule("U-1")
def test_the_superior_supervisor_is_the_superior_of_the_direct_supervisor() -> None:
    assert EVALUATORS["direct_supervisor"](SERVANT) == CHIEF
    assert EVALUATORS["superior_supervisor"](SERVANT) == HEAD


@pytest.mark.rule("U-3")
def test_nobody_evaluates_himself_and_a_head_without_a_superior_is_reported() -> None:
    found = decide(replace(HEAD_OF_APPARATUS, supervisor=None))
    assert found.evaluator is None
    assert "fill in the column 'supervisor'" in found.problem


@pytest.mark.rule("U-18")
@pytest.mark.parametrize(
    ("started", "ended", "evaluated"),
    [
        ("2023-12-01", None, True),
        ("2023-12-02", None, False),
        ("2023-10-01", "2023-10-31", True),
        ("2023-10-01", "2023-10-30", False),
        ("2020-01-06", "2023-10-31", True),
        ("2020-01-06", "2023-10-30", False),
    ],
)
def test_less_than_a_month_in_the_post_inside_the_quarter(started: str, ended: str | None, evaluated: bool) -> None:
    found = decide(replace(SERVANT, started_on=day(started), ended_on=day(ended) if ended else None))
    assert found.exempt is not evaluated
    assert found.rules == (("U-18",) if found.exempt else found.rules)


@pytest.mark.rule("U-18")
def test_before_september_2023_nobody_can_be_planned_for_point_5_is_not_in_our_text() -> None:
    with pytest.raises(NotInForce, match="min_tenure_in_position"):
        decide(SERVANT, Period(2023, 3))


@pytest.mark.rule("U-19")
def test_days_away_exempt_nobody() -> None:
    assert not decide(replace(SERVANT, worked=0)).exempt


@pytest.mark.rule("U-20")
@pytest.mark.parametrize(("ended", "point"), [("2023-12-22", "pt 6"), ("2024-01-05", "pt 6"), ("2023-11-15", "pt 6")])
def test_the_dismissed_are_evaluated_without_participation(ended: str, point: str) -> None:
    found = decide(replace(SERVANT, ended_on=day(ended), dismissed=True))
    assert (found.exempt, found.dismissed, found.form) == (False, True, "ranking")
    assert "U-20" in found.rules
    assert found.note == f"dismissed: evaluated without participation ({point})"


@pytest.mark.rule("U-40")
@pytest.mark.parametrize(
    ("started", "period", "evaluated"),
    [
        ("2023-09-18", Q4, True),
        ("2023-10-01", Q4, True),  # exactly three months are left
        ("2023-10-02", Q4, False),
        ("2023-11-15", Q4, False),
        ("2023-11-15", Period(2024, 1), True),  # the plan of the next year
        ("2024-01-01", Period(2024, 1), True),
        ("2020-01-06", Q4, True),
    ],
)
def test_a_head_with_less_than_three_months_left_has_no_kpi(started: str, period: Period, evaluated: bool) -> None:
    found = decide(replace(HEAD_OF_APPARATUS, started_on=day(started)), period)
    assert found.exempt is not evaluated
    if found.exempt:
        assert found.rules == ("U-40",)
        assert found.note.endswith("less than 3 months are left to 2023-12-31, so no plan is made (pt 22)")


@pytest.mark.rule("U-40")
def test_under_plans_for_a_quarter_everybody_appointed_after_its_first_day_has_no_kpi() -> None:
    assert not decide(replace(HEAD_OF_APPARATUS, started_on=day("2023-10-01")), U_Q2="quarter").exempt
    assert decide(replace(HEAD_OF_APPARATUS, started_on=day("2023-10-02")), U_Q2="quarter").exempt


@pytest.mark.rule("U-40", "U-49")
def test_the_three_months_are_asked_of_the_head_alone() -> None:
    assert not decide(replace(SERVANT, started_on=day("2023-11-20"))).exempt


@pytest.mark.rule("U-54")
def test_exactly_fifty_is_not_more_than_fifty() -> None:
    assert crowded({HEAD: 50}, LAW.value("delegation_threshold")) == {}
    assert crowded({HEAD: 51}, LAW.value("delegation_threshold")) == {HEAD: 51}
