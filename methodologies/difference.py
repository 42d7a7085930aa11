"""What differs between an act on two days: every value, term, grade, form and reading that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rules.evaluation import Described
from rules.law import Law


@dataclass(frozen=True)
class Change:
    """One difference; None stands for "not there". `whom` says for whom it changes something."""

    kind: str
    name: str
    before: Any
    after: Any
    whom: str = ""


def difference(before: Law, after: Law) -> tuple[Change, ...]:
    """Every difference between two laws, in the order of the act."""
    changes = [Change("revision", before.act, before.revision.id, after.revision.id)]
    for kind, read in _TABLES.items():
        changes += _between(kind, read(before), read(after))
    found = (change for change in changes if change.before != change.after)
    return tuple(replace(change, whom=_whom(change, after, before)) for change in found)


def _whom(change: Change, *laws: Law) -> str:
    """For whom a change matters: the actor of a term, the servants an exemption leaves out, the people on a form."""
    for law in laws:
        if change.kind == "deadline" and change.name in law.deadlines:
            return law.deadlines[change.name].actor.en
        for one in law.evaluations.values():
            if change.kind == "value" and change.name in one.exemptions:
                return f"servants of the evaluation '{one.id}': who is left out"
            choice = next((line for line in one.forms if change.name.startswith(f"{line.form}.")), None)
            if change.kind == "form" and choice is not None:
                return f"those evaluated on '{choice.form}', and their {choice.evaluator.replace('_', ' ')}"
    return _USUAL.get(change.kind, "everybody under the act")


def _between(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for name in dict.fromkeys((*before, *after)):
        yield Change(kind, name, before.get(name), after.get(name))


def _terms(law: Law) -> dict[str, str]:
    return {
        rule.id: f"{rule.amount} {rule.unit} {rule.direction} {rule.anchor} ({rule.point})"
        for rule in law.deadlines.values()
    }


_TABLES: Mapping[str, Any] = {
    "value": lambda law: {value.name: value.value for value in law.values.values()},
    "grade": lambda law: {
        f"{scale.name}.{grade.id}": grade.span for scale in law.scales.values() for grade in scale.bands
    },
    "sanction": lambda law: law.sanctions,
    "channel": lambda law: law.channels,
    "deadline": _terms,
    "form": lambda law: {
        f"{form.id}.{row.number}": row.label.kk for form in law.forms.values() for row in form.parameters
    },
    "reading": lambda law: {question: reading.chosen for question, reading in law.readings.items()},
    "evaluation": lambda law: {one.id: f"{one.period}: {', '.join(one.path)}" for one in law.evaluations.values()},
    "who evaluates": lambda law: {
        f"{one.id}.{number}": f"{line.form} by {line.evaluator} {dict(line.selectors) or ''}".strip()
        for one in law.evaluations.values()
        for number, line in enumerate(one.forms, 1)
    },
    "plan": lambda law: {name: _said(one) for name, one in law.plans.items()},
    "panel": lambda law: {name: _said(one) for name, one in law.panels.items()},
    "consequence": lambda law: {name: _said(one) for name, one in law.consequences.items()},
    "left to the body": lambda law: {name: one.what for name, one in law.left_to_body.items()},
}
_USUAL = {
    "grade": "everybody with a result",
    "sanction": "servants under a disciplinary sanction",
    "channel": "those who are notified",
    "who evaluates": "the servants of that line and who evaluates them",
    "panel": "members of the panel and those before it",
    "plan": "servants with a plan and their supervisors",
    "consequence": "servants with such a result",
    "left to the body": "the body itself",
}


def _said(one: Described) -> str:
    return ", ".join(f"{name}: {value}" for name, value in one.values.items() if value is not None)
