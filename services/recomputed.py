"""The proof by doing it again: every term from the pinned ground, every result from the marks it was computed from."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel import Session, col, select

from models import Cycle
from models.base import as_day
from models.sql import execute
from rules.errors import RuleError
from rules.scoring import Sanction, Sheet, score
from rules.terms import due
from services.chain import Verification
from services.content_match import NAMED
from services.ground import Ground, ground_of
from services.journal_match import without_texts
from services.scoring import GATHERED
from services.terms import as_kept, of_the_period


def worked_out_again(session: Session, found: Verification) -> None:
    """Work out terms and results of every cycle again; what differs is a problem with its place.

    A cycle whose pinned texts are gone is left out: that is a problem of its own.
    """
    gone = without_texts(session)
    for cycle in session.exec(select(Cycle).order_by(col(Cycle.id))).all():
        if cycle.id not in gone:
            ground = ground_of(session, cycle)
            found.problems += _terms(session, cycle, ground, found)
            found.problems += _results(session, cycle, ground, found)


_TERMS = """
SELECT deadline_id, anchor, anchor_date, due, target, due_at, point, rules, readings FROM term
WHERE cycle_id = :c AND anchor <> 'schedule' ORDER BY id
"""


def _terms(session: Session, cycle: Cycle, ground: Ground, found: Verification) -> list[str]:
    wrong = []
    wanted = {(row[1], str(row[3])): row for row in as_kept(cycle, ground, of_the_period(ground))}
    for row in execute(session, _TERMS, {"c": cycle.id}):
        place = (row.deadline_id, str(row.anchor_date))
        again = wanted.pop(place, None) or _again(cycle, ground, row)
        if again is None or _same(again) != _same((cycle.id, *row)):
            wrong.append(f"table term, {cycle.key}: {' from '.join(place)} is not what the pinned act gives")
        found.terms += 1
    wrong += [f"table term, {cycle.key}: {' from '.join(place)} is missing" for place in wanted]
    return wrong[:NAMED]


def _again(cycle: Cycle, ground: Ground, row: Any) -> Any:
    rule = ground.law.deadlines.get(row.deadline_id)
    if rule is None or rule.anchor != row.anchor:
        return None
    begun = {row.anchor: as_day(row.anchor_date)}
    return as_kept(cycle, ground, [due(ground.law, rule, ground.calendar, ground.period, begun)])[0]


def _same(row: Any) -> tuple[str, ...]:
    return tuple(map(str, row[1:10]))


_RESULTS = """
SELECT a.id, a.form, r.version, r.score, r.unrounded, r.grade, r.sanctions,
 (SELECT {gathered} FROM mark m WHERE m.assessment_id = a.id) AS marks
FROM assessment a JOIN result r ON r.assessment_id = a.id AND r.source IN ('computed', 'corrected')
WHERE a.cycle_id = :c AND a.stage <> 'disposed' ORDER BY a.id, r.version
"""


def _results(session: Session, cycle: Cycle, ground: Ground, found: Verification) -> list[str]:
    """Equal sheets are computed once; the working is not compared, its words may change with the program."""
    wrong, known = [], dict[Any, Any]()
    query = _RESULTS.format(gathered=GATHERED[session.get_bind().dialect.name])
    for row in execute(session, query, {"c": cycle.id}):
        if row.marks is None:  # a form without rows of marks
            continue
        asked = (row.form, row.marks, row.sanctions)
        if asked not in known:
            known[asked] = _computed(ground, *asked)
        found.results += 1
        if (row.score, row.unrounded, row.grade) != known[asked]:
            wrong.append(
                f"table result, assessment {row.id}, version {row.version}: its marks give {known[asked][0]}, not {row.score}"
            )
    more = [f"table result: {len(wrong) - NAMED} more do not follow from their marks"] if len(wrong) > NAMED else []
    return wrong[:NAMED] + more


def _computed(ground: Ground, form: str, marks: str, sanctions: str) -> tuple[str, str | None, str | None]:
    try:
        given = {int(n): Decimal(value) for n, _, value in (one.partition(":") for one in marks.split())}
        held = tuple(Sanction(one["kind"], date.fromisoformat(one["date"])) for one in json.loads(sanctions))
        again = score(ground.law, Sheet(form, ground.period, given, held))
    except (RuleError, ValueError, KeyError, TypeError, InvalidOperation):
        return "no result", None, None
    return str(again.score), str(again.unrounded), again.grade
