"""Taking waiting notices in hand: each to one worker only, the most urgent first."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, text
from sqlmodel import Session

from models.base import instant, stamp
from notifications.catalogue import LANGUAGES, MANUAL, WORDED
from notifications.channels import Message, Outcome, Permanent
from notifications.papers import Recipient
from notifications.refs import ref_of
from notifications.render import render_set
from rules.errors import RuleError

#: a claim older than this belongs to a worker that died
LEASE = timedelta(minutes=15)

# both databases use the partial index only when they read its own words again
_ALIVE = "state IN ('waiting', 'claimed', 'unknown')"
_DUE = "(next_at IS NULL OR next_at <= :now)"
_DEAD = f"{_ALIVE} AND state = 'claimed' AND claimed_at < :old"
_UNKNOWN = f"{_ALIVE} AND state = 'unknown' AND {_DUE}"
_FRESH = (
    f"{_ALIVE} AND state = 'waiting' AND {_DUE} AND due_at IS NOT NULL",
    f"{_ALIVE} AND state = 'waiting' AND {_DUE} AND due_at IS NULL",
)


@dataclass(frozen=True)
class Among:
    """Which notices are meant: SQL in our own words on `notice`, and its values; empty means all."""

    words: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def also(self) -> str:
        """The words as a further condition."""
        return f" AND ({self.words})" if self.words else ""


def lane_words(organisation: str, channel: str, number: int = 0) -> Among:
    """The notices of one channel of one body."""
    return Among(
        f"channel = :channel{number} AND cycle_id IN (SELECT id FROM cycle WHERE organisation = :body{number})",
        {f"channel{number}": channel, f"body{number}": organisation},
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


def claim(session: Session, now: datetime, size: int, among: Among = Among()) -> list[Claimed]:
    """Claim up to `size` notices whose repetition does no harm: those of dead workers first, then by due instant and id."""
    taken = dict.fromkeys(_take(session, _DEAD, now, size, among), True)
    for turn in _FRESH:
        if len(taken) < size:
            taken |= dict.fromkeys(_take(session, turn, now, size - len(taken), among), False)
    return _looked_up(session, taken, now)


def claim_fresh(session: Session, now: datetime, size: int, among: Among) -> list[Claimed]:
    """Claim up to `size` notices for a carrier outside the house: only what certainly is not on its way."""
    taken: dict[int, bool] = {}
    for turn in _FRESH:
        if len(taken) < size:
            taken |= dict.fromkeys(_take(session, turn, now, size - len(taken), among), False)
    return _looked_up(session, taken, now)


def claim_unknown(session: Session, now: datetime, size: int, among: Among, again_at: datetime) -> list[Claimed]:
    """Take up to `size` notices nobody knows the fate of, to ask the carrier; nobody else asks before `again_at`."""
    again = {"again": stamp(again_at)}
    # who was asked about longest ago comes first: one that is never answered must not stand before all others for ever
    taken = _take(session, _UNKNOWN, now, size, among, "next_at = :again", again, "claimed_at, due_at, id")
    return _looked_up(session, dict.fromkeys(taken, True), now)


def give_up_dead(session: Session, now: datetime, grace: timedelta, among: Among) -> int:
    """A worker that died may have sent what it gave to a carrier: that is unknown now, and the carrier is asked.

    What was to stay in the house was never given to one, and simply waits again.
    """
    given = (
        "EXISTS (SELECT 1 FROM receipt r WHERE r.source = notice.carrier"
        " AND r.event_id = 'notice/' || notice.id || '/' || notice.claimed_at || '/attempted')"
    )
    return session.connection().execute(
        text(
            f"UPDATE notice SET state = CASE WHEN {given} THEN 'unknown' ELSE 'waiting' END, next_at = :now,"
            " failure = 'The worker that held it ended before it could say what became of it.'"
            f" WHERE {_ALIVE} AND state = 'claimed' AND claimed_at < :old{among.also}"
        ),
        {"now": stamp(now), "old": stamp(now - grace), **among.values},
    ).rowcount  # fmt: skip


def put_off_asking(session: Session, now: datetime, pause: timedelta, among: Among) -> None:
    """A carrier that cannot be asked about one notice cannot be asked about the others either."""
    session.connection().execute(
        text(f"UPDATE notice SET next_at = :again WHERE {_UNKNOWN}{among.also}"),
        {"now": stamp(now), "again": stamp(now + pause), **among.values},
    )


def _take(
    session: Session, turn: str, now: datetime, size: int, among: Among, how: str = "state = 'claimed'",
    more: Mapping[str, Any] | None = None, first: str = "due_at, id",
) -> list[int]:  # fmt: skip
    lock = " FOR UPDATE SKIP LOCKED" if session.get_bind().dialect.name == "postgresql" else ""
    statement = text(
        f"WITH picked AS (SELECT id FROM notice WHERE {turn}{among.also} ORDER BY {first} LIMIT :size{lock})"
        f" UPDATE notice SET {how}, claimed_at = :now WHERE id IN (SELECT id FROM picked)"
        " RETURNING id, due_at"
    )
    values: dict[str, Any] = {"now": stamp(now), "size": size, **among.values, **(more or {})}
    if ":old" in turn:
        values["old"] = stamp(now - LEASE)
    rows = session.connection().execute(statement, values).all()
    return [row.id for row in sorted(rows, key=lambda row: (row.due_at or "", row.id))]


def look_up(session: Session, ids: Iterable[int], now: datetime) -> list[Claimed]:
    """Notices as they are written, without taking them in hand."""
    return _looked_up(session, dict.fromkeys(ids, True), now)


def _looked_up(session: Session, taken: Mapping[int, bool], now: datetime) -> list[Claimed]:
    if not taken:
        return []
    rows = session.connection().execute(_LOOK, {"ids": list(taken)}).all()
    order = {notice_id: place for place, notice_id in enumerate(taken)}
    return [Claimed(row, now, taken[row.id]) for row in sorted(rows, key=lambda row: order[row.id])]


_LOOK = text(
    "SELECT n.id, n.cycle_id, n.assessment_id, n.kind, n.channel, n.facts, n.created_at, n.tries, n.due_at, n.carrier,"
    " (SELECT MIN(r.at) FROM receipt r WHERE r.notice_id = n.id AND r.event = 'attempted') AS first_at, c.time_zone,"
    " c.organisation, p.id AS person_id, p.personnel_no, p.surname, p.given_name, p.patronymic,"
    " COALESCE(n.language, p.language) AS language,"
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
    language = language_of(row.language, row.channel)
    ref, facts = ref_of(row.id), dict(json.loads(row.facts))
    name = " ".join(part for part in (row.surname, row.given_name, row.patronymic) if part)
    person = Recipient(row.person_id, row.personnel_no, name, language, row.email, row.phone, row.address)
    return Message(
        notice_id=row.id, cycle_id=row.cycle_id, assessment_id=row.assessment_id, kind=row.kind,
        channel=row.channel, ref=ref, number=number_of(row.id, written.year), at=now.astimezone(zone),
        written_on=written, facts=facts, words=render_set(row.kind, row.channel, language, row.facts, ref),
        to=person, again=claimed.again, tries=row.tries,
        first_at=None if row.first_at is None else instant(row.first_at),
        due_at=None if row.due_at is None else instant(row.due_at),
    )  # fmt: skip


def language_of(asked: str, channel: str) -> str:
    """The language a notice is written in: the one asked for, as far as there are words in it; papers are in official ones."""
    known = LANGUAGES if channel in MANUAL else WORDED
    return asked if asked in known else LANGUAGES[0]


def written(claimed: list[Claimed], now: datetime) -> tuple[dict[int, Outcome], list[Message]]:
    """The messages of claimed notices; of those that cannot be written, the outcome."""
    failed: dict[int, Outcome] = {}
    messages = []
    for one in claimed:
        try:
            messages.append(message_of(one, now))
        except RuleError as refusal:
            failed[one.notice_id] = Permanent(str(refusal))
        except Exception as trouble:  # noqa: BLE001 - one broken row must not keep the others from leaving
            failed[one.notice_id] = Permanent(f"The notice cannot be written: {type(trouble).__name__}.")
    return failed, messages


def number_of(notice_id: int, year: int) -> str:
    """The outgoing number of a paper: the year it was written in and the notice's own number."""
    return f"{year}/{notice_id}"
