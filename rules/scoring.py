"""From the marks of a sheet to its score and grade, exactly, with the working line by line.

Nothing of an act is written here: rows come from its form, limits from dated values, choices from readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from rules.errors import Incomplete, NotFound
from rules.grades import EXACT, ROUNDING, Grade, plain, unit
from rules.law import Label, Law
from rules.period import Period
from rules.scale import Outcome, Scale

_PREFIX = "sanction_"
#: the decisions that change what is computed from the same marks; the others change what may be entered
_COMPUTING = ("sanction_limits", "sanction_time")


@dataclass(frozen=True)
class Sanction:
    """A disciplinary sanction; `kind` is one of the act's, `applied_on` the date of the sanction itself."""

    kind: str
    applied_on: date
    cancelled_on: date | None = None


@dataclass(frozen=True)
class Sheet:
    """A filled-in sheet: marks by row number; a row that is absent or None is blank, which is not a 0."""

    form: str
    period: Period
    marks: Mapping[int, Decimal | None]
    sanctions: tuple[Sanction, ...] = ()
    comments: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Alternative:
    """What another permitted option of one reading gives; `differs` is "grade", "score" or "results".

    Where the form earns no single mark, score and grade are None and `says` names the results that differ.
    """

    reading: str
    option: str
    says: str
    score: Decimal | None
    unrounded: Decimal | None
    grade: str | None
    differs: str


@dataclass(frozen=True)
class Score:
    """A result with everything needed to check it by hand.

    Attributes:
        score, grade: None where the form earns no single mark (competencies, 360).
        unrounded: the number before rounding.
        working: the arithmetic, one line per step.
        readings: the open questions that decided this result.
        alternatives: outcomes of other permitted readings, where they differ.
        more: what this method answers besides, by name (results, missing, plan_mark).
    """

    score: Decimal | None
    unrounded: Decimal | None
    grade: str | None
    grade_label: Label | None
    working: tuple[str, ...]
    rules: tuple[str, ...]
    readings: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()
    more: Mapping[str, Any] = field(default_factory=dict)


def score(law: Law, sheet: Sheet) -> Score:
    """The average final mark of a sheet, in points, and its grade (N-16, N-30 to N-36).

    Raises:
        NotFound: unknown form, row or kind of sanction.
        Incomplete: a row is blank (N-Q23).
        RuleError: a mark outside the scale, or with too many decimals (N-Q3).
    """
    scale = Scale.of(law, sheet.form)
    if not scale.known >= sheet.marks.keys():
        raise _unknown_row(scale, sheet)
    cap, notes = _cap(scale, sheet) if sheet.sanctions else (None, [])
    outcome, lines, asked = _computed(scale, sheet, cap)
    others = _others(scale, sheet, cap, outcome)
    return _result(outcome, (*notes, *lines, *outcome.working), scale.used(*asked), others)


def _result(
    outcome: Outcome,
    working: tuple[str, ...],
    used: tuple[tuple[str, ...], tuple[str, ...]],
    others: tuple[Alternative, ...],
) -> Score:
    grade = outcome.grade
    return Score(outcome.score, outcome.unrounded, grade.id, grade.label, working, *used, others)


# --- one sheet ------------------------------------------------------------------------------------------


def _computed(scale: Scale, sheet: Sheet, cap: Decimal | None) -> tuple[Outcome, list[str], tuple[str, ...]]:
    """The outcome, its lines, and the questions that were asked on the way."""
    lines, total, count, marks = [], Decimal(0), 0, sheet.marks
    capped, limit = _limits(scale, cap)
    asked = _asked_by_sanctions(sheet, cap)
    for number in scale.numbers:
        mark = marks.get(number)
        if mark is None:
            mark, question = _blank(scale, cap, number)
            asked[question] = None
            if mark is None:
                lines.append(f"{number}: blank, left out ({scale.question('blank_row')})")
                continue
        text = scale.text(number, mark)
        if "." in text:
            asked["fractions"] = None
        if number in capped and mark > capped[number]:
            mark = capped[number]
            text = f"{text} -> {plain(mark)} ({scale.sanction_source})"
        lines.append(f"{number}: {text}")
        total += mark
        count += 1
    if not count:
        raise Incomplete(f"{scale.law.act}, form {scale.form.id}: every row is blank; there is nothing to average.")
    return scale.outcome(total, count, limit), lines, tuple(asked)


def _asked_by_sanctions(sheet: Sheet, cap: Decimal | None) -> dict[str, None]:
    asked: dict[str, None] = {}
    if sheet.sanctions:
        asked["sanction_time"] = None
    if cap is not None:
        asked["sanction_limits"] = None
    return asked


