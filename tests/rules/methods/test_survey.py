"""The 360 survey: means of competencies, the self-assessment apart, and nobody's answer to be told from a report."""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import BadFile, Incomplete, RuleError
from rules.methods import survey
from rules.methods.survey import competencies, least_shown, shown_groups
from rules.scoring import Score
from tests.uralsk import YEAR, law_of, scored

LAW = law_of(YEAR)
FORM = LAW.form("360")
SIZE = {"head": 12, "staff": 8}
GROUPS = ("supervisor", "subordinate", "peer")

marks = st.decimals(Decimal(0), Decimal(5), places=2)


def answer(respondent: str, *values: Any, group: str = "staff") -> dict[str, Any]:
    given_marks = values if len(values) > 1 else values * SIZE[group]
    return {"respondent": respondent, "marks": {str(n): v for n, v in enumerate(given_marks, 1)}}


def score(*answers: dict[str, Any], group: str = "staff", **readings: str) -> Score:
    return scored(law_of(YEAR, **readings), "360", YEAR, group=group, answers=list(answers))


@st.composite
def surveys(draw: st.DrawFn) -> tuple[str, list[dict[str, Any]]]:
    """Full questionnaires of three to seven people, and perhaps a self-assessment."""
    group = draw(st.sampled_from(["head", "staff"]))
    whole = st.lists(marks, min_size=SIZE[group], max_size=SIZE[group])
    people = draw(st.lists(st.sampled_from(GROUPS), min_size=3, max_size=7))
    own = ["self"] if draw(st.booleans()) else []
    return group, [answer(who, *draw(whole), group=group) for who in [*people, *own]]


@pytest.mark.rule("U-9", "U-57", "U-58", "U-60")
@given(surveys())
def test_each_competency_has_the_mean_of_the_answers_of_others_and_nothing_has_a_grade(
    given_survey: tuple[str, list[dict[str, Any]]],
) -> None:
    group, answers = given_survey
    found = score(*answers, group=group)
    others = [one["marks"] for one in answers if one["respondent"] != "self"]
    for number in range(1, SIZE[group] + 1):
        mean = sum((one[str(number)] for one in others), Decimal(0)) / len(others)
        assert Decimal(found.more["results"][str(number)]) == mean.quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert len(found.more["results"]) == SIZE[group]
    assert (found.score, found.unrounded, found.grade, found.grade_label) == (None, None, None, None)


@pytest.mark.rule("U-34", "U-60")
@given(surveys(), marks)
def test_the_self_assessment_changes_no_mean_and_stands_beside_it(
    given_survey: tuple[str, list[dict[str, Any]]], mark: Decimal
) -> None:
    group, answers = given_survey
    others = [one for one in answers if one["respondent"] != "self"]
    without, with_it = score(*others, group=group), score(*others, answer("self", mark, group=group), group=group)
    assert with_it.more["results"] == without.more["results"]
    assert with_it.more["least_shown"] == without.more["least_shown"]
    assert (without.more["self"], Decimal(with_it.more["self"]["1"])) == (None, mark)


@pytest.mark.rule("U-56")
@given(surveys())
def test_the_order_of_the_answers_leaves_no_trace(given_survey: tuple[str, list[dict[str, Any]]]) -> None:
    group, answers = given_survey
    assert score(*reversed(answers), group=group) == score(*answers, group=group)


@pytest.mark.rule("U-59", "U-60")
@pytest.mark.parametrize("others", range(10))
def test_three_to_seven_others_and_the_self_assessment_is_none_of_them(others: int) -> None:
    answers = [answer("peer", 4)] * others + [answer("self", 4)]
    if 3 <= others <= 7:
        assert score(*answers).more["answers"] == others
    elif others < 3:
        with pytest.raises(Incomplete, match=rf"{others} answers of others are too few, at least 3 .*U-59; pt 35"):
            score(*answers)
    else:
        with pytest.raises(RuleError, match=rf"{others} answers of others are too many, at most 7"):
            score(*answers)


@pytest.mark.rule("U-59")
@pytest.mark.parametrize("others", range(9))
def test_under_the_other_reading_the_self_assessment_is_one_of_them(others: int) -> None:
    answers = [answer("peer", 4)] * others + [answer("self", 4)]
    if 2 <= others <= 6:
        assert score(*answers, U_Q13="counted").more["answers"] == others
    else:
        with pytest.raises(RuleError):
            score(*answers, U_Q13="counted")


