"""A year of two parts: the mean of the quarters brought to a few points, and the mean of the marks of a plan, weighted.

The form's options name the scale on which the mean of the quarters is read (`quarters_scale`), the parameter that
says what each of its results becomes (`quarters_points`), the scale of discrete marks of an indicator (`plan_scale`),
the parameter with the most indicators (`plan_marks_max`), and what the body must set (`weights`) where the sheet does
not say it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from rules.alternatives import alternative, of_scale
from rules.errors import Incomplete, RuleError
from rules.grades import Placed, mean_of, plain
from rules.law import Form, Law
from rules.methods.fields import Fields
from rules.period import Period
from rules.scoring import Alternative, Score

FIELDS = ("quarters", "plan", "weights")
PARTS = ("quarters", "plan")
_MOST_POINTS = Decimal(1_000_000)


@dataclass(frozen=True)
class YearSheet:
    """The two parts of a year.

    Attributes:
        quarters: scores of the evaluated quarters, in order; a quarter without an evaluation is None.
        plan: the mark of each target indicator. weights: of the quarters and of the plan, exact, with the sum of 1.
        weighed_by: who gave the weights, for the working.
    """

    form: str
    period: Period
    quarters: tuple[Decimal | None, ...]
    plan: tuple[Decimal, ...]
    weights: tuple[Decimal, Decimal]
    weighed_by: str


# --- reading --------------------------------------------------------------------------------------------


def read(law: Law, form: Form, period: Period, data: Mapping[str, Any], file: str = "") -> YearSheet:
    """The sheet in plain fields; the body's own weights where the sheet has none.

    Raises:
        BadFile: a field is unknown, missing or of another kind, or a mark is none of the scale.
        Incomplete: nothing to take a mean of. MissingSetting: nobody has set the weights.
        RuleError: the period is no year.
    """
    fields = Fields(data, form.id, file=file)
    fields.only(FIELDS, required=PARTS)
    if period.quarter is not None:
        raise RuleError(f"{law.act}, {form.point}: the form '{form.id}' evaluates a year, not the quarter {period}.")
    quarters = tuple(_quarter(fields, value, n) for n, value in enumerate(fields.list("quarters"), 1))
    _check_quarters(law, form, period, fields, quarters)
    plan = tuple(_plan_mark(law, form, fields, value, n) for n, value in enumerate(fields.list("plan"), 1))
    _check_plan(law, form, fields, plan)
    if fields.has("weights"):
        return YearSheet(form.id, period, quarters, plan, _weights(law, form, fields.part("weights")), "the sheet")
    name = form.options["weights"]
    own = Fields(law.setting(name), form.id, f"settings.{name}", f"the organisation file of {law.organisation}")
    return YearSheet(form.id, period, quarters, plan, _weights(law, form, own), law.organisation)


def _quarter(fields: Fields, value: Any, n: int) -> Decimal | None:
    found = fields.mark(value, f"quarters.{n}")
    if found is not None and abs(found) > _MOST_POINTS:
        raise fields.refusal(f"quarters.{n}", f"{found} is no score of a quarter; correct it.")
    return found


def _check_quarters(law: Law, form: Form, period: Period, fields: Fields, quarters: tuple[Decimal | None, ...]) -> None:
    source = law.scale(form.options["quarters_scale"])
    where, question = f"{source.point}, {', '.join(source.rules)}", law.deciding("missing_periods")
    named = f", reading {question.id}" if question else ""
    most = len(period.quarters)
    if len(quarters) > most:
        raise fields.refusal("quarters", f"{len(quarters)} scores are given, a year has {most} quarters ({where}).")
    evaluated = sum(one is not None for one in quarters)
    if not evaluated:
        raise Incomplete(
            f"{law.act}, form {form.id}, quarters: no quarter was evaluated, so the year has no score ({where}{named})."
        )
    if evaluated < most and law.decision("missing_periods", "left_out") == "all_required":
        raise Incomplete(
            f"{law.act}, form {form.id}, quarters: {evaluated} of {most} quarters were evaluated, so the "
            f"year has no score ({where}{named})."
        )


def _plan_mark(law: Law, form: Form, fields: Fields, value: Any, n: int) -> Decimal:
    found, scale = fields.mark(value, f"plan.{n}"), law.scale(form.options["plan_scale"])
    marks = [band.least for band in scale.bands]
    if found not in marks:
        known = ", ".join(f"{plain(band.least)} ({band.label.en})" for band in reversed(scale.bands) if band.least)
        where = f"{scale.point}, {', '.join(scale.rules)}"
        said = "the mark is missing" if found is None else f"'{value}' is no mark of an indicator"
        raise fields.refusal(f"plan.{n}", f"{said}; the marks are {known} ({where}).")
    return Decimal(plain(found or Decimal(0)))


def _check_plan(law: Law, form: Form, fields: Fields, plan: tuple[Decimal, ...]) -> None:
    most = law.dated(form.options["plan_marks_max"])
    where = f"{most.point}, {', '.join(most.rules)}"
    if not plan:
        raise Incomplete(
            f"{law.act}, form {form.id}, plan: no indicator of the plan is marked; enter each mark ({where})."
        )
    if len(plan) > int(most.value):
        raise fields.refusal(
            "plan", f"{len(plan)} marks are given, a plan has at most {most.value} indicators ({where})."
        )


def _weights(law: Law, form: Form, fields: Fields) -> tuple[Decimal, Decimal]:
    left = law.left_to_body.get(form.options["weights"])
    where = f" ({left.point}, reading {left.reading})" if left else ""
    fields.only(PARTS, required=PARTS)
    quarters, plan = fields.number("quarters"), fields.number("plan")
    for key, weight in zip(PARTS, (quarters, plan), strict=True):
        if not 0 <= weight <= 1:
            raise fields.refusal(key, f"the weight {weight} is not between 0 and 1{where}.")
    if Fraction(quarters) + Fraction(plan) != 1:
        raise fields.refusal("", f"the weights {plain(quarters)} and {plain(plan)} do not make up 1{where}.")
    return quarters, plan


def empty(law: Law, form: Form) -> dict[str, Any]:
    """The fields of an empty sheet."""
    return {"quarters": [None] * 4, "plan": [], "weights": None}


def about(law: Law, form: Form) -> list[dict[str, Any]]:
    """Every field of the sheet with its type and limits."""
    marks = [plain(band.least) for band in reversed(law.scale(form.options["plan_scale"]).bands) if band.least]
    weight = {"type": "decimal", "least": 0, "most": 1, "required": False}
    return [
        {"name": "quarters[]", "type": "decimal", "most_members": 4},
        {
            "name": "plan[]",
            "type": "one of",
            "values": marks,
            "most_members": law.value(form.options["plan_marks_max"]),
        },
        *({"name": f"weights.{part}"} | weight for part in PARTS),
    ]


# --- scoring --------------------------------------------------------------------------------------------


def score(law: Law, sheet: YearSheet) -> Score:
    """The annual score and its grade, with both parts (J-45, J-46, J-47). Nothing is rounded on the way."""
    form = law.form(sheet.form)
    scale, five = law.scale(form.scale), law.scale(form.options["quarters_scale"])
    evaluated = [one for one in sheet.quarters if one is not None]
    quarters_mean = mean_of(sum(evaluated, Decimal(0)), len(evaluated))
    placed_quarters = five.place(quarters_mean)
    quarters_mark = _points(law, form, placed_quarters)
    plan_mark = mean_of(sum(sheet.plan, Decimal(0)), len(sheet.plan))
    number = _weighted(sheet, quarters_mark)
    placed = scale.place(number)
    others = _other_quarters(law, sheet, quarters_mean, placed_quarters, placed)
    rules, questions = _behind(law, form, sheet)
    return Score(
        placed.score,
        number,
        placed.grade.id,
        placed.grade.label,
        (
            *_quarter_lines(sheet, quarters_mean, placed_quarters, quarters_mark, five.point),
            f"plan: ({' + '.join(map(plain, sheet.plan))}) / {len(sheet.plan)} = {plain(plan_mark)}",
            _weights_line(law, form, sheet),
            f"{plain(sheet.weights[0])} x {plain(quarters_mark)} + {plain(sheet.weights[1])} x {plain(plan_mark)} "
            f"= {plain(number)}",
            *placed.lines,
        ),
        rules,
        questions,
        (*others, *of_scale(law, scale, number, placed)),
        _more(law, form, sheet, quarters_mark, plan_mark, quarters_mean, placed_quarters),
    )


def _points(law: Law, form: Form, placed: Placed) -> Decimal:
    """What a result of the quarters becomes, in points of the year's scale."""
    table: Mapping[str, str] = law.value(form.options["quarters_points"])
    return Decimal(table[placed.grade.id])


