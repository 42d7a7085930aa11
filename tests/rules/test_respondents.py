"""Who is asked about whom: above, below and beside, three to seven, the same every time, nobody too often."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.respondents import PEER, SUBORDINATE, SUPERVISOR, Colleague, NotSurveyed, Survey, choose
from tests.uralsk import YEAR, law_of

LAW = law_of(YEAR)
CHAIR, HEAD = 1, 2
CATEGORIES = ("E-3", "E-4", "E-5")


def apparatus(*units: int) -> list[Colleague]:
    """A chair, the head of the apparatus, and units of so many people under a chief each."""
    staff = [Colleague(CHAIR, None, "maslikhat", ""), Colleague(HEAD, CHAIR, "head", "E-2")]
    for number, size in enumerate(units, 1):
        chief = 100 * number
        staff.append(Colleague(chief, HEAD, number, "E-3"))
        staff += [Colleague(chief + n, chief, number, "E-4" if n % 2 else "E-5") for n in range(1, size)]
    return staff


def asked(staff: list[Colleague], *people: int, seed: str = "2023", **readings: str) -> dict[int, Any]:
    law = law_of(YEAR, **readings)
    chosen, left = choose(law, people or [one.person for one in staff if one.category], staff, seed)
    return {one.evaluatee: one for one in (*chosen, *left)}


def groups(found: Any) -> Counter[str]:
    return Counter(group for _, group in found.respondents)


@st.composite
def bodies(draw: st.DrawFn) -> list[Colleague]:
    """Any staff: supervisors anywhere above, people away, units and levels mixed."""
    size = draw(st.integers(2, 25))
    staff = [Colleague(0, None, 0, draw(st.sampled_from(["", "E-2"])))]
    for person in range(1, size):
        above = draw(st.one_of(st.none(), st.integers(0, person - 1)))
        category = draw(st.sampled_from(CATEGORIES))
        staff.append(Colleague(person, above, draw(st.integers(0, 3)), category, draw(st.integers(0, 5)) > 0))
    return staff


# --- what always holds -------------------------------------------------------------------------------------------


@pytest.mark.rule("U-59", "U-61")
@given(bodies(), st.sampled_from(["of_evaluator", "of_evaluatee"]), st.sampled_from(["counted", "not_counted"]))
def test_three_to_seven_different_people_who_are_there_and_never_the_person(
    staff: list[Colleague], subordinates: str, own: str
) -> None:
    people = {one.person: one for one in staff}
    bounds = (3, 7) if own == "not_counted" else (2, 6)
    for evaluatee, found in asked(staff, U_Q12=subordinates, U_Q13=own).items():
        if isinstance(found, NotSurveyed):
            assert found.found < bounds[0]
            continue
        who = [person for person, _ in found.respondents]
        assert bounds[0] <= len(who) <= bounds[1]
        assert len(set(who)) == len(who)
        assert evaluatee not in who
        assert all(people[one].here for one in who)


@pytest.mark.rule("U-61")
@given(bodies())
def test_everybody_stands_to_the_person_as_the_group_says(staff: list[Colleague]) -> None:
    people = {one.person: one for one in staff}
    for evaluatee, found in asked(staff).items():
        one = people[evaluatee]
        for person, group in found.respondents if isinstance(found, Survey) else ():
            if group == SUPERVISOR:
                assert person == one.supervisor
            elif group == SUBORDINATE:
                assert people[person].supervisor == evaluatee
                assert people[person].category
            else:
                assert (group, people[person].category) == (PEER, one.category)


@pytest.mark.rule("U-59")
@given(bodies())
def test_a_person_is_left_out_only_when_fewer_than_three_stand_in_any_of_the_groups(staff: list[Colleague]) -> None:
    people = {one.person: one for one in staff}
    for evaluatee, found in asked(staff).items():
        one = people[evaluatee]
        possible = {
            other.person
            for other in staff
            if other.here and other.person != evaluatee
            and (
                other.person == one.supervisor
                or (other.supervisor == evaluatee and other.category)
                or other.category == one.category
            )
        }  # fmt: skip
        assert isinstance(found, Survey) == (len(possible) >= 3)


@pytest.mark.rule("U-59")
@given(bodies(), st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_nothing(staff: list[Colleague], random: Any) -> None:
    turned = list(staff)
    random.shuffle(turned)
    assert asked(turned) == asked(staff)


# --- the groups --------------------------------------------------------------------------------------------------


@pytest.mark.rule("U-61")
def test_the_head_is_judged_by_the_chair_and_those_below() -> None:
    found = asked(apparatus(4, 4, 4, 4, 4, 4, 4), HEAD)[HEAD]
    assert groups(found) == {SUPERVISOR: 1, SUBORDINATE: 6}
    assert found.respondents[0] == (CHAIR, SUPERVISOR)


@pytest.mark.rule("U-61")
def test_a_chief_is_judged_from_above_below_and_beside() -> None:
    assert groups(asked(apparatus(5, 5, 5, 5), 100)[100]) == {SUPERVISOR: 1, SUBORDINATE: 3, PEER: 3}


@pytest.mark.rule("U-61")
def test_who_has_nobody_below_is_judged_by_more_beside() -> None:
    assert groups(asked(apparatus(12), 101)[101]) == {SUPERVISOR: 1, PEER: 5}


@pytest.mark.rule("U-61")
def test_those_beside_work_closely_together_unless_three_are_not_reached() -> None:
    staff = apparatus(9, 9)
    beside = [person for person, group in asked(staff, 101)[101].respondents if group == PEER]
    assert beside
    assert all(person // 100 == 1 for person in beside)
    small = apparatus(3, 9)
    found = asked(small, 101)[101]
    assert len(found.respondents) == 3
    assert any(person // 100 == 2 for person, _ in found.respondents)


@pytest.mark.rule("U-61")
def test_read_as_printed_a_colleague_under_the_same_superior_is_asked() -> None:
    staff = apparatus(6)
    found = asked(staff, 101, U_Q12="a")[101]
    assert {person for person, _ in found.respondents} == {100, 102, 103, 104, 105}
    assert groups(found)[SUBORDINATE] >= 3
    assert set(asked(staff, 101)[101].readings) == {"U-Q12", "X-Q6", "U-Q13"}
    assert groups(asked(staff, 101)[101]) == {SUPERVISOR: 1, PEER: 2}


@pytest.mark.rule("U-59")
def test_who_cannot_be_surveyed_is_reported_with_the_reason() -> None:
    found = asked(apparatus(2), 101)[101]
    assert isinstance(found, NotSurveyed)
    assert found.why == (
        "uralsk-maslikhat-2018: 1 can be asked (1 direct supervisor, 0 below, 0 of the same level), at least 3 must be "
        "(U-59, U-61; pt 35 para 1; readings U-Q12, X-Q6, U-Q13); the survey is not opened for this person."
    )


@pytest.mark.rule("U-59")
def test_who_is_away_is_not_asked() -> None:
    staff = [replace(one, here=one.person != 100) for one in apparatus(12)]
    assert groups(asked(staff, 101)[101]) == {PEER: 5}


# --- the turn goes round -----------------------------------------------------------------------------------------


@pytest.mark.rule("U-59")
def test_nobody_of_a_large_unit_is_asked_about_everybody() -> None:
    staff = [Colleague(0, None, 0, ""), *(Colleague(n, 0, 1, "E-4") for n in range(1, 201))]
    found = asked(staff)
    load = Counter(person for one in found.values() for person, group in one.respondents if group == PEER)
    assert set(load.values()) == {6}
    assert len(load) == 200


@pytest.mark.rule("U-59")
def test_another_year_asks_others_and_the_same_year_the_same() -> None:
    staff = apparatus(20)
    assert asked(staff, 101, seed="2023") == asked(staff, 101, seed="2023")
    assert len({asked(staff, 101, seed=str(year))[101].respondents for year in range(2023, 2033)}) > 1


def test_a_body_of_twenty_thousand_is_chosen_in_a_moment() -> None:
    staff = [Colleague(0, None, 0, ""), *(Colleague(n, 0, n // 50, CATEGORIES[n % 3]) for n in range(1, 20_001))]
    chosen, left = choose(LAW, range(1, 20_001), staff, "2023")
    assert (len(chosen), left) == (20_000, ())
