"""A lane is one channel of one body: its carrier's brake and circuit breaker, kept where every worker sees them.

A carrier that fails several times in a row rests: one probe a minute, and only an answered probe lets notices leave again.
A lane whose messages come back too often is stopped until an officer resumes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlmodel import Session, col, select

from models import Lane
from models.base import stamp
from models.journal import record
from notifications.channels import Accepted, Outcome, Permanent, Temporary, Unknown
from rules.errors import NotFound

RUNNING, RESTING, STOPPED = "running", "resting", "stopped"
ACTOR = "system/hand-over"
#: a resting carrier is tried once a minute, and after long rests less often, but at least every five minutes
PROBE, LONGEST = timedelta(minutes=1), timedelta(minutes=5)
#: no carrier may ask for a longer pause
PAUSE = timedelta(hours=1)


@dataclass(frozen=True)
class Limits:
    """What a body allows one of its channels.

    Attributes:
        per_second: notices a second at most; None: as many as the carrier takes.
        per_day: notices a day of the body at most: the brake on a runaway.
        grace: how long an unanswered try is left before the carrier is asked; longer than its index lags behind.
        failures: so many failures of the carrier in a row let the lane rest.
        bounce_warn, bounce_stop: the share of messages that came back from which to warn, and to stop; counted from
            `bounce_least` messages of the last day on.
    """

    per_second: float | None = None
    per_day: int = 250_000
    grace: timedelta = timedelta(minutes=12)
    failures: int = 5
    bounce_warn: float = 0.05
    bounce_stop: float = 0.10
    bounce_least: int = 50


def lane_of(session: Session, organisation: str, channel: str) -> Lane:
    """The lane's row, locked for this transaction; made when it is asked for the first time."""
    session.connection().execute(
        text(
            "INSERT INTO lane (organisation, channel, state, failures, day, sent)"
            " VALUES (:organisation, :channel, 'running', 0, '', 0) ON CONFLICT (organisation, channel) DO NOTHING"
        ),
        {"organisation": organisation, "channel": channel},
    )
    wanted = select(Lane).where(Lane.organisation == organisation, Lane.channel == channel).with_for_update()
    return session.exec(wanted.execution_options(populate_existing=True)).one()


def allowance(lane: Lane, limits: Limits, now: datetime, today: str, wanted: int, probing: bool = False) -> int:
    """How many notices may be given to the carrier now; of a resting lane one, and only to whom its probe fell."""
    if lane.state == STOPPED:
        return 0
    if lane.state == RESTING:
        return min(1, wanted) if probing else 0
    left = limits.per_day - sent_on(lane, today)
    if pause_left(lane, now):
        return 0
    if limits.per_second:
        wanted = min(wanted, max(1, int(limits.per_second)))
    return max(0, min(wanted, left))


def took(lane: Lane, limits: Limits, now: datetime, today: str, count: int) -> None:
    """Count what was given to the carrier, and say when the next may follow."""
    lane.sent = count + sent_on(lane, today)
    lane.day = lane.day if sent_on(lane, today) else today
    if limits.per_second and count:
        lane.free_at = now + timedelta(seconds=count / limits.per_second)


def sent_on(lane: Lane, today: str) -> int:
    """How many of the day's cap are used up; a clock that is behind the one that began the next day counts on in that day."""
    return lane.sent if lane.day in (today, (date.fromisoformat(today) + timedelta(days=1)).isoformat()) else 0


def ahead(moment: datetime | None, now: datetime, most: timedelta) -> bool:
    """Is the moment still to come? One farther away than anybody sets it was set by a clock that ran ahead, and holds nobody."""
    return moment is not None and now < moment <= now + most


def pause_left(lane: Lane, now: datetime) -> float:
    """Seconds until the next notice may be given to the carrier."""
    return (lane.free_at - now).total_seconds() if lane.free_at and ahead(lane.free_at, now, PAUSE) else 0.0


def hold_probe(lane: Lane, now: datetime) -> None:
    """Nobody else probes within the minute; a carrier long away is tried less often, for each try may leave an unknown."""
    gone = now - lane.since if lane.since else PROBE
    lane.probe_at = now + max(PROBE, min(LONGEST, gone / 10))


def told(session: Session, lane: Lane, limits: Limits, outcomes: Iterable[Outcome], now: datetime) -> None:
    """Learn from what a carrier said: rest after several failures in a row, run again after one success."""
    for outcome in outcomes:
        if isinstance(outcome, Temporary) and outcome.after is not None:
            lane.free_at = now + max(outcome.after, timedelta(seconds=pause_left(lane, now)))
        if not _is_failure(outcome):
            lane.failures = 0
            if lane.state == RESTING and isinstance(outcome, Accepted):
                _run(session, lane, now, "the carrier takes notices again")
        else:
            lane.failures += 1
            if lane.state == RUNNING and (_at_once(outcome) or lane.failures >= limits.failures):
                rest(session, lane, now, outcome.sentence)  # type: ignore[union-attr]


