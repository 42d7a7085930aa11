"""What differs between an act on two days: every value, term, grade, form and reading that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from rules.law import Law


@dataclass(frozen=True)
class Change:
    """One difference; None stands for "not there"."""

    kind: str
    name: str
    before: Any
    after: Any


def difference(before: Law, after: Law) -> tuple[Change, ...]:
    """Every difference between two laws, in the order of the act."""
    changes = [Change("revision", before.act, before.revision.id, after.revision.id)]
    for kind, read in _TABLES.items():
        changes += _between(kind, read(before), read(after))
    return tuple(change for change in changes if change.before != change.after)


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
}
