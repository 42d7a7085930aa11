"""Counting KPI: five of them, each fully achieved or not."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import BadFile, Incomplete
from rules.methods import kpi_count, method_of
from rules.scoring import Score
from tests.mic import Y2018, law_of

LAW = law_of()
FORM = LAW.form("kpi")


def sheet(*achieved: object) -> dict[str, Any]:
    return {"kpis": [{"achieved": one} for one in achieved]}


def scored(data: dict[str, Any]) -> Score:
    method = method_of(FORM)
    return method.score(LAW, method.read(LAW, FORM, Y2018, data, ""))


@pytest.mark.rule("M-24", "M-30", "M-31")
@pytest.mark.parametrize(
    ("number", "grade", "kk"),
    [
        (5, "excellent", "өте жақсы"),
        (4, "effective", "тиімді"),
        (3, "satisfactory", "қанағаттанарлық"),
        (2, "unsatisfactory", "қанағаттанарлықсыз"),
        (1, "unsatisfactory", "қанағаттанарлықсыз"),
        (0, "unsatisfactory", "қанағаттанарлықсыз"),
    ],
)
def test_the_number_achieved_earns_the_grade(number: int, grade: str, kk: str) -> None:
    found = scored(sheet(*[True] * number, *[False] * (5 - number)))
    assert found.grade_label is not None
    assert (found.score, found.unrounded, found.grade, found.grade_label.kk) == (number, number, grade, kk)
    assert {"M-24", "M-30", "M-31"} <= set(found.rules)
    assert (found.readings, found.alternatives, dict(found.more)) == ((), (), {})


@pytest.mark.rule("M-30", "M-31")
@given(st.lists(st.booleans(), min_size=5, max_size=5))
def test_only_how_many_counts_not_which_and_each_stands_in_the_working(achieved: list[bool]) -> None:
    found = scored(sheet(*achieved))
    assert found.score == Decimal(sum(achieved))
    assert scored(sheet(*sorted(achieved))).grade == found.grade
    assert [line.endswith(": achieved") for line in found.working[:5]] == achieved
    assert found.working[5] == f"{sum(achieved)} of 5 achieved (pt 18)"


@pytest.mark.rule("M-30")
@given(st.lists(st.booleans(), min_size=5, max_size=5), st.integers(0, 4))
def test_one_more_achieved_never_lowers_the_grade(achieved: list[bool], which: int) -> None:
    better = [one or n == which for n, one in enumerate(achieved)]
    order = [band.id for band in LAW.scale("kpi").bands]
    assert order.index(scored(sheet(*better)).grade or "") <= order.index(scored(sheet(*achieved)).grade or "")


@pytest.mark.rule("M-24", "M-Q25")
@given(st.lists(st.booleans(), max_size=9).filter(lambda some: len(some) != 5))
def test_another_number_of_kpi_is_refused(achieved: list[bool]) -> None:
    said = rf"{len(achieved)} indicators are given, the plan has exactly 5 \(M-24, pt 14\)"
    with pytest.raises(Incomplete, match=said):
        scored(sheet(*achieved))


@pytest.mark.rule("M-31")
@pytest.mark.parametrize("partly", [None, 1, Decimal("0.9"), "yes", "90 %"])
def test_there_is_no_partial_credit(partly: object) -> None:
    with pytest.raises(BadFile, match=r"kpis\.5\.achieved: true or false is expected here"):
        scored(sheet(True, True, True, True, partly))


def test_what_a_sheet_says_of_an_indicator_besides_decides_nothing() -> None:
    data = sheet(True, True, True, True, True)
    data["kpis"][0] |= {"name": "Жауап мерзімі", "unit": "күн", "planned": "15", "actual": "14", "evidence": "есеп"}
    assert scored(data).grade == "excellent"
    data["kpis"][0]["mark"] = 5
    with pytest.raises(BadFile, match=r"kpis\.1\.mark: this key is not known"):
        scored(data)


def test_a_sheet_without_its_indicators_or_with_other_fields_is_refused() -> None:
    with pytest.raises(BadFile, match="kpis: this key is missing"):
        scored({})
    with pytest.raises(BadFile, match="marks: this key is not known"):
        scored({**sheet(*[True] * 5), "marks": {}})


def test_an_empty_sheet_has_as_many_lines_as_the_act_asks_and_is_not_yet_one() -> None:
    empty = kpi_count.empty(LAW, FORM)
    assert len(empty["kpis"]) == 5
    with pytest.raises(BadFile, match="true or false is expected"):
        scored(empty)
    assert next(one["name"] for one in kpi_count.about(LAW, FORM)) == "kpis[].achieved"
