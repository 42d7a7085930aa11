"""The data of the act beside its printed text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from methodologies import load
from methodologies.loading import unique
from tests.nchr import law_of

ACT, LAW = load("nchr-2024"), law_of()


@pytest.mark.rule("N-52")
def test_who_issued_it_and_when() -> None:
    assert (ACT.source["number"], ACT.source["date"]) == ("144", date(2024, 11, 18))
    assert [(one.id, one.date, one.known) for one in ACT.revisions] == [
        ("no-144", date(2024, 11, 18), False),
        ("no-13", date(2026, 3, 13), True),
    ]
    assert ACT.compared_with_text_on >= ACT.revisions[-1].date
    assert ACT.warnings == ()


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("min_tenure_in_position", 1, "N-13"),
        ("min_days_actually_worked", 15, "N-14"),
        ("delegation_threshold", 20, "N-31"),
        ("categories_of_unit_heads", ("B-1", "C-O-1"), "N-3"),
        ("mark_min", Decimal(0), "N-30"),
        ("mark_max", Decimal(5), "N-30"),
        ("cap_ordinary", Decimal("2.99"), "N-36"),
        ("cap_other", Decimal("1.99"), "N-36"),
        ("retention", 3, "N-22"),
    ],
)
def test_the_numbers_of_the_act(name: str, value: object, rule: str) -> None:
    found = LAW.dated(name)
    assert (found.value, rule in found.rules) == (value, True)
    assert type(found.value) is type(value)


@pytest.mark.rule("N-41", "N-43")
def test_the_panel_of_the_act() -> None:
    panel = LAW.panels["calibration"]
    assert (panel.get("members_min"), panel.get("odd"), panel.get("hr_members")) == (3, True, 1)
    assert {"N-41", "N-43"} <= set(panel.rules)


@pytest.mark.rule("N-7")
def test_the_evaluated_period_is_a_quarter() -> None:
    assert [(one.id, one.period) for one in LAW.evaluations.values()] == [("quarter", "quarter")]


@pytest.mark.rule("N-16")
def test_four_grades_in_the_words_of_the_act() -> None:
    assert [(g.id, str(g.least), str(g.most), g.label.kk) for g in LAW.scale("result").bands] == [
        ("effective", "4", "5", "Функционалдық міндеттерін тиімді атқарады"),
        ("proper", "3", "3.99", "Функционалдық міндеттерін тиісті түрде атқарады"),
        ("satisfactory", "2", "2.99", "Функционалдық міндеттерін қанағаттанарлық түрде атқарады"),
        ("unsatisfactory", "0", "1.99", "Функционалдық міндеттерін қанағаттанарлықсыз түрде атқарады"),
    ]


@pytest.mark.rule("N-18", "N-19")
def test_the_means_of_notice_in_the_order_of_the_text() -> None:
    assert LAW.channels["active"] == ("portal", "mobile_app")
    assert LAW.channels["dismissed"] == (
        "registered_letter",
        "telephonogram",
        "telegram",
        "sms",
        "email",
        "other_registered",
    )


@pytest.mark.rule("N-26", "N-27", "N-28", "N-32")
def test_two_forms_of_five_rows() -> None:
    assert {form.id: (form.annex, len(form.parameters)) for form in LAW.forms.values()} == {
        "leader": ("Annex 1", 5),
        "non_leader": ("Annex 2", 5),
    }
    for form in LAW.forms.values():
        assert form.parameters[-1].label.kk == "Тәртіптік жазалардың болмауы"
        assert "2,99 баллдан аспауы керек" in form.parameters[-1].explanation.kk


@pytest.mark.rule("N-32", "N-33", "N-34", "N-37", "N-38")
@pytest.mark.parametrize("form", ["leader", "non_leader"])
def test_what_the_forms_print(form: str) -> None:
    texts = LAW.form(form).texts
    assert "қойылған бағалар сомасын бағаланатын параметрлер санына бөлу керек" in texts["note"].kk
    assert "0 баллы қызметші бағалау параметрін толық орындамаған жағдайда қойылады" in texts["footnote"].kk
    assert "электрондық цифрлық қолтаңба" in texts["signature_means"].kk
    assert "жеке ұнатуларсыз/ұнатпауларсыз" in texts["intro_objective"].kk
    assert "(қалау бойынша)" in texts["column_comment"].kk


@pytest.mark.rule("N-Q6")
def test_the_slip_of_annex_1_is_printed_unless_the_body_corrects_it() -> None:
    printed, corrected = LAW.form("leader").parameters[3], law_of(N_Q6="b").form("leader").parameters[3]
    assert printed.label.kk == "Бағалаушы адамның еңбек тәртібін сақтауы"
    assert printed.corrected == corrected.label
    assert corrected.label.kk == "Бағаланатын адамның еңбек тәртібін сақтауы"
    assert law_of(N_Q6="b").form("non_leader") == LAW.form("non_leader")


@pytest.mark.parametrize(
    ("deadline", "term"),
    [
        ("order_send_for_publication", (10, "calendar_day", "after", "order_signed", "order pt 2(1)")),
        ("order_in_force", (0, "calendar_day", "after", "first_official_publication", "order pt 4")),
        ("revision_13_in_force", (0, "calendar_day", "after", "first_official_publication", "note to methodology")),
        ("quarterly_evaluation", (20, "day_of_month", "by", "month_after_reporting_quarter", "pt 4")),
        ("annual_final_score", ("01-30", "date", "by", "year_after_reporting_year", "pt 4")),
        ("evaluation_of_dismissed_employee", (20, "day_of_month", "by", "month_after_reporting_quarter", "pt 6")),
        ("familiarize_dismissed_employee", (1, "month", "by", "month_after_reporting_quarter", "pt 9")),
        ("calibration_request", (5, "working_day", "after", "familiarized", "pt 10")),
        ("retention", (3, "year", "after", "evaluation_completed", "pt 12")),
        ("calibration_decision", (3, "working_day", "after", "calibration_request_received", "pt 19")),
        ("calibration_session_held", (10, "working_day", "after", "calibration_request_received", "pt 20")),
        ("protocol_uploaded", (3, "working_day", "after", "protocol_signed", "pt 22")),
    ],
)
def test_the_terms_of_the_act(deadline: str, term: tuple[object, ...]) -> None:
    rule = LAW.deadline(deadline)
    assert (rule.amount, rule.unit, rule.direction, rule.anchor, rule.point) == term
    assert rule.right is (deadline == "calibration_request")
    assert rule.keep is (deadline == "retention")


def test_the_act_has_no_other_terms() -> None:
    assert len([rule for rule in LAW.deadlines.values() if not rule.house]) == 12


@pytest.mark.parametrize(
    ("question", "option"),
    [
        ("X-Q1", "protective"),
        ("X-Q2", "not_counted"),
        ("X-Q3", "half_up"),
        ("N-Q2", "half_up"),
        ("X-Q5", "evaluator_signature"),
        ("X-Q7", "last_day_of_period"),
        ("N-Q1", "mark"),
        ("N-Q3", "two_decimals"),
        ("N-Q4", "proposed_top"),
        ("N-Q5", "applied_in_period"),
        ("N-Q6", "as_printed"),
        ("N-Q8", "both"),
        ("N-Q10", "opened_or_served"),
        ("N-Q12", "form_then_recompute"),
        ("N-Q13", "left_out"),
        ("N-Q14", "per_evaluator"),
        ("N-Q17", "all_members"),
        ("N-Q17-refusal", "late_or_not_entitled"),
        ("N-Q23", "all_required"),
    ],
)
def test_how_the_open_questions_are_answered(question: str, option: str) -> None:
    assert LAW.reading(question) == option


def test_every_reading_gives_its_reason_and_quotes_its_options_by_letter() -> None:
    for reading in unique(LAW.readings):
        assert len(reading.why) > 20, reading.id
        assert [option.letter for option in reading.options] == list("abcd"[: len(reading.options)])
        assert reading.option("a").id == reading.chosen


def test_every_rule_of_the_act_is_listed() -> None:
    assert list(ACT.rules) == [f"N-{n}" for n in range(53)]


@pytest.mark.rule("N-36")
def test_each_kind_of_sanction_has_its_limit() -> None:
    ordinary = {kind for kind, cap in LAW.sanctions.items() if cap == "cap_ordinary"}
    assert ordinary == {"warning", "reprimand", "severe_reprimand"}
    assert set(LAW.sanctions.values()) == {"cap_ordinary", "cap_other"}
