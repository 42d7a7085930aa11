"""Receipts that came in many at once: whoever was served by a delivered notice is familiarised, in one set a cycle (N-19)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlmodel import Session

from models.base import instant
from models.bulk import update_rows
from models.sql import execute
from services.door import move
from services.ground import ground_of, known_cycle
from services.terms import ensure_terms

#: one statement names so many notices
CHUNK = 5_000

#: people whose present result was served by one of these notices and who have not been familiarised yet
_SERVED = (
    "SELECT n.cycle_id, a.id AS assessment_id, MIN(r.at) AS at FROM notice n"
    " JOIN receipt r ON r.notice_id = n.id AND r.event = 'delivered'"
    " JOIN assessment a ON a.id = n.assessment_id AND a.person_id = n.recipient_id"
    " WHERE n.kind = 'result_served' AND n.id IN ({}) AND a.stage = 'released' AND n.round = a.result_version - 1"
    " GROUP BY n.cycle_id, a.id"
)
# said once for the row that moves, whatever the door calls it
_NOTE = (
    "(SELECT MIN('notice/' || n.id || ' by ' || n.channel) FROM (SELECT id AS moved_id, familiarised_at AS served_at) m"
    " JOIN notice n ON n.cycle_id = :cycle AND n.assessment_id = m.moved_id AND n.kind = 'result_served'"
    " JOIN receipt r ON r.notice_id = n.id AND r.event = 'delivered' AND r.at = m.served_at)"
)


def on_receipts(session: Session, notice_ids: Sequence[int], now: datetime, actor: str) -> dict[str, int]:
    """What `familiarisation.on_receipt` does, for many notices at once; return how many people of which cycle, by key.

    The receipts stand in the database already. The terms run from the delivery, whenever it was recorded.
    """
    found: list[Any] = []
    for place in range(0, len(notice_ids), CHUNK):
        listed = ", ".join(str(int(one)) for one in notice_ids[place : place + CHUNK])
        found += execute(session, _SERVED.format(listed)).all()
    done: dict[str, int] = {}
    for cycle_id, rows in groupby(sorted(found, key=_of_cycle), key=_of_cycle):
        cycle = known_cycle(session, cycle_id)
        done[cycle.key] = _familiarise(session, cycle, list(rows), now, actor)
    return done


#: results of a cycle that still wait for a person whom a carrier says it has reached
_DELIVERED = (
    "SELECT DISTINCT n.id FROM assessment a JOIN notice n ON n.cycle_id = a.cycle_id AND n.assessment_id = a.id"
    " AND n.recipient_id = a.person_id AND n.kind = 'result_served' AND n.round = a.result_version - 1"
    " JOIN receipt r ON r.notice_id = n.id AND r.event = 'delivered' WHERE a.cycle_id = :c AND a.stage = 'released'"
)


def follow_deliveries(session: Session, cycle: Any, now: datetime, actor: str) -> int:
    """Familiarise whoever a carrier's own receipt says was served, by whatever way it was learned; return how many (N-19).

    The act counts an e-mail or a text message among the means that familiarise a dismissed person, when the delivery is recorded.
    """
    delivered = [int(one) for one in execute(session, _DELIVERED, {"c": cycle.id}).scalars()]
    return sum(on_receipts(session, delivered, now, actor).values()) if delivered else 0


def _of_cycle(row: Any) -> int:
    return int(row.cycle_id)


def _familiarise(session: Session, cycle: Any, rows: list[Any], now: datetime, actor: str) -> int:
    # two notices of one person may both have been delivered: the first counts
    first: dict[int, str] = {}
    for row in sorted(rows, key=lambda row: row.at, reverse=True):
        first[row.assessment_id] = row.at
    given = ((one, "released", at) for one, at in first.items())
    update_rows(session, "assessment", ("id", "stage"), ("familiarised_at",), given)
    moved = move(
        session, "served", cycle.id or 0, now, actor, where="familiarised_at IS NOT NULL",
        sets="familiarised_how = 'served'", acted=("NULL", "familiarised_at"), note=_NOTE,
        reason="delivered by a registered channel",
    )  # fmt: skip
    ground = ground_of(session, cycle)
    ensure_terms(session, cycle, "familiarized", {ground.day_of(instant(at)) for at in first.values()})
    return moved
