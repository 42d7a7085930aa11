"""Somebody with every right in the database changes what stands beside the chain; `verify` tells."""

from __future__ import annotations

import sqlite3

import pytest

from models.work import database_url, reading
from services.evidence import verify
from tests import makers
from tests.makers import AIGUL, case

_EARLY = "2026-10-01T00:00:00.000000Z"
FORGERIES = {
    "completed_at of assessment": f"UPDATE assessment SET completed_at = '{_EARLY}' WHERE id = 5",
    "released_at of assessment": f"UPDATE assessment SET released_at = '{_EARLY}' WHERE id = 5",
    "familiarised_at of assessment": f"UPDATE assessment SET familiarised_at = '{_EARLY}' WHERE id = 5",
    "closed_at of assessment": f"UPDATE assessment SET closed_at = '{_EARLY}' WHERE id = 5",
    "the assessment itself is gone": "DELETE FROM mark WHERE assessment_id = 5; DELETE FROM assessment WHERE id = 5",
    "the result in force is gone": "DELETE FROM result WHERE assessment_id = 5",
    "the text a cycle stands on was changed": "UPDATE pinned_text SET body = body || ' ' WHERE kind = 'calendar'",
    "the texts it stands on are gone": "UPDATE cycle SET law_hash = 'x'",
    "was changed: it is no entry": "UPDATE journal_entry SET body = '[]' WHERE seq = 3",
}


def _forge(*statements: str) -> None:
    held = sqlite3.connect(database_url().removeprefix("sqlite:///"))
    for (name,) in held.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        held.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        held.executescript(statement)
    held.commit()
    held.close()


def _problems() -> list[str]:
    with reading() as session:
        return verify(session).problems


@pytest.fixture(autouse=True)
def honest(sqlite_database: str) -> None:
    makers.a_cycle("released")
    makers.told("delivered", "2026-10-08", now="2026-10-09")
    makers.shown()
    makers.walk("2026-10-16")
    assert case(AIGUL).stage == "closed"
    assert _problems() == []


@pytest.mark.parametrize("said", FORGERIES)
def test_a_forgery_beside_the_chain_is_told(said: str) -> None:
    _forge(FORGERIES[said])
    assert any(said in problem for problem in _problems())


def test_a_row_that_hides_in_the_note_of_another_is_missed() -> None:
    columns = "assessment_id || '|' || version || '|' || from_stage || '|' || to_stage || '|||' || COALESCE(note, '')"
    of_six = f"(SELECT {columns} FROM journal_row WHERE assessment_id = 6 AND to_stage = 'open')"
    _forge(
        f"UPDATE journal_row SET note = COALESCE(note, '') || char(10) || {of_six}"
        " WHERE assessment_id = 5 AND to_stage = 'open'",
        "DELETE FROM journal_row WHERE assessment_id = 6 AND to_stage = 'open'",
    )
    assert any("rows were changed, added or removed" in problem for problem in _problems())
