"""Serving again: a letter that came back or was not delivered is followed by the next channel of the act's list (N-19)."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime

from sqlmodel import Session

from models.base import instant
from models.journal import record
from models.sql import execute
from notifications import notify
from services.facts import channels_for
from services.ground import Known, ground_of

#: results that still wait for their person and whose last notice of service reached nobody; a person who would not take
#: a message was not reached by it either
_FAILED = """
FROM assessment a JOIN notice n ON n.cycle_id = a.cycle_id AND n.assessment_id = a.id AND n.kind = 'result_served'
 AND n.recipient_id = a.person_id AND n.round = a.result_version - 1
WHERE a.cycle_id = :c AND a.stage = 'released'
 AND NOT EXISTS (SELECT 1 FROM notice m WHERE m.cycle_id = n.cycle_id AND m.assessment_id = n.assessment_id
  AND m.kind = n.kind AND m.recipient_id = n.recipient_id AND m.round = n.round AND m.id > n.id)
 AND (n.state = 'failed' OR EXISTS (SELECT 1 FROM receipt r WHERE r.notice_id = n.id
  AND r.event IN ('returned', 'undelivered', 'refused')))
 AND NOT EXISTS (SELECT 1 FROM receipt d WHERE d.notice_id = n.id AND d.event = 'delivered')
"""
#: one statement names so many people
CHUNK = 5_000


def serve_again(session: Session, cycle: Known, now: datetime, actor: str) -> int:
    """Write the next notice to everybody whose last one failed, came back, or was not delivered; return how many (N-19).

    The next lawful channel is the next one of the act's list that the body has and by which the person can be reached;
    the notice that failed stays as it is. Who was tried by the last one is left to HR (`unserved`).
    """
    alike: dict[tuple[str, int, str, str | None], list[int]] = defaultdict(list)
    for row in execute(
        session, f"SELECT n.assessment_id, n.channel, n.round, n.facts, n.due_at {_FAILED}", {"c": cycle.id}
    ):
        alike[tuple(row[1:])].append(int(row[0]))
    return sum(_next(session, cycle, one, ids, now, actor) for one, ids in sorted(alike.items(), key=str))


def _next(
    session: Session, cycle: Known, failed: tuple[str, int, str, str | None], ids: list[int], now: datetime, actor: str
) -> int:
    channel, round, facts, due = failed
    left = _left(session, cycle, channel)
    done = 0
    # the people were found once and are named here: a database without statistics would look for them row by row
    for place in range(0, len(ids) if left else 0, CHUNK):
        named = ", ".join(map(str, ids[place : place + CHUNK]))
        done += notify(
            session, "result_served", cycle.id or 0, now, round=round, channels=left, facts=json.loads(facts),
            due_at=None if due is None else instant(due),
            select=f"SELECT id AS assessment_id, person_id AS recipient_id FROM assessment WHERE id IN ({named})",
        )  # fmt: skip
    if done:
        record(
            session, "served_again", now, actor, cycle_id=cycle.id, subject=f"cycle/{cycle.id}",
            rules=ground_of(session, cycle).evaluation.source("served").rules,
            reason=f"{done} by {channel} not delivered: sent again by the next channel of the act's list",
        )  # fmt: skip
    return done


def _left(session: Session, cycle: Known, channel: str) -> tuple[str, ...]:
    """The channels after this one in the act's list, as far as the body has them."""
    lawful = channels_for(ground_of(session, cycle), "result_served")
    return lawful[lawful.index(channel) + 1 :] if channel in lawful else lawful


def unserved(session: Session, cycle: Known) -> int:
    """How many results reached nobody by any lawful channel the body has."""
    tried = execute(session, f"SELECT n.channel, COUNT(*) AS n {_FAILED} GROUP BY n.channel", {"c": cycle.id}).all()
    return sum(one.n for one in tried if not _left(session, cycle, one.channel))
