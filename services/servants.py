"""The facts of every servant a plan needs, in a handful of queries: posts, superiors, days worked, probation, leave."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from models.base import as_day
from models.sql import execute
from rules.errors import MissingSetting, NotFound
from rules.people import Servant
from rules.terms import due
from services.ground import Ground

_SERVANTS = """
SELECT a.person_id, a.id, p.category, p.leadership, a.supervisor_id, u.head_id, a.started_on, a.ended_on, a.dismissed,
 a.probation_until, a.host_unit_id, h.head_id AS host_head, u.body_id
FROM appointment a JOIN post p ON p.id = a.post_id JOIN unit u ON u.id = p.unit_id
LEFT JOIN unit h ON h.id = a.host_unit_id
WHERE p.category <> '' AND a.started_on <= :last AND (a.ended_on IS NULL OR a.ended_on >= :first)
ORDER BY a.person_id, a.started_on, a.id
"""
_SUPERIORS = """
SELECT person_id, supervisor_id FROM appointment
WHERE supervisor_id IS NOT NULL AND started_on <= :last AND (ended_on IS NULL OR ended_on >= :first)
ORDER BY person_id, started_on
"""


@dataclass(frozen=True)
class Heads:
    """Who leads the body: its head, and the chief of its staff where it names one."""

    body: int | None = None
    staff: int | None = None


def bodies_of(session: Session, ground: Ground) -> tuple[int, ...] | None:
    """The bodies a cycle covers: those its organisation file names and all below them; None where there is but one.

    Raises:
        NotFound: the file names a body the staff files do not know. MissingSetting: it names none of several.
    """
    codes = ground.organisation.settings.get("bodies")
    rows = execute(session, "SELECT id, code, parent_id FROM body").all()
    known = {row.code: row.id for row in rows}
    if not codes:
        highest = sorted(row.code for row in rows if row.parent_id is None)
        if len(highest) > 1:
            raise MissingSetting(
                f"The staff files know several bodies ({', '.join(highest)}), and {ground.organisation.key} does not say "
                "which are its own; set settings.bodies in its organisation file, such as "
                f"bodies: [{highest[0]}]."
            )
        return None
    for code in codes:
        if code not in known:
            raise NotFound(
                f"{ground.organisation.key}, settings.bodies: there is no body '{code}' in the staff files; "
                f"known are: {', '.join(sorted(known)) or 'none'}."
            )
    found = {known[code] for code in codes}
    while below := {row.id for row in rows if row.parent_id in found} - found:
        found |= below
    return tuple(sorted(found))


def servants(session: Session, ground: Ground, heads: Heads) -> Iterator[Servant]:
    """Every corps B servant of the period with the last post held in it, and the facts the act asks about.

    The last post decides on the body too: who moved on to another body inside the period is evaluated there.
    """
    bodies = bodies_of(session, ground)
    facts = _Facts(session, ground, heads)
    span = {"first": ground.period.first_day, "last": ground.period.last_day}
    last: Any = None
    for row in execute(session, _SERVANTS, span):
        if last is not None and last[0] != row[0] and _covered(bodies, last):
            yield facts.of(last)
        last = row
    if last is not None and _covered(bodies, last):
        yield facts.of(last)


def _covered(bodies: tuple[int, ...] | None, row: Any) -> bool:
    return bodies is None or row.body_id in bodies


class _Facts:
    """What is known of everybody, read once; `of` puts one servant together."""

    def __init__(self, session: Session, ground: Ground, heads: Heads) -> None:
        self.heads, self.period = heads, ground.period
        self.worked = WorkedDays(session, ground)
        self.superiors = _superiors(session, ground)
        self.returned = _returned(session, ground)
        self.away = _away(session, ground)

    def of(self, row: Any) -> Servant:
        (person, appointment, category, leadership, supervisor, unit_head, started, ended, dismissed,
         probation, host_unit, host_head, _) = row  # fmt: skip
        started, ended = as_day(started), None if ended is None else as_day(ended)
        days, source = self.worked.of(person, started, ended)
        again, why = self.returned.get(person, (None, ""))
        return Servant(
            person,
            appointment,
            category,
            bool(leadership),
            supervisor,
            unit_head,
            self.heads.body or supervisor,
            started,
            ended,
            bool(dismissed),
            days,
            source,
            superior=self.superiors.get(supervisor) if supervisor is not None else None,
            host_unit_head=host_head,
            chief_of_staff=self.heads.staff,
            seconded=host_unit is not None,
            probation_until=None if probation is None else as_day(probation),
            tenure_from=again,
            tenure_from_why=why,
            away=person in self.away,
        )


def _superiors(session: Session, ground: Ground) -> Mapping[int, int]:
    """The direct supervisor of everybody in the period, by the latest appointment (U-1, M-3)."""
    span = {"first": ground.period.first_day, "last": ground.period.last_day}
    return {row[0]: row[1] for row in execute(session, _SUPERIORS, span)}


def _returned(session: Session, ground: Ground) -> Mapping[int, tuple[date, str]]:
    """The day from which the time in the post counts anew, after a leave the act names (M-9, reading M-Q13)."""
    if "tenure_restarts_after" not in ground.law.values:
        return {}
    found: dict[int, tuple[date, str]] = {}
    wanted = set(ground.law.value("tenure_restarts_after"))
    rows = execute(
        session,
        "SELECT person_id, kind, last_day FROM absence WHERE first_day <= :last AND last_day >= :first ORDER BY last_day",
        {"first": ground.period.first_day, "last": ground.period.last_day},
    )
    for person, kind, last in rows:
        if kind in wanted:
            found[person] = (as_day(last) + timedelta(days=1), f"after {kind.replace('_', ' ')}")
    return found


def _away(session: Session, ground: Ground) -> frozenset[int]:
    """Who is away between the end of the period and the last day of its evaluation, for a reason the act names.

    One day of that time is enough, or it must be the whole (A-Q8): one unbroken absence, or several without a gap.
    """
    term = ground.law.deadlines.get(ground.deadline_id("absent") or "")
    if term is None or "absences_without_participation" not in ground.law.values:
        return frozenset()
    last = due(ground.law, term, ground.calendar, ground.period, {}).due
    if last is None:
        return frozenset()
    span = {"f": ground.period.day_after, "l": last}
    kinds = set(ground.law.value("absences_without_participation"))
    whole = ground.law.decision("absence_at_evaluation") == "whole_time"
    missed: dict[int, date] = {}
    found: set[int] = set()
    for person, kind, first, end in execute(session, _ABSENT, span):
        if kind not in kinds:
            continue
        reached = missed.get(person, span["f"])
        if as_day(first) <= reached:
            missed[person] = max(reached, as_day(end) + timedelta(days=1))
        if not whole or missed.get(person, span["f"]) > last:
            found.add(person)
    return frozenset(found)


_ABSENT = (
    "SELECT person_id, kind, first_day, last_day FROM absence WHERE first_day <= :l AND last_day >= :f"
    " ORDER BY person_id, first_day"
)


class WorkedDays:
    """Working days actually worked in the period: the timesheet's figure, else the calendar less absences (N-14)."""

    def __init__(self, session: Session, ground: Ground) -> None:
        period, calendar = ground.period, ground.calendar
        self.first, self.last = period.first_day, period.last_day
        low = bisect_left(calendar.days, self.first.toordinal())
        high = bisect_right(calendar.days, self.last.toordinal())
        self.days = calendar.days[low:high]
        self.sheet: dict[int, int] = {
            row[0]: row[1]
            for row in execute(
                session, ("SELECT person_id, days FROM worked_days WHERE period = :p"), {"p": str(period)}
            )
        }
        # an act that asks for no days actually worked names no absences either
        away = tuple(ground.law.value("absences_not_worked")) if "absences_not_worked" in ground.law.values else ()
        self.absences: dict[int, list[tuple[date, date]]] = defaultdict(list)
        for person, kind, first, last in execute(
            session,
            ("SELECT person_id, kind, first_day, last_day FROM absence WHERE first_day <= :l AND last_day >= :f"),
            {"f": self.first, "l": self.last},
        ):
            if kind in away:
                self.absences[person].append((as_day(first), as_day(last)))

    def of(self, person: int, started: date, ended: date | None) -> tuple[int, str]:
        """Days and where they come from."""
        if person in self.sheet:
            return self.sheet[person], "timesheet"
        first, last = max(started, self.first), min(ended or self.last, self.last)
        if person not in self.absences:
            return self._between(first, last), "calendar"
        away: set[int] = set()
        for start, end in self.absences[person]:
            low, high = self._range(max(start, first), min(end, last))
            away.update(range(low, high))
        return self._between(first, last) - len(away), "calendar"

    def _range(self, first: date, last: date) -> tuple[int, int]:
        return bisect_left(self.days, first.toordinal()), bisect_right(self.days, last.toordinal())

    def _between(self, first: date, last: date) -> int:
        low, high = self._range(first, last)
        return max(high - low, 0)
