"""The hand-over: claim, commit, send, mark. Killed anywhere and begun again, it loses nothing and doubles nothing unsaid.

A claim is committed before anything leaves, and nothing leaves inside a transaction: a slow carrier holds no lock. What a
dead worker held within the house is written again under the same name; what it held for a carrier outside is unknown, and
the carrier is asked before anything is sent again (`notifications.asking`). Each lane outside has its own worker, so a
carrier that hangs delays nobody else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import text

from models.work import reading, work
from notifications.asking import ask
from notifications.catalogue import PORTAL
from notifications.channels import Carrier, Outcome
from notifications.claiming import Among, Claimed, claim, lane_words, written
from notifications.house import House
from notifications.lane_work import LaneWork
from notifications.lanes import RUNNING, lane_of, rest
from notifications.marking import Told, keep_wordings, mark
from notifications.papers import Documents
from notifications.post import OURS, PAPERS, SIMULATE, Post
from notifications.registers import write_registers
from notifications.render import wordings_of
from notifications.tally import FAILED, POSTPONED, RESENT, UNKNOWN, Lane, LaneTally, Tally, word_of
from rules.errors import MissingSetting

CHUNK = 500


@dataclass(frozen=True)
class HandOver:
    """What one hand-over did.

    Attributes:
        handed: channel -> how many left. failed: how many a person must look at. postponed: how many are tried again.
        unknown: of how many nobody knows yet whether they left. resent: how many were sent again, perhaps twice.
        problems: what else went wrong, a sentence each (a register that could not be made, a carrier that is missing).
        lanes: the same counts for each channel of each body.
    """

    handed: Mapping[str, int] = field(default_factory=dict)
    failed: int = 0
    postponed: int = 0
    unknown: int = 0
    resent: int = 0
    problems: tuple[str, ...] = ()
    lanes: tuple[LaneTally, ...] = field(default=(), compare=False)


def hand_over(
    mode: str,
    outbox: Path,
    now: datetime,
    *,
    documents: Documents,
    houses: Mapping[str, House] | None = None,
    limit: int | None = None,
    only: Collection[tuple[str, str]] | None = None,
    progress: Callable[[int, int], None] | None = None,
    stopping: Callable[[], bool] = lambda: False,
    chunk: int = CHUNK,
    stopwatch: Callable[[], float] = time.monotonic,
) -> HandOver:
    """Send what waits in the outbox, the most urgent first; safe to kill, to repeat and to run twice at once.

    Args:
        mode: "simulate" writes files under `outbox`; see `post.Post`. houses: each body's carriers. limit: at most so
            many notices. only: these lanes, each a body and a channel; left out, all.
        progress: called after each chunk with (done, waiting at the beginning). stopping: asked often; once it is true, what
            is on its way is waited for and nothing more is sent.
        stopwatch: seconds gone by; whether a notice left in time is judged by when it left, not by when the
            hand-over began.

    Raises:
        MissingSetting: there is no such mode, or it needs carriers and no body has any.
    """
    post = Post(mode, outbox, documents, houses or {})
    started, waiting = stopwatch(), _waiting()

    def moment() -> datetime:
        return now + timedelta(seconds=stopwatch() - started)

    outside, within, problems = _sorted_out(post, only, now)
    tally = Tally(limit, waiting, progress, stopping)
    lanes = [LaneWork(post, *lane) for lane in outside]
    with ThreadPoolExecutor(max(1, len(lanes)), thread_name_prefix="lane") as pool:
        running = [pool.submit(_work_off, lane, moment, tally) for lane in lanes]
        _work_within(post, within, moment, tally, chunk)
    problems += [lane.problem for lane in lanes if lane.problem]
    problems += write_registers(outbox, documents, now)
    for lane in running:
        lane.result()  # one that broke is told after the others have done their work
    return HandOver(
        tally.handed(), tally.count(FAILED), tally.count(POSTPONED), tally.count(UNKNOWN), tally.count(RESENT),
        tuple(problems), tally.lanes(),
    )  # fmt: skip


def _waiting() -> int:
    with reading() as session:
        query = text(
            "SELECT COUNT(*) FROM notice WHERE state IN ('waiting', 'claimed', 'unknown') AND state = 'waiting'"
        )
        return int(session.connection().execute(query).scalar_one())


def _sorted_out(
    post: Post, only: Collection[tuple[str, str]] | None, now: datetime
) -> tuple[list[tuple[str, str, Carrier]], Among | None, list[str]]:
    """The lanes of carriers outside the house, which notices stay within it (None: none), and what is missing."""
    post.check()  # a mode that cannot work is refused before anything is claimed
    if post.mode == SIMULATE:
        return [], Among() if only is None else _any_of([lane_words(*lane, n) for n, lane in enumerate(only)]), []
    outside: list[tuple[str, str, Carrier]] = []
    within: list[Among] = []
    problems: list[str] = []
    for organisation, channel in _lanes() if only is None else only:
        try:
            carrier = post.carrier(organisation, channel)
        except MissingSetting as missing:
            _let_rest(organisation, channel, str(missing), now)
            problems.append(str(missing))
            continue
        if carrier is None:
            within.append(lane_words(organisation, channel, len(within)))
        else:
            outside.append((organisation, channel, carrier))
    return outside, _any_of(within), problems


def _let_rest(organisation: str, channel: str, reason: str, now: datetime) -> None:
    """A lane without a carrier says so where its notices are looked for; it is tried again like any that rests."""
    with work() as session:
        lane = lane_of(session, organisation, channel)
        if lane.state == RUNNING:
            rest(session, lane, now, reason)


def _lanes() -> list[tuple[str, str]]:
    query = text(
        "SELECT DISTINCT c.organisation, n.channel FROM notice n JOIN cycle c ON c.id = n.cycle_id"
        " WHERE n.state IN ('waiting', 'claimed', 'unknown') ORDER BY 1, 2"
    )
    with reading() as session:
        return [(row[0], row[1]) for row in session.connection().execute(query)]


def _any_of(lanes: list[Among]) -> Among | None:
    if not lanes:
        return None
    values = {name: value for lane in lanes for name, value in lane.values.items()}
    return Among(" OR ".join(f"({lane.words})" for lane in lanes), values)


def _work_off(lane: LaneWork, moment: Callable[[], datetime], tally: Tally) -> None:
    """One lane: first what is unknown is asked about, then what waits is sent, until neither is left."""
    with lane:
        if lane.awake(moment()):
            ask(lane, moment, tally)
            lane.send(moment, tally)


def _work_within(post: Post, among: Among | None, moment: Callable[[], datetime], tally: Tally, chunk: int) -> None:
    while among is not None and (size := tally.take(chunk)):
        with work() as session:
            claimed = claim(session, moment(), size, among)
        tally.give_back(size - len(claimed))
        if not claimed:
            return
        outcomes, messages = written(claimed, moment())
        outcomes |= post.keep(messages)
        by_id = {message.notice_id: message for message in messages}
        told = {
            one.notice_id: Told(
                outcomes[one.notice_id], by_id[one.notice_id].at if one.notice_id in by_id else moment()
            )
            for one in claimed
        }
        with work() as session:
            mark(session, claimed, by_id, told, SIMULATE)
            keep_wordings(session, wordings_of(messages), moment())
        for lane, words in _by_lane(post, claimed, outcomes).items():
            tally.add(lane, words)


def _by_lane(post: Post, claimed: list[Claimed], outcomes: Mapping[int, Outcome]) -> dict[Lane, list[str]]:
    found: dict[Lane, list[str]] = {}
    for one in claimed:
        carrier = SIMULATE if post.mode == SIMULATE else OURS if one.row.channel == PORTAL else PAPERS
        lane = Lane(one.row.organisation, one.row.channel, carrier)
        found.setdefault(lane, []).append(word_of(outcomes[one.notice_id]))
    return found
