"""The proof by doing it again: every term from the pinned ground, every result from the sheet it was computed from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel import Session, col, select

from models import Cycle
from models.base import as_day
from models.sheet import EVALUATOR, STANDING_SQL
from models.sql import execute
from rules.errors import RuleError
from rules.scoring import Sanction, Score, Sheet, score
from rules.terms import due
from services.chain import Verification
from services.content_match import NAMED
from services.filled_scoring import score_sheet
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


_ROWS = """
SELECT a.id, a.form, r.version, r.score, r.unrounded, r.grade, r.sanctions AS facts,
 (SELECT {gathered} FROM mark m WHERE m.assessment_id = a.id) AS sheet
FROM assessment a JOIN result r ON r.assessment_id = a.id AND r.source IN ('computed', 'corrected')
WHERE a.cycle_id = :c AND a.stage <> 'disposed' AND EXISTS (SELECT 1 FROM mark m WHERE m.assessment_id = a.id)
ORDER BY a.id, r.version
"""
#: of a sheet that was sent back and signed anew only the newest is known to be the one that was computed
_SHEETS = f"""
SELECT a.id, a.form, r.version, r.score, r.unrounded, r.grade, r.more AS facts, s.body AS sheet
FROM assessment a JOIN sheet_content s ON s.assessment_id = a.id AND {STANDING_SQL}
 AND s.version = (SELECT MAX(n.version) FROM sheet_content n WHERE n.assessment_id = a.id AND n.side = s.side)
JOIN result r ON r.assessment_id = a.id AND r.version = (SELECT MAX(n.version) FROM result n
 WHERE n.assessment_id = a.id AND n.source IN ('computed', 'corrected'))
WHERE a.cycle_id = :c AND a.stage NOT IN ({{unfinished}}) ORDER BY a.id
"""


def _results(session: Session, cycle: Cycle, ground: Ground, found: Verification) -> list[str]:
    """Equal sheets are computed once; the working is not compared, its words may change with the program."""
    wrong: list[str] = []
    rows = _ROWS.format(gathered=GATHERED[session.get_bind().dialect.name])
    unfinished = ", ".join(f"'{stage}'" for stage in sorted({*ground.walk.before("computed"), "exempt", "disposed"}))
    sheets = _SHEETS.format(unfinished=unfinished)
    for query, computed in ((rows, _from_marks), (sheets, _from_sheet)):
        known = dict[Any, Any]()
        for row in execute(session, query, {"c": cycle.id, "side": EVALUATOR}):
            asked = (row.form, row.sheet, row.facts)
            if asked not in known:
                known[asked] = _again_or_none(computed, ground, *asked)
            found.results += 1
            if (row.score, row.unrounded, row.grade) != known[asked]:
                wrong.append(
                    f"table result, assessment {row.id}, version {row.version}: its sheet gives {known[asked][0]}, not {row.score}"
                )
    more = [f"table result: {len(wrong) - NAMED} more do not follow from their sheets"] if len(wrong) > NAMED else []
    return wrong[:NAMED] + more


def _again_or_none(computed: Callable[..., Score], *asked: Any) -> tuple[str | None, str | None, str | None]:
    try:
        again = computed(*asked)
    except (RuleError, ValueError, KeyError, TypeError, InvalidOperation):
        return "no result", None, None
    plain = (None if one is None else str(one) for one in (again.score, again.unrounded))
    return next(plain), next(plain), again.grade


def _from_marks(ground: Ground, form: str, marks: str, sanctions: str) -> Score:
    given = {int(n): Decimal(value) for n, _, value in (one.partition(":") for one in marks.split())}
    held = tuple(Sanction(one["kind"], date.fromisoformat(one["date"])) for one in json.loads(sanctions))
    return score(ground.law, Sheet(form, ground.period, given, held))


def _from_sheet(ground: Ground, form: str, body: str, more: str) -> Score:
    return score_sheet(ground, form, {**json.loads(body), **json.loads(more).get("facts", {})})
