"""Marks to score to grade: every edge of a band, of a rounding and of a limit, under every permitted reading."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.annual import annual
from rules.errors import Incomplete, NotFound, NotInForce, RuleError
from rules.law import Law
from rules.methods import method_of
from rules.period import Period
from rules.scoring import Sanction, Score, Sheet, score
from tests.nchr import Q3, law_of

D = Decimal
REPRIMAND = Sanction("reprimand", date(2026, 8, 14))
DISMISSAL = Sanction("dismissal", date(2026, 9, 30))


def sheet(*marks: object, form: str = "non_leader", sanctions: tuple[Sanction, ...] = ()) -> Sheet:
    given_marks = {n: None if mark is None else D(str(mark)) for n, mark in enumerate(marks, 1)}
    return Sheet(form, Q3, given_marks, sanctions)


def of(*marks: object, sanctions: tuple[Sanction, ...] = (), **readings: str) -> Score:
    return score(law_of(**readings), sheet(*marks, sanctions=sanctions))


def shown(found: Score) -> tuple[str, str]:
    return str(found.score), found.grade


# --- bands -----------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-16", "N-35", "N-34")
@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ((5, 5, 5, 5, 5), ("5.00", "effective")),
        ((4, 4, 4, 4, 4), ("4.00", "effective")),
        ((4, 4, 4, 4, "3.98"), ("4.00", "effective")),  # 3.996
        ((4, 4, 4, 4, "3.97"), ("3.99", "proper")),  # 3.994
        ((4, 4, 4, 4, "3.95"), ("3.99", "proper")),
        ((3, 3, 3, 3, 3), ("3.00", "proper")),
        ((3, 3, 3, 3, "2.98"), ("3.00", "proper")),  # 2.996
        ((3, 3, 3, 3, "2.97"), ("2.99", "satisfactory")),  # 2.994
        ((2, 2, 2, 2, 2), ("2.00", "satisfactory")),
        ((2, 2, 2, 2, "1.95"), ("1.99", "unsatisfactory")),
        ((0, 0, 0, 0, 0), ("0.00", "unsatisfactory")),
    ],
)
def test_every_edge_of_a_band(marks: tuple[object, ...], expected: tuple[str, str]) -> None:
    assert shown(of(*marks)) == expected


@pytest.mark.rule("N-16")
@given(st.integers(0, 500))
def test_every_score_has_exactly_one_grade(hundredths: int) -> None:
    value = D(hundredths) / 100
    scale = law_of().scale("result")
    holding = [band.id for band in scale.bands if band.reached_by(value) and band.not_exceeded_by(value)]
    assert holding == [scale.place(value).grade.id]


@pytest.mark.rule("N-16")
def test_below_the_scale_there_is_no_grade() -> None:
    with pytest.raises(NotInForce, match="no grade of the scale 'result'"):
        law_of().scale("result").place(D("-0.01"))


# --- rounding ----------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-Q2", "X-Q3")
@pytest.mark.parametrize(
    ("marks", "half_up", "down"),
    [
        ((5, 4, 4, 4, "2.99"), ("4.00", "effective"), ("3.99", "proper")),  # 3.998
        ((3, 3, 3, 3, "2.99"), ("3.00", "proper"), ("2.99", "satisfactory")),  # 2.998
        ((5, 5, 4, 4, "1.99"), ("4.00", "effective"), ("3.99", "proper")),  # 3.998
    ],
)
def test_the_gaps_between_the_bands(marks: tuple[object, ...], half_up: tuple[str, str], down: tuple[str, str]) -> None:
    found = of(*marks)
    assert shown(found) == half_up
    assert shown(of(*marks, X_Q3="b")) == shown(of(*marks, N_Q2="down")) == down
    other = found.alternatives[0]
    assert (other.reading, other.option, str(other.score), other.grade) == ("X-Q3", "b", *down)
    assert other.differs == "grade"


@pytest.mark.rule("X-Q3")
@pytest.mark.parametrize(("last", "expected"), [("4.02", "4.00"), ("4.03", "4.01"), ("4.04", "4.01")])
def test_just_around_the_half(last: str, expected: str) -> None:
    assert str(of(4, 4, 4, 4, last).score) == expected  # means 4.004, 4.006, 4.008


@pytest.mark.rule("X-Q3")
def test_a_half_goes_up() -> None:
    found = annual(law_of(), {Period(2026, 1): D("3.99"), Period(2026, 2): D("4.00")})
    assert (found.unrounded, str(found.score), found.grade) == (D("3.995"), "4.00", "effective")
    assert [(o.reading, o.option, str(o.score), o.grade) for o in found.alternatives] == [
        ("X-Q3", "b", "3.99", "proper")
    ]


@given(st.lists(st.integers(0, 500), min_size=5, max_size=5))
@pytest.mark.rule("N-34", "X-Q3")
def test_any_sheet_against_fractions(hundredths: list[int]) -> None:
    marks = [D(n) / 100 for n in hundredths]
    found = of(*marks)
    mean = Fraction(sum(hundredths), 500)
    assert Fraction(found.unrounded) == mean
    assert found.score == D(int(mean * 100 + Fraction(1, 2))) / 100
    assert found.score.as_tuple().exponent == -2


def test_marks_in_any_spelling_give_the_same_working() -> None:
    first = of("5.00", 4, "4.0", 4, 4)
    fresh = score(replace(law_of()), sheet(5, "4.00", 4, 4, 4))
    assert repr(first) == repr(fresh)
    assert str(of("4.00", "4.00", "4.00", "4.00", "4.00").unrounded) == "4"
    assert first.working[:2] == ("1: 5", "2: 4")


# --- sanctions -----------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-36", "N-Q1")
@pytest.mark.parametrize(
    ("option", "unrounded", "expected"),
    [
        ("mark", "4.598", ("4.60", "effective")),
        ("average", "2.99", ("2.99", "satisfactory")),
        ("every_mark", "2.99", ("2.99", "satisfactory")),
    ],
)
def test_a_reprimand_under_each_reading(option: str, unrounded: str, expected: tuple[str, str]) -> None:
    found = of(5, 5, 5, 5, 5, sanctions=(REPRIMAND,), N_Q1=option)
    assert (str(found.unrounded), shown(found)) == (unrounded, expected)
    assert "N-36" in found.rules
    assert {"N-Q1", "N-Q5"} <= set(found.readings)


@pytest.mark.rule("N-36", "N-Q1")
@pytest.mark.parametrize(
    ("option", "expected"),
    [("a", ("4.40", "effective")), ("b", ("1.99", "unsatisfactory")), ("c", ("1.99", "unsatisfactory"))],
)
def test_another_sanction_under_each_reading(option: str, expected: tuple[str, str]) -> None:
    assert shown(of(5, 5, 5, 5, 5, sanctions=(DISMISSAL,), N_Q1=option)) == expected


@pytest.mark.rule("N-36", "N-Q1")
def test_the_other_outcome_is_always_shown_when_it_differs() -> None:
    found = of(5, 5, 5, 5, 5, sanctions=(REPRIMAND,))
    assert {(o.reading, o.option, str(o.score), o.grade, o.differs) for o in found.alternatives} == {
        ("N-Q1", "b", "2.99", "satisfactory", "grade"),
        ("N-Q1", "c", "2.99", "satisfactory", "grade"),
        ("X-Q3", "b", "4.59", "effective", "score"),
    }


@pytest.mark.rule("N-36")
def test_no_alternative_where_nothing_differs() -> None:
    assert of(2, 2, 2, 2, 2, sanctions=(REPRIMAND,)).alternatives == ()
    assert of(5, 4, 4, 4, 4).alternatives == ()


@pytest.mark.rule("N-36")
@pytest.mark.parametrize("kind", ["warning", "reprimand", "severe_reprimand", "sanction_reprimand"])
def test_the_ordinary_kinds(kind: str) -> None:
    found = of(3, 3, 3, 3, 5, sanctions=(Sanction(kind, date(2026, 7, 1)),))
    assert "5: 5 -> 2.99 (N-36, reading N-Q1)" in found.working


@pytest.mark.rule("N-36")
@pytest.mark.parametrize(
    "kind", ["incomplete_service_compliance", "demotion", "dismissal", "discrediting_misconduct", "other"]
)
def test_the_other_kinds(kind: str) -> None:
    found = of(3, 3, 3, 3, 5, sanctions=(Sanction(kind, date(2026, 9, 30)),))
    assert "5: 5 -> 1.99 (N-36, reading N-Q1)" in found.working


@pytest.mark.rule("N-36")
def test_the_strictest_of_several() -> None:
    assert of(5, 5, 5, 5, 5, sanctions=(REPRIMAND, DISMISSAL)).unrounded == D("4.398")


@pytest.mark.rule("N-36")
def test_a_mark_below_the_limit_stays() -> None:
    assert of(5, 5, 5, 5, "2.5", sanctions=(REPRIMAND,)).working[-3] == "5: 2.5"


@pytest.mark.rule("N-36", "N-Q5")
@pytest.mark.parametrize("day", [date(2026, 6, 30), date(2026, 10, 1)])
def test_a_sanction_of_another_quarter_plays_no_part(day: date) -> None:
    found = of(5, 5, 5, 5, 5, sanctions=(Sanction("reprimand", day),))
    assert shown(found) == ("5.00", "effective")
    assert "outside 2026-Q3" in found.working[0]
    assert "N-Q1" not in found.readings


@pytest.mark.rule("N-36", "N-Q5")
@pytest.mark.parametrize("day", [date(2026, 7, 1), date(2026, 9, 30)])
def test_the_first_and_last_day_of_the_quarter_count(day: date) -> None:
    assert of(5, 5, 5, 5, 5, sanctions=(Sanction("reprimand", day),)).unrounded == D("4.598")


@pytest.mark.rule("N-Q5")
def test_a_cancelled_sanction_counts_unless_the_body_reads_it_otherwise() -> None:
    cancelled = replace(REPRIMAND, cancelled_on=date(2026, 9, 1))
    found = of(5, 5, 5, 5, 5, sanctions=(cancelled,))
    assert found.unrounded == D("4.598")
    assert ("N-Q5", "b", D("5.00")) in {(o.reading, o.option, o.score) for o in found.alternatives}
    assert of(5, 5, 5, 5, 5, sanctions=(cancelled,), N_Q5="b").score == D("5.00")


@pytest.mark.rule("N-36")
def test_an_unknown_kind_is_refused_with_the_list() -> None:
    with pytest.raises(NotFound, match=r"'scolding' is no kind of sanction; known are: warning, reprimand"):
        of(5, 5, 5, 5, 5, sanctions=(Sanction("scolding", date(2026, 8, 1)),))


@pytest.mark.rule("N-Q3", "N-36")
def test_whole_marks_make_the_limit_two() -> None:
    assert of(5, 5, 5, 5, 5, sanctions=(REPRIMAND,), N_Q3="whole").unrounded == D("4.4")


# --- what may be entered -----------------------------------------------------------------------------------------


@pytest.mark.rule("N-30", "N-33")
@pytest.mark.parametrize("mark", ["0", "0.01", "2.99", "5", "5.00"])
def test_marks_on_the_scale(mark: str) -> None:
    assert of(mark, 5, 5, 5, 5)


@pytest.mark.rule("N-30")
@pytest.mark.parametrize("mark", ["-0.01", "5.01", "NaN", "Infinity", "-1"])
def test_marks_off_the_scale(mark: str) -> None:
    with pytest.raises(RuleError, match=r"row 1: the mark .* is outside 0 to 5"):
        of(mark, 5, 5, 5, 5)


@pytest.mark.rule("N-Q3")
def test_decimals() -> None:
    with pytest.raises(RuleError, match="at most 2 decimals"):
        of("4.001", 5, 5, 5, 5)
    with pytest.raises(RuleError, match="whole marks only"):
        of("4.5", 5, 5, 5, 5, N_Q3="b")
    assert "N-Q3" in of("4.5", 5, 5, 5, 5).readings


@pytest.mark.parametrize("mark", [4.5, 5.0, True, "5", 5])
def test_only_exact_decimals_are_marks(mark: object) -> None:
    with pytest.raises(RuleError, match="not an exact decimal"):
        score(law_of(), Sheet("non_leader", Q3, {1: mark, 2: D(5), 3: D(5), 4: D(5), 5: D(5)}))  # type: ignore[dict-item]


@pytest.mark.rule("N-34", "N-33", "N-Q23")
def test_a_blank_is_not_a_nought() -> None:
    with pytest.raises(Incomplete, match=r"row 2 has no mark\. A blank is not a 0"):
        of(5, None, 5, 5, 5)
    found = of(4, None, 4, 4, 4, N_Q23="left_out")
    assert shown(found) == ("4.00", "effective")
    assert "2: blank, left out (reading N-Q23)" in found.working
    assert "N-Q23" in found.readings


@pytest.mark.rule("N-Q23")
def test_an_empty_sheet_has_no_mean() -> None:
    with pytest.raises(Incomplete, match="every row is blank"):
        of(N_Q23="left_out", N_Q4="free")


@pytest.mark.rule("N-Q4")
def test_the_sanction_row_is_proposed_as_five() -> None:
    found = of(4, 4, 4, 4)
    assert (found.unrounded, "N-Q4" in found.readings) == (D("4.2"), True)
    assert of(4, 4, 4, 4, 3).unrounded == D("3.8")
    with pytest.raises(Incomplete, match="row 5"):
        of(4, 4, 4, 4, N_Q4="free")
    with pytest.raises(Incomplete, match="row 5"):
        of(4, 4, 4, 4, sanctions=(REPRIMAND,))


@pytest.mark.rule("N-32")
def test_unknown_rows_and_forms() -> None:
    with pytest.raises(NotFound, match="there is no row 6; its rows are 1, 2, 3, 4, 5"):
        of(5, 5, 5, 5, 5, 5)
    with pytest.raises(NotFound, match="no form 'manager'"):
        score(law_of(), replace(sheet(5, 5, 5, 5, 5), form="manager"))


@pytest.mark.rule("N-26", "N-32")
@pytest.mark.parametrize("form", ["leader", "non_leader"])
def test_both_forms_have_five_rows_because_their_data_say_so(form: str) -> None:
    assert score(law_of(), sheet(4, 4, 4, 4, 4, form=form)).working[-2] == "20 / 5 = 4"


def test_the_number_of_rows_and_the_limits_come_from_the_law() -> None:
    law = shortened(law_of())
    assert score(law, sheet(5, 5, 5)).working == ("1: 5", "2: 5", "3: 5", "15 / 3 = 5", "5.00 -> effective (4 to 5)")
    assert score(law, sheet(5, 5, 4)).unrounded == D("4.666666666666666666666666667")
    assert str(score(law, sheet(5, 5, 5, sanctions=(REPRIMAND,))).unrounded) == "3.5"


def shortened(law: Law) -> Law:
    form = law.form("non_leader")
    values = dict(law.values)
    values["sanction_parameter"] = replace(values["sanction_parameter"], value=3)
    values["cap_ordinary"] = replace(values["cap_ordinary"], value=D("0.5"))
    return replace(law, forms={"non_leader": replace(form, parameters=form.parameters[:3])}, values=values)


def test_a_form_that_is_a_document_is_not_scored() -> None:
    with pytest.raises(NotFound, match="is not scored"):
        method_of(replace(law_of().form("leader"), method=""))


# --- the year -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-11", "N-12", "N-Q13")
def test_the_annual_mark_leaves_out_what_was_not_evaluated() -> None:
    found = annual(law_of(), {Period(2026, 1): None, Period(2026, 2): D("4.00"), Period(2026, 4): D("3.50")})
    assert shown(found) == ("3.75", "proper")
    assert found.working[:3] == ("2026-Q2: 4", "2026-Q4: 3.5", "7.5 / 2 = 3.75")
    assert set(found.rules) == {"N-11", "N-12", "N-16", "N-35"}
    assert "N-Q13" in found.readings


@pytest.mark.rule("N-11", "N-Q13")
def test_no_quarter_no_annual_mark() -> None:
    with pytest.raises(Incomplete, match="no quarter was evaluated"):
        annual(law_of(), {Period(2026, 1): None})
    with pytest.raises(Incomplete, match="a quarter was not evaluated"):
        annual(law_of(N_Q13="all_required"), {Period(2026, 1): D(4)})


@pytest.mark.rule("N-7", "N-11")
def test_only_quarters_of_one_year() -> None:
    with pytest.raises(RuleError, match="quarters of one year"):
        annual(law_of(), {Period(2026, 4): D(4), Period(2027, 1): D(4)})
    with pytest.raises(RuleError, match="quarters of one year"):
        annual(law_of(), {Period(2026): D(4)})


@pytest.mark.rule("N-11")
def test_a_mark_off_the_scale_enters_no_year() -> None:
    with pytest.raises(RuleError, match="no mark of this scale"):
        annual(law_of(), {Period(2026, 1): D("5.01")})
