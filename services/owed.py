"""How many still owe each term of a cycle: what the dashboards show as waiting."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models import Cycle
from models.base import as_day, instant, stamp
from models.sql import execute
from rules.stages import ABANDONED
from rules.terms import end_of_day
from services.ground import Ground, ground_of
from services.obligations import Obligation, elsewhere, obligation_of


def waiting(session: Session, cycle: Cycle, terms: list[Any], now: datetime | None = None) -> list[int]:
    """How many cases still owe each term (rows with deadline_id, anchor_date and due), in time or late.

    One query for each deadline, not for each day it began on. A right is owed by nobody, nor is a term of a cycle that
    was given up, nor one whose doing nothing of ours can prove. At a moment, who is away then owes nothing where the act
    evaluates on the return.
    """
    if cycle.stage == ABANDONED:
        return [0] * len(terms)
    ground = ground_of(session, cycle)
    by_day: dict[str, Counter[date]] = {}
    moment = stamp(now) if now else ""
    return [_of(session, cycle, ground, term, by_day, moment) for term in terms]


def bound(session: Session, cycle: Cycle, terms: list[Any], now: datetime | None = None) -> list[bool]:
    """Whether each term binds anybody in this cycle: False for one of another evaluation, and one that passed without a case."""
    ground = ground_of(session, cycle)
    cases: dict[tuple[str, date], bool] = {}
    found = []
    for term in terms:
        due = as_day(term.due)
        if elsewhere(ground, term.deadline_id):
            found.append(False)
            continue
        if now is not None and now >= end_of_day(due, cycle.time_zone) and (term.deadline_id, due) not in cases:
            cases[term.deadline_id, due] = _any(session, cycle, ground, term, now)
        found.append(cases.get((term.deadline_id, due), True))
    return found


def _any(session: Session, cycle: Cycle, ground: Ground, term: Any, now: datetime) -> bool:
    owed = obligation_of(ground, term.deadline_id)
    if owed is None or owed.began is not None:  # nothing of ours can tell, or a case began it
        return True
    due = as_day(term.due)
    said = {"c": cycle.id, "due_day": due, "due": stamp(end_of_day(due, cycle.time_zone)), "now": stamp(now)}
    return execute(session, f"SELECT 1 FROM {owed.source} LIMIT 1", said).scalar_one_or_none() is not None


def _of(
    session: Session, cycle: Cycle, ground: Ground, term: Any, by_day: dict[str, Counter[date]], moment: str
) -> int:
    owed = obligation_of(ground, term.deadline_id)
    if owed is None or owed.optional:
        return 0
    if owed.began is None:
        undone = f"SELECT COUNT(*) FROM {owed.source} AND {owed.done} IS NULL"
        said = {"c": cycle.id, "due_day": as_day(term.due), "due": stamp(end_of_day(as_day(term.due), cycle.time_zone))}
        return int(execute(session, undone, said | {"now": moment}).scalar_one())
    if term.deadline_id not in by_day:
        by_day[term.deadline_id] = _by_day(session, cycle, owed)
    return by_day[term.deadline_id][as_day(term.anchor_date)]


def _by_day(session: Session, cycle: Cycle, owed: Obligation) -> Counter[date]:
    """The cases that are not done by the body's day on which their term began."""
    # by the minute: the day of an instant is the zone's to say, and a minute lies in one day everywhere
    query = (
        f"SELECT SUBSTR({owed.began}, 1, 16) AS minute, COUNT(*) AS n FROM {owed.source}"
        f" AND {owed.began} IS NOT NULL AND {owed.done} IS NULL GROUP BY 1"
    )
    zone, found = ZoneInfo(cycle.time_zone), Counter[date]()
    for row in execute(session, query, {"c": cycle.id}):
        found[instant(f"{row.minute}:00.000000Z").astimezone(zone).date()] += row.n
    return found