def _weighted(sheet: YearSheet, quarters_mark: Decimal) -> Decimal:
    """The weighted sum with a single division at the end, so that no third can hide a tie."""
    by_quarters, by_plan = map(Fraction, sheet.weights)
    exact = by_quarters * Fraction(quarters_mark) + by_plan * Fraction(sum(sheet.plan)) / len(sheet.plan)
    return mean_of(Decimal(exact.numerator), exact.denominator)


def _quarter_lines(sheet: YearSheet, mean: Decimal, placed: Placed, mark: Decimal, point: str) -> Iterator[str]:
    evaluated = [plain(one) for one in sheet.quarters if one is not None]
    blank = len(sheet.period.quarters) - len(evaluated)
    left_out = f" ({blank} not evaluated, left out)" if blank else ""
    yield f"quarters: ({' + '.join(evaluated)}) / {len(evaluated)} = {plain(mean)}{left_out}"
    yield from (f"quarters: {line}" for line in placed.lines)
    yield f"quarters: {placed.grade.id} -> {plain(mark)} ({point})"


def _weights_line(law: Law, form: Form, sheet: YearSheet) -> str:
    left = law.left_to_body.get(form.options["weights"])
    from_text = f", not in the text of {left.point} (reading {left.reading})" if left else ""
    return f"weights: {plain(sheet.weights[0])} and {plain(sheet.weights[1])}, set by {sheet.weighed_by}{from_text}"


