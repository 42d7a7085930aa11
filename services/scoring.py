"""Computing: every signed sheet becomes a result with its working; a correction adds a version (pt 7, Annexes 1, 2)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from models.assessment import OPEN_STAGES_SQL
from models.base import stamp
from models.bulk import insert_rows
from models.sql import execute
from rules.errors import NotFound, NotNow, RuleError
from rules.scoring import Sanction, Score, Sheet, score
from rules.sheets import sanctions_in
from rules.stages import target
from services import filled_scoring
from services.door import move, move_one
from services.facts import sanctions_of
from services.filled import by_rows
from services.ground import Ground, Known, ground_of, known_cycle
from services.result_rows import RESULT, result_row
from services.submission import by_hr

SHARD = 5_000

_MARKED = f"""
SELECT a.id, a.person_id, a.form, (SELECT {{gathered}} FROM mark m WHERE m.assessment_id = a.id) AS marks
FROM assessment a WHERE a.cycle_id = :c AND a.stage = 'marked' AND {OPEN_STAGES_SQL} AND a.id > :after AND a.id <= :upto
AND a.form IN ({{forms}}) ORDER BY a.id
"""
#: the sheet in one text, so that equal sheets are computed once; SQLite walks the rows in their key's order
GATHERED = {
    "sqlite": "group_concat(m.number || ':' || m.value, ' ')",
    "postgresql": "string_agg(m.number || ':' || m.value, ' ' ORDER BY m.number)",
}


def compute(session: Session, cycle: Known, now: datetime, actor: str) -> int:
    """Compute every signed sheet of the cycle; return how many. Rules N-16, N-34, N-35, N-36."""
    ground = ground_of(session, cycle)
    forms = {choice.form for choice in ground.evaluation.forms if choice.form in ground.law.forms}
    rows = {form for form in forms if by_rows(ground, form)}
    if rows:
        _compute_rows(session, cycle, ground, rows, now)
    if forms - rows:
        filled_scoring.compute(session, cycle, ground, now)
    return move(
        session,
        "computed",
        cycle.id or 0,
        now,
        actor,
        sets="result_version = result_version + 1",
        # a sheet signed since the shards were read has no result yet: the next walk computes it
        where="EXISTS (SELECT 1 FROM result r WHERE r.assessment_id = assessment.id"
        " AND r.version = assessment.result_version + 1)",
        reason=f"computed under {cycle.act}, wording {cycle.revision}",
    )


def _compute_rows(session: Session, cycle: Known, ground: Ground, forms: set[str], now: datetime) -> None:
    punished = _punished(session, ground)
    known: dict[Any, tuple[Any, ...]] = {}
    for shard in _shards(session, cycle, forms):
        # a shard is read to its end before it is written: PostgreSQL answers nothing while a COPY is under way
        insert_rows(
            session, "result", RESULT, list(_results(session, cycle, ground, punished, shard, now, known, forms))
        )


def _punished(session: Session, ground: Ground) -> dict[int, tuple[Sanction, ...]]:
    held = {p: sanctions_in(kinds, ground.period) for p, kinds in sanctions_of(session, None).items()}
    return {person: kinds for person, kinds in held.items() if kinds}


def _of(forms: set[str]) -> str:
    """SQL for a list of forms; their ids are the act's own words."""
    return ", ".join(f"'{form}'" for form in sorted(forms))


def _shards(session: Session, cycle: Known, forms: set[str]) -> list[tuple[int, int]]:
    ids = execute(
        session,
        f"SELECT id FROM assessment WHERE cycle_id = :c AND stage = 'marked' AND {OPEN_STAGES_SQL}"
        f" AND form IN ({_of(forms)}) ORDER BY id",
        {"c": cycle.id},
    ).scalars()
    return [(ids[n] - 1, ids[min(n + SHARD, len(ids)) - 1]) for n in range(0, len(ids), SHARD)]


def _results(
    session: Session,
    cycle: Known,
    ground: Ground,
    punished: dict[int, tuple[Sanction, ...]],
    shard: tuple[int, int],
    now: datetime,
    known: dict[Any, tuple[Any, ...]],
    forms: set[str],
) -> Iterator[tuple[Any, ...]]:
    query = _MARKED.format(gathered=GATHERED[session.get_bind().dialect.name], forms=_of(forms))
    at = stamp(now)
    rows = execute(session, query, {"c": cycle.id, "after": shard[0], "upto": shard[1]})
    for assessment, person, form, marks in rows.all():
        asked = (form, marks, punished.get(person, ()))
        if asked not in known:
            known[asked] = _computed(ground, *asked)
        yield (assessment, 1, "computed", at, *known[asked])


