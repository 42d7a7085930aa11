"""The figures of a lived year, every one asked of the database (or counted on the disk) at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cli.demonstration.scene import rows
from cli.simulation.world import World
from rules.stages import STAGES
from services import audit, plan_watch


@dataclass(frozen=True)
class Figures:
    """What `bagalau demo --json` prints of several cycles; the parts an act does not have are None and left out."""

    people: int
    assessments: int
    exempt: int
    stages: dict[str, int]
    grades: dict[str, int]
    deadlines: dict[str, int]
    notices: dict[str, Any]
    calibration: dict[str, int]
    documents: int
    journal_rows: int
    flow_runs: int
    report: str
    cycles: list[dict[str, Any]]
    plans: dict[str, Any] | None = None
    commission: dict[str, int] | None = None
    appeals: dict[str, int] | None = None

    def as_data(self) -> dict[str, Any]:
        """The figures as they are printed."""
        return {key: value for key, value in asdict(self).items() if value is not None}


def figures(session: Session, world: World, now: datetime) -> Figures:
    """Ask for all of them."""
    stages = _counted(session, "SELECT stage, COUNT(*) FROM assessment GROUP BY stage")
    place = world.place
    return Figures(
        people=_one(session, "SELECT COUNT(*) FROM person"),
        assessments=sum(stages.values()),
        exempt=stages.get("exempt", 0),
        stages={stage: stages[stage] for stage in STAGES if stage in stages},
        grades=_grades(session, world),
        deadlines=_deadlines(session, world, now),
        notices={
            "by_channel": _counted(session, "SELECT channel, COUNT(*) FROM notice GROUP BY channel ORDER BY channel")
        },
        calibration={name: _one(session, query) for name, query in _CALIBRATION.items()},
        documents=sum(1 for _ in place.folder.rglob("*.pdf")),
        journal_rows=_one(session, "SELECT COUNT(*) FROM journal_row"),
        flow_runs=0,
        report=place.shown(place.report),
        cycles=[
            {"key": row.key, "evaluation": row.evaluation, "period": row.period, "stage": row.stage}
            for row in rows(session, "SELECT key, evaluation, period, stage FROM cycle ORDER BY id")
        ],
        plans=_plans(session, world, now) if world.drawn else None,
        commission=_of(session, _COMMISSION) if _has(world, "submitted") else None,
        appeals=_appeals(session) if any("appeal" in run.ground.evaluation.branches for run in world.runs) else None,
    )


_CALIBRATION = {
    "requests": "SELECT COUNT(*) FROM calibration_request",
    "sessions": "SELECT COUNT(*) FROM calibration_session",
    "changed": "SELECT COUNT(*) FROM calibration_session WHERE score_after <> score_before",
}
_COMMISSION = {
    "sittings": "SELECT COUNT(*) FROM commission_sitting",
    "decided": "SELECT COUNT(*) FROM commission_decision",
    "revised": "SELECT COUNT(*) FROM commission_decision WHERE decision = 'revise'",
    "orders": "SELECT COUNT(*) FROM commission_order",
}


def _has(world: World, stage: str) -> bool:
    return any(stage in run.path for run in world.runs)


def _one(session: Session, query: str) -> int:
    return int(rows(session, query)[0][0])


def _of(session: Session, queries: dict[str, str]) -> dict[str, int]:
    return {name: _one(session, query) for name, query in queries.items()}


def _counted(session: Session, query: str) -> dict[str, int]:
    return {row[0]: row[1] for row in rows(session, query)}


def _grades(session: Session, world: World) -> dict[str, int]:
    """Results in force by grade, the grades of every scale that was used in its order."""
    found = _counted(
        session,
        "SELECT r.grade, COUNT(*) FROM result r JOIN assessment a ON a.id = r.assessment_id AND a.result_version = r.version"
        " WHERE r.grade IS NOT NULL GROUP BY r.grade",
    )
    scales = [run.ground.scale for run in world.runs]
    order = dict.fromkeys(band.id for scale in scales if scale for band in scale.bands)
    return {grade: found.get(grade, 0) for grade in (*order, *(set(found) - set(order)))}


def _deadlines(session: Session, world: World, now: datetime) -> dict[str, int]:
    """Obligations of the cycles and of the plans together."""
    total: Counter[str] = Counter({"kept": 0, "late": 0, "missed": 0})
    for run in world.runs:
        total.update(audit.summary(audit.verdicts(session, run.key, now)))
    for one in world.drawn:
        for counts in plan_watch.status(session, one.key, now)["terms"].values():
            total.update(counts)
    return {word: total[word] for word in ("kept", "late", "missed")}


def _plans(session: Session, world: World, now: datetime) -> dict[str, Any]:
    held = [plan_watch.status(session, one.key, now) for one in world.drawn]
    stages: Counter[str] = Counter()
    for one in held:
        stages.update(one["stages"])
    return {
        "rounds": len(held),
        "people": sum(one["people"] for one in held),
        "stages": dict(stages),
        "returned": _one(session, "SELECT COUNT(*) FROM plan_event WHERE event = 'plan_returned'"),
        "changed": _one(session, "SELECT COUNT(*) FROM plan_event WHERE event = 'plan_changed'"),
        "monitored": _one(session, "SELECT COUNT(*) FROM plan_monitoring"),
    }


def _appeals(session: Session) -> dict[str, int]:
    return {
        "lodged": _one(session, "SELECT COUNT(*) FROM appeal"),
        "late": _one(session, "SELECT COUNT(*) FROM appeal WHERE late = true"),
        "dismissed": _one(session, "SELECT COUNT(*) FROM appeal_outcome WHERE outcome = 'dismissed'"),
        "revision_recommended": _one(
            session, "SELECT COUNT(*) FROM appeal_outcome WHERE outcome = 'revision_recommended'"
        ),
        "reported": _one(session, "SELECT COUNT(*) FROM appeal_report"),
        "court": _one(session, "SELECT COUNT(*) FROM court_record"),
    }
