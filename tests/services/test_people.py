from __future__ import annotations

import json
import random
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from models.work import engine, reading, use_database, work
from rules.errors import BadFile
from services.kazakh_order import sort_key
from services.people import StaffOutcome, import_staff, list_people
from services.sample_staff import write_sample
from services.staff_columns import COLUMNS
from tests.services.staff import EXAMPLE, changed, lines, write

NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
TABLES = ("body", "unit", "post", "person", "appointment", "absence", "worked_days", "sanction")


def load(path: Path) -> StaffOutcome:
    with work() as session:
        return import_staff(session, path, "operator/test", NOW, "nchr-2024")


def ask(query: str, **values: object) -> list[tuple[object, ...]]:
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query), values)]


def everything() -> dict[str, list[tuple[object, ...]]]:
    return {table: sorted(ask(f"SELECT * FROM {table}"), key=str) for table in TABLES}


@pytest.mark.rule("N-1", "N-2", "N-3", "N-5")
def test_the_sample_staff_goes_in_whole(database: str) -> None:
    outcome = load(EXAMPLE)
    assert (outcome.rows, outcome.people, outcome.created, outcome.changed, outcome.unchanged) == (62, 62, 62, 0, 0)
    assert outcome.questions == ()
    leaders = ask("SELECT DISTINCT category FROM post WHERE leadership AND category <> '' ORDER BY category")
    assert leaders == [("B-1",), ("B-2",), ("C-O-1",)]
    outside = ask(
        "SELECT p.personnel_no FROM person p JOIN appointment a ON a.person_id = p.id"
        " JOIN post t ON t.id = a.post_id WHERE t.category = '' ORDER BY p.personnel_no"
    )
    assert outside == [("100001",), ("100003",)]
    supervisor = "SELECT s.personnel_no FROM person p JOIN appointment a ON a.person_id = p.id"
    supervisor += " JOIN person s ON s.id = a.supervisor_id WHERE p.personnel_no = '100054'"
    assert ask(supervisor) == [("100003",)]


@pytest.mark.rule("N-3")
def test_every_unit_of_the_sample_is_headed_by_its_b1_or_co1(database: str) -> None:
    load(EXAMPLE)
    heads = ask(
        "SELECT u.code, t.category FROM unit u JOIN appointment a ON a.person_id = u.head_id"
        " JOIN post t ON t.id = a.post_id ORDER BY u.code"
    )
    assert dict(heads) == {
        "civil-rights": "B-1", "hr": "B-1", "leadership": "", "legal": "B-1", "office-almaty": "C-O-1",
        "office-shymkent": "C-O-1", "prevention": "B-1", "secretariat": "B-1",
    }  # fmt: skip


@pytest.mark.rule("N-13")
def test_an_elected_servant_is_kept_as_elected(database: str) -> None:
    load(EXAMPLE)
    elected = "SELECT p.personnel_no FROM appointment a JOIN person p ON p.id = a.person_id WHERE basis = 'elected'"
    assert ask(elected) == [("100041",)]


def test_the_same_file_again_changes_nothing_and_says_nothing(database: str) -> None:
    load(EXAMPLE)
    before = everything()
    again = load(EXAMPLE)
    assert (again.created, again.changed, again.unchanged, again.structure) == (0, 0, 62, 0)
    assert everything() == before
    assert ask("SELECT count(*) FROM staff_import") == [(1,)]
    assert ask("SELECT count(*) FROM journal_entry") == [(1,)]


def test_an_import_is_in_the_journal_with_counts_and_without_names(database: str) -> None:
    outcome = load(EXAMPLE)
    [(event, body)] = ask("SELECT event, body FROM journal_entry")
    entry = json.loads(str(body))
    assert (event, entry["subject"], entry["actor"]) == ("staff_imported", "staff_import/1", "operator/test")
    assert entry["reason"] == (
        f"rows 62, people 62, created 62, changed 0, unchanged 0, structure {outcome.structure}, "
        f"sha256 {outcome.sha256}"
    )
    assert not any(str(surname) in str(body) for (surname,) in ask("SELECT surname FROM person"))


