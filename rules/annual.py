"""The mark of a year from the marks of its quarters, with the working and what other permitted readings give."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from rules.alternatives import alternative, of_scale
from rules.errors import Incomplete, NotAllowed, RuleError
from rules.evaluation import Evaluation
from rules.grades import GradeScale, Placed, mean_of, plain
from rules.law import Law
from rules.period import Period
from rules.scale import rules_of
from rules.scoring import Alternative, Score


def annual(law: Law, quarters: Mapping[Period, Decimal | None], evaluation: Evaluation | None = None) -> Score:
    """The annual mark, in points: the mean of the evaluated quarters of one year (N-11, N-12, U-17).

    Quarters without an evaluation are absent or None and are left out, or count as 0 where the body reads the act so
    (N-Q13, U-Q16); no limit of a sanction applies to the year itself (N-Q5).

    Raises:
        Incomplete: no quarter was evaluated, or one is missing where the reading N-Q13 asks for all.
        RuleError: the periods are not quarters of one year.
    """
    marks = {period: mark for period, mark in sorted(quarters.items()) if mark is not None}
    _check_quarters(law, quarters, marks)
    one = evaluation or formed_from(law)
    total, scale = sum(marks.values(), Decimal(0)), law.scale(one.annual.get("scale"))
    count = _divisor(law.decision("missing_periods"), marks)
    mean = mean_of(total, count)
    own = scale.place(mean)
    used = law.reason((*rules_of(law, "annual_method"), *scale.rules), "", "missing_periods", scale.reading or "")
    working = (
        *(f"{period}: {plain(mark)}" for period, mark in marks.items()),
        f"{plain(total)} / {count} = {plain(mean)}",
        *own.lines,
    )
    others = (*_other_divisors(law, scale, marks, own), *of_scale(law, scale, mean, own))
    return Score(own.score, mean, own.grade.id, own.grade.label, working, used.rules, used.readings, others)


def formed_from(law: Law, name: str | None = None) -> Evaluation:
    """The evaluation whose quarters make the mark of a year: the one named, or the first that has such a mark.

    Raises:
        NotAllowed: the act forms no such mark; the sentence says what it does with the year instead.
    """
    asked = [law.evaluation(name)] if name else list(law.evaluations.values() or [law.evaluation()])
    found = next((one for one in asked if one.annual), None)
    if found is not None:
        return found
    said = [
        f"'{one.id}' evaluates the {one.period} in a cycle of its own ({', '.join(one.rules)}, {one.point})"
        for one in law.evaluations.values()
        if one.period == "year" or one.id == name
    ]
    what = f"its evaluation '{name}'" if name else "its quarters"
    raise NotAllowed(f"{law.act} forms no annual mark out of {what}: {'; '.join(said) or 'it speaks of none'}.")


def _divisor(way: str, marks: Mapping[Period, Decimal]) -> int:
    """By how many quarters the sum is divided: those evaluated, or all of the year."""
    return len(Period(next(iter(marks)).year).quarters) if way == "as_zero" else len(marks)


def _other_divisors(law: Law, scale: GradeScale, marks: Mapping[Period, Decimal], own: Placed) -> Iterator[Alternative]:
    reading, total = law.deciding("missing_periods"), sum(marks.values(), Decimal(0))
    for option in reading.options if reading else ():
        # where every quarter is required there is no mark to compare with
        if reading is None or option.id == "all_required":
            continue
        mean = mean_of(total, _divisor(option.id, marks))
        other = scale.place(mean)
        if (other.score, other.grade) != (own.score, own.grade):
            yield alternative(reading, option, other, mean, own.grade)


def _check_quarters(law: Law, quarters: Mapping[Period, Any], marks: Mapping[Period, Decimal]) -> None:
    point = f"{law.act}, {law.dated('annual_method').point}"
    rule, missing = ", ".join(rules_of(law, "annual_method")), law.deciding("missing_periods")
    why = f"reading {missing.id}" if missing else rule
    if any(period.quarter is None for period in quarters) or len({period.year for period in quarters}) > 1:
        given = ", ".join(map(str, quarters))
        raise RuleError(f"{point}: the annual mark is the mean of quarters of one year, not of {given} ({rule}).")
    if not marks:
        raise Incomplete(f"{point}: no quarter was evaluated, so there is no annual mark ({why}).")
    whole = len(Period(next(iter(marks)).year).quarters)
    if law.decision("missing_periods") == "all_required" and len(marks) < whole:
        raise Incomplete(f"{point}: a quarter was not evaluated, so there is no annual mark ({why}).")
    for period, mark in marks.items():
        if not isinstance(mark, Decimal) or not law.value("mark_min") <= mark <= law.value("mark_max"):
            rule = ", ".join(rules_of(law, "mark_max"))
            raise RuleError(f"{point}: the mark {mark!r} of {period} is no mark of this scale ({rule}).")
