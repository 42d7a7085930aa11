"""Which wording governs which day, and what happens where nothing is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from methodologies import acts, law, load, sample
from rules.errors import MissingSetting, NotFound, NotInForce, RuleError
from rules.law import Law
from rules.period import Period
from tests.nchr import Q3, body, law_of

ACT = load("nchr-2024")
GRID = [date(year, month, day) for year in range(2017, 2031) for month in range(1, 13) for day in (1, 13, 16, 28)]


@pytest.mark.parametrize("act_id", acts())
def test_every_day_has_one_law_or_a_refusal_that_says_why(act_id: str) -> None:
    act, organisation = load(act_id), sample(act_id)
    for day in GRID:
        try:
            found = law(act, day, organisation)
        except NotInForce as refusal:
            assert str(day) in str(refusal)
        else:
            one_value_each(found)


def one_value_each(found: Law) -> None:
    assert found.revision.in_force_from is not None
    assert found.revision.in_force_from <= found.on
    for name, value in found.values.items():
        assert value.value is not None, name
        assert value.own or value.since <= found.revision.date


def test_before_the_order_there_is_no_wording() -> None:
    with pytest.raises(NotInForce, match="no wording of the act governed 2024-09-30"):
        law(ACT, Period(2024, 3), body())


@pytest.mark.rule("N-52", "X-Q7")
def test_the_last_quarter_of_2025_lies_under_a_wording_we_do_not_have() -> None:
    with pytest.raises(NotInForce) as refusal:
        law(ACT, Period.parse("2025-Q4"), body())
    said = str(refusal.value)
    for words in (
        "2025-12-31",
        "order No 144 of 2024-11-18",
        "not in our text",
        "2026-03-16",
        "methodologies/nchr_2024",
    ):
        assert words in said


@pytest.mark.rule("X-Q7")
def test_the_last_day_of_a_straddling_quarter_decides() -> None:
    first = Period(2026, 1)
    assert law(ACT, first, body()).revision.id == "no-13"
    with pytest.raises(NotInForce, match="2026-01-01"):
        law(ACT, first, body(readings={"X-Q7": "b"}))


@pytest.mark.parametrize(("day", "known"), [(date(2026, 3, 15), False), (date(2026, 3, 16), True)])
def test_the_new_wording_begins_on_the_day_the_body_says(day: date, known: bool) -> None:
    if known:
        assert law(ACT, day, body()).revision.unconfirmed
        return
    with pytest.raises(NotInForce):
        law(ACT, day, body())


@pytest.mark.rule("N-52")
def test_an_unset_first_day_is_asked_for_by_name() -> None:
    with pytest.raises(MissingSetting) as refusal:
        law(ACT, Q3, body(in_force_from={}))
    said = str(refusal.value)
    assert "in_force_from.no-13" in said
    assert "first official publication" in said
    assert "examples/nchr/organisation.yaml" in said


def test_a_body_under_another_act_is_refused() -> None:
    with pytest.raises(RuleError, match="works under justice-2017, not under nchr-2024"):
        law(ACT, Q3, body(act="justice-2017"))


def test_a_house_deadline_may_not_take_the_name_of_the_law() -> None:
    rule = replace(body().house_deadlines[0], id="retention")
    with pytest.raises(RuleError, match="has the name of a deadline of the act"):
        law(ACT, Q3, body(house_deadlines=(rule,)))


def test_a_reading_the_body_changed_says_so() -> None:
    found = law_of(N_Q1="b")
    assert (found.reading("N-Q1"), found.readings["N-Q1"].by) == ("average", "organisation")
    assert (found.reading("N-Q3"), found.readings["N-Q3"].by) == ("two_decimals", "act")


def test_one_choice_may_answer_two_questions() -> None:
    assert law_of(N_Q2="b").reading("X-Q3") == law_of(X_Q3="down").reading("N-Q2") == "down"


def test_the_hash_covers_act_body_and_readings() -> None:
    own = law_of().content_hash
    assert own == law(ACT, Q3, body()).content_hash
    assert own != law_of(N_Q1="b").content_hash
    assert own != law(ACT, Q3, body(content_hash="other")).content_hash


def test_the_hash_does_not_see_comments_or_layout(tmp_path: Path) -> None:
    folder = Path(ACT.folder)
    for file in folder.glob("*.yaml"):
        (tmp_path / file.name).write_text("# a remark\n\n" + file.read_text("utf-8"), "utf-8")
    copy = load(tmp_path)
    assert copy.content_hash == ACT.content_hash
    changed = (tmp_path / "act.yaml").read_text("utf-8").replace("2026-03-13: 2.99", "2026-03-13: 2.98")
    (tmp_path / "act.yaml").write_text(changed, "utf-8")
    assert load(tmp_path).content_hash != ACT.content_hash


def test_an_amendment_adds_a_date_and_leaves_the_past_alone(tmp_path: Path) -> None:
    for file in Path(ACT.folder).glob("*.yaml"):
        (tmp_path / file.name).write_text(file.read_text("utf-8"), "utf-8")
    text = (tmp_path / "act.yaml").read_text("utf-8")
    third = "  no-99:\n    date: 2027-05-03\n    title: order No 99\n    in_force: at once\n    known: true\n\n# what a cycle"
    text = text.replace("\n# what a cycle", third, 1)
    text = text.replace("2026-03-13: 2.99", "2026-03-13: 2.99\n      2027-05-03: 2.50", 1)
    text = text.replace("2026-03-13: 20\n", "2026-03-13: 20\n      2027-05-03: null\n", 1)
    (tmp_path / "act.yaml").write_text(text, "utf-8")
    amended, starts = load(tmp_path), {"no-13": date(2026, 3, 16), "no-99": date(2027, 5, 10)}
    before, after = (law(amended, Period(2027, q), body(in_force_from=starts)) for q in (1, 2))
    assert (str(before.value("cap_ordinary")), str(after.value("cap_ordinary"))) == ("2.99", "2.50")
    assert before.value("delegation_threshold") == 20
    with pytest.raises(NotInForce, match="'delegation_threshold' has no value in force on 2027-06-30"):
        after.value("delegation_threshold")
    with pytest.raises(MissingSetting, match=r"in_force_from\.no-99"):
        law(amended, Period(2027, 2), body())


def test_an_unknown_methodology_names_those_there_are() -> None:
    with pytest.raises(NotFound, match=r"known are: .*nchr-2024"):
        load("nchr-2042")


def test_unknown_questions_and_deadlines_are_named() -> None:
    with pytest.raises(NotFound, match="no open question 'N-Q99'"):
        law_of().reading("N-Q99")
    with pytest.raises(NotFound, match="no deadline 'lunch'"):
        law_of().deadline("lunch")
    with pytest.raises(MissingSetting, match="under settings"):
        law_of().setting("weights", "pt 0")
