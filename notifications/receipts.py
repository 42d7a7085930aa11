"""Evidence about a notice: appended, never changed; told twice is told once; late is kept like any other."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.base import instant, stamp
from notifications.catalogue import MANUAL
from notifications.channels.files import put
from notifications.events import BY_OFFICER, EVENTS
from notifications.post import SIMULATE
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow

OFFICER = "officer"

_NOTICE = text("SELECT channel, recipient_id, created_at, state, handed_at, failure FROM notice WHERE id = :id")
_APPEND = text(
    "INSERT INTO receipt (notice_id, event, at, recorded_at, source, event_id, officer_id, reference, code,"
    " detail, scan_sha256)"
    " VALUES (:notice, :event, :at, :recorded, :source, :event_id, :officer, :reference, :code, :detail, :scan)"
    " ON CONFLICT (source, event_id) DO NOTHING"
)


def record(
    session: Session,
    notice_id: int,
    event: str,
    at: datetime,
    recorded_at: datetime,
    *,
    source: str,
    event_id: str,
    officer_id: int | None = None,
    reference: str | None = None,
    code: str | None = None,
    detail: str | None = None,
    scan: bytes | None = None,
) -> bool:
    """Append one receipt; return False when this source told this event already (N-19, N-25).

    Args:
        at, recorded_at: when it happened, when it was told. source, event_id: who told it, and their id for it.
        officer_id, reference: the named officer and the number on the paper; the manual channels need both.
        scan: the scanned proof; its hash is kept here, the file by `keep_scan`.

    Raises:
        NotFound: no such notice, event or officer. NotNow: the notice has not left yet, or the event lies in the future
            or before that.
        Incomplete: a manual channel without officer or reference. NotAllowed: the recipient's own word.
    """
    row = session.connection().execute(_NOTICE, {"id": notice_id}).one_or_none()
    if row is None:
        raise NotFound(f"There is no notice {notice_id}.")
    _check_event(event, EVENTS if officer_id is None else BY_OFFICER, at, recorded_at, instant(row.created_at))
    _check_sent(notice_id, event, at, row, typed_in=officer_id is not None)
    if source != SIMULATE:
        _check_officer(session, row.channel, row.recipient_id, officer_id, reference)
    values = {
        "notice": notice_id, "event": event, "at": stamp(at), "recorded": stamp(recorded_at), "source": source,
        "event_id": event_id, "officer": officer_id, "reference": reference, "code": code,
        "detail": detail,
        "scan": None if scan is None else hashlib.sha256(scan).hexdigest(),
    }  # fmt: skip
    return session.connection().execute(_APPEND, values).rowcount == 1


def _check_event(event: str, known: Collection[str], at: datetime, recorded_at: datetime, created_at: datetime) -> None:
    if event not in known:
        raise NotFound(f"'{event}' is not a thing told of a notice; known are: {', '.join(known)}.")
    if at > recorded_at:
        raise NotNow(f"'{event}' cannot be recorded: its moment {at.isoformat()} has not come yet.")
    if at < created_at:
        raise NotNow(f"'{event}' cannot be recorded: {at.isoformat()} is before the notice was written.")


def _check_sent(notice_id: int, event: str, at: datetime, row: Any, typed_in: bool) -> None:
    """Nothing comes of a notice that did not leave; a carrier may speak before our own mark, an officer may not."""
    if row.state == "waiting" or (typed_in and row.handed_at is None):
        why = {
            "waiting": "it waits in the outbox; hand it over first with `bagalau notices send`",
            "claimed": "it is being handed over at this moment; try again in some minutes",
        }.get(row.state, f"it could not be sent: {(row.failure or 'nobody knows why').rstrip('.')}")
        raise NotNow(f"'{event}' cannot be recorded of notice {notice_id}, for it has not been sent: {why}.")
    if typed_in and at < instant(row.handed_at):
        raise NotNow(f"'{event}' cannot be recorded: {at.isoformat()} is before notice {notice_id} was sent.")


def _check_officer(
    session: Session, channel: str, recipient_id: int, officer_id: int | None, reference: str | None
) -> None:
    if channel in MANUAL and (officer_id is None or not (reference or "").strip()):
        raise Incomplete(
            f"Evidence of a {channel.replace('_', ' ')} is typed in by a named officer with the number on the paper "
            "(track number, number of the telephonogram or telegram): give both."
        )
    if officer_id is None:
        return
    if officer_id == recipient_id:
        raise NotAllowed("The recipient of a notice cannot record the evidence about it; another officer must.")
    found = session.connection().execute(text("SELECT 1 FROM person WHERE id = :id"), {"id": officer_id}).one_or_none()
    if found is None:
        raise NotFound(f"There is no officer {officer_id}.")


def keep_scan(folder: Path, scan: bytes) -> Path:
    """Keep a scanned proof under its own hash, the one its receipt names; return the file."""
    file = folder / hashlib.sha256(scan).hexdigest()
    if not file.exists():
        put(file, scan)
    return file
