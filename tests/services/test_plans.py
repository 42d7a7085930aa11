"""Individual plans under the acts that have them: who gets one, until when, what may stand in it, who does what."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from models.work import reading, work
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow, RuleError
from rules.individual_plan import Item
from services import facts, people, plan_audit, plan_steps, plan_watch, plans
from tests.makers import refused, rows

EXAMPLES = Path(__file__).parents[2] / "examples"
ALMATY = ZoneInfo("Asia/Almaty")
MIC = "mic-sample-2018-individual"


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment if " " in moment else f"{moment} 10:00").replace(tzinfo=ALMATY)


def opened(short: str, act: str, period: str, when: str) -> str:
    folder = EXAMPLES / short
    with work() as session:
        people.import_staff(session, folder / "staff.csv", "person/1", at(when), act)
    with work() as session:
        return plans.open_round(session, folder / "organisation.yaml", act, None, period, at(when), "person/1")


def mic() -> str:
    return opened("mic", "mic-2018", "2018", "2018-01-03")


CHECKS = ("specific", "measurable", "achievable", "time_bound", "strategic", "not_process_work")


def kpis(number: int = 5, checks: tuple[str, ...] = CHECKS) -> tuple[Item, ...]:
    return tuple(
        Item(f"indicator {n}", "per cent", "100", measurable=True, checks=checks) for n in range(1, number + 1)
    )


def who(number: str) -> int:
    with reading() as session:
        return facts.person_id(session, number)


def someone(key: str, which: str = "due") -> tuple[int, int, int | None]:
    """Person, supervisor and approver of the first plan at a stage whose three people differ."""
    found = rows(
        "SELECT w.person_id, w.supervisor_id, w.approver_id FROM work_plan w JOIN plan_round r ON r.id = w.round_id"
        f" WHERE r.key = '{key}' AND w.stage = '{which}' AND w.supervisor_id IS NOT NULL"
        " AND COALESCE(w.approver_id, 0) <> w.supervisor_id ORDER BY w.id LIMIT 1"
    )
    return found[0]


def stage(key: str, person: int) -> str:
    with reading() as session:
        return plans.case(session, key, person).plan.stage


@pytest.mark.rule("M-18", "M-24")
def test_a_round_says_who_gets_a_plan_and_until_when(database: str) -> None:
    key = mic()
    assert key == MIC
    with reading() as session:
        status = plan_watch.status(session, key, at("2018-01-10"))
        listed = plan_watch.listed(session, key)
    assert status["people"] == len(listed) > 20
    # ten working days of January 2018 after 1 January, the holidays left out; for who is appointed later the act gives
    # no term (M-Q9), but the body does: ten working days after the appointment, a house term and no breach of law
    due = [one for one in listed if one["stage"] == "due"]
    assert {one["due"] for one in due} > {date(2018, 1, 16), date(2018, 9, 24), date(2018, 10, 15)}
    later = [one for one in due if one["due"] != date(2018, 1, 16)]
    assert all(one["why"].startswith("house_plan_of_new_appointee, house rule; appointed on 2018-") for one in later)
    assert all("the act gives no term (pt 9" in one["why"] for one in later)
    assert status["terms"]["house_plan_of_new_appointee"] == {"open": len(later)}
    with reading() as session:
        ours = plan_audit.verdicts(session, key, at("2019-01-10"))
        assert ours["house_plan_of_new_appointee"] == {"missed": len(later)}
        assert plan_audit.daily(session, key, at("2019-01-10"))["missed"] == ours["drawn"]["missed"]
    assert all("pt 9" in one["why"] for one in listed if one["stage"] == "due")
    assert mic() == key
    assert len(rows("SELECT id FROM work_plan")) == len(listed)


@pytest.mark.rule("M-2", "M-19", "M-21", "M-22", "M-25")
def test_a_plan_is_drawn_sent_back_handed_in_again_approved_and_kept(database: str) -> None:
    key = mic()
    person, supervisor, superior = someone(key)
    assert superior is not None
    with work() as session:
        plan_steps.draw(session, key, person, kpis(), supervisor, at("2018-01-15"))
    with work() as session:
        again = plan_steps.give_back(session, key, person, "indicator 3 is not measurable", superior, at("2018-01-18"))
    assert again == date(2018, 1, 22)  # two working days after Thursday the 18th
    with work() as session:
        plan_steps.draw(session, key, person, kpis(), supervisor, at("2018-01-22 23:00"))
    with work() as session:
        plan_steps.approve(session, key, person, superior, at("2018-01-23"))
    assert stage(key, person) == "approved"
    with work() as session:
        plan_steps.place(session, key, person, who("300004"), at("2018-01-24"))
    with reading() as session:
        status = plan_watch.status(session, key, at("2018-02-01"))
        assert len(plans.in_force(session, key, person)) == 5
    assert status["terms"]["plan_resubmission"] == {"kept": 1}
    assert status["terms"]["kpi_set_in_plan"]["kept"] == 1
    assert status["terms"]["kpi_set_in_plan"]["missed"] > 10
    # both versions of the items are kept
    assert Counter(row[0] for row in rows("SELECT version FROM plan_item")) == {1: 5, 2: 5}
    events = [row[0] for row in rows("SELECT event FROM plan_event ORDER BY version")]
    assert events == ["plan_drawn", "plan_returned", "plan_drawn", "plan_approved", "plan_placed"]


@pytest.mark.rule("M-24")
@pytest.mark.parametrize("number", [0, 1, 4, 6])
def test_a_plan_of_another_number_is_refused(sqlite_database: str, number: int) -> None:
    key = mic()
    person, supervisor, _ = someone(key)
    with refused(Incomplete, f"it has {number} indicators, the act asks for exactly 5"), work() as session:
        plan_steps.draw(session, key, person, kpis(number), supervisor, at("2018-01-15"))
    assert rows("SELECT * FROM plan_item") == []


@pytest.mark.rule("M-23", "M-6")
def test_each_indicator_has_the_properties_of_the_act(sqlite_database: str) -> None:
    key = mic()
    person, supervisor, _ = someone(key)
    bare = kpis(checks=("specific", "achievable", "time_bound", "strategic", "not_process_work"))
    with refused(Incomplete, "indicator 1: nobody confirmed that it is measurable"), work() as session:
        plan_steps.draw(session, key, person, bare, supervisor, at("2018-01-15"))
    with refused(Incomplete, "two indicators have the same name"), work() as session:
        plan_steps.draw(session, key, person, (*kpis(4), kpis()[0]), supervisor, at("2018-01-15"))


def test_everybody_does_the_own_part_only(sqlite_database: str) -> None:
    key = mic()
    person, supervisor, superior = someone(key)
    known = (person, supervisor, superior)
    stranger = next(one for one in map(who, ("300001", "300002", "300004", "300010", "300020")) if one not in known)
    with refused(NotAllowed, "somebody else cannot"), work() as session:
        plan_steps.draw(session, key, person, kpis(), stranger, at("2018-01-15"))
    with refused(NotNow, "it must be 'drawn'"), work() as session:
        plan_steps.approve(session, key, person, superior or 0, at("2018-01-15"))
    with work() as session:
        plan_steps.draw(session, key, person, kpis(), supervisor, at("2018-01-15"))
    with refused(NotNow, "'plan_drawn' cannot happen now"), work() as session:
        plan_steps.draw(session, key, person, kpis(), supervisor, at("2018-01-15"))
    with refused(NotAllowed, "The superior supervisor approves the plan"), work() as session:
        plan_steps.approve(session, key, person, supervisor, at("2018-01-16"))
    with refused(Incomplete, "Say what must be corrected"), work() as session:
        plan_steps.give_back(session, key, person, " ", superior or 0, at("2018-01-16"))
    with refused(NotAllowed, "HR service keeps the plans"), work() as session:
        plan_steps.place(session, key, person, supervisor, at("2018-01-16"))
    with refused(NotFound, "There are no plans 'lunch'"), work() as session:
        plans.case(session, "lunch", person)


@pytest.mark.rule("M-26", "M-27")
def test_a_quarter_is_monitored_once_with_written_recommendations(sqlite_database: str) -> None:
    key = mic()
    person, supervisor, superior = someone(key)
    with work() as session:
        plan_steps.draw(session, key, person, kpis(), supervisor, at("2018-01-15"))
        plan_steps.approve(session, key, person, superior or 0, at("2018-01-16"))
    with refused(Incomplete, "written recommendations"), work() as session:
        plan_watch.monitor(session, key, person, "2018-Q1", " ", supervisor, at("2018-04-03"))
    with refused(NotNow, "2018-Q3 has not begun"), work() as session:
        plan_watch.monitor(session, key, person, "2018-Q3", "go on", supervisor, at("2018-04-03"))
    with refused(NotAllowed, "each quarter of 2018"), work() as session:
        plan_watch.monitor(session, key, person, "2017-Q4", "go on", supervisor, at("2018-04-03"))
    with work() as session:
        plan_watch.monitor(session, key, person, "2018-Q1", "go on", supervisor, at("2018-04-03"))
    with refused(NotNow, "recorded already"), work() as session:
        plan_watch.monitor(session, key, person, "2018-Q1", "again", supervisor, at("2018-04-04"))
    with reading() as session:
        assert plan_watch.status(session, key, at("2018-05-01"))["monitored"] == {"2018-Q1": 1}


# --- two signatures, half measurable ----------------------------------------------------------------------


def justice() -> str:
    return opened("justice", "justice-2017", "2017", "2017-07-20")


@pytest.mark.rule("J-15", "J-16", "J-17", "J-18", "J-19")
def test_servant_and_supervisor_both_sign_and_half_is_measurable(database: str) -> None:
    key = justice()
    person, supervisor, _ = someone(key)
    checks = ("specific", "achievable", "time_bound")
    half = tuple(Item(f"aim {n}", measurable=n > 2, checks=(*checks, "measurable")) for n in (1, 2, 3, 4))
    with refused(Incomplete, "1 of 3 indicators are measurable, at least 1/2"), work() as session:
        plan_steps.draw(session, key, person, half[:3], person, at("2017-07-21"))
    with refused(Incomplete, "it has 5 indicators, the act asks for 1 to 4"), work() as session:
        plan_steps.draw(session, key, person, (*half, Item("aim 5", checks=checks)), person, at("2017-07-21"))
    with work() as session:
        plan_steps.draw(session, key, person, half, person, at("2017-07-21"))
    with refused(NotAllowed, "the other side signs it now"), work() as session:
        plan_steps.approve(session, key, person, person, at("2017-07-22"))
    with work() as session:
        plan_steps.approve(session, key, person, supervisor, at("2017-07-22"))
    assert stage(key, person) == "approved"


@pytest.mark.rule("J-15", "J-20")
def test_who_came_after_the_tenth_of_january_has_ten_working_days_from_the_appointment(sqlite_database: str) -> None:
    key = justice()
    with reading() as session:
        listed = plan_watch.listed(session, key)
    usual = [one for one in listed if one["due"] == date(2017, 1, 10)]
    new = [one for one in listed if one["due"] and one["due"] > date(2017, 1, 10)]
    assert usual
    assert new
    assert all("J-20" in one["why"] for one in new)
    assert all("J-15" in one["why"] for one in usual)


# --- the head of the apparatus ------------------------------------------------------------------------------


def uralsk() -> str:
    return opened("uralsk", "uralsk-maslikhat-2018", "2023", "2023-09-20")


URALSK = ("specific", "measurable", "achievable", "time_bound", "oriented")


@pytest.mark.rule("U-7", "U-36", "U-37", "U-38", "U-39", "U-43", "U-44")
def test_only_the_head_of_the_apparatus_has_a_plan_agreed_with_hr_and_placed_in_five_days(sqlite_database: str) -> None:
    key = uralsk()
    with reading() as session:
        listed = plan_watch.listed(session, key)
    assert {one["person"] for one in listed} <= {"200002", "200037"}
    head = who(listed[0]["person"])
    _, supervisor, _ = rows(f"SELECT person_id, supervisor_id, due FROM work_plan WHERE person_id = {head}")[0]
    hr = who("200003")
    with refused(Incomplete, "it has 2 indicators, the act asks for 3 to 5"), work() as session:
        plan_steps.draw(session, key, head, kpis(2, URALSK), supervisor, at("2023-09-21"))
    with work() as session:
        plan_steps.draw(session, key, head, kpis(3, URALSK), supervisor, at("2023-09-21"))
    with refused(NotAllowed, "agreed by an employee of the HR service"), work() as session:
        plan_steps.approve(session, key, head, supervisor, at("2023-09-22"))
    with work() as session:
        plan_steps.approve(session, key, head, hr, at("2023-09-22"))
    with reading() as session:
        one = plans.case(session, key, head)
        assert one.plan.place_by == date(2023, 9, 29)  # five working days after Friday the 22nd
    with work() as session:
        plan_steps.place(session, key, head, hr, at("2023-09-29"))
    with reading() as session:
        assert plan_watch.status(session, key, at("2023-10-10"))["terms"]["plan_placed_in_system"] == {"kept": 1}


@pytest.mark.rule("U-45", "U-46", "U-40")
def test_a_plan_in_force_changes_only_on_a_reorganisation(sqlite_database: str) -> None:
    key = uralsk()
    head = rows("SELECT person_id, supervisor_id FROM work_plan WHERE stage = 'due'")[0]
    hr = who("200003")
    with work() as session:
        plan_steps.draw(session, key, head[0], kpis(3, URALSK), head[1], at("2023-09-21"))
        plan_steps.approve(session, key, head[0], hr, at("2023-09-22"))
    with refused(NotAllowed, "changed only on functions changed"), work() as session:
        plan_steps.change(session, key, head[0], "new_priorities", kpis(4, URALSK), head[1], at("2023-10-05"))
    with work() as session:
        plan_steps.change(session, key, head[0], "functions_changed", kpis(4, URALSK), head[1], at("2023-10-05"))
    assert stage(key, head[0]) == "drawn"
    assert Counter(row[0] for row in rows("SELECT version FROM plan_item")) == {1: 3, 2: 4}


@pytest.mark.rule("U-42")
def test_hr_sends_the_preliminary_values_for_every_indicator(sqlite_database: str) -> None:
    key = uralsk()
    head, supervisor = rows("SELECT person_id, supervisor_id FROM work_plan WHERE stage = 'due'")[0]
    hr = who("200003")
    with work() as session:
        plan_steps.draw(session, key, head, kpis(3, URALSK), supervisor, at("2023-09-21"))
        plan_steps.approve(session, key, head, hr, at("2023-09-22"))
    values = {1: ("95", Decimal(95)), 2: ("100", Decimal(100)), 3: ("done", None)}
    with refused(RuleError, "give a value for each"), work() as session:
        plan_watch.calculate(session, key, head, "2023-Q4", {1: ("95", None)}, hr, at("2023-12-29"))
    with work() as session:
        assert plan_watch.calculate(session, key, head, "2023-Q4", values, hr, at("2023-12-29")) == 1
    with work() as session:
        assert plan_watch.calculate(session, key, head, "2023-Q4", values, hr, at("2023-12-30")) == 2
