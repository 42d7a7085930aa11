"""The figures of a finished demonstration, every one asked of the database (or counted on the disk) at the end."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from cli.demonstration.place import Place
from cli.demonstration.scene import rows
from cli.report import reaching
from rules.law import Law
from rules.stages import STAGES
from services import audit
from services.ground import find_cycle
from services.rungs import rungs


@dataclass(frozen=True)
class Figures:
    """What `bagalau demo --json` prints."""

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


def figures(session: Session, place: Place, key: str, law: Law, now: datetime, flow_runs: int) -> Figures:
    """Ask for all of them."""
    by_stage = _counted(session, f"SELECT stage, COUNT(*) FROM assessment WHERE {_MINE} GROUP BY stage", key)
    return Figures(
        people=_one(session, "SELECT COUNT(*) FROM person", key),
        assessments=sum(by_stage.values()),
        exempt=by_stage.get("exempt", 0),
        stages={stage: by_stage[stage] for stage in STAGES if stage in by_stage},
        grades=_grades(session, law, key),
        deadlines=_deadlines(session, key, now),
        notices={"by_channel": _counted(session, _NOTICES, key), **_reached(session, key)},
        calibration={name: _one(session, query, key) for name, query in _CALIBRATION.items()},
        documents=sum(1 for _ in place.folder.rglob("*.pdf")),
        journal_rows=_one(session, "SELECT COUNT(*) FROM journal_row", key),
        flow_runs=flow_runs,
        report=place.shown(place.report),
    )


_MINE = "cycle_id = (SELECT id FROM cycle WHERE key = :k)"
_NOTICES = f"SELECT channel, COUNT(*) FROM notice WHERE {_MINE} GROUP BY channel ORDER BY channel"
_CASES = f"FROM calibration_request r JOIN assessment a ON a.id = r.assessment_id WHERE a.{_MINE}"
_SESSIONS = f"FROM calibration_session s JOIN assessment a ON a.id = s.assessment_id WHERE a.{_MINE}"
_CALIBRATION = {
    "requests": f"SELECT COUNT(*) {_CASES}",
    "sessions": f"SELECT COUNT(*) {_SESSIONS}",
    "changed": f"SELECT COUNT(*) {_SESSIONS} AND s.score_after <> s.score_before",
}
_GRADES = (
    "SELECT r.grade, COUNT(*) FROM result r JOIN assessment a ON a.id = r.assessment_id AND a.result_version = r.version"
    f" WHERE a.{_MINE} GROUP BY r.grade"
)


def _one(session: Session, query: str, key: str) -> int:
    values = {"k": key} if ":k" in query else {}
    return int(rows(session, query, **values)[0][0])


def _counted(session: Session, query: str, key: str) -> dict[str, int]:
    return {row[0]: row[1] for row in rows(session, query, k=key)}


def _grades(session: Session, law: Law, key: str) -> dict[str, int]:
    found = _counted(session, _GRADES, key)
    scale = law.scale_of(law.evaluation())
    return {grade.id: found.get(grade.id, 0) for grade in (scale.bands if scale else ())}


def _reached(session: Session, key: str) -> dict[str, dict[str, int]]:
    """By channel: sent in time, delivered, not reached; and how many notices went on to a next channel."""
    cycle = find_cycle(session, key)
    lines = reaching.channels(session, cycle.id or 0)
    return {
        "sent_in_time": {one.channel: one.in_time for one in lines if one.in_time},
        "delivered": {one.channel: one.words["delivered"] for one in lines if one.words["delivered"]},
        "not_reached": {one.channel: one.failed for one in lines if one.failed},
        "next_channel": dict(Counter(one.channel for one in rungs(session, cycle))),
    }


def _deadlines(session: Session, key: str, now: datetime) -> dict[str, int]:
    found = audit.summary(audit.verdicts(session, key, now))
    return {verdict: found[verdict] for verdict in ("kept", "late", "missed")}
