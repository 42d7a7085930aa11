"""Sessions without a fixed composition, and the life of an assessment of the maslikhat apparatus."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import Incomplete, NotAllowed, NotNow
from rules.panel import Member, PanelRules, check_composition, count_votes
from rules.stages import Walk, target
from tests.uralsk import law_of

LAW = law_of()

RULES = PanelRules.of(LAW, "calibration")
OF_ALL = PanelRules.of(law_of(U_Q19="b"), "calibration")
people = st.lists(st.integers(1, 30), min_size=1, max_size=9, unique=True)
marks = st.sampled_from([Decimal(n) for n in ("2.5", "3", "3.99", "4", "5")])


@pytest.mark.rule("U-10", "U-64")
@given(people, st.sampled_from(["member", "evaluator"]))
def test_any_number_may_sit_the_evaluator_too(members: list[int], capacity: str) -> None:
    check_composition(RULES, [Member(one, capacity) for one in members], {}, members, [])


@pytest.mark.rule("U-10")
def test_the_evaluated_person_does_not_sit() -> None:
    with pytest.raises(NotAllowed, match="person 7 may not be a member: the person evaluated"):
        check_composition(RULES, [Member(7, "member"), Member(1, "member")], {7: "the person evaluated"}, [], [])


@pytest.mark.rule("U-68", "U-69")
@given(st.dictionaries(st.integers(1, 9), marks, min_size=1), marks)
def test_more_than_half_of_those_present_decide_up_or_down_and_else_the_mark_stands(
    votes: dict[int, Decimal], before: Decimal
) -> None:
    found = count_votes(RULES, list(range(1, 10)), votes, before)
    mark, number = Counter(votes.values()).most_common(1)[0]
    if 2 * number > len(votes):
        assert (found.score, found.decided, found.changed) == (mark, True, mark != before)
    else:
        assert (found.score, found.decided, found.changed) == (before, False, False)


@pytest.mark.rule("U-69")
@given(st.dictionaries(st.integers(1, 9), marks, min_size=1), marks)
def test_under_the_other_reading_more_than_half_of_all_members_must_agree(
    votes: dict[int, Decimal], before: Decimal
) -> None:
    found = count_votes(OF_ALL, list(range(1, 10)), votes, before)
    assert found.decided == (max(Counter(votes.values()).values()) >= 5)


@pytest.mark.rule("U-69")
def test_a_tie_leaves_the_mark_and_nobody_decides_it() -> None:
    found = count_votes(RULES, [1, 2], {1: Decimal(4), 2: Decimal(5)}, Decimal(3))
    assert (found.score, found.decided) == (Decimal(3), False)
    assert "U-Q19" in found.says


@pytest.mark.rule("U-69")
def test_without_a_vote_nothing_is_decided_and_strangers_do_not_vote() -> None:
    with pytest.raises(Incomplete):
        count_votes(RULES, [1, 2], {}, Decimal(3))
    with pytest.raises(NotAllowed):
        count_votes(RULES, [1, 2], {3: Decimal(4)}, Decimal(3))


# --- the life of an assessment -----------------------------------------------------------------------------------

QUARTER, SURVEY = Walk.of(LAW.evaluations["quarter"]), Walk.of(LAW.evaluations["survey"])


@pytest.mark.rule("U-25", "U-26", "U-27", "U-47", "U-52", "U-63", "U-70", "U-71")
@given(st.lists(st.sampled_from(sorted(QUARTER.steps)), max_size=40), st.sampled_from([QUARTER, SURVEY]))
def test_no_walk_leaves_the_table_or_reaches_a_session_unasked(events: list[str], walk: Walk) -> None:
    stage, seen = "planned", []
    for event in events:
        try:
            stage = target(event, stage, walk.steps)
        except NotNow:
            continue
        seen.append(event)
    assert stage in walk.stages
    order = ("marked", "computed", "released", "requested", "session_called", "session_held", "protocol_signed")
    for before, after in pairwise(order):
        if after in seen and walk is QUARTER:
            assert before in seen[: seen.index(after)]
    if "protocol_uploaded" in seen or "feedback_given" in seen:
        assert "protocol_signed" in seen


@pytest.mark.rule("U-71")
def test_a_contested_case_closes_only_with_the_protocol_placed_and_the_feedback_given() -> None:
    assert QUARTER.steps["closed"].moves == {"familiarised": "closed", "settled": "closed"}
    into = {event for event, step in QUARTER.steps.items() if "settled" in step.moves.values()}
    assert into == {"protocol_uploaded", "feedback_given"}


@pytest.mark.rule("U-46", "U-51", "U-47", "U-52")
def test_each_event_names_its_points() -> None:
    source = LAW.evaluations["quarter"].source
    assert source("notified").rules == ("U-46", "U-51")
    assert source("opened").rules == ("U-47", "U-52")
    assert source("schedule_approved").rules == ("U-25",)
