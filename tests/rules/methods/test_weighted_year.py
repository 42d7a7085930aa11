"""The weighted year against fractions: both parts, every edge of a band, and nothing lost in a third."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import BadFile, Incomplete, MissingSetting
from rules.methods import method_of
from tests.justice import YEAR, body, law_of, scored

D = Decimal
QUARTERS = st.lists(st.integers(-50, 250), min_size=1, max_size=4)
PLANS = st.lists(st.integers(2, 5), min_size=1, max_size=4)
WEIGHTS = st.integers(0, 100).map(lambda n: (D(n) / 100, 1 - D(n) / 100))


def rounded(number: Fraction, places: str) -> Fraction:
    """Half up, by integers alone."""
    scale = 10 ** -D(places).as_tuple().exponent
    return Fraction((2 * number * scale + 1) // 2, scale)


def five(mean: Fraction) -> int:
    points = rounded(mean, "1")
    return 2 if points < 80 else 3 if points <= 105 else 4 if points <= 130 else 5


def grade_of(score: Fraction) -> str:
    return "unsatisfactory" if score < 3 else "satisfactory" if score < 4 else "effective" if score < 5 else "excellent"


@pytest.mark.rule("J-8", "J-42", "J-45", "J-46", "J-47", "J-Q2", "J-Q3", "J-Q4", "X-Q3")
@given(QUARTERS, PLANS, WEIGHTS)
def test_any_year_against_fractions(quarters: list[int], plan: list[int], weights: tuple[D, D]) -> None:
    data = {"quarters": quarters, "plan": plan, "weights": {"quarters": weights[0], "plan": weights[1]}}
    found = scored("annual", YEAR, data)
    mark = five(Fraction(sum(quarters), len(quarters)))
    exact = Fraction(weights[0]) * mark + Fraction(weights[1]) * Fraction(sum(plan), len(plan))
    assert found.more["quarters_mark"] == mark
    assert abs(Fraction(found.more["plan_mark"]) - Fraction(sum(plan), len(plan))) < Fraction(1, 10**25)
    assert Fraction(found.score or 0) == rounded(exact, "0.1")
    assert found.grade == grade_of(rounded(exact, "0.1"))
    assert abs(Fraction(found.unrounded or 0) - exact) < Fraction(1, 10**25)


@pytest.mark.rule("J-Q4")
@given(QUARTERS, PLANS, WEIGHTS)
def test_every_other_reading_is_shown_where_it_differs(
    quarters: list[int], plan: list[int], weights: tuple[D, D]
) -> None:
    data = {"quarters": quarters, "plan": plan, "weights": {"quarters": weights[0], "plan": weights[1]}}
    own = scored("annual", YEAR, data)
    shown = {(one.reading, one.option): (one.score, one.grade) for one in own.alternatives}
    for question, letters in (("J_Q3", "abc"), ("J_Q4", "abc")):
        for letter in letters[1:]:
            other = scored("annual", YEAR, data, **{question: letter})
            key = (question.replace("_", "-"), letter)
            expected = (other.score, other.grade)
            assert shown.get(key) == (expected if expected != (own.score, own.grade) else None)


@pytest.mark.rule("J-46", "J-Q3")
@pytest.mark.parametrize(
    ("mean", "half_up", "lower", "upper"),
    [
        ("79.4", 2, 2, 2),
        ("79.5", 3, 2, 2),
        ("80", 3, 3, 3),
        ("105", 3, 3, 3),
        ("105.25", 3, 3, 4),
        ("105.49", 3, 3, 4),
        ("105.5", 4, 3, 4),
        ("105.75", 4, 3, 4),
        ("106", 4, 4, 4),
        ("130", 4, 4, 4),
        ("130.25", 4, 5, 5),
        ("130.5", 5, 5, 5),
        ("131", 5, 5, 5),
    ],
)
def test_the_mean_of_the_quarters_at_every_edge(mean: str, half_up: int, lower: int, upper: int) -> None:
    data = {"quarters": [D(mean)], "plan": [4]}
    marks = [
        scored("annual", YEAR, data, J_Q3=way).more["quarters_mark"] for way in ("half_up", "lower_edge", "upper_edge")
    ]
    assert marks == [half_up, lower, upper]


@pytest.mark.rule("J-47", "J-Q4")
@pytest.mark.parametrize(
    ("number", "half_up", "down", "lower"),
    [
        ("2.94", ("2.9", "unsatisfactory"), ("2.9", "unsatisfactory"), ("2.94", "unsatisfactory")),
        ("2.95", ("3.0", "satisfactory"), ("2.9", "unsatisfactory"), ("2.95", "unsatisfactory")),
        ("3", ("3.0", "satisfactory"), ("3.0", "satisfactory"), ("3", "satisfactory")),
        ("3.9", ("3.9", "satisfactory"), ("3.9", "satisfactory"), ("3.9", "satisfactory")),
        ("3.925", ("3.9", "satisfactory"), ("3.9", "satisfactory"), ("3.925", "satisfactory")),
        ("3.9499", ("3.9", "satisfactory"), ("3.9", "satisfactory"), ("3.9499", "satisfactory")),
        ("3.95", ("4.0", "effective"), ("3.9", "satisfactory"), ("3.95", "satisfactory")),
        ("4", ("4.0", "effective"), ("4.0", "effective"), ("4", "effective")),
        ("4.9", ("4.9", "effective"), ("4.9", "effective"), ("4.9", "effective")),
        ("4.95", ("5.0", "excellent"), ("4.9", "effective"), ("4.95", "effective")),
        ("5", ("5.0", "excellent"), ("5.0", "excellent"), ("5", "excellent")),
    ],
)
def test_the_annual_score_at_every_edge(
    number: str, half_up: tuple[str, str], down: tuple[str, str], lower: tuple[str, str]
) -> None:
    for way, expected in (("half_up", half_up), ("down", down), ("lower_edge", lower)):
        placed = law_of(YEAR, J_Q4=way).scale("annual").place(D(number))
        assert (str(placed.score), placed.grade.id) == expected


@pytest.mark.rule("J-46", "X-Q3")
def test_a_third_hides_no_tie() -> None:
    data = {"quarters": [104], "plan": [3, 3, 4], "weights": {"quarters": D("0.55"), "plan": D("0.45")}}
    found = scored("annual", YEAR, data)
    assert (found.unrounded, str(found.score)) == (D("3.15"), "3.2")
    assert D("3.15").quantize(D("0.1"), ROUND_HALF_UP) == found.score


@pytest.mark.rule("J-42", "J-60")
def test_each_part_has_its_own_result() -> None:
    found = scored("annual", YEAR, {"quarters": [70], "plan": [2, 5]})
    assert found.more["results"] == {"1": "not_achieved", "2": "exceeded", "quarters": "unsatisfactory"}


@pytest.mark.rule("J-45", "J-Q2")
def test_the_weights_are_asked_for_by_name_and_place() -> None:
    from methodologies import law, load

    settings = {key: value for key, value in body().settings.items() if key != "annual_weights"}
    held = law(load("justice-2017"), YEAR, body(settings=settings))
    way = method_of(held.form("annual"))
    with pytest.raises(
        MissingSetting, match=r"pt 32: the text does not give 'annual_weights'.*settings.annual_weights"
    ):
        way.read(held, held.form("annual"), YEAR, {"quarters": [100], "plan": [4]}, "")


@pytest.mark.rule("J-45", "J-Q2")
@given(st.decimals(-1, 2, places=3), st.decimals(-1, 2, places=3))
def test_weights_that_are_none_are_refused(quarters: D, plan: D) -> None:
    data = {"quarters": [104], "plan": [4], "weights": {"quarters": quarters, "plan": plan}}
    if 0 <= quarters <= 1 and quarters + plan == 1:
        assert scored("annual", YEAR, data).more["weights"] == {"quarters": quarters, "plan": plan}
        return
    with pytest.raises(BadFile, match="weight"):
        scored("annual", YEAR, data)


@pytest.mark.rule("J-Q7-quarters")
def test_quarters_without_an_evaluation() -> None:
    left_out = scored("annual", YEAR, {"quarters": [None, 110, None, 106], "plan": [4]})
    assert (left_out.more["quarters_mean"], "J-Q7-quarters" in left_out.readings) == (108, True)
    assert "J-Q7-quarters" not in scored("annual", YEAR, {"quarters": [100] * 4, "plan": [4]}).readings
    with pytest.raises(Incomplete, match="J-Q7-quarters"):
        scored("annual", YEAR, {"quarters": [None, 110], "plan": [4]}, J_Q7_quarters="b")


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"plan": [4]}, "quarters: this key is missing"),
        ({"quarters": [100]}, "plan: this key is missing"),
        ({"quarters": 100, "plan": [4]}, "quarters: a list is expected"),
        ({"quarters": ["a hundred"], "plan": [4]}, "quarters.1: 'a hundred' is not a number"),
        ({"quarters": [D("1e12")], "plan": [4]}, "is no score of a quarter"),
        ({"quarters": [D("NaN")], "plan": [4]}, "is not a number"),
        ({"quarters": [100], "plan": [None]}, "plan.1: the mark is missing"),
        ({"quarters": [100], "plan": [True]}, "plan.1: 'True' is not a number"),
        ({"quarters": [100], "plan": [4], "weights": [1]}, "weights: keys with values are expected"),
        ({"quarters": [100], "plan": [4], "body": "central"}, "body: this key is not known"),
    ],
)
def test_bad_sheets_are_refused_in_one_sentence(data: dict[str, Any], says: str) -> None:
    with pytest.raises(BadFile) as refused:
        scored("annual", YEAR, data)
    assert says in str(refused.value)


def test_an_empty_sheet_and_what_is_said_of_its_fields() -> None:
    law = law_of(YEAR)
    form, way = law.form("annual"), method_of(law.form("annual"))
    assert set(way.empty(law, form)) == set(way.fields)
    assert way.about is not None
    assert {one["name"] for one in way.about(law, form)} == {"quarters[]", "plan[]", "weights.quarters", "weights.plan"}
