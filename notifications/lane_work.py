"""One lane's work: as many notices on their way as its carrier may be given, and what was said of each.

Threads are never waited for together: what is answered is marked, and its place is given to the next notice, so one
message that hangs holds one thread and nothing else.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from models.work import work
from notifications.channels import Carrier, Message, Outcome, Temporary, Unknown
from notifications.claiming import Among, Claimed, claim_fresh, give_up_dead, lane_words, written
from notifications.lanes import (
    LONGEST,
    RESTING,
    RUNNING,
    Limits,
    ahead,
    allowance,
    hold_probe,
    lane_of,
    pause_left,
    sent_on,
    told,
    took,
)
from notifications.marking import Told, attempted, keep_wordings, mark
from notifications.post import SIMULATE, Post
from notifications.render import wordings_of
from notifications.tally import Lane, Tally, word_of
from notifications.waiting import AWAY, surely

Moment = Callable[[], datetime]
#: seconds a worker waits for its lane; what the carrier asks beyond that is left to the next hand-over
PATIENCE = 5.0
#: seconds between two looks at what was answered, and at what was written meanwhile
BEAT, LOOK = 0.1, 1.0
#: this share of the grace time a claimed notice may wait for its thread; later it is put back, not sent
FRESH = 3
#: said of what was claimed and not sent; it is no failure of the carrier
NOT_GIVEN = Temporary("It was not given to the carrier any more: the lane had to pause.", spends=False, ours=True)


@dataclass(frozen=True)
class InHand:
    """A claimed notice: what it says, or why it cannot be written; and whether it goes to the carrier at all."""

    claimed: Claimed
    message: Message | Outcome
    leaves: bool


UnderWay = dict[Future[Told], InHand]


class LaneWork(AbstractContextManager["LaneWork"]):
    """A lane with its carrier and the threads that speak to it.

    Attributes:
        problem: a sentence for the operator; empty when there is none.
    """

    def __init__(self, post: Post, organisation: str, channel: str, carrier: Carrier) -> None:
        self.post, self.organisation, self.channel, self.carrier = post, organisation, channel, carrier
        self.limits: Limits = post.houses[organisation].limit(channel)
        self.among: Among = lane_words(organisation, channel)
        self.lane = Lane(organisation, channel, carrier.name)
        self.chunk = 2 * carrier.connections
        self.problem = ""
        self._probing = False
        self._pause: float | None = 0.0
        self._idle = False
        self._pool = ThreadPoolExecutor(carrier.connections, thread_name_prefix=f"{channel}")

    def __exit__(self, *trouble: Any) -> None:
        self._pool.shutdown(cancel_futures=True)
        self.carrier.close()

    def awake(self, now: datetime) -> bool:
        """Is the carrier to be spoken to now? One that rests is asked for a sign of life, by one worker a minute."""
        with work() as session:
            lane = lane_of(session, self.organisation, self.channel)
            if lane.state != RESTING:
                return True
            if ahead(lane.probe_at, now, LONGEST):
                return False
            hold_probe(lane, now)
        self._probing = not self.carrier.ping()
        return self._probing

    @property
    def probing(self) -> bool:
        """The lane rests, and this worker may try it."""
        return self._probing

    def send(self, moment: Moment, tally: Tally) -> None:
        """Send until nothing more may or can be sent now; whatever was given to the carrier is waited for.

        Raises:
            Conflict, DBAPIError: the database went away; what the carrier said was written down all the same.
        """
        under_way: UnderWay = {}
        away: Exception | None = None
        self._pause, self._idle, looked = 0.0, False, time.monotonic()
        while under_way or not (self._idle or self._pause is None):
            if tally.stopping():
                self._pause = None
                _call_back(under_way)
            due = self._pause is not None and time.monotonic() >= looked + self._pause
            if due and len(under_way) <= self.carrier.connections:
                try:
                    under_way |= self._give(moment, tally, bool(under_way))
                except AWAY as trouble:
                    self._pause, away = None, trouble
                looked = time.monotonic()
            if under_way:
                wait(under_way, timeout=BEAT)
                self._gather(under_way, moment, tally)
            elif self._pause:
                time.sleep(min(self._pause, BEAT))
        if away is not None:
            raise away

    def _give(self, moment: Moment, tally: Tally, busy: bool) -> UnderWay:
        """Claim what may be given now and give it to the threads; `_pause`: seconds to the next, None: no more."""
        room = tally.take(self.chunk - self.carrier.connections if busy else self.chunk)
        in_hand, self._pause = self._claim(room, moment())
        tally.give_back(room - len(in_hand))
        given: UnderWay = {}
        for one in in_hand:
            if isinstance(one.message, Message):
                given[self._pool.submit(self._deliver, one.message, one.claimed.at, moment)] = one
            else:
                said: Future[Told] = Future()
                said.set_result(Told(one.message, moment()))
                given[said] = one
        return given

    def _claim(self, room: int, now: datetime) -> tuple[list[InHand], float | None]:
        """Claimed, and what leaves counted and written down before it does; and when to claim again."""
        if not room:
            return [], None
        with work() as session:
            give_up_dead(session, now, self.limits.grace, self.among)
            lane = lane_of(session, self.organisation, self.channel)
            today = self._day(session, now)
            allowed = allowance(lane, self.limits, now, today, room, self._probing)
            in_hand = self._in_hand(claim_fresh(session, now, allowed, self.among), now) if allowed else []
            leaving = [one.claimed for one in in_hand if one.leaves]
            if leaving:
                took(lane, self.limits, now, today, len(leaving))
                attempted(session, leaving, self.carrier.name, now)
            if lane.state != RUNNING and in_hand and not leaving:
                return in_hand, 0.0  # what stays in the house is no probe of the carrier
            self._probing = False
            if lane.state != RUNNING:
                return in_hand, None
            wait_for = pause_left(lane, now)
            capped = not allowed and sent_on(lane, today) >= self.limits.per_day
        if capped:
            self.problem = (
                f"The day's {self.limits.per_day} of {self.channel} of '{self.organisation}' are used up; the others leave"
                " tomorrow, or when `per_day` is raised in the file of carriers."
            )
            return in_hand, None
        self._idle = len(in_hand) < allowed
        if self._idle:
            return in_hand, LOOK
        return in_hand, max(0.0, wait_for) if wait_for <= PATIENCE else None

    def _in_hand(self, claimed: list[Claimed], now: datetime) -> list[InHand]:
        """What becomes of each: only what is written and may leave is the carrier's to say anything of."""
        failed, messages = written(claimed, now)
        by_id: dict[int, Message | Outcome] = {**failed, **{one.notice_id: one for one in messages}}
        leave = {one.notice_id for one in messages if self.post.may_leave(self.organisation, one)}
        return [InHand(one, by_id[one.notice_id], one.notice_id in leave) for one in claimed]

    def _gather(self, under_way: UnderWay, moment: Moment, tally: Tally) -> None:
        """Mark what was answered; let the lane learn from it; call back what need not leave any more."""
        over = [one for one in under_way if one.done()]
        if not over:
            return
        back = Told(NOT_GIVEN, moment())
        said = {under_way[one].claimed.notice_id: back if one.cancelled() else one.result() for one in over}
        done = [under_way.pop(one) for one in over]
        surely(lambda: self._write_down(done, said, moment()))
        if self._pause is None:
            _call_back(under_way)
        for leaves, lane in ((True, self.lane), (False, replace(self.lane, carrier=SIMULATE))):
            tally.add(lane, [word_of(said[one.claimed.notice_id].outcome) for one in done if one.leaves == leaves])

    def _write_down(self, done: list[InHand], said: dict[int, Told], now: datetime) -> None:
        messages = {one.notice_id: one for two in done if isinstance(one := two.message, Message)}
        outcomes = [said[one.claimed.notice_id] for one in done if one.leaves]
        outcomes = sorted((one for one in outcomes if one.outcome is not NOT_GIVEN), key=lambda one: one.at)
        with work() as session:
            for leaves, source in ((True, self.carrier.name), (False, SIMULATE)):
                mark(
                    session, [one.claimed for one in done if one.leaves == leaves], messages, said, source,
                    grace=self.limits.grace, outside=leaves,
                )  # fmt: skip
            keep_wordings(session, wordings_of(messages.values()), now)
            lane = lane_of(session, self.organisation, self.channel)
            was = lane.state
            told(session, lane, self.limits, (one.outcome for one in outcomes), now)
            asked_to_wait = any(isinstance(one.outcome, Temporary) and one.outcome.after for one in outcomes)
            wait_for = pause_left(lane, now)
            if (lane.state != RUNNING and not self._probing) or (asked_to_wait and wait_for > PATIENCE):
                self._pause = None
            elif was != RUNNING and lane.state == RUNNING:
                self._pause, self._idle = 0.0, False
            elif asked_to_wait and self._pause is not None:
                self._pause = max(self._pause, wait_for)

    def all_at_once(
        self, messages: Iterable[Message], do: Callable[[Message], Any], moment: Moment
    ) -> dict[int, Told]:  # fmt: skip
        """What `do` answers for each message, with the moment it did."""

        def one(message: Message) -> tuple[int, Told]:
            answer = do(message)
            return message.notice_id, Told(answer, moment())

        return dict(done.result() for done in as_completed([self._pool.submit(one, message) for message in messages]))

    def _deliver(self, message: Message, claimed_at: datetime, moment: Moment) -> Told:
        if moment() - claimed_at > self.limits.grace / FRESH:
            return Told(NOT_GIVEN, moment())  # another worker may soon take it for lost
        try:
            outcome: Outcome = self.post.deliver(self.organisation, self.carrier, message)
        except Exception as trouble:  # noqa: BLE001 - a carrier never raises; if one does, nobody knows what left
            outcome = Unknown(f"{self.carrier.name} ended with {type(trouble).__name__}.")
        return Told(outcome, moment())

    def asked(self, message: Message) -> Any:
        """What the carrier answers about one message."""
        try:
            return self.carrier.ask(message)
        except Exception as trouble:  # noqa: BLE001 - as above
            return Temporary(f"{self.carrier.name} could not be asked: {type(trouble).__name__}.", ours=True)

    def _day(self, session: Any, now: datetime) -> str:
        zone = session.connection().execute(
            text("SELECT time_zone FROM cycle WHERE organisation = :body ORDER BY id DESC LIMIT 1"),
            {"body": self.organisation},
        ).scalar_one()  # fmt: skip
        return now.astimezone(ZoneInfo(zone)).date().isoformat()


def _call_back(under_way: Iterable[Future[Told]]) -> None:
    """What no thread has begun is not sent any more."""
    for one in under_way:
        one.cancel()
