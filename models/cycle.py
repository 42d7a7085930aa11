"""A cycle: one body, one act, one period; what it was opened under is pinned and never moves."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Instant


class PinnedText(SQLModel, table=True):
    """A text a cycle was opened under (the act's files, the body's file, the calendar), kept by its hash."""

    __tablename__ = "pinned_text"

    sha256: str = Field(primary_key=True)
    kind: str
    body: str = Field(sa_column=Column(Text, nullable=False))


class Cycle(SQLModel, table=True):
    """One evaluation cycle.

    Attributes:
        key: "nchr-2026-q3": lower-case letters, digits, dashes; safe in URLs, artifacts and logs.
        evaluation: which kind of evaluation of the act this cycle does: "quarter", "kpi".
        stage: draft, approved, running, closed, or abandoned.
        law_hash, calendar_hash, organisation_hash: keys of PinnedText.
        starts_on, ends_on: the days of the schedule, where the act leaves them to it.
        advanced_at: the instant of the last finished advance.
        staff_seen: the last staff import the plan has followed.
        tracker_run: the id of its projection in Prefect, if any.
    """

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    act: str
    revision: str
    period: str
    evaluation: str = ""
    organisation: str
    time_zone: str
    stage: str = "draft"
    version: int = 0
    law_hash: str
    calendar_hash: str
    organisation_hash: str
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    opened_by: str
    approved_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    approved_by: str | None = None
    closed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    starts_on: date | None = None
    ends_on: date | None = None
    advanced_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    staff_seen: int = 0
    tracker_run: str | None = None


class Term(SQLModel, table=True):
    """A deadline of a cycle for one anchor day: shared by everybody whose event fell on that day.

    Attributes:
        due: the legal date; `due_at` its end (24:00) as an instant, exclusive.
        target: the safe date (X-Q1); reminders run to it.
        reason: act, point, rules and readings, ready to print.
    """

    __table_args__ = (UniqueConstraint("cycle_id", "deadline_id", "anchor_date"),)

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id")
    deadline_id: str
    anchor: str
    anchor_date: date
    due: date
    target: date
    due_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    point: str
    rules: str
    readings: str
    reason: str
    house: bool = False
    scheduled_run: str | None = None
