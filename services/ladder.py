"""The ladder: a notice that did not reach its person is followed by the next lawful channel, and the journal says why (N-19).

A channel is left when it failed, when the message came back, when it proves nothing and the term comes near, or when its
carrier rests and the term comes near. The notice that failed stays as it is.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.base import instant, stamp
from models.journal import record
from models.sql import execute, is_postgres
from models.work import reading, work
from notifications import KINDS, notify
from notifications.lanes import RUNNING
from rules.errors import Conflict, NotFound
from rules.ladder import PROVED, leaves_a_day, silent_until
from services import cycle as cycles
from services.facts import channels_for
from services.ground import Ground, Known, find_cycle, ground_of
from services.purposes import NEEDED

ACTOR = "system/ladder"
#: why a channel is left: its way is closed, what became of the message, it proves nothing, or its carrier rests
FAILED, SILENT, WAITING = "failed", "silent", "waiting"
WHY: Mapping[str, str] = {
    FAILED: "could not be sent",
    "undelivered": "not delivered",
    "returned": "came back",
    "refused": "not taken",
    SILENT: "no proof of delivery and the term is near",
    WAITING: "the carrier rests and the term is near",
}
#: a notice younger than this is left to the next hand-over, however near its term
YOUNG = timedelta(minutes=15)
#: so long after its closing a cycle is watched: what was said last may still come back
AFTERWARDS = timedelta(days=31)
#: one statement names so many people
CHUNK = 5_000
_CONTACTS = {
    "email": "email",
    "sms": "phone",
    "telephonogram": "phone",
    "registered_letter": "address",
    "telegram": "address",
}
WITHDRAWN = "Withdrawn: its carrier rests and its term is near; the next lawful channel has taken over."


@dataclass(frozen=True)
class Stuck:
    """A notice that is still needed and did not reach its person: why, and the channel that follows, if one is left."""

    row: Any
    why: str
    next: str | None

    @property
    def alike(self) -> tuple[Any, ...]:
        """Those of one kind, round, facts and term are followed together."""
        return (self.row.kind, self.row.round, self.row.facts, self.row.due_at, self.row.channel, self.why, self.next)


def watched(session: Session, now: datetime) -> list[str]:
    """Keys of the cycles in which it is climbed: those that are open, and those closed a short while ago."""
    after = stamp(now - AFTERWARDS)
    closed = execute(
        session, "SELECT key FROM cycle WHERE stage = 'closed' AND closed_at >= :after ORDER BY id", {"after": after}
    )
    return [*cycles.unclosed(session), *closed.scalars()]


def climb_all(now: datetime, actor: str = ACTOR) -> int:
    """Climb in every cycle watched, each in a piece of work of its own; return how many notices were written."""
    with reading() as session:
        keys = watched(session, now)
    done = 0
    for key in keys:
        with reading() as session:
            waits = any(one.next for one in stuck(session, find_cycle(session, key), now))
        if waits:
            with (
                suppress(Conflict),
                work() as session,
            ):  # another run climbs here: what it leaves is found by the next look
                done += climb(session, find_cycle(session, key), now, actor)
    return done


def climb(session: Session, cycle: Known, now: datetime, actor: str = ACTOR) -> int:
    """Write the next notice to everybody whose last one did not reach them; return how many (N-19, N-25).

    Each goes by the next lawful channel of its kind (`facts.channels_for`) that was not tried and by which the person can
    be reached. For whom none is left stays with HR (`unreached`).
    """
    groups: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for one in stuck(session, cycle, now):
        if one.next is not None:
            groups[one.alike].append(int(one.row.id))
    said: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for alike, ids in sorted(groups.items(), key=str):
        kind, _, _, _, channel, why, following = alike
        if why == WAITING:
            ids = _withdrawn(session, ids)
        said[kind, channel, why][following] += _write(session, cycle, alike, ids, now)
    for (kind, channel, why), nexts in said.items():
        if nexts.total():
            _say(session, cycle, kind, channel, why, nexts, now, actor)
    return sum(nexts.total() for nexts in said.values())


def _write(session: Session, cycle: Known, alike: tuple[Any, ...], ids: list[int], now: datetime) -> int:
    kind, round, facts, due, _, _, following = alike
    languages, done = ground_of(session, cycle).organisation.languages, 0
    # the people were found once and are named here: a database without statistics would look for them row by row
    for place in range(0, len(ids), CHUNK):
        named = ", ".join(map(str, ids[place : place + CHUNK]))
        done += notify(
            session, kind, cycle.id or 0, now, round=round, channels=(following,), facts=json.loads(facts),
            due_at=None if due is None else instant(due), languages=languages,
            select=f"SELECT assessment_id, recipient_id FROM notice WHERE id IN ({named})",
        )  # fmt: skip
    return done


def _withdrawn(session: Session, ids: list[int]) -> list[int]:
    """Take back those that still wait, so that they are not sent beside the next; one nobody knows of is left to be asked."""
    named = ", ".join(map(str, ids))
    query = (
        f"UPDATE notice SET state = 'failed', failure = :why, next_at = NULL WHERE id IN ({named}) AND state = 'waiting'"
        " RETURNING id"
    )
    back = list(execute(session, query, {"why": WITHDRAWN}).scalars())
    unknown = execute(session, f"SELECT id FROM notice WHERE id IN ({named}) AND state = 'unknown'").scalars()
    return [*back, *unknown]


def _say(
    session: Session, cycle: Known, kind: str, channel: str, why: str, nexts: Counter[str], now: datetime, actor: str
) -> None:
    ways = ", ".join(f"{number} by {one}" for one, number in nexts.items())
    record(
        session, "next_channel", now, actor, cycle_id=cycle.id, subject=f"cycle/{cycle.id}",
        rules=_rules(ground_of(session, cycle), kind),
        reason=f"{kind}: {nexts.total()} by {channel} {WHY[why]}; next {ways}",
    )  # fmt: skip


def _rules(ground: Ground, kind: str) -> tuple[str, ...]:
    if kind == "result_served":
        return ground.evaluation.source("served").rules
    return ground.source(*KINDS[kind].roles).rules


# --- who is stuck ----------------------------------------------------------------------------------------


def stuck(session: Session, cycle: Known, now: datetime) -> list[Stuck]:
    """Every notice of the cycle that is needed and did not reach its person, with the channel that follows."""
    ground = ground_of(session, cycle)
    lanes = {row.channel: row.state for row in execute(session, _LANES, {"body": cycle.organisation})}
    resting = {channel for channel, state in lanes.items() if state != RUNNING}
    found = []
    for row in execute(session, _stuck(is_postgres(session)), {"c": cycle.id}):
        why = _why(ground, row, lanes, now)
        if why is None:
            continue
        following = _next(ground, row, resting if why == WAITING else ())
        if following is not None or why != WAITING:  # while every carrier rests it waits where it is
            found.append(Stuck(row, why, following))
    return found


_LANES = "SELECT channel, state FROM lane WHERE organisation = :body"
# both databases use a partial index only when they read its own words again; the plus and the cross join keep a database
# without statistics from looking through all notices of the cycle instead
_STUCK = f"""
WITH candidate AS (
 SELECT id FROM notice WHERE cycle_id = :c AND state = 'failed'
 UNION SELECT r.notice_id FROM receipt r CROSS JOIN notice b
  WHERE b.id = r.notice_id AND r.event IN ('undelivered', 'returned', 'refused') AND +b.cycle_id = :c
 UNION SELECT id FROM notice WHERE cycle_id = :c AND state = 'handed' AND due_at IS NOT NULL
  AND kind IN ({", ".join(f"'{kind}'" for kind in PROVED)})
 UNION SELECT id FROM notice WHERE +cycle_id = :c AND state IN ('waiting', 'claimed', 'unknown')
  AND state <> 'claimed' AND due_at IS NOT NULL)
