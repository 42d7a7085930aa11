"""Whoever owns the database edits what was sent, to whom, by which way and what came back: the journal tells."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from models.sql import execute
from models.work import reading, work
from notifications import hand_over, notify, record
from services import evidence_blocks
from services.evidence import verify
from services.evidence_blocks import BLOCK, keep_evidence, kept_to, unlike_the_blocks
from tests import makers
from tests.makers import rows
from tests.notifications import house
from tests.notifications.house import NOW
from tests.services.test_evidence import tampered
from tests.services.test_export import checked

LATER = NOW + timedelta(days=2)


@pytest.fixture
def sent(database: str, tmp_path: Path) -> str:
    """Three e-mails that left, one of them delivered, all of it under the journal."""
    return _sent(database, tmp_path)


def _sent(database: str, tmp_path: Path) -> str:
    house.populate(4)
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=f"{house.EVERYBODY} WHERE id < 4", facts=house.FACTS, due_at=LATER,
               channels=["email"])  # fmt: skip
    hand_over("simulate", tmp_path, NOW, documents=house.Papers())
    told(2)
    assert keep_evidence(NOW) == 3 + 4
    return database


def told(notice: int, event: str = "delivered") -> None:
    with work() as session:
        record(session, notice, event, LATER, LATER, source="relay", event_id=f"{notice}/{event}")


def problems() -> list[str]:
    return looked()[0]


def looked() -> tuple[list[str], int]:
    """The room's small cycle has no journal of its own, so only this part of `verify` is asked."""
    with reading() as session:
        return unlike_the_blocks(session)


FORGERIES = {
    "who it went to": ("UPDATE notice SET recipient_id = 4 WHERE id = 2", "table notice, row 2: what stands there is not"),
    "by which channel": ("UPDATE notice SET channel = 'sms' WHERE id = 2", "table notice, row 2: what stands there is not"),
    "until when": ("UPDATE notice SET due_at = '2030-01-01T00:00:00.000000Z' WHERE id = 3", "table notice, row 3: what"),
    "what it said": ("UPDATE notice SET facts = '{}' WHERE id = 1", "table notice, row 1: what stands there is not"),
    "which bytes left": ("UPDATE notice SET content_hash = 'x' WHERE id = 1", "row 1: no receipt says that these bytes left"),
    "that any left": ("UPDATE notice SET content_hash = NULL WHERE id = 1", "row 1: no receipt says that these bytes left"),
    "when it was sent": (
        "UPDATE receipt SET at = '2026-10-01T00:00:00.000000Z' WHERE id = 2", "table receipt, row 2: what stands there is not",
    ),
    "what became of it": ("UPDATE receipt SET event = 'returned' WHERE event = 'delivered'", "table receipt, row 4: what"),
    "in which words": ("UPDATE notice SET template = 'x' WHERE id = 1", "row x: notices left in these words, and their texts are"),
    "what the words were": ("DELETE FROM wording", "notices left in these words, and their texts are gone"),
    "of which notice": ("UPDATE receipt SET notice_id = 3 WHERE event = 'delivered'", "table receipt, row 4: what"),
    "the bytes and their receipt": ("UPDATE receipt SET content_hash = 'x' WHERE id = 1", "table receipt, row 1: what stands"),
    "a receipt less": ("DELETE FROM receipt WHERE id = 3", "table receipt, rows 1-4: 1 of 4 are gone"),
    "the last receipt less": ("DELETE FROM receipt WHERE id = 4", "table receipt, rows 1-4: 1 of 4 are gone"),
    "the words": ("UPDATE wording SET body = REPLACE(body, 'а', 'о')", "its texts are not those it is named for"),
}  # fmt: skip


@pytest.mark.rule("N-19", "N-25")
def test_a_life_with_letters_holds_and_verify_says_so(database: str, tmp_path: Path) -> None:
    makers.a_cycle("familiarised")
    hand_over("simulate", tmp_path, makers.at("2026-10-08"), documents=house.Papers())
    makers.told("returned", "2026-10-12")
    makers.walk("2026-10-12 10:00")
    with reading() as session:
        before = verify(session)
    assert before.problems == []
    assert before.unkept > 10
    assert keep_evidence(makers.at("2026-10-13")) == before.unkept
    with reading() as session:
        after = verify(session)
    assert (after.problems, after.unkept) == ([], 0)
    tampered(database, "UPDATE receipt SET event = 'delivered' WHERE event = 'returned'")
    with reading() as session:
        [problem] = verify(session).problems
    assert problem.startswith("entry ")
    assert "('evidence_kept'): table receipt, row " in problem


