"""The table of life: what may follow what, how everything else is refused, and that nobody is ever stuck."""

from __future__ import annotations

import pytest

from methodologies import acts, load
from rules.errors import NotNow
from rules.stages import CYCLE_STEPS, STAGES, STEPS, TERMINAL, refusal, target

PAIRS = [(event, stage) for event in STEPS for stage in STAGES]


@pytest.mark.parametrize(("event", "stage"), [pair for pair in PAIRS if pair[1] in STEPS[pair[0]].moves])
def test_a_permitted_step_leads_to_a_stage_of_the_table(event: str, stage: str) -> None:
    assert target(event, stage) in STAGES


@pytest.mark.parametrize(("event", "stage"), [pair for pair in PAIRS if pair[1] not in STEPS[pair[0]].moves])
def test_every_other_pair_is_refused_with_a_sentence_and_the_rule_or_the_word_twice(event: str, stage: str) -> None:
    with pytest.raises(NotNow) as trouble:
        target(event, stage)
    said = str(trouble.value)
    assert event in said
    assert stage in said
    assert said.endswith((".", ")."))
    assert "not recorded twice" in said or all(rule in said for rule in STEPS[event].rules)


def test_an_unknown_event_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(NotNow, match=r"no event 'promoted'; known are: exempted, "):
        target("promoted", "planned")


def test_an_event_that_already_happened_is_told_from_one_that_is_too_early() -> None:
    assert "already recorded" in refusal("marked", "marked")
    assert "cannot happen now: the stage is 'planned', it must be 'open'" in refusal("marked", "planned")


def test_every_stage_but_the_first_can_be_reached_from_planned() -> None:
    assert _reach("planned") == set(STAGES) - {"planned"} | {"planned"}


@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_has_a_way_to_an_end(stage: str) -> None:
    assert stage in TERMINAL or _reach(stage) & TERMINAL


def test_a_destroyed_evaluation_has_no_way_back() -> None:
    assert not [event for event, step in STEPS.items() if "disposed" in step.moves]


@pytest.mark.rule("N-49")
def test_no_event_takes_a_decided_session_back() -> None:
    after = {"session_held", "protocol_signed", "protocol_uploaded", "feedback_given", "settled", "closed"}
    for stage in after:
        assert _reach(stage, set(STAGES) - {"requested"}) <= after | {"disposed"}
    # from closed a person may still ask who was in time and had no session: `services.calibration.request` looks
    assert {(stage, to) for stage, to in _arrows() if stage in after and to == "requested"} == {("closed", "requested")}


@pytest.mark.rule("N-15")
def test_nothing_after_the_signature_makes_a_person_exempt() -> None:
    before = {"planned", "notified", "open"}
    assert set(STEPS["exempted"].moves) == before
    assert set(STEPS["replaced"].moves) == set(STEPS["designated"].moves) == before


@pytest.mark.rule("N-39", "N-20")
def test_a_session_is_called_only_on_a_request_and_a_request_only_by_one_who_knows_the_result() -> None:
    assert {stage for stage, to in _arrows() if to == "session_called"} == {"requested"}
    assert {stage for stage, to in _arrows() if to == "requested"} == {"familiarised", "closed"}


@pytest.mark.rule("N-50", "N-51")
@pytest.mark.parametrize("order", [("protocol_uploaded", "feedback_given"), ("feedback_given", "protocol_uploaded")])
def test_protocol_and_feedback_come_in_either_order_and_only_both_settle(order: tuple[str, str]) -> None:
    between = target(order[0], "protocol_signed")
    assert between != "settled"
    assert target(order[1], between) == "settled"
    with pytest.raises(NotNow, match="already recorded"):
        target(order[0], between)


@pytest.mark.rule("N-20")
def test_a_released_result_is_not_closed_before_the_person_knows_it() -> None:
    assert set(STEPS["closed"].moves) == {"familiarised", "settled"}


def test_the_cycle_walks_draft_approved_running_closed_and_back_only_for_a_request() -> None:
    assert [step.moves for step in CYCLE_STEPS.values()] == [
        {"draft": "approved"},
        {"approved": "running"},
        {"closed": "running"},
        {"running": "closed"},
    ]


@pytest.mark.parametrize("act_id", acts())
def test_every_act_walks_a_subset_of_the_table_from_which_its_end_can_be_reached(act_id: str) -> None:
    own = set(load(act_id).stages)
    assert own <= set(STAGES)
    for stage in own:
        assert stage in TERMINAL or _reach(stage, own) & TERMINAL, f"{act_id}: no way out of '{stage}'"
    assert _reach("planned", own) | {"planned"} == own


@pytest.mark.parametrize("act_id", acts())
def test_every_rule_the_table_names_exists_in_the_act(act_id: str) -> None:
    act = load(act_id)
    prefix = next(iter(act.rules)).split("-")[0]
    named = {rule for step in (*STEPS.values(), *CYCLE_STEPS.values()) for rule in step.rules}
    assert {rule for rule in named if rule.startswith(f"{prefix}-")} <= set(act.rules)
    assert all(step.rules for step in STEPS.values())


def _arrows() -> set[tuple[str, str]]:
    return {(stage, to) for step in STEPS.values() for stage, to in step.moves.items() if stage != to}


def _reach(stage: str, within: set[str] | None = None) -> set[str]:
    found: set[str] = set()
    edge = {stage}
    while edge:
        edge = {to for start, to in _arrows() if start in edge and (within is None or to in within)} - found
        found |= edge
    return found
