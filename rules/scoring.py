"""From the marks of a sheet to its score and grade, exactly, with the working line by line.

Nothing of an act is written here: rows come from its form, limits from dated values, choices from readings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_DOWN, Decimal
from typing import Any

from rules.errors import Incomplete, NotFound, RuleError
from rules.law import Grade, Label, Law
from rules.period import Period
from rules.scale import EXACT, ROUNDING, Outcome, Scale, mean_of, plain, rules_of, unit

_PREFIX = "sanction_"
#: the readings that change what is computed from the same marks; the others change what may be entered
_COMPUTING = ("N-Q1", "N-Q5", "X-Q3")


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
    """What another permitted option of one reading gives; `differs` is "grade" or "score"."""

    reading: str
    option: str
    says: str
    score: Decimal
    unrounded: Decimal
    grade: str
    differs: str


@dataclass(frozen=True)
class Score:
    """A result with everything needed to check it by hand.

    Attributes:
        unrounded: the mean before rounding.
        working: the arithmetic, one line per step.
        readings: the open questions that decided this result.
        alternatives: outcomes of other permitted readings, where they differ.
    """

    score: Decimal
    unrounded: Decimal
    grade: str
    grade_label: Label
    working: tuple[str, ...]
    rules: tuple[str, ...]
    readings: tuple[str, ...]
    alternatives: tuple[Alternative, ...] = ()


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


def annual(law: Law, quarters: Mapping[Period, Decimal | None]) -> Score:
    """The annual mark, in points: the mean of the evaluated quarters of one year (N-11, N-12).

    Quarters without an evaluation are absent or None and are left out (N-Q13); no limit of a sanction applies
    to the year itself (N-Q5).

    Raises:
        Incomplete: no quarter was evaluated, or one is missing where the reading N-Q13 asks for all.
        RuleError: the periods are not quarters of one year.
    """
    marks = {period: mark for period, mark in sorted(quarters.items()) if mark is not None}
    _check_quarters(law, quarters, marks)
    total = sum(marks.values(), Decimal(0))
    mean = mean_of(total, len(marks))
    own = _rounded(law, mean, law.reading("X-Q3"))
    used = law.reason(rules_of(law, "annual_method", "score_decimals"), "", "N-Q13", "X-Q3")
    working = (
        *(f"{period}: {plain(mark)}" for period, mark in marks.items()),
        f"{plain(total)} / {len(marks)} = {plain(mean)}",
        f"{plain(mean)} -> {own.score} -> {own.grade.id}",
    )
    others = []
    for option in law.readings["X-Q3"].options:
        other = _rounded(law, mean, option.id)
        if other.score != own.score:
            others.append(_alternative("X-Q3", option.letter, option.says, other, own.grade))
    return _result(own, working, (used.rules, used.readings), tuple(others))


def _result(
    outcome: Outcome,
    working: tuple[str, ...],
    used: tuple[tuple[str, ...], tuple[str, ...]],
    others: tuple[Alternative, ...],
) -> Score:
    grade = outcome.grade
    return Score(outcome.score, outcome.unrounded, grade.id, grade.label, working, *used, others)


def _rounded(law: Law, mean: Decimal, option: str) -> Outcome:
    score = mean.quantize(unit(law.value("score_decimals")), ROUNDING[option], EXACT)
    return Outcome(mean, score, law.grade_of(score), ())


# --- one sheet ------------------------------------------------------------------------------------------


def _computed(scale: Scale, sheet: Sheet, cap: Decimal | None) -> tuple[Outcome, list[str], tuple[str, ...]]:
    """The outcome, its lines, and the questions that were asked on the way."""
    lines, total, count, marks = [], Decimal(0), 0, sheet.marks
    capped, limit = _limits(scale, cap)
    asked = _asked_by_sanctions(sheet, cap)
    for number in scale.numbers:
        mark = marks.get(number)
        if mark is None:
            mark, question = _blank(scale, sheet, number)
            asked[question] = None
            if mark is None:
                lines.append(f"{number}: blank, left out (reading N-Q23)")
                continue
        text = scale.text(number, mark)
        if "." in text:
            asked["N-Q3"] = None
        if number in capped and mark > capped[number]:
            mark = capped[number]
            text = f"{text} -> {plain(mark)} (N-36, reading N-Q1)"
        lines.append(f"{number}: {text}")
        total += mark
        count += 1
    if not count:
        raise Incomplete(f"{scale.law.act}, form {scale.form.id}: every row is blank; there is nothing to average.")
    return scale.outcome(total, count, limit), lines, tuple(asked)


def _asked_by_sanctions(sheet: Sheet, cap: Decimal | None) -> dict[str, None]:
    asked: dict[str, None] = {"X-Q3": None}
    if sheet.sanctions:
        asked["N-Q5"] = None
    if cap is not None:
        asked["N-Q1"] = None
    return asked


def _limits(scale: Scale, cap: Decimal | None) -> tuple[Mapping[int, Decimal], Decimal | None]:
    """The limits of single rows and the limit of the average, under the reading N-Q1."""
    if cap is None:
        return {}, None
    if scale.reading["N-Q1"] == "average":
        return {}, cap
    allowed = cap.quantize(unit(scale.places), ROUND_DOWN, EXACT)
    rows = (scale.sanction_row,) if scale.reading["N-Q1"] == "mark" else scale.numbers
    return dict.fromkeys(rows, allowed), None


def _blank(scale: Scale, sheet: Sheet, number: int) -> tuple[Decimal | None, str]:
    if number == scale.sanction_row and not sheet.sanctions and scale.proposed is not None:
        return scale.proposed, "N-Q4"
    if scale.reading["N-Q23"] == "left_out":
        return None, "N-Q23"
    raise Incomplete(
        f"{scale.law.act}, form {scale.form.id}: row {number} has no mark. A blank is not a 0: enter a mark "
        f"from {scale.least} to {scale.most} (N-34, reading N-Q23)."
    )


# --- sanctions ------------------------------------------------------------------------------------------


def _cap(scale: Scale, sheet: Sheet) -> tuple[Decimal | None, list[str]]:
    """The strictest limit of the sanctions that count, with one line per sanction (N-36, N-Q5)."""
    caps, notes = [], []
    for sanction in sheet.sanctions:
        limit = _limit_of(scale.law, sanction.kind)
        line = f"sanction {sanction.kind} of {sanction.applied_on}"
        if sanction.applied_on not in sheet.period:
            notes.append(f"{line}: outside {sheet.period}, not taken into account (N-36, reading N-Q5)")
        elif sanction.cancelled_on and scale.reading["N-Q5"] == "cancelled_left_out":
            notes.append(f"{line}: cancelled on {sanction.cancelled_on}, not taken into account (reading N-Q5)")
        else:
            caps.append(limit)
            notes.append(f"{line}: not above {plain(limit)} (N-36)")
    return min(caps, default=None), notes


def _limit_of(law: Law, kind: str) -> Decimal:
    name = law.sanctions.get(kind.removeprefix(_PREFIX))
    if name is None:
        raise NotFound(f"{law.act}: '{kind}' is no kind of sanction; known are: {', '.join(law.sanctions)} (N-36).")
    limit: Decimal = law.value(name)
    return limit


# --- what another reading would give --------------------------------------------------------------------


def _others(scale: Scale, sheet: Sheet, cap: Decimal | None, own: Outcome) -> tuple[Alternative, ...]:
    if sheet.sanctions:
        return tuple(_alternatives(scale, sheet, cap, own))
    if own.score == own.unrounded:
        return ()
    if own.unrounded not in scale.roundings:
        scale.roundings[own.unrounded] = tuple(_alternatives(scale, sheet, None, own))
    return scale.roundings[own.unrounded]


def _alternatives(scale: Scale, sheet: Sheet, cap: Decimal | None, own: Outcome) -> Iterator[Alternative]:
    for question in _COMPUTING if sheet.sanctions else ("X-Q3",):
        reading = scale.law.readings[question]
        for option in reading.options:
            if option.id == scale.reading[question]:
                continue
            other = Scale.of(scale.law, scale.form.id, ((question, option.id),))
            other_cap = _cap(other, sheet)[0] if question == "N-Q5" else cap
            outcome = _computed(other, sheet, other_cap)[0]
            if outcome.score != own.score:
                yield _alternative(reading.id, option.letter, option.says, outcome, own.grade)


def _alternative(reading: str, letter: str, says: str, outcome: Outcome, own: Grade) -> Alternative:
    differs = "score" if outcome.grade == own else "grade"
    return Alternative(reading, letter, says, outcome.score, outcome.unrounded, outcome.grade.id, differs)


# --- refusals -------------------------------------------------------------------------------------------


def _unknown_row(scale: Scale, sheet: Sheet) -> NotFound:
    unknown = ", ".join(str(number) for number in sheet.marks if number not in scale.known)
    rows = ", ".join(map(str, scale.numbers))
    return NotFound(f"{scale.law.act}, form {scale.form.id}: there is no row {unknown}; its rows are {rows} (N-32).")


def _check_quarters(law: Law, quarters: Mapping[Period, Any], marks: Mapping[Period, Decimal]) -> None:
    point = f"{law.act}, {law.dated('annual_method').point}"
    if any(period.quarter is None for period in quarters) or len({period.year for period in quarters}) > 1:
        given = ", ".join(map(str, quarters))
        raise RuleError(f"{point}: the annual mark is the mean of quarters of one year, not of {given} (N-11).")
    if not marks:
        raise Incomplete(f"{point}: no quarter was evaluated, so there is no annual mark (N-11, reading N-Q13).")
    if law.reading("N-Q13") == "all_required" and len(marks) < len(Period(next(iter(marks)).year).quarters):
        raise Incomplete(f"{point}: a quarter was not evaluated, so there is no annual mark (reading N-Q13).")
    for period, mark in marks.items():
        if not isinstance(mark, Decimal) or not law.value("mark_min") <= mark <= law.value("mark_max"):
            raise RuleError(f"{point}: the mark {mark!r} of {period} is no mark of this scale (N-30).")