def _behind(law: Law, form: Form, sheet: YearSheet) -> tuple[tuple[str, ...], tuple[str, ...]]:
    scales = [law.scale(name) for name in (form.options["quarters_scale"], form.options["plan_scale"], form.scale)]
    left = law.left_to_body.get(form.options["weights"])
    questions = [left.reading if left else None, *(scale.reading for scale in scales)]
    evaluated = sum(one is not None for one in sheet.quarters)
    questions += ["missing_periods"] if evaluated < len(sheet.period.quarters) else []
    rules = (*form.rules, *(rule for scale in scales for rule in scale.rules))
    found = law.reason(tuple(dict.fromkeys(rules)), form.point, *(one for one in questions if one))
    return found.rules, found.readings


def _other_quarters(law: Law, sheet: YearSheet, mean: Decimal, placed: Placed, own: Placed) -> Iterator[Alternative]:
    """Other ways from the mean of the quarters to its points, where the year comes out differently."""
    form = law.form(sheet.form)
    five, scale = law.scale(form.options["quarters_scale"]), law.scale(form.scale)
    reading = law.readings.get(five.reading or "")
    for option in reading.options if reading else ():
        other = five.place(mean, option.id)
        if reading and other.grade.id != placed.grade.id:
            number = _weighted(sheet, _points(law, form, other))
            result = scale.place(number)
            if (result.score, result.grade.id) != (own.score, own.grade.id):
                yield alternative(reading, option, result, number, own.grade)


def _more(
    law: Law, form: Form, sheet: YearSheet, quarters_mark: Decimal, plan_mark: Decimal, mean: Decimal, placed: Placed
) -> dict[str, Any]:
    plan_scale = law.scale(form.options["plan_scale"])
    results = {str(n): plan_scale.place(mark).grade.id for n, mark in enumerate(sheet.plan, 1)}
    return {
        "quarters_mark": quarters_mark,
        "plan_mark": plan_mark,
        "quarters_mean": mean,
        "weights": dict(zip(PARTS, sheet.weights, strict=True)),
        "results": {**results, "quarters": placed.grade.id},
    }