def _limits(scale: Scale, cap: Decimal | None) -> tuple[Mapping[int, Decimal], Decimal | None]:
    """The limits of single rows and the limit of the average, under the reading that says what it limits (N-Q1)."""
    if cap is None:
        return {}, None
    if scale.way["sanction_limits"] == "average":
        return {}, cap
    allowed = cap.quantize(unit(scale.places), ROUND_DOWN, EXACT)
    rows = (scale.sanction_row,) if scale.way["sanction_limits"] == "mark" else scale.numbers
    return dict.fromkeys(rows, allowed), None


def _blank(scale: Scale, cap: Decimal | None, number: int) -> tuple[Decimal | None, str]:
    if number == scale.sanction_row and cap is None and scale.proposed is not None:
        return scale.proposed, "row_without_sanction"
    if scale.way["blank_row"] == "left_out":
        return None, "blank_row"
    raise Incomplete(
        f"{scale.law.act}, form {scale.form.id}: row {number} has no mark. A blank is not a 0: enter a mark "
        f"from {scale.least} to {scale.most} ({', '.join((*scale.form.rules, scale.question('blank_row')))})."
    )


# --- sanctions ------------------------------------------------------------------------------------------


def _cap(scale: Scale, sheet: Sheet) -> tuple[Decimal | None, list[str]]:
    """The strictest limit of the sanctions that count, with one line per sanction (N-36, N-Q5)."""
    caps, notes = [], []
    limits = [_limit_of(scale.law, sanction.kind) for sanction in sheet.sanctions]
    rule, when = scale.sources("sanction_parameter"), scale.question("sanction_time")
    for sanction, limit in zip(sheet.sanctions, limits, strict=True):
        line = f"sanction {sanction.kind} of {sanction.applied_on}"
        if sanction.applied_on not in sheet.period:
            notes.append(f"{line}: outside {sheet.period}, not taken into account ({rule}, {when})")
        elif sanction.cancelled_on and scale.way["sanction_time"] == "cancelled_left_out":
            notes.append(f"{line}: cancelled on {sanction.cancelled_on}, not taken into account ({when})")
        else:
            caps.append(limit)
            notes.append(f"{line}: not above {plain(limit)} ({rule})")
    return min(caps, default=None), notes


def _limit_of(law: Law, kind: str) -> Decimal:
    name = law.sanctions.get(kind.removeprefix(_PREFIX))
    if name is None:
        raise NotFound(f"{law.act}: '{kind}' is no kind of sanction; known are: {', '.join(law.sanctions) or 'none'}.")
    limit: Decimal = law.value(name)
    return limit


# --- what another reading would give --------------------------------------------------------------------


def _others(scale: Scale, sheet: Sheet, cap: Decimal | None, own: Outcome) -> tuple[Alternative, ...]:
    if sheet.sanctions:
        return tuple(_alternatives(scale, sheet, cap, own))
    if own.score == own.unrounded and scale.rounding in ROUNDING:
        return ()
    if own.unrounded not in scale.roundings:
        scale.roundings[own.unrounded] = tuple(_alternatives(scale, sheet, None, own))
    return scale.roundings[own.unrounded]


def _alternatives(scale: Scale, sheet: Sheet, cap: Decimal | None, own: Outcome) -> Iterator[Alternative]:
    for decision in (*_COMPUTING, "rounding") if sheet.sanctions else ("rounding",):
        law = scale.law
        reading = law.readings.get(scale.grades.reading or "") if decision == "rounding" else law.deciding(decision)
        if reading is None:
            continue
        chosen = scale.rounding if decision == "rounding" else scale.way[decision]
        for option in (one for one in reading.options if one.id != chosen):
            other = Scale.of(law, scale.form.id, ((decision, option.id),))
            other_cap = _cap(other, sheet)[0] if decision == "sanction_time" else cap
            outcome = _computed(other, sheet, other_cap)[0]
            if outcome.score != own.score or outcome.grade != own.grade:
                yield _alternative(reading.id, option.letter, option.says, outcome, own.grade)


def _alternative(reading: str, letter: str, says: str, outcome: Outcome, own: Grade) -> Alternative:
    differs = "score" if outcome.grade == own else "grade"
    return Alternative(reading, letter, says, outcome.score, outcome.unrounded, outcome.grade.id, differs)


# --- refusals -------------------------------------------------------------------------------------------


def _unknown_row(scale: Scale, sheet: Sheet) -> NotFound:
    unknown = ", ".join(str(number) for number in sheet.marks if number not in scale.known)
    rows = ", ".join(map(str, scale.numbers))
    return NotFound(
        f"{scale.law.act}, form {scale.form.id}: there is no row {unknown}; its rows are {rows} ({', '.join(scale.form.rules)})."
    )
