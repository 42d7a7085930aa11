"""Marks by row: the mean of the marks, limited by sanctions, rounded, read on a scale (`rules.scoring`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rules.law import Form, Law
from rules.methods.fields import Fields
from rules.period import Period
from rules.scale import Scale
from rules.scoring import Sanction, Score, Sheet
from rules.scoring import score as score_sheet

FIELDS = ("marks", "comments", "facts")


def read(law: Law, form: Form, period: Period, data: Mapping[str, Any], file: str = "") -> Sheet:
    """The sheet in plain fields: marks and comments by row number, sanctions among the facts.

    Raises:
        BadFile: a field is unknown, missing or of another kind.
    """
    fields = Fields(data, form.id, file=file)
    fields.only(FIELDS, required=("marks",))
    facts = fields.part("facts")
    facts.only(("sanctions",))
    return Sheet(
        form.id,
        period,
        fields.numbered("marks", Fields.mark),
        tuple(_sanction(one) for one in facts.several("sanctions")),
        fields.numbered("comments", Fields.words),
    )


def _sanction(fields: Fields) -> Sanction:
    fields.only(("kind", "date", "cancelled_on"), required=("kind", "date"))
    cancelled = fields.day("cancelled_on") if fields.has("cancelled_on") else None
    return Sanction(fields.text("kind"), fields.day("date"), cancelled)


def score(law: Law, sheet: Sheet) -> Score:
    """The average final mark and its grade; same refusals as `rules.scoring.score`."""
    return score_sheet(law, sheet)


def empty(law: Law, form: Form) -> dict[str, Any]:
    """The fields of an empty sheet."""
    return {
        "marks": {row.number: None for row in form.parameters},
        "comments": {},
        "facts": {"sanctions": []},
    }


def about(law: Law, form: Form) -> list[dict[str, Any]]:
    """Every field of the sheet with its type and limits."""
    scale = Scale.of(law, form.id)
    found: list[dict[str, Any]] = []
    for row in form.parameters:
        mark = {"type": "decimal", "least": scale.least, "most": scale.most, "decimals": scale.places}
        found.append({"name": f"marks.{row.number}", "label": row.label, "explanation": row.explanation} | mark)
        found.append({"name": f"comments.{row.number}", "type": "text", "required": False})
    if law.sanctions:
        found.append({"name": "facts.sanctions[].kind", "type": "one of", "values": list(law.sanctions)})
        found.append({"name": "facts.sanctions[].date", "type": "date"})
        found.append({"name": "facts.sanctions[].cancelled_on", "type": "date", "required": False})
    return found
