"""One lane's work: so many notices as its carrier may be given now, by several threads, and what was said of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text

from models.work import work
from notifications.channels import Carrier, Message, Outcome, Temporary, Unknown
from notifications.claiming import Among, Claimed, claim_fresh, give_up_dead, lane_words, written
from notifications.lanes import RESTING, Limits, allowance, hold_probe, lane_of, told, took
from notifications.marking import Told, attempted, keep_wordings, mark
from notifications.post import Post
from notifications.render import wordings_of
from notifications.tally import Tally, word_of

#: seconds a worker waits for its lane; what the carrier asks beyond that is left to the next hand-over
PATIENCE = 5.0


class LaneWork(AbstractContextManager["LaneWork"]):
    """A lane with its carrier and the threads that speak to it."""

    def __init__(self, post: Post, organisation: str, channel: str, carrier: Carrier) -> None:
        self.post, self.organisation, self.channel, self.carrier = post, organisation, channel, carrier
        self.limits: Limits = post.houses[organisation].limit(channel)
        self.among: Among = lane_words(organisation, channel)
        self.chunk = 2 * carrier.connections
        self.pause = 0.0
        self._pool = ThreadPoolExecutor(carrier.connections, thread_name_prefix=f"{channel}")

    def __exit__(self, *trouble: Any) -> None:
        self._pool.shutdown()
        self.carrier.close()

    def send(self, size: int, moment: Callable[[], datetime], tally: Tally) -> bool:
        """Send up to `size` notices; False when nothing more may or can be sent now. `pause`: seconds to the next."""
        claimed = self._claim(size, moment())
        if not claimed:
            return False
        failed, messages = written(claimed, moment())
        said = {number: Told(outcome, moment()) for number, outcome in failed.items()}
        said |= self.all_at_once(messages, self._deliver, moment)
        with work() as session:
            mark(
                session, claimed, {one.notice_id: one for one in messages}, said, self.carrier.name,
                grace=self.limits.grace, outside=True,
            )  # fmt: skip
            keep_wordings(session, wordings_of(messages), moment())
            lane = lane_of(session, self.organisation, self.channel)
            told(session, lane, self.limits, (said[one.notice_id].outcome for one in messages), moment())
            running, ended = lane.state != RESTING, moment()
            self.pause = max(0.0, (lane.free_at - ended).total_seconds()) if lane.free_at else 0.0
        tally.add(Counter(word_of(self.channel, said[one.notice_id].outcome) for one in claimed))
        return running and self.pause <= PATIENCE

    def _claim(self, size: int, now: datetime) -> list[Claimed]:
        """What may be given to the carrier now; claimed, counted and written down before anything leaves."""
        if not self._awake(now):
            return []
        with work() as session:
            give_up_dead(session, now, self.limits.grace, self.among)
            lane = lane_of(session, self.organisation, self.channel)
            today = self._day(session, now)
            claimed = claim_fresh(session, now, allowance(lane, self.limits, now, today, size), self.among)
            if claimed:
                took(lane, self.limits, now, today, len(claimed))
                attempted(session, claimed, self.carrier.name, now)
            if lane.state == RESTING:
                hold_probe(lane, now)
        return claimed

    def _awake(self, now: datetime) -> bool:
        """A resting carrier is asked for a sign of life before it is trusted with a notice."""
        with work() as session:
            lane = lane_of(session, self.organisation, self.channel)
            if lane.state != RESTING:
                return True
            if lane.probe_at and now < lane.probe_at:
                return False
            hold_probe(lane, now)
        silent = self.carrier.ping()
        if not silent:
            with work() as session:
                lane_of(session, self.organisation, self.channel).probe_at = None
        return not silent

    def all_at_once(
        self, messages: Iterable[Message], do: Callable[[Message], Any], moment: Callable[[], datetime]
    ) -> dict[int, Told]:
        """What `do` answers for each message, with the moment it did."""

        def one(message: Message) -> tuple[int, Told]:
            answer = do(message)
            return message.notice_id, Told(answer, moment())

        return dict(done.result() for done in as_completed([self._pool.submit(one, message) for message in messages]))

    def _deliver(self, message: Message) -> Outcome:
        try:
            return self.post.deliver(self.organisation, self.carrier, message)
        except Exception as trouble:  # noqa: BLE001 - a carrier never raises; if one does, nobody knows what left
            return Unknown(f"{self.carrier.name} ended with {type(trouble).__name__}.")

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