# --- anonymity ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("U-56", "U-61")
@pytest.mark.parametrize("sizes", list(product(range(8), repeat=3)))
def test_no_subtraction_of_shown_groups_leaves_fewer_than_three(sizes: tuple[int, ...]) -> None:
    counts = {group: size for group, size in zip(GROUPS, sizes, strict=True) if size}
    shown = shown_groups(counts, 3)
    assert all(counts[group] >= 3 for group in shown)
    hidden = sum(counts.values()) - sum(counts[group] for group in shown)
    assert hidden == 0 or hidden >= 3 or not shown


@pytest.mark.rule("U-56", "U-61")
@given(surveys())
def test_a_report_never_shows_the_supervisor_apart(given_survey: tuple[str, list[dict[str, Any]]]) -> None:
    group, answers = given_survey
    found = score(*answers, group=group)
    people = Counter(one["respondent"] for one in answers if one["respondent"] != "self")
    assert set(found.more["by_group"]) == set(shown_groups(people, 3))
    if people["supervisor"] < 3:
        assert "supervisor" not in found.more["by_group"]


@pytest.mark.rule("U-56")
def test_the_working_holds_sums_and_no_single_answer() -> None:
    found = score(answer("supervisor", 1), answer("peer", 5), answer("peer", Decimal("3.5")))
    assert "1 building effective communications: 9.5 / 3 -> 3.17" in found.working
    assert not any("3.5" in line or "supervisor" in line for line in found.working)


# --- what the report says ----------------------------------------------------------------------------------------


@pytest.mark.rule("U-62", "U-23")
def test_the_least_shown_competencies_are_those_with_the_lowest_mean() -> None:
    means = {1: Decimal("4.00"), 2: Decimal("3.10"), 3: Decimal("3.10"), 4: Decimal("4.50")}
    assert least_shown(means) == (2, 3)
    assert least_shown(dict.fromkeys(range(1, 9), Decimal("4.00"))) == ()


@pytest.mark.rule("U-58")
def test_the_competencies_are_those_of_point_34_in_its_order() -> None:
    head = [row["kk"] for row in competencies(LAW, FORM, "head").values()]
    staff = [row["kk"] for row in competencies(LAW, FORM, "staff").values()]
    assert (len(head), len(staff)) == (12, 8)
    assert set(staff) < set(head)
    assert sorted(staff, key=head.index) == staff
    assert set(head) - set(staff) == {"қызметті басқару", "топты басқару", "көшбасшылық қасиеттер", "бастамшылдық"}


@pytest.mark.rule("U-58")
@pytest.mark.parametrize(
    ("answers", "refusal", "says"),
    [
        ([answer("peer", 4, 4, 4)], Incomplete, "competency 4 has no mark"),
        ([answer("peer", *[4] * 9)], Incomplete, "there is no competency 9; they are 1 to 8"),
        ([answer("peer", *[4] * 7, None)], Incomplete, "competency 8 has no mark"),
        ([answer("peer", *[4] * 7, Decimal("5.01"))], RuleError, "is outside 0 to 5"),
        ([answer("peer", *[4] * 7, Decimal("-1"))], RuleError, "is outside 0 to 5"),
        ([answer("nobody", 4)], BadFile, "'nobody' is not known here"),
        ([{"respondent": "peer"}], BadFile, "marks: this key is missing"),
        ([{**answer("peer", 4), "name": "somebody"}], BadFile, "name: this key is not known"),
        ([answer("peer", 4)] * 3 + [answer("self", 4)] * 2, RuleError, "one self-assessment, not 2"),
    ],
)
def test_an_answer_that_is_wrong_is_refused(answers: list[dict[str, Any]], refusal: type[Exception], says: str) -> None:
    with pytest.raises(refusal, match=says):
        score(*answers)


def test_an_empty_sheet_has_one_questionnaire_of_each_kind() -> None:
    empty = survey.empty(LAW, FORM)
    assert [one["respondent"] for one in empty["answers"]] == [*GROUPS, "self"]
    assert list(empty["answers"][0]["marks"]) == [str(n) for n in range(1, 9)]
    assert len(survey.about(LAW, FORM)) == 2 + 12 + 8
