"""Notices as an auditor reads them: every fact and every receipt, people by personnel number only."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.base import instant
from notifications.catalogue import kind_of
from notifications.refs import ref_of
from notifications.standing import Standing, status, statuses
from rules.errors import NotFound

#: a word of the outbox is asked of the table itself; any other is folded from the receipts
_STATES = ("waiting", "claimed", "unknown", "handed", "failed")
_TOLD = {
    "prepared": "prepared_at",
    "accepted": "sent_at",
    "undelivered": "undelivered_at",
    "returned": "returned_at",
    "refused": "not_taken_at",
    "delivered": "delivered_at",
}


def listed(
    session: Session, *, cycle: str = "", channel: str = "", state: str = "", limit: int = 200
) -> list[dict[str, Any]]:
    """The newest notices of a cycle, a channel and a state; empty means any.

    Args:
        state: a state of the outbox, or an event of `events.STANDING` that is the strongest one told.

    Raises:
        NotFound: there is no such state.
    """
    if state and state not in (*_STATES, *_TOLD):
        raise NotFound(f"There is no state '{state}'; known are: {', '.join((*_STATES, *_TOLD))}.")
    ids = _newest(session, cycle, channel, state, limit)
    found = sorted(_among(session, ids), key=lambda one: -one.notice_id)
    names = _names(session, [one.notice_id for one in found])
    return [_line(one, *names[one.notice_id]) for one in found]


def _newest(session: Session, cycle: str, channel: str, state: str, limit: int) -> list[int]:
    wheres, values = ["1 = 1"], {"limit": limit, "cycle": cycle, "channel": channel, "state": state}
    if cycle:
        wheres.append("n.cycle_id = (SELECT id FROM cycle WHERE key = :cycle)")
    if channel:
        wheres.append("n.channel = :channel")
    if state in _STATES:
        wheres.append("n.state = :state")
    elif state:
        wheres += [_is_strongest(state)]
    query = f"SELECT n.id FROM notice n WHERE {' AND '.join(wheres)} ORDER BY n.id DESC LIMIT :limit"
    return list(session.connection().execute(text(query), values).scalars())


def _is_strongest(event: str) -> str:
    stronger = list(_TOLD)[list(_TOLD).index(event) + 1 :]
    told = "EXISTS (SELECT 1 FROM receipt r WHERE r.notice_id = n.id AND r.event = :state)"
    if not stronger:
        return told
    words = ", ".join(f"'{one}'" for one in stronger)
    return f"{told} AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.notice_id = n.id AND r.event IN ({words}))"


def _among(session: Session, ids: list[int]) -> list[Standing]:
    # ids are whole numbers from the table itself
    return list(statuses(session, f"n.id IN ({', '.join(map(str, ids))})")) if ids else []


def _names(session: Session, ids: list[int]) -> dict[int, tuple[str, str]]:
    if not ids:
        return {}
    rows = session.connection().execute(
        text(
            "SELECT n.id, c.key, p.personnel_no FROM notice n JOIN cycle c ON c.id = n.cycle_id"
            f" JOIN person p ON p.id = n.recipient_id WHERE n.id IN ({', '.join(map(str, ids))})"
        )
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def _line(one: Standing, cycle: str, personnel_no: str) -> dict[str, Any]:
    return {
        "notice_id": one.notice_id,
        "ref": ref_of(one.notice_id),
        "cycle": cycle,
        "assessment_id": one.assessment_id,
        "kind": one.kind,
        "channel": one.channel,
        "round": one.round,
        "recipient": personnel_no,
        "state": one.state,
        "standing": one.word,
        "due_at": one.due_at,
        "sent_at": one.sent_at,
        "sent_in_time": one.sent_in_time,
        "delivered_at": one.delivered_at,
        "familiarised_at": one.familiarised_at,
        "refused_at": one.refused_at,
        "failure": one.failure,
    }


_MORE = text(
    "SELECT created_at, claimed_at, handed_at, next_at, tries, carrier, possible_duplicate, language, template,"
    " content_hash, reference, facts FROM notice WHERE id = :id"
)
_RECEIPTS = text(
    "SELECT r.event, r.at, r.recorded_at, r.source, r.event_id, o.personnel_no AS officer, r.reference, r.code, r.detail,"
    " r.scan_sha256 FROM receipt r LEFT JOIN person o ON o.id = r.officer_id WHERE r.notice_id = :id ORDER BY r.id"
)


def history(session: Session, notice_id: int) -> dict[str, Any]:
    """Everything known of one notice: why, to whom, in which words, when, and each receipt in the order told.

    Raises:
        NotFound: there is none.
    """
    standing = status(session, notice_id)
    kind, connection = kind_of(standing.kind), session.connection()
    more = connection.execute(_MORE, {"id": notice_id}).mappings().one()
    told = [_dated(row) for row in connection.execute(_RECEIPTS, {"id": notice_id}).mappings()]
    return {
        **_line(standing, *_names(session, [notice_id])[notice_id]),
        "returned_at": standing.returned_at,
        "undelivered_at": standing.undelivered_at,
        "not_taken_at": standing.not_taken_at,
        "disputed": standing.disputed,
        "purpose": kind.purpose,
        "roles": kind.roles,
        **_dated(more),
        "possible_duplicate": bool(more["possible_duplicate"]),
        "facts": json.loads(more["facts"]),
        "receipts": told,
    }


def _dated(row: Any) -> dict[str, Any]:
    return {name: instant(value) if value and name in _INSTANTS else value for name, value in row.items()}


_INSTANTS = ("created_at", "claimed_at", "handed_at", "next_at", "at", "recorded_at")
