"""Waiting: for a database that is away, and for notices whose turn has come."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

import psycopg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from models.base import stamp
from notifications.claiming import LEASE
from notifications.lanes import LONGEST, PAUSE
from rules.errors import Conflict

T = TypeVar("T")
#: seconds between the attempts to write down what a carrier said
PAUSES = (0.5, 1, 2, 4, 8, 16, 30)
#: what a database says that is locked, restarted or away
AWAY = (Conflict, DBAPIError, psycopg.Error, sqlite3.Error)

# the partial index of the outbox holds nothing but what is under way: empty when nothing waits
_DUE = (
    "SELECT DISTINCT c.organisation, n.channel FROM notice n JOIN cycle c ON c.id = n.cycle_id"
    " LEFT JOIN lane l ON l.organisation = c.organisation AND l.channel = n.channel"
    " WHERE n.state IN ('waiting', 'claimed', 'unknown') AND ("
    "   n.state = 'claimed' AND n.claimed_at < :old"
    "   OR n.state <> 'claimed' AND (n.next_at IS NULL OR n.next_at <= :now))"
)
_OPEN = (
    " AND (l.id IS NULL OR l.state = 'running' AND (l.free_at IS NULL OR l.free_at <= :now OR l.free_at > :pause"
    "     OR n.state = 'unknown')"
    "   OR l.state = 'resting' AND (l.probe_at IS NULL OR l.probe_at <= :now OR l.probe_at > :longest)"
    "   OR l.state = 'stopped' AND n.state = 'unknown')"
)


def due_lanes(
    session: Session, now: datetime, grace: timedelta = LEASE, *, outside: bool = True
) -> list[tuple[str, str]]:
    """(body, channel) in which a hand-over would find something to do now; one cheap look at an index.

    Args:
        grace: a claim older than this belongs to a worker that died. outside: lanes that rest or pause are left out.
    """
    query = text(_DUE + (_OPEN if outside else ""))
    values = {"now": stamp(now), "old": stamp(now - grace)}
    if outside:
        values |= {"pause": stamp(now + PAUSE), "longest": stamp(now + LONGEST)}
    rows = session.connection().execute(query, values)
    return [(row[0], row[1]) for row in rows]


def surely(do: Callable[[], T], pauses: Sequence[float] = PAUSES) -> T:
    """Do it, and while the database is away do it again: what a carrier said is known nowhere else.

    Raises:
        Conflict, DBAPIError: the database stayed away; what was on its way is then unknown, and is asked about.
    """
    for pause in pauses:
        try:
            return do()
        except AWAY:
            time.sleep(pause)
    return do()
