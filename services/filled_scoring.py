"""Computing sheets of any form but rows of marks: each newest signed sheet becomes a result with its working."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.base import stamp
from models.bulk import insert_rows
from models.sheet import EVALUATOR, STANDING_SQL
from models.sql import execute
from rules.errors import Incomplete, NotFound
from rules.methods import METHODS, method_of
from rules.scoring import Score
from services.filled import canonical
from services.ground import Ground, Known
from services.result_rows import RESULT, result_row
from services.sheet_facts import SheetFacts

SHARD = 5_000
_WAITING = f"""
SELECT a.id, a.form, a.result_version, s.body FROM assessment a
JOIN sheet_content s ON s.assessment_id = a.id AND {STANDING_SQL}
 AND s.version = (SELECT MAX(n.version) FROM sheet_content n WHERE n.assessment_id = a.id AND n.side = s.side)
WHERE a.cycle_id = :c AND a.stage = :stage AND a.id > :after ORDER BY a.id LIMIT {SHARD}
"""


def compute(session: Session, cycle: Known, ground: Ground, now: datetime) -> int:
    """Write a result for every signed sheet that waits for it; the caller moves the stage. Equal sheets are scored once."""
    facts: SheetFacts | None = None
    scored: dict[tuple[str, str], tuple[Any, ...]] = {}
    done = 0
    for stage in ground.step("computed").moves:
        after = 0
        while rows := execute(session, _WAITING, _params(cycle, stage, after)).all():
            facts = facts or SheetFacts.of(session, cycle)
            insert_rows(session, "result", RESULT, list(_results(ground, facts, rows, stamp(now), scored)))
            after, done = rows[-1].id, done + len(rows)
    return done


def _params(cycle: Known, stage: str, after: int) -> dict[str, Any]:
    return {"c": cycle.id, "side": EVALUATOR, "stage": stage, "after": after}


def _results(
    ground: Ground, facts: SheetFacts, rows: list[Any], at: str, scored: dict[tuple[str, str], tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        fields = _now_known(ground, facts, row.id, row.form, row.body)
        key = (row.form, canonical(fields))
        if key not in scored:
            try:
                scored[key] = result_row(0, 0, "", "", score_sheet(ground, row.form, fields), ())[4:]
            except Incomplete as refusal:
                raise Incomplete(f"Assessment {row.id}: {refusal}") from None
        yield (row.id, row.result_version + 1, "computed", at, *scored[key])


def _now_known(ground: Ground, facts: SheetFacts, assessment: int, form: str, body: str) -> dict[str, Any]:
    """The signed fields, with what is known elsewhere as it is known now: a quarter revised since counts revised."""
    fields = json.loads(body)
    own = METHODS[ground.law.form(form).method or ""].fields
    return {**fields, **{key: value for key, value in facts.known.get(assessment, {}).items() if key in own}}


def score_sheet(ground: Ground, form: str, fields: dict[str, Any]) -> Score:
    """The score of a sheet's fields by the way its form names."""
    shape = ground.law.form(form)
    way = method_of(shape)
    found = way.score(ground.law, way.read(ground.law, shape, ground.period, fields, f"sheet {form}"))
    taken = {
        key: fields[key] for key in ("quarters",) if key in fields and ground.evaluation.options.get("quarters_of")
    }
    return replace(found, more={**found.more, "facts": taken}) if taken else found


_NEWEST = (
    f"SELECT a.form, a.cycle_id, s.body FROM assessment a JOIN sheet_content s ON s.assessment_id = a.id AND {STANDING_SQL}"
    " WHERE a.id = :i ORDER BY s.version DESC LIMIT 1"
)
_KEPT = (
    "SELECT more FROM result WHERE assessment_id = :i AND source NOT IN ('calibrated', 'revised')"
    " ORDER BY version DESC LIMIT 1"
)


def recompute(session: Session, cycle: Known, ground: Ground, assessment: int, facts_now: bool) -> Score:
    """Score the sheet in force again, with the facts it was computed with or with those known now.

    Raises:
        NotFound: no sheet of another form than rows of marks stands.
    """
    row = execute(session, _NEWEST, {"i": assessment, "side": EVALUATOR}).one_or_none()
    if row is None:
        raise NotFound(f"Assessment {assessment} has no signed sheet.")
    if facts_now:
        facts = SheetFacts.of(session, cycle, [assessment])
        return score_sheet(ground, row.form, _now_known(ground, facts, assessment, row.form, row.body))
    kept = json.loads(execute(session, _KEPT, {"i": assessment}).scalar_one()).get("facts", {})
    return score_sheet(ground, row.form, {**json.loads(row.body), **kept})
