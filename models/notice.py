"""The outbox: what is to be said to whom, by which channel, and the evidence that came back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Instant


class Notice(SQLModel, table=True):
    """One notice to one person by one channel.

    Written in the same transaction as the change of state that asks for it; sent later by the hand-over.

    Attributes:
        assessment_id: 0 when the notice is about the cycle as a whole (an evaluator's waiting sheets).
        kind: a folder of `notifications/templates`.
        round: 0 for the first, 1.. for reminders.
        facts: JSON, what the template needs; never a name, score, grade, post or personal number.
        state: waiting, claimed, unknown (it may have left: the carrier is asked), handed, failed.
        next_at: not tried, or asked about, before this instant. tries: how often it was given to a carrier.
        carrier: who was given it last: smtp, sendgrid, twilio, smsc, files, officer, ...
        possible_duplicate: it was sent again though nobody could say that the earlier try was lost.
        template: folder, version and content hash of the wording that was sent (see `Wording`).
        content_hash: sha256 of the bytes that left.
    """

    __table_args__ = (
        UniqueConstraint("cycle_id", "assessment_id", "kind", "recipient_id", "channel", "round"),
        # what the next channel may have to follow: what failed, and what is still to be proved
        Index(
            "ix_notice_failed",
            "cycle_id",
            sqlite_where=text("state = 'failed'"),
            postgresql_where=text("state = 'failed'"),
        ),
        Index(
            "ix_notice_owed",
            "cycle_id",
            sqlite_where=text("state = 'handed' AND due_at IS NOT NULL"),
            postgresql_where=text("state = 'handed' AND due_at IS NOT NULL"),
        ),
        Index(
            "ix_notice_waiting",
            "state",
            "due_at",
            sqlite_where=text("state IN ('waiting', 'claimed', 'unknown')"),
            postgresql_where=text("state IN ('waiting', 'claimed', 'unknown')"),
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
    next_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    tries: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    carrier: str | None = None
    possible_duplicate: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    handed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    language: str | None = None
    template: str | None = None
    content_hash: str | None = None
    reference: str | None = None
    failure: str | None = None


class Receipt(SQLModel, table=True):
    """Evidence about a notice, append-only: attempted, accepted, delivered, returned, refused ...

    Attributes:
        event: one of `notifications.events.EVENTS`.
        at, recorded_at: when it happened, and when we learned of it.
        code: the carrier's own code, as in its table in `notifications.codes`.
        source, event_id: who told us, and their id for it; told twice is the same as told once.
        officer_id: the named officer who typed it in, for the manual channels.
        scan_sha256: hash of the scanned proof.
        content_hash: sha256 of the bytes that left with this try; only on the hand-over's own word that they were taken.
    """

    __table_args__ = (
        UniqueConstraint("source", "event_id"),
        Index(
            "ix_receipt_missed",
            "notice_id",
            sqlite_where=text("event IN ('undelivered', 'returned', 'refused')"),
            postgresql_where=text("event IN ('undelivered', 'returned', 'refused')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id", index=True)
    event: str
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    source: str
    event_id: str
    officer_id: int | None = Field(default=None, foreign_key="person.id")
    reference: str | None = None
    code: str | None = None
    detail: str | None = None
    scan_sha256: str | None = None
    content_hash: str | None = None


class Lane(SQLModel, table=True):
    """One channel of one body as its carrier lets it be used: the circuit breaker, the brake and the day's count.

    Attributes:
        state: running; resting (the carrier failed; it is tried again at `probe_at`); stopped (until an officer says so).
        failures: tries in a row that failed, for no fault of the recipient.
        since, reason: since when it is not running, and why.
        free_at: no notice before this instant (the rate the carrier allows).
        day, sent: how many were given to the carrier on this day of the body.
        alerted_at: when the operator was told that it is not running.
        warned_at: when it was last warned that too much comes back; counted_from: an officer looked at what came back
            before this instant.
    """

    __table_args__ = (UniqueConstraint("organisation", "channel"),)

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    channel: str
    state: str = "running"
    failures: int = 0
    since: datetime | None = Field(default=None, sa_column=Column(Instant))
    reason: str | None = None
    probe_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    free_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    day: str = ""
    sent: int = 0
    alerted_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    warned_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    counted_from: datetime | None = Field(default=None, sa_column=Column(Instant))


class Callback(SQLModel, table=True):
    """What a carrier told us by itself, as it came: kept first, understood later.

    Attributes:
        organisation: the body whose key or mailbox it came under; it can speak of that body's notices only.
        source: sendgrid, twilio, smsc, bounces. address: the reference of the notice our own signed address named.
        digest: sha256 of organisation, source, address and body; told twice is kept once.
        state: new, done, or refused (`note` says why it means nothing to us).
        body: the bytes as text (they hold addresses: emptied after `callbacks_days_kept`).
    """

    __table_args__ = (
        UniqueConstraint("digest"),
        Index("ix_callback_new", "id", sqlite_where=text("state = 'new'"), postgresql_where=text("state = 'new'")),
        Index("ix_callback_held", "received_at", sqlite_where=text("body <> ''"), postgresql_where=text("body <> ''")),
    )

    id: int | None = Field(default=None, primary_key=True)
    organisation: str
    source: str
    address: str = ""
    digest: str
    received_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))
    state: str = "new"
    done_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    note: str | None = None


class Wording(SQLModel, table=True):
    """The texts a notice was made of, kept by the first one that used them; append-only.

    Attributes:
        template: "result_ready/kk@7f3c...": kind, language and content hash. body: JSON, file name -> text.
    """

    template: str = Field(primary_key=True)
    version: int
    first_used_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))
