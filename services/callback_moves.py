"""What becomes of notices after their carriers spoke: taken after all, given to the carrier again, or left to the next channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.base import instant, stamp
from notifications.attempts import tried
from notifications.claiming import look_up, written
from notifications.marking import DELAYS, RECEIPT
from services.callback_facts import Known

#: so often a carrier may give a notice up for a reason that passes; then its way is closed
MOST = 3
_TRIED_OUT = f"The carrier gave it up {MOST} times, or there is no time left to try again."
_AGAIN = "The carrier gave it up for a reason that passes; it is given to it again."

_HANDED = text(
    "UPDATE notice SET state = 'handed', handed_at = COALESCE(handed_at, :at), next_at = NULL, failure = NULL,"
    " language = COALESCE(language, :language), template = COALESCE(template, :template)"
    " WHERE id = :id AND state = :was"
)
_WAITING = text(
    "UPDATE notice SET state = 'waiting', next_at = :next, failure = :sentence"
    " WHERE id = :id AND state = :was AND claimed_at = :claimed"
)


@dataclass
class Moves:
    """What was moved: notices that left after all, that wait again, whose way is closed; and those a worker has in hand."""

    healed: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    held: set[int] = field(default_factory=set)


def move(session: Session, known: Mapping[int, Known], now: datetime) -> Moves:
    """Move each notice as all that is known of it says; what a worker has in hand now is left to it, and asked again later."""
    moves = Moves()
    for number, one in sorted(known.items()):
        so_far, state = tried(one.words.values()), one.row.state
        if so_far.again and state == "claimed":
            moves.held.add(number)
        elif so_far.again and state in ("handed", "unknown"):
            _give_up_or_again(session, one, so_far.given_up, now, moves)
        elif (so_far.alive or so_far.over) and state in ("waiting", "claimed", "unknown"):
            moves.healed.append(number)
    _heal(session, {number: known[number] for number in moves.healed}, now)
    return moves


def _give_up_or_again(session: Session, one: Known, times: int, now: datetime, moves: Moves) -> None:
    row, next_at = one.row, now + DELAYS[min(times, len(DELAYS) - 1)]
    if row.followed:
        return  # another channel has taken over
    if times < MOST and (row.due_at is None or next_at < instant(row.due_at)):
        moved = session.connection().execute(
            _WAITING,
            {"id": row.id, "was": row.state, "claimed": row.claimed_at, "next": stamp(next_at), "sentence": _AGAIN},
        )
        (moves.again.append if moved.rowcount else moves.held.add)(row.id)
        return
    session.connection().execute(RECEIPT, _closing(row, now))
    moves.closed.append(row.id)
    if row.state != "handed":
        moves.healed.append(row.id)


def _closing(row: Any, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id, "event": "undelivered", "at": stamp(now), "recorded": stamp(now), "source": row.carrier,
        "event_id": f"notice/{row.id}/tried-out", "reference": None, "code": None, "detail": _TRIED_OUT,
    }  # fmt: skip


def _heal(session: Session, known: Mapping[int, Known], now: datetime) -> None:
    """Mark what left after all. Its words are written anew to know their version; the bytes that left nobody has any more."""
    if not known:
        return
    _, messages = written(look_up(session, known, now), now)
    words = {one.notice_id: (one.to.language, one.words.template) for one in messages}
    rows = []
    for number, one in known.items():
        language, template = words.get(number, (None, None))
        rows.append(
            {
                "id": number, "was": one.row.state, "at": stamp(one.taken_at or now), "language": language,
                "template": template,
            }
        )  # fmt: skip
    session.connection().execute(_HANDED, rows)
