"""Writing down what became of a chunk: the state of each notice, and the first receipts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.base import stamp
from notifications.channels import Accepted, Message, Outcome, Temporary
from notifications.claiming import Claimed
from notifications.sending import SIMULATE

Row = dict[str, Any]

# a claim taken over by another worker meanwhile is that worker's to mark
_MINE = "WHERE id = :id AND state = 'claimed' AND claimed_at = :claimed"
_HANDED = text(
    "UPDATE notice SET state = 'handed', handed_at = :at, language = :language, template = :template,"
    f" content_hash = :hash, reference = :reference, failure = NULL {_MINE}"
)
_FAILED = text(f"UPDATE notice SET state = 'failed', failure = :sentence {_MINE}")
_POSTPONED = text(f"UPDATE notice SET failure = :sentence {_MINE}")
_RECEIPT = text(
    "INSERT INTO receipt (notice_id, event, at, recorded_at, source, event_id, reference)"
    " VALUES (:id, :event, :at, :at, :source, :event_id, :reference) ON CONFLICT (source, event_id) DO NOTHING"
)


def mark(
    session: Session,
    claimed: Sequence[Claimed],
    messages: Mapping[int, Message],
    outcomes: Mapping[int, Outcome],
) -> None:
    """Mark every claimed notice by its outcome, and keep a receipt for what was accepted (and delivered)."""
    handed: list[Row] = []
    failed: list[Row] = []
    postponed: list[Row] = []
    receipts: list[Row] = []
    for one in claimed:
        outcome, mine = outcomes[one.notice_id], {"id": one.notice_id, "claimed": stamp(one.at)}
        if isinstance(outcome, Accepted):
            message = messages[one.notice_id]
            at = stamp(message.at)
            handed.append(mine | _handed(message, outcome, at))
            receipts += _receipts(message, outcome, at)
        else:
            (postponed if isinstance(outcome, Temporary) else failed).append(mine | {"sentence": outcome.sentence})
    for statement, rows in ((_HANDED, handed), (_FAILED, failed), (_POSTPONED, postponed), (_RECEIPT, receipts)):
        if rows:
            session.connection().execute(statement, rows)


def _handed(message: Message, outcome: Accepted, at: str) -> Row:
    return {
        "at": at,
        "language": message.to.language,
        "template": message.words.template,
        "hash": outcome.content_hash,
        "reference": outcome.reference,
    }


def _receipts(message: Message, outcome: Accepted, at: str) -> list[Row]:
    events = ("accepted", "delivered") if outcome.delivered else ("accepted",)
    return [
        {"id": message.notice_id, "event": event, "at": at, "source": SIMULATE,
         "event_id": f"notice/{message.notice_id}/{event}", "reference": outcome.reference}
        for event in events
    ]  # fmt: skip
