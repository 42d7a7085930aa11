"""What nears or passed is said to HR each working day until it is done; what passed, to the superior of who is late too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session

from models import Cycle
from models.base import as_day, stamp
from models.sql import execute
from notifications import kinds
from rules.audit import MISSED, NOT_YET, Verdict
from rules.terms import end_of_day
from services.attention import Finding
from services.ground import Ground, ground_of
from services.obligations import obligation_of
from services.officials import alerted, holder
from services.schedule import wanted_by
from services.telling import tell, tell_one
from services.terms import SCHEDULE_END, role_term

#: working days before its end from which a deadline is near
WARNED = 3


def write(session: Session, cycle: Cycle, found: Sequence[Verdict], wanted: Sequence[Finding], now: datetime) -> int:
    """Tell HR of every deadline that is near or was missed, of a schedule that waits (N-25) and of sheets nobody can sign
    (N-9); tell the superior of every one that was missed. Return how many notices are new; none on a day off.
    """
    ground = ground_of(session, cycle)
    today = ground.day_of(now)
    hr = alerted(session, cycle, today)
    if hr is None or not ground.calendar.is_working(today):
        return 0
    done = 0
    for line in found:
        missed, open_ones = line.counts.get(MISSED, 0), line.counts.get(NOT_YET, 0)
        urgent = missed + (open_ones if _near(ground, line, today) else 0)
        if urgent and not line.deadline.startswith("house_"):
            done += _alert(session, cycle, ground, line, {hr: urgent}, now)
        if missed and not line.right and not line.deadline.startswith("house_"):
            done += _alert(session, cycle, ground, line, _above(session, cycle, ground, line, hr, now), now)
    if cycle.stage == "draft":
        done += _ask_for_schedule(session, cycle, hr, now)
    return done + _ask_for_substitutes(session, cycle, sum(one.count for one in wanted if one.sheets), hr, now)


def _near(ground: Ground, one: Verdict, today: date) -> bool:
    due = as_day(one.due)
    return today <= due and ground.calendar.count(today, due) <= WARNED


def _alert(
    session: Session, cycle: Cycle, ground: Ground, found: Verdict, counts: Mapping[int, int], now: datetime
) -> int:
    """One alert a day for each deadline and person; whoever is told as HR is not told as superior once more."""
    if not counts:
        return 0
    # the place in the act's list keeps the rounds of one day apart
    place = [*ground.law.deadlines, SCHEDULE_END].index(found.deadline)
    said = kinds.deadline_alert(period=cycle.period, due=found.due, count=sum(counts.values()), point=found.point)
    # our own whole numbers; both databases call the columns of a list of values so
    values = ", ".join(f"({person}, {count})" for person, count in sorted(counts.items()))
    return tell(
        session, said, cycle, now, counted=True, round=ground.day_of(now).toordinal() * 100 + place,
        select=f"SELECT 0 AS assessment_id, column1 AS recipient_id, column2 AS count FROM (VALUES {values}) AS late",
    )  # fmt: skip


# --- the superior ------------------------------------------------------------------------------------------


def _above(session: Session, cycle: Cycle, ground: Ground, line: Verdict, hr: int, now: datetime) -> dict[int, int]:
    """Superior -> how much is late below: of the evaluators, of who decides, and of HR, which answers for all the rest."""
    late = Counter(_evaluators(session, cycle, ground, line, now))
    rest = line.counts[MISSED] - late.total()
    if line.deadline == ground.deadline_id("decision"):
        official = holder(session, cycle, "appointing_official", ground.day_of(now))
        late.update({} if official is None else {official: rest})
    elif rest > 0:
        late[hr] += rest
    found: Counter[int] = Counter()
    for person, above in _superiors(session, late, ground.day_of(now)).items():
        found[above] += late[person]
    return dict(found)


def _evaluators(session: Session, cycle: Cycle, ground: Ground, line: Verdict, now: datetime) -> dict[int, int]:
    """Who holds how many of the unsigned sheets that are late, where the deadline is one for signing sheets."""
    owed = obligation_of(ground, line.deadline)
    if owed is None or owed.done not in ("a.completed_at", "a.signed_at") or "marked" not in ground.walk.steps:
        return {}
    stages = ", ".join(f"'{stage}'" for stage in ground.step("marked").moves)
    query = (
        f"SELECT a.marker_id, COUNT(*) AS n FROM {owed.source} AND {owed.done} IS NULL AND a.stage IN ({stages})"
        " AND a.marker_id IS NOT NULL GROUP BY a.marker_id"
    )
    due = as_day(line.due)
    values = {"c": cycle.id, "due": stamp(end_of_day(due, ground.zone)), "due_day": due, "now": stamp(now)}
    return {row.marker_id: row.n for row in execute(session, query, values)}


def _superiors(session: Session, people: Mapping[int, int], today: date) -> dict[int, int]:
    """Person -> the supervisor by the latest post, else the head of the unit; who has left the body is nobody's."""
    if not people:
        return {}
    named = ", ".join(map(str, people))
    rows = execute(session, _ABOVE.format(people=named), {"today": today})
    return {row.person_id: row.above for row in rows if row.above is not None}


_ABOVE = """
SELECT s.person_id, s.above FROM (SELECT t.person_id, t.started_on, t.id,
 COALESCE(t.supervisor_id, CASE WHEN u.head_id <> t.person_id THEN u.head_id END) AS above
 FROM appointment t JOIN post o ON o.id = t.post_id JOIN unit u ON u.id = o.unit_id
 WHERE t.person_id IN ({people}) AND t.started_on <= :today) AS s
WHERE EXISTS (SELECT 1 FROM appointment b WHERE b.person_id = s.above AND (b.ended_on IS NULL OR b.ended_on >= :today))
ORDER BY s.started_on, s.id
"""


# --- schedules and substitutes -------------------------------------------------------------------------------


def _ask_for_schedule(session: Session, cycle: Cycle, hr: int, now: datetime) -> int:
    """Once a week, and daily when the last three working days for the approval have come."""
    ground = ground_of(session, cycle)
    today, last = ground.day_of(now), wanted_by(session, cycle, ground)
    near = last is not None and (today > last or ground.calendar.count(today, last) <= WARNED)
    point = ground.evaluation.source("schedule_approved").point
    return tell_one(
        session, kinds.schedule_needed(period=cycle.period, point=point, due=last), cycle, now, hr,
        round=today.toordinal() if near else today.toordinal() - today.weekday(),
    )  # fmt: skip


def _ask_for_substitutes(session: Session, cycle: Cycle, sheets: int, hr: int, now: datetime) -> int:
    ground = ground_of(session, cycle)
    term = role_term(session, cycle, "evaluation")
    if not sheets or term is None:
        return 0
    point = ground.evaluation.source("replaced").point
    asked = kinds.substitute_needed(period=cycle.period, due=term.due, count=sheets, point=point)
    return tell_one(session, asked, cycle, now, hr, round=ground.day_of(now).toordinal())
