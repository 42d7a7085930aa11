from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from methodologies import load
from models.work import work
from rules.errors import BadFile
from services import staff_cells, staff_contacts, staff_spans
from services.findings import printed
from services.people import import_staff
from services.staff_checks import Outside, check
from services.staff_columns import COLUMNS
from services.staff_file import read_staff
from services.staff_ranks import Ranks, ranks_of
from services.staff_structure import structure_of
from tests.services.staff import EXAMPLE, changed, lines, write

BROKEN = Path(__file__).parent / "broken_staff"
NOW = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)

#: one broken file for each refusal -> where it must point and what it must say
REFUSALS = {
    "empty": "empty.csv is empty: put the column names in the first row",
    "only_a_header": "It has column names and no people",
    "pdf": "pdf.csv is a PDF document, not CSV or XLSX: save the list as .xlsx or as CSV UTF-8",
    "zip": "zip.csv is damaged or locked with a password",
    "web_page": "web_page.csv is a web page or XML",
    "old_excel": "old_excel.csv is an old Excel file (.xls) or one locked with a password",
    "windows_1251": "seems to be in windows-1251, which lacks Ә Ғ Қ Ң Ө Ұ Ү Һ",
    "not_text": "not_text.csv is not text, whatever its name says",
    "unclosed_quote": "a quotation mark is not closed",
    "unknown_column": "row 1: column 25 is called 'supervizor', which no staff file has; did you mean supervisor?",
    "missing_columns": "row 1: these columns are missing: category (санат), supervisor (тікелей басшы).",
    "column_twice": "row 1, column email: it stands here twice",
    "junk_row": "row 5: it has 31 cells and the header 28",
    "nul_byte": "row 4, column surname: it holds the invisible character U+0000",
    "invisible_character": "row 4, column surname: it holds the invisible character U+200B",
    "formula": "row 4, column address: '=HYPERLINK(1)' begins with '=', which a spreadsheet runs as a formula",
    "formula_at": "row 4, column post_ru: '@SUM(A1)' begins with '@'",
    "sheet_error": "row 4, column post_ru: '#ССЫЛКА!' is an error of the spreadsheet",
    "empty_cell": "row 4, column surname: it is empty: fill it in.",
    "empty_unit": "row 4, column unit: it is empty: fill it in.",
    "latin_in_name": "row 4, column surname: 'Oтепов' has Latin letters (O): write the name in Cyrillic",
    "digit_in_name": "row 4, column given_name: 'Ил1яс' has a digit in it",
    "sign_in_name": "row 4, column given_name: 'Ілияс?' is not a name",
    "bad_number": "row 4, column personnel_no: '3 4#' is not a personnel number",
    "bad_category": "row 4, column category: 'B4' is not a category: write it like B-1 or C-O-1",
    "bad_language": "row 4, column language: 'english' is not a language of notices: write kk, ru or en.",
    "bad_basis": "row 4, column basis: 'hired' is no basis: write appointed or elected.",
    "bad_yes_no": "row 4, column leadership: 'maybe' is neither yes nor no",
    "impossible_date": "row 4, column appointed_on: 2026-02-30 does not exist in the calendar",
    "american_date": "row 4, column appointed_on: '07/24/2026' is not a date: write it like 2026-07-24 or 24.07.2026.",
    "excel_number": "row 4, column appointed_on: 46204 is a number, not a date: give the column a date format",
    "far_year": "row 4, column appointed_on: 0226-01-15 lies outside 1950-2100",
    "end_before_start": "row 4, column ended_on: 2023-01-01 lies before appointed_on 2024-01-15",
    "dismissed_without_end": "row 4, column dismissed: it says yes, but ended_on is empty",
    "bad_phone": "row 4, column phone: '+7 700 000' is not a telephone number",
    "bad_email": "row 4, column email: 'otepov@@nchr.example' is not an e-mail address",
    "unknown_absence": "row 4, column absences: 'holiday' is no kind of absence: use one of labour_leave",
    "absence_shape": "row 4, column absences: '2026-07-06..2026-07-24' is no absence: write it like",
    "absence_backwards": "row 4, column absences: 'labour_leave 2026-07-24..2026-07-06' ends before it begins",
    "absences_overlap": "row 4, column absences: labour_leave 2026-07-06..2026-07-24 and temporary_incapacity",
    "unknown_sanction": "row 4, column sanctions: 'fine' is no kind of sanction: use one of warning, reprimand",
    "sanction_shape": "row 4, column sanctions: 'reprimand in August' is no sanction: write it like reprimand",
    "worked_shape": "row 4, column worked_days: '14' is no count of worked days: write it like 2026-Q3:14.",
    "worked_too_many": "row 4, column worked_days: 2026-Q3 has no 80 working days",
    "worked_twice": "row 4, column worked_days: it names one period twice",
    "same_day_twice": "row 5, column personnel_no: '3' is appointed on 2024-01-15 in row 4 already",
    "overlapping_appointments": "row 5, column appointed_on: '3' holds the post of row 4 without an end",
    "two_names": "row 5, column surname: 'Басқаров' here, but 'Өтепов' in an earlier row",
    "unknown_supervisor": "row 4, column supervisor: nobody has the personnel number '99', neither in this file",
    "own_supervisor": "row 4, column supervisor: '3' cannot be their own direct supervisor",
    "supervisor_circle": "these people supervise each other in a circle, 1 -> 3 -> 2 -> 1",
    "unknown_head": "row 4, column unit_head: nobody has the personnel number '77'",
    "head_from_below": "'3' serves in body 'office', which does not stand above unit 'civil' of body 'nchr'",
    "unknown_parent": "row 4, column parent_body: there is no body 'ministry'",
    "body_above_itself": "row 4, column parent_body: body 'nchr' would stand above itself",
    "bodies_in_a_circle": "row 5, column parent_body: body 'office' would stand above itself",
    "two_unit_names": "row 4, column unit_name_ru: 'Юридический отдел' here, but 'Правовой отдел' in an earlier row",
    "unit_without_name": "row 3, column unit_name_kk: unit 'legal' has no name in this language",
    "leader_without_leadership": "row 3, column leadership: a B-1 is the head of a unit and so a leader (N-1, N-3)",
    "second_head": "row 4, column category: a B-1 is the head of the unit (N-1, N-3), but the head of unit 'legal' is '2'",
    "title_without_letters": "row 4, column post_kk: '123' has no letter in it",
    "long_title": "row 4, column post_kk: it is 399 characters long: shorten it to 300.",
    "three_findings": "row 5, column appointed_on: 31.02.2025 does not exist in the calendar",
}  # fmt: skip


