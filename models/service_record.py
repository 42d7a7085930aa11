"""Entries in service records: which result was entered, when, and where the entry stands (J-64, M-59)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from models.base import Instant


class ServiceRecordEntry(SQLModel, table=True):
    """One result entered in the servant's service record; a revised result is entered anew, both stay.

    Attributes:
        at: when it was entered. reference: where, such as the number of the sheet and of the order.
    """

    __tablename__ = "service_record_entry"

    assessment_id: int = Field(primary_key=True, foreign_key="assessment.id")
    result_version: int = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    reference: str
    recorded_by: int = Field(foreign_key="person.id")
