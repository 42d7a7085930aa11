"""Looking at what carriers told us: counts and lines, never the words themselves, for they hold addresses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.base import stamp
from models.sql import execute

STATES = ("new", "done", "refused")


def tally(session: Session, now: datetime) -> list[dict[str, Any]]:
    """Of each body and source: how many came in within a day, by state, and the last one's moment."""
    counts = ", ".join(f"SUM(CASE WHEN state = '{state}' THEN 1 ELSE 0 END) AS {state}_ones" for state in STATES)
    rows = execute(
        session,
        f"SELECT organisation, source, {counts}, MAX(received_at) AS last FROM callback"
        " WHERE received_at >= :since OR state = 'new' GROUP BY organisation, source ORDER BY organisation, source",
        {"since": stamp(now - timedelta(days=1))},
    )
    return [
        {
            "body": row.organisation, "source": row.source, "waiting": row.new_ones, "understood": row.done_ones,
            "refused": row.refused_ones, "last": row.last,
        }
        for row in rows
    ]  # fmt: skip


def listed(session: Session, state: str = "", limit: int = 200) -> list[dict[str, Any]]:
    """Callbacks, the newest first, without their words.

    Args:
        state: one of `STATES`; "": all.
    """
    rows = execute(
        session,
        "SELECT id, organisation, source, address, state, received_at, done_at, note FROM callback"
        f" {'WHERE state = :state' if state else ''} ORDER BY id DESC LIMIT :limit",
        {"state": state, "limit": limit},
    )
    return [
        {
            "callback_id": row.id, "organisation": row.organisation, "source": row.source, "notice": row.address,
            "state": row.state, "received_at": row.received_at, "done_at": row.done_at, "note": row.note or "",
        }
        for row in rows
    ]  # fmt: skip
