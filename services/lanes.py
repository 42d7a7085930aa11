"""The lanes of a body's channels for the operator: which run, which rest or are stopped, and letting one run again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.base import instant
from models.sql import execute
from notifications import lanes
from rules.errors import Incomplete, NotFound
from services.facts import must_serve, person_id


@dataclass(frozen=True)
class LaneState:
    """One channel of one body.

    Attributes:
        state: running, resting (its carrier failed and is tried once a minute), stopped (until an officer resumes it).
        since, reason: since when it does not run, and why; None while it runs.
        probe_at: when a resting one is tried next. waiting: notices in it. sent_today: given to the carrier on the
            body's own day.
    """

    organisation: str
    channel: str
    state: str
    since: datetime | None
    reason: str | None
    probe_at: datetime | None
    waiting: int
    sent_today: int


_LANES = (
    "SELECT l.organisation, l.channel, l.state, l.since, l.reason, l.probe_at, l.day, l.sent,"
    " (SELECT MAX(c.time_zone) FROM cycle c WHERE c.organisation = l.organisation) AS zone FROM lane l"
    " ORDER BY l.organisation, l.channel"
)
_WAITING = (
    "SELECT c.organisation, n.channel, COUNT(*) AS n FROM notice n JOIN cycle c ON c.id = n.cycle_id"
    " WHERE n.state IN ('waiting', 'claimed', 'unknown') GROUP BY c.organisation, n.channel"
)


def every_lane(session: Session, now: datetime) -> list[LaneState]:
    """Every lane a carrier ever served, and every channel in which notices wait; those that do not run first."""
    waiting = {(row[0], row[1]): int(row[2]) for row in execute(session, _WAITING)}
    found = []
    for row in execute(session, _LANES).all():
        count = waiting.pop((row.organisation, row.channel), 0)
        today = now.astimezone(ZoneInfo(row.zone or "UTC")).date().isoformat()
        sent = row.sent if row.day == today else 0
        found.append(
            LaneState(
                row.organisation,
                row.channel,
                row.state,
                _moment(row.since),
                row.reason,
                _moment(row.probe_at),
                count,
                sent,
            )
        )
    found += [
        LaneState(body, channel, "running", None, None, None, count, 0) for (body, channel), count in waiting.items()
    ]
    return sorted(found, key=lambda one: (one.state == lanes.RUNNING, one.organisation, one.channel))


def _moment(kept: Any) -> datetime | None:
    return instant(kept) if kept else None


def resume(session: Session, organisation: str, channel: str, officer: str, why: str, now: datetime) -> None:
    """Let a lane run again on an officer's word; the journal keeps who and why.

    Raises:
        NotFound: nothing rests there. NotAllowed: the officer does not serve. Incomplete: no reason is given.
    """
    by = person_id(session, officer)
    zone = execute(
        session, "SELECT MAX(time_zone) FROM cycle WHERE organisation = :o", {"o": organisation}
    ).scalar_one()
    if zone is None:
        raise NotFound(f"There is no body '{organisation}' with a cycle here; `bagalau notices lanes` lists them.")
    must_serve(session, by, now.astimezone(ZoneInfo(zone)).date(), "let a channel run again")
    if not why.strip():
        raise Incomplete("Say why the channel may run again: --why 'the account was paid'; the journal keeps it.")
    lanes.resume(session, organisation, channel, now, f"person/{by}", why.strip())
