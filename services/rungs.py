"""The rungs of the ladder as they were climbed: which channel was left, why, how soon, and which came next; nobody's name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from models.base import instant
from models.sql import execute
from services.ground import Known
from services.ladder import FAILED, SILENT, WAITING, WITHDRAWN


@dataclass(frozen=True)
class Rung:
    """One step from a channel to the next.

    Attributes:
        why: one of `ladder.WHY`. known_at: when we learned of it; None where silence was left at its own moment.
        at: when the next was written. due_at: the term of the notice, if it has one.
        place: which rung of this notice it is, from 1 on.
    """

    kind: str
    channel: str
    why: str
    next: str
    known_at: datetime | None
    at: datetime
    due_at: datetime | None
    notice_id: int
    place: int


_PAIRS = """
SELECT n.id, n.kind, n.channel, n.state, n.failure, n.claimed_at, n.due_at, m.channel AS following, m.created_at AS at,
 (SELECT COUNT(*) FROM notice b WHERE b.cycle_id = n.cycle_id AND b.assessment_id = n.assessment_id AND b.kind = n.kind
  AND b.recipient_id = n.recipient_id AND b.round = n.round AND b.id <= n.id) AS place,
 (SELECT MIN(r.event) FROM receipt r WHERE r.notice_id = n.id AND r.recorded_at <= m.created_at
  AND r.event IN ('undelivered', 'returned', 'refused')) AS missed,
 (SELECT MIN(r.recorded_at) FROM receipt r WHERE r.notice_id = n.id
  AND r.event IN ('undelivered', 'returned', 'refused')) AS missed_at
FROM notice m JOIN notice n ON n.cycle_id = m.cycle_id AND n.assessment_id = m.assessment_id AND n.kind = m.kind
 AND n.recipient_id = m.recipient_id AND n.round = m.round AND n.id < m.id
WHERE m.cycle_id = :c AND NOT EXISTS (SELECT 1 FROM notice x WHERE x.cycle_id = m.cycle_id
 AND x.assessment_id = m.assessment_id AND x.kind = m.kind AND x.recipient_id = m.recipient_id AND x.round = m.round
 AND x.id > n.id AND x.id < m.id)
ORDER BY m.id
"""


def rungs(session: Session, cycle: Known) -> Iterator[Rung]:
    """Every rung of a cycle in the order in which they were climbed, in one query."""
    for row in execute(session, _PAIRS, {"c": cycle.id}):
        why, known = SILENT, None
        if row.missed:
            why, known = row.missed, row.missed_at
        elif row.state == "failed":
            why, known = (WAITING, None) if row.failure == WITHDRAWN else (FAILED, row.claimed_at)
        elif row.state in ("waiting", "unknown"):
            why = WAITING
        due = None if row.due_at is None else instant(row.due_at)
        yield Rung(row.kind, row.channel, why, row.following, None if known is None else instant(known), instant(row.at),
                   due, row.id, row.place)  # fmt: skip
