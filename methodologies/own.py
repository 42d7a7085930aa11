"""What a body says itself where the text of its act says nothing: whole sections, in the act's own format, under `own`.

Only names the act lists under `left_to_body` may stand there; nothing the act prints is ever replaced. The dates of
these values are the body's own: the days from which it uses them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from methodologies import findings, mechanism, sections, sheets, tables
from methodologies.act import Act, Dated
from methodologies.reading import Item, refuse_all
from rules.errors import BadFile
from rules.evaluation import LeftToBody
from rules.law import DeadlineRule
from rules.organisation import Organisation

READERS: Mapping[str, Callable[[Item], Mapping[str, Any]]] = {
    "parameters": sections.parameters,
    "scales": sheets.scales,
    "forms": sheets.forms,
    "tables": tables.tables,
    "evaluations": mechanism.evaluations,
    "plans": mechanism.plans,
    "panels": mechanism.panels,
    "consequences": mechanism.consequences,
    "deadlines": sections.deadlines,
}


def read_own(item: Item) -> Mapping[str, Mapping[str, Any]]:
    """The sections under `own` of an organisation file; which names may stand there is the act's matter.

    Raises:
        BadFile: a section is unknown or was refused; every finding with its line.
    """
    found: dict[str, Mapping[str, Any]] = {}
    problems: list[str] = []
    for key, section in item.fields(optional=READERS).items():
        try:
            found[key] = {name: _own(one) for name, one in READERS[key](section).items()}
        except BadFile as refusal:
            problems += refusal.problems
    refuse_all(problems)
    return found


def _own(one: Any) -> Any:
    if not isinstance(one, Dated):
        return one
    values = (
        (day, replace(value, own=True) if isinstance(value, DeadlineRule) else value) for day, value in one.values
    )
    return replace(one, own=True, values=tuple(values))


def with_own(act: Act, organisation: Organisation) -> Act:
    """The act with what its body says where the text says nothing.

    Raises:
        BadFile: the body says something the act does not leave to it, or what it says does not fit together.
    """
    if not organisation.own:
        return act
    _refuse(organisation, _not_left(act, organisation))
    said: dict[str, Any] = {section: {**getattr(act, section), **one} for section, one in organisation.own.items()}
    whole = replace(act, **said)
    _refuse(organisation, _not_kept(act, organisation))
    _refuse(organisation, findings.of(whole))
    return whole


def missing(act: Act, organisation: Organisation | None = None) -> tuple[LeftToBody, ...]:
    """What the act leaves to the body and this body has not said; without a body, everything that must be said."""
    return tuple(one for one in act.left_to_body.values() if not one.optional and not given(one, organisation))


def given(left: LeftToBody, organisation: Organisation | None) -> bool:
    """Has the body said it?"""
    if organisation is None:
        return False
    if left.section == "settings":
        return organisation.settings.get(left.name) is not None
    return left.name in organisation.own.get(left.section, {})


def _refuse(organisation: Organisation, faults: Iterator[str]) -> None:
    refuse_all(f"{organisation.source}: {fault}" for fault in faults)


def _not_left(act: Act, organisation: Organisation) -> Iterator[str]:
    for section, names in organisation.own.items():
        left = [one.name for one in act.left_to_body.values() if one.section == section]
        for name in names:
            if name not in left:
                known = f"it leaves: {', '.join(left)}" if left else f"it leaves nothing under own.{section}"
                yield f"own.{section}.{name}: {act.id} does not leave this to the body; {known}."


def _not_kept(act: Act, organisation: Organisation) -> Iterator[str]:
    """An own evaluation must keep what the known points say of it."""
    for left in act.left_to_body.values():
        one = organisation.own.get(left.section, {}).get(left.name)
        for key, wanted in left.keeps.items() if one is not None else ():
            held = getattr(one, key)
            where = f"own.{left.section}.{left.name}.{key}"
            if isinstance(wanted, Mapping):
                lacks = [f"{role}: {name}" for role, name in wanted.items() if held.get(role) != name]
            else:
                lacks = [name for name in wanted if name not in held]
            if lacks:
                yield f"{where} must hold {', '.join(lacks)}: {act.id} says so itself and does not leave it to the body."
