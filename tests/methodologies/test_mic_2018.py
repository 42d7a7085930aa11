"""The data of the act mic-2018 beside its printed text."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from methodologies import load
from methodologies.loading import unique
from rules.panel import PanelRules
from rules.stages import Walk
from tests.mic import Y2019, law_of

ACT, LAW = load("mic-2018"), law_of()
GROUPS = ("C-1;C-O-1", "C-2;C-3;C-O-4", "C-4;C-5;C-O-5")
INDICATORS, COMPETENCIES = LAW.table("behaviour_indicators").rows, LAW.table("competencies").rows


@pytest.mark.rule("M-63")
def test_who_issued_it_and_when() -> None:
    assert (ACT.source["number"], ACT.source["date"]) == ("103", date(2018, 3, 26))
    assert "13 April 2018, No 16753" in ACT.source["registration"]
    assert [(one.id, one.date, one.known, one.repeals) for one in ACT.revisions] == [
        ("no-103", date(2018, 3, 26), True, False)
    ]
    assert (ACT.warnings, LAW.revision.id, law_of(Y2019).revision.id) == ((), "no-103", "no-103")


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("min_tenure_in_position", 3, "M-9"),
        ("tenure_restarts_after", ("social_leave", "studies"), "M-9"),
        ("probation_not_evaluated", True, "M-10"),
        ("kpi_count", 5, "M-24"),
        ("behaviour_indicators_max", 10, "M-39"),
        ("refusal_act_other_witnesses", 2, "M-58"),
        ("retention", 3, "M-17"),
    ],
)
def test_the_numbers_of_the_act(name: str, value: object, rule: str) -> None:
    found = LAW.dated(name)
    assert (found.value, found.rules) == (value, (rule,))
    assert type(found.value) is type(value)


@pytest.mark.rule("M-11")
def test_the_absences_after_which_a_servant_is_evaluated_on_return() -> None:
    found = LAW.value("absences_evaluated_after_return")
    assert found == (
        "labour_leave",
        "unpaid_leave",
        "temporary_incapacity",
        "business_trip",
        "internship",
        "retraining",
        "professional_development",
    )
    assert not set(found) & set(LAW.value("tenure_restarts_after"))


@pytest.mark.rule("M-30", "M-40", "M-41")
def test_two_scales_in_the_words_of_the_act() -> None:
    assert [(g.id, str(g.least), str(g.most), g.label.kk) for g in LAW.scale("kpi").bands] == [
        ("excellent", "5", "5", "өте жақсы"),
        ("effective", "4", "4", "тиімді"),
        ("satisfactory", "3", "3", "қанағаттанарлық"),
        ("unsatisfactory", "0", "2", "қанағаттанарлықсыз"),
    ]
    meets, below = LAW.scale("competency").bands
    assert (meets.label.kk, below.label.kk) == ("күтілген нәтижеге сәйкес", "күтілген нәтижеге сәйкес емес")
    assert (meets.least, below.most, below.most_excluded) == (Decimal("0.75"), Decimal("0.75"), True)


# --- two directions ----------------------------------------------------------------------------------------------


@pytest.mark.rule("M-7", "M-14", "M-28", "M-29", "M-38")
def test_two_evaluations_a_year_both_by_the_direct_supervisor() -> None:
    kpi, competencies = LAW.evaluation("kpi"), LAW.evaluation("competencies")
    assert list(LAW.evaluations) == ["kpi", "competencies"]
    for one, form in ((kpi, "kpi"), (competencies, "competencies")):
        assert (one.period, one.panel, one.completed_by) == ("year", "commission", "approved")
        assert [(choice.form, choice.evaluator, dict(choice.selectors)) for choice in one.forms] == [
            (form, "direct_supervisor", {})
        ]
        assert one.exemptions == ("min_tenure_in_position", "probation_not_evaluated")


@pytest.mark.rule("M-32", "M-34", "M-54", "M-56", "M-57")
def test_kpi_pass_the_superior_supervisor_and_competencies_do_not() -> None:
    kpi, competencies = (Walk.of(LAW.evaluation(name)) for name in ("kpi", "competencies"))
    assert "agreed" in kpi.path
    assert "returned" in kpi.steps
    assert [stage for stage in kpi.path if stage != "agreed"] == list(competencies.path)
    assert not {"agreed", "returned"} & set(competencies.steps)
    for walk in (kpi, competencies):
        order = [walk.path.index(stage) for stage in ("submitted", "decided", "approved", "released", "familiarised")]
        assert order == sorted(order)


@pytest.mark.rule("M-34", "M-35")
def test_a_sheet_goes_back_before_it_is_agreed_and_not_after() -> None:
    assert Walk.of(LAW.evaluation("kpi")).steps["returned"].moves == {"marked": "open"}


@pytest.mark.rule("M-60", "M-61", "M-62")
def test_an_appeal_has_two_outcomes_and_the_court_stays_open() -> None:
    steps = Walk.of(LAW.evaluation("kpi")).steps
    assert set(steps["revision_recommended"].moves.values()) == {"submitted"}
    assert all(a == b for a, b in steps["appeal_dismissed"].moves.items())
    assert steps["court_recorded"].rules == ("M-62",)


def test_every_event_of_both_evaluations_names_its_rules() -> None:
    for one in LAW.evaluations.values():
        walk = Walk.of(one)
        unnamed = {event for event in walk.steps if event not in one.events}
        assert unnamed <= {"reported"}, unnamed


@pytest.mark.rule("M-58", "M-Q23")
def test_opening_a_result_is_no_familiarisation_in_writing_and_nobody_marks_in_anothers_place() -> None:
    for one in LAW.evaluations.values():
        steps = Walk.of(one).steps
        assert not {"shown", "replaced", "designated"} & set(steps)
        ways = {event for event, step in steps.items() if step.moves.get("released") == "familiarised"}
        assert ways == {"acknowledged", "refused", "served"}


@pytest.mark.rule("M-Q17", "X-Q5")
def test_an_evaluation_is_completed_by_the_approval_unless_the_body_reads_it_otherwise() -> None:
    assert {one.completed_by for one in law_of(M_Q17="a").evaluations.values()} == {"decided"}
    assert {one.completed_by for one in law_of(M_Q17="b").evaluations.values()} == {"approved"}


@pytest.mark.rule("M-15", "M-16")
def test_kpi_are_the_basis_of_decisions_and_competencies_of_none_of_them() -> None:
    kpi, competencies = LAW.consequences["decisions_on_kpi"], LAW.consequences["development_of_competencies"]
    decisions = ("bonus_payment", "encouragement", "rotation", "demotion", "dismissal")
    assert (kpi.get("on")["evaluation"], kpi.get("basis_for")) == ("kpi", decisions)
    assert competencies.get("on")["evaluation"] == "competencies"
    assert (competencies.get("basis_for"), competencies.get("not_for")) == (("competency_development",), decisions)


@pytest.mark.rule("M-2", "M-6", "M-18", "M-19", "M-22", "M-23", "M-24", "M-26", "M-27")
def test_what_the_individual_plan_is_asked_for() -> None:
    plan = LAW.plans["individual"]
    assert (plan.get("items_min"), plan.get("items_max"), plan.get("period")) == (5, 5, "year")
    assert (plan.get("approval"), plan.get("drawn_by")) == ("superior_supervisor", ("direct_supervisor", "evaluatee"))
    assert (plan.get("monitoring"), plan.get("recommendations")) == ("quarter", True)
    assert plan.get("checks") == (
        "specific",
        "measurable",
        "achievable",
        "time_bound",
        "strategic",
        "not_process_work",
    )
    assert plan.get("deadlines") == {"drawn": "kpi_set_in_plan", "resubmitted": "plan_resubmission"}


# --- terms -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-11", "M-17", "M-18", "M-22", "M-36", "M-37", "M-44", "M-46", "M-57", "M-60", "M-63")
@pytest.mark.parametrize(
    ("deadline", "term"),
    [
        ("order_in_force", (1, "calendar_day", "after", "first_official_publication", "order pt 3")),
        ("evaluation_after_return", (5, "working_day", "after", "returned_to_work", "pt 4")),
        ("retention", (3, "year", "after", "evaluation_completed", "pt 8")),
        ("kpi_set_in_plan", (10, "working_day", "after", "evaluation_period_start", "pt 9")),
        ("plan_resubmission", (2, "working_day", "after", "plan_returned_for_correction", "pt 12")),
        ("kpi_sheet_resubmission", (2, "working_day", "after", "sheet_returned_for_correction", "pt 23")),
        ("kpi_sheet_to_commission", (2, "working_day", "after", "superior_supervisor_signed_kpi_sheet", "pt 24")),
        (
            "competency_sheet_to_commission",
            (2, "working_day", "after", "direct_supervisor_signed_competency_sheet", "pt 28"),
        ),
        ("notify_evaluators", (7, "working_day", "before", "evaluation_start", "pt 29")),
        ("familiarize_with_results", (2, "working_day", "after", "evaluation_completed", "pt 40")),
        ("appeal_to_authority", (10, "working_day", "after", "commission_decision_issued", "pt 43")),
    ],
)
def test_the_terms_of_the_act(deadline: str, term: tuple[object, ...]) -> None:
    rule = LAW.deadline(deadline)
    assert (rule.amount, rule.unit, rule.direction, rule.anchor, rule.point) == term
    assert rule.right is (deadline == "appeal_to_authority")
    assert rule.keep is (deadline in ("retention", "order_in_force"))


def test_the_act_has_no_other_terms() -> None:
    assert len([rule for rule in LAW.deadlines.values() if not rule.house]) == 11


# --- Annexes 3 and 4 ---------------------------------------------------------------------------------------------


@pytest.mark.rule("M-4", "M-42")
def test_eleven_competencies_two_of_them_for_public_services() -> None:
    rows = LAW.form("competencies").parameters
    assert [row.number for row in rows] == list(range(1, 12))
    assert [row.id for row in rows] == [one["competency"] for one in COMPETENCIES]
    assert [row.label.kk.removesuffix(" *") for row in rows] == [one["annex_3_kk"] for one in COMPETENCIES]
    services = {row.id for row in rows if "public_services" in row.flags}
    assert services == {"service_consumer_orientation", "service_consumer_informing"}
    assert services == {one["competency"] for one in COMPETENCIES if one["public_services_only"] == "yes"}
    assert services == {row.id for row in rows if row.label.kk.endswith(" *")}


@pytest.mark.rule("M-5", "M-39")
def test_a_hundred_and_ninety_two_indicators_in_three_groups() -> None:
    assert len(INDICATORS) == 192
    assert tuple(dict.fromkeys(one["categories"] for one in INDICATORS)) == GROUPS
    assert {one["polarity"] for one in INDICATORS} == {"effective", "ineffective"}
    lists = Counter((one["competency"], one["categories"], one["polarity"]) for one in INDICATORS)
    assert max(lists.values()) <= LAW.value("behaviour_indicators_max")
    assert len(lists) == 11 * 3 * 2
    for one, group in ((row["competency"], group) for row in COMPETENCIES for group in GROUPS):
        both = [lists[one, group, polarity] for polarity in ("effective", "ineffective")]
        odd = {("service_consumer_orientation", GROUPS[0]): [4, 3], ("integrity", GROUPS[1]): [6, 5]}
        assert both == odd.get((one, group), [both[0]] * 2), (one, group)


def test_indicators_are_numbered_and_worded_in_three_languages() -> None:
    seen: Counter[tuple[str, ...]] = Counter()
    for one in INDICATORS:
        key = (one["competency"], one["categories"], one["polarity"])
        seen[key] += 1
        assert one["n"] == str(seen[key])
        assert all(len(one[language]) > 15 for language in ("kk", "ru", "en")), one
        assert one["kk"] == one["kk"].strip(" .;")
        assert not set("әғқңөұүһі") & set(one["ru"].lower()), one["ru"]
        assert one["en"].isascii(), one["en"]


@pytest.mark.rule("M-Q3", "M-Q4")
def test_defects_of_the_text_are_kept_and_marked() -> None:
    def of(competency: str, group: int, polarity: str, n: int) -> dict[str, str]:
        wanted = (competency, GROUPS[group], polarity, str(n))
        return dict(next(r for r in INDICATORS if (r["competency"], r["categories"], r["polarity"], r["n"]) == wanted))

    assert "жасаймайды" in of("activity_management", 0, "ineffective", 2)["kk"]
    assert of("activity_management", 0, "ineffective", 2)["defect"] == "typo"
    assert of("cooperation", 2, "ineffective", 2)["kk"].startswith("Өртүрлі")
    assert of("service_consumer_orientation", 0, "effective", 1)["defect"] == "ocr_column_shift;ocr_page_break"
    twice = [of("service_consumer_orientation", 1, one, 2)["kk"] for one in ("effective", "ineffective")]
    assert twice[0] == twice[1]
    assert sum("ocr_page_break" in one["defect"] for one in INDICATORS) == 13
    kinds = {kind for one in INDICATORS for kind in one["defect"].split(";")}
    known = {one["kind"] for one in LAW.table("source_defects").rows}
    assert kinds - {"none"} <= known


@pytest.mark.rule("M-28", "M-38", "M-43", "M-53", "M-55")
def test_what_the_forms_print() -> None:
    assert {form.id: (form.annex, form.method) for form in LAW.forms.values()} == {
        "plan": ("Annex 1", ""),
        "kpi": ("Annex 2", "kpi_count"),
        "competencies": ("Annex 3", "indicators"),
        "protocol": ("Annex 5", ""),
    }
    assert LAW.form("kpi").texts["column_achieved"].kk == "Көрсеткішке қол жетті/көрсеткішке қол жетпеді"
    assert LAW.form("kpi").texts["result_choices"].kk == "(қанағаттанарлықсыз, қанағаттанарлық, тиімді, өте жақсы)"
    assert "байқамаған мінез-құлық индикатор атауы" in LAW.form("competencies").texts["column_not_shown"].kk
    assert LAW.form("competencies").texts["meets_expectations"].kk == "күтілетін нәтижеге сәйкес"
    protocol = LAW.form("protocol").texts
    assert protocol["title"].kk == "Бағалау жөніндегі комиссия отырысының хаттамасы"
    assert protocol["column_correction"].kk == "Бағалау нәтижелері комиссиямен түзетілуі (бар болған жағдайда)"


@pytest.mark.rule("M-Q24")
def test_what_is_lost_in_annexes_1_and_2_is_said_on_the_paper() -> None:
    for form in ("plan", "kpi"):
        assert "сақталмаған" in LAW.form(form).texts["layout_note"].kk
    assert not {"column_actual", "column_achieved", "result"} & set(LAW.form("plan").texts)


# --- readings and rules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "option"),
    [
        ("X-Q1", "protective"),
        ("X-Q2", "not_counted"),
        ("X-Q5", "approved"),
        ("X-Q7", "last_day_of_period"),
        ("M-Q1", "effective_only"),
        ("M-Q2", "effective_only"),
        ("M-Q4", "left_out"),
        ("M-Q5", "refused"),
        ("M-Q13", "restart_on_return"),
        ("M-Q15", "at_least"),
        ("M-Q16", "not_counted"),
        ("M-Q16-majority", "present"),
        ("M-Q16-own-case", "abstains"),
        ("M-Q17", "approved"),
        ("M-Q18", "decision"),
        ("M-Q25", "five_only"),
        ("M-Q26", "by_contrast"),
    ],
)
def test_how_the_open_questions_are_answered(question: str, option: str) -> None:
    assert LAW.reading(question) == option


def test_every_question_of_the_act_has_its_answer_and_its_reason() -> None:
    asked = {question.partition("-")[0] + "-" + question.split("-")[1] for question in LAW.readings}
    assert {f"M-Q{n}" for n in range(1, 27)} <= asked
    for reading in unique(LAW.readings):
        assert len(reading.why) > 20, reading.id
        assert [option.letter for option in reading.options] == list("abcd"[: len(reading.options)])


def test_every_rule_of_the_act_is_listed_and_one_alone_is_only_a_document() -> None:
    assert list(ACT.rules) == [f"M-{n}" for n in range(1, 64)]
    assert [rule.id for rule in ACT.rules.values() if rule.document_only] == ["M-8"]


@pytest.mark.rule("M-12", "M-13", "M-47", "M-51")
def test_the_commission_of_the_act() -> None:
    rules = PanelRules.of(LAW, "commission")
    assert rules.cite("members") == " (M-13, pt 5 para 2)"
    assert rules.cite("quorum") == " (M-47, pt 30)"
    assert rules.cite("composition") == " (M-12, M-48, pts 5, 31)"
    assert rules.cite("something else").startswith(" (M-12, M-13, ")
