"""The commission: its composition by order, its quorum, its open vote and the chair's at equal votes."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import Incomplete, NotAllowed, NotFound
from rules.panel import (
    Member,
    PanelRules,
    Seat,
    Sitting,
    check_composition,
    check_quorum,
    count_votes,
    needed,
    seated,
)
from tests.mic import law_of

RULES = PanelRules.of(law_of(), "commission")
OF_MEMBERS = PanelRules.of(law_of(**{"M_Q16-majority": "b"}), "commission")
HR = {90, 91}
UP, SAME = "excellent", "effective"


def seats(members: int = 4, chair: int = 1, secretary: int = 1) -> list[Member]:
    """A chair 1.., members 10.., and a secretary from HR."""
    return [
        *(Member(1 + n, "chair") for n in range(chair)),
        *(Member(10 + n, "member") for n in range(members)),
        *(Member(90 + n, "secretary") for n in range(secretary)),
    ]


def check(members: list[Member], rules: PanelRules = RULES) -> None:
    check_composition(rules, members, {}, (), HR)


# --- what the act asks -------------------------------------------------------------------------------------------


@pytest.mark.rule("M-12", "M-13", "M-47", "M-49", "M-50", "M-51", "M-54")
def test_the_rules_come_from_the_act() -> None:
    assert (RULES.kind, RULES.least, RULES.odd, RULES.all_vote) == ("commission", 5, False, False)
    assert (RULES.quorum, RULES.casting, RULES.of_members) == (Fraction(2, 3), True, False)
    assert (RULES.chair, RULES.secretary, RULES.hr_members) == (True, True, None)
    panel = law_of().panels["commission"]
    assert (panel.get("open_vote"), panel.get("standing"), panel.get("correction")) == (True, True, "any")


def test_an_unknown_panel_is_refused() -> None:
    with pytest.raises(NotFound, match="mic-2018 has no panel 'jury'; its panels are: commission"):
        PanelRules.of(law_of(), "jury")


# --- composition -------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-13", "M-51")
@pytest.mark.parametrize("members", [4, 5, 8])
def test_five_and_more_with_a_vote_and_a_secretary_may_sit(members: int) -> None:
    check(seats(members))


@pytest.mark.rule("M-13", "M-Q16")
def test_the_secretary_is_not_one_of_the_five_unless_the_body_reads_it_so() -> None:
    with pytest.raises(NotAllowed, match=r"4 members are too few, at least 5 are needed \(M-13, pt 5 para 2\)"):
        check(seats(3))
    check(seats(3), PanelRules.of(law_of(M_Q16="b"), "commission"))


@pytest.mark.rule("M-50", "M-51")
@pytest.mark.parametrize(
    ("members", "said"),
    [
        (seats(5, chair=0), r"0 were named chair, the panel has exactly one chair \(M-50, pt 33\)"),
        (seats(4, chair=2), "2 were named chair"),
        (seats(5, secretary=0), r"0 were named secretary, the panel has exactly one secretary \(M-51, pt 34\)"),
        ([*seats(4, secretary=0), Member(7, "secretary")], r"person 7 is not charged with HR duties \(M-51, pt 34\)"),
        ([*seats(4), Member(10, "member")], "a person is named twice"),
    ],
)
def test_a_commission_has_one_chair_and_one_secretary_from_hr(members: list[Member], said: str) -> None:
    with pytest.raises(NotAllowed, match=said):
        check(members)


@pytest.mark.rule("M-48")
def test_who_was_replaced_by_an_order_sits_no_more_from_that_day() -> None:
    order = [
        Seat(1, "chair", date(2018, 5, 2), date(2019, 2, 11)),
        Seat(2, "chair", date(2019, 2, 11)),
        Seat(10, "member", date(2018, 5, 2)),
    ]
    assert [one.person for one in seated(order, date(2018, 5, 1))] == []
    assert [one.person for one in seated(order, date(2019, 2, 10))] == [1, 10]
    assert [one.person for one in seated(order, date(2019, 2, 11))] == [2, 10]


days = st.dates(date(2018, 1, 1), date(2019, 12, 31))


@pytest.mark.rule("M-48")
@given(st.lists(days, min_size=1, max_size=6, unique=True), days)
def test_a_chain_of_orders_never_leaves_the_seat_empty_or_held_twice(changes: list[date], day: date) -> None:
    starts = sorted(changes)
    chain = [Seat(n, "chair", a, b) for n, (a, b) in enumerate(zip(starts, [*starts[1:], None], strict=True))]
    assert len(seated(chain, day)) == (day >= starts[0])


# --- quorum ------------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-47")
@pytest.mark.parametrize(("members", "must_come"), [(5, 4), (6, 4), (7, 5), (8, 6), (9, 6)])
def test_two_thirds_of_the_composition(members: int, must_come: int) -> None:
    assert needed(RULES, members) == must_come
    check_quorum(RULES, range(members), range(must_come))
    with pytest.raises(NotAllowed, match=rf"{must_come - 1} of {members} members are present, .*\(M-47, pt 30\)"):
        check_quorum(RULES, range(members), range(must_come - 1))


@pytest.mark.rule("M-47")
@given(st.integers(5, 300), st.integers(0, 300))
def test_a_quorum_is_two_thirds_to_the_head(members: int, present: int) -> None:
    present = min(members, present)
    try:
        check_quorum(RULES, range(members), range(present))
    except NotAllowed:
        assert 3 * present < 2 * members
    else:
        assert 3 * present >= 2 * members


@pytest.mark.rule("M-47")
def test_a_guest_does_not_help_to_the_quorum() -> None:
    with pytest.raises(NotAllowed, match="Person 99 was present but is no member of the commission"):
        check_quorum(RULES, range(5), [0, 1, 2, 99])


def test_an_act_without_a_quorum_asks_for_none() -> None:
    check_quorum(PanelRules(least=3), range(5), [])


# --- the vote ----------------------------------------------------------------------------------------------------


def vote(
    votes: dict[int, str],
    members: int = 5,
    rules: PanelRules = RULES,
    chair: int | None = 0,
    present: list[int] | None = None,
    recused: tuple[int, ...] = (),
) -> tuple[str, bool, bool]:
    sitting = Sitting(range(members), present, dict.fromkeys(recused, "it is the own result"), chair, 90)
    found = count_votes(rules, sitting, votes, SAME)
    return found.score, found.changed, found.decided


@pytest.mark.rule("M-50", "M-54", "M-55")
def test_the_majority_approves_or_revises() -> None:
    assert vote({0: SAME, 1: SAME, 2: SAME, 3: UP, 4: UP}) == (SAME, False, True)
    assert vote({0: SAME, 1: UP, 2: UP, 3: UP, 4: SAME}) == (UP, True, True)


@pytest.mark.rule("M-50")
def test_at_equal_votes_the_chair_decides() -> None:
    votes = {0: UP, 1: UP, 2: SAME, 3: SAME}
    assert vote(votes) == (UP, True, True)
    assert vote({**votes, 0: SAME, 3: UP}) == (SAME, False, True)
    found = count_votes(RULES, Sitting(range(5), None, {}, 0), votes, SAME)
    assert found.says == "2 of 4 members and the chair at equal votes: the commission changes the result (M-50)"


@pytest.mark.rule("M-50")
def test_without_the_chair_equal_votes_decide_nothing() -> None:
    votes = {1: UP, 2: UP, 3: SAME, 4: SAME}
    found = count_votes(RULES, Sitting(range(5), None, {}, 0), votes, SAME)
    assert (found.score, found.decided) == (SAME, False)
    assert found.says == ("no result has a majority of 4 members; nothing is decided, vote again (M-50, pt 33)")


@pytest.mark.rule("M-50")
def test_the_chair_decides_only_between_those_with_the_most_votes() -> None:
    assert vote({0: "satisfactory", 1: UP, 2: UP, 3: SAME, 4: SAME}) == (SAME, False, False)


@pytest.mark.rule("M-50", "M-Q16-majority")
def test_the_majority_is_taken_of_those_present_or_of_all_members() -> None:
    votes = {1: UP, 2: UP, 3: UP, 4: SAME}
    assert vote(votes, members=6) == (UP, True, True)
    assert vote(votes, members=6, rules=OF_MEMBERS) == (SAME, False, False)
    assert vote({**votes, 5: UP}, members=6, rules=OF_MEMBERS) == (UP, True, True)


@pytest.mark.rule("M-50")
def test_who_is_present_and_silent_counts_among_those_present() -> None:
    votes = {1: UP, 2: UP}
    assert vote(votes, present=[0, 1, 2, 3]) == (SAME, False, False)
    assert vote({**votes, 3: UP}, present=[0, 1, 2, 3]) == (UP, True, True)


@pytest.mark.rule("M-Q16-own-case")
def test_who_is_evaluated_or_signed_the_sheet_abstains_and_still_counts_for_the_quorum() -> None:
    assert vote({1: UP, 2: UP, 3: SAME}, present=[1, 2, 3, 4], recused=(4,)) == (UP, True, True)
    with pytest.raises(
        NotAllowed, match=r"Person 4 must abstain: it is the own result \(M-49, pt 32; reading M-Q16-own"
    ):
        vote({1: UP, 2: UP, 4: UP}, recused=(4,))
    assert PanelRules.of(law_of(**{"M_Q16-own-case": "b"}), "commission").own_case
    assert not RULES.own_case


def test_where_every_member_must_abstain_nobody_decides() -> None:
    with pytest.raises(Incomplete, match="Every member must abstain"):
        vote({}, recused=(0, 1, 2, 3, 4), present=[0, 1, 2, 3, 4])


@pytest.mark.rule("M-51")
def test_the_secretary_has_no_vote() -> None:
    with pytest.raises(NotAllowed, match=r"The secretary has no vote \(M-51, pt 34\)"):
        vote({0: UP, 1: UP, 2: UP, 3: UP, 90: SAME})


@pytest.mark.rule("M-47", "M-48", "M-49")
def test_a_vote_without_a_quorum_by_a_stranger_or_by_somebody_absent_is_refused() -> None:
    with pytest.raises(NotAllowed, match="3 of 5 members are present"):
        vote({0: UP, 1: UP, 2: UP})
    with pytest.raises(
        NotAllowed, match=r"Person 7 voted but is no member of the commission \(M-49, M-50, pts 32-33\)"
    ):
        vote({0: UP, 1: UP, 2: UP, 3: UP, 7: UP})
    with pytest.raises(NotAllowed, match="Person 4 voted but was not present"):
        vote({0: UP, 1: UP, 4: UP}, present=[0, 1, 2, 3])
    with pytest.raises(Incomplete, match="5 of 5 members have not voted"):
        vote({}, present=[0, 1, 2, 3, 4])


choices = st.sampled_from([UP, SAME, "satisfactory"])


@st.composite
def sittings(draw: st.DrawFn) -> tuple[Sitting, dict[int, str]]:
    size = draw(st.integers(5, 11))
    present = draw(st.sets(st.integers(0, size - 1), min_size=-(-2 * size // 3)))
    recused = draw(st.sets(st.sampled_from(sorted(present)), max_size=2))
    may_vote = sorted(present - recused)
    voters = draw(st.sets(st.sampled_from(may_vote), min_size=1))
    votes = {person: draw(choices) for person in sorted(voters)}
    return Sitting(range(size), present, dict.fromkeys(recused, "own result"), draw(st.integers(0, size - 1))), votes


@pytest.mark.rule("M-49", "M-50")
@given(sittings(), st.booleans())
def test_a_decision_has_a_majority_or_the_chair_at_equal_votes(
    sitting: tuple[Sitting, dict[int, str]], of_members: bool
) -> None:
    taking_part, votes = sitting
    found = count_votes(OF_MEMBERS if of_members else RULES, taking_part, votes, SAME)
    heads = len(taking_part.members) if of_members else len(set(taking_part.present or ()) - set(taking_part.recused))
    tally = Counter(votes.values())
    most = [choice for choice, n in tally.items() if n == max(tally.values())]
    won = [choice for choice, n in tally.items() if 2 * n > heads]
    cast = votes.get(taking_part.chair if taking_part.chair is not None else -1)
    expected = won or ([cast] if len(most) > 1 and cast in most else [])
    assert found.decided is bool(expected)
    assert found.score == (expected[0] if expected else SAME)
    assert found.changed is (found.score != SAME)
