"""Marks of the KPI of a plan: each within what its percentage permits, then their mean, read on a scale.

Which mark a percentage permits stands in a table the body sets; the text of the act does not have it (U-Q4).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Any

from rules.alternatives import of_scale
from rules.errors import BadFile, Incomplete, RuleError
from rules.grades import Placed, plain
from rules.law import Form, Law
from rules.methods.fields import Fields
from rules.period import Period
from rules.scale import Scale
from rules.scoring import Score

FIELDS = ("kpis",)
_COLUMNS = ("from_percent", "to_percent", "least", "most")


@dataclass(frozen=True)
class Kpi:
    """One KPI: the percentage implemented and the evaluator's mark."""

    percent: Decimal
    mark: Decimal


@dataclass(frozen=True)
class Sheet:
    """The marked KPI of one plan, in its order."""

    form: str
    period: Period
    kpis: tuple[Kpi, ...]


@dataclass(frozen=True)
class Permitted:
    """One line of the table: from a percentage up to, not with, another, marks from `least` to `most` are permitted."""

    from_percent: Decimal
    to_percent: Decimal | None
    least: Decimal
    most: Decimal

    def holds(self, percent: Decimal) -> bool:
        """Does the line speak of this percentage?"""
        return self.from_percent <= percent and (self.to_percent is None or percent < self.to_percent)


def read(law: Law, form: Form, period: Period, data: Mapping[str, Any], file: str = "") -> Sheet:
    """The sheet in plain fields: a list of KPI, each with its percentage and mark.

    Raises:
        BadFile: a field is unknown, missing or of another kind. Incomplete: too few or too many KPI.
    """
    fields = Fields(data, form.id, file=file)
    fields.only(FIELDS, required=FIELDS)
    kpis = tuple(_kpi(one) for one in fields.several("kpis"))
    least, most = law.dated("kpi_count_min"), law.dated("kpi_count_max")
    if not least.value <= len(kpis) <= most.value:
        raise Incomplete(
            f"{law.act}, form {form.id}: there are {len(kpis)} KPI, the plan has {least.value} to {most.value} "
            f"({', '.join(least.rules)}, {least.point}); enter them all."
        )
    return Sheet(form.id, period, kpis)


def _kpi(fields: Fields) -> Kpi:
    fields.only(("percent", "mark"), required=("percent", "mark"))
    percent = fields.number("percent")
    if percent < 0:
        raise fields.refusal("percent", f"{percent} is below zero; write the percentage implemented, such as 95.")
    return Kpi(percent, fields.number("mark"))


def permitted_marks(law: Law, form: Form) -> tuple[Permitted, ...]:
    """The body's table of permitted marks, checked once.

    Raises:
        MissingSetting: the body has set none. BadFile: it is no such table.
    """
    name = form.options["marks_table"]
    key = ("permitted marks", name)
    if key not in law.memo:
        law.memo[key] = _table(law, name, law.setting(name))
    found: tuple[Permitted, ...] = law.memo[key]
    return found


def _table(law: Law, name: str, given: Any) -> tuple[Permitted, ...]:
    where = f"settings.{name} of {law.organisation}"
    if not isinstance(given, list | tuple) or not given:
        raise BadFile(f"{where}: a list of lines with the keys {', '.join(_COLUMNS)} is expected here.")
    lines = tuple(_line(Fields(one, name, f"line {n}", where)) for n, one in enumerate(given, 1))
    low, high = law.value("mark_min"), law.value("mark_max")
    for number, line in enumerate(lines, 1):
        if not low <= line.least <= line.most <= high:
            raise BadFile(f"{where}, line {number}: {line.least} to {line.most} are no marks of {low} to {high}.")
        if line.to_percent is not None and line.to_percent <= line.from_percent:
            raise BadFile(f"{where}, line {number}: it ends at {line.to_percent} %, not above {line.from_percent} %.")
    for number, (one, following) in enumerate(pairwise(lines), 2):
        if one.to_percent != following.from_percent:
            raise BadFile(
                f"{where}, line {number}: it starts at {following.from_percent} %, the line before ends at "
                f"{one.to_percent} %; each line starts where the one before ends."
            )
    return lines


def _line(fields: Fields) -> Permitted:
    fields.only(_COLUMNS, required=_COLUMNS)
    ends = fields.number("to_percent") if fields.has("to_percent") else None
    return Permitted(fields.number("from_percent"), ends, fields.number("least"), fields.number("most"))


def score(law: Law, sheet: Sheet) -> Score:
    """The mean of the marks and its grade.

    Raises:
        MissingSetting: the body has no table of permitted marks. RuleError: a mark its percentage does not permit.
    """
    form, scale = law.form(sheet.form), Scale.of(law, sheet.form)
    table = permitted_marks(law, form)
    lines = [_marked(law, form, scale, table, number, kpi) for number, kpi in enumerate(sheet.kpis, 1)]
    total = sum((kpi.mark for kpi in sheet.kpis), Decimal(0))
    outcome = scale.outcome(total, len(sheet.kpis))
    left = law.left_to_body[form.options["marks_table"]]
    asked = (left.reading,) if left.reading else ()
    rules, readings = scale.used(
        *asked, *(("fractions",) if any(_has_fraction(kpi.mark) for kpi in sheet.kpis) else ())
    )
    grade = outcome.grade
    return Score(
        outcome.score,
        outcome.unrounded,
        grade.id,
        grade.label,
        (*lines, *outcome.working),
        rules,
        readings,
        tuple(of_scale(law, scale.grades, outcome.unrounded, Placed(outcome.score, grade, ()))),
    )


def _has_fraction(mark: Decimal) -> bool:
    return mark != mark.to_integral_value()


def _marked(law: Law, form: Form, scale: Scale, table: tuple[Permitted, ...], number: int, kpi: Kpi) -> str:
    """The line of one KPI; its mark must be one the table permits (U-48)."""
    text = scale.text(number, kpi.mark)
    name = form.options["marks_table"]
    left = law.left_to_body[name]
    where = f"{law.act}, form {form.id}, KPI {number}"
    line = next((one for one in table if one.holds(kpi.percent)), None)
    if line is None:
        raise RuleError(
            f"{where}: the table settings.{name} of {law.organisation} says nothing of {plain(kpi.percent)} % "
            f"({left.point}); complete it."
        )
    span = f"{plain(line.least)} to {plain(line.most)}"
    if not line.least <= kpi.mark <= line.most:
        raise RuleError(
            f"{where}: {plain(kpi.percent)} % permit a mark of {span}, not {text} ({', '.join(left.rules)}, {left.point}; "
            f"table settings.{name} of {law.organisation}); correct the mark."
        )
    return f"{number}: {plain(kpi.percent)} % permit {span}; {text}"


def empty(law: Law, form: Form) -> dict[str, Any]:
    """The fields of an empty sheet, with the fewest KPI."""
    return {"kpis": [{"percent": None, "mark": None} for _ in range(int(law.value("kpi_count_min")))]}


def about(law: Law, form: Form) -> list[dict[str, Any]]:
    """Every field of the sheet with its type and limits."""
    scale = Scale.of(law, form.id)
    return [
        {"name": "kpis", "type": "list", "least": law.value("kpi_count_min"), "most": law.value("kpi_count_max")},
        {"name": "kpis[].percent", "type": "decimal", "least": Decimal(0)},
        {"name": "kpis[].mark", "type": "decimal", "least": scale.least, "most": scale.most, "decimals": scale.places},
    ]
