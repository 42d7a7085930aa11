"""Marks of KPI: as many as the plan has, each within the body's table, their mean exactly."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import BadFile, Incomplete, MissingSetting, RuleError
from rules.methods import kpi_marks
from rules.methods.kpi_marks import permitted_marks
from rules.scoring import Score
from tests.uralsk import Q4, law_of, scored

LAW = law_of()
FORM = LAW.form("kpi")
TABLE = permitted_marks(LAW, FORM)

percents = st.decimals(Decimal(0), Decimal(200), places=2)


def score(*kpis: tuple[Any, Any], **readings: str) -> Score:
    return scored(law_of(**readings), "kpi", kpis=[{"percent": p, "mark": m} for p, m in kpis])


def line_of(percent: Decimal) -> kpi_marks.Permitted:
    """The line of the table by a walk from the top, as a person reads it."""
    return [line for line in TABLE if percent >= line.from_percent][-1]


@st.composite
def permitted_sheets(draw: st.DrawFn) -> list[tuple[Decimal, Decimal]]:
    """Sheets whose every mark the table permits."""
    found = []
    for percent in draw(st.lists(percents, min_size=3, max_size=5)):
        line = line_of(percent)
        found.append((percent, draw(st.decimals(line.least, line.most, places=2))))
    return found


@pytest.mark.rule("U-36", "U-43", "U-48", "U-21")
@given(permitted_sheets())
def test_the_result_is_the_mean_of_the_marks_on_the_scale_of_point_7(kpis: list[tuple[Decimal, Decimal]]) -> None:
    found = score(*kpis)
    mean = sum(mark for _, mark in kpis) / len(kpis)
    assert found.score == Decimal(mean).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert found.score is not None and found.unrounded is not None
    bands = ((4, "effective"), (3, "proper"), (2, "satisfactory"), (0, "unsatisfactory"))
    assert found.grade == next(grade for least, grade in bands if found.score >= least)
    assert "U-Q4" in found.readings
    assert len(found.working) >= len(kpis) + 2


@pytest.mark.rule("U-48")
@given(permitted_sheets(), st.randoms(use_true_random=False))
def test_the_order_of_the_kpi_changes_nothing(kpis: list[tuple[Decimal, Decimal]], random: Any) -> None:
    turned = list(kpis)
    random.shuffle(turned)
    assert score(*turned).unrounded == score(*kpis).unrounded


@pytest.mark.rule("U-48")
@given(percents, st.decimals(Decimal(0), Decimal(5), places=2))
def test_a_mark_is_taken_just_where_the_table_permits_it(percent: Decimal, mark: Decimal) -> None:
    line = line_of(percent)
    kpis = [(percent, mark), (100, 5), (100, 5)]
    if line.least <= mark <= line.most:
        score(*kpis)
    else:
        with pytest.raises(RuleError, match=r"permit a mark of .*\(U-48, pt 27; table settings.permitted_marks"):
            score(*kpis)


@pytest.mark.rule("U-43")
@pytest.mark.parametrize("number", [0, 1, 2, 6, 7])
def test_fewer_than_three_or_more_than_five_kpi_are_refused(number: int) -> None:
    with pytest.raises(Incomplete, match=rf"there are {number} KPI, the plan has 3 to 5 \(U-43, pt 23\)"):
        score(*[(100, 5)] * number)


@pytest.mark.rule("U-48")
def test_without_the_bodys_table_the_refusal_names_setting_point_and_shape() -> None:
    law = law_of(settings={"permitted_marks": None})
    with pytest.raises(MissingSetting, match=r"pt 27.*'permitted_marks'.*under settings.permitted_marks \(list of"):
        scored(law, "kpi", kpis=[{"percent": 100, "mark": 5}] * 3)


@pytest.mark.rule("U-48")
@pytest.mark.parametrize(
    ("table", "says"),
    [
        ([], "a list of lines with the keys from_percent, to_percent, least, most is expected"),
        ("100: 5", "a list of lines"),
        ([{"from_percent": 0, "to_percent": None, "least": 0}], "most: this key is missing"),
        ([{"from_percent": 0, "to_percent": None, "least": 3, "most": 2}], "3 to 2 are no marks of 0 to 5"),
        ([{"from_percent": 0, "to_percent": None, "least": 0, "most": 6}], "0 to 6 are no marks of 0 to 5"),
        ([{"from_percent": 9, "to_percent": 9, "least": 0, "most": 5}], "it ends at 9 %, not above 9 %"),
        (
            [
                {"from_percent": 0, "to_percent": None, "least": 0, "most": 2},
                {"from_percent": 50, "to_percent": None, "least": 2, "most": 5},
            ],
            "each line starts where the one before ends",
        ),
    ],
)
def test_a_table_that_is_none_is_refused(table: Any, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        scored(law_of(settings={"permitted_marks": table}), "kpi", kpis=[{"percent": 100, "mark": 5}] * 3)


@pytest.mark.rule("U-48")
@pytest.mark.parametrize(
    ("kpi", "says"),
    [
        ({"percent": 100}, "kpis.1, mark: this key is missing|kpis.1.mark: this key is missing"),
        ({"mark": 5}, "percent: this key is missing"),
        ({"percent": 100, "mark": 5, "weight": 2}, "weight: this key is not known"),
        ({"percent": "all", "mark": 5}, "'all' is not a number"),
        ({"percent": -1, "mark": 0}, "is below zero"),
        ({"percent": 100, "mark": True}, "is not a number"),
        (5, "keys with values are expected"),
    ],
)
def test_a_field_that_is_wrong_is_named(kpi: Any, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        scored(LAW, "kpi", kpis=[kpi, {"percent": 100, "mark": 5}, {"percent": 100, "mark": 5}])


@pytest.mark.rule("U-48")
def test_marks_have_at_most_two_decimals_and_are_whole_where_the_body_says_so() -> None:
    with pytest.raises(RuleError, match="at most 2 decimals"):
        score((100, Decimal("4.999")), (100, 5), (100, 5))
    with pytest.raises(RuleError, match="whole marks only"):
        score((100, Decimal("4.5")), (100, 5), (100, 5), U_Q1_marks="whole")


def test_an_empty_sheet_has_the_fewest_kpi_and_every_field_is_described() -> None:
    assert kpi_marks.empty(LAW, FORM) == {"kpis": [{"percent": None, "mark": None}] * 3}
    assert [one["name"] for one in kpi_marks.about(LAW, FORM)] == ["kpis", "kpis[].percent", "kpis[].mark"]


def test_a_sheet_is_read_once_and_scored_the_same_each_time() -> None:
    sheet = kpi_marks.read(LAW, FORM, Q4, {"kpis": [{"percent": 90, "mark": Decimal("3.98")}] * 3})
    assert kpi_marks.score(LAW, sheet) == kpi_marks.score(LAW, sheet)
