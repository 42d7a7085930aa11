"""Where a notice stands: four facts that are never mixed, folded from everything told about it, in any order.

Sent in time, delivered, familiarised, refused. A message that was delivered has not been read; one that was read has
not been refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.base import instant
from notifications.events import STANDING
from rules.errors import NotFound


@dataclass(frozen=True)
class Standing:
    """A notice and what is known of it; instants in UTC, the first of each kind told.

    Attributes:
        state: the outbox's own word: waiting, claimed, handed, failed.
        not_taken_at: the person would not take the message itself.
        familiarised_at: the recipient opened the result or was served. refused_at: the act of refusal to learn it.
            Both are of the notice's own assessment.
        failure: why it failed.
    """

    notice_id: int
    cycle_id: int
    assessment_id: int
    recipient_id: int
    kind: str
    channel: str
    round: int
    state: str
    due_at: datetime | None
    prepared_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    undelivered_at: datetime | None
    returned_at: datetime | None
    not_taken_at: datetime | None
    familiarised_at: datetime | None
    refused_at: datetime | None
    failure: str | None

    @property
    def sent_in_time(self) -> bool | None:
        """Did a carrier take it before its term was over? None when it has no term."""
        return None if self.due_at is None else self.sent_at is not None and self.sent_at < self.due_at

    @property
    def word(self) -> str:
        """The strongest thing told of it, whatever came last; before that, the outbox's state."""
        strongest = [event for event in STANDING if self._told[event] is not None]
        return strongest[-1] if strongest else self.state

    @property
    def told_at(self) -> datetime | None:
        """When that happened; None before anything was told."""
        return self._told.get(self.word)

    @property
    def _told(self) -> dict[str, datetime | None]:
        return {
            "prepared": self.prepared_at, "accepted": self.sent_at, "undelivered": self.undelivered_at,
            "returned": self.returned_at, "refused": self.not_taken_at, "delivered": self.delivered_at,
        }  # fmt: skip

    @property
    def disputed(self) -> bool:
        """Was it both delivered and returned or not taken? Then a person must look before anything hangs on it."""
        return self.delivered_at is not None and bool(self.returned_at or self.not_taken_at)


def _first(event: str) -> str:
    return f"MIN(CASE WHEN r.event = '{event}' THEN r.at END)"


_FOLD = f"""
SELECT n.id, n.cycle_id, n.assessment_id, n.recipient_id, n.kind, n.channel, n.round, n.state, n.due_at, n.failure,
  {_first("prepared")} AS prepared_at, {_first("accepted")} AS sent_at,
  {_first("delivered")} AS delivered_at, {_first("undelivered")} AS undelivered_at,
  {_first("returned")} AS returned_at, {_first("refused")} AS not_taken_at,
  MIN(CASE WHEN a.familiarised_how IN ('shown', 'served') THEN a.familiarised_at END) AS familiarised_at,
  MIN(CASE WHEN a.familiarised_how = 'refused' THEN a.familiarised_at END) AS refused_at
FROM notice n LEFT JOIN receipt r ON r.notice_id = n.id
LEFT JOIN assessment a ON a.id = n.assessment_id AND a.person_id = n.recipient_id
WHERE {{}} GROUP BY n.id ORDER BY n.id
"""


def statuses(
    session: Session, where: str = "n.cycle_id = :cycle", params: Mapping[str, Any] | None = None
) -> Iterator[Standing]:
    """The standing of every notice that `where` names, in one query, by id.

    Args:
        where: SQL in our own words on the notice `n`; values only through `params`.
    """
    for row in session.connection().execute(text(_FOLD.format(where)), dict(params or {})):
        yield _standing(row)


def status(session: Session, notice_id: int) -> Standing:
    """The standing of one notice.

    Raises:
        NotFound: there is none.
    """
    for found in statuses(session, "n.id = :notice", {"notice": notice_id}):
        return found
    raise NotFound(f"There is no notice {notice_id}.")


def _standing(row: Any) -> Standing:
    return Standing(
        row.id, row.cycle_id, row.assessment_id, row.recipient_id, row.kind, row.channel, row.round, row.state,
        _when(row.due_at), _when(row.prepared_at), _when(row.sent_at), _when(row.delivered_at), _when(row.undelivered_at),
        _when(row.returned_at), _when(row.not_taken_at), _when(row.familiarised_at), _when(row.refused_at), row.failure,
    )  # fmt: skip


def _when(text: str | None) -> datetime | None:
    return None if text is None else instant(text)
