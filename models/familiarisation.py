"""Proof of what a person refused: the act with its signers, and where the result was sent after it."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Column, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import Instant

#: what a person refuses: to learn the result, or to sign the sheet
RESULT: Literal["result"] = "result"
SHEET: Literal["sheet"] = "sheet"


class RefusalAct(SQLModel, table=True):
    """An act of refusal: drawn up by HR, with the further signers the act asks for; one for each thing refused.

    Attributes:
        what: "result" or "sheet".
        result_version: the version of the result, or of the sheet, that was refused; a corrected one is shown anew.
        first_witness, second_witness: who signs beside HR: witnesses, or the direct supervisor; none where none is asked.
        words: the person's own, if any.
    """

    __tablename__ = "refusal_act"
    __table_args__ = (UniqueConstraint("assessment_id", "what", "result_version"),)

    id: int | None = Field(default=None, primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id")
    what: str = RESULT
    result_version: int
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    drawn_up_by: int = Field(foreign_key="person.id")
    first_witness: int | None = Field(default=None, foreign_key="person.id")
    second_witness: int | None = Field(default=None, foreign_key="person.id")
    words: str = ""


class ResultDispatch(SQLModel, table=True):
    """A result sent, after the refusal to learn it, by the channel the act names (M-59)."""

    __tablename__ = "result_dispatch"

    assessment_id: int = Field(primary_key=True, foreign_key="assessment.id")
    result_version: int = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    channel: str
    reference: str
    recorded_by: int = Field(foreign_key="person.id")
