"""The Commission: who sits by which order, what was laid before it, its sittings, votes and decisions. Append-only."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel

from models.base import Instant


class CommissionOrder(SQLModel, table=True):
    """One order on the composition; it holds from its day until the next one (M-12, M-48, J-11).

    The Commission stands for a body and an act, not for one cycle. `order_text`: the order by number and date.
    """

    __tablename__ = "commission_order"

    id: int | None = Field(default=None, primary_key=True)
    organisation: str = Field(index=True)
    act: str
    panel: str
    from_day: date
    order_text: str
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: int = Field(foreign_key="person.id")


class CommissionSeat(SQLModel, table=True):
    """A person in the whole composition of an order: "chair", "member", "hr" or "secretary"."""

    __tablename__ = "commission_seat"
    __table_args__ = ({"sqlite_with_rowid": False},)

    order_id: int = Field(primary_key=True, foreign_key="commission_order.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    capacity: str


class CommissionSubmission(SQLModel, table=True):
    """What HR laid before the Commission beside the sheets: document -> reference, as JSON (M-53, J-48)."""

    __tablename__ = "commission_submission"

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    by_id: int = Field(foreign_key="person.id")
    documents: str = "{}"


class CommissionCall(SQLModel, table=True):
    """The day of a sitting as HR agreed it with the chair (M-52, J-48); a later call for the sitting is a row more."""

    __tablename__ = "commission_call"

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    for_day: date
    called_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    called_by: int = Field(foreign_key="person.id")


class CommissionSitting(SQLModel, table=True):
    """A sitting that had its quorum, under the order of its day."""

    __tablename__ = "commission_sitting"

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    order_id: int = Field(foreign_key="commission_order.id")
    held_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: int = Field(foreign_key="person.id")


class CommissionPresence(SQLModel, table=True):
    """Somebody who came to a sitting, and in which capacity."""

    __tablename__ = "commission_presence"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sitting_id: int = Field(primary_key=True, foreign_key="commission_sitting.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    capacity: str


class CommissionBallot(SQLModel, table=True):
    """One open vote of a sitting, on one case or on a list of them; `proposal`: the correction voted on, as JSON."""

    __tablename__ = "commission_ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sitting_id: int = Field(primary_key=True, foreign_key="commission_sitting.id")
    number: int = Field(primary_key=True)
    cases: int
    proposal: str | None = None


class CommissionVote(SQLModel, table=True):
    """How one member voted in a ballot: "approve" or "revise"."""

    __tablename__ = "commission_vote"
    __table_args__ = ({"sqlite_with_rowid": False},)

    sitting_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    vote: str


class CommissionDecision(SQLModel, table=True):
    """What a sitting decided on one result.

    Attributes:
        decision: "approve" or "revise". says: the count behind it.
        abstained: numbers of the members who abstained in this case, as a JSON list.
        version_before, version_after: the result before the Commission and the one it decided on.
    """

    __tablename__ = "commission_decision"
    __table_args__ = (
        Index("ix_commission_decision_sitting", "sitting_id"),
        {"sqlite_with_rowid": False},
    )

    assessment_id: int = Field(primary_key=True, foreign_key="assessment.id")
    sitting_id: int = Field(primary_key=True, foreign_key="commission_sitting.id")
    ballot: int
    decision: str
    says: str
    abstained: str = "[]"
    explanation: str = Field(default="", sa_column=Column(Text, nullable=False))
    version_before: int
    version_after: int


class CommissionProtocol(SQLModel, table=True):
    """The signed protocol of a sitting; after it the sitting decides nothing more."""

    __tablename__ = "commission_protocol"

    sitting_id: int = Field(primary_key=True, foreign_key="commission_sitting.id")
    signed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    reference: str
    recorded_by: int = Field(foreign_key="person.id")


class CommissionApproval(SQLModel, table=True):
    """The authorised person approved the results of a sitting, as its protocol says (M-56)."""

    __tablename__ = "commission_approval"

    sitting_id: int = Field(primary_key=True, foreign_key="commission_sitting.id")
    approved_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    approved_by: int = Field(foreign_key="person.id")
