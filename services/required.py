"""What an evaluation needs of its body before a cycle of it is opened: everything the act leaves to the body, at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import methodologies
from rules.errors import MissingSetting
from rules.evaluation import Evaluation, LeftToBody
from rules.law import Form, Law
from rules.methods import METHODS
from rules.methods.needs import NEEDS
from rules.period import Period

#: field of a sheet that is filled in from a setting of the body -> that setting (`services.sheet_facts`)
_FROM_SETTINGS = {"body": "scale_of_body"}


def check(act: str | Path, organisation_file: Path, period: Period, evaluation: str | None = None) -> None:
    """Refuse to open a cycle while the body's file lacks something its evaluation needs.

    Raises:
        MissingSetting: with the whole list, each with the point of the act and the place in the organisation file.
    """
    body = methodologies.read_organisation(organisation_file)
    law = methodologies.law(methodologies.load(act, beside=organisation_file.parent), period, body)
    lacking = missing(law, _asked(law, period, evaluation))
    if lacking:
        said = "; ".join(f"{one.where} ({one.point}: {_small(one.what)})" for one in lacking)
        raise MissingSetting(
            f"{law.act} leaves to the body what the text does not give, and the organisation file of {body.key} does not "
            f"say it: {said}. Add {'it' if len(lacking) == 1 else 'them'} before the cycle is opened."
        )


def _small(what: str) -> str:
    return what[:1].lower() + what[1:]


def _asked(law: Law, period: Period, evaluation: str | None) -> Evaluation | None:
    """The evaluation that would be opened; None where the body has not said it yet."""
    if evaluation is not None:
        return law.evaluations.get(evaluation)
    kind = "quarter" if period.quarter else "year"
    return next((one for one in law.evaluations.values() if one.period == kind), None)


def missing(law: Law, one: Evaluation | None) -> list[LeftToBody]:
    """What the act leaves to the body, the evaluation needs, and the body has not said; all of it where none is known.

    An evaluation the body has not said yet may need anything that is left to the body.
    """
    unsaid = [left for left in law.left_to_body.values() if not left.optional and not _given(law, left)]
    if one is None:
        # an act that leaves no evaluation to the body just has none of that kind: another refusal says so
        return unsaid if any(left.section == "evaluations" for left in unsaid) else []
    needed = set(_needed(law, one))
    return [left for left in unsaid if left.name in needed]


def _given(law: Law, left: LeftToBody) -> bool:
    if left.section == "settings":
        return law.settings.get(left.name) is not None
    held = law.values if left.section == "parameters" else getattr(law, left.section)
    return left.name in held


def _needed(law: Law, one: Evaluation) -> Iterator[str]:
    """The names an evaluation leads to: of terms, forms, scales, panels, parameters, tables, settings."""
    yield from one.deadlines.values()
    yield from one.exemptions
    yield from (name for name in (one.panel, *map(str, one.annual.values())) if name)
    if one.annual:
        yield "annual_method"
    for choice in one.forms:
        yield choice.form
        yield from choice.exemptions
        if choice.form in law.forms:
            yield from _of_form(law.forms[choice.form])


def _of_form(form: Form) -> Iterator[str]:
    if form.scale:
        yield form.scale
    if form.method in NEEDS:
        yield from NEEDS[form.method].parameters
        yield from (_FROM_SETTINGS[field] for field in METHODS[form.method].fields if field in _FROM_SETTINGS)
    for value in form.options.values():
        yield from _names(value)


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        yield from (one for one in value if isinstance(one, str))
    elif isinstance(value, dict):
        yield from (one for one in value.values() if isinstance(one, str))
