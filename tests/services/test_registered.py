"""Registered letters as the post returns them: all of a list or nothing, told twice is told once, never delivered unsaid."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import xlsxwriter

from models import Appointment, Notice
from models.sql import execute
from models.work import reading, work
from notifications import hand_over, notify, status
from notifications.refs import ref_of
from rules.errors import BadFile, NotAllowed, NotFound
from services.letter_list import as_csv, letters_of
from services.letter_rows import check_digit, track
from services.registered import Imported, import_letters
from tests import makers
from tests.makers import AIGUL, ERLAN, HR, at, notices, rows
from tests.notifications import house

TRACK, OTHER = "RR123456785KZ", "RR000000012KZ"


@pytest.fixture
def letter(database: str, tmp_path: Path) -> Notice:
    """Erlan was dismissed; the letter with his result was made ready on 6 October."""
    makers.a_cycle("released")
    hand_over("simulate", tmp_path, at("2026-10-06 15:00"), documents=house.Papers())
    [sent] = notices("result_served", ERLAN)
    return sent


def listed(
    tmp_path: Path, *lines: str, head: str = "outgoing number;track number;posted on;delivered on;returned on;reason"
) -> Path:
    file = tmp_path / "letters.csv"
    file.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return file


def imported(file: Path, now: str = "2026-10-20", by: str = HR) -> Imported:
    with work() as session:
        return import_letters(session, file, by, at(now))


def refused(file: Path, now: str = "2026-10-20", by: str = HR) -> list[str]:
    with pytest.raises(BadFile) as refusal:
        imported(file, now, by)
    assert execute_count() == 0
    return list(refusal.value.problems)


def execute_count() -> int:
    with reading() as session:
        return int(execute(session, "SELECT COUNT(*) FROM receipt WHERE source = 'officer'").scalar_one())


def events(notice: Notice) -> list[tuple[str, str]]:
    found = rows(
        f"SELECT event, reference FROM receipt WHERE notice_id = {notice.id} AND source = 'officer' ORDER BY id"
    )
    return [tuple(row) for row in found]


def stage(number: str) -> tuple[str, str | None]:
    one = makers.case(number)
    return one.stage, one.familiarised_how


@pytest.mark.rule("N-19")
def test_posted_is_not_delivered_and_the_notice_of_delivery_familiarises(letter: Notice, tmp_path: Path) -> None:
    done = imported(listed(tmp_path, f"2026/{letter.id};{TRACK};06.10.2026;;;"), "2026-10-08")
    assert (done.posted, done.delivered, done.familiarised) == (1, 0, 0)
    assert stage(ERLAN)[0] == "released"
    with reading() as session:
        assert status(session, letter.id or 0).word == "accepted"
    done = imported(listed(tmp_path, f"2026/{letter.id};{TRACK};06.10.2026;2026-10-12 11:20;;"), "2026-10-15")
    assert (done.posted, done.delivered, done.known, done.familiarised, done.cycles) == (0, 1, 1, 1, (makers.KEY,))
    assert stage(ERLAN) == ("familiarised", "served")
    assert makers.case(ERLAN).familiarised_at == at("2026-10-12 11:20")
    assert events(letter) == [("accepted", TRACK), ("delivered", TRACK)]
    [row] = rows(
        "SELECT note, acted_at FROM journal_row j JOIN journal_entry e ON e.id = j.entry_id WHERE e.event = 'served'"
    )
    assert row[0] == f"notice/{letter.id} by registered_letter"
    assert makers.case(AIGUL).stage == "released"


@pytest.mark.rule("N-19")
def test_the_same_list_again_changes_nothing(letter: Notice, tmp_path: Path) -> None:
    file = listed(tmp_path, f"2026/{letter.id};{TRACK};06.10.2026;12.10.2026;;")
    assert imported(file).delivered == 1
    again = imported(file, "2026-11-20")
    assert (again.posted, again.delivered, again.known, again.familiarised, again.cycles) == (0, 0, 2, 0, ())
    assert len(events(letter)) == 2


@pytest.mark.rule("N-19")
def test_a_letter_that_comes_back_weeks_later_is_taken(letter: Notice, tmp_path: Path) -> None:
    imported(listed(tmp_path, f"{ref_of(letter.id or 0)};{TRACK};06.10.2026;;;"), "2026-10-06 18:00")
    done = imported(listed(tmp_path, f"{ref_of(letter.id or 0)};{TRACK};;;20.11.2026;no such addressee"), "2026-11-23")
    assert (done.returned, done.delivered) == (1, 0)
    [(detail,)] = rows("SELECT detail FROM receipt WHERE event = 'returned'")
    assert detail == "reason: no such addressee; only the day is known"
    with reading() as session:
        found = status(session, letter.id or 0)
    assert (found.word, found.sent_in_time) == ("returned", True)
    assert stage(ERLAN)[0] == "released"


def test_an_earlier_delivery_and_a_later_return_are_both_kept_and_asked_about(letter: Notice, tmp_path: Path) -> None:
    imported(listed(tmp_path, f"2026/{letter.id};{TRACK};06.10.2026;12.10.2026;;"))
    done = imported(listed(tmp_path, f"2026/{letter.id};{TRACK};06.10.2026;;15.10.2026;"), "2026-10-21")
    assert done.questions == (
        "row 2, column returned: it was delivered on 2026-10-12 by an earlier list: which of the two is right?",
    )
    with reading() as session:
        assert status(session, letter.id or 0).disputed


WRONG = {
    "no letter has this number": ("2026/999;{t};06.10.2026;;;", "number"),
    "is neither an outgoing number": ("letter;{t};06.10.2026;;;", "number"),
    "is a date the spreadsheet made": ("2026-10-01;{t};06.10.2026;;;", "number"),
    "is not a track number": ("2026/{n};RR12345;06.10.2026;;;", "track"),
    "it is empty: write the track number": ("2026/{n};;06.10.2026;;;", "track"),
    "it is empty, and no earlier list said": ("2026/{n};{t};;12.10.2026;;", "posted"),
    "it is empty: write the day of the stamp": ("2026/{n};{t};;;;", "posted"),
    "has not come yet": ("2026/{n};{t};06.10.2026;01.12.2026;;", "delivered"),
    "is before the letter was made ready": ("2026/{n};{t};05.10.2026;;;", "posted"),
    "is before the letter was posted": ("2026/{n};{t};08.10.2026;07.10.2026;;", "delivered"),
    "a letter is delivered or comes back": ("2026/{n};{t};06.10.2026;12.10.2026;13.10.2026;", "returned"),
    "is not a date": ("2026/{n};{t};tomorrow;;;", "posted"),
    "is no time of a day": ("2026/{n};{t};06.10.2026 25:70;;;", "posted"),
}  # fmt: skip


@pytest.mark.rule("N-19")
@pytest.mark.parametrize("said", WRONG)
def test_a_wrong_row_is_named_by_row_and_column_and_nothing_is_kept(
    said: str, sqlite_database: str, tmp_path: Path
) -> None:
    makers.a_cycle("released")
    hand_over("simulate", tmp_path, at("2026-10-06 15:00"), documents=house.Papers())
    [sent] = notices("result_served", ERLAN)
    line, column = WRONG[said]
    [problem] = refused(listed(tmp_path, line.format(n=sent.id, t=TRACK)))
    assert problem.startswith(f"row 2, column {column}: ")
    assert said in problem


def several(people: int, tmp_path: Path) -> None:
    house.populate(people)
    with work() as session:
        for number in range(1, people + 1):
            house.assessment(session, number)
        notify(session, "result_served", 1, house.NOW, facts=house.FACTS, channels=["registered_letter"],
               select="SELECT person_id AS recipient_id, id AS assessment_id FROM assessment")  # fmt: skip
    hand_over("simulate", tmp_path, house.NOW, documents=house.Papers())


def test_every_finding_is_told_at_once_and_one_track_number_is_one_letter(sqlite_database: str, tmp_path: Path) -> None:
    several(5, tmp_path)
    found = refused(
        listed(tmp_path, f"2026/1;{TRACK};06.10.2026;;;", f"2026/2;{TRACK};06.10.2026;;;", f"2026/1;{OTHER};06.10.2026;;;",
               "2026/3;x;06.10.2026;;;", "2026/4;;;;;", f"2026/5;{OTHER};06.10.2026;;;"),
        by="PN-000005",
    )  # fmt: skip
    assert [one.split(":")[0] for one in found] == [
        "row 3, column track", "row 4, column number", "row 5, column track", "row 7, column number",
    ]  # fmt: skip
    assert "one track number is one letter" in found[0]
    assert "the same letter stands in row 2" in found[1]
    assert "another officer must" in found[3]


def test_what_was_recorded_is_not_changed_by_a_list(sqlite_database: str, tmp_path: Path) -> None:
    several(3, tmp_path)
    imported(listed(tmp_path, f"2026/1;{TRACK};06.10.2026;;;"), by="PN-000002")
    for line, said in (
        (f"2026/1;{TRACK};07.10.2026;;;", "2026-10-06 was recorded, not 2026-10-07"),
        (f"2026/1;{OTHER};06.10.2026;;;", f"was posted as {TRACK}, not {OTHER}"),
        (f"2026/3;{TRACK};06.10.2026;;;", f"{TRACK} is the track number of notice 1 already"),
    ):
        with pytest.raises(BadFile) as refusal:
            imported(listed(tmp_path, line), by="PN-000002")
        assert any(said in problem for problem in refusal.value.problems), refusal.value.problems
    assert execute_count() == 1


@pytest.mark.parametrize(
    "head",
    [
        "Шығыс нөмірі;Трек-нөмірі;Жөнелтілген күні;Табыс етілген күні;Қайтарылған күні;Қайтарылу себебі",
        "Исходящий номер;Трек-номер;Дата отправки;Дата вручения;Дата возврата;Причина возврата",
        "number,track,posted,delivered,returned,reason",
    ],
)
def test_heads_in_three_languages_and_either_separator(head: str, sqlite_database: str, tmp_path: Path) -> None:
    several(1, tmp_path)
    house_line = f"2026/1;{TRACK};06.10.2026;;;".replace(";", ";" if ";" in head else ",")
    with pytest.raises(NotAllowed, match="does not serve in the body"):
        _without_post("PN-000001")
        imported(listed(tmp_path, house_line, head=head), by="PN-000001")
    with pytest.raises(NotFound):
        imported(listed(tmp_path, house_line, head=head), by="nobody")
    _officer()
    assert imported(listed(tmp_path, house_line, head=head), by="HR").posted == 1


def _without_post(number: str) -> None:
    with work() as session:
        execute(
            session,
            "UPDATE appointment SET ended_on = '2026-01-01' WHERE person_id = (SELECT id FROM person WHERE personnel_no = :n)",
            {"n": number},
        )


def _officer() -> None:
    with work() as session:
        session.add(house.person(77, personnel_no="HR"))
        session.flush()
        session.add(Appointment(person_id=77, post_id=1, started_on=house.NOW.date()))


def test_a_list_with_wrong_columns_is_refused_with_the_remedy(sqlite_database: str, tmp_path: Path) -> None:
    several(2, tmp_path)
    found = refused(listed(tmp_path, "1;2", head="outgoing numbr;weight"), by="PN-000002")
    assert "did you mean outgoing number?" in found[0]
    assert "'weight', which this list has not; remove it" in found[1]
    assert "these columns are missing: outgoing number" in found[2]


def test_who_took_a_letter_is_not_named(sqlite_database: str, tmp_path: Path) -> None:
    several(2, tmp_path)
    head = "outgoing number;track number;posted on;delivered on;received by"
    [problem] = refused(
        listed(tmp_path, f"2026/1;{TRACK};06.10.2026;12.10.2026;Қанарейқызына", head=head), by="PN-000002"
    )
    assert problem.startswith("row 2, column received_by: it names the recipient")
    imported(listed(tmp_path, f"2026/1;{TRACK};06.10.2026;12.10.2026;the wife", head=head), by="PN-000002")
    [(detail,)] = rows("SELECT detail FROM receipt WHERE event = 'delivered'")
    assert detail == "received by: the wife; only the day is known"


@pytest.mark.rule("N-19")
def test_the_day_s_list_is_filled_in_and_comes_back(sqlite_database: str, tmp_path: Path) -> None:
    several(3, tmp_path)
    with reading() as session:
        assert letters_of(session, house.NOW.date() - timedelta(days=1)) == []
        found = letters_of(session, house.NOW.date())
        assert letters_of(session, house.NOW.date(), "another") == []
    assert [(one.number, one.ref, one.track) for one in found] == [(f"2026/{n}", ref_of(n), "") for n in (1, 2, 3)]
    file = tmp_path / "day.csv"
    for language in ("kk", "ru", "en"):
        file.write_bytes(as_csv(found, language))
        done = imported(file, by="PN-000003")
        assert (done.rows, done.empty, done.posted) == (3, 3, 0)
    filled = as_csv(found, "ru").decode("utf-8-sig").replace("Алматы, 1;;;;;;", f"Алматы, 1;{TRACK};2026-10-06;;;;")
    file.write_text(filled, "utf-8-sig")
    done = imported(file, by="PN-000003")
    assert (done.empty, done.posted) == (2, 1)
    with reading() as session:
        [first, *_] = letters_of(session, house.NOW.date())
    assert (first.track, first.posted) == (TRACK, "2026-10-06")


def test_a_spreadsheet_s_own_dates_are_read(sqlite_database: str, tmp_path: Path) -> None:
    several(2, tmp_path)
    file = tmp_path / "letters.xlsx"
    book = xlsxwriter.Workbook(str(file))
    sheet, form = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for place, head in enumerate(("Шығыс нөмірі", "Трек-номер", "Posted on")):
        sheet.write(0, place, head)
    sheet.write_row(1, 0, ("№ 2026/1", " rr 123 456 785 kz"))
    sheet.write_datetime(1, 2, at("2026-10-06 16:45").replace(tzinfo=None), form)
    book.close()
    assert imported(file, by="PN-000002").posted == 1
    [(moment,)] = rows("SELECT at FROM receipt WHERE source = 'officer'")
    assert moment == makers.at("2026-10-06 16:45").astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%S.000000Z")


def test_a_digit_that_does_not_fit_is_asked_about(sqlite_database: str, tmp_path: Path) -> None:
    several(2, tmp_path)
    done = imported(listed(tmp_path, "2026/1;RR123456789KZ;06.10.2026;;;"), by="PN-000002")
    assert done.posted == 1
    assert "its ninth digit would be 5" in done.questions[0]
    assert [check_digit(one) for one in ("RB473124829GB", "CP123456785KZ")] == ["9", "5"]
    assert track("ЕЕ123456785КZ") == "EE123456785KZ"
