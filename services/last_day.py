"""What was kept at the last moment: obligations done on the last working day of their term, deadline by deadline."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from sqlmodel import Session

from models.base import as_day, stamp
from models.sql import execute
from rules.terms import end_of_day
from services.audit import terms_of, window, within
from services.ground import find_cycle, ground_of
from services.obligations import obligation_of


def kept_on_the_last_day(session: Session, key: str, now: datetime) -> Counter[str]:
    """Deadline -> how many were done on its last working day or on a day off after it, and before its end."""
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    found: Counter[str] = Counter()
    for term in terms_of(session, cycle):
        obligation = obligation_of(ground, term.deadline_id)
        if obligation is None:
            continue
        target = ground.calendar.on_or_before(as_day(term.due))
        values = {
            "c": cycle.id, "due": term.due_at, "due_day": as_day(term.due), "now": stamp(now),
            "from": stamp(end_of_day(target - timedelta(days=1), cycle.time_zone)),
            **(window(cycle, term) if obligation.began else {}),
        }  # fmt: skip
        query = (
            f"SELECT COUNT(*) FROM (SELECT {obligation.done} AS done FROM {obligation.source}{within(obligation)}) v"
            " WHERE v.done >= :from AND v.done < :due"
        )
        used = {name: value for name, value in values.items() if f":{name}" in query}
        found[term.deadline_id] += int(execute(session, query, used).scalar_one())
    return +found
