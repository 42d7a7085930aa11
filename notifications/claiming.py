"""Taking waiting notices in hand: each to one worker only, the most urgent first."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from sqlmodel import Session

from models.base import instant, stamp
from notifications.channels import Message
from notifications.papers import Recipient
from notifications.refs import ref_of
from notifications.render import LANGUAGES, render_set

#: a claim older than this belongs to a worker that died
LEASE = timedelta(minutes=15)

# both databases use the partial index only when they read its own words again
_ALIVE = "state IN ('waiting', 'claimed')"
_TURNS = (
    f"{_ALIVE} AND state = 'claimed' AND claimed_at < :old ORDER BY due_at, id",
    f"{_ALIVE} AND state = 'waiting' AND due_at IS NOT NULL ORDER BY due_at, id",
    f"{_ALIVE} AND state = 'waiting' AND due_at IS NULL ORDER BY id",
)


@dataclass(frozen=True)
class Claimed:
    """A notice in hand: the row with its person, and the day and zone of its cycle."""

    row: Any
    at: datetime
    again: bool

    @property
    def notice_id(self) -> int:
        """The id of the notice."""
        return int(self.row.id)


def claim(session: Session, now: datetime, size: int) -> list[Claimed]:
    """Claim up to `size` notices: first those of dead workers, then by due instant and id."""
    taken: dict[int, bool] = {}
    for number, turn in enumerate(_TURNS):
        if len(taken) < size:
            for notice_id in _take(session, turn, now, size - len(taken)):
                taken[notice_id] = number == 0
    if not taken:
        return []
    rows = session.connection().execute(_LOOK, {"ids": list(taken)}).all()
    order = {notice_id: place for place, notice_id in enumerate(taken)}
    return [Claimed(row, now, taken[row.id]) for row in sorted(rows, key=lambda row: order[row.id])]


def _take(session: Session, turn: str, now: datetime, size: int) -> list[int]:
    lock = " FOR UPDATE SKIP LOCKED" if session.get_bind().dialect.name == "postgresql" else ""
    statement = text(
        f"WITH picked AS (SELECT id FROM notice WHERE {turn} LIMIT :size{lock})"
        " UPDATE notice SET state = 'claimed', claimed_at = :now WHERE id IN (SELECT id FROM picked)"
        " RETURNING id, due_at"
    )
    values: dict[str, Any] = {"now": stamp(now), "size": size}
    if ":old" in turn:
        values["old"] = stamp(now - LEASE)
    rows = session.connection().execute(statement, values).all()
    return [row.id for row in sorted(rows, key=lambda row: (row.due_at or "", row.id))]


_LOOK = text(
    "SELECT n.id, n.cycle_id, n.assessment_id, n.kind, n.channel, n.facts, n.created_at, c.time_zone,"
    " p.id AS person_id, p.personnel_no, p.surname, p.given_name, p.patronymic, p.language,"
    " COALESCE(p.email, '') AS email, COALESCE(p.phone, '') AS phone, COALESCE(p.address, '') AS address"
    " FROM notice n JOIN person p ON p.id = n.recipient_id JOIN cycle c ON c.id = n.cycle_id WHERE n.id IN :ids"
).bindparams(bindparam("ids", expanding=True))


def message_of(claimed: Claimed, now: datetime) -> Message:
    """The message a claimed notice becomes.

    Raises:
        RuleError: the notice's wording cannot be made. ValueError: its facts are no JSON.
    """
    row, zone = claimed.row, ZoneInfo(claimed.row.time_zone)
    written = instant(row.created_at).astimezone(zone).date()
    language = row.language if row.language in LANGUAGES else LANGUAGES[0]
    ref, facts = ref_of(row.id), dict(json.loads(row.facts))
    name = " ".join(part for part in (row.surname, row.given_name, row.patronymic) if part)
    person = Recipient(row.person_id, row.personnel_no, name, language, row.email, row.phone, row.address)
    return Message(
        notice_id=row.id, cycle_id=row.cycle_id, assessment_id=row.assessment_id, kind=row.kind,
        channel=row.channel, ref=ref, number=number_of(row.id, written.year), at=now.astimezone(zone),
        written_on=written, facts=facts, words=render_set(row.kind, row.channel, language, row.facts, ref),
        to=person, again=claimed.again,
    )  # fmt: skip


def number_of(notice_id: int, year: int) -> str:
    """The outgoing number of a paper: the year it was written in and the notice's own number."""
    return f"{year}/{notice_id}"
