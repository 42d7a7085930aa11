"""The data of the act adgs-2018-93 beside its printed text, and that nothing beyond it is claimed."""

from __future__ import annotations

from datetime import date

import pytest

from methodologies import law, load
from methodologies.own import missing
from rules.errors import MissingSetting, NotInForce
from rules.period import Period
from rules.stages import Walk
from tests.adgs import OWN, Q1, body, law_of, without

ACT, LAW = load("adgs-2018-93"), law_of()
KNOWN = ("pt 4", "pt 6", "pt 9", "pt 12", "order pt")


@pytest.mark.rule("A-1", "A-15")
def test_who_issued_it_and_which_wording_is_known() -> None:
    assert (ACT.source["number"], ACT.source["date"]) == ("93", date(2018, 4, 5))
    assert "16785" in ACT.source["registration"]
    assert [(one.id, one.date, one.known) for one in ACT.revisions] == [
        ("no-93", date(2018, 4, 5), False),
        ("no-204", date(2023, 10, 16), True),
    ]
    assert (ACT.warnings, LAW.revision.id) == ((), "no-204")
    with pytest.raises(NotInForce, match="order No 93 of 2018-04-05 governed"):
        law_of(Period(2023, 3))


@pytest.mark.rule("A-1")
def test_the_act_itself_claims_points_4_6_9_and_12_alone() -> None:
    held = [one for table in (ACT.parameters, ACT.channels, ACT.deadlines, ACT.consequences) for one in table.values()]
    assert all(one.point.startswith(KNOWN) for one in held), [one.point for one in held]
    assert not (ACT.evaluations or ACT.forms or ACT.scales or ACT.panels or ACT.plans or ACT.tables or ACT.sanctions)


@pytest.mark.rule("A-7")
def test_less_than_one_month_in_the_position() -> None:
    found = LAW.dated("min_tenure_in_position")
    assert (found.value, found.unit, found.rules, found.point) == (1, "month", ("A-7",), "pt 6 sentence 1")


@pytest.mark.rule("A-8", "A-Q6")
def test_the_seven_absences_of_point_6_are_a_closed_list() -> None:
    assert LAW.value("absences_without_participation") == (
        "labour_leave",
        "social_leave",
        "temporary_incapacity",
        "business_trip",
        "internship",
        "retraining",
        "professional_development",
    )
    assert "unpaid_leave" not in LAW.value("absences_without_participation")


@pytest.mark.rule("A-9")
def test_seven_kinds_of_decision_rest_on_kpi_and_ranking_and_none_on_360() -> None:
    (only,) = LAW.consequences.values()
    assert only.get("basis_for") == (
        "bonus_payment",
        "encouragement",
        "training",
        "rotation",
        "promotion",
        "demotion",
        "dismissal",
    )
    assert only.get("on") == {"evaluation": "quarter"}


@pytest.mark.rule("A-11")
def test_the_recorded_means_in_the_order_of_the_text() -> None:
    assert LAW.channels["absent"] == (
        "registered_letter",
        "telephonogram",
        "telegram",
        "sms",
        "email",
        "other_registered",
    )


@pytest.mark.parametrize(
    ("deadline", "term"),
    [
        ("order_send_for_publication", (5, "calendar_day", "after", "order_signed", "order pt 2(1)")),
        ("order_place_on_website", (None, "calendar_day", "after", "official_publication", "order pt 2(2)")),
        ("order_in_force", ("2023-10-16", "date", "by", "order_signed", "order pt 4")),
        ("evaluation_of_absent_employee", (None, "date", "by", "deadline_of_pt_5_methodology", "pt 6")),
        ("familiarize_with_results", (2, "working_day", "after", "evaluation_completed", "pt 12")),
    ],
)
@pytest.mark.rule("A-8", "A-10", "A-12", "A-13", "A-15")
def test_the_terms_of_the_act(deadline: str, term: tuple[object, ...]) -> None:
    rule = LAW.deadline(deadline)
    assert (rule.amount, rule.unit, rule.direction, rule.anchor, rule.point) == term
    assert (rule.right, rule.keep, rule.house, rule.own) == (False, False, False, False)


def test_the_act_has_no_other_terms_and_the_rest_is_the_bodys() -> None:
    assert len(ACT.deadlines) == 5
    own = {rule.id for rule in LAW.deadlines.values() if rule.own}
    assert own == set(dict(OWN)["deadlines"])


def test_every_rule_of_the_act_is_listed() -> None:
    assert list(ACT.rules) == [f"A-{n}" for n in range(1, 16)]


def test_every_reading_gives_its_reason() -> None:
    for reading in ACT.readings.values():
        assert len(reading.why) > 20, reading.id
        assert reading.option("a").id == reading.default
    assert {"A-Q1", "A-Q3", "A-Q4", "A-Q5", "A-Q6", "A-Q7", "A-Q8", "A-Q9"} <= set(ACT.readings)


@pytest.mark.rule("A-5", "A-Q2", "A-Q10")
def test_everything_else_is_left_to_the_body_with_its_point_and_place() -> None:
    for left in ACT.left_to_body.values():
        assert (left.reading in ("A-Q2", "A-Q10"), bool(left.what and left.shape)) == (True, True), left.name
        assert left.point.startswith(("pt", "none of pts 4, 6, 9, 12")), left.name
    assert {"quarterly_evaluation", "quarter", "ranking", "kpi", "survey_360", "result", "retention"} <= {
        one.name for one in missing(ACT)
    }
    assert missing(ACT, body()) == ()


@pytest.mark.rule("A-5", "A-Q2")
@pytest.mark.parametrize(("section", "name"), [(key, name) for key, held in OWN for name in held])
def test_what_the_body_does_not_say_is_refused_with_its_name_and_place(section: str, name: str) -> None:
    left = ACT.left_to_body[name]
    assert left.section == section
    if not left.optional:
        assert [one.name for one in missing(ACT, without(section, name))] == [name]
    found = law(ACT, Q1, without(section, name))
    ask = {"parameters": found.value, "scales": found.scale, "forms": found.form, "tables": found.table,
           "evaluations": found.evaluation, "deadlines": found.deadline}.get(section)  # fmt: skip
    if ask is not None:
        with pytest.raises(MissingSetting, match=f"own.{section}.{name}"):
            ask(name)


@pytest.mark.rule("A-3", "A-4")
def test_the_evaluation_runs_through_the_information_system() -> None:
    assert LAW.channels["active"] == ("portal",)
    assert ACT.channels["active"].point == "pt 4 para 1, pt 12 para 1"


@pytest.mark.rule("A-5")
def test_the_method_follows_the_category_as_the_body_says() -> None:
    lines = LAW.evaluation("quarter").forms
    assert [(one.form, one.selectors.get("categories")) for one in lines] == [
        ("kpi", ("C-1", "C-O-1")),
        ("ranking", None),
    ]
    assert {LAW.form(one).method for one in ("kpi", "ranking", "survey_360")} == {
        "kpi_marks",
        "mean_of_marks",
        "survey",
    }
    assert "released" in Walk.of(LAW.evaluation("survey")).steps
