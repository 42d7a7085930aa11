"""No room but the data cites one act: rules, readings and points of a sentence come from the act of the cycle."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest
import yaml

from methodologies import acts, load
from notifications.catalogue import KINDS
from rules.evaluation import Source
from rules.roles import ROLES
from rules.stages import OTHER_EVENTS, Walk
from services.ground import Ground
from tests.house.test_house import ROOT, broken, committed, sources, tree

ROOMS = ("rules", "services", "notifications", "documents", "cli", "tasks", "flows", "models")
#: files whose strings may name a rule or a point, each with the reason
FINE = {
    "notifications/facts.py": "shows how a point is written",
    "cli/choosing.py": "shows how a reading is chosen",
    "cli/deadlines.py": "shows how a reading is chosen",
    "cli/score.py": "shows how a reading is chosen",
}
_POINT = re.compile(r"\bpts? \d+")


def rule_ids() -> frozenset[str]:
    """Every rule and every open question of the acts, as their data names them."""
    found: set[str] = set()
    for name in committed():
        if name.startswith("methodologies/") and name.endswith(("/rules.yaml", "/readings.yaml")):
            held = yaml.safe_load((ROOT / name).read_text("utf-8"))
            found |= {key for section in held.values() if isinstance(section, dict) for key in section}
    return frozenset(found)


IDS = re.compile(r"(?<![\w-])(" + "|".join(map(re.escape, sorted(rule_ids(), key=len, reverse=True))) + r")(?![\w-])")


def cited(module: ast.Module) -> Iterator[str]:
    """The strings of a file, docstrings apart, that name a rule, a reading or a point."""
    told = {id(one.body[0].value) for one in ast.walk(module) if _explained(one)}  # type: ignore[attr-defined]
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            found = IDS.search(node.value) or _POINT.search(node.value)
            if found:
                yield f"{node.lineno} {found[0]}"


def _explained(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    return (
        isinstance(body, list)
        and bool(body)
        and isinstance(body[0], ast.Expr)
        and isinstance(body[0].value, ast.Constant)
    )


def test_the_ids_of_all_acts_are_known() -> None:
    assert len(rule_ids()) > 269
    assert {"A-9", "U-17", "N-36", "M-59", "J-64", "X-Q1", "J-Q5"} <= rule_ids()


def test_no_code_cites_an_act() -> None:
    names = [name for name in sources(*ROOMS) if name not in FINE and not name.startswith("documents/samples/")]
    assert broken(names, cited) == []


def test_every_exception_is_still_one() -> None:
    assert [name for name in FINE if not list(cited(tree(name)))] == []


@pytest.mark.parametrize("code", ['x = f"{a} (N-40, pt 19)"', 'rules = ("N-25",)', "raise E('see pt 9 para 2')"])
def test_the_law_can_find_its_breach(code: str) -> None:
    assert list(cited(ast.parse(code)))


def test_a_docstring_may_give_an_example() -> None:
    assert list(cited(ast.parse('"""As N-40, pt 19."""\ndef f():\n    """N-25."""'))) == []


def test_every_notice_plays_a_role_that_an_act_can_name() -> None:
    events = {event for act in acts() for one in load(act).evaluations.values() for event in Walk.of(one).steps}
    for kind in KINDS.values():
        for role in kind.roles:
            name = role.removeprefix("deadline:")
            known = ROLES if role.startswith("deadline:") else {*events, *OTHER_EVENTS, "code_appeal", "confidential"}
            assert name in known, (kind.name, role)


def test_a_source_says_nothing_of_what_the_act_does_not_have() -> None:
    act = load("justice-2017")
    one = act.evaluations["quarter"]
    ground = Ground(None, None, None, None, one, Walk.of(one))  # type: ignore[arg-type]
    assert ground.source("requested", "session_called") == Source((), "")
    assert ground.cite("requested") == ""
    assert ground.cite("submitted", "requested") == " (J-48, pt 34)"