def test_a_changed_file_changes_only_what_differs(database: str, tmp_path: Path) -> None:
    load(EXAMPLE)
    before = everything()
    rows = changed(lines(), "100012", phone="+7 701 234 56 78")
    rows = changed(rows, "100013", supervisor="100005", absences="labour_leave 2026-09-01..2026-09-04")
    outcome = load(write(tmp_path / "staff.csv", rows))
    assert (outcome.created, outcome.changed, outcome.unchanged, outcome.structure) == (0, 2, 60, 0)
    after = everything()
    assert {table for table in TABLES if after[table] != before[table]} == {"person", "absence"}
    assert ask("SELECT phone FROM person WHERE personnel_no = '100012'") == [("+77012345678",)]


def test_a_unit_renamed_in_every_row_is_renamed_once(database: str, tmp_path: Path) -> None:
    load(EXAMPLE)
    rows = [row | {"unit_name_ru": "Отдел кадров"} if row["unit"] == "hr" else row for row in lines()]
    outcome = load(write(tmp_path / "staff.csv", rows))
    assert (outcome.changed, outcome.structure) == (0, 1)


def test_absences_and_sanctions_are_replaced_only_for_people_in_the_file(database: str, tmp_path: Path) -> None:
    load(EXAMPLE)
    row = next(row for row in lines() if row["personnel_no"] == "100032")
    outcome = load(write(tmp_path / "one.csv", [row | {"sanctions": "warning 2026-08-04"}]))
    assert (outcome.people, outcome.changed) == (1, 1)
    kept = "SELECT p.personnel_no, s.kind FROM sanction s JOIN person p ON p.id = s.person_id ORDER BY 1"
    assert ask(kept) == [("100032", "warning"), ("100033", "warning"), ("100046", "discrediting_misconduct")]


def test_a_file_without_a_column_says_nothing_about_it(database: str, tmp_path: Path) -> None:
    load(EXAMPLE)
    before = everything()
    needed = [column.name for column in COLUMNS if column.needed]
    outcome = load(write(tmp_path / "staff.csv", lines(), needed))
    assert outcome.unchanged == 62
    assert everything() == before


def test_a_refused_file_writes_nothing_at_all(database: str, tmp_path: Path) -> None:
    load(EXAMPLE)
    before = everything()
    rows = changed(changed(lines(), "100012", surname="Жаңабаева"), "100062", appointed_on="2026-02-30")
    with pytest.raises(BadFile):
        load(write(tmp_path / "staff.csv", rows))
    assert everything() == before


@pytest.mark.rule("N-2")
def test_a_supervisor_known_only_to_the_database_is_accepted(database: str, tmp_path: Path) -> None:
    load(EXAMPLE)
    new = lines()[7] | {"personnel_no": "100900", "surname": "Жаңабаев", "given_name": "Серік"}
    assert load(write(tmp_path / "one.csv", [new])).created == 1


@pytest.mark.rule("N-2")
def test_a_circle_of_supervisors_through_the_database_is_found(database: str, tmp_path: Path) -> None:
    load(EXAMPLE)
    row = next(row for row in lines() if row["personnel_no"] == "100001")
    with pytest.raises(BadFile) as refused:
        load(write(tmp_path / "one.csv", [row | {"supervisor": "100007"}]))
    assert "100001 -> 100007 -> 100004 -> 100001" in refused.value.problems[0]


@pytest.mark.rule("N-13")
def test_a_corrected_day_of_appointment_moves_the_appointment(database: str, tmp_path: Path) -> None:
    load(EXAMPLE)
    [(appointment,)] = ask("SELECT a.id FROM appointment a JOIN person p ON p.id = a.person_id"
                           " WHERE p.personnel_no = '100031'")  # fmt: skip
    outcome = load(write(tmp_path / "staff.csv", changed(lines(), "100031", appointed_on="2026-08-07")))
    assert (outcome.changed, outcome.unchanged) == (1, 61)
    [(started,)] = ask("SELECT started_on FROM appointment WHERE id = :a", a=appointment)
    assert str(started) == "2026-08-07"
    assert ask("SELECT count(*) FROM appointment") == [(62,)]


