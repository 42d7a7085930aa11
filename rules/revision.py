"""The result a Commission corrects: another number on the form's scale, or other results of single parts (M-55, J-50)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rules.errors import Incomplete, NotAllowed, RuleError
from rules.grades import GradeScale
from rules.law import Form, Law
from rules.scoring import Score


@dataclass(frozen=True)
class Revision:
    """What a Commission would put in the place of a result.

    Attributes:
        score: the corrected number, where the form earns one.
        results: part -> corrected result, where it earns results of parts (competency -> grade).
        explanation: why, for the protocol.
    """

    score: Decimal | None = None
    results: Mapping[str, str] = field(default_factory=dict)
    explanation: str = ""


def revised(
    law: Law,
    form: Form,
    revision: Revision,
    before: tuple[Decimal | None, Mapping[str, Any]],
    says: str,
    source: tuple[tuple[str, ...], tuple[str, ...]],
) -> Score:
    """The corrected result with its grade and its working.

    Args:
        before: the number and the further answers of the result before. says: how it was decided.
        source: rules and readings under which the panel decided.

    Raises:
        Incomplete: the correction lacks what the form needs. NotAllowed: it is no result of the form, or changes nothing.
    """
    if form.scale is None:
        return _parts(law, form, revision, before[1], says, source)
    if revision.score is None or revision.results:
        raise Incomplete(f"The form '{form.id}' earns one number; say which number the Commission corrects it to.")
    scale = law.scale(form.scale)
    placed = _placed(scale, revision.score)
    if placed.score == before[0]:
        raise NotAllowed(f"{revision.score} is the result already; a correction changes it, an approval leaves it.")
    return Score(
        score=placed.score,
        unrounded=revision.score,
        grade=placed.grade.id,
        grade_label=placed.grade.label,
        working=(f"corrected by the Commission: {placed.score} ({says})", *placed.lines),
        rules=tuple(dict.fromkeys((*scale.rules, *source[0]))),
        readings=source[1],
        more={"before": before[1]} if before[1] else {},
    )


def _placed(scale: GradeScale, number: Decimal) -> Any:
    wrong = NotAllowed(f"{number} is no result of this scale ({scale.point}); correct the number.")
    if not number.is_finite():
        raise wrong
    try:
        placed = scale.place(number)
    except RuleError:
        raise wrong from None
    if scale.reading is None and not placed.grade.not_exceeded_by(placed.score):
        raise NotAllowed(f"{number} lies between two results of the scale ({scale.point}); correct the number.")
    return placed


def _parts(
    law: Law,
    form: Form,
    revision: Revision,
    before: Mapping[str, Any],
    says: str,
    source: tuple[tuple[str, ...], tuple[str, ...]],
) -> Score:
    scale = law.scale(form.options.get("scale"))
    held: Mapping[str, str] = before.get("results") or {}
    if revision.score is not None or not revision.results:
        raise Incomplete(f"The form '{form.id}' earns no single number; say which of its results are corrected.")
    for part, result in revision.results.items():
        if held.get(part) not in scale.by_id:
            raise NotAllowed(f"'{part}' has no result here; those with one are: {_evaluated(held, scale)}.")
        if result not in scale.by_id:
            raise NotAllowed(f"'{result}' is no result of '{part}'; known are: {', '.join(scale.by_id)}.")
    if all(held[part] == result for part, result in revision.results.items()):
        raise NotAllowed("The correction changes nothing; an approval leaves the results as they are.")
    lines = (f"{part}: {held[part]} -> {result}" for part, result in revision.results.items())
    return Score(
        score=None,
        unrounded=None,
        grade=None,
        grade_label=None,
        working=(f"corrected by the Commission ({says})", *lines),
        rules=tuple(dict.fromkeys((*scale.rules, *source[0]))),
        readings=source[1],
        more={**before, "results": {**held, **revision.results}},
    )


def _evaluated(held: Mapping[str, str], scale: GradeScale) -> str:
    return ", ".join(part for part, result in held.items() if result in scale.by_id) or "none"
