"""The content of sheets other than rows of marks, version by version, and what was sent back with which reasons."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel

from models.base import Instant

#: whose hand filled a sheet in
SELF, EVALUATOR = "self", "evaluator"

#: a side of a sheet stands when it has a version that was not sent back; `:side` is bound, `s` is its content
STANDING_SQL = (
    "s.side = :side AND s.version > (SELECT COALESCE(MAX(r.version), 0) FROM sheet_return r"
    " WHERE r.assessment_id = s.assessment_id AND r.side = s.side)"
)


class SheetContent(SQLModel, table=True):
    """One signed sheet of any form but rows of marks; nothing is overwritten, a later sheet is a further version.

    Attributes:
        side: "self", the servant's own part, or "evaluator".
        body: its fields as one canonical JSON text; exact decimals are texts.
        signed_at: when it was signed; recorded_at: when it was handed in here.
    """

    __tablename__ = "sheet_content"
    __table_args__ = ({"sqlite_with_rowid": False},)

    assessment_id: int = Field(primary_key=True, foreign_key="assessment.id")
    side: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    body: str = Field(sa_column=Column(Text, nullable=False))
    signed_by: int | None = Field(default=None, foreign_key="person.id")
    signed_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))


class SheetReturn(SQLModel, table=True):
    """A sheet sent back for correction, with the reasons (M-34, M-35)."""

    __tablename__ = "sheet_return"
    __table_args__ = ({"sqlite_with_rowid": False},)

    assessment_id: int = Field(primary_key=True, foreign_key="assessment.id")
    side: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    returned_by: int = Field(foreign_key="person.id")
    reasons: str = Field(sa_column=Column(Text, nullable=False))
