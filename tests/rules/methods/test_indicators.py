"""Competencies by behaviour indicators: three quarters to the head, competency by competency."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.categories import normal
from rules.errors import BadFile, NotInForce
from rules.law import Law
from rules.methods import indicators, method_of
from rules.methods.indicator_sheet import whole
from rules.methods.indicators import EFFECTIVE, INEFFECTIVE, grade_at, indicators_of
from rules.scoring import Score
from tests.mic import Y2018, law_of

LAW = law_of()
FORM = LAW.form("competencies")
COMPETENCIES = tuple(row.id for row in FORM.parameters)
SERVICES = ("service_consumer_orientation", "service_consumer_informing")
CATEGORIES = ("C-1", "C-O-1", "C-2", "C-3", "C-O-4", "C-4", "C-5", "C-O-5")
MEETS, BELOW = "meets_expectations", "below_expectations"


def all_shown(category: str = "C-4", services: bool = True) -> dict[str, Any]:
    """A sheet on which every effective indicator was shown."""
    lists = indicators_of(LAW, FORM, normal(category))
    shown = {one: list(lists[one, EFFECTIVE]) for one in COMPETENCIES if services or one not in SERVICES}
    return {"category": category, "provides_services": services, "shown": shown}


def scored(data: dict[str, Any], law: Law = LAW) -> Score:
    method = method_of(FORM)
    return method.score(law, method.read(law, FORM, Y2018, data, ""))


# --- the rule of three quarters ----------------------------------------------------------------------------------


@pytest.mark.rule("M-40", "M-41", "M-Q2")
@pytest.mark.parametrize(("total", "least"), [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5)])
def test_how_many_are_needed_of_so_many(total: int, least: int) -> None:
    scale = LAW.scale("competency")
    assert [grade_at(scale, n, total).id for n in range(total + 1)] == [BELOW] * least + [MEETS] * (total - least + 1)


@pytest.mark.rule("M-40", "M-41")
@given(st.integers(1, 10**9), st.data())
def test_three_quarters_are_compared_in_whole_numbers(total: int, data: st.DataObject) -> None:
    shown = data.draw(st.integers(0, total))
    wanted = MEETS if 4 * shown >= 3 * total else BELOW
    assert grade_at(LAW.scale("competency"), shown, total).id == wanted
    assert wanted == (MEETS if Fraction(shown, total) >= Fraction(3, 4) else BELOW)


@pytest.mark.rule("M-39", "M-40", "M-41", "M-43")
@given(st.sampled_from(CATEGORIES), st.data())
def test_every_competency_is_judged_by_its_own_indicators(category: str, data: st.DataObject) -> None:
    sheet = all_shown(category)
    for competency, numbers in sheet["shown"].items():
        sheet["shown"][competency] = data.draw(st.lists(st.sampled_from(numbers), unique=True, max_size=len(numbers)))
    found, lists = scored(sheet), indicators_of(LAW, FORM, category)
    for competency in COMPETENCIES:
        shown, known = sheet["shown"][competency], lists[competency, EFFECTIVE]
        meets = 4 * len(shown) >= 3 * len(known)
        assert found.more["results"][competency] == (MEETS if meets else BELOW)
        missing = [n for n in known if n not in shown]
        assert found.more["missing"].get(competency) == (None if meets else missing)
    assert (found.score, found.unrounded, found.grade, found.grade_label) == (None, None, None, None)


@pytest.mark.rule("M-40")
@given(st.sampled_from(CATEGORIES), st.randoms())
def test_the_order_of_the_numbers_changes_nothing(category: str, dice: Any) -> None:
    sheet, mixed = all_shown(category), all_shown(category)
    for numbers in mixed["shown"].values():
        dice.shuffle(numbers)
    assert scored(mixed) == scored(sheet)
    assert set(scored(sheet).more["results"].values()) == {MEETS}


@pytest.mark.rule("M-41", "M-43", "M-Q26")
def test_the_indicators_not_shown_are_named_where_the_result_is_not_met() -> None:
    sheet = all_shown(services=False)
    sheet["shown"] |= {"activity_management": [1, 3], "promptness": [1, 2, 4]}
    found = scored(sheet)
    assert found.more["results"]["activity_management"] == BELOW
    assert found.more["results"]["promptness"] == MEETS
    assert found.more["missing"] == {"activity_management": [2, 4]}
    assert "activity_management: 2 of 4 effective shown; 2 of 4 < 3/4 -> below_expectations" in found.working
    assert "promptness: 3 of 4 effective shown; 3 of 4 >= 3/4 -> meets_expectations" in found.working
    assert {"M-Q1", "M-Q26"} <= set(found.readings)
    assert {"M-38", "M-39", "M-40", "M-41", "M-42", "M-43"} <= set(found.rules)


# --- public services ---------------------------------------------------------------------------------------------


@pytest.mark.rule("M-42")
def test_two_competencies_wait_for_duties_with_public_services() -> None:
    found = scored(all_shown(services=False))
    assert {key for key, result in found.more["results"].items() if result == "not_evaluated"} == set(SERVICES)
    assert "not_evaluated" not in scored(all_shown()).more["results"].values()


@pytest.mark.rule("M-42")
def test_what_a_sheet_says_of_them_without_such_duties_is_left_aside_and_said() -> None:
    sheet = all_shown() | {"provides_services": False}
    found = scored(sheet)
    assert found.more["results"]["service_consumer_informing"] == "not_evaluated"
    assert any("left aside" in line for line in found.working)


@pytest.mark.rule("M-42")
def test_with_such_duties_a_sheet_that_leaves_them_out_is_not_signed() -> None:
    sheet = all_shown(services=False) | {"provides_services": True}
    assert scored(sheet).more["results"]["service_consumer_orientation"] == "below_expectations"
    with pytest.raises(BadFile, match=r"shown\.service_consumer_orientation: nothing is said of this competency"):
        whole(FORM, sheet)
    whole(FORM, all_shown())


# --- categories --------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-39", "M-Q5")
@pytest.mark.parametrize("category", ["C-O-2", "C-O-3", "C-O-6", "B-1", "E-2", "С-О-2"])
def test_a_category_annex_4_does_not_name_has_no_indicators(category: str) -> None:
    with pytest.raises(
        NotInForce, match=r"there are no behaviour indicators for the category .*; there are for C-1, C-O-1"
    ):
        scored(all_shown() | {"category": category})


@pytest.mark.parametrize(
    ("written", "category"),
    [("С-О-1", "C-O-1"), ("С - 1", "C-1"), ("c-o-5", "C-O-5"), ("С-0-4", "C-O-4"), (" C-5 ", "C-5"), ("С–2", "C-2")],
)
def test_however_a_category_is_written_it_is_the_same(written: str, category: str) -> None:
    assert normal(written) == category
    assert scored(all_shown(written)) == scored(all_shown(category))


@given(st.sampled_from(CATEGORIES))
def test_a_spelling_once_normal_stays(category: str) -> None:
    assert normal(normal(category)) == category


# --- other readings ----------------------------------------------------------------------------------------------


@pytest.mark.rule("M-Q1")
def test_what_the_other_readings_would_give_is_said() -> None:
    sheet = all_shown(services=False) | {"ineffective": {"cooperation": [1]}}
    sheet["shown"]["promptness"] = [1, 2]  # 2 of 4; with the four ineffective ones not shown 6 of 8
    found = scored(sheet)
    assert found.more["results"]["promptness"] == BELOW
    assert found.more["results"]["cooperation"] == MEETS
    others = {(one.reading, one.option): one for one in found.alternatives}
    assert others["M-Q1", "b"].says.endswith(": promptness meets_expectations")
    assert others["M-Q1", "c"].says.endswith(": cooperation below_expectations")
    assert {one.differs for one in found.alternatives} == {"results"}
    assert scored(sheet, law_of(M_Q1="b")).more["results"]["promptness"] == MEETS
    assert scored(sheet, law_of(M_Q1="c")).more["results"]["cooperation"] == BELOW


@pytest.mark.rule("M-Q1")
def test_ineffective_indicators_play_no_part_under_the_default() -> None:
    lists = indicators_of(LAW, FORM, "C-1")
    sheet = all_shown("C-1")
    every = {one: list(numbers) for (one, polarity), numbers in lists.items() if polarity == INEFFECTIVE}
    assert scored(sheet | {"ineffective": every}).more["results"] == scored(sheet).more["results"]
    assert set(scored(sheet | {"ineffective": every}, law_of(M_Q1="c")).more["results"].values()) == {BELOW}


@pytest.mark.rule("M-Q1")
@given(st.sampled_from(CATEGORIES), st.data())
def test_under_the_second_reading_both_lists_make_the_share(category: str, data: st.DataObject) -> None:
    sheet, lists = all_shown(category), indicators_of(LAW, FORM, category)
    competency = data.draw(st.sampled_from([one for one in COMPETENCIES if one != SERVICES[0]]))
    good, bad = lists[competency, EFFECTIVE], lists[competency, INEFFECTIVE]
    shown = data.draw(st.sets(st.sampled_from(good)))
    seen = data.draw(st.sets(st.sampled_from(bad)))
    sheet["shown"][competency] = sorted(shown)
    sheet["ineffective"] = {competency: sorted(seen)}
    share = Fraction(len(shown) + len(bad) - len(seen), len(good) + len(bad))
    found = scored(sheet, law_of(M_Q1="b"))
    assert found.more["results"][competency] == (MEETS if share >= Fraction(3, 4) else BELOW)


@pytest.mark.rule("M-Q4")
def test_a_sentence_printed_in_both_columns_does_not_speak_against_the_servant() -> None:
    sheet = all_shown("C-2") | {"ineffective": {"service_consumer_orientation": [2]}}
    assert scored(sheet, law_of(M_Q1="c")).more["results"]["service_consumer_orientation"] == MEETS
    as_printed = law_of(M_Q1="c", M_Q4="b")
    found = scored(sheet, as_printed)
    assert found.more["results"]["service_consumer_orientation"] == BELOW
    assert {"M-Q1", "M-Q4"} <= set(found.readings)
    assert ("M-Q4", "a") in {(one.reading, one.option) for one in found.alternatives}


# --- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-39")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"shown": {"cooperation": [4]}},
            r"shown\.cooperation: '4' is no indicator of this competency .* it has: 1, 2, 3",
        ),
        ({"shown": {"cooperation": [0]}}, "'0' is no indicator"),
        ({"shown": {"cooperation": [Decimal("1.5")]}}, "'1.5' is no indicator"),
        ({"shown": {"cooperation": ["first"]}}, "'first' is not a number"),
        ({"shown": {"cooperation": [1, 1]}}, "an indicator is named twice"),
        ({"shown": {"cooperation": 3}}, "a list is expected here"),
        ({"shown": {"courage": [1]}}, r"shown\.courage: this key is not known"),
        (
            {"shown": {"cooperation": None}},
            r"shown\.cooperation: nothing is said of this competency; .* or \[\] when none",
        ),
        ({"ineffective": {"courage": [1]}}, r"ineffective\.courage: this key is not known"),
        ({"ineffective": {"cooperation": [9]}}, "'9' is no indicator"),
        ({"provides_services": "no"}, "provides_services: true or false is expected"),
        ({"category": None}, "category: a text is expected"),
        ({"marks": {}}, "marks: this key is not known"),
    ],
)
def test_a_sheet_with_a_mistake_is_refused_in_one_sentence(change: dict[str, Any], said: str) -> None:
    sheet = all_shown()
    for key, value in change.items():
        sheet[key] = {**sheet.get(key, {}), **value} if isinstance(value, dict) and key != "marks" else value
    with pytest.raises(BadFile, match=said):
        scored(sheet)


def test_a_sheet_without_a_field_is_refused() -> None:
    for key in ("category", "provides_services", "shown"):
        sheet = all_shown()
        del sheet[key]
        with pytest.raises(BadFile, match=f"{key}: this key is missing"):
            scored(sheet)


def test_an_empty_sheet_lists_every_competency() -> None:
    assert tuple(indicators.empty(LAW, FORM)["shown"]) == COMPETENCIES
    about = {one["name"]: one for one in indicators.about(LAW, FORM)}
    assert about["category"]["values"] == list(CATEGORIES)
    assert about["shown.integrity"]["required"] is True
    assert about["shown.service_consumer_informing"]["required"] is False
    assert sum(len(one.get("indicators", ())) for one in about.values()) == 97  # of 192, the others are ineffective