@pytest.mark.rule("N-19", "N-25")
@pytest.mark.parametrize("what", FORGERIES)
def test_an_edit_of_what_was_sent_or_came_back_is_named(sqlite_database: str, tmp_path: Path, what: str) -> None:
    _sent(sqlite_database, tmp_path)
    assert problems() == []
    forgery, said = FORGERIES[what]
    tampered(sqlite_database, forgery)
    assert any(said in problem for problem in problems()), problems()


def test_on_either_database_it_holds_and_a_forgery_is_found(sent: str) -> None:
    assert problems() == []
    tampered(sent, "UPDATE notice SET channel = 'sms' WHERE id = 2")
    assert ["table notice, row 2" in problem for problem in problems()] == [True]


def test_a_row_slipped_in_among_those_kept_is_found(sqlite_database: str, tmp_path: Path) -> None:
    _sent(sqlite_database, tmp_path)
    tampered(sqlite_database, "DELETE FROM receipt WHERE id = 3")
    tampered(
        sqlite_database,
        "INSERT INTO receipt (id, notice_id, event, at, recorded_at, source, event_id) SELECT 3, 3, 'delivered', at,"
        " recorded_at, 'relay', 'invented' FROM receipt WHERE id = 2",
    )
    assert any("table receipt, row 3: what stands there is not what was recorded" in one for one in problems())


def test_what_came_in_since_is_told_and_kept_by_the_next_sweep(sent: str) -> None:
    told(1)
    told(3, "undelivered")
    assert looked() == ([], 2)
    assert (keep_evidence(LATER), keep_evidence(LATER)) == (2, 0)
    assert looked() == ([], 0)
    [(reason,)] = rows("SELECT body FROM journal_entry WHERE event = 'evidence_kept' ORDER BY seq DESC LIMIT 1")
    assert "receipts to 6, notices to 3" in reason


def test_more_than_one_block_and_a_sweep_a_cycle(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence_blocks, "BLOCK", 3)
    monkeypatch.setattr(evidence_blocks, "PAGE", 2)
    house.populate(8)
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=house.EVERYBODY, facts=house.FACTS, channels=["portal"])
    hand_over("simulate", tmp_path, NOW, documents=house.Papers())
    assert keep_evidence(NOW) == 8 + 16
    keys = [key for (key,) in rows("SELECT key FROM journal_content WHERE kind = 'receipt' ORDER BY LENGTH(key), key")]
    assert keys == ["1-3", "4-6", "7-9", "10-12", "13-15", "16-16"]
    assert problems() == []
    tampered(sqlite_database, "UPDATE receipt SET event = 'returned' WHERE id IN (8, 11)")
    assert [one.split("table ")[1].split(":")[0] for one in problems()] == ["receipt, row 8", "receipt, row 11"]
    assert BLOCK == 250


def test_while_somebody_writes_the_sweep_waits_for_the_next_one(postgresql_database: str, tmp_path: Path) -> None:
    """A receipt with a lower number may still come: nothing is kept over its head."""
    _sent(postgresql_database, tmp_path)
    with psycopg.connect(postgresql_database, autocommit=False) as other:
        other.execute(
            "INSERT INTO receipt (notice_id, event, at, recorded_at, source, event_id)"
            " SELECT notice_id, event, at, recorded_at, 'slow', 'slow' FROM receipt WHERE id = 1"
        )
        told(3)
        assert keep_evidence(LATER) == 0
        other.commit()
    assert keep_evidence(LATER) == 2
    assert problems() == []
    with reading() as session:
        assert kept_to(session).receipt == execute(session, "SELECT MAX(id) FROM receipt").scalar_one()


def test_the_auditor_s_own_script_makes_the_same_digests(sqlite_database: str, tmp_path: Path) -> None:
    from services.ground import find_cycle
    from tests.services.test_export import CliRunner, app

    _sent(sqlite_database, tmp_path)
    with reading() as session:
        key = find_cycle(session, "nchr-2026-q3").key
    said = CliRunner().invoke(app, ["export", key, str(tmp_path / "e"), "--json"])
    assert said.exit_code == 0, said.output
    code, out = checked(tmp_path / "e")
    assert code == 0, out
    content = tmp_path / "e" / "content.jsonl"
    content.write_text(content.read_text("utf-8").replace('"email"', '"sms"', 1), "utf-8")
    assert "notice 1-3 is not what was recorded" in checked(tmp_path / "e")[1]


def test_that_it_was_sent_again_cannot_be_unsaid(sent: str) -> None:
    with work() as session:
        record(session, 2, "resent", LATER, LATER, source="relay", event_id="2/resent")
        execute(session, "UPDATE notice SET possible_duplicate = true WHERE id = 2")
    assert problems() == []
    with work() as session:
        execute(session, "UPDATE notice SET possible_duplicate = false WHERE id = 2")
    assert problems() == ["table notice, row 2: it was sent again, and no longer says so (possible_duplicate)"]
