"""What may stand on a signed sheet, which sanctions it counts, and the result a session decides."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from rules.errors import Incomplete, RuleError
from rules.grades import GradeScale
from rules.law import Law
from rules.period import Period
from rules.scale import Scale
from rules.scoring import Sanction, Score


def sanctions_in(sanctions: Iterable[Sanction], period: Period) -> tuple[Sanction, ...]:
    """The sanctions applied inside the period, by the date of the sanction (N-36, N-Q5)."""
    return tuple(one for one in sanctions if one.applied_on in period)


def check_marks(
    law: Law, form_id: str, marks: Mapping[int, Decimal], comments: Mapping[int, str], punished: bool
) -> None:
    """Refuse a sheet that may not be signed as it stands (N-30, N-32, N-36, N-38, N-Q3, N-Q4, N-Q23).

    Raises:
        Incomplete: with every fault in one sentence.
    """
    scale = Scale.of(law, form_id)
    faults = [f"there is no row {number} on the form" for number in sorted(marks.keys() - scale.known)]
    for number in scale.numbers:
        if number in marks:
            faults += _faults_of(scale, number, marks[number])
        elif scale.way["blank_row"] == "all_required" and (number != scale.sanction_row or punished):
            faults.append(f"row {number} has no mark, and a blank is not a 0 ({scale.question('blank_row')})")
    row = scale.sanction_row
    changed = row in marks and scale.proposed is not None and marks[row] != scale.proposed
    if changed and not punished and not comments.get(row, "").strip():
        faults.append(
            f"row {row}: without a sanction {scale.proposed} is proposed, another mark needs a comment "
            f"({scale.question('row_without_sanction')})"
        )
    if faults:
        raise Incomplete("The sheet cannot be signed: " + "; ".join(faults) + ".")


def signed_marks(law: Law, form_id: str, marks: Mapping[int, Decimal]) -> Mapping[int, Decimal]:
    """The marks a signature covers: where the sanction row was left as proposed, the proposed mark itself (N-Q4).

    A sanction that becomes known later then limits a mark that stands; it never finds a hole.
    """
    scale = Scale.of(law, form_id)
    if scale.proposed is None or not scale.sanction_row or scale.sanction_row in marks:
        return marks
    return {**marks, scale.sanction_row: scale.proposed}


def _faults_of(scale: Scale, number: int, mark: Decimal) -> list[str]:
    try:
        scale.text(number, mark)
    except RuleError as refusal:
        return [str(refusal).rstrip(".")]
    return []


def calibrated(
    scale: GradeScale, score: Decimal, says: str, rules: tuple[str, ...], readings: tuple[str, ...]
) -> Score:
    """The result a panel decided, with its grade on the scale (N-16, N-49).

    Args:
        says: how it was decided. rules, readings: under which the panel decides.
    """
    placed = scale.place(score)
    return Score(
        score=placed.score,
        unrounded=score,
        grade=placed.grade.id,
        grade_label=placed.grade.label,
        working=(
            f"final mark by majority: {placed.score} ({says})",
            f"{placed.score}: {placed.grade.label.en} ({scale.point})",
        ),
        rules=tuple(dict.fromkeys((*scale.rules, *rules))),
        readings=readings,
        alternatives=(),
    )
