"""Proof that a person refused to learn the result: the act and its three signers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Instant


class RefusalAct(SQLModel, table=True):
    """The act of refusal: drawn up by the HR officer before two witnesses; one for each result the person was to learn.

    Attributes:
        result_version: the version of the result that was refused; a corrected one is shown anew.
        words: the person's own, if any.
    """

    __tablename__ = "refusal_act"
    __table_args__ = (UniqueConstraint("assessment_id", "result_version"),)

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id")
    result_version: int
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    drawn_up_by: int = Field(foreign_key="person.id")
    first_witness: int = Field(foreign_key="person.id")
    second_witness: int = Field(foreign_key="person.id")
    words: str = ""
