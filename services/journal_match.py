"""Does what stands beside the journal still say the same: instants, assessments, results, pinned texts?"""

from __future__ import annotations

import hashlib

from sqlmodel import Session

from models.sql import execute

#: the instants the verdicts are read from -> the step whose row in the journal says them
_INSTANTS = {
    "completed_at": ("open", "marked"),
    "released_at": ("computed", "released"),
    "familiarised_at": ("released", "familiarised"),
    "closed_at": (None, "closed"),
}


def rows_by_entry(session: Session) -> dict[int, int]:
    """How many rows each entry has; an entry without rows is not there."""
    counted = execute(session, "SELECT entry_id, COUNT(*) FROM journal_row GROUP BY entry_id").all()
    return {row[0]: row[1] for row in counted}


def unlike_the_journal(session: Session) -> list[str]:
    """A sentence for each kind of thing that is not as the journal recorded it, with the first five places."""
    found = [_told(f"{name} of assessment", _moved(session, name, *step)) for name, step in _INSTANTS.items()]
    found.append(_told("the assessment itself is gone, of number", _ids(session, _GONE)))
    found.append(_told("the result in force is gone, of assessment", _ids(session, _NO_RESULT)))
    texts = execute(session, "SELECT sha256, body FROM pinned_text ORDER BY sha256").all()
    changed = [row[0][:12] for row in texts if hashlib.sha256(row[1].encode()).hexdigest() != row[0]]
    found.append(_told("the text a cycle stands on was changed, of hash", changed))
    found.append(_told("the texts it stands on are gone, of cycle", _ids(session, _NO_TEXT)))
    return [sentence for sentence in found if sentence]


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


def _moved(session: Session, column: str, before: str | None, after: str) -> list[object]:
    came = "" if before is None else f" AND j.from_stage = '{before}'"
    query = (
        f"SELECT a.id FROM assessment a WHERE a.{column} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM journal_row j"
        f" JOIN journal_entry e ON e.id = j.entry_id WHERE j.assessment_id = a.id AND j.to_stage = '{after}'{came}"
        f" AND COALESCE(j.acted_at, e.at) = a.{column}) ORDER BY a.id LIMIT 5"
    )
    return _ids(session, query)


def _ids(session: Session, query: str) -> list[object]:
    return list(execute(session, query).scalars())


def _told(what: str, places: list[object]) -> str:
    if not places:
        return ""
    return f"{what} {', '.join(map(str, places))}: not as the journal recorded it"
