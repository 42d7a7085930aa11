"""What a sheet need not say because it is known here: category and duties of the post, the body's scale, the quarters.

Everything is read for a whole set at once. A sheet that says something else than what is known is refused.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from models.sql import execute
from rules.categories import normal
from rules.errors import BadFile, MissingSetting
from rules.methods import METHODS
from rules.period import Period
from services.ground import Ground, Known, ground_of

Fields = Mapping[str, Any]


@dataclass(frozen=True)
class SheetFacts:
    """What is known of each sheet of a cycle: assessment -> field -> value."""

    ground: Ground
    known: Mapping[int, Fields]

    @classmethod
    def of(cls, session: Session, cycle: Known, ids: Iterable[int] | None = None) -> SheetFacts:
        """Read what is known of some assessments of a cycle, or of all."""
        ground = ground_of(session, cycle)
        wanted = _wanted(ground)
        found: dict[int, dict[str, Any]] = defaultdict(dict)
        chosen = "" if ids is None else f" AND a.id IN ({', '.join(str(int(one)) for one in ids) or '0'})"
        if wanted & {"category", "body", "provides_services"}:
            for row in execute(session, _POSTS + chosen, {"c": cycle.id}):
                found[row.id] |= _of_post(ground, row, wanted)
        if "quarters" in wanted:
            for assessment, marks in _quarters(session, cycle, ground, chosen).items():
                found[assessment]["quarters"] = marks
        return cls(ground, found)

    def filled(self, assessment: int, form: str, fields: Fields, where: str = "") -> dict[str, Any]:
        """The fields of a sheet with what is known besides.

        Raises:
            BadFile: the sheet says something else than what is known.
        """
        own = METHODS[self.ground.law.form(form).method or ""].fields
        known = {key: value for key, value in self.known.get(assessment, {}).items() if key in own}
        for key, value in known.items():
            if fields.get(key) is not None and not _same(fields[key], value):
                raise BadFile(
                    f"{where or f'sheet {form}'}, {key}: the sheet says {_said(fields[key])}, known is {_said(value)}; "
                    "leave the field out or correct the staff file or the sheet."
                )
        return {**fields, **known}


def _wanted(ground: Ground) -> set[str]:
    forms = (ground.law.forms.get(choice.form) for choice in ground.evaluation.forms)
    fields = {key for form in forms if form and form.method in METHODS for key in METHODS[form.method].fields}
    if not ground.evaluation.options.get("quarters_of"):
        fields.discard("quarters")
    return fields


_POSTS = (
    "SELECT a.id, p.category, b.code, t.provides_services FROM assessment a JOIN appointment t ON t.id = a.appointment_id"
    " JOIN post p ON p.id = t.post_id JOIN unit u ON u.id = p.unit_id JOIN body b ON b.id = u.body_id"
    " WHERE a.cycle_id = :c"
)


def _of_post(ground: Ground, row: Any, wanted: set[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if "category" in wanted:
        found["category"] = normal(row.category)
    if "provides_services" in wanted:
        found["provides_services"] = bool(row.provides_services)
    if "body" in wanted:
        found["body"] = _scale_of(ground, row.code)
    return found


def _scale_of(ground: Ground, body: str) -> str:
    """Which list of the act's scale holds for a body, as the body's file says."""
    given = ground.law.setting("scale_of_body")
    if isinstance(given, Mapping) and body in given:
        return str(given[body])
    raise MissingSetting(
        f"{ground.law.act}: settings.scale_of_body of {ground.organisation.key} does not name the body '{body}'; add it."
    )


_DECIDED = """
SELECT n.id, c.period, r.score FROM assessment a JOIN cycle c ON c.id = a.cycle_id
JOIN result r ON r.assessment_id = a.id AND r.version = a.result_version
JOIN (SELECT a.id, a.person_id FROM assessment a WHERE a.cycle_id = :c{chosen}) n ON n.person_id = a.person_id
WHERE c.organisation = :o AND c.act = :act AND c.evaluation = :e AND c.period LIKE :y AND r.score IS NOT NULL
AND a.completed_at IS NOT NULL ORDER BY n.id, c.period
"""


def _quarters(session: Session, cycle: Known, ground: Ground, chosen: str) -> dict[int, list[str | None]]:
    """The scores of the completed quarters of the year by assessment; a quarter without one is None."""
    names = [str(one) for one in Period(ground.period.year).quarters]
    rows = execute(
        session,
        _DECIDED.format(chosen=chosen),
        {"c": cycle.id, "o": cycle.organisation, "act": cycle.act, "y": f"{ground.period.year}-Q%",
         "e": ground.evaluation.options["quarters_of"]},
    )  # fmt: skip
    found: dict[int, list[str | None]] = defaultdict(lambda: [None] * len(names))
    for assessment, period, score in rows:
        found[assessment][names.index(period)] = score
    return dict(found)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(_same, one, other))
    if one is None or other is None or isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, str) and isinstance(other, str) and normal(one) == normal(other):
        return True
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except ArithmeticError:
        return False


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join("none" if one is None else str(one) for one in value)
    return f"'{value}'"
