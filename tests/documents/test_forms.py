"""Every form of the acts prints what its data prints, word for word, in both languages; blank lines where nothing is known."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from documents import form, refusal_act, register
from documents.errors import MissingField, WrongField
from documents.form import FormPaper, Signing
from documents.samples import acts, calibration, lists
from documents.samples.acts import FORMS
from documents.words import Language
from tests.documents.reading import pages, text

EVERY = [(name, language) for name in FORMS for language in ("kk", "ru")]
#: texts of a form that are no part of its layout: words for cells, further titles, what stands in the period already
_INSIDE = re.compile(
    r"row_.*|achieved|not_achieved|meets_expectations|below_expectations|not_evaluated|range|year|title_.*|not_reported"
    r"|check_.*|note_word|result_self|result|conclusion|answers|least_shown"
)


def _bare(words: str) -> str:
    """Letters alone: how a line breaks or a narrow cell cuts a word is not the wording."""
    return re.sub(r"[\s\u00ad\u200b-]+", "", words)


def _said(name: str, language: Language) -> str:
    return text(form.render(FORMS[name](language), language))


@pytest.mark.parametrize(("name", "language"), EVERY)
@pytest.mark.rule(
    "M-2", "M-18", "M-28", "M-38", "M-53", "M-55", "M-63",
    "J-8", "J-15", "J-23", "J-34", "J-40", "J-48", "J-50", "U-37", "U-47", "U-56", "U-62",
)  # fmt: skip
def test_every_text_of_the_form_is_printed_exactly(name: str, language: Language) -> None:
    paper, said = FORMS[name](language), _bare(_said(name, language))
    missing = []
    for key, label in paper.form.texts.items():
        words = label.as_dict()[language]
        if key == "header_period" and not words.startswith("("):
            words = words[words.index("(") :]  # the word "year" stands with the year itself
        if key == "title" and paper.title:
            words = paper.title
        if not _INSIDE.fullmatch(key) and _bare(words) not in said:
            missing.append(f"{key}: {words}")
    assert missing == []


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("mic_plan", 1), ("mic_kpi", 1), ("mic_competencies", 1), ("justice_plan", 1), ("justice_annual", 1),
        ("uralsk_plan", 1), ("uralsk_kpi", 1), ("uralsk_questionnaire", 1), ("uralsk_report", 1), ("uralsk_summary", 1),
        ("justice_quarter", 2), ("justice_protocol", 3), ("mic_protocol", 1),
    ],
)  # fmt: skip
def test_a_form_takes_no_more_pages_than_it_needs(name: str, printed: int) -> None:
    for language in ("kk", "ru"):
        assert len(pages(form.render(FORMS[name](language), language))) == printed


@pytest.mark.rule("J-50")
def test_the_head_of_a_long_protocol_stands_on_every_page_of_its_table() -> None:
    printed = pages(form.render(FORMS["justice_protocol"]("kk"), "kk"))
    assert ["Комиссияның ұсыныстары" in one for one in printed[:2]] == [True, True]
    assert "Түсіндірме: № 201 бұйрық ескерілмеген." in " ".join(printed)
    assert "Тексерген:" in " ".join(printed)
    assert "Комиссия мүшесі:" in printed[-1]


@pytest.mark.rule("M-19", "M-20")
def test_the_plan_has_its_approval_block_and_the_protocol_too() -> None:
    for name, who in (("mic_plan", "Жоғары тұрған басшы"), ("mic_protocol", "Лауазымды тұлға")):
        assert f'"БЕКІТЕМІН" {who}' in _said(name, "kk")
    assert "БЕКІТЕМІН" not in _said("justice_protocol", "kk")


@pytest.mark.rule("M-31")
def test_only_the_whole_result_is_underlined_among_the_choices() -> None:
    paper = replace(FORMS["mic_kpi"]("kk"), chosen="қанағаттанарлық")
    layout = form.page(paper, "kk").values
    assert (layout["choices"], layout["chosen"]) == (
        "(қанағаттанарлықсыз, қанағаттанарлық, тиімді, өте жақсы)",
        "қанағаттанарлық",
    )
    assert "(қанағаттанарлықсыз, қанағаттанарлық, тиімді, өте жақсы)" in text(form.render(paper, "kk"))


@pytest.mark.rule("M-43")
def test_a_missing_indicator_is_named_word_for_word() -> None:
    assert "Стратегиялық бағыттарға сәйкес нақты міндеттер қояды және тапсырмалар береді" in _said(
        "mic_competencies", "kk"
    )


@pytest.mark.rule("J-18")
def test_each_of_two_copies_says_which_it_is() -> None:
    assert "Дана 1/2" in _said("justice_plan", "kk")
    assert "Экземпляр 1/2" in _said("justice_plan", "ru")


@pytest.mark.rule("J-37", "J-44")
def test_the_act_of_refusal_to_sign_is_signed_by_hr_and_the_supervisor() -> None:
    said = text(refusal_act.render(calibration.refusal_to_sign("kk"), "kk"))
    assert "Бағалау парағына қол қоюдан бас тарту туралы АКТ" in said
    assert "Тікелей басшы: Бөлім меңгерушісі" in said
    assert "жасырын ақпарат" not in said  # this act has no point on secrecy
    assert "Акт об отказе от подписания оценочного листа" in text(
        refusal_act.render(calibration.refusal_to_sign("ru"), "ru")
    )


@pytest.mark.rule("J-53")
def test_an_act_of_refusal_may_be_signed_by_hr_alone() -> None:
    alone = replace(calibration.refusal_act("ru"), witnesses=(), witnesses_needed=0)
    assert "Лица, присутствовавшие при составлении" not in text(refusal_act.render(alone, "ru"))


@pytest.mark.rule("U-60", "U-62")
def test_questionnaire_and_summary_name_no_respondent_and_the_summary_nobody() -> None:
    assert "Сауалнама жасырын" in _said("uralsk_questionnaire", "kk")
    assert not [name for name in acts.PEOPLE if name in _said("uralsk_summary", "kk")]


def test_no_signature_is_drawn_and_a_recorded_act_says_so() -> None:
    said = _said("mic_kpi", "ru")
    assert "Зарегистрировано в информационной системе: 12.12.2018 16:42" in said
    assert "Удостоверено электронной цифровой подписью" not in said


@pytest.mark.parametrize("name", FORMS)
def test_a_form_without_anything_is_a_blank_to_fill_in(name: str) -> None:
    for language in ("kk", "ru"):
        blank = FormPaper(FORMS[name](language).form, {}, ({"number": "1"},) * 3)
        said = text(form.render(blank, language))
        assert not [one for one in acts.PEOPLE if one in said]


def test_forty_rows_of_long_names_break_between_rows() -> None:
    paper = FORMS["mic_protocol"]("kk")
    name = "Мұхаметқалиева-Сейітмағанбетова Гүлбаршын Жүсіпбекқызы"
    long = replace(paper, rows=tuple({"number": f"{n}.", "servant": name, "result": "4"} for n in range(1, 41)))
    said = " ".join(pages(form.render(long, "kk")))
    assert _bare(said).count(_bare(name)) == 40
    assert said.count("Комиссияның ұсыныстары") >= 2


def test_a_role_the_form_has_no_place_for_is_refused() -> None:
    paper = replace(FORMS["mic_kpi"]("kk"), signing={"notary": (Signing("Ә"),)})
    with pytest.raises(WrongField, match="has the role 'notary', the form has: evaluatee, evaluator"):
        form.render(paper, "kk")


def test_a_paper_without_its_form_is_refused() -> None:
    with pytest.raises(MissingField, match="'form' is empty"):
        form.render(replace(FORMS["mic_kpi"]("kk"), form=None), "kk")  # type: ignore[arg-type]


@pytest.mark.rule("M-60", "M-61", "M-62", "J-55", "J-56", "J-57")
def test_the_register_of_appeals_says_where_when_and_what_came_of_it() -> None:
    said = text(register.render(lists.appeals("ru"), "ru"))
    assert "10.11.2017 (с пропуском срока)" in said
    assert "рекомендовано отменить решение Комиссии и пересмотреть результат; 15.11.2017; № 1204" in said
    assert "Записей в реестре: 3" in said


def test_a_line_of_a_register_has_a_cell_for_every_column() -> None:
    short = replace(lists.appeals("kk"), lines=(("Ә",),))
    with pytest.raises(WrongField, match="number 1 has 1 cells for 6 columns"):
        register.render(short, "kk")
