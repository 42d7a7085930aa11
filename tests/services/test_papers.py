"""Papers made from the database: the post's register, the list of familiarisation, the sheet."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from documents import calibration_protocol, sheet
from documents.words import number
from models import CalibrationSession, Notice
from models.work import reading, work
from notifications import hand_over
from rules.errors import Incomplete, NotFound
from services import calibration, scoring
from services.ground import find_cycle
from services.paper import documents, sheet_pdf
from services.papers import disputes, lists, sheets
from services.papers.facts import Papers
from services.papers.wording import working_in
from tests.documents.reading import text
from tests.makers import (
    AIGUL,
    BOLAT,
    ERLAN,
    KEY,
    a_cycle,
    a_session,
    at,
    case,
    decided,
    notices,
    punished,
    refused,
    shown,
    told,
    votes,
    walk,
)

_GRADES = {"effective": "тиімді"}


@pytest.fixture
def released(sqlite_database: str) -> str:
    return a_cycle("released")


def _list_of(number: str) -> tuple[str, str, str, str]:
    """(score, how, day, number) of a person on the list."""
    with reading() as session:
        made = lists.familiarisation_of(session, Papers.of(session, find_cycle(session, KEY)), "ru", at("2026-11-10"))
    row = next(row for unit in made.units for row in unit.rows if number in row.name)
    known = row.familiarised
    return str(row.score), *((known.how, known.day.isoformat(), known.number) if known else ("", "", ""))


def test_the_register_of_letters_is_made_and_made_again(released: str, tmp_path: Path) -> None:
    done = hand_over("simulate", tmp_path, at("2026-10-06 09:05"), documents=documents())
    assert done.problems == ()
    [file] = (tmp_path / "registered_letter" / "registers" / "nchr-sample").iterdir()
    assert file.read_bytes().startswith(b"%PDF")

    file.unlink()  # killed after its last letter: a later run, which sends none, makes it
    again = hand_over("simulate", tmp_path, at("2026-10-07 09:05"), documents=documents())
    assert (again.handed, again.problems, file.exists()) == ({}, (), True)


def test_the_list_names_the_channel_that_reached_the_person(released: str) -> None:
    with work() as session:
        sent = session.get_one(Notice, notices("result_served", ERLAN)[-1].id)
        sent.channel = "telegram"
    told("delivered", "2026-10-09 11:00")
    assert _list_of(ERLAN)[1:] == ("telegram", "2026-10-09", "RB123456789KZ")


def test_the_list_keeps_the_mark_the_person_learned(released: str) -> None:
    shown()
    decided(a_session(AIGUL), "3", "3", "3")
    assert _list_of(AIGUL)[:3] == ("4.20", "shown", "2026-10-07")
    assert _list_of(BOLAT)[:3] == ("4.20", "shown", "2026-10-07")


def test_figures_of_the_working_have_the_comma_of_both_languages() -> None:
    assert working_in("ru", "19.99 / 5 = 3.998", _GRADES) == "19,99 / 5 = 3,998"
    assert working_in("kk", "4.00 -> effective (4 to 5)", _GRADES) == "4,00 → тиімді"
    assert "03.08.2026" in working_in("ru", "sanction reprimand of 2026-08-03: not above 2.99 (N-36)", _GRADES)


def _sheet_of(number: str) -> tuple[str, str, str]:
    """(mark and grade of the form, whether the working is of that mark, the last line under the form) of a sheet."""
    with reading() as session:
        papers = Papers.of(session, find_cycle(session, KEY))
        _, language, made = next(sheets.sheets(session, papers, case(number).id))
    assert language == "kk"
    return str(made.average), made.working[-2].what, made.working[-1].what


def test_the_sheet_shows_the_result_in_force_and_its_version(database: str) -> None:
    a_cycle("released")
    assert _sheet_of(AIGUL)[::2] == ("4.20", "Күшіндегі нәтиже: 1-нұсқа, парақ бойынша есептелді")
    punished(AIGUL, "2026-08-14")
    with work() as session:
        scoring.correct(session, case(AIGUL).id or 0, "жаза кеш енгізілді", at("2026-10-07"), "person/2")
    average, working, version = _sheet_of(AIGUL)
    assert (average, version) == ("3.80", "Күшіндегі нәтиже: 2-нұсқа, түзетілді")
    assert working.startswith("3,80")
    walk("2026-10-07 12:00")
    shown("2026-10-08", AIGUL)
    decided(a_session(AIGUL, "2026-10-12"), "3", "3", "3")
    average, _, version = _sheet_of(AIGUL)
    assert average == "3.80"  # what the evaluator signed; the session's mark is not his
    assert version == (
        "Күшіндегі нәтиже: 3-нұсқа, калибрлеу сессиясы шешті: 3,00, Функционалдық міндеттерін тиісті түрде атқарады"
    )
    with reading() as session:
        assert sheet_pdf(session, case(AIGUL).id or 0).startswith(b"%PDF")


@pytest.mark.rule("N-36")
def test_a_limited_mark_is_printed_as_it_was_given_with_its_limit_and_the_mark_counted(sqlite_database: str) -> None:
    a_cycle("released")
    punished(AIGUL, "2026-08-14")
    punished(AIGUL, "2026-06-14", "warning")  # before the quarter
    with work() as session:
        scoring.correct(session, case(AIGUL).id or 0, "жаза кеш енгізілді", at("2026-10-07"), "person/2")
    with reading() as session:
        papers = Papers.of(session, find_cycle(session, KEY))
        _, language, made = next(sheets.sheets(session, papers, case(AIGUL).id))
    limited = made.marks[4]
    assert (limited.mark > limited.limit, str(limited.limit), limited.counted) == (True, "2.99", limited.limit)
    assert [one.limit for one in made.marks[:4]] == [None] * 4
    said = text(sheet.render(made, language))
    assert "шегі: 2,99 есепке алынды: 2,99" in said
    assert "14.06.2026 ескерту: тоқсаннан тыс, ескерілмейді" in said


def test_a_cancelled_sanction_leaves_a_line() -> None:
    line = "sanction reprimand of 2026-08-03: cancelled on 2026-09-01, not taken into account (reading N-Q5)"
    assert working_in("kk", line, _GRADES).startswith("03.08.2026 сөгіс: 01.09.2026 алынып тасталды, ескерілмейді")
    assert working_in("ru", line, _GRADES).startswith("выговор от 03.08.2026: снято 01.09.2026, не учитывается")


@pytest.mark.rule("N-47")
@pytest.mark.parametrize(
    ("manner", "said"), [("oral", "(устно)"), ("written", "(письменно)"), (None, "Доводы оцениваемого лица:")]
)
def test_the_protocol_says_how_the_person_argued_as_it_was_recorded(
    manner: str | None, said: str, sqlite_database: str
) -> None:
    a_cycle("released")
    shown()
    number = a_session(AIGUL)
    with work() as session:
        calibration.hold(
            session, number, votes("3", "3", "3"), "Жұмысы", "Мерзім ұзартылған", at("2026-10-12"), "x", manner
        )
    with reading() as session:
        papers = Papers.of(session, find_cycle(session, KEY))
        made = session.get_one(CalibrationSession, number)
        printed = text(calibration_protocol.render(disputes.protocol(session, papers, made, "ru"), "ru"))
    assert said in printed
    assert ("устно" in printed, "письменно" in printed) == (manner == "oral", manner == "written")


def test_a_manner_is_one_of_two_and_needs_the_argument(released: str) -> None:
    shown()
    number = a_session(AIGUL)
    with refused(NotFound, "oral or written"), work() as session:
        calibration.hold(session, number, votes("3", "3", "3"), "Жұмысы", "…", at("2026-10-12"), "x", "sung")
    with refused(Incomplete, "record what was said or written"), work() as session:
        calibration.hold(session, number, votes("3", "3", "3"), "Жұмысы", " ", at("2026-10-12"), "x", "oral")


@pytest.mark.parametrize(
    ("decimals", "kept", "printed"),
    [
        (2, "4.5", "4,50"), (2, "4.50", "4,50"), (2, "4", "4"), (2, "2.998", "2,998"), (1, "6.5", "6,5"), (1, "7", "7"),
        (0, "112", "112"), (None, "3.5", "3,5"), (None, "4.125", "4,125"),
    ],
)  # fmt: skip
def test_a_number_is_printed_with_the_decimals_of_the_acts_scale(decimals: int | None, kept: str, printed: str) -> None:
    papers = SimpleNamespace(ground=SimpleNamespace(scale=SimpleNamespace(decimals=decimals)))
    assert number(Papers.number(papers, kept)) == printed  # type: ignore[arg-type]
