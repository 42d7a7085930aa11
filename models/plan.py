"""Individual work plans: the round of a year, one plan per person, its items, what was found in each monitoring."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Exact, Instant


class PlanRound(SQLModel, table=True):
    """The plans of one body for one period; what it was opened under is pinned like a cycle's.

    Attributes:
        key: "mic-2018-plans". plan: id of the plan in the act. evaluation: the evaluation the plans serve.
    """

    __tablename__ = "plan_round"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    act: str
    revision: str
    plan: str
    period: str
    evaluation: str
    organisation: str
    time_zone: str
    law_hash: str
    organisation_hash: str
    calendar_hash: str
    opened_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    opened_by: str


class WorkPlan(SQLModel, table=True):
    """One servant's plan.

    Attributes:
        stage: due, drawn, returned, approved, placed, not_set (see `rules.individual_plan`).
        supervisor_id: draws it up; approver_id: approves it, where the act asks for approval.
        due, due_reason: the last day for drawing it up, and why. anchor: the event that day is counted from.
        content: the version of its items in force, 0 while there are none.
        again_by: the last day for handing in a returned plan. place_by: for placing an approved one.
        note: why no plan is set, or what is wrong with the facts.
    """

    __tablename__ = "work_plan"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    id: int | None = Field(default=None, primary_key=True)
    round_id: int = Field(foreign_key="plan_round.id")
    person_id: int = Field(foreign_key="person.id")
    appointment_id: int = Field(foreign_key="appointment.id")
    stage: str
    version: int = 1
    supervisor_id: int | None = Field(default=None, foreign_key="person.id")
    approver_id: int | None = Field(default=None, foreign_key="person.id")
    due: date | None = None
    due_reason: str = ""
    content: int = 0
    drawn_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    returned_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    again_by: date | None = None
    approved_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    place_by: date | None = None
    placed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    note: str = ""


class PlanItem(SQLModel, table=True):
    """One indicator of a plan; a change of the plan writes a new version of all its items and keeps the old.

    Attributes:
        checks: the properties a person confirmed, comma separated (specific, measurable, ...).
    """

    __tablename__ = "plan_item"

    plan_id: int = Field(primary_key=True, foreign_key="work_plan.id")
    version: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    name: str = Field(sa_column=Column(Text, nullable=False))
    unit: str = ""
    planned: str = ""
    expected: str = ""
    measurable: bool = False
    checks: str = ""


class PlanEvent(SQLModel, table=True):
    """What happened to a plan, in order: who, when, from which stage to which, with the words said."""

    __tablename__ = "plan_event"

    plan_id: int = Field(primary_key=True, foreign_key="work_plan.id")
    version: int = Field(primary_key=True)
    entry_id: int
    event: str
    from_stage: str
    to_stage: str
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    by: str
    words: str = ""


class PlanMonitoring(SQLModel, table=True):
    """The supervisor's quarterly look at a plan, with the written recommendations the act asks for (M-26, M-27)."""

    __tablename__ = "plan_monitoring"

    plan_id: int = Field(primary_key=True, foreign_key="work_plan.id")
    period: str = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    by: int = Field(foreign_key="person.id")
    recommendations: str = Field(sa_column=Column(Text, nullable=False))


class PlanActual(SQLModel, table=True):
    """HR's preliminary calculation: the actual value of an indicator for a period, sent to the evaluator (U-42)."""

    __tablename__ = "plan_actual"

    plan_id: int = Field(primary_key=True, foreign_key="work_plan.id")
    period: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    actual: str
    percent: Decimal | None = Field(default=None, sa_column=Column(Exact))
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    by: int = Field(foreign_key="person.id")
