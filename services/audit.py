"""Deadline by deadline: was it kept? Counted in the database from stored instants, one query per deadline and day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import Cycle
from models.base import as_day, stamp
from models.sql import execute
from rules.audit import KEPT, LATE, MISSED, NOT_YET, Verdict
from rules.stages import ABANDONED
from rules.terms import end_of_day
from services import alerts
from services.attention import findings
from services.ground import find_cycle, ground_of
from services.obligations import Obligation, obligation_of


def verdicts(session: Session, key: str, now: datetime) -> list[Verdict]:
    """How every deadline of the cycle stands, one line per deadline and day (`rules.audit.verdict` in sets)."""
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    found = []
    for term in terms_of(session, cycle):
        obligation = obligation_of(ground, term.deadline_id)
        if obligation:
            counts = _count(session, cycle, term, obligation, now)
            if counts:
                found.append(
                    Verdict(term.deadline_id, str(term.due), term.point, term.reason, counts, obligation.optional)
                )
    return found


def terms_of(session: Session, cycle: Cycle) -> list[Any]:
    """Every term of a cycle in the order of their ends; none of one that was given up."""
    if cycle.stage == ABANDONED:  # nothing is owed any more; the period's next cycle owes it
        return []
    return list(
        execute(
            session,
            (
                "SELECT deadline_id, anchor_date, due, due_at, point, rules, readings, reason, house FROM term"
                " WHERE cycle_id = :c"
                " ORDER BY due_at, deadline_id"
            ),
            {"c": cycle.id},
        ).all()
    )


def window(cycle: Cycle, term: Any) -> dict[str, str]:
    """The first and the last instant of the day on which a term began."""
    day = as_day(term.anchor_date)
    return {
        "first": stamp(end_of_day(day - timedelta(days=1), cycle.time_zone)),
        "last": stamp(end_of_day(day, cycle.time_zone)),
    }


def within(obligation: Obligation) -> str:
    """SQL: the case began on the day of the term."""
    return f" AND {obligation.began} >= :first AND {obligation.began} < :last" if obligation.began else ""


def _count(session: Session, cycle: Cycle, term: Any, obligation: Obligation, now: datetime) -> dict[str, int]:
    rows = execute(
        session,
        (
            f"SELECT verdict, COUNT(*) FROM (SELECT {VERDICT.format(done=obligation.done)} AS verdict"
            f" FROM {obligation.source}{within(obligation)}) v GROUP BY verdict"
        ),
        _values(cycle, term, obligation, now),
    )
    return {row[0]: row[1] for row in rows}


def _values(cycle: Cycle, term: Any, obligation: Obligation, now: datetime) -> dict[str, Any]:
    said = {"c": cycle.id, "due": term.due_at, "due_day": as_day(term.due), "now": stamp(now)}
    return said | (window(cycle, term) if obligation.began else {})


#: `rules.audit.verdict`, said once more where the rows are; a test holds the two together
VERDICT = (
    "CASE WHEN {done} IS NOT NULL AND {done} < :due THEN 'kept' WHEN {done} IS NOT NULL THEN 'late'"
    " WHEN :now >= :due THEN 'missed' ELSE 'open' END"
)


def summary(found: list[Verdict]) -> dict[str, int]:
    """kept, late, missed, open over all deadlines of law; those of the house and a right used too late are no breach."""
    total: Counter[str] = Counter({KEPT: 0, LATE: 0, MISSED: 0, NOT_YET: 0})
    for verdict in found:
        if not verdict.deadline.startswith("house_"):
            right = verdict.right
            total.update({word: n for word, n in verdict.counts.items() if not right or word == KEPT})
    return dict(total)


@dataclass(frozen=True)
class Breach:
    """One obligation done late or not at all; the person by personnel number only."""

    deadline: str
    point: str
    due: str
    verdict: str
    personnel_no: str
    assessment_id: int
    done_at: str | None


@dataclass(frozen=True)
class CaseVerdict:
    """How one deadline stood for one person, with the law behind it; `right`: not using it is no breach."""

    deadline: str
    due: str
    verdict: str
    done_at: str | None
    point: str
    rules: list[str]
    readings: list[str]
    reason: str
    right: bool


def of_case(session: Session, cycle: Cycle, assessment_id: int, now: datetime) -> list[CaseVerdict]:
    """Every deadline that binds somebody in one evaluation, in the order of the days."""
    ground = ground_of(session, cycle)
    found = []
    for term in terms_of(session, cycle):
        obligation = obligation_of(ground, term.deadline_id)
        if obligation:
            query = (
                f"SELECT DISTINCT {VERDICT.format(done=obligation.done)} AS verdict, {obligation.done} AS done"
                f" FROM {obligation.source}{within(obligation)} AND a.id = :a"
            )
            rows = execute(session, query, _values(cycle, term, obligation, now) | {"a": assessment_id})
            found += [
                CaseVerdict(term.deadline_id, str(term.due), row.verdict, row.done, term.point, _listed(term.rules),
                            _listed(term.readings), term.reason, obligation.optional) for row in rows
            ]  # fmt: skip
    return found


def _listed(said: str) -> list[str]:
    return said.split(", ") if said else []


def breaches(session: Session, key: str, now: datetime, limit: int = 1000) -> list[Breach]:
    """Every late or missed obligation of the cycle, oldest deadline first."""
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    found: list[Breach] = []
    for term in terms_of(session, cycle):
        obligation = obligation_of(ground, term.deadline_id)
        if obligation and not obligation.optional and len(found) < limit:
            found += _breaches(session, cycle, term, obligation, now, limit - len(found))
    return found


def _breaches(
    session: Session, cycle: Cycle, term: Any, obligation: Obligation, now: datetime, limit: int
) -> list[Breach]:
    verdict = VERDICT.format(done=obligation.done)
    rows = execute(
        session,
        (
            f"SELECT DISTINCT v.verdict, p.personnel_no, v.id, v.done FROM (SELECT a.id AS id, a.person_id AS person,"
            f" {obligation.done} AS done, {verdict} AS verdict FROM {obligation.source}{within(obligation)}) v"
            " JOIN person p ON p.id = v.person WHERE v.verdict IN ('late', 'missed') ORDER BY v.id LIMIT :limit"
        ),
        _values(cycle, term, obligation, now) | {"limit": limit},
    )
    return [Breach(term.deadline_id, term.point, str(term.due), row[0], row[1], row[2], row[3]) for row in rows]


def daily(session: Session, key: str, now: datetime) -> dict[str, int]:
    """The daily look at every deadline; HR is told when something is late, missed or due within three working days.

    And of a schedule that waits for its days or approval (N-25), of sheets nobody can sign any more (N-9): `findings`
    counts what needs a hand beside the verdicts.
    """
    found, wanted = verdicts(session, key, now), findings(session, key, now)
    alerts.write(session, find_cycle(session, key), found, wanted, now)
    return summary(found) | ({"findings": len(wanted)} if wanted else {})


def alert(session: Session, key: str, now: datetime) -> int:
    """The same look for the sake of its alerts; return how many are new."""
    found, wanted = verdicts(session, key, now), findings(session, key, now)
    return alerts.write(session, find_cycle(session, key), found, wanted, now)
