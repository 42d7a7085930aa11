"""The table of life, for every kind of evaluation of every act: what may follow what, how all else is refused, no dead ends."""

from __future__ import annotations

import pytest

from methodologies import acts, load
from rules.errors import NotNow
from rules.evaluation import Evaluation
from rules.stages import STAGES, TERMINAL, Walk, refusal, target
from tests.nchr import CYCLE_STEPS, STEPS

KINDS = [pytest.param(act, one, id=f"{act}-{one.id}") for act in acts() for one in load(act).evaluations.values()]
PAIRS = [(act, one, event) for act in acts() for one in load(act).evaluations.values() for event in Walk.of(one).steps]


@pytest.mark.parametrize(("act", "one", "event"), PAIRS)
def test_a_permitted_pair_leads_to_a_stage_and_every_other_pair_is_refused_with_a_sentence(
    act: str, one: Evaluation, event: str
) -> None:
    walk = Walk.of(one)
    step = walk.steps[event]
    for stage in STAGES:
        if stage in step.moves:
            assert target(event, stage, walk.steps) in walk.stages
            continue
        with pytest.raises(NotNow) as trouble:
            target(event, stage, walk.steps)
        said = str(trouble.value)
        assert event in said
        assert stage in said
        assert said.endswith((".", ")."))
        assert "not recorded twice" in said or all(rule in said for rule in step.rules)


def test_an_unknown_event_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(NotNow, match=r"no event 'promoted'; known are: notified, "):
        target("promoted", "planned", STEPS)


def test_an_event_that_already_happened_is_told_from_one_that_is_too_early() -> None:
    assert "already recorded" in refusal("marked", "marked", STEPS)
    assert "cannot happen now: the stage is 'planned', it must be 'open'" in refusal("marked", "planned", STEPS)


@pytest.mark.parametrize(("act", "one"), KINDS)
def test_every_stage_is_reached_from_planned_and_has_a_way_to_an_end(act: str, one: Evaluation) -> None:
    walk = Walk.of(one)
    assert _reach(walk, "planned") | {"planned"} == set(walk.stages)
    assert set(one.path) <= set(walk.stages)
    for stage in walk.stages:
        assert stage in TERMINAL or _reach(walk, stage) & TERMINAL, f"{act}: no way out of '{stage}'"


@pytest.mark.parametrize(("act", "one"), KINDS)
def test_a_destroyed_evaluation_has_no_way_back(act: str, one: Evaluation) -> None:
    assert not [event for event, step in Walk.of(one).steps.items() if "disposed" in step.moves]


@pytest.mark.parametrize(("act", "one"), KINDS)
def test_every_event_names_a_rule_of_its_act(act: str, one: Evaluation) -> None:
    walk, known = Walk.of(one), load(act).rules
    for step in (*walk.steps.values(), *walk.cycle_steps.values()):
        assert step.rules, f"{act}, {one.id}: no rule for '{step.event}'"
        assert set(step.rules) <= set(known)


@pytest.mark.parametrize(("act", "one"), KINDS)
def test_nothing_after_the_evaluators_signature_makes_a_person_exempt(act: str, one: Evaluation) -> None:
    walk = Walk.of(one)
    # a survey has no one signature: it is over when it is computed
    before = walk.before("marked" if "marked" in one.path else "computed")
    assert set(walk.steps["exempted"].moves) == before
    # an act that names nobody who may mark in another's place has neither event
    for event in ("replaced", "designated"):
        assert (event in walk.steps) is (event in one.events)
        assert event not in walk.steps or set(walk.steps[event].moves) == before


@pytest.mark.rule("N-49")
def test_no_event_takes_a_decided_session_back() -> None:
    walk = Walk.of(load("nchr-2024").evaluations["quarter"])
    after = {"session_held", "protocol_signed", "protocol_uploaded", "feedback_given", "settled", "closed"}
    for stage in after:
        assert _reach(walk, stage, set(STAGES) - {"requested"}) <= after | {"disposed"}
    # from closed a person may still ask who was in time and had no session: `services.calibration.request` looks
    arrows = _arrows(walk)
    assert {(stage, to) for stage, to in arrows if stage in after and to == "requested"} == {("closed", "requested")}


@pytest.mark.rule("N-15")
def test_the_dismissed_stay_in_the_evaluation_after_the_signature() -> None:
    assert set(STEPS["exempted"].moves) == {"planned", "notified", "open"}


@pytest.mark.rule("N-39", "N-20")
def test_a_session_is_called_only_on_a_request_and_a_request_only_by_one_who_knows_the_result() -> None:
    arrows = _arrows(Walk.of(load("nchr-2024").evaluations["quarter"]))
    assert {stage for stage, to in arrows if to == "session_called"} == {"requested"}
    assert {stage for stage, to in arrows if to == "requested"} == {"familiarised", "closed"}


@pytest.mark.rule("N-50", "N-51")
@pytest.mark.parametrize("order", [("protocol_uploaded", "feedback_given"), ("feedback_given", "protocol_uploaded")])
def test_protocol_and_feedback_come_in_either_order_and_only_both_settle(order: tuple[str, str]) -> None:
    between = target(order[0], "protocol_signed", STEPS)
    assert between != "settled"
    assert target(order[1], between, STEPS) == "settled"
    with pytest.raises(NotNow, match="already recorded"):
        target(order[0], between, STEPS)


@pytest.mark.rule("N-20")
def test_a_released_result_is_not_closed_before_the_person_knows_it() -> None:
    assert set(STEPS["closed"].moves) == {"familiarised", "settled"}


def test_the_cycle_walks_draft_approved_running_closed_and_back_only_for_a_request() -> None:
    moves = {event: step.moves for event, step in CYCLE_STEPS.items()}
    assert moves["schedule_approved"] == {"draft": "approved"}
    assert moves["cycle_started"] == {"approved": "running"}
    assert moves["cycle_reopened"] == {"closed": "running"}
    assert moves["cycle_closed"] == {"running": "closed"}
    assert moves["cycle_abandoned"] == {"draft": "abandoned", "approved": "abandoned"}


def _arrows(walk: Walk) -> set[tuple[str, str]]:
    return {(stage, to) for step in walk.steps.values() for stage, to in step.moves.items() if stage != to}


def _reach(walk: Walk, stage: str, within: set[str] | None = None) -> set[str]:
    found: set[str] = set()
    edge = {stage}
    while edge:
        arrows = _arrows(walk)
        edge = {to for start, to in arrows if start in edge and (within is None or to in within)} - found
        found |= edge
    return found
