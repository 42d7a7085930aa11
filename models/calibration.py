"""Disagreement: the request, the session, its members, their votes, its protocol (pts 10, 18-23)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Column, Index, text
from sqlmodel import Field, SQLModel

from models.base import Exact, Instant


class CalibrationRequest(SQLModel, table=True):
    """A free-form application for a session (N-20).

    Attributes:
        state: received, accepted, refused.
        ground: why it was refused (only lateness or a person not entitled, N-Q17).
    """

    __tablename__ = "calibration_request"
    __table_args__ = (
        Index(
            "uq_calibration_request_alive",
            "assessment_id",
            unique=True,
            sqlite_where=text("state <> 'refused'"),
            postgresql_where=text("state <> 'refused'"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    received_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    text: str
    late: bool = False
    state: str = "received"
    decided_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    ground: str | None = None


class CalibrationSession(SQLModel, table=True):
    """A session on one request: composition approved, held, protocol signed, uploaded, feedback given.

    Attributes:
        argument_manner: how the evaluatee argued, "oral" or "written"; None where nobody did or it was not recorded.
    """

    __tablename__ = "calibration_session"

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="calibration_request.id", unique=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    approved_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    held_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    evaluator_argument: str | None = None
    evaluatee_argument: str | None = None
    argument_manner: str | None = None
    score_before: Decimal | None = Field(default=None, sa_column=Column(Exact))
    score_after: Decimal | None = Field(default=None, sa_column=Column(Exact))
    outcome: str | None = None
    protocol_signed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    protocol_uploaded_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    feedback_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    feedback_note: str | None = None


class SessionMember(SQLModel, table=True):
    """A member of a session: an evaluator or the HR employee (N-43), with the vote given."""

    __tablename__ = "session_member"

    session_id: int = Field(primary_key=True, foreign_key="calibration_session.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    capacity: str
    vote: Decimal | None = Field(default=None, sa_column=Column(Exact))
    argument: str | None = None
