"""The sheet of competencies: which indicators of which competency were shown, read against a table of the act.

The table has the columns competency, categories, polarity ("effective" or "ineffective"), n and kk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.categories import normal
from rules.errors import BadFile, NotFound, NotInForce
from rules.law import Form, FormParameter, Law
from rules.methods.fields import Fields
from rules.period import Period

FIELDS = ("category", "provides_services", "shown", "ineffective")
EFFECTIVE, INEFFECTIVE = "effective", "ineffective"

#: competency -> numbers of its indicators
Numbers = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class IndicatorSheet:
    """A filled-in sheet.

    Attributes:
        category: of the servant's post, in its one spelling. provides_services: do the duties hold public services?
        shown: competency -> numbers of the effective indicators shown. ineffective: the same of the ineffective ones.
    """

    form: str
    period: Period
    category: str
    provides_services: bool
    shown: Numbers
    ineffective: Numbers


def read(law: Law, form: Form, period: Period, data: Mapping[str, Any], file: str = "") -> IndicatorSheet:
    """The sheet in plain fields. Of a competency that is left out no indicator counts as shown; a blank is refused.

    A sheet to be signed names every competency (`whole`), so that none is forgotten.

    Raises:
        BadFile: a field is unknown, missing or of another kind, or names an indicator the category does not have.
        NotInForce: the act has no indicators for the category.
    """
    fields = Fields(data, form.id, file=file)
    fields.only(FIELDS, required=FIELDS[:3])
    category, services = normal(fields.text("category")), fields.flag("provides_services")
    lists = indicators_of(law, form, category)
    evaluated = [row.id for row in form.parameters if services or not for_services(form, row)]
    shown = fields.part("shown")
    shown.only(tuple(row.id for row in form.parameters))
    for competency in evaluated:
        if competency in shown.data and not shown.has(competency):
            raise _unsaid(shown, competency, form)
    return IndicatorSheet(
        form.id,
        period,
        category,
        services,
        _numbers(shown, lists, EFFECTIVE),
        _numbers(fields.part("ineffective"), lists, INEFFECTIVE),
    )


def whole(form: Form, data: Mapping[str, Any], file: str = "") -> None:
    """Refuse a sheet that leaves a competency out and so may not be signed as it stands (M-38, M-39).

    Raises:
        BadFile: nothing is said of a competency that is evaluated.
    """
    shown = Fields(data, form.id, file=file).part("shown")
    for row in form.parameters:
        if (data.get("provides_services") or not for_services(form, row)) and not shown.has(row.id):
            raise _unsaid(shown, row.id, form)


def _unsaid(shown: Fields, competency: str, form: Form) -> BadFile:
    return shown.refusal(
        competency,
        "nothing is said of this competency; write the numbers of the indicators shown, or [] when none was "
        f"({', '.join(form.rules)}, {form.annex}).",
    )


def _numbers(fields: Fields, lists: Mapping[tuple[str, str], tuple[int, ...]], polarity: str) -> Numbers:
    fields.only(tuple(dict.fromkeys(competency for competency, _ in lists)))
    found = {}
    for competency in fields.data:
        known = lists.get((competency, polarity), ())
        numbers = [_number(fields, one, competency, known) for one in fields.list(competency)]
        if len(set(numbers)) < len(numbers):
            raise fields.refusal(competency, "an indicator is named twice.")
        found[competency] = tuple(sorted(numbers))
    return found


def _number(fields: Fields, value: Any, competency: str, known: tuple[int, ...]) -> int:
    number = fields.mark(value, competency)
    if number is None or number not in known:
        has = ", ".join(map(str, known)) or "none"
        raise fields.refusal(
            competency, f"'{value}' is no indicator of this competency for the category; it has: {has}."
        )
    return int(number)


def indicators_of(law: Law, form: Form, category: str) -> Mapping[tuple[str, str], tuple[int, ...]]:
    """The numbers of the indicators of a category: (competency, polarity) -> 1, 2, 3.

    Raises:
        NotInForce: the act has none for the category. NotFound: a competency has more than the act allows.
    """
    key = ("indicators", form.id, category)
    if key not in law.memo:
        law.memo[key] = _indicators(law, form, category)
    found: Mapping[tuple[str, str], tuple[int, ...]] = law.memo[key]
    return found


def _indicators(law: Law, form: Form, category: str) -> Mapping[tuple[str, str], tuple[int, ...]]:
    table = law.table(form.options["indicators"])
    rows = [row for row in table.rows if category in row["categories"].split(";")]
    if not rows:
        named = dict.fromkeys(one for row in table.rows for one in row["categories"].split(";"))
        raise NotInForce(
            f"{law.act}, {table.point}: there are no behaviour indicators for the category {category}; there are for "
            f"{', '.join(named)}. The competencies of this servant cannot be evaluated ({', '.join(table.rules)})."
        )
    found: dict[tuple[str, str], tuple[int, ...]] = {}
    for row in rows:
        key = (row["competency"], row["polarity"])
        found[key] = (*found.get(key, ()), int(row["n"]))
    most = law.dated(form.options["most"])
    for (competency, _), numbers in found.items():
        if len(numbers) > int(most.value):
            raise NotFound(
                f"{law.act}, {table.point}: '{competency}' has {len(numbers)} indicators for {category}, at most "
                f"{most.value} are allowed ({', '.join(most.rules)}, {most.point}); correct the table."
            )
    return found


def for_services(form: Form, row: FormParameter) -> bool:
    """Is this competency evaluated only where the duties hold public services (M-42)?"""
    return form.options.get("services") in row.flags


def twins_of(law: Law, form: Form, category: str) -> frozenset[tuple[str, int]]:
    """Ineffective indicators that are word for word an effective one of the same competency and category."""
    key = ("indicator_twins", form.id, category)
    if key not in law.memo:
        rows = [one for one in law.table(form.options["indicators"]).rows if category in one["categories"].split(";")]
        good = {(one["competency"], one["kk"]) for one in rows if one["polarity"] == EFFECTIVE}
        law.memo[key] = frozenset(
            (one["competency"], int(one["n"]))
            for one in rows
            if one["polarity"] == INEFFECTIVE and (one["competency"], one["kk"]) in good
        )
    found: frozenset[tuple[str, int]] = law.memo[key]
    return found
