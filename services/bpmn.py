"""One kind of evaluation as a BPMN 2.0 process: a lane for each role, a task for each event, drawn so that an editor opens it.

A stage is an exclusive gateway: what may happen next leaves it. Loops that leave the stage alone are left out;
the table of steps (`docs/states.md`) has them. The layout is computed here: a column for each step from the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from rules.evaluation import Evaluation
from rules.stages import PLANNED, Walk

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
_PREFIXES = {"bpmn": BPMN, "bpmndi": DI, "dc": DC, "di": DD}

#: event -> who does it; everything else is the work of the machine
_ROLES: Mapping[str, str] = {
    **dict.fromkeys(("marked", "feedback_given"), "Evaluator"),
    **dict.fromkeys(
        ("self_evaluated", "signed", "shown", "acknowledged", "requested", "appealed", "late_request", "late_appeal"),
        "Evaluated servant",
    ),
    **dict.fromkeys(("agreed", "returned"), "Superior supervisor"),
    **dict.fromkeys(
        ("submitted", "refused", "sign_refused", "served", "protocol_uploaded", "reported", "corrected", "disposed"),
        "HR service",
    ),
    **dict.fromkeys(("session_called", "request_refused", "approved"), "Appointing official"),
    **dict.fromkeys(("session_held", "protocol_signed", "decided"), "Panel"),
    **dict.fromkeys(("revision_recommended", "appeal_dismissed"), "Authorised body"),
}
_MACHINE = "Information system"
_LANES = (
    _MACHINE, "HR service", "Evaluated servant", "Evaluator", "Superior supervisor", "Panel", "Appointing official",
    "Authorised body",
)  # fmt: skip
_COLUMN, _LANE, _TITLE = 170, 130, 60
_SIZE = {"task": (120, 70), "gateway": (44, 44), "event": (36, 36)}


@dataclass
class _Node:
    """One thing on the sheet: its kind, words, lane and place."""

    id: str
    kind: str
    words: str
    lane: str
    column: int = 0
    row: int = 0


@dataclass
class _Net:
    """Nodes and arrows of a process."""

    nodes: dict[str, _Node] = field(default_factory=dict)
    flows: list[tuple[str, str]] = field(default_factory=list)

    def add(self, node: _Node) -> str:
        """Put a node in, once."""
        self.nodes.setdefault(node.id, node)
        return node.id

    def join(self, source: str, to: str) -> None:
        """An arrow, once."""
        if (source, to) not in self.flows:
            self.flows.append((source, to))


def bpmn(act: str, one: Evaluation) -> str:
    """The process as BPMN 2.0 XML with its diagram, the same text every time."""
    net = _net(one)
    _place(net)
    for prefix, address in _PREFIXES.items():
        ET.register_namespace(prefix, address)
    key = f"{act}-{one.id}".replace(".", "-")
    root = ET.Element(f"{{{BPMN}}}definitions", {"id": f"d-{key}", "targetNamespace": "urn:bagalau"})
    pool = ET.SubElement(root, f"{{{BPMN}}}collaboration", {"id": f"c-{key}"})
    ET.SubElement(
        pool, f"{{{BPMN}}}participant",
        {"id": f"pool-{key}", "name": f"{act}: {one.what.en} ({one.point})", "processRef": f"p-{key}"},
    )  # fmt: skip
    process = ET.SubElement(root, f"{{{BPMN}}}process", {"id": f"p-{key}", "isExecutable": "false"})
    _lanes(process, net)
    _elements(process, net)
    _drawing(root, key, net)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _net(one: Evaluation) -> _Net:
    walk, net = Walk.of(one), _Net()
    left = {source for step in walk.steps.values() for source, to in step.moves.items() if source != to}
    net.add(_Node("start", "startEvent", "planned", _MACHINE))
    for stage in walk.stages:
        kind = "exclusiveGateway" if stage in left else "endEvent"
        net.add(_Node(f"s-{stage}", kind, stage.replace("_", " "), _MACHINE))
    net.join("start", f"s-{PLANNED}")
    for step in walk.steps.values():
        for source, to in step.moves.items():
            if source == to:
                continue
            words = f"{step.event.replace('_', ' ')} ({', '.join(step.rules)})"
            task = net.add(_Node(f"t-{step.event}-{source}", "task", words, _ROLES.get(step.event, _MACHINE)))
            net.join(f"s-{source}", task)
            net.join(task, f"s-{to}")
    return net


def _place(net: _Net) -> None:
    """Columns by distance from the start, rows inside a lane so that nothing lies on another."""
    following: dict[str, list[str]] = {}
    for source, to in net.flows:
        following.setdefault(source, []).append(to)
    edge, column = ["start"], 0
    seen = {"start"}
    while edge:
        for name in edge:
            net.nodes[name].column = column
        edge = list(dict.fromkeys(to for name in edge for to in following.get(name, ()) if to not in seen))
        seen |= set(edge)
        column += 1
    taken: dict[tuple[str, int], int] = {}
    for node in net.nodes.values():
        place = (node.lane, node.column)
        node.row = taken.get(place, 0)
        taken[place] = node.row + 1


def _lanes(process: ET.Element, net: _Net) -> None:
    lanes = ET.SubElement(process, f"{{{BPMN}}}laneSet", {"id": "lanes"})
    for number, name in enumerate(_used(net)):
        lane = ET.SubElement(lanes, f"{{{BPMN}}}lane", {"id": f"lane-{number}", "name": name})
        for node in net.nodes.values():
            if node.lane == name:
                ET.SubElement(lane, f"{{{BPMN}}}flowNodeRef").text = node.id


def _used(net: _Net) -> list[str]:
    return [name for name in _LANES if any(node.lane == name for node in net.nodes.values())]


def _elements(process: ET.Element, net: _Net) -> None:
    ids = {flow: f"f-{number}" for number, flow in enumerate(net.flows)}
    for node in net.nodes.values():
        kind = ("serviceTask" if node.lane == _MACHINE else "userTask") if node.kind == "task" else node.kind
        element = ET.SubElement(process, f"{{{BPMN}}}{kind}", {"id": node.id, "name": node.words})
        for (_, to), flow in ids.items():
            if to == node.id:
                ET.SubElement(element, f"{{{BPMN}}}incoming").text = flow
        for (source, _), flow in ids.items():
            if source == node.id:
                ET.SubElement(element, f"{{{BPMN}}}outgoing").text = flow
    for (source, to), flow in ids.items():
        ET.SubElement(process, f"{{{BPMN}}}sequenceFlow", {"id": flow, "sourceRef": source, "targetRef": to})


# --- the drawing ----------------------------------------------------------------------------------------


def _heights(net: _Net) -> dict[str, tuple[int, int]]:
    """Lane -> (top, height)."""
    found, top = {}, 0
    for name in _used(net):
        rows = 1 + max(node.row for node in net.nodes.values() if node.lane == name)
        found[name] = (top, rows * _LANE)
        top += rows * _LANE
    return found


def _box(node: _Node, heights: Mapping[str, tuple[int, int]]) -> tuple[int, int, int, int]:
    shape = "task" if node.kind == "task" else "gateway" if node.kind == "exclusiveGateway" else "event"
    width, height = _SIZE[shape]
    left = _TITLE + 30 + node.column * _COLUMN + (_COLUMN - width) // 2
    top = heights[node.lane][0] + node.row * _LANE + (_LANE - height) // 2
    return left, top, width, height


def _drawing(root: ET.Element, key: str, net: _Net) -> None:
    heights = _heights(net)
    diagram = ET.SubElement(root, f"{{{DI}}}BPMNDiagram", {"id": "diagram"})
    plane = ET.SubElement(diagram, f"{{{DI}}}BPMNPlane", {"id": "plane", "bpmnElement": f"c-{key}"})
    width = _TITLE + 60 + (1 + max(node.column for node in net.nodes.values())) * _COLUMN
    total = sum(height for _, height in heights.values())
    _shape(plane, f"pool-{key}", (0, 0, width, total), horizontal=True)
    for number, name in enumerate(_used(net)):
        top, height = heights[name]
        _shape(plane, f"lane-{number}", (30, top, width - 30, height), horizontal=True)
    for node in net.nodes.values():
        _shape(plane, node.id, _box(node, heights), marker=node.kind == "exclusiveGateway")
    for number, (source, to) in enumerate(net.flows):
        edge = ET.SubElement(plane, f"{{{DI}}}BPMNEdge", {"id": f"e-{number}", "bpmnElement": f"f-{number}"})
        for x, y in _way(_box(net.nodes[source], heights), _box(net.nodes[to], heights)):
            ET.SubElement(edge, f"{{{DD}}}waypoint", {"x": str(x), "y": str(y)})


def _shape(
    plane: ET.Element, element: str, box: tuple[int, int, int, int], horizontal: bool = False, marker: bool = False
) -> None:
    extra = ({"isHorizontal": "true"} if horizontal else {}) | ({"isMarkerVisible": "true"} if marker else {})
    shape = ET.SubElement(plane, f"{{{DI}}}BPMNShape", {"id": f"shape-{element}", "bpmnElement": element, **extra})
    names = ("x", "y", "width", "height")
    ET.SubElement(shape, f"{{{DC}}}Bounds", {name: str(part) for name, part in zip(names, box, strict=True)})


def _way(source: tuple[int, int, int, int], to: tuple[int, int, int, int]) -> Iterator[tuple[int, int]]:
    """From the right side of one box to the left side of the other; backwards above them."""
    x1, y1 = source[0] + source[2], source[1] + source[3] // 2
    x2, y2 = to[0], to[1] + to[3] // 2
    yield x1, y1
    if x2 > x1:
        middle = (x1 + x2) // 2
        yield from ((middle, y1), (middle, y2)) if y1 != y2 else ()
    else:
        above = min(source[1], to[1]) - 14
        yield from ((x1 + 12, y1), (x1 + 12, above), (x2 - 12, above), (x2 - 12, y2))
    yield x2, y2
