"""Reminders: before a day, on it, and each working day after it until it is done; nobody is reminded on a day off.

The walk calls them at every step, the flow `remind` each working morning; a reminder of a day is written once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from models import Cycle
from models.base import as_day, instant, stamp
from models.sql import execute
from notifications import kinds
from rules.terms import end_of_day
from services import audit, surveys, waiting
from services.ground import find_cycle, ground_of
from services.officials import holder
from services.telling import tell
from services.terms import role_term


def morning(session: Session, key: str, now: datetime) -> dict[str, int]:
    """Everything a cycle reminds of on a working day; how many notices are new, by what they are about (N-25)."""
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    if not ground.calendar.is_working(ground.day_of(now)):
        return {}
    running = cycle.stage == "running"
    return {
        "sheets": remind(session, key, now) if running else 0,
        "results": remind_unopened(session, key, now) if running else 0,
        "decisions": call_calibration(session, key, now) if running else 0,
        "alerts": audit.alert(session, key, now),
    }


#: whoever has left the body is not reminded: HR is asked for a substitute (`services.attention`); who came back from an
#: absence has a term of its own
_LATE_MARKERS = (
    "SELECT DISTINCT 0 AS assessment_id, marker_id AS recipient_id FROM assessment a WHERE cycle_id = :c"
    " AND a.stage IN ('open', 'self_evaluated') AND a.returned_on IS NULL"
    " AND EXISTS (SELECT 1 FROM appointment s WHERE s.person_id = a.marker_id AND (s.ended_on IS NULL OR s.ended_on >= :today))"
)


def remind(session: Session, key: str, now: datetime) -> int:
    """Tell whom a sheet waits for; remind evaluators three working days before the target, on it, and daily after it (pt 15)."""
    cycle = find_cycle(session, key)
    return waiting.tell(session, cycle, now) + _remind_markers(session, cycle, now)


def _remind_markers(session: Session, cycle: Cycle, now: datetime) -> int:
    term = role_term(session, cycle, "evaluation")
    ground = ground_of(session, cycle)
    today = ground.day_of(now)
    if term is None or not ground.calendar.is_working(today):
        return 0
    if ground.is_survey:
        return surveys.remind(session, cycle, now)
    due_at = instant(term.due_at)
    if now >= due_at:
        late = ground.calendar.count(ground.day_of(due_at), today)
        kind, which = kinds.marks_overdue, late
    else:
        left = ground.calendar.count(today, as_day(term.target)) - 1
        if left not in (3, 1, 0):
            return 0
        kind, which = kinds.marks_reminder, 3 - left
    return tell(
        session,
        kind(period=cycle.period, due=term.due),
        cycle,
        now,
        select=_LATE_MARKERS,
        params={"c": cycle.id, "today": today},
        due_at=due_at if now < due_at else None,  # what is said after a term cannot be said in time
        round=which,
    )


def remind_unopened(session: Session, key: str, now: datetime) -> int:
    """Remind people who have not opened their result, once a week until they have (N-18, N-25)."""
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    if not ground.calendar.is_working(ground.day_of(now)):
        return 0
    if ground.evaluation.options.get("written_familiarisation"):
        return 0  # nobody opens it in the system: HR shows it on paper
    done = 0
    for week in _weeks(session, cycle, now):
        before = stamp(now - timedelta(days=7 * week))
        after = stamp(now - timedelta(days=7 * (week + 1)))
        done += tell(
            session,
            kinds.result_reminder(period=cycle.period),
            cycle,
            now,
            round=week,
            params={"c": cycle.id, "b": before, "a": after},
            select="SELECT id AS assessment_id, person_id AS recipient_id FROM assessment WHERE cycle_id = :c"
            " AND stage = 'released' AND dismissed = false AND released_at <= :b AND released_at > :a",
        )
    return done


def _weeks(session: Session, cycle: Cycle, now: datetime) -> range:
    """The whole weeks for which results have waited for their people."""
    first, last = next(iter(execute(session, _RELEASED, {"c": cycle.id})))
    if first is None:
        return range(0)
    return range(max(1, (now - instant(last)).days // 7), (now - instant(first)).days // 7 + 1)


_RELEASED = (
    "SELECT MIN(released_at) AS first, MAX(released_at) AS last FROM assessment WHERE cycle_id = :c"
    " AND stage = 'released' AND dismissed = false"
)


_WAITING = " FROM assessment a JOIN calibration_request r ON r.assessment_id = a.id AND r.state = 'received' WHERE a.cycle_id = :c"
_UNDECIDED = (
    f"SELECT a.id AS assessment_id, CAST(:official AS INTEGER) AS recipient_id{_WAITING}"
    " AND r.received_at >= :first AND r.received_at < :last"
)


def call_calibration(session: Session, key: str, now: datetime) -> int:
    """Remind the appointing official of every request that still waits for a decision (N-40)."""
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    today = ground.day_of(now)
    official = holder(session, cycle, "appointing_official", today)
    if official is None or not ground.calendar.is_working(today):
        return 0
    done = 0
    waiting = execute(session, "SELECT DISTINCT r.received_at" + _WAITING, {"c": cycle.id}).scalars()
    for day in sorted({ground.day_of(instant(moment)) for moment in waiting}):
        term = role_term(session, cycle, "decision", day)
        first, last = (stamp(end_of_day(day - timedelta(days=n), ground.zone)) for n in (1, 0))
        done += tell(
            session,
            kinds.decision_needed(period=cycle.period, received=day, due=term.due),
            cycle,
            now,
            select=_UNDECIDED,
            round=today.toordinal(),
            params={"c": cycle.id, "official": official, "first": first, "last": last},
        )
    return done
