"""Who works where: bodies, units, posts, people, appointments, and the facts the evaluation needs of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import Instant


class Body(SQLModel, table=True):
    """A state body or its representative office (N-0)."""

    id: int | None = Field(default=None, primary_key=True)
    code: str = Field(unique=True)
    name_kk: str
    name_ru: str
    parent_id: int | None = Field(default=None, foreign_key="body.id")


class Unit(SQLModel, table=True):
    """A structural unit of a body; its head evaluates the others (N-27, N-28)."""

    __table_args__ = (UniqueConstraint("body_id", "code"),)

    id: int | None = Field(default=None, primary_key=True)
    body_id: int = Field(foreign_key="body.id")
    code: str
    name_kk: str
    name_ru: str
    head_id: int | None = Field(default=None, foreign_key="person.id")


class Post(SQLModel, table=True):
    """A post: category B-1, C-O-1, ... and whether it is a leadership position (N-1, N-3).

    `category` is "" for a post outside corps B (the head of the Centre): its holder may evaluate, but is not evaluated.
    """

    __table_args__ = (UniqueConstraint("unit_id", "title_kk", "category", "leadership"),)

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    title_kk: str
    title_ru: str
    category: str
    leadership: bool


class Person(SQLModel, table=True):
    """A servant, current or dismissed. `sort_key` orders Kazakh names without database collations."""

    id: int | None = Field(default=None, primary_key=True)
    personnel_no: str = Field(unique=True)
    surname: str
    given_name: str
    patronymic: str = ""
    sort_key: str = ""
    language: str = "kk"
    email: str | None = None
    phone: str | None = None
    address: str | None = None

    @property
    def full_name(self) -> str:
        """Surname, given name, patronymic."""
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)


class Appointment(SQLModel, table=True):
    """A person in a post from a day on; `ended_on` is the last day in the post.

    Attributes:
        basis: "appointed" or "elected" (N-13).
        dismissed: the appointment ended by dismissal from the body (N-15).
        supervisor_id: the direct supervisor under the job description (N-2).
        probation_until: last day of probation. provides_services: the duties hold public services (M-42).
        host_unit_id: the unit where a seconded servant serves.
    """

    __table_args__ = (UniqueConstraint("person_id", "started_on"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    post_id: int = Field(foreign_key="post.id")
    started_on: date
    basis: str = "appointed"
    ended_on: date | None = None
    dismissed: bool = False
    supervisor_id: int | None = Field(default=None, foreign_key="person.id")
    probation_until: date | None = None
    provides_services: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})
    host_unit_id: int | None = Field(default=None, foreign_key="unit.id")


class Absence(SQLModel, table=True):
    """Days away, both included; kinds as in the glossary (labour_leave, temporary_incapacity, ...)."""

    __table_args__ = (UniqueConstraint("person_id", "kind", "first_day"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str
    first_day: date
    last_day: date


class WorkedDays(SQLModel, table=True):
    """Working days actually worked in a period by the timesheet; it goes before our own count (N-14)."""

    __tablename__ = "worked_days"

    person_id: int = Field(primary_key=True, foreign_key="person.id")
    period: str = Field(primary_key=True)
    days: int


class Sanction(SQLModel, table=True):
    """A disciplinary sanction by the date it was applied (N-36, N-Q5)."""

    __table_args__ = (UniqueConstraint("person_id", "kind", "applied_on"),)

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    kind: str
    applied_on: date


class StaffImport(SQLModel, table=True):
    """One accepted staff file; the same file read again changes nothing."""

    __tablename__ = "staff_import"

    id: int | None = Field(default=None, primary_key=True)
    sha256: str
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    actor: str
    rows: int
    changed: int
