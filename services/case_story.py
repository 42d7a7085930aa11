"""One person's whole story in a cycle, for an auditor: every step, the content behind it, deadlines, notices."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models import Cycle
from models.sql import execute
from services.audit import of_case
from services.content import KINDS, TOLD, written_by
from services.content_rows import Readable, held, numbers_of
from services.facts import assessment_id
from services.ground import find_cycle

_STEPS = """
SELECT e.seq, e.event, COALESCE(j.acted_at, e.at) AS at, e.recorded_at, e.body, j.from_stage, j.to_stage, j.acted_by, j.note
FROM journal_row j JOIN journal_entry e ON e.id = j.entry_id WHERE j.assessment_id = :a ORDER BY e.seq
"""
#: acts on a person's request or notice that moved nobody
_BESIDE = """
SELECT e.seq, e.event, e.at, e.recorded_at, e.body, '' AS from_stage, '' AS to_stage, NULL AS acted_by, NULL AS note
FROM journal_content c JOIN journal_entry e ON e.id = c.entry_id
WHERE c.key = :key AND c.kind IN ({kinds}) AND e.cycle_id = :c ORDER BY e.seq
"""
_NOTICES = """
SELECT n.id, n.kind, n.channel, n.round, p.personnel_no AS recipient, n.state, n.created_at, n.due_at, n.handed_at, n.language,
 n.template, n.content_hash, n.reference, n.failure FROM notice n JOIN person p ON p.id = n.recipient_id
WHERE n.assessment_id = :a ORDER BY n.created_at, n.id
"""
_RECEIPTS = """
SELECT r.notice_id, r.event, r.at, r.recorded_at, r.source, p.personnel_no AS officer, r.reference, r.detail, r.scan_sha256
FROM receipt r JOIN notice n ON n.id = r.notice_id LEFT JOIN person p ON p.id = r.officer_id
WHERE n.assessment_id = :a ORDER BY r.at, r.id
"""
_ANNUAL = """
SELECT m.year, m.version, m.at, m.score, m.unrounded, m.grade, m.quarters, m.working, m.readings, m.due FROM annual_mark m
JOIN assessment a ON a.person_id = m.person_id WHERE a.id = :a AND m.act = :act AND m.year = :y ORDER BY m.version
"""


def story(session: Session, key: str, personnel_no: str, now: datetime) -> dict[str, Any]:
    """Everything recorded of one person in a cycle; people by personnel number (N-23).

    Args:
        now: the moment from which what is not done yet is open or missed.

    Raises:
        NotFound: no such cycle, or the person is no part of it.
    """
    cycle = find_cycle(session, key)
    number = assessment_id(session, cycle.id or 0, personnel_no)
    numbers = numbers_of(session)
    content = {kind.name: _content(session, cycle, number, kind.name, numbers) for kind in TOLD.values()}
    plan = content.pop("assessment")[0]
    steps = _steps(session, cycle, number, numbers)
    for sheet in content["sheet_content"]:
        sheet["recorded_at"] = _written(sheet, steps)
    stands = execute(
        session, "SELECT stage, result_version, familiarised_how FROM assessment WHERE id = :a", {"a": number}
    )
    return {
        "cycle": {"key": cycle.key, "act": cycle.act, "revision": cycle.revision, "period": cycle.period,
                  "time_zone": cycle.time_zone},
        "person": personnel_no,
        "assessment": number,
        **stands.one()._asdict(),
        "plan": {name: value for name, value in plan.items() if name not in ("cycle_id", "personnel_no", "person")},
        "steps": steps,
        "content": {name: rows for name, rows in content.items() if rows},
        "deadlines": of_case(session, cycle, number, now),
        "notices": _notices(session, number),
        "annual": [_opened(row._asdict()) for row in execute(
            session, _ANNUAL, {"a": number, "act": cycle.act, "y": int(cycle.period[:4])})],
    }  # fmt: skip


def _content(session: Session, cycle: Cycle, number: int, kind: str, numbers: dict[str, str]) -> list[dict[str, Any]]:
    shown = Readable(KINDS[kind], numbers)
    rows = held(session, cycle.id, KINDS[kind], number)
    return [_opened(dict(zip(shown.names, shown.row(row[3:]), strict=True))) for row in rows]


#: columns that hold JSON, and those that hold several things in one text
_JSON = ("alternatives", "sanctions", "more", "body", "quarters")
_LISTS = {"working": "\n", "rules": ", ", "readings": ", "}


def _opened(row: dict[str, Any]) -> dict[str, Any]:
    for name in _JSON:
        if row.get(name):
            row[name] = json.loads(row[name])
    for name, between in _LISTS.items():
        if name in row:
            row[name] = row[name].split(between) if row[name] else []
    return row


def _written(sheet: dict[str, Any], steps: list[dict[str, Any]]) -> str:
    """When a sheet was written down by the database's clock: its own moment is the one that was typed in with it."""
    signed = [one for one in steps if one["event"] in written_by("sheet_content") and one["at"] == sheet["signed_at"]]
    return str(signed[-1]["recorded_at"] if signed else sheet["recorded_at"])


def _steps(session: Session, cycle: Cycle, number: int, numbers: dict[str, str]) -> list[dict[str, Any]]:
    kinds = ", ".join(f"'{kind}'" for kind in TOLD)
    beside = execute(session, _BESIDE.format(kinds=kinds), {"key": str(number), "c": cycle.id})
    rows = [*execute(session, _STEPS, {"a": number}), *beside]
    return [_step(row, numbers) for row in sorted(rows, key=lambda row: row.seq)]


def _step(row: Any, numbers: dict[str, str]) -> dict[str, Any]:
    """A step; `at` is when it happened, `recorded_at` when it was written down by the database's clock."""
    body = json.loads(row.body)
    who, behalf = row.acted_by or body["actor"], body["on_behalf_of"]
    return {
        "entry": row.seq, "event": row.event, "at": row.at, "recorded_at": row.recorded_at, "actor": numbers.get(who, who),
        "on_behalf_of": numbers.get(behalf, behalf), "from": row.from_stage, "to": row.to_stage, "rules": body["rules"],
        "reason": body["reason"], "note": row.note,
    }  # fmt: skip


def _notices(session: Session, number: int) -> list[dict[str, Any]]:
    receipts = [row._asdict() for row in execute(session, _RECEIPTS, {"a": number})]
    return [
        row._asdict() | {"receipts": [one for one in receipts if one["notice_id"] == row.id]}
        for row in execute(session, _NOTICES, {"a": number})
    ]
