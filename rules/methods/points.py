"""Points: a base, bonus points by the lines of a scale, and penalty points for each fact of breach (J-23 to J-39).

The form's options name the parameters: `base`, `bonus_points` (fewest and most of one line), `penalty`, `breach_facts`
(fact -> kind of breach), `sources` (kind of breach -> parameter that lists who may prove it), the table of lines
(`scale_table`, with the columns body, points, n), and `early_deadline` for a period that is evaluated before it ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rules.errors import RuleError
from rules.law import Form, Law
from rules.methods.fields import Fields
from rules.period import Period
from rules.points import Bonus, Breach, Lines, PointsSheet, lines_of
from rules.points import score as score_points
from rules.scoring import Score

FIELDS = ("body", "bonuses", "breaches", "drawn_on", "previous_drawn_on")


def read(law: Law, form: Form, period: Period, data: Mapping[str, Any], file: str = "") -> PointsSheet:
    """The sheet in plain fields.

    Raises:
        BadFile: a field is unknown, missing, of another kind, or no line of the scale; RuleError: the period is a year.
    """
    fields = Fields(data, form.id, file=file)
    fields.only(FIELDS, required=("body",))
    if period.quarter is None:
        raise RuleError(f"{law.act}, {form.point}: the form '{form.id}' evaluates a quarter, not the year {period}.")
    lines = lines_of(law, form)
    body = fields.one_of("body", _bodies(law, form))
    return PointsSheet(
        form.id,
        period,
        body,
        tuple(_bonus(law, form, body, lines, one) for one in fields.several("bonuses")),
        tuple(_breach(law, form, one) for one in fields.several("breaches")),
        _day_or_none(fields, "drawn_on"),
        _day_or_none(fields, "previous_drawn_on"),
    )


def _bonus(law: Law, form: Form, body: str, lines: Lines, fields: Fields) -> Bonus:
    fields.only(("points", "n", "date", "evidence"), required=("points", "n"))
    points, n = fields.whole("points"), fields.whole("n")
    if (body, points, n) not in lines:
        table = law.table(form.options["scale_table"])
        least, most = (law.value(name) for name in form.options["bonus_points"])
        held = [number for one, given, number in lines if (one, given) == (body, points)]
        what = (
            f"its lines of {points} points are 1 to {len(held)}" if held else f"a line gives {least} to {most} points"
        )
        place = f"{table.point}, {', '.join(table.rules)}"
        raise fields.refusal("n" if held else "points", f"the scale ({place}) has no such line for {body}: {what}.")
    return Bonus(points, n, _day_or_none(fields, "date"), _text_or_none(fields, "evidence"))


def _breach(law: Law, form: Form, fields: Fields) -> Breach:
    fields.only(("kind", "date", "fact", "source", "evidence"), required=("kind", "date"))
    facts: Mapping[str, str] = law.value(form.options["breach_facts"])
    kind = fields.one_of("kind", tuple(dict.fromkeys(facts.values())))
    fact = fields.text("fact") if fields.has("fact") else ""
    if fact and facts.get(fact) != kind:
        closed, dated = [one for one, of in facts.items() if of == kind], law.dated(form.options["breach_facts"])
        where = f"{dated.point}, {', '.join(dated.rules)}"
        raise fields.refusal(
            "fact", f"'{fact}' is no breach of {kind} discipline; the list is closed: {', '.join(closed)} ({where})."
        )
    source = fields.one_of("source", law.value(form.options["sources"][kind])) if fields.has("source") else ""
    return Breach(kind, fields.day("date"), fact, source, _text_or_none(fields, "evidence"))


def _day_or_none(fields: Fields, key: str) -> date | None:
    return fields.day(key) if fields.has(key) else None


def _text_or_none(fields: Fields, key: str) -> str:
    return fields.text(key) if fields.has(key) else ""


def empty(law: Law, form: Form) -> dict[str, Any]:
    """The fields of an empty sheet."""
    return {"body": None, "bonuses": [], "breaches": []}


def score(law: Law, sheet: PointsSheet) -> Score:
    """The score of a quarter and its grade; same refusals as `rules.points.score`."""
    return score_points(law, sheet)


def about(law: Law, form: Form) -> list[dict[str, Any]]:
    """Every field of the sheet with its type and limits."""
    least, most = (law.value(name) for name in form.options["bonus_points"])
    facts: Mapping[str, str] = law.value(form.options["breach_facts"])
    sources = sorted({one for name in form.options["sources"].values() for one in law.value(name)})
    optional = {"required": False}
    return [
        {"name": "body", "type": "one of", "values": _bodies(law, form)},
        {"name": "bonuses[].points", "type": "whole number", "least": least, "most": most},
        {"name": "bonuses[].n", "type": "whole number", "table": form.options["scale_table"]},
        {"name": "bonuses[].date", "type": "date"} | optional,
        {"name": "bonuses[].evidence", "type": "text"} | optional,
        {"name": "breaches[].kind", "type": "one of", "values": list(dict.fromkeys(facts.values()))},
        {"name": "breaches[].date", "type": "date"},
        {"name": "breaches[].fact", "type": "one of", "values": list(facts)} | optional,
        {"name": "breaches[].source", "type": "one of", "values": sources} | optional,
        {"name": "breaches[].evidence", "type": "text"} | optional,
        {"name": "drawn_on", "type": "date"} | optional,
        {"name": "previous_drawn_on", "type": "date"} | optional,
    ]


def _bodies(law: Law, form: Form) -> tuple[str, ...]:
    return tuple(dict.fromkeys(body for body, _, _ in lines_of(law, form)))
