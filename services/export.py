"""A cycle's evidence for an auditor who does not trust the program."""

from __future__ import annotations

import json
from typing import Any

from sqlmodel import Session

from models.sql import execute
from services.ground import find_cycle


def exported(session: Session, key: str) -> dict[str, list[tuple[Any, ...]]]:
    """A cycle's evidence for an auditor by file name: entries as hashed, steps, terms; ids and personnel numbers only."""
    cycle = find_cycle(session, key)
    entries = execute(
        session,
        ("SELECT seq, body, prev_hash, hash FROM journal_entry WHERE cycle_id = :c ORDER BY seq"),
        {"c": cycle.id},
    )
    steps = execute(
        session,
        (
            "SELECT e.seq, e.at, e.recorded_at, e.event, p.personnel_no, j.assessment_id, j.version, j.from_stage, j.to_stage,"
            " j.acted_by, j.acted_at, j.note FROM journal_row j JOIN journal_entry e ON e.id = j.entry_id"
            " JOIN assessment a ON a.id = j.assessment_id JOIN person p ON p.id = a.person_id"
            " WHERE a.cycle_id = :c ORDER BY e.seq, j.assessment_id"
        ),
        {"c": cycle.id},
    )
    terms = execute(
        session,
        (
            "SELECT deadline_id, anchor, anchor_date, due, target, due_at, point, rules, readings, reason FROM term"
            " WHERE cycle_id = :c ORDER BY due_at, id"
        ),
        {"c": cycle.id},
    )
    return {
        "journal.jsonl": [(json.dumps(row._asdict(), ensure_ascii=False),) for row in entries],
        "steps.csv": [tuple(steps.keys()), *(tuple(row) for row in steps)],
        "terms.csv": [tuple(terms.keys()), *(tuple(row) for row in terms)],
    }
