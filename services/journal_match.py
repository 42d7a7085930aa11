"""Does what stands beside the journal still say the same: stages, instants, assessments, results, pinned texts?"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from sqlmodel import Session, col, select

from models import Cycle
from models.sql import execute
from services.ground import ground_of


class _Set(NamedTuple):
    """The events that write an instant of an assessment, and those that take it back."""

    by: tuple[str, ...]
    back: tuple[str, ...] = ()


_AGAIN = ("corrected", "revision_recommended")
#: the instants the verdicts are read from -> the steps whose rows in the journal say them
_INSTANTS = {
    "released_at": _Set(("released",), _AGAIN),
    "familiarised_at": _Set(("shown", "acknowledged", "refused", "served"), _AGAIN),
    "closed_at": _Set(("closed",), ("requested", "appealed", *_AGAIN)),
}
#: the same where the act says which of its steps it is: the instant is that of one of them
_ONE_OF = {
    "signed_at": ("marked",),
    "agreed_at": ("agreed",),
    "submitted_at": ("submitted", "revision_recommended"),
    "decided_at": ("decided",),
    "completed_at": ("marked", "computed", "decided", "approved"),
}
#: the same for the rows of a disagreement and of a refusal
_BESIDE = (
    ("calibration_request", "received_at", ("requested", "late_request")),
    ("calibration_request", "decided_at", ("session_called", "request_refused")),
    ("calibration_session", "approved_at", ("session_called",)),
    ("calibration_session", "held_at", ("session_held",)),
    ("calibration_session", "protocol_signed_at", ("protocol_signed",)),
    ("calibration_session", "protocol_uploaded_at", ("protocol_uploaded",)),
    ("calibration_session", "feedback_at", ("feedback_given",)),
    ("refusal_act", "at", ("refused", "sign_refused")),
)


def unlike_the_journal(session: Session) -> list[str]:
    """A sentence for each kind of thing that is not as the journal recorded it, with the first five places."""
    found = [_told("the stage of assessment", _ids(session, _STAGE))]
    found += [_told(f"{name} of assessment", _ids(session, _instant(name, one))) for name, one in _INSTANTS.items()]
    found += [_told(f"{name} of assessment", _ids(session, _one_of(name, by))) for name, by in _ONE_OF.items()]
    found.append(_told("agreed_by of assessment", _ids(session, _AGREED)))
    found.append(_told("familiarised_how of assessment", _ids(session, _how())))
    found += [_told(f"{name} of {table}", _ids(session, _beside(table, name, by))) for table, name, by in _BESIDE]
    found.append(_told("the assessment itself is gone, of number", _ids(session, _GONE)))
    found.append(_told("the result in force is gone, of assessment", _ids(session, _NO_RESULT)))
    found += [_told(f"{name} of cycle", _ids(session, query)) for name, query in _CYCLES.items()]
    found.append(_told("the stage of cycle", _cycle_stages(session)))
    texts = execute(session, "SELECT sha256, body FROM pinned_text ORDER BY sha256").all()
    changed = [row[0][:12] for row in texts if hashlib.sha256(row[1].encode()).hexdigest() != row[0]]
    found.append(_told("the text a cycle stands on was changed, of hash", changed))
    found.append(_told("the texts it stands on are gone, of cycle", without_texts(session)))
    return [sentence for sentence in found if sentence]


def without_texts(session: Session) -> list[object]:
    """The cycles whose pinned texts are not all there."""
    return _ids(session, _NO_TEXT)


_STAGE = (
    "SELECT a.id FROM assessment a LEFT JOIN journal_row j ON j.assessment_id = a.id AND j.version = a.version"
    " WHERE j.to_stage IS NULL OR j.to_stage <> a.stage ORDER BY a.id LIMIT 5"
)
_AGREED = (
    "SELECT a.id FROM assessment a WHERE a.agreed_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journal_row j"
    " JOIN journal_entry e ON e.id = j.entry_id WHERE j.assessment_id = a.id AND e.event = 'agreed'"
    " AND COALESCE(j.acted_by, e.body) LIKE '%person/' || a.agreed_by || CASE WHEN j.acted_by IS NULL THEN '\"%' ELSE '' END)"
    " ORDER BY a.id LIMIT 5"
)
_GONE = (
    "SELECT DISTINCT j.assessment_id FROM journal_row j LEFT JOIN assessment a ON a.id = j.assessment_id"
    " WHERE a.id IS NULL ORDER BY 1 LIMIT 5"
)
_NO_RESULT = (
    "SELECT a.id FROM assessment a WHERE a.result_version > 0 AND NOT EXISTS (SELECT 1 FROM result r"
    " WHERE r.assessment_id = a.id AND r.version = a.result_version) ORDER BY a.id LIMIT 5"
)
_NO_TEXT = (
    "SELECT c.id FROM cycle c WHERE 3 <> (SELECT COUNT(*) FROM pinned_text t"
    " WHERE t.sha256 IN (c.law_hash, c.organisation_hash, c.calendar_hash)) ORDER BY c.id LIMIT 5"
)
_ACT = "SELECT 1 FROM journal_entry e WHERE e.cycle_id = c.id AND e.event = '{event}' AND e.at = c.{column}"
_CYCLES = {
    "approved_at": f"SELECT c.id FROM cycle c WHERE c.approved_at IS NOT NULL AND NOT EXISTS"
    f" ({_ACT.format(event='schedule_approved', column='approved_at')}"
    " AND e.body LIKE '%\"actor\":\"' || c.approved_by || '\"%')",
    "closed_at": "SELECT c.id FROM cycle c WHERE c.closed_at IS NOT NULL AND NOT EXISTS"
    f" ({_ACT.format(event='cycle_closed', column='closed_at')})",
}


def _newest(events: tuple[str, ...]) -> str:
    """The newest step of each assessment among some events: what it was, and when it happened."""
    return (
        "SELECT j.assessment_id, e.event, COALESCE(j.acted_at, e.at) AS moment, ROW_NUMBER() OVER"
        " (PARTITION BY j.assessment_id ORDER BY j.version DESC) AS place FROM journal_row j"
        f" JOIN journal_entry e ON e.id = j.entry_id WHERE e.event IN ({_listed(events)})"
    )


def _instant(column: str, one: _Set) -> str:
    return (
        f"SELECT a.id FROM assessment a LEFT JOIN ({_newest(one.by + one.back)}) s ON s.assessment_id = a.id"
        f" AND s.place = 1 WHERE COALESCE(a.{column}, '') <>"
        f" COALESCE(CASE WHEN s.event IN ({_listed(one.by)}) THEN s.moment END, '') ORDER BY a.id LIMIT 5"
    )


def _one_of(column: str, events: tuple[str, ...]) -> str:
    return (
        f"SELECT a.id FROM assessment a WHERE a.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journal_row j"
        f" JOIN journal_entry e ON e.id = j.entry_id WHERE j.assessment_id = a.id AND e.event IN ({_listed(events)})"
        f" AND COALESCE(j.acted_at, e.at) = a.{column})"
        + (" OR a.completed_at IS NULL AND a.released_at IS NOT NULL" if column == "completed_at" else "")
        + " ORDER BY a.id LIMIT 5"
    )


def _how() -> str:
    by = _INSTANTS["familiarised_at"].by
    return (
        f"SELECT a.id FROM assessment a LEFT JOIN ({_newest(by)}) s ON s.assessment_id = a.id AND s.place = 1"
        " WHERE a.familiarised_how IS NOT NULL AND a.familiarised_how <> COALESCE(s.event, '') ORDER BY a.id LIMIT 5"
    )


def _beside(table: str, column: str, events: tuple[str, ...]) -> str:
    # an act that moves nobody has no row in the journal, but a digest under the assessment's number
    return (
        f"SELECT t.id FROM {table} t WHERE t.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journal_row j"
        f" JOIN journal_entry e ON e.id = j.entry_id WHERE j.assessment_id = t.assessment_id"
        f" AND e.event IN ({_listed(events)}) AND COALESCE(j.acted_at, e.at) = t.{column})"
        " AND NOT EXISTS (SELECT 1 FROM journal_content c JOIN journal_entry e ON e.id = c.entry_id"
        f" WHERE c.kind = '{table}' AND c.key = CAST(t.assessment_id AS TEXT) AND e.event IN ({_listed(events)})"
        f" AND e.at = t.{column}) ORDER BY t.id LIMIT 5"
    )


def _cycle_stages(session: Session) -> list[object]:
    wrong: list[object] = []
    gone = without_texts(session)
    for cycle in session.exec(select(Cycle).order_by(col(Cycle.id))).all():
        if cycle.id in gone:
            continue
        steps = ground_of(session, cycle).walk.cycle_steps
        query = (
            f"SELECT event FROM journal_entry WHERE cycle_id = :c AND event IN ({_listed(tuple(steps))}) ORDER BY seq"
        )
        stage = "draft"
        for event in execute(session, query, {"c": cycle.id}).scalars():
            stage = steps[event].moves.get(stage, stage)
        if stage != cycle.stage:
            wrong.append(cycle.id)
    return wrong[:5]


def _listed(events: tuple[str, ...]) -> str:
    return ", ".join(f"'{event}'" for event in events)


def _ids(session: Session, query: str) -> list[object]:
    return list(execute(session, query).scalars())


def _told(what: str, places: list[object]) -> str:
    if not places:
        return ""
    return f"{what} {', '.join(map(str, places))}: not as the journal recorded it"
