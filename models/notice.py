"""The outbox: what is to be said to whom, by which channel, and the evidence that came back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Instant


class Notice(SQLModel, table=True):
    """One notice to one person by one channel.

    Written in the same transaction as the change of state that asks for it; sent later by the hand-over.

    Attributes:
        assessment_id: 0 when the notice is about the cycle as a whole (an evaluator's waiting sheets).
        kind: a folder of `notifications/templates`.
        round: 0 for the first, 1.. for reminders and the next channels.
        facts: JSON, what the template needs; never a name, score, grade, post or personal number.
        ref: the short public reference printed in the message.
        state: waiting, claimed, handed, failed.
        template: folder and content hash of the wording that was sent.
        content_hash: sha256 of the bytes that left.
    """

    __table_args__ = (
        UniqueConstraint("cycle_id", "assessment_id", "kind", "recipient_id", "channel", "round"),
        Index(
            "ix_notice_waiting",
            "state",
            "due_at",
            sqlite_where=text("state IN ('waiting', 'claimed')"),
            postgresql_where=text("state IN ('waiting', 'claimed')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id")
    assessment_id: int = 0
    recipient_id: int = Field(foreign_key="person.id")
    kind: str
    channel: str
    round: int = 0
    facts: str = "{}"
    state: str = "waiting"
    created_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    due_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    claimed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    handed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    language: str | None = None
    template: str | None = None
    content_hash: str | None = None
    reference: str | None = None
    failure: str | None = None


class Receipt(SQLModel, table=True):
    """Evidence about a notice, append-only: accepted, delivered, returned, refused ...

    Attributes:
        source, event_id: who told us, and their id for it; told twice is the same as told once.
        officer_id: the named officer who typed it in, for the manual channels.
        scan_sha256: hash of the scanned proof.
    """

    __table_args__ = (UniqueConstraint("source", "event_id"),)

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True)
    event: str
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    source: str
    event_id: str
    officer_id: int | None = Field(default=None, foreign_key="person.id")
    reference: str | None = None
    detail: str | None = None
    scan_sha256: str | None = None
