"""The daily look at individual plans: which terms were kept, what waits for people, when the next terms end."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from models import PlanRound
from models.base import as_day, stamp
from models.sql import execute
from rules.audit import KEPT, LATE, MISSED, NOT_YET
from rules.period import Period
from rules.terms import end_of_day
from services.attention import Finding
from services.audit import VERDICT
from services.ground import ground_of
from services.plan_people import HOUSE_TERM
from services.plans import find_round, plan_of

#: the first time a returned plan was handed in after its last return
_AGAIN = (
    "(SELECT MIN(e.at) FROM plan_event e WHERE e.plan_id = w.id AND e.event = 'plan_drawn' AND e.version >"
    " (SELECT MAX(b.version) FROM plan_event b WHERE b.plan_id = w.id AND b.event = 'plan_returned'))"
)
#: role of a term in the act's plan -> (the column of its last day, the instant it was done)
_TERMS = {
    "drawn": (f"CASE WHEN w.due_reason NOT LIKE '{HOUSE_TERM}%' THEN w.due END", "w.drawn_at"),
    HOUSE_TERM: (f"CASE WHEN w.due_reason LIKE '{HOUSE_TERM}%' THEN w.due END", "w.drawn_at"),
    "resubmitted": ("w.again_by", _AGAIN),
    "placed": ("w.place_by", "w.placed_at"),
}
_OF_ROUND = "FROM work_plan w WHERE w.round_id = :r AND w.stage <> 'not_set'"


def unfinished(session: Session, now: datetime) -> list[str]:
    """Keys of the rounds whose period is not over in their zone, oldest first."""
    held = session.exec(select(PlanRound).order_by(PlanRound.id)).all()  # type: ignore[arg-type]
    return [
        one.key for one in held if now.astimezone(ZoneInfo(one.time_zone)).date() <= Period.parse(one.period).last_day
    ]


def verdicts(session: Session, key: str, now: datetime) -> dict[str, dict[str, int]]:
    """Role of a term -> kept, late, missed, open; counted in the database, one query for each last day."""
    held = find_round(session, key)
    found: dict[str, dict[str, int]] = {}
    for role, (last, done) in _TERMS.items():
        counts: Counter[str] = Counter()
        for day in _days(session, held, last):
            rows = execute(
                session,
                f"SELECT {VERDICT.format(done=done)} AS verdict, COUNT(*) {_OF_ROUND} AND {last} = :day GROUP BY 1",
                {"r": held.id, "day": day, "due": stamp(end_of_day(day, held.time_zone)), "now": stamp(now)},
            )
            counts.update({row[0]: row[1] for row in rows})
        if counts:
            found[role] = dict(counts)
    return found


def _days(session: Session, held: PlanRound, last: str) -> list[date]:
    rows = execute(
        session, f"SELECT DISTINCT {last} AS day {_OF_ROUND} AND {last} IS NOT NULL ORDER BY 1", {"r": held.id}
    )
    return [as_day(row) for row in rows.scalars()]


def daily(session: Session, key: str, now: datetime) -> dict[str, int]:
    """How all terms of law of a round stand together, and under `findings` how much waits for a person."""
    total: Counter[str] = Counter({KEPT: 0, LATE: 0, MISSED: 0, NOT_YET: 0})
    for role, counts in verdicts(session, key, now).items():
        total.update({} if role == HOUSE_TERM else counts)
    wanted = findings(session, key, now)
    return {**total, **({"findings": len(wanted)} if wanted else {})}


def findings(session: Session, key: str, now: datetime) -> list[Finding]:
    """What needs a hand in a round: plans nobody can draw up, that wait for the other side, or whose term is over."""
    held = find_round(session, key)
    described = plan_of(ground_of(session, held), held)  # type: ignore[arg-type]
    source = f"{', '.join(described.rules[:1])}, {described.point}"
    alone, waiting = execute(
        session,
        "SELECT SUM(CASE WHEN w.supervisor_id IS NULL AND w.stage = 'due' THEN 1 ELSE 0 END),"
        f" SUM(CASE WHEN w.stage = 'drawn' THEN 1 ELSE 0 END) {_OF_ROUND}",
        {"r": held.id},
    ).one()
    missed = sum(counts.get(MISSED, 0) for counts in verdicts(session, key, now).values())
    said = (
        ("plan_without_supervisor", alone, "have nobody who draws them up; fill in the supervisors in the staff file"),
        ("plan_to_approve", waiting, f"wait for approval or signature; `bagalau plans show {key}` lists them"),
        ("plan_overdue", missed, f"are over their term; `bagalau plans show {key}` lists them"),
    )
    return [Finding(kind, count, f"{count} plans of {key} {says} ({source}).") for kind, count, says in said if count]


def ends(session: Session, key: str, now: datetime) -> list[datetime]:
    """The instants after `now` at which a term of a plan that was not kept yet is over, each once."""
    held = find_round(session, key)
    days = {
        as_day(row)
        for last, done in _TERMS.values()
        for row in execute(
            session, f"SELECT DISTINCT {last} {_OF_ROUND} AND {last} IS NOT NULL AND {done} IS NULL", {"r": held.id}
        ).scalars()
    }
    return sorted(end for end in (end_of_day(day, held.time_zone) for day in days) if end > now)
