"""Who is away at the time of the evaluation and is evaluated after the return, where the act says so (M-11, J-5).

The sheet waits until the servant is back; the term counts from the first working day back. A sitting for those who come
back late is held like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import Cycle
from models.base import as_day, instant
from models.bulk import update_rows
from models.sql import execute
from rules.calendar import WorkCalendar
from services.door import move
from services.ground import Ground, Known, ground_of
from services.terms import begin, role_term

ROLE = "after_return"
_KINDS = "absences_evaluated_after_return"
_DAY = timedelta(days=1)


def kinds(ground: Ground) -> tuple[str, ...]:
    """The absences after which the act evaluates on the return; empty where it does not."""
    named = ground.law.values.get(_KINDS)
    return tuple(named.value) if named and named.value and ground.deadline_id(ROLE) else ()


def away_sql(ground: Ground, person: str, day: str, begun_by: str = "") -> str:
    """SQL: is the person away on a day for a reason of the act; "" where the act evaluates nobody on the return.

    Args:
        person: SQL for the person's id. day, begun_by: SQL for the ISO texts of the day, and of the last day on which
            the absence may have begun.
    """
    named = kinds(ground)
    if not named:
        return ""
    listed = ", ".join(f"'{one}'" for one in named)
    early = f" AND CAST(w.first_day AS TEXT) <= {begun_by}" if begun_by else ""
    return (
        f"EXISTS (SELECT 1 FROM absence w WHERE w.person_id = {person} AND w.kind IN ({listed})"
        f" AND CAST(w.first_day AS TEXT) <= {day} AND CAST(w.last_day AS TEXT) >= {day}{early})"
    )


def here_sql(ground: Ground, today: date) -> str:
    """SQL on `assessment`: the sheet need not wait for a return; "" where none waits."""
    away = away_sql(ground, "assessment.person_id", f"'{today.isoformat()}'")
    return f"NOT {away}" if away else ""


_AWAY = """
SELECT a.id, a.returned_on, a.signed_at, b.first_day, b.last_day FROM assessment a
JOIN absence b ON b.person_id = a.person_id
WHERE a.cycle_id = :c AND a.stage IN ({stages}) AND b.kind IN ({kinds}) AND b.last_day >= :first
AND b.first_day <= :today ORDER BY a.id, b.first_day
"""


def follow(session: Session, cycle: Cycle, first: date, now: datetime, actor: str) -> int:
    """Note who came back and begin the term of each; return how many.

    Args:
        first: the first day of the evaluation.
    """
    ground = ground_of(session, cycle)
    today = ground.day_of(now)
    named, steps = kinds(ground), ground.walk.steps
    term = role_term(session, cycle, "evaluation")
    if not named or today < first or "replanned" not in steps:
        return 0
    listed = ", ".join(f"'{one}'" for one in named)
    stages = ", ".join(f"'{one}'" for one in sorted(steps["replanned"].moves))
    absences: dict[int, list[Any]] = defaultdict(list)
    for row in execute(
        session, _AWAY.format(stages=stages, kinds=listed), {"c": cycle.id, "first": first, "today": today}
    ):
        absences[row.id].append(row)
    last = as_day(term.due) if term is not None else today
    back = {}
    for one, rows in absences.items():
        day = _back_on(ground, rows, (first, last), today)
        if day is not None and (rows[0].returned_on is None or as_day(rows[0].returned_on) != day):
            back[one] = day
    return _noted(session, cycle, back, now, actor)


def _back_on(ground: Ground, rows: Iterable[Any], window: tuple[date, date], today: date) -> date | None:
    """The first working day back after an absence that meets the evaluation; None while away, or when signed before it."""
    end: date | None = None
    for row in rows:
        begun, over = as_day(row.first_day), as_day(row.last_day)
        if row.signed_at is not None and ground.day_of(instant(row.signed_at)) < begun:
            continue
        if begun <= window[1] or (end is not None and begun <= end + _DAY):
            end = max(end or over, over)
    if end is None or end >= today:
        return None
    return _first_day_back(ground.calendar, end)


def _first_day_back(calendar: WorkCalendar, end: date) -> date:
    return calendar.on_or_after(end + _DAY)


def _noted(session: Session, cycle: Known, back: Mapping[int, date], now: datetime, actor: str) -> int:
    if not back:
        return 0
    update_rows(session, "assessment", ("id",), ("returned_on",), sorted(back.items()))
    done = move(
        session, "replanned", cycle.id or 0, now, actor, where=f"id IN ({', '.join(map(str, sorted(back)))})",
        note="'back at work on ' || CAST(returned_on AS TEXT)", reason="came back; the evaluation follows the return",
    )  # fmt: skip
    begin(session, cycle, ROLE, back.values())
    return done
