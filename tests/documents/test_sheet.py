"""The evaluation sheet says what Annexes 1 and 2 say, word for word, blank and filled."""

from dataclasses import replace
from decimal import Decimal

import pytest

from documents import sheet
from documents.errors import WrongField
from documents.samples import forms
from documents.sheet import Mark, Parameter
from tests.documents.reading import pages, text

LEADER_PARAMETERS = (
    "1. Жетекшілік ететін бөлімшелерде (жетекшілік ететін қызметшілердің) міндеттердің сапалы орындалуын "
    "қамтамасыз ету",
    "2. Жетекшілік ететін бөлімшелерде (жетекшілік ететін қызметшілердің) міндеттердің орындалу мерзімдерінің "
    "сақталуын қамтамасыз ету",
    "3. Көшбасшылық және шешім қабылдау дағдылары",
    "4. Бағалаушы адамның еңбек тәртібін сақтауы",
    "5. Тәртіптік жазалардың болмауы",
)
NON_LEADER_PARAMETERS = (
    "1. Функционалдық міндеттерді орындау сапасы",
    "2. Міндеттерді орындау мерзімдерін сақтау",
    "3. Дербестік және бастамашылдық",
    "4. Еңбек тәртібін сақтау",
    "5. Тәртіптік жазалардың болмауы",
)
FOUR_RESULTS = (
    "(функционалдық міндеттерін тиімді атқарады, функционалдық міндеттерін тиісті түрде атқарады, функционалдық "
    "міндеттерін қанағаттанарлық түрде атқарады, функционалдық міндеттерін қанағаттанарлықсыз түрде атқарады)."
)


@pytest.fixture(scope="module")
def leader() -> str:
    return text(sheet.render(forms.leader_sheet("kk"), "kk"))


@pytest.fixture(scope="module")
def non_leader() -> str:
    return text(sheet.render(forms.non_leader_sheet("kk"), "kk"))


@pytest.mark.rule("N-32")
def test_annex_1_has_its_heading_title_columns_and_five_parameters(leader):
    assert "бағалаудың әдістемесіне 1-қосымша Нысан Басшы лауазымды атқаратын адамның бағалау парағы" in leader
    for column in (
        "Параметрлер",
        "Бағалау (0-ден* 5 балға дейін)",
        "Түсініктеме (қалау бойынша)",
        "Толтыру кезінде түсініктеме",
    ):
        assert column in leader
    for parameter in LEADER_PARAMETERS:
        assert parameter in leader


@pytest.mark.rule("N-32")
def test_annex_2_has_its_heading_title_columns_and_five_parameters(non_leader):
    title = "Басшы лауазымды атқармайтын адамның бағалау парағы"
    assert f"бағалаудың әдістемесіне 2-қосымша Нысан {title}" in non_leader
    assert "Бағалау (0*-ден 5 баллға дейін)" in non_leader
    for parameter in NON_LEADER_PARAMETERS:
        assert parameter in non_leader


def test_the_three_header_lines_carry_their_captions(leader):
    assert "(Бағаланатын адамның Т.А.Ә., мемлекеттік органды көрсете отырып лауазымы)" in leader
    assert "2026 жылғы III тоқсан (Бағаланатын кезең)" in leader
    assert "(Бағалайтын қызметшінің Т.А.Ә., мемлекеттік органды көрсете отырып лауазымы)" in leader


@pytest.mark.rule("N-38")
def test_the_introduction_is_the_acts_own(leader):
    assert (
        '"Б" корпусы мемлекеттік әкімшілік қызметшілерінің қызметін бағалау (бұдан әрі – бағалау) мақсатында Сізге '
        "өз әріптестеріңізді 5 баллдық шкала бойынша бағалауды ұсынамыз. Бағаларды объективті түрде, жеке "
        "ұнатуларсыз/ұнатпауларсыз қою керек. Сауалнаманы басынан аяғына дейін алаңдамай толтыру қажет. Осылайша, Сіз "
        "уақытты үнемдей аласыз және нәтижелердің дұрыстылығын арттыра аласыз."
    ) in leader


@pytest.mark.rule("N-33", "N-34")
def test_note_and_footnote_follow_the_average(non_leader):
    assert "Орташа қорытынды баға 4,60 Ескертпе: Орташа қорытынды бағаны есептеу үшін қойылған" in non_leader
    assert "бағалар сомасын бағаланатын параметрлер санына бөлу керек." in non_leader
    assert "*Бағалаудың 0 баллы қызметші бағалау параметрін толық орындамаған жағдайда қойылады." in non_leader


@pytest.mark.rule("N-35")
def test_the_result_line_names_the_result_and_the_four_labels(non_leader):
    line = f"Бағалау нәтижесі: функционалдық міндеттерін тиімді атқарады {FOUR_RESULTS}"
    assert line in non_leader
    assert "Қызметшінің бағалау нәтижесі орташа қорытынды бағаның негізінде қойылады." in non_leader


@pytest.mark.rule("N-37")
def test_the_signature_is_digital_and_dated(non_leader):
    assert "Қолы 14.10.2026 16:42 Сертификат 3f9a51c07be24d1a8c66e0b7d5f2a934" in non_leader
    assert "Күні 2026 жылғы 14 қазан" in non_leader
    assert "(электрондық цифрлық қолтаңба арқылы куәләндырылған)" in non_leader


@pytest.mark.rule("N-36")
def test_the_cap_is_explained_and_the_other_reading_shown(non_leader):
    assert "- ескерту, сөгіс, қатаң сөгіс үшін баға 2,99 баллдан аспауы керек;" in non_leader
    assert "Сома ÷ параметрлер саны (5) 4,598 N-34" in non_leader
    assert (
        "N-Q1 (b): шек орташа бағаға қатысты 2,99 функционалдық міндеттерін қанағаттанарлық түрде атқарады"
        in non_leader
    )


def test_a_blank_sheet_has_everything_but_marks_result_and_date():
    blank = text(sheet.render(forms.blank_sheet("kk"), "kk"))
    assert f"Бағалау нәтижесі: {FOUR_RESULTS}" in blank
    assert "Қолы Күні (электрондық цифрлық қолтаңба" in blank
    assert "Бағаның есептелуі" not in blank


def test_a_form_may_have_any_number_of_rows():
    rows = tuple(Parameter(f"Параметр {n}", "Есепке алынады.") for n in range(1, 13))
    twelve = replace(
        forms.leader_sheet("kk"),
        form=replace(forms.form("leader", "kk"), parameters=rows),
        marks=tuple(Mark(Decimal("4.25")) for _ in rows),
    )
    said = text(sheet.render(twelve, "kk"))
    assert "12. Параметр 12 4,25" in said


def test_marks_must_match_the_rows_of_the_form():
    short = replace(forms.leader_sheet("kk"), marks=(Mark(Decimal(5)),))
    with pytest.raises(WrongField, match="'marks' has 1 rows, the form has 5 parameters"):
        sheet.render(short, "kk")


def test_a_result_the_form_does_not_know_is_refused():
    odd = replace(forms.leader_sheet("kk"), result="өте жақсы")
    with pytest.raises(WrongField, match="none of the results of the form"):
        sheet.render(odd, "kk")


def test_the_signature_stands_on_one_page_with_the_result():
    for language in ("kk", "ru"):
        signed = sheet.render(forms.leader_sheet(language), language)
        certificate = "3f9a51c07be24d1a8c66e0b7d5f2a934"
        page = next(page for page in pages(signed) if certificate in page)
        assert forms.form("leader", language).result_note in page
