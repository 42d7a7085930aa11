"""Facts of a period evaluated before its end that came after its sheet: they belong to the next sheet (J-Q5)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel import Session

from models.base import instant
from models.sheet import EVALUATOR, STANDING_SQL
from models.sql import execute
from rules.carrying import coverage
from rules.law import Form
from rules.methods import method_of
from rules.points import carried_forward
from services.ground import Ground, Known, ground_of, known_cycle

Facts = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Carried:
    """What the sheet of the period before hands on: its day, and the facts that came after it."""

    drawn_on: date
    bonuses: Facts = ()
    breaches: Facts = ()


def form_of(ground: Ground) -> Form | None:
    """The form of this evaluation that may be drawn up before its period ends, if the act has one."""
    forms = (ground.law.forms.get(choice.form) for choice in ground.evaluation.forms)
    return next((form for form in forms if form is not None and form.options.get("early_deadline")), None)


def is_early(ground: Ground, form: Form) -> bool:
    """Is the sheet of this period drawn up inside the period?"""
    return coverage(ground.law, form.options.get("early_deadline"), ground.period).until is not None


_BEFORE = f"""
SELECT n.id, c.id AS cycle, a.form, s.body, s.signed_at FROM assessment a JOIN cycle c ON c.id = a.cycle_id
JOIN sheet_content s ON s.assessment_id = a.id AND {STANDING_SQL}
 AND s.version = (SELECT MAX(x.version) FROM sheet_content x WHERE x.assessment_id = a.id AND x.side = s.side)
JOIN (SELECT a.id, a.person_id FROM assessment a WHERE a.cycle_id = :c{{chosen}}) n ON n.person_id = a.person_id
WHERE c.organisation = :o AND c.act = :act AND c.evaluation = :e AND c.period = :p AND c.stage <> 'abandoned'
"""


def into(session: Session, cycle: Known, ground: Ground, chosen: str) -> dict[int, Carried]:
    """What comes over from the sheets of the period before, by assessment; in one query."""
    form = form_of(ground)
    if form is None or coverage(ground.law, form.options["early_deadline"], ground.period).carried_after is None:
        return {}
    rows = execute(
        session,
        _BEFORE.format(chosen=chosen),
        {"c": cycle.id, "o": cycle.organisation, "act": cycle.act, "e": cycle.evaluation, "side": EVALUATOR,
         "p": str(ground.period.before)},
    )  # fmt: skip
    return {row.id: _of_sheet(ground_of(session, known_cycle(session, row.cycle)), row) for row in rows.all()}


def _of_sheet(before: Ground, row: Any) -> Carried:
    form, fields = before.law.form(row.form), json.loads(row.body)
    drawn = date.fromisoformat(fields["drawn_on"]) if fields.get("drawn_on") else before.day_of(instant(row.signed_at))
    sheet = method_of(form).read(before.law, form, before.period, {**fields, "drawn_on": drawn}, f"sheet {form.id}")
    bonuses, breaches = carried_forward(before.law, sheet)
    return Carried(
        drawn,
        tuple(_kept({"points": one.points, "n": one.n, "date": one.on, "evidence": one.evidence}) for one in bonuses),
        tuple(
            _kept({"kind": b.kind, "date": b.on, "fact": b.fact, "source": b.source, "evidence": b.evidence})
            for b in breaches
        ),
    )


def _kept(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: value for key, value in fields.items() if value not in (None, "")}


def joined(given: Sequence[Mapping[str, Any]] | None, carried: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The facts of a sheet with those carried over to it; one that was entered again is there once."""
    entered = Counter(map(_key, given or ()))
    added = []
    for one in carried:
        if entered[_key(one)]:
            entered[_key(one)] -= 1
        else:
            added.append(one)
    return [*(given or ()), *added]


def _key(fact: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in fact.items() if value not in (None, "")))
