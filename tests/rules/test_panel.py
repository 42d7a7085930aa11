"""Who may sit in a calibration session, and what its vote decides, checked over every composition and vote."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.errors import Incomplete, NotAllowed
from rules.panel import Member, PanelRules, check_composition, count_votes
from rules.stages import Walk
from services.calibration import panel_rules
from services.ground import Ground
from tests.nchr import CALENDAR, Q3, body, law_of

RULES = PanelRules.of(law_of(), "calibration")
PRESENT = PanelRules.of(law_of(N_Q17="b"), "calibration")
EVALUATORS, HR = {1, 2, 3, 4, 5, 6}, {10, 11}
BARRED = {20: "the person disagrees with the mark", 21: "the person evaluated", 6: "the person marked the sheet"}


def seats(*evaluators: int, hr: tuple[int, ...] = (10,)) -> list[Member]:
    return [Member(one, "evaluator") for one in evaluators] + [Member(one, "hr") for one in hr]


def check(members: list[Member], rules: PanelRules = RULES) -> None:
    check_composition(rules, members, BARRED, EVALUATORS, HR)


# --- composition -------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-41")
def test_the_rules_come_from_the_act() -> None:
    evaluation = law_of().evaluation()
    assert panel_rules(Ground(Q3, law_of(), CALENDAR, body(), evaluation, Walk.of(evaluation))) == RULES
    assert (RULES.least, RULES.odd, RULES.all_vote, RULES.hr_members) == (3, True, True, 1)
    assert (PRESENT.least, PRESENT.odd, PRESENT.all_vote, PRESENT.of_members) == (3, True, False, False)


@pytest.mark.rule("N-41", "N-43")
@pytest.mark.parametrize("evaluators", [(1, 2), (1, 2, 3, 4)])
def test_three_and_five_members_with_one_from_hr_may_sit(evaluators: tuple[int, ...]) -> None:
    check(seats(*evaluators))


@pytest.mark.rule("N-41")
def test_one_member_is_too_few() -> None:
    with pytest.raises(NotAllowed, match=r"1 members are too few, at least 3 are needed \(N-41"):
        check(seats())


@pytest.mark.rule("N-41")
def test_four_members_are_even() -> None:
    with pytest.raises(NotAllowed, match=r"4 is an even number of members, it must be odd \(N-41"):
        check(seats(1, 2, 3))


@pytest.mark.rule("N-42")
@pytest.mark.parametrize("who", BARRED)
def test_neither_who_disagrees_nor_who_evaluated_sits(who: int) -> None:
    with pytest.raises(NotAllowed, match=rf"person {who} may not be a member: {BARRED[who]} \(N-42"):
        check_composition(RULES, seats(1, who), BARRED, EVALUATORS | {20, 21}, HR)


@pytest.mark.rule("N-42")
def test_the_hr_officer_who_disagrees_does_not_sit_as_hr_either() -> None:
    with pytest.raises(NotAllowed, match="person 10 may not be a member"):
        check_composition(RULES, seats(1, 2), {10: "the person disagrees"}, EVALUATORS, HR)


@pytest.mark.rule("N-43")
def test_who_evaluates_nobody_is_no_member() -> None:
    with pytest.raises(NotAllowed, match=r"person 9 evaluates nobody in this cycle .*N-43"):
        check(seats(1, 9))


@pytest.mark.rule("N-43")
def test_a_member_from_hr_is_needed_and_only_one_sits() -> None:
    with pytest.raises(NotAllowed, match="exactly one member is an employee of the HR service"):
        check(seats(1, 2, 3, hr=()))
    with pytest.raises(NotAllowed, match="exactly one member is an employee of the HR service"):
        check(seats(1, hr=(10, 11)))


@pytest.mark.rule("N-43")
def test_the_seat_of_hr_is_not_taken_by_somebody_else() -> None:
    with pytest.raises(NotAllowed, match="person 3 is not charged with HR duties"):
        check(seats(1, 2, hr=(3,)))


def test_nobody_sits_twice() -> None:
    with pytest.raises(NotAllowed, match="a person is named twice"):
        check(seats(1, 1))


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(NotAllowed) as trouble:
        check_composition(RULES, seats(20, 9, 9, hr=()) + seats(hr=(3,)), BARRED, EVALUATORS, HR)
    said = str(trouble.value)
    assert all(rule in said for rule in ("N-41", "N-42", "N-43"))
    assert "named twice" in said


people = st.sampled_from(sorted(EVALUATORS | HR | {9, 20, 21}))
compositions = st.lists(st.builds(Member, people, st.sampled_from(["evaluator", "hr"])), max_size=9)


@pytest.mark.rule("N-41", "N-42", "N-43")
@given(compositions)
def test_a_composition_is_approved_exactly_when_point_19_holds(members: list[Member]) -> None:
    who = [member.person for member in members]
    lawful = (
        len(who) >= 3
        and len(who) % 2 == 1
        and len(set(who)) == len(who)
        and not set(who) & set(BARRED)
        and all(m.person in EVALUATORS for m in members if m.capacity == "evaluator")
        and [m.person in HR for m in members if m.capacity == "hr"] == [True]
    )
    try:
        check(members)
    except NotAllowed:
        assert not lawful
    else:
        assert lawful


# --- the vote ----------------------------------------------------------------------------------------------------


BEFORE = Decimal("3.20")


def vote(*marks: str, rules: PanelRules = RULES, members: int | None = None) -> tuple[str, bool, bool]:
    given_votes = {n: Decimal(mark) for n, mark in enumerate(marks) if mark}
    found = count_votes(rules, range(members or len(marks)), given_votes, BEFORE)
    return str(found.score), found.changed, found.decided


@pytest.mark.rule("N-48", "N-49")
@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (("4", "4", "3.20"), ("4", True, True)),  # up
        (("2.50", "2.5", "5"), ("2.50", True, True)),  # down; 2.5 and 2.50 are one mark
        (("3.2", "3.20", "5"), ("3.2", False, True)),  # upheld
        (("4", "4", "4", "3.20", "3.20"), ("4", True, True)),  # three of five
        (("4", "4", "3.20", "3.20", "5"), ("3.20", False, False)),  # two of five are no majority
        (("3", "4", "5"), ("3.20", False, False)),  # three opinions: the mark stands
    ],
)
def test_the_majority_of_the_members_decides_and_without_one_the_mark_stands(
    marks: tuple[str, ...], expected: tuple[str, bool, bool]
) -> None:
    assert vote(*marks) == expected


@pytest.mark.rule("N-49", "N-Q17")
def test_every_member_votes() -> None:
    with pytest.raises(Incomplete, match="1 of 3 members have not voted"):
        vote("4", "4", "")


@pytest.mark.rule("N-49")
def test_a_stranger_has_no_vote() -> None:
    with pytest.raises(NotAllowed, match="Person 7 voted but is no member"):
        count_votes(RULES, [1, 2, 3], dict.fromkeys((1, 2, 7), Decimal(4)), BEFORE)


@pytest.mark.rule("N-Q17")
@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (("4", "4", ""), ("4", True, True)),
        (("4", "4", "", "", ""), ("4", True, True)),  # two of the two present, of five members
        (("4", "5", ""), ("3.20", False, False)),  # a tie among those present: the mark stands
    ],
)
def test_under_the_other_reading_the_majority_of_those_present_decides(
    marks: tuple[str, ...], expected: tuple[str, bool, bool]
) -> None:
    assert vote(*marks, rules=PRESENT) == expected


@pytest.mark.rule("N-Q17")
def test_where_nobody_is_present_nothing_is_decided() -> None:
    with pytest.raises(Incomplete, match="3 of 3 members have not voted"):
        vote("", "", "", rules=PRESENT)


marks_ = st.integers(0, 500).map(lambda n: Decimal(n) / 100)


@pytest.mark.rule("N-49")
@given(st.lists(marks_, min_size=3, max_size=9), marks_, st.randoms())
def test_the_outcome_is_the_mark_of_more_than_half_and_no_order_matters(
    marks: list[Decimal], before: Decimal, shuffle: object
) -> None:
    assume(len(marks) % 2)
    votes = dict(enumerate(marks))
    found = count_votes(RULES, list(votes), votes, before)
    held = [mark for mark, n in Counter(marks).items() if n > len(marks) / 2]
    assert found.score == (held[0] if held else before)
    assert found.decided is bool(held)
    assert found.changed is (found.score != before)
    mixed = list(votes.items())
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert count_votes(RULES, list(votes), dict(mixed), before).score == found.score
