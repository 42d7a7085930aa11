"""What the machine opens by itself, on which days, under each act; and what it leaves to people."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import methodologies
from models.work import reading, work
from rules.errors import NotAllowed, NotFound, NotInForce, RuleError
from rules.period import Period
from services import abandoning, cycle, opening
from services.opening import EVALUATION
from tests import makers
from tests.makers import BODY_FILE, HR, KEY, at, person

EXAMPLES = Path(__file__).parents[2] / "examples"


def body(name: str) -> Path:
    return EXAMPLES / name / "organisation.yaml"


def due(file: Path, day: str) -> list[str]:
    with reading() as session:
        return [f"{one.what} {one.name} {one.period}" for one in opening.due_on(session, file, date.fromisoformat(day))]


def span(name: str, evaluation: str, period: str) -> tuple[str, str]:
    file, asked = body(name), Period.parse(period)
    organisation = methodologies.read_organisation(file)
    law = methodologies.law(methodologies.load(organisation.act, beside=file.parent), asked, organisation)
    first, last = opening.window(law, law.evaluation(evaluation), methodologies.work_calendar(organisation), asked)
    return str(first), str(last)


@pytest.mark.parametrize(
    ("name", "evaluation", "period", "first", "last"),
    [
        ("nchr", "quarter", "2026-Q3", "2026-10-01", "2026-10-20"),
        ("uralsk", "quarter", "2023-Q4", "2024-01-01", "2024-01-10"),
        ("uralsk", "survey", "2023", "2024-01-01", "2024-01-10"),
        ("adgs", "survey", "2024", "2025-01-01", "2025-01-31"),
        ("mic", "kpi", "2018", "2018-12-06", "2019-02-01"),
        ("mic", "competencies", "2018", "2018-12-06", "2019-02-01"),
        ("justice", "quarter", "2017-Q3", "2017-09-06", "2017-10-10"),
        ("justice", "quarter", "2017-Q4", "2017-11-01", "2017-12-10"),
        ("justice", "annual", "2017", "2017-11-16", "2017-12-25"),
    ],
)
@pytest.mark.rule("J-2", "J-3", "J-22", "M-46")
def test_an_evaluation_is_opened_early_enough_for_its_announcement_and_its_last_day(
    name: str, evaluation: str, period: str, first: str, last: str
) -> None:
    assert span(name, evaluation, period) == (first, last)


def test_each_act_has_its_days(sqlite_database: str) -> None:
    makers.a_body()
    assert due(body("nchr"), "2026-10-01") == ["evaluation quarter 2026-Q3"]
    assert due(body("nchr"), "2026-12-31") == []
    assert due(body("mic"), "2018-12-10") == [
        "evaluation kpi 2018",
        "evaluation competencies 2018",
        "plans individual 2018",
    ]
    assert due(body("justice"), "2017-11-20") == [
        "evaluation quarter 2017-Q4", "evaluation annual 2017", "plans individual 2017",
    ]  # fmt: skip
    # the head's plan of 2024 is not opened: the act is repealed before that year ends
    assert due(body("uralsk"), "2024-01-02") == ["evaluation quarter 2023-Q4", "evaluation survey 2023"]


@pytest.mark.rule("M-18", "J-15", "U-37")
def test_plans_are_opened_with_their_period_and_followed_until_its_end(sqlite_database: str) -> None:
    makers.a_body()
    for day in ("2018-01-01", "2018-07-09", "2018-12-31"):
        assert "plans individual 2018" in due(body("mic"), day)


def test_an_act_that_governs_nothing_any_more_says_so(sqlite_database: str) -> None:
    with pytest.raises(NotInForce):
        due(body("justice"), "2026-10-01")


def test_without_people_nothing_is_opened(sqlite_database: str) -> None:
    with pytest.raises(NotInForce, match="import the staff file first"):
        due(body("nchr"), "2026-10-01")
    assert due(body("nchr"), "2026-12-31") == [], "nothing is to be opened, nobody need be known"


def test_what_people_gave_up_they_open_again_themselves(sqlite_database: str) -> None:
    makers.a_cycle("draft")
    with work() as session:
        abandoning.abandon(session, KEY, "the staff file was wrong", at("2026-10-02"), person(HR))
    with reading() as session:
        (one,) = opening.due_on(session, BODY_FILE, date(2026, 10, 3))
        (asked,) = opening.of_period(session, BODY_FILE, "2026-Q3")
    assert "was given up; `bagalau cycle open --period 2026-Q3 --evaluation quarter` opens it again" in one.left
    assert (asked.key, asked.left) == ("", ""), "whoever asks for it by hand gets it"


def test_what_was_missed_is_named_for_a_month_and_not_opened(sqlite_database: str) -> None:
    makers.a_body()

    def left(day: date) -> list[str]:
        with reading() as session:
            return [one.left for one in opening.due_on(session, BODY_FILE, day)]

    assert left(date(2026, 10, 20)) == [""]
    assert "quarter of 2026-Q3 was not opened until 2026-10-20 (pts 2(7), 4)" in left(date(2026, 10, 21))[0]
    assert left(date(2026, 11, 21)) == []


def test_what_stands_already_keeps_its_key(sqlite_database: str) -> None:
    makers.a_cycle("draft")
    with reading() as session:
        (one,) = opening.due_on(session, BODY_FILE, date(2026, 10, 5))
        assert (one.what, one.key) == (EVALUATION, KEY)
        assert [one.key for one in opening.of_period(session, BODY_FILE, "2026-Q3")] == [KEY]
        with pytest.raises(RuleError, match="no evaluation of 2026"):
            opening.of_period(session, BODY_FILE, "2026")


# --- what a draft asks of people -------------------------------------------------------------------------------


def mic(period: str = "2018") -> str:
    from services import people

    with work() as session:
        people.import_staff(session, EXAMPLES / "mic" / "staff.csv", "person/1", at("2018-12-03"), "mic-2018")
        return cycle.open_cycle(
            session, body("mic"), "mic-2018", period, at("2018-12-06"), "system/open-quarter", "kpi"
        )


def _by(number: str) -> str:
    return f"person/{makers.person(number)}"


@pytest.mark.rule("M-45")
def test_whoever_holds_no_role_sets_no_days(sqlite_database: str) -> None:
    key = mic()
    for actor, refusal, said in (
        (_by("300010"), NotAllowed, "300010 has neither HR duties nor the right of appointment on 2018-12-06"),
        ("person/999999", NotFound, "There is no person 999999"),
    ):
        with pytest.raises(refusal, match=said), work() as session:
            cycle.set_schedule(session, key, date(2019, 1, 14), date(2019, 2, 15), at("2018-12-06"), actor)
    for by in ("300002", "300004"):
        with work() as session:
            cycle.set_schedule(session, key, date(2019, 1, 14), date(2019, 2, 15), at("2018-12-06"), _by(by))


@pytest.mark.rule("M-45", "M-46")
def test_a_draft_asks_for_its_days_and_its_approval(sqlite_database: str) -> None:
    key = mic()

    def says() -> str:
        with reading() as session:
            return cycle.status(session, key, at("2018-12-06")).findings[0].says

    assert f"the act gives no last day of the evaluation; set it with `bagalau cycle schedule {key}" in says()
    with work() as session:
        cycle.set_schedule(session, key, date(2019, 1, 14), date(2019, 2, 15), at("2018-12-06"), _by("300004"))
    assert says() == (
        f"The schedule of {key} is a draft (M-45, pt 29): the official with the right of appointment approves it by"
        f" 2018-12-28 with `bagalau cycle approve {key}`."
    )


@pytest.mark.rule("M-45", "J-21")
def test_the_schedule_is_agreed_with_the_chair_of_the_commission(sqlite_database: str) -> None:
    key = mic()
    with work() as session:
        cycle.set_schedule(
            session, key, date(2019, 1, 14), date(2019, 2, 15), at("2018-12-06"), _by("300004"), "300010"
        )
    said = makers.rows("SELECT body FROM journal_entry WHERE event = 'schedule_set'")[0][0]
    assert "2019-01-14 to 2019-02-15; agreed with the chair of the Commission, 300010" in said
    with pytest.raises(NotFound, match="Nobody has the personnel number '999999'"), work() as session:
        cycle.set_schedule(
            session, key, date(2019, 1, 14), date(2019, 2, 15), at("2018-12-06"), _by("300004"), "999999"
        )
    other = makers.a_cycle("draft") or KEY
    with pytest.raises(NotAllowed, match="has no Commission for this evaluation"), work() as session:
        cycle.set_schedule(session, other, date(2026, 10, 1), None, at("2026-09-28"), _by(makers.HR), "300010")
