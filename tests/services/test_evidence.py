"""What was recorded cannot be changed unseen: the tables refuse, the chain tells, the checkpoints tell what it cannot."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from models.journal import chain_hash
from models.schema import BY_COMMISSION, KEPT, PROTECTED, SHEETS
from models.work import reading, work
from rules.errors import RuleError
from services.evidence import Verification, checkpoint, verify
from tests import makers
from tests.makers import AIGUL, at, case, refused, rows

#: the tables a quarter without a Commission and without plans fills
FILLED = tuple(one for one in PROTECTED if one not in (*BY_COMMISSION, *SHEETS) and not one.startswith("plan_"))

# --- the tables refuse ---------------------------------------------------------------------------------------------


@pytest.fixture
def full(database: str) -> str:
    """A database with at least one row in every table of evidence."""
    makers.a_whole_quarter()
    assert all(rows(f"SELECT COUNT(*) FROM {table}")[0][0] for table in FILLED)
    return database


#: a column of each table that nothing lawful changes
_COLUMN = {
    "journal_entry": "event", "journal_row": "note", "journal_content": "digest", "receipt": "detail",
    "official": "order_text", "pinned_text": "body", "mark": "value", "refusal_act": "words", "term": "due_at",
    "calibration_request": "text", "calibration_session": "approved_at", "session_member": "capacity",
    "wording": "body",
}  # fmt: skip


@pytest.mark.parametrize("table", FILLED)
def test_no_row_of_the_evidence_is_changed_removed_replaced_or_swept_away(full: str, table: str) -> None:
    forbidden = [
        f"UPDATE {table} SET {_COLUMN.get(table, 'working')} = 'x'",
        f"DELETE FROM {table}",
        f"DELETE FROM {table} WHERE 1 = 1",
    ]
    if full.startswith("sqlite"):
        forbidden += [
            f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}",
            f"REPLACE INTO {table} SELECT * FROM {table} LIMIT 1",
        ]
    else:
        forbidden += [f"TRUNCATE {table} CASCADE"]
    for statement in forbidden:
        with refused(Exception, f"{table} is (append-only|kept)"), work() as session:
            session.connection().execute(text(statement))


@pytest.mark.rule("N-22")
@pytest.mark.parametrize("table", [one for one in KEPT if one not in SHEETS])
def test_marks_and_acts_go_with_the_documents_alone(full: str, table: str) -> None:
    one = rows(f"SELECT MIN(assessment_id) FROM {table}")[0][0]
    with work() as session:
        session.connection().execute(text(f"UPDATE assessment SET stage = 'disposed' WHERE id = {one}"))
        session.connection().execute(text(f"DELETE FROM {table} WHERE assessment_id = {one}"))
    assert rows(f"SELECT COUNT(*) FROM {table} WHERE assessment_id = :a", a=one) == [(0,)]


def test_an_update_of_no_row_is_no_change(full: str) -> None:
    with work() as session:
        session.connection().execute(text("UPDATE journal_entry SET event = 'x' WHERE seq = -1"))


# --- the chain tells -------------------------------------------------------------------------------------------------


def found(folder: Path | None = None) -> Verification:
    with reading() as session:
        return verify(session, folder)


def tampered(url: str, *statements: tuple[str, dict[str, Any]] | str) -> None:
    """Somebody who owns the database takes the triggers away, writes what he likes, and puts them back."""
    given = [(one, {}) if isinstance(one, str) else one for one in statements]
    if url.startswith("sqlite"):
        raw = sqlite3.connect(url.removeprefix("sqlite:///"))
        kept = raw.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in kept:
            raw.execute(f"DROP TRIGGER {name}")
        for statement, values in given:
            raw.execute(statement, values)
        for _, made in kept:
            raw.execute(made)
        raw.commit()
        raw.close()
        return
    with psycopg.connect(url) as raw_pg:
        raw_pg.execute("SET session_replication_role = replica")
        for statement, values in given:
            raw_pg.execute("".join(f"%({part[1:]})s" if part[:1] == ":" else part for part in split(statement)), values)


def split(statement: str) -> list[str]:
    return re.split(r"(:[a-z]\b)", statement)


def body_of(seq: int) -> dict[str, Any]:
    return dict(json.loads(rows("SELECT body FROM journal_entry WHERE seq = :s", s=seq)[0][0]))


def packed(body: dict[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def test_an_untouched_journal_holds(database: str) -> None:
    makers.a_cycle("familiarised")
    said = found()
    assert said.problems == []
    assert (said.entries, said.last_seq) == (rows("SELECT COUNT(*) FROM journal_entry")[0][0],) * 2
    assert said.rows == rows("SELECT COUNT(*) FROM journal_row")[0][0]


def edited_body(url: str) -> str:
    body = packed(body_of(5) | {"actor": "person/99"})
    tampered(url, ("UPDATE journal_entry SET body = :b WHERE seq = 5", {"b": body}))
    return "entry 5 was changed: its hash does not fit"


def broken_body(url: str) -> str:
    tampered(url, "UPDATE journal_entry SET body = 'x' WHERE seq = 5")
    return "entry 5 was changed: its hash does not fit"


def edited_body_and_hash(url: str) -> str:
    body = packed(body_of(5) | {"actor": "person/99"})
    prev = rows("SELECT prev_hash FROM journal_entry WHERE seq = 5")[0][0]
    values = {"b": body, "h": chain_hash(prev, 5, body)}
    tampered(url, ("UPDATE journal_entry SET body = :b, hash = :h WHERE seq = 5", values))
    return "entry 6 was changed: its hash does not fit"


def edited_columns(url: str) -> str:
    tampered(url, "UPDATE journal_entry SET at = '2026-01-01T00:00:00.000000Z' WHERE seq = 5")
    return "entry 5 was changed: its columns differ from what was hashed"


def deleted_entry(url: str) -> str:
    tampered(url, "DELETE FROM journal_row WHERE entry_id = (SELECT id FROM journal_entry WHERE seq = 5)",
             "DELETE FROM journal_entry WHERE seq = 5")  # fmt: skip
    return "entry 5 is missing: the chain continues with 6"


def deleted_row(url: str) -> str:
    tampered(url, ("DELETE FROM journal_row WHERE assessment_id = :a AND version = 2", {"a": case(AIGUL).id}))
    return "its rows were changed, added or removed"


def edited_row(url: str) -> str:
    tampered(
        url, ("UPDATE journal_row SET acted_by = 'x' WHERE assessment_id = :a AND version = 2", {"a": case(AIGUL).id})
    )
    return "its rows were changed, added or removed"


_ADDED = (
    "INSERT INTO journal_row (entry_id, assessment_id, version, from_stage, to_stage) VALUES (:e, :a, 99, 'x', 'y')"
)


def added_row(url: str) -> str:
    last = rows("SELECT MAX(entry_id) FROM journal_row")[0][0]
    tampered(url, (_ADDED, {"e": last, "a": 4711}))
    return "its rows were changed, added or removed"


def row_added_to_an_entry_without_rows(url: str) -> str:
    first = rows("SELECT id FROM journal_entry WHERE event = 'cycle_opened'")[0][0]
    tampered(url, (_ADDED, {"e": first, "a": 4711}))
    return "its rows were changed, added or removed"


def row_of_no_entry(url: str) -> str:
    tampered(url, (_ADDED, {"e": 999_999, "a": 4711}))
    return "1 journal rows belong to no entry"


def changed_stage(url: str) -> str:
    tampered(url, ("UPDATE assessment SET stage = 'closed' WHERE id = :a", {"a": case(AIGUL).id}))
    return f"the stage of assessment {case(AIGUL).id}: not as the journal recorded it"


def changed_version(url: str) -> str:
    tampered(url, ("UPDATE assessment SET version = version + 1 WHERE id = :a", {"a": case(AIGUL).id}))
    return f"the stage of assessment {case(AIGUL).id}: not as the journal recorded it"


@pytest.mark.parametrize(
    "hand",
    [
        edited_body, broken_body, edited_body_and_hash, edited_columns, deleted_entry, deleted_row, edited_row, added_row,
        row_added_to_an_entry_without_rows, row_of_no_entry, changed_stage, changed_version,
    ],
)  # fmt: skip
def test_the_chain_tells_what_somebody_did(database: str, hand: Callable[[str], str]) -> None:
    makers.a_cycle("released")
    assert found().problems == []
    expected = hand(database)
    assert any(expected in problem for problem in found().problems), found().problems


# --- the checkpoints tell what the chain cannot -----------------------------------------------------------------


def checked(folder: Path, now: str = "2026-10-06 12:00") -> Path | None:
    with reading() as session:
        return checkpoint(session, folder / "keys", folder / "out", at(now))


def cut(url: str, left: int) -> None:
    """Take everything after an entry away, and set the people back to where they stood."""
    tampered(
        url,
        ("DELETE FROM journal_row WHERE entry_id IN (SELECT id FROM journal_entry WHERE seq > :s)", {"s": left}),
        ("DELETE FROM journal_entry WHERE seq > :s", {"s": left}),
        "UPDATE assessment SET version = (SELECT MAX(version) FROM journal_row j WHERE j.assessment_id = assessment.id)",
        "UPDATE assessment SET stage = (SELECT to_stage FROM journal_row j WHERE j.assessment_id = assessment.id"
        " AND j.version = assessment.version)",
        # who cuts with care takes the instants and the content back too: the journal says nothing of them now
        "UPDATE assessment SET completed_at = NULL, released_at = NULL, result_version = 0 WHERE stage = 'open'",
        "DELETE FROM mark",
        "DELETE FROM result",
        "DELETE FROM journal_content WHERE entry_id NOT IN (SELECT id FROM journal_entry)",
        "DELETE FROM term WHERE anchor = 'evaluation_completed'",
    )


def test_a_checkpoint_is_written_once_for_each_head_and_holds(database: str, tmp_path: Path) -> None:
    assert checked(tmp_path) is None  # nothing to sign yet
    makers.a_cycle("marked")
    first = checked(tmp_path)
    assert first is not None
    assert checked(tmp_path) is None
    makers.walk("2026-10-06")
    assert checked(tmp_path) not in (None, first)
    said = found(tmp_path / "out")
    assert (said.problems, said.checkpoints, said.covered_to) == ([], 2, said.last_seq)
    assert (tmp_path / "keys" / "checkpoint_key.pem").stat().st_mode & 0o077 == 0


def test_a_tail_cut_off_is_seen_by_the_checkpoint_alone(database: str, tmp_path: Path) -> None:
    makers.a_cycle("released")
    checked(tmp_path)
    cut(database, left=6)
    assert found().problems == []  # a bare chain cannot know
    assert any("was rewritten or cut" in problem for problem in found(tmp_path / "out").problems)


def test_what_came_after_the_last_checkpoint_can_be_cut_and_covered_to_says_so(database: str, tmp_path: Path) -> None:
    makers.a_cycle("marked")
    checked(tmp_path)
    signed = rows("SELECT MAX(seq) FROM journal_entry")[0][0]
    makers.walk("2026-10-06")
    said = found(tmp_path / "out")
    assert (said.problems, said.covered_to) == ([], signed)
    assert said.last_seq > signed


def test_a_chain_written_anew_from_its_beginning_is_seen_by_the_checkpoint(database: str, tmp_path: Path) -> None:
    makers.a_cycle("released")
    checked(tmp_path)
    prev, statements = "", []
    for seq, body in rows("SELECT seq, body FROM journal_entry ORDER BY seq"):
        new = packed(json.loads(body) | {"actor": "person/99"})
        values = {"b": new, "p": prev, "h": chain_hash(prev, seq, new), "s": seq}
        statements.append(("UPDATE journal_entry SET body = :b, prev_hash = :p, hash = :h WHERE seq = :s", values))
        prev = values["h"]
    tampered(database, *statements, "UPDATE cycle SET approved_by = 'person/99'")
    assert found().problems == []
    assert any("was rewritten or cut" in problem for problem in found(tmp_path / "out").problems)


@pytest.mark.parametrize("what", ["hash", "seq", "signature", "json", "key", "other key", "no key"])
def test_a_changed_checkpoint_or_key_is_seen(sqlite_database: str, tmp_path: Path, what: str) -> None:
    makers.a_cycle("open")
    file, public = checked(tmp_path), tmp_path / "out" / "public_key.pem"
    assert file is not None
    kept = json.loads(file.read_text())
    if what == "hash":
        kept["said"]["hash"] = "0" * 64
    elif what == "seq":
        kept["said"]["seq"] -= 1
    elif what == "signature":
        kept["signature"] = kept["signature"][::-1]
    file.write_text("{" if what == "json" else json.dumps(kept))
    if what == "key":
        public.write_text("x")
    elif what == "other key":
        checked(tmp_path / "another")
        public.write_bytes((tmp_path / "another" / "out" / "public_key.pem").read_bytes())
    elif what == "no key":
        public.unlink()
    said = found(tmp_path / "out")
    assert len(said.problems) == 1
    assert "was changed: its signature does not fit" in said.problems[0] or "cannot be checked" in said.problems[0]
    assert said.covered_to == 0


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_cycle("draft")
    (tmp_path / "out").write_text("a file where the folder should be")
    with refused(RuleError, "The checkpoint cannot be written to .* Check the folder's rights"):
        checked(tmp_path)
