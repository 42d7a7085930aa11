"""Who holds a role in a cycle from a day on, where that is not who the body's file named when it was opened."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Instant


class Official(SQLModel, table=True):
    """One order that gave a role to a person; nothing is changed later, of two for one day the last entered holds.

    Attributes:
        role: a key of `services.officials.ROLES`. order_text: the order, by number and date.
    """

    __tablename__ = "official"

    id: int | None = Field(default=None, primary_key=True)
    cycle_id: int = Field(foreign_key="cycle.id", index=True)
    role: str
    person_id: int = Field(foreign_key="person.id")
    from_day: date
    order_text: str
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_by: int = Field(foreign_key="person.id")