def _is_failure(outcome: Outcome) -> bool:
    return isinstance(outcome, Unknown) or (isinstance(outcome, Temporary | Permanent) and outcome.ours)


def _at_once(outcome: Outcome) -> bool:
    return isinstance(outcome, Permanent) and outcome.ours


def rest(session: Session, lane: Lane, now: datetime, reason: str) -> None:
    """Let the lane rest; the next probe is a minute away."""
    lane.state, lane.since, lane.reason, lane.alerted_at = RESTING, now, reason, None
    hold_probe(lane, now)
    _write_down(session, lane, "lane_rests", reason, now, ACTOR)


def stop(session: Session, lane: Lane, now: datetime, reason: str) -> None:
    """Stop the lane until an officer resumes it."""
    lane.state, lane.since, lane.reason, lane.alerted_at = STOPPED, now, reason, None
    _write_down(session, lane, "lane_stopped", reason, now, ACTOR)


def resume(session: Session, organisation: str, channel: str, now: datetime, actor: str, reason: str) -> None:
    """Let a lane run again on an officer's word.

    Raises:
        NotFound: the body never used this channel, or it runs.
    """
    lane = session.exec(
        select(Lane).where(Lane.organisation == organisation, Lane.channel == channel, col(Lane.state) != RUNNING)
    ).first()
    if lane is None:
        raise NotFound(f"The channel {channel} of {organisation} is not resting and not stopped; nothing to resume.")
    lane.counted_from = now  # what came back before, the officer has looked at
    _run(session, lane, now, reason, actor)


def _run(session: Session, lane: Lane, now: datetime, reason: str, actor: str = ACTOR) -> None:
    lane.state, lane.since, lane.reason, lane.failures = RUNNING, None, None, 0
    lane.probe_at = lane.alerted_at = None
    _write_down(session, lane, "lane_resumed", reason, now, actor)


def _write_down(session: Session, lane: Lane, event: str, reason: str, now: datetime, actor: str) -> None:
    record(session, event, now, actor, subject=f"lane/{lane.organisation}/{lane.channel}", reason=reason)


@dataclass(frozen=True)
class Standstill:
    """A lane that does not run, for the operator: since when, why, and how many notices wait in it."""

    organisation: str
    channel: str
    state: str
    since: str
    reason: str
    waiting: int


def standstills(session: Session, not_told: bool = False) -> list[Standstill]:
    """The lanes that do not run, the longest first; `not_told`: those of which no operator heard yet."""
    query = (
        "SELECT l.organisation, l.channel, l.state, l.since, l.reason, (SELECT COUNT(*) FROM notice n JOIN cycle c"
        " ON c.id = n.cycle_id WHERE n.state IN ('waiting', 'claimed', 'unknown') AND c.organisation = l.organisation"
        " AND n.channel = l.channel) AS waiting"
        f" FROM lane l WHERE l.state <> 'running' {'AND l.alerted_at IS NULL' if not_told else ''} ORDER BY l.since"
    )
    return [Standstill(*row) for row in session.connection().execute(text(query))]


def alerted(session: Session, lanes: Iterable[Standstill], now: datetime) -> None:
    """Remember that the operator was told of these."""
    for one in lanes:
        session.connection().execute(
            text("UPDATE lane SET alerted_at = :now WHERE organisation = :organisation AND channel = :channel"),
            {"now": stamp(now), "organisation": one.organisation, "channel": one.channel},
        )


@dataclass(frozen=True)
class Backlog:
    """What is under way in one lane, and how the lane stands; one that never met a carrier outside runs."""

    organisation: str
    channel: str
    waiting: int
    unknown: int
    state: str
    since: str | None


def backlog(session: Session) -> list[Backlog]:
    """Every lane in which something is under way or which does not run."""
    query = (
        "WITH alive AS (SELECT c.organisation, n.channel, SUM(CASE n.state WHEN 'unknown' THEN 0 ELSE 1 END) AS waiting,"
        " SUM(CASE n.state WHEN 'unknown' THEN 1 ELSE 0 END) AS unknown FROM notice n JOIN cycle c ON c.id = n.cycle_id"
        " WHERE n.state IN ('waiting', 'claimed', 'unknown') GROUP BY c.organisation, n.channel)"
        " SELECT a.organisation, a.channel, a.waiting, a.unknown, COALESCE(l.state, 'running'), l.since FROM alive a"
        " LEFT JOIN lane l ON l.organisation = a.organisation AND l.channel = a.channel"
        " UNION ALL SELECT l.organisation, l.channel, 0, 0, l.state, l.since FROM lane l WHERE l.state <> 'running'"
        " AND NOT EXISTS (SELECT 1 FROM alive a WHERE a.organisation = l.organisation AND a.channel = l.channel)"
        " ORDER BY 1, 2"
    )
    return [Backlog(*row) for row in session.connection().execute(text(query))]
