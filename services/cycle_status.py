"""How cycles stand: counts by stage, dates, what needs a hand; what the machine remembers of its own walks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlmodel import Session, col, select

from models import Cycle
from models.base import as_day, stamp
from models.sql import execute
from rules.stages import ABANDONED
from services.ground import find_cycle, ground_of
from services.owed import bound, waiting

if TYPE_CHECKING:
    from services.attention import Finding


@dataclass(frozen=True)
class TermLine:
    """One deadline of a cycle for the dashboards; so many are `waiting`: they still owe it, in time or late.

    `binds` is False where nobody in this cycle owes it or ever did: a deadline of another evaluation of the act, of the
    year in a quarter that is not its last, or one that passed without a case.
    """

    deadline_id: str
    due: date
    target: date
    point: str
    waiting: int
    binds: bool = True


@dataclass(frozen=True)
class CycleStatus:
    """How a cycle stands: counts and what needs a hand; people by personnel number.

    Attributes:
        evaluation: what it evaluates, by its id in the act. path, branches: the stages and side lines of its life.
    """

    key: str
    act: str
    period: str
    stage: str
    people: int
    exempt: int
    counts: dict[str, int]
    terms: list[TermLine]
    tracker_run: str | None
    findings: list[Finding] = field(default_factory=list)
    evaluation: str = ""
    path: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()


def status(session: Session, key: str, now: datetime | None = None) -> CycleStatus:
    """How the cycle stands, in a dozen queries at any size; with `now` also what needs a person's hand at that moment."""
    from services.attention import findings  # it asks through the ladder which cycles are open

    cycle = find_cycle(session, key)
    one = ground_of(session, cycle).evaluation
    counts = {
        row[0]: row[1]
        for row in execute(
            session,
            ("SELECT stage, COUNT(*) FROM assessment WHERE cycle_id = :c GROUP BY stage ORDER BY stage"),
            {"c": cycle.id},
        )
    }
    terms = execute(session, _TERMS, {"c": cycle.id}).all()
    lines = [
        TermLine(one.deadline_id, as_day(one.due), as_day(one.target), one.point, owing, owing > 0 or binds)
        for one, owing, binds in zip(
            terms, waiting(session, cycle, terms, now), bound(session, cycle, terms, now), strict=True
        )
    ]
    return CycleStatus(
        cycle.key,
        cycle.act,
        cycle.period,
        cycle.stage,
        sum(counts.values()),
        counts.get("exempt", 0),
        counts,
        lines,
        cycle.tracker_run,
        findings(session, key, now) if now else [],
        cycle.evaluation,
        one.path,
        one.branches,
    )


_TERMS = (
    "SELECT deadline_id, anchor_date, due, target, point FROM term WHERE cycle_id = :c ORDER BY due_at, deadline_id"
)


def every(session: Session) -> list[dict[str, object]]:
    """Every cycle with its stage, oldest first."""
    return [
        {"key": one.key, "act": one.act, "period": one.period, "stage": one.stage, "opened_at": one.opened_at,
         "closed_at": one.closed_at, "time_zone": one.time_zone}
        for one in session.exec(select(Cycle).order_by(col(Cycle.id))).all()
    ]  # fmt: skip


_PEOPLE = """
SELECT p.personnel_no AS person, a.stage, a.form, e.personnel_no AS evaluator, m.personnel_no AS marker, a.dismissed,
 a.plan_rules AS rules, a.plan_note AS note
FROM assessment a JOIN person p ON p.id = a.person_id LEFT JOIN person e ON e.id = a.evaluator_id
LEFT JOIN person m ON m.id = a.marker_id WHERE a.cycle_id = :c AND (CAST(:s AS TEXT) IS NULL OR a.stage = :s)
ORDER BY p.personnel_no
"""


def people(session: Session, cycle: Cycle, stage: str | None = None) -> list[dict[str, object]]:
    """Who is evaluated by whom on which form, and who is exempt why; personnel numbers only (N-23)."""
    rows = execute(session, _PEOPLE, {"c": cycle.id, "s": stage})
    return [row._asdict() | {"dismissed": bool(row.dismissed)} for row in rows]


def unclosed(session: Session) -> list[str]:
    """Keys of the cycles that are neither closed nor abandoned, oldest first."""
    open_ones = select(Cycle.key).where(col(Cycle.stage).not_in(("closed", ABANDONED)))
    return list(session.exec(open_ones.order_by(col(Cycle.id))).all())


def set_tracker(session: Session, key: str, run_id: str) -> None:
    """Remember which run shows the cycle in Prefect; it is only a projection."""
    execute(session, "UPDATE cycle SET tracker_run = :r WHERE key = :k", {"r": run_id, "k": key})


def finish(session: Session, key: str, now: datetime) -> None:
    """Remember when the cycle was last advanced."""
    execute(
        session,
        ("UPDATE cycle SET advanced_at = :n WHERE key = :k AND (advanced_at IS NULL OR advanced_at < :n)"),
        {"n": stamp(now), "k": key},
    )
