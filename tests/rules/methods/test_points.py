"""Points of a quarter: the sum for any sheet, the lines of the scale, and what a sheet covers."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.errors import BadFile
from rules.methods import method_of
from rules.points import Bonus, Breach, PointsSheet, carried_forward
from tests.justice import Q1, Q3, Q4, law_of, scored

LINES = [(row["body"], int(row["points"]), int(row["n"])) for row in law_of().table("bonus_scale").rows]
DAYS = st.dates(date(2017, 7, 1), date(2017, 9, 30))


def sheets() -> st.SearchStrategy[dict[str, Any]]:
    def of(body: str) -> st.SearchStrategy[dict[str, Any]]:
        lines = [(points, n) for one, points, n in LINES if one == body]
        bonus = st.builds(lambda line: {"points": line[0], "n": line[1]}, st.sampled_from(lines))
        breach = st.builds(
            lambda kind, day: {"kind": kind, "date": day}, st.sampled_from(["executive", "labour"]), DAYS
        )
        parts = {"bonuses": st.lists(bonus, max_size=12), "breaches": st.lists(breach, max_size=80)}
        return st.fixed_dictionaries({"body": st.just(body), **parts})

    return st.sampled_from(["central", "territorial"]).flatmap(of)


def grade_of(points: int) -> str:
    return (
        "unsatisfactory"
        if points < 80
        else "satisfactory"
        if points < 106
        else "effective"
        if points <= 130
        else "excellent"
    )


@pytest.mark.rule("J-23", "J-24", "J-25", "J-27", "J-28", "J-33", "J-38", "J-39", "J-Q1", "J-Q12")
@given(sheets())
def test_any_sheet_is_100_plus_bonus_less_two_for_each_breach(data: dict[str, Any]) -> None:
    found = scored("quarter", Q3, data)
    points = 100 + sum(one["points"] for one in data["bonuses"]) - 2 * len(data["breaches"])
    assert (found.score, found.unrounded, found.grade) == (points, points, grade_of(points))
    assert found.more["bonus_points"] - found.more["penalty_points"] + 100 == points


@pytest.mark.rule("J-27", "J-Q8")
@given(sheets())
def test_per_kind_counts_each_line_once_and_says_so_where_it_differs(data: dict[str, Any]) -> None:
    own, other = scored("quarter", Q3, data), scored("quarter", Q3, data, J_Q8="per_kind")
    once = {(one["points"], one["n"]) for one in data["bonuses"]}
    assert other.score == 100 + sum(points for points, _ in once) - 2 * len(data["breaches"])
    shown = [one.score for one in own.alternatives if (one.reading, one.option) == ("J-Q8", "b")]
    assert shown == ([other.score] if other.score != own.score else [])


@pytest.mark.rule("J-33", "J-Q12")
def test_a_score_may_fall_below_nothing() -> None:
    breaches = [{"kind": "labour", "date": date(2017, 7, 3)}] * 60
    found = scored("quarter", Q3, {"body": "central", "breaches": breaches})
    assert (found.score, found.grade) == (Decimal(-20), "unsatisfactory")


@pytest.mark.rule("J-26", "J-27")
@pytest.mark.parametrize("line", LINES)
def test_every_line_of_the_scale_earns_its_points(line: tuple[str, int, int]) -> None:
    body, points, n = line
    found = scored("quarter", Q3, {"body": body, "bonuses": [{"points": points, "n": n}]})
    assert found.score == 100 + points
    assert f"bonus Annex 2, {body}, {points} points, line {n} (" in found.working[1]


@pytest.mark.rule("J-27", "J-Q9")
@given(st.sampled_from(["central", "territorial"]), st.integers(-3, 9), st.integers(-3, 15))
def test_no_other_line_does(body: str, points: int, n: int) -> None:
    data = {"body": body, "bonuses": [{"points": points, "n": n}]}
    if (body, points, n) in LINES:
        assert scored("quarter", Q3, data).score == 100 + points
        return
    with pytest.raises(BadFile, match=r"bonuses\.1\.(n|points): the scale \(Annex 2, J-26, J-27\) has no such line"):
        scored("quarter", Q3, data)


@pytest.mark.rule("J-2", "J-Q5")
@given(st.dates(date(2017, 7, 1), date(2018, 6, 30)), st.dates(date(2017, 12, 1), date(2018, 1, 15)))
def test_a_fact_counts_in_one_period_at_most(day: date, drawn_on: date) -> None:
    """Whatever the day of a breach and of the sheet of the fourth quarter, it is penalised once, or never if outside."""
    breach = [{"kind": "labour", "date": day}]
    last = {"body": "central", "breaches": breach, "drawn_on": drawn_on}
    counted = [
        scored("quarter", Q3, {"body": "central", "breaches": breach}).score,
        scored("quarter", Q4, last).score,
        scored("quarter", Q1, {"body": "central", "breaches": breach, "previous_drawn_on": drawn_on}).score,
    ]
    assert sorted(counted) == ([98, 100, 100] if day <= date(2018, 3, 31) else [100, 100, 100])


@pytest.mark.rule("J-Q5")
@pytest.mark.parametrize(("way", "fourth", "first"), [("carried", 100, 98), ("lost", 100, 100), ("reopened", 98, 100)])
def test_a_fact_after_the_sheet_under_each_reading(way: str, fourth: int, first: int) -> None:
    data = {"body": "central", "breaches": [{"kind": "labour", "date": date(2017, 12, 20)}]}
    assert scored("quarter", Q4, data, J_Q5=way).score == fourth
    assert scored("quarter", Q1, data, J_Q5=way).score == first


@pytest.mark.rule("J-Q5")
def test_what_goes_on_to_the_next_period() -> None:
    early, late = date(2017, 12, 8), date(2017, 12, 9)
    bonuses, breaches = (Bonus(5, 1, early), Bonus(5, 1, late), Bonus(5, 1)), (Breach("labour", late),)
    sheet = PointsSheet("quarter", Q4, "central", bonuses, breaches, drawn_on=early)
    assert carried_forward(law_of(Q4), sheet) == ((Bonus(5, 1, late),), (Breach("labour", late),))
    assert carried_forward(law_of(Q4, J_Q5="lost"), sheet) == ((), ())
    assert carried_forward(law_of(Q4, J_Q5="reopened"), sheet) == ((), ())


@pytest.mark.rule("J-Q5")
def test_the_other_quarters_carry_nothing() -> None:
    late = PointsSheet("quarter", Q3, "central", (Bonus(5, 1, Q3.last_day),), drawn_on=Q3.last_day - timedelta(days=20))
    assert carried_forward(law_of(Q3), late) == ((), ())


@pytest.mark.rule("J-29", "J-30", "J-31", "J-32", "J-Q11")
@pytest.mark.parametrize(
    ("kind", "facts", "sources"),
    [
        ("executive", {"missed_term"}, {"document_flow_service", "direct_supervisor"}),
        ("labour", {"late", "ethics"}, {"hr_service", "direct_supervisor"}),
    ],
)
def test_the_facts_and_sources_of_each_discipline_are_closed(kind: str, facts: set[str], sources: set[str]) -> None:
    def taken(key: str, value: str) -> bool:
        breach = {"kind": kind, "date": date(2017, 8, 1), key: value}
        try:
            return scored("quarter", Q3, {"body": "central", "breaches": [breach]}).score == 98
        except BadFile:
            return False

    known = {"missed_term", "late", "ethics", "left_early", "absent"}
    assert {one for one in known if taken("fact", one)} == facts
    offices = {"document_flow_service", "hr_service", "direct_supervisor", "colleague"}
    assert {one for one in offices if taken("source", one)} == sources


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "body: this key is missing"),
        ({"body": "central", "marks": {}}, "marks: this key is not known"),
        ({"body": 5}, "body: a text is expected"),
        ({"body": "central", "bonuses": {}}, "bonuses: a list is expected"),
        ({"body": "central", "bonuses": [5]}, "bonuses.1: keys with values are expected"),
        ({"body": "central", "bonuses": [{"points": 5}]}, "bonuses.1.n: this key is missing"),
        ({"body": "central", "bonuses": [{"points": "five", "n": 1}]}, "bonuses.1.points: 'five' is not a number"),
        ({"body": "central", "bonuses": [{"points": Decimal("4.5"), "n": 1}]}, "'4.5' is not a whole number"),
        ({"body": "central", "breaches": [{"kind": "labour", "date": "31.02.2017"}]}, "is not a real date"),
        ({"body": "central", "drawn_on": "soon"}, "drawn_on: 'soon' is not a real date"),
    ],
)
def test_bad_sheets_are_refused_in_one_sentence(data: dict[str, Any], says: str) -> None:
    with pytest.raises(BadFile, match=r"sheet\.yaml") as refused:
        scored("quarter", Q3, data)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_an_empty_sheet_and_what_is_said_of_its_fields() -> None:
    law = law_of()
    form, way = law.form("quarter"), method_of(law.form("quarter"))
    assert set(way.empty(law, form)) <= set(way.fields)
    assert way.about is not None
    said = {one["name"]: one for one in way.about(law, form)}
    assert said["body"]["values"] == ("central", "territorial")
    assert said["breaches[].fact"]["values"] == ["missed_term", "late", "ethics"]
