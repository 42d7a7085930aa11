"""What follows from results: grounds, terms, bans, and years in a row, under each reading."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.consequences import Result, following, standing, years_in_a_row
from rules.law import Law
from rules.period import Period
from tests.justice import YEAR, law_of

BAD, FAIR, GOOD, BEST = "unsatisfactory", "satisfactory", "effective", "excellent"


def year(number: int, grade: str, *parts: str) -> Result:
    return Result("annual", Period(number), grade, parts)


def quarter(text: str, grade: str) -> Result:
    return Result("quarter", Period.parse(text), grade)


def ids(law: Law, result: Result, earlier: Iterable[Result] = ()) -> set[str]:
    return {one.id for one in following(law, result, earlier)} - {"service_record"}


@pytest.mark.rule("J-58", "J-59", "J-Q15")
@pytest.mark.parametrize(("grade", "paid"), [(BEST, True), (GOOD, True), (FAIR, False), (BAD, False)])
def test_a_bonus_is_for_the_two_upper_results(grade: str, paid: bool) -> None:
    law = law_of(YEAR)
    assert ("bonus_payment" in ids(law, year(2017, grade))) is paid
    assert ("bonus_payment_quarter" in ids(law, quarter("2017-Q3", grade))) is paid
    by_year = law_of(YEAR, J_Q15="annual_result")
    assert "bonus_payment_quarter" not in ids(by_year, quarter("2017-Q3", grade))
    assert ("bonus_payment" in ids(by_year, year(2017, grade))) is paid


@pytest.mark.rule("J-58", "J-60", "J-61", "J-Q18")
def test_training_in_the_direction_found_unsatisfactory() -> None:
    result = year(2017, FAIR, "achieved", "not_achieved", "satisfactory")
    found = {one.id: one for one in following(law_of(YEAR), result)}["training_in_direction"]
    assert (found.basis_for, found.deadline, found.readings) == (("training",), "send_to_training", ("J-Q18",))
    assert found.because == "annual 2017: not_achieved"
    assert "training_in_direction" not in ids(law_of(YEAR, J_Q18="annual_result"), result)
    assert "training_in_direction" not in ids(law_of(YEAR), year(2017, FAIR, "achieved", "satisfactory"))
    assert {"training", "mentor_ban"} == ids(law_of(YEAR, J_Q18="b"), year(2017, BAD, "not_achieved"))


@pytest.mark.rule("J-60", "J-61")
def test_a_quarter_owes_no_training() -> None:
    assert ids(law_of(YEAR), quarter("2017-Q3", BAD)) == {"mentor_ban_quarter"}


@pytest.mark.rule("J-62", "J-Q16")
def test_the_mentor_ban_stands_until_a_later_result_of_the_same_kind_is_better() -> None:
    law = law_of(YEAR)
    results = [quarter("2017-Q3", BAD), year(2017, FAIR)]
    assert [one.forbids for one in standing(law, results)] == [("mentor",)]
    assert standing(law, [*results, quarter("2017-Q4", FAIR)]) == ()
    assert standing(law, [quarter("2017-Q4", FAIR), quarter("2017-Q3", BAD)]) == ()
    both = [year(2017, BAD), quarter("2017-Q3", BAD)]
    assert {one.id for one in standing(law, both)} == {"mentor_ban", "mentor_ban_quarter"}
    assert [one.id for one in standing(law_of(YEAR, J_Q16="b"), both)] == ["mentor_ban"]


@pytest.mark.rule("J-63", "J-Q17", "J-Q14")
def test_two_unsatisfactory_years_in_a_row_are_a_ground_for_demotion() -> None:
    law = law_of(YEAR)
    found = {one.id: one for one in following(law, year(2017, BAD), [year(2016, BAD)])}["demotion_ground"]
    assert found.basis_for == ("demotion", "dismissal")
    assert found.because == "annual 2017: unsatisfactory, 2 years in a row"
    assert (found.rules, found.point, found.readings) == (("J-63",), "pt 45", ("J-Q17",))
    for earlier in ([], [year(2016, FAIR)], [year(2015, BAD)], [year(2018, BAD)], [quarter("2016-Q4", BAD)]):
        assert "demotion_ground" not in ids(law, year(2017, BAD), earlier)
    assert "demotion_ground" not in ids(law, year(2017, FAIR), [year(2016, BAD)])
    assert "demotion_ground" not in ids(law, year(2017, BAD), [year(2016, FAIR), year(2015, BAD)])


@pytest.mark.rule("J-63", "J-Q17")
def test_a_year_without_an_evaluation_under_each_reading() -> None:
    assert "demotion_ground" not in ids(law_of(YEAR), year(2017, BAD), [year(2015, BAD)])
    passed_over = law_of(YEAR, J_Q17="evaluated_years")
    assert "demotion_ground" in ids(passed_over, year(2017, BAD), [year(2015, BAD)])
    assert "demotion_ground" not in ids(passed_over, year(2017, BAD), [year(2016, FAIR), year(2015, BAD)])


@pytest.mark.rule("J-63")
@given(st.dictionaries(st.integers(2000, 2016), st.sampled_from([BAD, FAIR])))
def test_years_in_a_row_against_the_calendar(grades: dict[int, str]) -> None:
    others = [year(number, grade) for number, grade in grades.items()]
    row = 1
    while grades.get(2017 - row) == BAD:
        row += 1
    assert years_in_a_row(law_of(YEAR), year(2017, BAD), others, [BAD]) == row
    assert years_in_a_row(law_of(YEAR), year(2017, FAIR), others, [BAD]) == 0


@pytest.mark.rule("J-53", "J-64")
@pytest.mark.parametrize("result", [year(2017, BAD), year(2017, BEST), quarter("2017-Q3", FAIR)])
def test_every_result_is_entered_in_the_service_record(result: Result) -> None:
    found = {one.id: one for one in following(law_of(YEAR), result)}["service_record"]
    assert (found.basis_for, found.rules) == (("service_record",), ("J-53", "J-64"))


def test_a_result_formed_from_quarters_is_not_taken_for_a_quarter() -> None:
    formed = Result("quarter", Period(2017), BAD, annual=True)
    assert ids(law_of(YEAR), formed) == set()
    assert [one.id for one in following(law_of(YEAR), formed)] == ["service_record"]
