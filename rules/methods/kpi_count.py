"""A number of indicators, each fully achieved or not: how many were achieved, read on a scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rules.errors import Incomplete
from rules.law import Form, Law
from rules.methods.fields import Fields
from rules.period import Period
from rules.scoring import Score

FIELDS = ("kpis",)
#: what a sheet may say of one indicator besides; texts that decide nothing
_WORDS = ("name", "unit", "planned", "actual", "evidence")


@dataclass(frozen=True)
class CountSheet:
    """A filled-in sheet: for each indicator, was it fully achieved?"""

    form: str
    period: Period
    achieved: tuple[bool, ...]


def read(law: Law, form: Form, period: Period, data: Mapping[str, Any], file: str = "") -> CountSheet:
    """The sheet in plain fields: `kpis`, each with `achieved` true or false.

    The form's option `count` names the parameter with the number of indicators.

    Raises:
        BadFile: a field is unknown, missing or of another kind. Incomplete: another number of indicators.
    """
    fields = Fields(data, form.id, file=file)
    fields.only(FIELDS, required=FIELDS)
    kpis = [_achieved(one) for one in fields.several("kpis")]
    wanted = law.dated(form.options["count"])
    if len(kpis) != int(wanted.value):
        raise Incomplete(
            f"{law.act}, form {form.id}, kpis: {len(kpis)} indicators are given, the plan has exactly {wanted.value} "
            f"({', '.join(wanted.rules)}, {wanted.point}); enter each of them."
        )
    return CountSheet(form.id, period, tuple(kpis))


def _achieved(fields: Fields) -> bool:
    fields.only(("achieved", *_WORDS), required=("achieved",))
    for key in _WORDS:
        if fields.has(key):
            fields.text(key)
    return fields.flag("achieved")


def score(law: Law, sheet: CountSheet) -> Score:
    """The number of indicators fully achieved, and the grade it earns; there is no partial credit."""
    form = law.form(sheet.form)
    wanted = law.dated(form.options["count"])
    scale = law.scale(form.scale)
    number = Decimal(sum(sheet.achieved))
    placed = scale.place(number)
    lines = (f"{n}: {'achieved' if one else 'not achieved'}" for n, one in enumerate(sheet.achieved, 1))
    rules = (*form.rules, *wanted.rules, *scale.rules)
    used = law.reason(tuple(dict.fromkeys(rules)), form.annex)
    return Score(
        score=placed.score,
        unrounded=number,
        grade=placed.grade.id,
        grade_label=placed.grade.label,
        working=(*lines, f"{number} of {len(sheet.achieved)} achieved ({scale.point})", *placed.lines),
        rules=used.rules,
        readings=used.readings,
    )


def empty(law: Law, form: Form) -> dict[str, Any]:
    """The fields of an empty sheet."""
    return {"kpis": [{"achieved": None} for _ in range(int(law.value(form.options["count"])))]}


def about(law: Law, form: Form) -> list[dict[str, Any]]:
    """Every field of the sheet with its type and limits."""
    number = law.value(form.options["count"])
    texts = [{"name": f"kpis[].{key}", "type": "text", "required": False} for key in _WORDS]
    return [{"name": "kpis[].achieved", "type": "true or false", "least": number, "most": number}, *texts]