def _computed(ground: Ground, form: str, marks: str | None, sanctions: tuple[Sanction, ...]) -> tuple[Any, ...]:
    given = {int(n): Decimal(value) for n, _, value in (one.partition(":") for one in (marks or "").split())}
    return result_row(0, 0, "", "", score(ground.law, Sheet(form, ground.period, given, sanctions)), sanctions)[4:]


_SHEET = "SELECT a.form, a.person_id, a.result_version, a.cycle_id, a.stage FROM assessment a WHERE a.id = :i"


def recompute(session: Session, assessment_id: int, facts_now: bool = False) -> Score:
    """Compute a result again from what is kept, to prove it; with `facts_now` from the sanctions known today.

    Raises:
        NotFound: there is no such result.
    """
    row = execute(session, _SHEET, {"i": assessment_id}).one_or_none()
    if row is None or not row.result_version:
        raise NotFound(f"Assessment {assessment_id} has no result.")
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    if not by_rows(ground, row.form):
        return filled_scoring.recompute(session, cycle, ground, assessment_id, facts_now)
    marks = {
        n: Decimal(v)
        for n, v in execute(
            session,
            ("SELECT number, value FROM mark WHERE assessment_id = :i ORDER BY number"),
            {"i": assessment_id},
        )
    }
    held = _sanctions_now(session, row.person_id, ground) if facts_now else _sanctions_kept(session, assessment_id)
    return score(ground.law, Sheet(row.form, ground.period, marks, held))


def _sanctions_now(session: Session, person: int, ground: Ground) -> tuple[Sanction, ...]:
    return sanctions_in(sanctions_of(session, [person]).get(person, ()), ground.period)


def _sanctions_kept(session: Session, assessment_id: int) -> tuple[Sanction, ...]:
    kept = execute(
        session,
        # a session decides a mark, not the sheet: the sheet is proved with what it was last computed with
        (
            "SELECT sanctions FROM result WHERE assessment_id = :i AND source NOT IN ('calibrated', 'revised')"
            " ORDER BY version DESC LIMIT 1"
        ),
        {"i": assessment_id},
    ).scalar_one()
    return tuple(Sanction(one["kind"], date.fromisoformat(one["date"])) for one in json.loads(kept))


def correct(session: Session, assessment_id: int, why: str, now: datetime, actor: str) -> Score:
    """Compute a released result again because a fact was wrong (a sanction entered late); the old one is kept.

    Raises:
        RuleError: no reason is given, or nothing changes. NotAllowed: not HR. NotNow: the result is final already, or a request waits.
    """
    if not why.strip():
        raise RuleError("A correction needs a reason in words; it is shown to the auditor.")
    row = execute(session, _SHEET, {"i": assessment_id}).one_or_none()
    if row is None or not row.result_version:
        raise NotFound(f"Assessment {assessment_id} has no result to correct.")
    cycle = known_cycle(session, row.cycle_id)
    by_hr(session, cycle, ground_of(session, cycle), actor, now, "corrects a result", "corrected")
    found = recompute(session, assessment_id, facts_now=True)
    held = _sanctions_now(session, row.person_id, ground_of(session, cycle))
    version = row.result_version + 1
    target("corrected", row.stage, ground_of(session, cycle).walk.steps)
    _nothing_waits(session, assessment_id, ground_of(session, cycle))
    rows = by_rows(ground_of(session, cycle), row.form)
    if held == _sanctions_kept(session, assessment_id) if rows else found == recompute(session, assessment_id):
        rules = ", ".join(ground_of(session, cycle).step("corrected").rules)
        raise RuleError(
            f"Nothing changes: assessment {assessment_id} was computed with the sanctions known today ({rules})."
            if rows
            else f"Nothing changes: assessment {assessment_id} was computed with the facts known today ({rules})."
        )
    insert_rows(session, "result", RESULT, [result_row(assessment_id, version, "corrected", stamp(now), found, held)])
    move_one(
        session,
        "corrected",
        assessment_id,
        now,
        actor,
        reason=why,
        sets={
            "result_version": version,
            "familiarised_at": None,
            "familiarised_how": None,
            "released_at": None,
        },
    )
    return found


def _nothing_waits(session: Session, assessment_id: int, ground: Ground) -> None:
    asked = "SELECT id FROM calibration_request WHERE assessment_id = :i AND state = 'received'"
    waiting = execute(session, asked, {"i": assessment_id}).scalar_one_or_none()
    if waiting is not None:
        source = ground.cite("deadline:decision")
        raise NotNow(f"The request {waiting} waits for a decision on this result; decide on it first{source}.")