def test_every_broken_file_has_its_words() -> None:
    assert {file.stem for file in BROKEN.glob("*.csv")} == set(REFUSALS)


@pytest.mark.rule("N-1", "N-2", "N-3")
@pytest.mark.parametrize("name", sorted(REFUSALS))
def test_refusal(name: str, sqlite_database: str) -> None:
    with pytest.raises(BadFile) as refused, work() as session:
        import_staff(session, BROKEN / f"{name}.csv", "operator/test", NOW, "nchr-2024")
    said = refused.value.problems or (str(refused.value),)
    assert any(REFUSALS[name] in sentence for sentence in said), said
    with work() as session:
        for table in ("person", "body", "staff_import", "journal_entry"):
            assert session.connection().exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() == 0


@pytest.mark.rule("N-3", "N-26")
def test_which_category_heads_a_unit_and_whose_supervisor_evaluates_is_said_by_the_act(tmp_path: Path) -> None:
    act = load("nchr-2024")
    ours = ranks_of(act, NOW.date())
    assert ours.heads == {"B-1": "N-1, N-3", "C-O-1": "N-1, N-3"}
    assert ours.supervised == dict.fromkeys(("B-1", "C-O-1"), "N-2, N-3, N-26")
    assert ranks_of(act, date(2025, 1, 1)).heads == {}  # the wording of 2024 is not in our text
    parameters = {name: one for name, one in act.parameters.items() if name != "categories_of_unit_heads"}
    assert ranks_of(replace(act, parameters=parameters, evaluations={}), NOW.date()) == Ranks()

    def found(ranks: Ranks) -> list[str]:
        staff = read_staff(BROKEN / "second_head.csv")
        check(structure_of(staff.rows, staff.findings), Outside(), ranks, staff.findings)
        return [sentence for _, sentence in staff.findings.kept]

    assert any("a B-1 is the head of the unit" in sentence for sentence in found(ours))
    assert found(Ranks()) == []
    assert any("a B-1 is the head of the unit (X-1)" in sentence for sentence in found(Ranks({"B-1": "X-1"})))


def test_every_finding_is_told_in_the_order_of_the_file(sqlite_database: str) -> None:
    with pytest.raises(BadFile) as refused, work() as session:
        import_staff(session, BROKEN / "three_findings.csv", "operator/test", NOW, "nchr-2024")
    rows = [int(sentence.split()[1].strip(",:")) for sentence in refused.value.problems]
    assert rows == sorted(rows) == [3, 4, 4, 5]


def test_fifty_findings_are_printed_and_the_rest_counted(tmp_path: Path) -> None:
    rows = [row | {"surname": "X1"} for row in lines()]
    staff = read_staff(write(tmp_path / "staff.csv", rows))
    with pytest.raises(BadFile, match="62 findings; nothing was imported") as refused:
        staff.findings.refuse()
    assert len(printed(refused.value)) == 51
    assert printed(refused.value)[-1] == "... and 12 more."


def test_more_than_a_thousand_findings_are_counted_not_kept(tmp_path: Path) -> None:
    rows = [row | {"surname": "X1"} for row in lines()] * 20
    with pytest.raises(BadFile, match="1240 findings") as refused:
        read_staff(write(tmp_path / "staff.csv", rows)).findings.refuse()
    assert refused.value.problems[-1] == "240 further findings were counted and not kept."


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_separators_and_encodings_make_no_difference(separator: str, encoding: str, tmp_path: Path) -> None:
    file = write(tmp_path / "staff.csv", lines(), separator=separator, encoding=encoding)
    assert read_staff(file).rows == read_staff(EXAMPLE).rows


