"""The process drawn for an editor: well formed, every arrow between things that are there, everything has a place."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from methodologies import acts, load
from rules.evaluation import Evaluation
from rules.stages import Walk
from services.bpmn import BPMN, DC, DI, bpmn

KINDS = [pytest.param(act, one, id=f"{act}-{one.id}") for act in acts() for one in load(act).evaluations.values()]


@pytest.mark.parametrize(("act", "one"), KINDS)
def test_every_arrow_joins_two_things_and_everything_lies_somewhere_of_its_own(act: str, one: Evaluation) -> None:
    root = ET.fromstring(bpmn(act, one))
    process = root.find(f"{{{BPMN}}}process")
    assert process is not None
    flows = {flow.get("id"): flow for flow in process.iter(f"{{{BPMN}}}sequenceFlow")}
    things = {one.get("id") for one in process if one.get("id") and one.tag != f"{{{BPMN}}}laneSet"} - set(flows)
    for flow in flows.values():
        assert {flow.get("sourceRef"), flow.get("targetRef")} <= things
    listed = [ref.text for ref in process.iter(f"{{{BPMN}}}flowNodeRef")]
    assert sorted(listed, key=str) == sorted(things, key=str)
    drawn = {shape.get("bpmnElement"): shape for shape in root.iter(f"{{{DI}}}BPMNShape")}
    assert things <= set(drawn)
    assert {edge.get("bpmnElement") for edge in root.iter(f"{{{DI}}}BPMNEdge")} == set(flows)
    places = []
    for thing in things:
        bounds = drawn[thing].find(f"{{{DC}}}Bounds")
        assert bounds is not None
        places.append((bounds.get("x"), bounds.get("y")))
    assert len(set(places)) == len(places)


@pytest.mark.parametrize(("act", "one"), KINDS)
def test_every_event_that_moves_somebody_is_a_task_and_the_text_is_always_the_same(act: str, one: Evaluation) -> None:
    text = bpmn(act, one)
    for step in Walk.of(one).steps.values():
        for source, to in step.moves.items():
            assert (f't-{step.event}-{source}"' in text) == (source != to)
    assert text == bpmn(act, one)