SELECT n.id, n.assessment_id, n.recipient_id, n.kind, n.channel, n.round, n.facts, n.state, n.created_at, n.handed_at,
 n.due_at, n.tries, a.absent, COALESCE(a.dismissed, false) AND a.person_id = n.recipient_id AS gone,
 COALESCE(p.email, '') <> '' AS email, COALESCE(p.phone, '') <> '' AS phone, COALESCE(p.address, '') <> '' AS address,
 (SELECT MIN(r.event) FROM receipt r WHERE r.notice_id = n.id
  AND r.event IN ('undelivered', 'returned', 'refused')) AS missed,
 (SELECT {{joined}}(o.channel, ',') FROM notice o WHERE o.cycle_id = n.cycle_id AND o.assessment_id = n.assessment_id
  AND o.kind = n.kind AND o.recipient_id = n.recipient_id AND o.round = n.round) AS tried
FROM candidate s JOIN notice n ON n.id = s.id JOIN person p ON p.id = n.recipient_id
LEFT JOIN assessment a ON a.id = n.assessment_id AND n.assessment_id <> 0
WHERE {NEEDED} ORDER BY n.id
"""


def _stuck(postgres: bool) -> str:
    return _STUCK.format(joined="STRING_AGG" if postgres else "GROUP_CONCAT")


def _why(ground: Ground, row: Any, lanes: Mapping[str, str], now: datetime) -> str | None:
    if row.state == "failed":
        return FAILED
    if row.missed:
        return str(row.missed)
    due, written = instant(row.due_at), instant(row.created_at)
    if row.state == "handed":
        patience = (ground.organisation.settings.get("silence_hours") or {}).get(row.channel)
        hours = None if patience is None else timedelta(hours=int(patience))
        moment = silent_until(written, instant(row.handed_at), due, ground.calendar, ground.zone, hours)
        return SILENT if moment is not None and now >= moment else None
    if written >= due or now < leaves_a_day(due, ground.calendar, ground.zone):
        return None
    # while nobody hands anything over, another channel waits as long as this one
    held_up = (row.tries or row.channel in lanes) and now - written > YOUNG
    rests = lanes.get(row.channel, RUNNING) != RUNNING
    return WAITING if row.state == "unknown" or rests or held_up else None


def _next(ground: Ground, row: Any, resting: Collection[str]) -> str | None:
    tried = row.tried.split(",")
    for channel in lawful(ground, row.kind, bool(row.gone), bool(row.absent)):
        contact = _CONTACTS.get(channel)
        if channel not in tried and channel not in resting and (contact is None or getattr(row, contact)):
            return channel
    return None


def lawful(ground: Ground, kind: str, gone: bool, absent: bool) -> tuple[str, ...]:
    """The lawful channels of a kind for a person who left (`gone`) or was away, in their order; none where the body has none."""
    away = kind == "result_served" and absent and not gone and "absent" in ground.law.channels
    with suppress(NotFound):
        return channels_for(ground, kind, gone, "absent" if away else "dismissed")
    return ()


def unreached(session: Session, cycle: Known, now: datetime) -> Counter[tuple[str, bool]]:
    """How many notices reached nobody by any lawful channel: (kind, does it only lack a proof?) -> number."""
    return Counter((one.row.kind, one.why == SILENT) for one in stuck(session, cycle, now) if one.next is None)