def test_a_move_to_another_post_needs_the_end_of_the_old_one(database: str, tmp_path: Path) -> None:
    load(EXAMPLE)
    old = next(row for row in lines() if row["personnel_no"] == "100012")
    new = old | {"post_kk": "Кеңесші", "post_ru": "Советник", "appointed_on": "2026-08-01"}
    with pytest.raises(BadFile) as refused:
        load(write(tmp_path / "staff.csv", [new]))
    assert "'100012' is known to hold another post from 2014-06-14 without an end" in refused.value.problems[0]
    outcome = load(write(tmp_path / "both.csv", [new, old | {"ended_on": "2026-07-31"}]))
    assert (outcome.rows, outcome.people, outcome.changed) == (2, 1, 1)
    assert load(write(tmp_path / "later.csv", [new])).changed == 0


def test_people_are_listed_in_the_order_of_the_kazakh_alphabet(database: str) -> None:
    load(EXAMPLE)
    with reading() as session:
        first, total = list_people(session, size=3)
        last, _ = list_people(session, page=21, size=3)
        legal, _ = list_people(session, unit="legal")
    assert total == 62
    assert [one.full_name.split()[0] for one in first] == ["Әбенова", "Әбенова", "Әлімжанов"]
    assert [one.full_name.split()[0] for one in last] == ["Ілиясов", "Яшина"]
    assert {one.unit for one in legal} == {"legal"}
    assert (legal[0].appointed_on, legal[0].ended_on) == (date(2026, 4, 1), None)


def test_kazakh_letters_stand_in_their_own_places() -> None:
    names = ["Яшин", "Ілиясов", "Ысқақ", "Һ", "Үсен", "Ұлан", "Улан", "Өтеген", "Оразбай", "Ңа", "На", "Қайрат",
             "Каримов", "Ғабит", "Габов", "Әли", "Али"]  # fmt: skip
    assert sorted(names, key=sort_key) == [
        "Али", "Әли", "Габов", "Ғабит", "Каримов", "Қайрат", "На", "Ңа", "Оразбай", "Өтеген",
        "Улан", "Ұлан", "Үсен", "Һ", "Ысқақ", "Ілиясов", "Яшин",
    ]  # fmt: skip
    assert sort_key("Ан", "Яна") < sort_key("Ана", "Аян")


def _shuffled(seed: int, file: Path) -> Path:
    dice, rows, names = random.Random(seed), lines(), [column.name for column in COLUMNS]
    dice.shuffle(rows)
    dice.shuffle(names)
    return write(file, rows, names)


@settings(max_examples=12)
@given(seed=st.integers(0, 10**9))
def test_any_order_of_rows_and_columns_gives_the_same_database(
    seed: int, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, found = tmp_path_factory.mktemp("shuffled"), []
    for number, file in enumerate((EXAMPLE, _shuffled(seed, folder / "staff.csv"))):
        shutil.copy(sqlite_template, folder / f"{number}.db")
        url = f"sqlite:///{folder / f'{number}.db'}"
        use_database(url)
        load(file)
        found.append(everything())
        use_database(None)
        engine(url).dispose()
    assert found[0] == found[1]


def test_the_same_seed_gives_the_same_sample(tmp_path: Path) -> None:
    write_sample(tmp_path / "a.csv", 300, seed=7)
    write_sample(tmp_path / "b.csv", 300, seed=7)
    write_sample(tmp_path / "c.csv", 300, seed=8)
    texts = [(tmp_path / name).read_text("utf-8") for name in ("a.csv", "b.csv", "c.csv")]
    assert texts[0] == texts[1] != texts[2]


@pytest.mark.parametrize("people", [10, 11, 47, 2000])
def test_a_sample_of_any_size_is_sound(people: int, database: str, tmp_path: Path) -> None:
    write_sample(tmp_path / "sample.csv", people)
    outcome = load(tmp_path / "sample.csv")
    assert (outcome.people, outcome.created, outcome.questions) == (people, people, ())
    sizes = ask("SELECT count(*) FROM appointment a JOIN post t ON t.id = a.post_id JOIN unit u ON u.id = t.unit_id"
                " WHERE u.code <> 'leadership-0' GROUP BY u.id")  # fmt: skip
    assert max(size for (size,) in sizes) <= 40


@pytest.mark.slow
def test_a_hundred_thousand_people_go_in_within_half_a_minute(database: str, tmp_path: Path) -> None:
    write_sample(tmp_path / "sample.csv", 100_000)
    started = datetime.now(UTC)
    outcome = load(tmp_path / "sample.csv")
    assert outcome.created == 100_000
    assert (datetime.now(UTC) - started).total_seconds() < 30
