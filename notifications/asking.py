"""Asking a carrier about notices that ended without an answer, by our own id, before anything is sent again.

Asked too early a carrier does not know yet what it took: the grace time is part of being right. Whether it can be asked
says nothing about whether it takes notices: the lane's breaker learns from sending alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from models.base import stamp
from models.work import work
from notifications.channels import CannotSay, Found, NotThere
from notifications.claiming import Claimed, claim_unknown, give_up_dead, put_off_asking, written
from notifications.marking import FOLLOWED, RECEIPT, receipt_row, try_of
from notifications.tally import FAILED, HANDED, RESENT, UNKNOWN, Tally
from notifications.waiting import surely

if TYPE_CHECKING:
    from notifications.lane_work import LaneWork

_FOUND = text(
    "UPDATE notice SET state = 'handed', handed_at = :at, reference = :reference, next_at = NULL, failure = NULL,"
    " language = COALESCE(language, :language), template = COALESCE(template, :template)"
    " WHERE id = :id AND state = 'unknown' AND claimed_at = :claimed"
)
_AGAIN = text(
    "UPDATE notice SET state = 'waiting', next_at = NULL, possible_duplicate = true, failure = :sentence"
    " WHERE id = :id AND state = 'unknown' AND claimed_at = :claimed"
)
#: another channel has taken over meanwhile: this one is not sent again
_OVER = text(
    "UPDATE notice SET state = 'failed', failure = :sentence WHERE id = :id AND state = 'unknown'"
    f" AND claimed_at = :claimed AND {FOLLOWED}"
)
_LOST = "The carrier does not know it; another channel had taken over, so it is not sent again."


def ask(lane: LaneWork, moment: Callable[[], datetime], tally: Tally) -> None:
    """Ask about everything whose grace time is over, and settle what is answered.

    One notice first: while a carrier answers nothing, nothing more is asked of it for a minute.
    """
    wanted = 1
    while room := tally.take(wanted):
        asked, answered = _one_chunk(lane, moment, tally, room)
        tally.give_back(room - asked)
        if asked < room or answered < asked:
            return
        wanted = lane.chunk


def _one_chunk(lane: LaneWork, moment: Callable[[], datetime], tally: Tally, size: int) -> tuple[int, int]:
    """About how many was asked, and how many of them were answered."""
    now = moment()
    with work() as session:
        give_up_dead(session, now, lane.limits.grace, lane.among)
        claimed = claim_unknown(session, now, size, lane.among, now + _pause(lane.limits.grace))
    if not claimed:
        return 0, 0
    _, messages = written(claimed, now)
    # another carrier than the one that was given it knows nothing of it, and is told no address for nothing
    given = {one.notice_id for one in claimed if one.row.carrier == lane.carrier.name}
    asked = [one for one in messages if one.notice_id in given]
    answers = {number: told.outcome for number, told in lane.all_at_once(asked, lane.asked, moment).items()}
    by_id = {message.notice_id: message for message in messages}

    def settled() -> list[str]:
        with work() as session:
            words = [
                _settle(session, lane, one, by_id.get(one.notice_id), answers.get(one.notice_id, CannotSay()), moment())
                for one in claimed
            ]
            if UNKNOWN in words:
                put_off_asking(session, moment(), _pause(lane.limits.grace), lane.among)
        return words

    words = surely(settled)
    tally.add(lane.lane, words)
    return len(claimed), len(words) - words.count(UNKNOWN)


def _pause(grace: timedelta) -> timedelta:
    """A carrier that could not be asked is asked again soon; the answer, not the waiting, is what is missing now."""
    return min(grace, timedelta(minutes=1))


def _settle(session: Any, lane: LaneWork, one: Claimed, message: Any, answer: Any, now: datetime) -> str:
    run, mine = session.connection().execute, {"id": one.notice_id, "claimed": stamp(one.at)}
    if isinstance(answer, Found):
        words = {"language": message.to.language, "template": message.words.template} if message else {}
        done = run(
            _FOUND,
            {
                "language": None,
                "template": None,
                **mine,
                **words,
                "at": stamp(answer.at),
                "reference": answer.reference,
            },
        )
        if done.rowcount:
            events: Sequence[str] = ("accepted",) if answer.event == "accepted" else ("accepted", answer.event)
            run(RECEIPT, [
                receipt_row(one.notice_id, try_of(one), event, answer.at, now, lane.carrier.name, answer.reference,
                         detail="learned by asking the carrier")
                for event in events
            ])  # fmt: skip
        return HANDED
    if isinstance(answer, NotThere | CannotSay):
        if run(_OVER, mine | {"sentence": _LOST}).rowcount:
            return FAILED
        knows = "does not know it" if isinstance(answer, NotThere) else "cannot be asked"
        if one.row.carrier != lane.carrier.name:
            knows = "does not carry this channel any more"
        sentence = f"The earlier try ended without an answer and {one.row.carrier} {knows}: sent again."
        if run(_AGAIN, mine | {"sentence": sentence}).rowcount:
            row = receipt_row(one.notice_id, try_of(one), "resent", now, now, one.row.carrier, detail=sentence)
            run(RECEIPT, [row])
        return RESENT
    return UNKNOWN
