"""What Prefect shows of the outbox: one table, a row per lane, and nothing about anybody."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from prefect.artifacts import acreate_table_artifact

from models.work import reading
from notifications import HandOver
from notifications.lanes import RUNNING, Backlog, backlog
from tasks.kinds import call

TABLE = "notices"
COUNTS = ("handed", "postponed", "unknown", "resent", "failed")


Key = tuple[str, str, str]


def counted(done: Sequence[HandOver]) -> dict[str, int]:
    """What several hand-overs of one run did: how many left by each channel, and what became of the others."""
    counts: Counter[str] = Counter()
    for one in done:
        counts.update(one.handed)
        counts.update({name: getattr(one, name) for name in COUNTS[1:]})
    return dict(counts)


@call("show-the-outbox")
async def show_outbox(done: Sequence[HandOver], now: datetime) -> str:
    """Draw what this run did in each lane, and how each lane stands now."""
    with reading() as session:
        lanes = {(one.organisation, one.channel): one for one in backlog(session)}
    did: dict[Key, Counter[str]] = defaultdict(Counter)
    for one in (lane for each in done for lane in each.lanes):
        did[one.organisation, one.channel, one.carrier].update({name: getattr(one, name) for name in COUNTS})
    for body, channel in lanes.keys() - {key[:2] for key in did}:
        did[body, channel, ""] = Counter()
    table = [_row(key, counts, lanes.get(key[:2])) for key, counts in sorted(did.items())]
    await acreate_table_artifact(table, TABLE, f"The outbox at {now:%Y-%m-%d %H:%M} UTC")
    return TABLE


def _row(key: Key, counts: Counter[str], lane: Backlog | None) -> dict[str, object]:
    body, channel, carrier = key
    waits = {"still waiting": lane.waiting, "still unknown": lane.unknown} if lane else {}
    standing = lane.state if lane else RUNNING
    if lane and lane.since:
        standing = f"{standing} since {lane.since[:16]}"
    did = {name: counts[name] for name in COUNTS}
    return {"body": body, "channel": channel, "carrier": carrier, **did, **waits, "lane": standing}
