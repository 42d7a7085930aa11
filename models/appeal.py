"""Appeals against a decision of the Commission: entered, answered by the authorised body, reported, taken to court."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Instant


class Appeal(SQLModel, table=True):
    """One appeal to the authorised body or its department (M-60, J-55).

    Attributes:
        authority: to whom it went. reference: its number and date there.
        late: it came after `last_day`, the last day of the term.
    """

    __tablename__ = "appeal"

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    received_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    authority: str
    reference: str
    late: bool = False
    last_day: date
    result_version: int
    recorded_by: int = Field(foreign_key="person.id")


class AppealOutcome(SQLModel, table=True):
    """What the authorised body decided: "dismissed" or "revision_recommended" (M-61)."""

    __tablename__ = "appeal_outcome"

    appeal_id: int = Field(primary_key=True, foreign_key="appeal.id")
    outcome: str
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    reference: str
    recorded_by: int = Field(foreign_key="person.id")


class AppealReport(SQLModel, table=True):
    """The body told the authorised body what it decided after an appeal (J-56)."""

    __tablename__ = "appeal_report"

    appeal_id: int = Field(primary_key=True, foreign_key="appeal.id")
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    reference: str
    recorded_by: int = Field(foreign_key="person.id")


class CourtRecord(SQLModel, table=True):
    """A result was taken to court (M-62, J-57); nothing of the procedure waits for it."""

    __tablename__ = "court_record"

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    reference: str
    recorded_by: int = Field(foreign_key="person.id")
