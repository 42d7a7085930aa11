"""One person's evaluation in one cycle: the assessment, its marks and its results, version by version."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Column, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Exact, Instant
from models.content import new_salt

#: said word for word beside `stage = ...` in a query over a cycle, it lets SQLite find the index on the open stages:
#: it uses a partial index only where the query repeats its condition
OPEN_STAGES_SQL = "stage NOT IN ('closed', 'exempt', 'disposed')"


class Assessment(SQLModel, table=True):
    """One evaluatee in one cycle.

    Attributes:
        form: leader or non_leader (N-26..N-28); "" when exempt.
        evaluator_id: the person responsible by the act; marker_id: who fills the sheet in
            (the evaluator, the substitute of N-9 or the designee of N-31).
        plan_rules, plan_note: why planned so (evaluator, form) or why exempt.
        returned_on: the first working day back, of who was away at the time of the evaluation (M-11, J-5).
        result_version: the result in force, 0 while none.
        completed_at: when the evaluation was completed: the signature on the sheet, or the decision on it (X-Q5).
        signed_at: the evaluator's newest signature; agreed_at, agreed_by: the superior supervisor's.
        submitted_at, decided_at: when it was laid before the Commission, and when that decided.
        familiarised_how: shown, acknowledged, refused or served.
        salt: what the digests of its content in the journal are salted with; it goes with the documents.
    """

    __table_args__ = (
        UniqueConstraint("cycle_id", "person_id"),
        Index(
            "ix_assessment_open",
            "cycle_id",
            "stage",
            sqlite_where=text(OPEN_STAGES_SQL),
            postgresql_where=text(OPEN_STAGES_SQL),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id")
    person_id: int = Field(foreign_key="person.id")
    appointment_id: int = Field(foreign_key="appointment.id")
    stage: str
    version: int = 1
    form: str = ""
    evaluator_id: int | None = Field(default=None, foreign_key="person.id")
    marker_id: int | None = Field(default=None, foreign_key="person.id")
    dismissed: bool = False
    absent: bool = False
    returned_on: date | None = None
    plan_rules: str = ""
    plan_note: str = ""
    result_version: int = 0
    signed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    agreed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    agreed_by: int | None = Field(default=None, foreign_key="person.id")
    submitted_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    decided_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    completed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    released_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    familiarised_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    familiarised_how: str | None = None
    closed_at: datetime | None = Field(default=None, sa_column=Column(Instant))
    salt: str | None = Field(default_factory=new_salt)


class Mark(SQLModel, table=True):
    """One mark of a sheet, exactly as the evaluator gave it (N-30, N-32); caps are applied when it is computed."""

    __table_args__ = ({"sqlite_with_rowid": False},)

    assessment_id: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    value: Decimal = Field(sa_column=Column(Exact, nullable=False))
    comment: str | None = None


class Result(SQLModel, table=True):
    """A computed result, or one a panel decided; a correction adds a version and keeps the old.

    Attributes:
        source: computed, corrected, calibrated or revised.
        score, unrounded, grade: None where the form earns no single mark (competencies, 360).
        more: JSON, what the method answers besides; with "facts", what it took from elsewhere.
        working: the arithmetic line by line, newline separated.
        readings: the questions that decided it; alternatives: JSON, other outcomes under other readings.
        sanctions: JSON, the sanctions it was computed with, so that it can be computed again.
    """

    __table_args__ = ({"sqlite_with_rowid": False},)

    assessment_id: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    source: str
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    score: Decimal | None = Field(default=None, sa_column=Column(Exact))
    unrounded: Decimal | None = Field(default=None, sa_column=Column(Exact))
    grade: str | None = None
    working: str = Field(sa_column=Column(Text, nullable=False))
    rules: str
    readings: str
    alternatives: str = "[]"
    sanctions: str = "[]"
    more: str = Field(default="{}", sa_column=Column(Text, nullable=False))


class AnnualMark(SQLModel, table=True):
    """The final mark of a year, formed from its quarters; formed again after a late session (N-Q12), both kept.

    Attributes:
        organisation, evaluation: the body, and the evaluation of its act, whose quarters count.
    """

    __tablename__ = "annual_mark"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    act: str = Field(primary_key=True)
    organisation: str = Field(primary_key=True)
    evaluation: str = Field(primary_key=True)
    year: int = Field(primary_key=True)
    version: int = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    score: Decimal | None = Field(default=None, sa_column=Column(Exact))
    unrounded: Decimal | None = Field(default=None, sa_column=Column(Exact))
    grade: str | None = None
    quarters: str = "{}"
    working: str = ""
    readings: str = ""
    due: str = ""
    salt: str = Field(default_factory=new_salt)
