"""Understanding what carriers told us: receipts are appended, and each notice moves on as all that is known of it says.

In sets, and in any order: a word told forty-six times, before our own mark or a month late leaves the same behind.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.base import stamp
from models.work import work
from notifications.marking import RECEIPT
from services.bounce_guard import FRESH, faults, guard
from services.callback_facts import Heard, News, judge, looked_up, understood
from services.callback_moves import Moves, move
from services.receiving import Houses

#: callbacks, and facts in them, in one transaction more or less: SQLite has one writer, and carriers wait for their answer
PAGE, ENOUGH = 200, 500
#: seconds between two pages in which the service can write
BREATH = 0.05
#: two that collect at once would each see half of what was told of a notice
_ONE_AT_A_TIME = 6_204_243
_READ = text("UPDATE callback SET state = :state, done_at = :now, note = :note WHERE id = :id")
_OLD = text("UPDATE callback SET body = '' WHERE body <> '' AND received_at < :old AND state <> 'new'")


@dataclass(frozen=True)
class Collected:
    """What was understood.

    Attributes:
        callbacks: how many were read. refused: of them meant nothing to us. receipts: how many are new.
        healed: notices that left after all. again: given to their carrier again. undelivered: the next channel's turn.
        problems: sentences for the operator.
        last: the id of the last callback read; 0 when there was none.
    """

    callbacks: int = 0
    refused: int = 0
    receipts: int = 0
    healed: int = 0
    again: int = 0
    undelivered: int = 0
    problems: tuple[str, ...] = ()
    last: int = 0

    def __add__(self, other: Collected) -> Collected:
        """Both together."""
        summed = {one.name: getattr(self, one.name) + getattr(other, one.name) for one in fields(self)}
        return replace(self, **summed | {"last": max(self.last, other.last)})


def collect(session: Session, houses: Houses, now: datetime, limit: int = PAGE, after: int = 0) -> Collected:
    """Understand up to `limit` callbacks whose id is above `after`, the oldest first. Safe to kill and to repeat."""
    heard = []
    for row in _waiting(session, after, limit):
        heard.append(understood(row, houses.get(row.organisation)))
        if sum(len(one.said.facts) for one in heard) >= ENOUGH:
            break
    if not heard:
        return Collected()
    known = looked_up(session, {fact.notice_id for one in heard for fact in one.said.facts})
    for one in heard:
        judge(one, known)
    news = [found for one in heard for found in one.news]
    if news:
        session.connection().execute(RECEIPT, [_receipt(found, now) for found in news])
    moves = move(session, known, now)
    _mark(session, heard, moves, now)
    missed = {found.fact.notice_id for found in news if found.fact.meaning.event == "undelivered"} | set(moves.closed)
    lanes = [(known[number].row.organisation, known[number].row.channel) for number in missed]
    return Collected(
        callbacks=len(heard), refused=sum(_is_refused(one) for one in heard), receipts=len(news),
        healed=len(moves.healed), again=len(moves.again), undelivered=len(missed),
        problems=(*guard(session, houses, lanes, now), *faults(session, _ours(news, known, now), now)),
        last=heard[-1].row.id,
    )  # fmt: skip


def _waiting(session: Session, after: int, limit: int) -> list[Any]:
    """The oldest that nobody has read; none while another run reads."""
    if session.get_bind().dialect.name == "postgresql":
        mine = text("SELECT pg_try_advisory_xact_lock(:number)")
        if not session.connection().execute(mine, {"number": _ONE_AT_A_TIME}).scalar_one():
            return []
    query = text(
        "SELECT id, organisation, source, address, body, received_at FROM callback"
        " WHERE state = 'new' AND id > :after ORDER BY id LIMIT :limit"
    )
    return list(session.connection().execute(query, {"after": after, "limit": limit}))


def _receipt(found: News, now: datetime) -> dict[str, Any]:
    fact = found.fact
    return {
        "id": fact.notice_id, "event": fact.meaning.event, "at": stamp(found.at), "recorded": stamp(max(now, found.at)),
        "source": found.source, "event_id": fact.event_id, "reference": fact.reference, "code": fact.code or None,
        "detail": found.remark or None,
    }  # fmt: skip


def _mark(session: Session, heard: list[Heard], moves: Moves, now: datetime) -> None:
    """What concerns a notice a worker has in hand is read again when the worker has said its own word."""
    rows = [
        {"id": one.row.id, "state": "refused" if _is_refused(one) else "done", "now": stamp(now), "note": _note(one)}
        for one in heard
        if not any(fact.notice_id in moves.held for fact in one.said.facts)
    ]
    if rows:
        session.connection().execute(_READ, rows)


def _is_refused(one: Heard) -> bool:
    return bool(one.why) and one.why.total() >= len(one.said.facts) + len(one.said.strange) and not one.said.idle


def _note(one: Heard) -> str | None:
    return " ".join(f"{count} x {why}" if count > 1 else why for why, count in sorted(one.why.items())) or None


def _ours(news: list[News], known: Any, now: datetime) -> dict[tuple[str, str], str]:
    """(body, channel) -> why its carrier takes nothing, where a report says that it is not the recipient's fault."""
    return {
        (known[one.fact.notice_id].row.organisation, known[one.fact.notice_id].row.channel): one.fact.meaning.sentence
        for one in news
        if one.fact.meaning.ours and one.fact.meaning.event != "deferred" and now - one.at < FRESH
    }


def collect_all(
    houses: Houses, now: datetime, days_kept: int, progress: Callable[[Collected], None] | None = None, page: int = PAGE
) -> Collected:
    """Understand everything that waits, a page in each transaction, then empty what was kept long enough.

    Args:
        days_kept: so many days the bytes themselves are kept; they hold addresses.
    """
    done = Collected()
    while True:
        with work() as session:
            found = collect(session, houses, now, page, done.last)
        if not found.callbacks:
            break
        done += found
        if progress:
            progress(done)
        time.sleep(BREATH)
    with work() as session:
        session.connection().execute(_OLD, {"old": stamp(now - timedelta(days=days_kept))})
    return done
