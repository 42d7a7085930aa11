"""Refusals from below name people by the database's numbers; a reader knows personnel numbers."""

from __future__ import annotations

import re

from sqlalchemy.exc import SQLAlchemyError

from models.sql import execute
from models.work import reading

_PERSON = "SELECT personnel_no FROM person WHERE id = :i"
_CASE = "SELECT p.personnel_no FROM assessment a JOIN person p ON p.id = a.person_id WHERE a.id = :i"


def personnel_numbers(sentence: str) -> str:
    """The sentence with personnel numbers; unchanged where the database cannot be asked."""
    try:
        with reading() as session:

            def put(found: re.Match[str]) -> str:
                word, query = found[1], _PERSON if found[1].lower() == "person" else _CASE
                number = execute(session, query, {"i": int(found[2])}).scalar_one_or_none()
                return found[0] if number is None else f"{word} {'of ' if query == _CASE else ''}{number}"

            return re.sub(r"\b([Pp]erson|[Aa]ssessment) (\d+)\b", put, sentence)
    except (SQLAlchemyError, OSError, LookupError):
        return sentence
