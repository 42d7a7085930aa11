"""The data of the act beside its printed text."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from methodologies import load
from methodologies.loading import unique
from rules.errors import NotInForce
from rules.period import Period
from rules.stages import Walk
from tests.uralsk import ACT as ID
from tests.uralsk import YEAR, law_of

ACT, LAW = load(ID), law_of()


@pytest.mark.rule("U-0")
def test_whose_act_it_is_and_under_which_law() -> None:
    assert "Орал қалалық мәслихатының аппараты" in ACT.title.kk
    assert (ACT.source["number"], ACT.source["date"]) == ("20-5", date(2018, 3, 30))
    assert "art. 33 pt 5" in ACT.source["legal_basis"]
    assert "No 5157" in ACT.source["registration"]


@pytest.mark.rule("U-72")
def test_three_wordings_and_the_repeal() -> None:
    assert [(one.id, one.date, one.known, one.repeals) for one in ACT.revisions] == [
        ("no-20-5", date(2018, 3, 30), False, False),
        ("no-3-9", date(2023, 5, 18), True, False),
        ("no-5-10", date(2023, 9, 20), True, False),
        ("no-12-7", date(2024, 6, 17), True, True),
    ]
    assert ACT.compared_with_text_on >= ACT.revisions[-1].date
    assert ACT.warnings == ()


@pytest.mark.rule("U-18", "U-19", "U-26", "U-72")
def test_of_points_5_and_11_only_the_wording_of_september_2023_is_known() -> None:
    before = law_of(Period(2023, 2))
    for name in ("min_tenure_in_position", "absences_without_participation"):
        with pytest.raises(NotInForce, match=name):
            before.value(name)
        assert LAW.value(name)
    assert {
        "familiarize_with_results",
        "evaluation_of_absent_employee",
    } <= LAW.deadlines.keys() - before.deadlines.keys()
    assert {"calibration_request", "evaluation_of_dismissed_employee", "retention"} <= before.deadlines.keys()
    assert (before.channels, before.value("mark_max")) == ({}, Decimal(5))
    assert (list(before.consequences), list(LAW.consequences)) == (["survey_360"], ["kpi_and_ranking", "survey_360"])


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("min_tenure_in_position", 1, "U-18"),
        ("mark_min", Decimal(0), "U-48"),
        ("mark_max", Decimal(5), "U-53"),
        ("kpi_count_min", 3, "U-43"),
        ("kpi_count_max", 5, "U-43"),
        ("min_remaining_period_for_kpi", 3, "U-40"),
        ("delegation_threshold", 50, "U-54"),
        ("respondents_min", 3, "U-59"),
        ("respondents_max", 7, "U-59"),
        ("respondent_groups", ("supervisor", "subordinate", "peer"), "U-61"),
        ("retention", 3, "U-29"),
    ],
)
def test_the_numbers_of_the_act(name: str, value: object, rule: str) -> None:
    found = LAW.dated(name)
    assert (found.value, rule in found.rules) == (value, True)
    assert type(found.value) is type(value)


@pytest.mark.rule("U-19")
def test_the_absences_of_point_5_in_its_order() -> None:
    assert LAW.value("absences_without_participation") == (
        "labour_leave", "social_leave", "temporary_incapacity", "business_trip", "internship", "retraining",
        "professional_development",
    )  # fmt: skip


@pytest.mark.rule("U-21")
def test_four_results_in_the_words_of_the_act() -> None:
    assert [(g.id, str(g.least), str(g.most), g.label.kk) for g in LAW.scale("result").bands] == [
        ("effective", "4", "5", "Функционалдық міндеттерін тиімді атқарады"),
        ("proper", "3", "3.99", "Функционалдық міндеттерін тиісті түрде атқарады"),
        ("satisfactory", "2", "2.99", "Функционалдық міндеттерін қанағаттанарлық түрде атқарады"),
        ("unsatisfactory", "0", "1.99", "Функционалдық міндеттерін қанағаттанарлықсыз түрде атқарады"),
    ]


@pytest.mark.rule("U-11", "U-13", "U-15", "U-16", "U-17", "U-56")
def test_quarters_by_kpi_and_ranking_and_the_year_by_360_which_enters_no_mean() -> None:
    quarter, survey = LAW.evaluations["quarter"], LAW.evaluations["survey"]
    assert (quarter.period, survey.period) == ("quarter", "year")
    assert {one.form for one in quarter.forms} == {"kpi", "ranking"}
    assert {one.form for one in survey.forms} == {"360"}
    assert quarter.annual["method"] == "mean_of_periods"
    assert (survey.annual, LAW.form("360").scale) == ({}, None)


@pytest.mark.rule("U-8", "U-55")
def test_four_parameters_in_the_order_of_point_32() -> None:
    assert [row.label.kk for row in LAW.form("ranking").parameters] == [
        "функционалдық міндеттерді орындау сапасы",
        "тапсырмаларды орындау мерзімдерін сақтау",
        "дербестік және бастамашылық",
        "еңбек тәртібі",
    ]


@pytest.mark.rule("U-37", "U-47", "U-50", "U-57")
@pytest.mark.parametrize("form", ["kpi", "ranking", "360", "individual_plan"])
def test_every_layout_says_that_it_is_derived(form: str) -> None:
    heading = LAW.form(form).texts["heading"]
    assert "мәтіні жоқ" in heading.kk
    assert "текста нет" in heading.ru
    assert "derived" in heading.en


@pytest.mark.rule("U-44")
def test_a_kpi_is_checked_against_the_five_marks_of_point_24() -> None:
    plan, texts = LAW.plans["individual"], LAW.form("individual_plan").texts
    assert plan.get("checks") == ("specific", "measurable", "achievable", "time_bound", "oriented")
    assert all(f"check_{one}" in texts for one in plan.get("checks"))


@pytest.mark.rule("U-7", "U-37", "U-38", "U-39", "U-40", "U-43", "U-45")
def test_the_plan_of_the_head() -> None:
    plan = LAW.plans["individual"]
    assert plan.get("for") == {"categories": ("E-2",)}
    assert (plan.get("items_min"), plan.get("items_max"), plan.get("min_remaining_months")) == (3, 5, 3)
    assert (plan.get("approval"), plan.get("period")) == ("hr", "year")
    assert plan.get("change_only_on") == ("functions_changed", "structure_changed")
    assert set(plan.get("deadlines").values()) == {
        "individual_plan_drawn", "kpi_set_for_new_appointee", "plan_placed_in_system",
    }  # fmt: skip


@pytest.mark.rule("U-22", "U-23")
def test_what_results_are_used_for() -> None:
    marks, survey = LAW.consequences["kpi_and_ranking"], LAW.consequences["survey_360"]
    everything = {"bonus_payment", "encouragement", "training", "rotation", "promotion", "demotion", "dismissal"}
    assert set(marks.get("basis_for")) == everything
    assert survey.get("basis_for") == ("training",)
    assert set(survey.get("not_for")) == everything - {"training"}
    assert (marks.get("on")["evaluation"], survey.get("on")["evaluation"]) == ("quarter", "survey")


@pytest.mark.rule("U-30", "U-32")
def test_the_closed_list_of_those_who_may_know_results() -> None:
    assert LAW.value("may_know_results") == ("evaluatee", "evaluator", "hr", "session_member")
    assert LAW.reading("U-Q18") == "list_and_appointing"


@pytest.mark.rule("U-10", "U-63", "U-64")
def test_a_session_has_no_fixed_composition_and_meets_only_on_request() -> None:
    panel, walk = LAW.panels["calibration"], Walk.of(LAW.evaluations["quarter"])
    assert not any(panel.get(key) for key in ("members_min", "odd", "quorum", "hr_members", "chair", "secretary"))
    assert set(walk.steps["session_called"].moves) == {"requested"}
    assert set(walk.steps["requested"].moves) == {"familiarised", "closed"}
    assert walk.steps["session_called"].rules == ("U-10", "U-64")


@pytest.mark.rule("U-56", "U-62")
def test_a_survey_has_no_evaluators_signature_and_no_session() -> None:
    walk = Walk.of(LAW.evaluations["survey"])
    assert walk.path == ("planned", "notified", "open", "computed", "released", "familiarised", "closed")
    assert not {"marked", "requested", "session_called"} & walk.steps.keys()


@pytest.mark.rule("U-48")
def test_the_one_thing_the_body_must_say_itself() -> None:
    left = LAW.left_to_body["permitted_marks"]
    assert list(LAW.left_to_body) == ["permitted_marks"]
    assert (left.section, left.reading, left.point) == ("settings", "U-Q4", "pt 27")


@pytest.mark.parametrize(
    ("deadline", "term"),
    [
        ("decision_in_force", (10, "calendar_day", "after", "first_official_publication", "decision pt 4")),
        ("revision_3_9_in_force", (0, "calendar_day", "after", "first_official_publication", "note to methodology")),
        ("revision_5_10_in_force", (10, "calendar_day", "after", "first_official_publication", "notes to pts 3, 5, 8, 11")),
        ("repeal_in_force", (10, "calendar_day", "after", "first_official_publication", "repeal note")),
        ("quarterly_kpi_and_ranking_evaluation", (10, "day_of_month", "by", "month_after_reporting_quarter", "pt 4")),
        ("annual_360_evaluation", (10, "day_of_month", "by", "month_after_reporting_year", "pt 4")),
        ("evaluation_of_absent_employee", (10, "day_of_month", "by", "month_after_reporting_quarter", "pt 5")),
        ("evaluation_of_dismissed_employee", (10, "day_of_month", "by", "month_after_reporting_quarter", "pt 6")),
        ("familiarize_with_results", (2, "working_day", "after", "evaluation_completed", "pt 11")),
        ("calibration_request", (5, "working_day", "after", "familiarized", "pt 12")),
        ("retention", (3, "year", "after", "evaluation_completed", "pt 14")),
        ("individual_plan_drawn", (10, "working_day", "after", "evaluation_period_start", "pt 22 para 1")),
        ("kpi_set_for_new_appointee", (10, "working_day", "after", "appointed", "pt 22 para 2")),
        ("plan_placed_in_system", (5, "working_day", "after", "kpi_approved", "pt 22 para 3")),
        ("kpi_evaluation_of_head", (10, "day_of_month", "by", "month_after_reporting_quarter", "pt 22 para 5")),
        ("preliminary_kpi_calculation", (5, "working_day", "before", "last_day_of_evaluation_deadline", "pt 22 para 6")),
        ("notify_head_of_evaluation", (5, "day_of_month", "by", "month_after_reporting_quarter", "pt 26")),
        ("notify_staff_of_evaluation", (10, "day_of_month", "by", "month_after_reporting_quarter", "pt 30")),
        ("calibration_decision", (3, "working_day", "after", "calibration_request_received", "pt 38")),
        ("calibration_session_held", (10, "working_day", "after", "calibration_request_received", "pt 39")),
        ("protocol_uploaded", (3, "working_day", "after", "protocol_signed", "pt 41")),
    ],
)  # fmt: skip
def test_the_terms_of_the_act(deadline: str, term: tuple[object, ...]) -> None:
    rule = LAW.deadline(deadline)
    assert (rule.amount, rule.unit, rule.direction, rule.anchor, rule.point) == term
    assert all((rule.actor.as_dict()[one], rule.obligation.as_dict()[one]) for one in ("kk", "ru", "en"))
    assert rule.right == (deadline == "calibration_request")


@pytest.mark.rule("U-72")
@pytest.mark.parametrize("period", [Period(2023, 2), Period(2023, 3), Period(2023, 4), YEAR, Period(2024, 1)])
def test_the_terms_of_the_decisions_are_shown_under_every_wording(period: Period) -> None:
    shown = law_of(period).deadlines
    assert {"decision_in_force", "revision_3_9_in_force", "revision_5_10_in_force", "repeal_in_force"} <= shown.keys()


def test_every_open_question_has_an_answer_and_a_reason() -> None:
    questions = {f"U-Q{n}" for n in range(1, 28)} | {f"X-Q{n}" for n in range(1, 8)}
    assert questions <= LAW.readings.keys()
    for reading in unique(LAW.readings):
        assert reading.default in [option.id for option in reading.options]
        assert reading.why


@pytest.mark.parametrize(
    ("question", "letter", "option"),
    [
        ("U-Q1", "a", "half_up"),
        ("U-Q1", "b", "down"),
        ("U-Q1", "c", "lower_edge"),
        ("U-Q2", "a", "year"),
        ("U-Q2", "b", "quarter"),
        ("U-Q12", "a", "of_evaluator"),
        ("U-Q12", "b", "of_evaluatee"),
    ],
)
def test_letters_are_those_of_the_list_of_questions(question: str, letter: str, option: str) -> None:
    assert LAW.readings[question].option(letter).id == option


def test_nothing_of_the_act_is_only_written_down_without_need() -> None:
    assert [note.id for note in ACT.rules.values() if note.document_only] == ["U-31", "U-33"]
    assert list(ACT.rules) == [f"U-{n}" for n in range(73)]