@pytest.mark.parametrize("place", [0, -1])
def test_headers_may_be_kazakh_or_russian(place: int, tmp_path: Path) -> None:
    names = {column.name: column.also[place].upper() for column in COLUMNS}
    rows = [{names[key]: value for key, value in row.items()} for row in lines()]
    assert read_staff(write(tmp_path / "staff.csv", rows)).rows == read_staff(EXAMPLE).rows


def test_a_quoted_newline_is_a_space_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    rows = changed(lines(), "100001", address="Астана қ.,\nДостық көшесі, 4")
    staff = read_staff(write(tmp_path / "staff.csv", rows))
    assert staff.rows[0].address == "Астана қ., Достық көшесі, 4"
    assert [row.row for row in staff.rows] == list(range(2, 64))


def _workbook(path: Path, rows: list[dict[str, str]], far: str = "") -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet, as_date = book.add_worksheet(), book.add_format({"num_format": "dd.mm.yyyy"})
        sheet.write_row(0, 0, list(rows[0]))
        for number, row in enumerate(rows, 1):
            for place, (name, cell) in enumerate(row.items()):
                if name in ("appointed_on", "ended_on") and cell:
                    sheet.write_datetime(number, place, datetime.fromisoformat(cell), as_date)
                elif name == "personnel_no":
                    sheet.write_number(number, place, int(cell))
                elif cell:
                    sheet.write_string(number, place, cell)
        if far:
            sheet.write_string(far, "x")
    return path


def test_a_workbook_with_real_dates_and_numbers_reads_like_the_csv(tmp_path: Path) -> None:
    assert read_staff(_workbook(tmp_path / "staff.xlsx", lines())).rows == read_staff(EXAMPLE).rows


def test_the_content_decides_not_the_name(tmp_path: Path) -> None:
    assert len(read_staff(_workbook(tmp_path / "staff.csv", lines())).rows) == 62


def test_a_stray_cell_far_away_is_refused_before_memory_is_spent_on_it(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="something in cell XFD1048576, far outside the list"):
        read_staff(_workbook(tmp_path / "staff.xlsx", lines(), far="XFD1048576"))


def test_no_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"staff.csv cannot be read \(No such file or directory\)"):
        read_staff(tmp_path / "staff.csv")


def test_a_hundred_thousand_rows_are_the_most(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.staff_file.MOST_ROWS", 61)
    with pytest.raises(BadFile) as refused:
        read_staff(EXAMPLE).findings.refuse()
    assert refused.value.problems == ("row 63: the list goes on after 61 rows: split the file by bodies.",)


@pytest.mark.rule("N-3")
@pytest.mark.parametrize("typed", ["В-1", "в-1", "B – 1", "B-1"])
def test_a_category_in_cyrillic_letters_is_the_same_category(typed: str) -> None:
    assert staff_cells.category(typed) == "B-1"


@pytest.mark.rule("N-3")
@pytest.mark.parametrize("typed", ["С-О-1", "C-О-1", "с-o-1"])
def test_a_mixed_category_is_the_same_category(typed: str) -> None:
    assert staff_cells.category(typed) == "C-O-1"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+7 701 234 56 78", "+77012345678"), ("8(701)234-56-78", "+77012345678"), ("7012345678", "+77012345678"),
        ("+7 7172 12 34 56", ""), ("+1 650 253 0000", "+16502530000"), ("", ""),
    ],
)  # fmt: skip
def test_telephone_numbers_are_kept_in_one_form(typed: str, kept: str) -> None:
    if kept or not typed:
        assert staff_contacts.phone(typed) == kept
    else:
        assert staff_contacts.phone(typed).startswith("+77172")


def test_a_russian_mobile_number_is_questioned_not_refused(tmp_path: Path) -> None:
    rows = changed(lines(), "100005", phone="+7 912 345 67 89")
    staff = read_staff(write(tmp_path / "staff.csv", rows))
    assert staff.findings.count == 0
    assert staff.findings.questions == ["row 6, column phone: +79123456789 is a Russian mobile number: is that right?"]


@pytest.mark.parametrize("typed", ["a.b@nchr.example", "s1@intranet", "s1@nchr.local", "әсем@nchr.example"])
def test_internal_addresses_are_allowed(typed: str) -> None:
    assert staff_contacts.email(typed) == typed


def test_absences_and_sanctions_may_be_in_kazakh_and_russian_words() -> None:
    assert staff_spans.absences("еңбек демалысы 06.07.2026–24.07.2026; Командировка 2026-08-03") == (
        ("business_trip", date(2026, 8, 3), date(2026, 8, 3)),
        ("labour_leave", date(2026, 7, 6), date(2026, 7, 24)),
    )
    assert staff_spans.sanctions("қатаң сөгіс 03.08.2026") == (("severe_reprimand", date(2026, 8, 3)),)
