"""Watching plans: the quarterly monitoring, HR's preliminary calculation, and which terms were kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from models import PlanMonitoring, PlanRound, WorkPlan
from models.base import as_day, instant, stamp
from models.bulk import insert_rows
from models.journal import record, wrote
from models.sql import execute
from rules.audit import verdict
from rules.errors import Incomplete, NotAllowed, NotNow, RuleError
from rules.individual_plan import target
from rules.period import Period
from rules.terms import end_of_day
from services.content import beside_rows
from services.facts import must_serve
from services.ground import ground_of
from services.plan_audit import findings
from services.plan_people import HOUSE_TERM
from services.plan_steps import hr_of
from services.plans import case, find_round, plan_of


def monitor(session: Session, key: str, person: int, period: str, words: str, by: int, now: datetime) -> None:
    """The supervisor's quarterly look at the plan, with written recommendations where the act asks for them (M-26, M-27).

    Raises:
        NotAllowed: somebody else, or the act has no monitoring. Incomplete: no recommendations. NotNow: the quarter is not
        over, or was monitored already.
    """
    one = case(session, key, person)
    target("plan_monitored", one.plan.stage, one.described)
    asked = Period.parse(period)
    if one.described.get("monitoring") != "quarter" or asked.quarter is None or asked.year != one.ground.period.year:
        raise NotAllowed(f"The plan is monitored for each quarter of {one.ground.period} ({one.described.point}).")
    if by != one.plan.supervisor_id:
        raise NotAllowed(f"The direct supervisor monitors the plan ({one.described.point}); somebody else cannot.")
    if one.ground.day_of(now) < asked.first_day:
        raise NotNow(f"{asked} has not begun; it is monitored in it or after it ({one.described.point}).")
    if one.described.get("recommendations") and not words.strip():
        raise Incomplete(f"The monitoring ends with written recommendations ({one.described.point}); write them.")
    must_serve(session, by, one.ground.day_of(now), f"monitor a plan ({one.described.point})")
    one.ground.in_order("A monitoring", now, one.plan.approved_at)
    held = select(PlanMonitoring).where(PlanMonitoring.plan_id == one.plan.id, PlanMonitoring.period == str(asked))
    if session.exec(held).one_or_none() is not None:
        raise NotNow(f"The monitoring of {asked} was recorded already; it is not recorded twice.")
    session.add(
        PlanMonitoring(plan_id=one.plan.id or 0, period=str(asked), at=now, by=by, recommendations=words.strip())
    )
    session.flush()
    record(
        session, "plan_monitored", now, f"person/{by}", subject=f"work_plan/{one.plan.id}", rules=one.described.rules,
        reason=str(asked),
    )  # fmt: skip
    mine = {"p": one.plan.id, "q": str(asked)}
    wrote(session, "plan_monitoring", beside_rows(session, "plan_monitoring", "plan_id = :p AND period = :q", mine))


def calculate(
    session: Session, key: str, person: int, period: str, actual: Mapping[int, tuple[str, Decimal | None]], by: int,
    now: datetime,
) -> int:  # fmt: skip
    """HR's preliminary calculation of the actual values, sent to the evaluator; return its version (U-42).

    Args:
        actual: number of the indicator -> actual value as text, and the per cent of the plan, if it can be said.

    Raises:
        NotAllowed: not HR. RuleError: an indicator that the plan does not have, or another period. NotNow: no plan is in
        force, or the period is not over.
    """
    one = case(session, key, person)
    target("plan_monitored", one.plan.stage, one.described)
    if by not in hr_of(session, one):
        raise NotAllowed(f"An employee of the HR service calculates the actual values ({one.described.point}).")
    known = set(
        execute(
            session,
            "SELECT number FROM plan_item WHERE plan_id = :p AND version = :v",
            {"p": one.plan.id, "v": one.plan.content},
        ).scalars()
    )
    asked = Period.parse(period)
    if asked.year != one.ground.period.year or (one.ground.period.quarter and asked != one.ground.period):
        raise RuleError(f"{asked} is no part of {one.ground.period}, the period of the plan ({one.described.point}).")
    if one.ground.day_of(now) < asked.first_day:
        raise NotNow(f"{asked} has not begun; there are no actual values yet ({one.described.point}).")
    one.ground.in_order("A calculation", now, one.plan.approved_at)
    if set(actual) != known:
        raise RuleError(f"The plan has the indicators {', '.join(map(str, sorted(known)))}; give a value for each.")
    wrong = [
        n for n, (_, share) in actual.items() if share is not None and not (share.is_finite() and 0 <= share < 10_000)
    ]
    if wrong:
        raise RuleError(f"Indicator {min(wrong)}: its per cent of the plan must be a number from 0 to 9999.")
    version = 1 + execute(
        session, "SELECT COALESCE(MAX(version), 0) FROM plan_actual WHERE plan_id = :p AND period = :q",
        {"p": one.plan.id, "q": str(asked)},
    ).scalar_one()  # fmt: skip
    columns = ("plan_id", "period", "number", "version", "actual", "percent", "at", "by")
    rows = [
        (one.plan.id, str(asked), number, version, text, None if share is None else str(share), stamp(now), by)
        for number, (text, share) in sorted(actual.items())
    ]
    insert_rows(session, "plan_actual", columns, rows)
    record(
        session, "plan_calculated", now, f"person/{by}", subject=f"work_plan/{one.plan.id}", rules=one.described.rules,
        reason=f"{asked}, version {version}",
    )  # fmt: skip
    mine = {"p": one.plan.id, "q": str(asked), "v": version}
    new = beside_rows(session, "plan_actual", "plan_id = :p AND period = :q AND version = :v", mine)
    wrote(session, "plan_actual", new)
    return int(version)


# --- how it stands --------------------------------------------------------------------------------------


def status(session: Session, key: str, now: datetime) -> dict[str, Any]:
    """Counts by stage, and for each term of the plans how many were kept, are late, missed or still open."""
    held = find_round(session, key)
    ground = ground_of(session, held)  # type: ignore[arg-type]
    rows = session.exec(select(WorkPlan).where(WorkPlan.round_id == held.id)).all()
    terms: dict[str, Counter[str]] = {role: Counter() for role in ("drawn", HOUSE_TERM, "resubmitted", "placed")}
    again = _handed_in_again(session, held)
    for row in rows:
        if row.stage == "not_set":
            continue
        first = HOUSE_TERM if row.due_reason.startswith(HOUSE_TERM) else "drawn"
        _count(terms[first], ground.zone, row.due, row.drawn_at, now)
        if row.again_by is not None:
            _count(terms["resubmitted"], ground.zone, row.again_by, again.get(row.id or 0), now)
        if row.place_by is not None:
            _count(terms["placed"], ground.zone, row.place_by, row.placed_at, now)
    described = plan_of(ground, held)
    names = described.get("deadlines") or {}
    return {
        "key": held.key,
        "act": held.act,
        "period": held.period,
        "people": len(rows),
        "stages": dict(Counter(row.stage for row in rows)),
        "terms": {names.get(role, role): dict(counts) for role, counts in terms.items() if counts},
        "monitored": _monitored(session, held),
        "findings": [one.says for one in findings(session, key, now)],
    }


def _count(counts: Counter[str], zone: Any, last: date | None, done: datetime | None, now: datetime) -> None:
    if last is not None:
        counts[verdict(end_of_day(last, zone), done, now)] += 1


def _handed_in_again(session: Session, held: PlanRound) -> dict[int, datetime]:
    """When each returned plan was handed in again: the first drawing after its last return."""
    rows = execute(
        session,
        "SELECT e.plan_id, MIN(e.at) FROM plan_event e JOIN work_plan w ON w.id = e.plan_id WHERE w.round_id = :r"
        " AND e.event = 'plan_drawn' AND e.version > (SELECT MAX(b.version) FROM plan_event b WHERE b.plan_id = e.plan_id"
        " AND b.event = 'plan_returned') GROUP BY e.plan_id",
        {"r": held.id},
    )
    return {row[0]: instant(row[1]) for row in rows}


def _monitored(session: Session, held: PlanRound) -> dict[str, int]:
    rows = execute(
        session,
        "SELECT m.period, COUNT(*) FROM plan_monitoring m JOIN work_plan w ON w.id = m.plan_id WHERE w.round_id = :r"
        " GROUP BY m.period ORDER BY m.period",
        {"r": held.id},
    )
    return {row[0]: row[1] for row in rows}


def listed(session: Session, key: str) -> list[dict[str, Any]]:
    """Every plan of a round: person and supervisor by personnel number, stage, terms."""
    held = find_round(session, key)
    rows = execute(
        session,
        "SELECT p.personnel_no, s.personnel_no AS supervisor, w.stage, w.due, w.due_reason, w.again_by, w.place_by, w.note"
        " FROM work_plan w JOIN person p ON p.id = w.person_id LEFT JOIN person s ON s.id = w.supervisor_id"
        " WHERE w.round_id = :r ORDER BY p.personnel_no",
        {"r": held.id},
    )
    return [
        {"person": r[0], "supervisor": r[1], "stage": r[2], "due": None if r[3] is None else as_day(r[3]), "why": r[4],
         "again_by": None if r[5] is None else as_day(r[5]), "place_by": None if r[6] is None else as_day(r[6]), "note": r[7]}
        for r in rows
    ]  # fmt: skip


def rounds(session: Session) -> list[dict[str, Any]]:
    """Every round of plans."""
    return [
        {"key": one.key, "act": one.act, "period": one.period, "plan": one.plan}
        for one in session.exec(select(PlanRound)).all()
    ]
