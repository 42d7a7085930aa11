"""The data of justice-2017 beside the text of the act: every number, band, term, form and reading."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from methodologies import law, load
from methodologies.loading import unique
from rules.errors import MissingSetting, NotAllowed, NotInForce
from rules.panel import PanelRules, Seat, Sitting, check_quorum, count_votes, seated
from rules.people import Servant
from rules.period import Period
from rules.plan import Planner
from rules.stages import Walk, target
from tests.justice import Q1, Q3, Q4, YEAR, body, law_of

ACT, LAW, COMMISSION = load("justice-2017"), law_of(), PanelRules.of(law_of(), "commission")
BOTH = ("quarter", "annual")
SOMEBODY = Servant(
    person=7, appointment=70, category="C-4", leadership=False, supervisor=2, unit_head=3, body_head=1,
    started_on=date(2015, 1, 8), ended_on=None, dismissed=False, worked=60, worked_source="calendar",
)  # fmt: skip


def decide(period: Period, evaluation: str, **facts: Any) -> Any:
    held = law_of(period)
    return Planner.under(held, period, held.evaluation(evaluation)).decide(replace(SOMEBODY, **facts))


# --- the order ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("J-1", "J-65")
def test_who_issued_it_and_when() -> None:
    assert ACT.title.kk.startswith("Қазақстан Республикасы әділет органдарының")
    assert (ACT.source["number"], ACT.source["date"]) == ("777", date(2017, 6, 22))
    assert [(one.id, one.date, one.repeals, one.registered) for one in ACT.revisions] == [
        ("no-777", date(2017, 6, 22), False, date(2017, 7, 14)),
        ("no-628", date(2018, 4, 18), True, None),
    ]
    assert ACT.warnings == ()


@pytest.mark.rule("J-65", "J-Q29", "X-Q7")
@pytest.mark.parametrize("period", ["2017-Q3", "2017-Q4", "2018-Q1", "2017"])
def test_the_periods_it_governed_in_the_sample_body(period: str) -> None:
    assert law(ACT, Period.parse(period), body()).revision.id == "no-777"


@pytest.mark.rule("J-65", "J-Q29", "X-Q7")
@pytest.mark.parametrize("period", ["2017-Q1", "2017-Q2", "2018-Q2", "2018", "2019-Q1"])
def test_the_periods_it_did_not(period: str) -> None:
    with pytest.raises(NotInForce):
        law(ACT, Period.parse(period), body())


@pytest.mark.rule("J-65")
@pytest.mark.parametrize(("revision", "day"), [("no-777", date(2017, 8, 1)), ("no-628", date(2018, 6, 1))])
def test_the_body_says_when_it_took_effect_and_when_it_ended(revision: str, day: date) -> None:
    known = {key: value for key, value in body().in_force_from.items() if key != revision}
    with pytest.raises(MissingSetting, match=rf"in_force_from\.{revision}"):
        law(ACT, day, body(in_force_from=known))


# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("min_tenure_in_position", 3, "J-4"),
        ("probation_not_evaluated", True, "J-4"),
        ("absences_evaluated_after_return", ("social_leave", "temporary_incapacity"), "J-5"),
        ("plan_copies", 2, "J-18"),
        ("target_indicators_max", 4, "J-16"),
        ("target_indicators_measurable_share", "1/2", "J-17"),
        ("base_points", Decimal(100), "J-24"),
        ("bonus_min", Decimal(1), "J-27"),
        ("bonus_max", Decimal(5), "J-27"),
        ("penalty_points", Decimal(2), "J-33"),
        ("substituted_absence_min", 10, "J-27"),
        ("documents_for_commission", ("evaluation_sheets", "job_description", "draft_protocol"), "J-48"),
        ("five_point_marks", {"unsatisfactory": "2", "satisfactory": "3", "effective": "4", "excellent": "5"}, "J-46"),
    ],
)
def test_the_numbers_of_the_act(name: str, value: object, rule: str) -> None:
    found = LAW.dated(name)
    assert (found.value, rule in found.rules) == (value, True)
    assert type(found.value) is type(value)


@pytest.mark.rule("J-39", "J-46", "J-Q14")
@pytest.mark.parametrize("scale", ["quarter", "quarter_mean_to_five_point"])
def test_four_results_of_points_in_the_words_of_the_act(scale: str) -> None:
    bands = [(one.id, one.label.kk, one.span) for one in LAW.scale(scale).bands]
    assert bands == [
        ("excellent", "өте жақсы", "above 130"),
        ("effective", "тиімді", "106 to 130"),
        ("satisfactory", "қанағаттанарлық", "80 to 105"),
        ("unsatisfactory", "қанағаттанғысыз", "below 80"),
    ]


@pytest.mark.rule("J-47")
def test_four_results_of_the_year() -> None:
    assert [(one.id, one.span) for one in LAW.scale("annual").bands] == [
        ("excellent", "5"),
        ("effective", "4 to 4.9"),
        ("satisfactory", "3 to 3.9"),
        ("unsatisfactory", "below 3"),
    ]


@pytest.mark.rule("J-42")
def test_four_marks_of_an_indicator() -> None:
    marks = [(one.id, one.least, one.most) for one in LAW.scale("plan_indicator").bands]
    ids = ("exceeded", "achieved", "partially_achieved", "not_achieved")
    assert marks == [(one, Decimal(n), Decimal(n)) for one, n in zip(ids, (5, 4, 3, 2), strict=True)]


@pytest.mark.rule("J-26", "J-27")
def test_the_48_lines_of_the_scale_with_their_slips() -> None:
    rows = LAW.table("bonus_scale").rows
    assert Counter((row["body"], row["points"]) for row in rows) == {
        ("central", "5"): 11, ("central", "4"): 10, ("central", "3"): 5, ("central", "2"): 2, ("central", "1"): 2,
        ("territorial", "5"): 7, ("territorial", "4"): 3, ("territorial", "3"): 4, ("territorial", "2"): 2,
        ("territorial", "1"): 2,
    }  # fmt: skip
    for slip in (
        "қаулылырдың",
        "ескерткен",
        "құзіреті",
        "комиссияларлың",
        "Вussiness",
        "инститиуционалдық",
        "кезекшіліке",
    ):
        assert any(slip in row["kk"] for row in rows), slip
    assert all(row[language].strip() for row in rows for language in ("kk", "ru", "en"))


# --- who is evaluated, by whom -----------------------------------------------------------------------------------


@pytest.mark.rule("J-4", "J-Q7")
@pytest.mark.parametrize(
    ("period", "started", "evaluated"),
    [
        (Q3, "2017-07-01", True),
        (Q3, "2017-07-02", False),
        (Q3, "2017-05-15", True),
        (Q4, "2017-10-02", False),
        (YEAR, "2017-10-01", True),
        (YEAR, "2017-10-02", False),
    ],
)
def test_three_months_in_the_post(period: Period, started: str, evaluated: bool) -> None:
    kind = "quarter" if period.quarter else "annual"
    planned = decide(period, kind, started_on=date.fromisoformat(started))
    assert planned.exempt is not evaluated
    assert evaluated or (planned.rules, "less than 3 months (pt 3)" in planned.note) == (("J-4",), True)


@pytest.mark.rule("J-4")
@pytest.mark.parametrize(("until", "evaluated"), [("2017-09-29", True), ("2017-09-30", False), ("2017-11-30", False)])
def test_nobody_is_evaluated_on_probation(until: str, evaluated: bool) -> None:
    planned = decide(Q3, "quarter", probation_until=date.fromisoformat(until))
    assert planned.exempt is not evaluated
    assert evaluated or planned.rules == ("J-4",)


@pytest.mark.rule("J-6", "J-7", "J-40")
@pytest.mark.parametrize(("period", "evaluation"), [(Q3, "quarter"), (YEAR, "annual")])
@pytest.mark.parametrize("category", ["C-1", "C-3", "C-5", "C-O-1", "C-O-5"])
def test_everybody_is_evaluated_by_the_direct_supervisor(period: Period, evaluation: str, category: str) -> None:
    planned = decide(period, evaluation, category=category, leadership=category.endswith("1"))
    assert (planned.form, planned.evaluator, planned.exempt) == (evaluation, 2, False)
    assert "J-7" in planned.rules
    assert "direct supervisor" in decide(period, evaluation, supervisor=None).problem


# --- the life of a sheet -----------------------------------------------------------------------------------------


#: the main line of each evaluation: event -> the rule it serves
LINE = {
    "quarter": {
        "notified": "J-22",
        "opened": "J-22",
        "self_evaluated": "J-34",
        "marked": "J-35",
        "signed": "J-36",
        "computed": "J-38",
        "submitted": "J-48",
        "decided": "J-49",
    },
    "annual": {
        "notified": "J-22",
        "opened": "J-22",
        "self_evaluated": "J-40",
        "marked": "J-41",
        "signed": "J-43",
        "computed": "J-45",
        "submitted": "J-48",
        "decided": "J-49",
    },
}


@pytest.mark.rule("J-8", "J-34", "J-35", "J-36", "J-38", "J-40", "J-41", "J-43", "J-45", "J-49", "X-Q5")
@pytest.mark.parametrize("evaluation", BOTH)
def test_own_part_supervisor_signature_score_commission(evaluation: str) -> None:
    steps, stage = Walk.of(LAW.evaluation(evaluation)).steps, "planned"
    for event, rule in LINE[evaluation].items():
        assert rule in steps[event].rules
        early = [later for later in LINE[evaluation] if stage not in steps[later].moves]
        assert set(LINE[evaluation]) - set(early) == {event}
        stage = target(event, stage, steps)
    assert stage == LAW.evaluation(evaluation).completed_by == "decided"


@pytest.mark.rule("J-37", "J-44", "J-Q22")
@pytest.mark.parametrize(("evaluation", "rule"), [("quarter", "J-37"), ("annual", "J-44")])
def test_a_refusal_to_sign_stops_nothing(evaluation: str, rule: str) -> None:
    one = LAW.evaluation(evaluation)
    steps = Walk.of(one).steps
    assert steps["sign_refused"].moves == steps["signed"].moves == {"marked": "signed"}
    assert steps["sign_refused"].rules == (rule,)
    assert one.options["sign_refusal_act"] == {"hr": 1, "direct_supervisor": 1}


@pytest.mark.rule("J-53", "J-Q22")
@pytest.mark.parametrize("evaluation", BOTH)
def test_a_refusal_of_the_result_is_put_down_by_hr_alone(evaluation: str) -> None:
    one = LAW.evaluation(evaluation)
    assert Walk.of(one).steps["refused"].moves == {"released": "familiarised"}
    assert one.options["refusal_act"] == {"hr": 1, "others": 0}


@pytest.mark.rule("J-55", "J-56", "J-57")
@pytest.mark.parametrize("evaluation", BOTH)
def test_an_appeal_a_report_and_the_court(evaluation: str) -> None:
    steps = Walk.of(LAW.evaluation(evaluation)).steps
    for event, rule in (
        ("appealed", "J-55"),
        ("late_appeal", "J-55"),
        ("reported", "J-56"),
        ("court_recorded", "J-57"),
    ):
        assert rule in steps[event].rules
        assert "familiarised" in steps[event].moves


@pytest.mark.rule("J-22", "J-52")
def test_in_writing_or_electronically() -> None:
    assert LAW.channels["active"] == ("portal", "email")
    steps = Walk.of(LAW.evaluation("quarter")).steps
    assert {steps[event].rules for event in ("shown", "acknowledged")} == {("J-51", "J-52")}


# --- the Commission ----------------------------------------------------------------------------------------------


@pytest.mark.rule("J-9", "J-10", "J-12", "J-13", "J-14", "J-49", "J-50", "J-Q25")
def test_what_the_act_asks_of_the_commission() -> None:
    panel = LAW.panels["commission"]
    assert (COMMISSION.quorum, COMMISSION.casting, COMMISSION.of_members) == (Fraction(2, 3), True, False)
    assert (COMMISSION.chair, COMMISSION.secretary, COMMISSION.odd, COMMISSION.least) == (True, True, False, 1)
    assert (panel.get("open_vote"), panel.get("correction"), panel.get("explanation")) == (True, "any", True)
    assert panel.get("approved_by") is None


@pytest.mark.rule("J-10")
@pytest.mark.parametrize(("members", "fewest"), [(3, 2), (4, 3), (5, 4), (6, 4), (7, 5), (9, 6)])
def test_two_thirds_of_the_composition(members: int, fewest: int) -> None:
    check_quorum(COMMISSION, range(members), range(fewest))
    with pytest.raises(NotAllowed, match=r"J-10, pt 7 para 1"):
        check_quorum(COMMISSION, range(members), range(fewest - 1))


@pytest.mark.rule("J-13", "J-Q25-majority")
def test_the_chair_decides_at_equal_votes() -> None:
    sitting = Sitting(range(4), range(4), chair=0)
    assert count_votes(COMMISSION, sitting, {0: "110", 1: "110", 2: "104", 3: "104"}, "104").score == "110"
    assert count_votes(COMMISSION, sitting, {0: "104", 1: "110", 2: "110", 3: "110"}, "104").score == "110"
    whole = PanelRules.of(law_of(**{"J_Q25-majority": "b"}), "commission")
    absent = Sitting(range(6), range(4), chair=0)
    votes = {0: "104", 1: "110", 2: "110", 3: "110"}
    assert count_votes(COMMISSION, absent, votes, "104").decided
    assert not count_votes(whole, absent, votes, "104").decided


@pytest.mark.rule("J-14")
def test_the_secretary_has_no_vote() -> None:
    with pytest.raises(NotAllowed, match=r"The secretary has no vote \(J-14, pt 9 para 2\)"):
        count_votes(COMMISSION, Sitting(range(3), range(3), chair=0, secretary=9), {0: "a", 1: "a", 9: "a"}, "a")


@pytest.mark.rule("J-13", "J-Q25-own-case")
def test_who_signed_the_sheet_abstains_and_is_counted_as_present() -> None:
    sitting = Sitting(range(3), range(3), recused={2: "signed the sheet"}, chair=0)
    assert count_votes(COMMISSION, sitting, {0: "110", 1: "104"}, "104").score == "110"
    with pytest.raises(NotAllowed, match="must abstain: signed the sheet"):
        count_votes(COMMISSION, sitting, {0: "110", 1: "104", 2: "104"}, "104")


@pytest.mark.rule("J-11")
def test_who_is_absent_is_replaced_by_an_order_from_its_day() -> None:
    first, second = date(2017, 10, 2), date(2017, 10, 16)
    seats = [Seat(1, "chair", first), Seat(2, "member", first, second), Seat(3, "member", second)]
    assert [one.person for one in seated(seats, date(2017, 10, 15))] == [1, 2]
    assert [one.person for one in seated(seats, second)] == [1, 3]
    assert COMMISSION.cite("composition") == " (J-9, J-11, pts 6, 7 para 2)"


# --- the plan ----------------------------------------------------------------------------------------------------


@pytest.mark.rule("J-15", "J-16", "J-17", "J-18", "J-19", "J-20", "J-Q19")
def test_what_the_act_asks_of_a_plan() -> None:
    plan = LAW.plans["individual"]
    assert (plan.get("evaluation"), plan.get("items_min"), plan.get("items_max")) == ("annual", None, 4)
    assert plan.get("checks") == ("specific", "measurable", "achievable", "time_bound")
    assert plan.get("measurable_share") == (1, 2)
    assert plan.get("drawn_by") == plan.get("signed_by") == ("servant", "direct_supervisor")
    assert (plan.get("approval"), plan.get("copies"), plan.get("copies_with")) == (
        "none",
        2,
        ("hr_service", "unit_head"),
    )
    assert set(plan.get("deadlines").values()) == {"individual_plan_drawn", "individual_plan_for_new_appointee"}


# --- forms -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("J-17", "J-19", "J-34", "J-40", "J-48", "J-50")
def test_the_annexes_of_the_act() -> None:
    assert {form.id: (form.annex, form.method, form.scale) for form in LAW.forms.values()} == {
        "individual_plan": ("Annex 1", "", None),
        "bonus_scale": ("Annex 2", "", None),
        "quarter": ("Annex 3", "points", "quarter"),
        "annual": ("Annex 4", "weighted_year", "annual"),
        "commission_protocol": ("Annex 5", "", None),
    }


@pytest.mark.rule("J-17", "J-34", "J-35", "J-40", "J-50", "J-Q20", "J-Q27")
@pytest.mark.parametrize(
    ("form", "text", "words"),
    [
        ("individual_plan", "note_number", "төрттен көп емес, олардың жартысы өлшемді болуға тиіс"),
        ("individual_plan", "note_goals", "стратегиялық мақсатына (мақсаттарына) жетуге бағыттылығын"),
        ("quarter", "group_self", "Қызметшінің өзін-өзі бағалауы"),
        ("quarter", "group_supervisor", "Тікелей басшының бағалауы"),
        ("quarter", "column_supervisor_executive", "Орындаушылық тәртіпті бұзу фактісі"),
        ("quarter", "result_self", "Өзін-өзі бағалау нәтижесі:"),
        ("annual", "column_range", "Маңызы"),
        ("annual", "range", "2-ден 5 ке дейін"),
        ("annual", "column_self", "Қызметшінің өзін-өзі бағалау нәтижелері"),
        ("commission_protocol", "column_correction", "Комиссияның бағалау нәтижелерін түзетуі (болған жағдайда)"),
        ("commission_protocol", "signature_secretary", "Комиссияның хатшысы:"),
        ("bonus_scale", "title", "ынталандырылатын қызметі түрлеріне берілетін балдар межесі"),
    ],
)
def test_what_the_forms_print(form: str, text: str, words: str) -> None:
    assert words in LAW.form(form).texts[text].kk


# --- terms -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("J-2", "J-3", "J-5", "J-15", "J-20", "J-22", "J-45", "J-51", "J-55", "J-56", "J-61", "J-65")
@pytest.mark.parametrize(
    ("deadline", "term"),
    [
        ("order_send_for_publication", (10, "working_day", "after", "state_registration", "order pt 3(2)")),
        ("order_in_force", (10, "calendar_day", "after", "first_official_publication", "order pt 5")),
        ("repeal_in_force", (10, "calendar_day", "after", "first_official_publication", "repeal note")),
        ("quarterly_evaluation_q1_q3", (10, "day_of_month", "by", "month_after_reporting_quarter", "pt 3(1)")),
        ("quarterly_evaluation_q4", ("12-10", "date", "by", "evaluated_year", "pt 3(1)")),
        ("annual_evaluation", ("12-25", "date", "by", "evaluated_year", "pt 3(2)")),
        ("evaluation_after_return", (5, "working_day", "after", "returned_to_work", "pt 3 para 3")),
        ("individual_plan_drawn", ("01-10", "date", "by", "evaluated_year", "pt 10")),
        ("individual_plan_for_new_appointee", (10, "working_day", "after", "appointed", "pt 11")),
        ("notify_participants", (10, "calendar_day", "before", "evaluation_start", "pt 14")),
        ("annual_score_calculated", (5, "working_day", "before", "commission_meeting", "pt 32")),
        ("familiarize_with_results", (2, "working_day", "after", "evaluation_completed", "pt 36")),
        ("appeal_to_authority", (10, "working_day", "after", "commission_decision_issued", "pt 38")),
        ("report_decision_to_authority", (14, "calendar_day", "after", "anchor_not_stated", "pt 39")),
        ("send_to_training", (3, "month", "after", "commission_approved_annual_results", "pt 43")),
    ],
)
def test_the_terms_of_the_act(deadline: str, term: tuple[object, ...]) -> None:
    rule = LAW.deadline(deadline)
    assert (rule.amount, rule.unit, rule.direction, rule.anchor, rule.point) == term
    assert rule.right is (deadline == "appeal_to_authority")
    assert rule.quarters == {"quarterly_evaluation_q1_q3": (1, 2, 3), "quarterly_evaluation_q4": (4,)}.get(deadline, ())


@pytest.mark.rule("J-54", "J-Q24")
def test_the_act_has_no_other_terms_and_none_of_keeping() -> None:
    own = [rule for rule in LAW.deadlines.values() if not rule.house]
    assert len(own) == 15
    assert not any("retention" in one.deadlines for one in LAW.evaluations.values())


@pytest.mark.rule("J-2")
def test_which_term_ends_the_evaluation_of_a_quarter() -> None:
    one = LAW.evaluation("quarter")
    assert [one.deadline_id("evaluation", period) for period in (Q3, Q4, Q1)] == [
        "quarterly_evaluation_q1_q3",
        "quarterly_evaluation_q4",
        "quarterly_evaluation_q1_q3",
    ]


# --- readings and rules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "option"),
    [
        ("X-Q1", "protective"),
        ("X-Q2", "not_counted"),
        ("X-Q5", "commission_decision"),
        ("X-Q7", "last_day_of_period"),
        ("J-Q1", "subtracted"),
        ("J-Q2", "weights_of_body"),
        ("J-Q3", "half_up"),
        ("J-Q4", "half_up"),
        ("J-Q5", "carried"),
        ("J-Q8", "per_occurrence"),
        ("J-Q20", "range"),
        ("J-Q25", "not_counted"),
    ],
)
def test_how_the_open_questions_are_answered(question: str, option: str) -> None:
    assert LAW.reading(question) == option


def test_every_open_question_of_the_rulebook_is_answered() -> None:
    asked = {reading.partition("-Q")[2].partition("-")[0] for reading in LAW.readings if reading.startswith("J-Q")}
    # J-Q13 says what the scale says already, J-Q28 is three questions; none is missing
    assert asked == {str(n) for n in range(1, 30)}


def test_every_reading_gives_its_reason_and_quotes_its_options_by_letter() -> None:
    for reading in unique(LAW.readings):
        assert len(reading.why) > 14, reading.id
        assert [option.letter for option in reading.options] == list("abcd"[: len(reading.options)])
        assert reading.option("a").id == reading.chosen


def test_every_rule_of_the_act_is_listed_and_none_is_left_to_paper() -> None:
    assert list(ACT.rules) == [f"J-{n}" for n in range(1, 66)]
    assert not [one.id for one in ACT.rules.values() if one.document_only]
