"""The deadlines of a cycle: one row for each distinct anchor day, shared by everybody whose event fell on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models import Cycle
from models.base import as_day, instant, stamp
from models.bulk import insert_rows
from models.journal import is_postgres, wrote
from models.sql import execute
from rules.terms import Due, all_due, due, end_of_day
from services.content import BESIDE
from services.ground import Ground, Known, ground_of

_COLUMNS = (
    "cycle_id",
    "deadline_id",
    "anchor",
    "anchor_date",
    "due",
    "target",
    "due_at",
    "point",
    "rules",
    "readings",
    "reason",
    "house",
)


def plan_terms(session: Session, cycle: Known, ground: Ground) -> int:
    """Write the deadlines that follow from the period itself; those of later events come with their events.

    The terms of the orders that brought the act (publication, force) are no deadlines of a cycle.
    """
    return _write(session, cycle, ground, of_the_period(ground))


def of_the_period(ground: Ground) -> list[Due]:
    """The deadlines that follow from the period itself."""
    found = all_due(ground.law, ground.calendar, ground.period, {})
    return [one for one in found if one.due is not None and one.rule.revision is None]


def ensure_terms(session: Session, cycle: Known, event: str, days: Iterable[date]) -> int:
    """Write the deadlines that an event on these days begins; days already known cost nothing."""
    ground = ground_of(session, cycle)
    made = _not_begun(session, cycle, ground, event, days)
    if made and is_postgres(session):
        # somebody else's event may begin the same terms at this moment: wait for it, then look again
        execute(session, f"SELECT pg_advisory_xact_lock({TERMS_LOCK})")
        made = _not_begun(session, cycle, ground, event, days)
    return _write(session, cycle, ground, made)


def begin(session: Session, cycle: Known, role: str, days: Iterable[date]) -> int:
    """Write the term of the deadline that plays a role here, with its own event on these days; 0 where there is none."""
    ground = ground_of(session, cycle)
    rule = ground.law.deadlines.get(ground.deadline_id(role) or "")
    return ensure_terms(session, cycle, rule.anchor, days) if rule else 0


def _not_begun(session: Session, cycle: Known, ground: Ground, event: str, days: Iterable[date]) -> list[Due]:
    kept = execute(session, _BEGUN, {"c": cycle.id, "a": event})
    known = {(row[0], as_day(row[1])) for row in kept}
    return [
        due(ground.law, rule, ground.calendar, ground.period, {event: day})
        for day in sorted(set(days))
        for rule in ground.law.deadlines.values()
        if rule.anchor == event and (rule.id, day) not in known
    ]


TERMS_LOCK = 6_204_243
_BEGUN = "SELECT deadline_id, anchor_date FROM term WHERE cycle_id = :c AND anchor = :a"


def _write(session: Session, cycle: Known, ground: Ground, dues: Iterable[Due]) -> int:
    rows = as_kept(cycle, ground, dues)
    return _insert(session, rows) if rows else 0


def as_kept(cycle: Known, ground: Ground, dues: Iterable[Due]) -> list[tuple[Any, ...]]:
    """The rows of some deadlines, in the order of `_COLUMNS`."""
    return [
        (cycle.id, one.id, one.anchor, one.anchor_date, one.due, one.target,
         stamp(one.due_at(ground.organisation.time_zone)), one.reason.point, ", ".join(one.reason.rules),
         ", ".join(one.reason.readings), str(one.reason), one.rule.house)
        for one in dues
    ]  # fmt: skip


def _insert(session: Session, rows: Sequence[tuple[Any, ...]]) -> int:
    digests = (BESIDE["term"].named("", (*row[:-2], int(row[-1]), row[-2])) for row in rows)
    done = insert_rows(session, "term", _COLUMNS, rows)
    wrote(session, "term", digests)
    return done


def term_for(session: Session, cycle_id: int, deadline_id: str, anchor_date: date | None = None) -> Any:
    """The term row of a deadline (due, target, due_at, reason ...), for one anchor day where it has several."""
    where = "" if anchor_date is None else " AND anchor_date = :a"
    return execute(
        session,
        (
            f"SELECT id, due, target, due_at, point, rules, readings, reason FROM term"
            f" WHERE cycle_id = :c AND deadline_id = :d{where} ORDER BY anchor_date DESC LIMIT 1"
        ),
        {"c": cycle_id, "d": deadline_id, **({} if anchor_date is None else {"a": anchor_date})},
    ).one_or_none()


SCHEDULE_END = "house_schedule_end"


def schedule_terms(session: Session, cycle: Cycle, ground: Ground) -> None:
    """Write the terms that hang on the days of the schedule, and its own last day where it sets one."""
    if cycle.starts_on is not None:
        ensure_terms(session, cycle, "evaluation_start", [cycle.starts_on])
    if cycle.ends_on is None or term_for(session, cycle.id or 0, SCHEDULE_END) is not None:
        return
    last, zone = cycle.ends_on, ground.organisation.time_zone
    target = ground.calendar.on_or_before(last)
    reason = f"{ground.organisation.key}, schedule approved by the official"
    row = (cycle.id, SCHEDULE_END, "schedule", last, last, target, stamp(end_of_day(last, zone)), "schedule", "", "",
           reason, True)  # fmt: skip
    _insert(session, [row])


def role_term(session: Session, cycle: Known, role: str, anchor_date: date | None = None) -> Any:
    """The term of the deadline that plays a role in this evaluation; None where the act has none, or none has begun."""
    deadline_id = ground_of(session, cycle).deadline_id(role)
    if deadline_id is None and role == "evaluation":  # the act gives no last day: the schedule does
        return term_for(session, cycle.id or 0, SCHEDULE_END)
    return None if deadline_id is None else term_for(session, cycle.id or 0, deadline_id, anchor_date)


def unscheduled(session: Session, key: str, now: datetime) -> list[tuple[int, datetime]]:
    """One (term id, instant) for each distinct future deadline instant of the cycle without a precise run."""
    rows = execute(
        session,
        (
            "SELECT MIN(t.id), t.due_at FROM term t JOIN cycle c ON c.id = t.cycle_id"
            " WHERE c.key = :k AND t.scheduled_run IS NULL AND t.due_at > :n"
            " AND t.due_at NOT IN (SELECT due_at FROM term WHERE cycle_id = c.id AND scheduled_run IS NOT NULL)"
            " GROUP BY t.due_at ORDER BY t.due_at"
        ),
        {"k": key, "n": stamp(now)},
    )
    return [(row[0], instant(row[1])) for row in rows]


def mark_scheduled(session: Session, term_ids: Iterable[int], run_id: str) -> None:
    """Remember that a precise run stands for these terms."""
    for term_id in term_ids:
        execute(session, "UPDATE term SET scheduled_run = :r WHERE id = :i", {"r": run_id, "i": term_id})
