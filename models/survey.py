"""Surveys of the working environment (360): who is asked, and the sealed answers until they are counted.

An answer is sealed with the public key of its survey before it is written; the key that opens it lies outside the
database and is destroyed with the answers once they are counted. No table says when anybody answered, and none of
them joins an answer to a person: ballots have names drawn at random.
"""

from __future__ import annotations

from sqlalchemy import Column, Text
from sqlmodel import Field, SQLModel


class SurveyKey(SQLModel, table=True):
    """The public half of a survey's key; `counted` when the answers were counted and the other half destroyed."""

    __tablename__ = "survey_key"

    cycle_id: int = Field(primary_key=True, foreign_key="cycle.id")
    public: str
    counted: bool = False


class SurveyRespondent(SQLModel, table=True):
    """One person who is asked about another; `answered` so that nobody answers twice and the silent are reminded.

    Attributes:
        circle: supervisor, subordinate, peer or self (U-61).
    """

    __tablename__ = "survey_respondent"
    __table_args__ = ({"sqlite_with_rowid": False},)

    assessment_id: int = Field(primary_key=True, foreign_key="assessment.id")
    person_id: int = Field(primary_key=True, foreign_key="person.id")
    circle: str
    answered: bool = False


class SurveyBallot(SQLModel, table=True):
    """One sealed answer; the id is random and new each time the box is shaken."""

    __tablename__ = "survey_ballot"
    __table_args__ = ({"sqlite_with_rowid": False},)

    id: str = Field(primary_key=True)
    assessment_id: int = Field(foreign_key="assessment.id", index=True)
    sealed: str = Field(sa_column=Column(Text, nullable=False))
