"""The bounce guard: a channel that brings too much back is warned of, then stopped, before its carrier closes the account."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from models import Lane
from models.base import stamp
from models.journal import record
from models.sql import execute
from notifications.lanes import RUNNING, STOPPED, lane_of, rest, stop
from services.receiving import Houses

ACTOR = "system/receipts"
DAY = timedelta(days=1)
#: a fault told later than this says nothing of the carrier as it is now
FRESH = timedelta(hours=1)

_SHARE = (
    "SELECT COUNT(*) AS all_of_them, COALESCE(SUM(CASE WHEN EXISTS (SELECT 1 FROM receipt r WHERE r.notice_id = n.id"
    " AND r.event = 'undelivered' AND r.source <> 'officer') THEN 1 ELSE 0 END), 0) AS back"
    " FROM notice n JOIN cycle c ON c.id = n.cycle_id"
    " WHERE c.organisation = :organisation AND n.channel = :channel AND n.handed_at >= :since"
)


def guard(session: Session, houses: Houses, lanes: Iterable[tuple[str, str]], now: datetime) -> list[str]:
    """Warn of lanes of which too much came back within a day, stop those of which far too much did; return what was said."""
    said = []
    for organisation, channel in sorted(set(lanes)):
        if organisation not in houses:
            continue
        lane, limits = lane_of(session, organisation, channel), houses[organisation].limit(channel)
        since = max(now - DAY, lane.counted_from or now - DAY)
        among, back = execute(
            session, _SHARE, {"organisation": organisation, "channel": channel, "since": stamp(since)}
        ).one()
        share = back / among if among else 0.0
        if lane.state == STOPPED or among < limits.bounce_least or share < limits.bounce_warn:
            continue
        words = f"{back} of {among} ({share:.0%}) by {channel} came back since {since:%Y-%m-%dT%H:%MZ}"
        if share >= limits.bounce_stop:
            stop(session, lane, now, f"{words}; stopped until an officer has looked at the addresses")
            said.append(f"'{organisation}': {words}; the channel is stopped: bagalau notices lanes.")
        elif _warned(session, lane, words, now):
            said.append(f"'{organisation}': {words}; at {limits.bounce_stop:.0%} the channel is stopped.")
    return said


def _warned(session: Session, lane: Lane, words: str, now: datetime) -> bool:
    """Once a day."""
    if lane.warned_at is not None and now < lane.warned_at + DAY:
        return False
    lane.warned_at = now
    subject = f"lane/{lane.organisation}/{lane.channel}"
    record(session, "lane_warned", now, ACTOR, subject=subject, reason=words)
    return True


def faults(session: Session, told: Mapping[tuple[str, str], str], now: datetime) -> list[str]:
    """Let lanes rest whose carrier reports a fault of its own or of the account; `told`: (body, channel) -> the sentence."""
    said = []
    for (organisation, channel), sentence in sorted(told.items()):
        lane = lane_of(session, organisation, channel)
        if lane.state == RUNNING:
            rest(session, lane, now, sentence)
        said.append(f"'{organisation}', {channel}: {sentence}")
    return said
