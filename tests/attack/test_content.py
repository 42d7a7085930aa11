"""Somebody with every right in the database edits the content itself; `verify` names the entry, the table and the row."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from models.content import sha256_hex
from models.work import reading, work
from services import retention, scoring
from services.content import BESIDE, KINDS, WRITES
from services.evidence import verify
from tests import makers
from tests.makers import AIGUL, BOLAT, DANA, at, case, person, rows
from tests.services.test_evidence import tampered

EARLY = "2026-10-01T00:00:00.000000Z"
#: what somebody writes -> what verify says; {aigul} and {bolat} are assessments, {dana} is a person
FORGERIES: dict[str, tuple[str, str]] = {
    "a mark": (
        "UPDATE mark SET value = '5' WHERE assessment_id = {aigul} AND number = 2",
        "('marked'): table mark, assessment {aigul} (personnel number 100021): what stands there is not what was recorded",
    ),
    "a comment": ("UPDATE mark SET comment = 'x' WHERE assessment_id = {aigul} AND number = 1", "table mark, assessment {aigul}"),
    "a mark removed": ("DELETE FROM mark WHERE assessment_id = {aigul} AND number = 3", "table mark, assessment {aigul}"),
    "a mark of nobody": (
        "INSERT INTO mark (assessment_id, number, value) VALUES (4711, 1, '5')",
        "table mark, assessment 4711: no entry recorded what stands there",
    ),
    "a mark in two": (  # the text of two rows hidden in one: the number of rows tells
        "UPDATE mark SET value = value || '|-' || {eol} || '2|' || (SELECT m.value FROM mark m WHERE"
        " m.assessment_id = {aigul} AND m.number = 2) WHERE assessment_id = {aigul} AND number = 1;"
        " DELETE FROM mark WHERE assessment_id = {aigul} AND number = 2",
        "table mark, assessment {aigul}",
    ),
    "a score": (
        "UPDATE result SET score = '5.00', grade = 'effective' WHERE assessment_id = {bolat}",
        "('computed'): table result, assessment {bolat}",
    ),
    "the calibrated score": (
        "UPDATE result SET score = '1.00' WHERE assessment_id = {aigul} AND source = 'calibrated'",
        "('protocol_signed'): table result, assessment {aigul}",
    ),
    "the working": ("UPDATE result SET working = 'x' WHERE assessment_id = {bolat}", "table result, assessment {bolat}"),
    "another result": (
        "INSERT INTO result SELECT assessment_id, 9, source, at, '5.00', unrounded, grade, working, rules, readings,"
        " alternatives, sanctions{more} FROM result WHERE assessment_id = {bolat}",
        "table result, assessment {bolat}",
    ),
    "the evaluator": ("UPDATE assessment SET evaluator_id = {dana} WHERE id = {bolat}", "table assessment, assessment {bolat}"),
    "who marked": ("UPDATE assessment SET marker_id = {dana} WHERE id = {bolat}", "table assessment, assessment {bolat}"),
    "the person": ("UPDATE assessment SET person_id = 1 WHERE id = {bolat}", "table assessment, assessment {bolat}"),
    "the personnel number": (
        "UPDATE person SET personnel_no = 'x' WHERE id = (SELECT person_id FROM assessment WHERE id = {bolat})",
        "table assessment, assessment {bolat}",
    ),
    "the form": ("UPDATE assessment SET form = 'leader' WHERE id = {bolat}", "table assessment, assessment {bolat}"),
    "how it was known": (
        "UPDATE assessment SET familiarised_how = 'shown' WHERE id = {bolat}",
        "familiarised_how of assessment {bolat}",
    ),
    "when it was known": (
        f"UPDATE assessment SET familiarised_at = '{EARLY}' WHERE id = {{bolat}}",
        "familiarised_at of assessment {bolat}",
    ),
    "an instant taken away": ("UPDATE assessment SET released_at = NULL WHERE id = {bolat}", "released_at of assessment {bolat}"),
    "the salt": ("UPDATE assessment SET salt = NULL WHERE id = {bolat}", "the salt of assessment {bolat} is gone"),
    "another salt": ("UPDATE assessment SET salt = 'x' WHERE id = {bolat}", "table mark, assessment {bolat}"),
    "a witness": ("UPDATE refusal_act SET first_witness = {dana}", "('refused'): table refusal_act, assessment {bolat}"),
    "the words of a request": (
        "UPDATE calibration_request SET text = 'x'",
        "('session_called'): table calibration_request, assessment {aigul}",
    ),
    "when a request came": (f"UPDATE calibration_request SET received_at = '{EARLY}'", "received_at of calibration_request 1"),
    "when it was decided": (f"UPDATE calibration_request SET decided_at = '{EARLY}'", "decided_at of calibration_request 1"),
    "when a session was held": (f"UPDATE calibration_session SET held_at = '{EARLY}'", "held_at of calibration_session 1"),
    "an argument": ("UPDATE calibration_session SET evaluator_argument = 'x'", "table calibration_session, assessment {aigul}"),
    "a vote": (
        "UPDATE session_member SET vote = '4' WHERE capacity = 'hr'",
        "('session_held'): table session_member, assessment {aigul}",
    ),
    "a member removed": ("DELETE FROM session_member WHERE capacity = 'hr'", "table session_member, assessment {aigul}"),
    "a term": (
        "UPDATE term SET due_at = '2027-01-01T00:00:00.000000Z' WHERE deadline_id = 'quarterly_evaluation'",
        "table term, row 1/quarterly_evaluation/",
    ),
    "a term beside the act": (
        "UPDATE term SET due = '2027-01-01' WHERE deadline_id = 'quarterly_evaluation'",
        "is not what the pinned act gives",
    ),
    "a term removed": ("DELETE FROM term WHERE anchor = 'familiarized'", "is gone"),
    "an annual mark": ("UPDATE annual_mark SET score = '5.00'", "('annual_formed'): table annual_mark, row "),
    "the zone of a cycle": ("UPDATE cycle SET time_zone = 'UTC'", "('cycle_opened'): table cycle, row 1"),
    "who approved": ("UPDATE cycle SET approved_by = 'person/9'", "approved_at of cycle 1"),
    "the stage of a cycle": ("UPDATE cycle SET stage = 'closed'", "the stage of cycle 1"),
    "an order": ("UPDATE official SET person_id = 1", "('official_changed'): table official, row 1"),
    "a digest": (
        "UPDATE journal_content SET digest = 'x' WHERE kind = 'cycle'",
        "('cycle_opened'): the digests of its content were changed",
    ),
    "a digest in a step": (
        "UPDATE journal_row SET content = 'x' WHERE assessment_id = {aigul} AND to_stage = 'marked'",
        "('marked'): its rows were changed, added or removed",
    ),
}  # fmt: skip


def problems() -> list[str]:
    with reading() as session:
        return verify(session).problems


def filled(words: str, url: str) -> str:
    """The words with the numbers of this database."""
    names: dict[str, Any] = {"aigul": case(AIGUL).id, "bolat": case(BOLAT).id, "dana": person(DANA)}
    names["eol"] = "char(10)" if url.startswith("sqlite") else "chr(10)"
    columns = [row[0] for row in rows("SELECT * FROM result LIMIT 1")] and _columns("result")
    names["more"] = "".join(f", {column}" for column in columns[12:])
    return words.format(**names)


def _columns(table: str) -> list[str]:
    with reading() as session:
        return list(session.connection().execute(text(f"SELECT * FROM {table} WHERE 1 = 0")).keys())


@pytest.mark.rule("N-25", "N-37")
@pytest.mark.parametrize("what", FORGERIES)
def test_an_edit_of_the_content_is_named(database: str, what: str) -> None:
    makers.a_whole_quarter()
    assert problems() == []
    forgery, said = (filled(words, database) for words in FORGERIES[what])
    tampered(database, *forgery.split("; "))
    assert any(said in problem for problem in problems()), problems()


def test_a_score_that_does_not_follow_from_its_marks_is_named_even_when_the_journal_agrees(
    sqlite_database: str,
) -> None:
    makers.a_whole_quarter()
    tampered(sqlite_database, f"UPDATE result SET score = '4.99' WHERE assessment_id = {case(BOLAT).id}")
    assert any("version 1: its sheet gives 4.20, not 4.99" in problem for problem in problems()), problems()


def test_of_many_rows_five_are_named_and_the_others_counted(sqlite_database: str) -> None:
    makers.a_whole_quarter()
    tampered(sqlite_database, "UPDATE mark SET comment = 'x'")
    told = [problem for problem in problems() if "table mark" in problem]
    people = rows("SELECT COUNT(DISTINCT assessment_id) FROM mark")[0][0]
    assert len(told) == 6
    assert told[-1] == f"table mark: {people - 5} more rows are not as recorded"


# --- the protection of the tables -----------------------------------------------------------------------------------


def test_a_trigger_that_is_gone_altered_or_strange_is_named(sqlite_database: str) -> None:
    makers.a_cycle("open")
    with work() as session:
        run = session.connection().exec_driver_sql
        run("DROP TRIGGER mark_no_update")
        run("DROP TRIGGER result_no_delete")
        run("CREATE TRIGGER result_no_delete BEFORE DELETE ON result WHEN false BEGIN SELECT RAISE(ABORT, 'x'); END")
        run("CREATE TRIGGER helpful AFTER INSERT ON mark BEGIN UPDATE assessment SET form = form; END")
    assert problems() == [
        "the protection 'mark_no_update' is missing",
        "the protection 'result_no_delete' was altered",
        "the trigger 'helpful' is none of this program",
    ]


def test_a_trigger_of_postgresql_that_is_gone_switched_off_or_emptied_is_named(postgresql_database: str) -> None:
    makers.a_cycle("open")
    with work() as session:
        run = session.connection().exec_driver_sql
        run("DROP TRIGGER mark_append_only ON mark")
        run("ALTER TABLE result DISABLE TRIGGER result_append_only")
    assert problems() == [
        "the protection 'mark_append_only' is missing",
        "the protection 'result_append_only' was altered",
    ]
    with work() as session:
        session.connection().exec_driver_sql(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN OLD; END $$"
        )
    assert "the protection 'refuse_change()' was altered" in problems()


# --- what is lawful is no forgery ------------------------------------------------------------------------------------


@pytest.mark.rule("N-22")
def test_documents_destroyed_after_three_years_leave_entries_nobody_can_guess_from(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.walk("2026-10-15")
    one = case(AIGUL)
    kept = rows("SELECT content FROM journal_row WHERE assessment_id = :a AND content LIKE 'mark:%'", a=one.id)
    with work() as session:
        retention.dispose(session, one.id or 0, at("2029-10-06"), "person/2")
    assert problems() == []
    assert case(AIGUL).salt is None
    # whoever tries every sheet of whole marks without the salt finds none
    guess = f"None|mark|5#1|{4}|-\n2|{4}|-\n3|{4}|-\n4|{4}|-\n5|{5}|-"
    assert kept[0][0] != f"mark:{sha256_hex(guess)}"
    assert rows("SELECT content FROM journal_row WHERE assessment_id = :a AND content LIKE 'mark:%'", a=one.id) == kept


def test_a_correction_and_a_refused_late_request_are_recorded(database: str) -> None:
    from services import calibration

    makers.a_cycle("familiarised")
    makers.punished(BOLAT, "2026-08-03")
    with work() as session:
        scoring.correct(session, case(BOLAT).id or 0, "a sanction was entered late", at("2026-10-08"), "person/2")
    late = makers.disagrees(AIGUL, "2026-10-20")
    with work() as session:
        calibration.refuse_request(session, late.request_id, "late", person(makers.OFFICIAL), at("2026-10-21"))
    assert problems() == []
    tampered(database, "UPDATE calibration_request SET ground = 'not_entitled'")
    assert any("('request_refused'): table calibration_request" in problem for problem in problems())


def test_a_result_edited_before_its_correction_is_named(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.punished(BOLAT, "2026-08-03")
    one = case(BOLAT).id or 0
    tampered(database, f"UPDATE result SET working = 'x' WHERE assessment_id = {one} AND version = 1")
    with work() as session:
        scoring.correct(session, one, "a sanction was entered late", at("2026-10-08"), "person/2")
    assert len(rows("SELECT version FROM result WHERE assessment_id = :i", i=one)) == 2
    [said] = problems()
    assert f"('computed'): table result, assessment {one} (personnel number {BOLAT}): what stood there before" in said


# --- the two ways of saying a digest ---------------------------------------------------------------------------------


def test_sql_and_python_say_the_same_digest(database: str) -> None:
    makers.a_whole_quarter()
    one = case(AIGUL)
    marks = rows("SELECT number, value, comment FROM mark WHERE assessment_id = :a ORDER BY number", a=one.id)
    kept = rows("SELECT content FROM journal_row WHERE assessment_id = :a AND content LIKE 'mark:%'", a=one.id)
    assert kept == [(f"mark:{KINDS['mark'].digest(one.salt or '', marks)}",)]  # written from the rows at hand
    with reading() as session:
        made = KINDS["mark"].digest_sql("a", database.startswith("postgresql"))
        again = (
            session.connection().exec_driver_sql(f"SELECT {made} FROM assessment a WHERE a.id = {one.id}").scalar_one()
        )
    assert f"mark:{again}" == kept[0][0]


def test_every_kind_is_written_by_an_event_and_every_event_writes_known_kinds() -> None:
    assert {kind for kinds in WRITES.values() for kind in kinds} == set(KINDS)
    assert not BESIDE.keys() & KINDS.keys()
