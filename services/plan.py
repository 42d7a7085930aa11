"""Planning a cycle: every servant of the body, by the act's rules, in a handful of queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session

from models import Cycle
from models.bulk import insert_rows, update_rows
from models.content import new_salt
from models.journal import digest_of, is_postgres, record
from models.sql import execute
from rules.people import Planned
from rules.plan import Planner, crowded
from rules.stages import COMPUTED, EXEMPT, FAMILIARISED, MARKED
from rules.words import counted
from services.content import said_sql
from services.door import entry_rows_text, move
from services.ground import Ground, Known, ground_of
from services.officials import holder
from services.servants import Heads, servants


def plan_people(session: Session, cycle: Cycle, now: datetime, actor: str) -> tuple[int, int]:
    """Write an assessment for every servant the act speaks of; return (people, exempt). Rules N-13..N-15, N-26..N-28."""
    _see(session, cycle, _newest_import(session))
    decided = list(_decisions(session, cycle, now))
    return add_people(session, cycle, now, actor, decided), sum(one.exempt for one in decided)


def _newest_import(session: Session) -> int:
    return int(execute(session, "SELECT COALESCE(MAX(id), 0) FROM staff_import").scalar_one())


def _see(session: Session, cycle: Cycle, newest: int) -> None:
    execute(session, "UPDATE cycle SET staff_seen = :n WHERE id = :i", {"n": newest, "i": cycle.id})
    set_committed_value(cycle, "staff_seen", newest)


_COLUMNS = (
    "cycle_id",
    "person_id",
    "appointment_id",
    "stage",
    "version",
    "form",
    "evaluator_id",
    "marker_id",
    "dismissed",
    "absent",
    "plan_rules",
    "plan_note",
    "result_version",
    "salt",
)


def add_people(session: Session, cycle: Known, now: datetime, actor: str, decided: list[Planned]) -> int:
    """Write an assessment for each planned person, with one journal entry; return how many."""
    if not decided:
        return 0
    before = execute(session, "SELECT COALESCE(MAX(id), 0) FROM assessment").scalar_one()
    insert_rows(session, "assessment", _COLUMNS, (_row(cycle.id, one) for one in decided))
    entry = record(
        session, "planned", now, actor, cycle_id=cycle.id, rules=ground_of(session, cycle).evaluation.source("planned").rules,
        reason=f"{counted(len(decided), 'people')} planned under {cycle.act}, wording {cycle.revision}, {cycle.period}",
    )  # fmt: skip
    execute(
        session,
        (
            "INSERT INTO journal_row (entry_id, assessment_id, version, from_stage, to_stage, note, content)"
            f" SELECT :e, id, 1, '', stage, plan_rules, {said_sql('planned', 'assessment', is_postgres(session))}"
            # the plus: without it SQLite would walk through everybody of the cycle to find the new ones
            " FROM assessment WHERE +cycle_id = :c AND id > :b ORDER BY id"
        ),
        {"e": entry.id, "c": cycle.id, "b": before},
    )
    entry.rows, entry.digest = len(decided), digest_of(entry_rows_text(session, entry.id))
    return len(decided)


def _row(cycle_id: int | None, one: Planned) -> tuple[Any, ...]:
    stage = "exempt" if one.exempt else "planned"
    return (
        cycle_id,
        one.person,
        one.appointment,
        stage,
        1,
        one.form,
        one.evaluator,
        one.evaluator,
        one.dismissed,
        one.absent,
        ", ".join(one.rules),
        one.problem or one.note,
        0,
        new_salt(),
    )


def _decisions(session: Session, cycle: Known, now: datetime) -> Iterator[Planned]:
    ground = ground_of(session, cycle)
    planner = Planner.under(ground.law, ground.period, ground.evaluation)
    today = ground.day_of(now)
    heads = Heads(holder(session, cycle, "head_of_body", today), holder(session, cycle, "chief_of_staff", today))
    for servant in servants(session, ground, heads):
        decided = planner.decide(servant)
        if decided:
            yield decided


_PLANNED_NOW = """
SELECT id, person_id, stage, appointment_id, form, evaluator_id, marker_id, dismissed, absent, version
FROM assessment WHERE cycle_id = :c AND stage IN ({stages})
"""


def _before_the_sheet(ground: Ground) -> frozenset[str]:
    """The stages in which the evaluator has signed nothing yet."""
    return ground.walk.before(MARKED if MARKED in ground.evaluation.path else COMPUTED)


def unseen(session: Session, cycle: Cycle) -> bool:
    """Was a staff file read since the plan last followed one?"""
    return cycle.staff_seen != _newest_import(session)


def refresh_plan(session: Session, cycle: Cycle, now: datetime, actor: str) -> int:
    """Follow changed facts of the staff; return how many assessments changed.

    Before a sheet is signed: new exemptions and their end, another post, form or evaluator, newcomers. Until the
    person is familiarised: dismissal (N-15, N-19). A substitute or designee stays.
    """
    if not unseen(session, cycle):
        return 0
    _see(session, cycle, _newest_import(session))
    decided = {one.person: one for one in _decisions(session, cycle, now)}
    changes: dict[str, list[Any]] = {"exempted": [], "readmitted": [], "replanned": []}
    # on PostgreSQL a sheet may be signed between the look and the change; SQLite has one writer
    held = " FOR UPDATE" if is_postgres(session) else ""
    ground = ground_of(session, cycle)
    before = _before_the_sheet(ground)
    stages = ", ".join(f"'{stage}'" for stage in (*sorted(ground.walk.before(FAMILIARISED)), EXEMPT))
    for row in execute(session, _PLANNED_NOW.format(stages=stages) + held, {"c": cycle.id}).all():
        one = decided.pop(row.person_id, None) or _left_out(ground, row)
        event = _change(row, one, before)
        if event:
            changes[event].append(_new_plan(ground, row, one, before))
    return _apply(session, cycle, now, actor, changes) + _newcomers(session, cycle, now, actor, decided)


def _left_out(ground: Ground, row: Any) -> Planned:
    tenure = ground.evaluation.exemptions[:1]
    source = ground.law.dated(tenure[0]) if tenure else ground.evaluation
    note = f"held no post of corps B in the period after all ({source.point})"
    return Planned(row.person_id, row.appointment_id, True, "", None, bool(row.dismissed), source.rules, note)


def _change(row: Any, one: Planned, before: frozenset[str]) -> str | None:
    if row.stage == "exempt":
        return None if one.exempt else "readmitted"
    if row.stage not in before:
        return "replanned" if (one.dismissed, one.absent) != (bool(row.dismissed), bool(row.absent)) else None
    if one.exempt:
        return "exempted"
    same = (row.form, row.evaluator_id, bool(row.dismissed), bool(row.absent), row.appointment_id) == (
        one.form,
        one.evaluator,
        one.dismissed,
        one.absent,
        one.appointment,
    )
    return None if same else "replanned"


def _new_plan(ground: Ground, row: Any, one: Planned, before: frozenset[str]) -> tuple[Any, ...]:
    if row.stage not in (*before, EXEMPT):
        # why somebody is evaluated who would not be now: the rule for the dismissed, where the act has one
        late = ground.source("deadline:dismissed")
        late = late if late.rules else ground.source("replanned")
        return (
            row.id,
            row.form,
            row.evaluator_id,
            row.marker_id,
            one.dismissed,
            one.absent,
            row.appointment_id,
            ", ".join(late.rules if one.exempt else one.rules),
            f"the sheet was signed before these facts were known ({late.point})" if one.exempt else one.note,
        )
    marker = one.evaluator if row.marker_id == row.evaluator_id else row.marker_id
    return (
        row.id,
        one.form,
        one.evaluator,
        marker,
        one.dismissed,
        one.absent,
        one.appointment,
        ", ".join(one.rules),
        one.problem or one.note,
    )


_PLAN_COLUMNS = (
    "form",
    "evaluator_id",
    "marker_id",
    "dismissed",
    "absent",
    "appointment_id",
    "plan_rules",
    "plan_note",
)


def _apply(session: Session, cycle: Cycle, now: datetime, actor: str, changes: dict[str, list[Any]]) -> int:
    done = 0
    for event, rows in changes.items():
        if rows:
            update_rows(session, "assessment", ("id",), _PLAN_COLUMNS, rows)
            done += move(
                session,
                event,
                cycle.id or 0,
                now,
                actor,
                where=_in(rows),
                note="plan_rules",
                reason="the staff facts changed",
            )
    return done


def _in(rows: list[Any]) -> str:
    return f"id IN ({', '.join(str(int(row[0])) for row in rows)})"


def _newcomers(session: Session, cycle: Cycle, now: datetime, actor: str, decided: dict[int, Planned]) -> int:
    known = set(execute(session, "SELECT person_id FROM assessment WHERE cycle_id = :c", {"c": cycle.id}).scalars())
    return add_people(session, cycle, now, actor, [one for one in decided.values() if one.person not in known])


def crowded_evaluators(session: Session, cycle: Known) -> dict[int, int]:
    """Evaluators above the act's threshold, with their number of evaluatees: designees also evaluate (N-31).

    Empty where the act has no threshold.
    """
    threshold = ground_of(session, cycle).law.values.get("delegation_threshold")
    if threshold is None or threshold.value is None:
        return {}
    rows = execute(
        session,
        (
            "SELECT evaluator_id, COUNT(*) FROM assessment WHERE cycle_id = :c AND stage <> 'exempt'"
            " AND evaluator_id IS NOT NULL GROUP BY evaluator_id"
        ),
        {"c": cycle.id},
    )
    return crowded({row[0]: row[1] for row in rows}, int(threshold.value))
