"""Plans in the hands of the wrong people, out of order, two at once, and under a staff file that changes meanwhile."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import select

from cli.plans import _actual
from models import Appointment
from models.work import database_url, reading, work
from rules.errors import BadFile, Conflict, NotAllowed, NotFound, NotNow, RuleError
from services import plan_steps, plan_watch, plans
from services.evidence import verify
from tests.makers import refused, rows
from tests.services.test_evidence import tampered
from tests.services.test_plans import EXAMPLES, MIC, at, kpis, mic, opened, someone, stage, who

HR = "300004"


def did(act: Callable[..., Any], key: str, *given: Any) -> Any:
    with work() as session:
        return act(session, key, *given)


def problems() -> list[str]:
    with reading() as session:
        return verify(session).problems


def approved() -> tuple[str, int, int, int]:
    """A plan of the sample ministry in force since 11 January 2018; (key, person, supervisor, approver)."""
    key = mic()
    person, supervisor, approver = someone(key)
    did(plan_steps.draw, key, person, kpis(), supervisor, at("2018-01-10"))
    did(plan_steps.approve, key, person, approver, at("2018-01-11"))
    return key, person, supervisor, approver or 0


@pytest.mark.rule("M-18", "M-19", "M-22", "M-25")
@pytest.mark.usefixtures("sqlite_database")
def test_nobody_acts_in_the_place_of_another() -> None:
    key = mic()
    person, supervisor, approver = someone(key)
    stranger = next(one for (one,) in rows("SELECT MAX(id) FROM person"))
    for by in (approver, stranger):
        with refused(NotAllowed, "direct supervisor or the evaluatee draws up the plan"):
            did(plan_steps.draw, key, person, kpis(), by, at("2018-01-10"))
    did(plan_steps.draw, key, person, kpis(), supervisor, at("2018-01-10"))
    for by in (person, supervisor, stranger):
        with refused(NotAllowed, "The superior supervisor approves"):
            did(plan_steps.approve, key, person, by, at("2018-01-11"))
        with refused(NotAllowed, "The superior supervisor approves"):
            did(plan_steps.give_back, key, person, "why", by, at("2018-01-11"))
    did(plan_steps.approve, key, person, approver, at("2018-01-11"))
    with refused(NotAllowed, "HR service keeps the plans"):
        did(plan_steps.place, key, person, supervisor, at("2018-01-12"))
    with refused(NotAllowed, "direct supervisor monitors"):
        did(plan_watch.monitor, key, person, "2018-Q1", "words", approver, at("2018-04-05"))
    with refused(NotAllowed, "HR service calculates the actual values"):
        did(plan_watch.calculate, key, person, "2018-Q1", {}, supervisor, at("2018-04-05"))
    with refused(NotFound, "has no plan in"):
        did(plan_steps.draw, key, 999_999, kpis(), supervisor, at("2018-01-10"))


@pytest.mark.rule("M-22", "M-25", "M-26")
@pytest.mark.usefixtures("sqlite_database")
def test_no_step_of_a_plan_is_dated_before_the_one_it_follows() -> None:
    key = mic()
    person, supervisor, approver = someone(key)
    did(plan_steps.draw, key, person, kpis(), supervisor, at("2018-01-10"))
    with refused(NotNow, "A step of a plan on 2018-01-09 would lie before .* 2018-01-10"):
        did(plan_steps.approve, key, person, approver, at("2018-01-09 23:59"))
    did(plan_steps.approve, key, person, approver, at("2018-01-10 00:00"))
    with refused(NotNow, "A step of a plan on 2018-01-09"):
        did(plan_steps.place, key, person, who(HR), at("2018-01-09"))
    with refused(NotNow, "A monitoring on 2018-01-09"):
        did(plan_watch.monitor, key, person, "2018-Q1", "words", supervisor, at("2018-01-09"))
    with refused(NotNow, "2018-Q2 has not begun"):
        did(plan_watch.monitor, key, person, "2018-Q2", "words", supervisor, at("2018-03-31 23:59"))
    with refused(NotAllowed, "for each quarter of 2018"):
        did(plan_watch.monitor, key, person, "2019-Q1", "words", supervisor, at("2019-04-01"))
    values: dict[int, tuple[str, Decimal | None]] = dict.fromkeys(range(1, 6), ("x", None))
    with refused(RuleError, "2019-Q1 is no part of 2018"):
        did(plan_watch.calculate, key, person, "2019-Q1", values, who(HR), at("2019-04-01"))
    with refused(NotNow, "2018-Q4 has not begun"):
        did(plan_watch.calculate, key, person, "2018-Q4", values, who(HR), at("2018-04-01"))
    for share in (Decimal("NaN"), Decimal("Infinity"), Decimal(-1), Decimal("1e999999")):
        with refused(RuleError, "must be a number from 0 to 9999"):
            did(plan_watch.calculate, key, person, "2018-Q1", values | {3: ("x", share)}, who(HR), at("2018-04-01"))


def moved(person: int, supervisor: int | None = None, ended: str | None = None) -> None:
    """The staff file says so now."""
    with work() as session:
        held = session.exec(select(Appointment).where(Appointment.person_id == person)).one()
        if supervisor is not None:
            held.supervisor_id = supervisor
        if ended is not None:
            held.ended_on, held.dismissed = date.fromisoformat(ended), True


def again(now: str) -> None:
    with work() as session:
        plans.open_round(
            session, EXAMPLES / "mic" / "organisation.yaml", "mic-2018", None, "2018", at(now), "system/open"
        )


@pytest.mark.rule("M-18", "M-19")
def test_a_round_opened_again_follows_a_new_supervisor_and_drops_who_left(database: str) -> None:
    key = mic()
    person, supervisor, approver = someone(key)
    did(plan_steps.draw, key, person, kpis(), supervisor, at("2018-01-10"))
    moved(person, supervisor=approver)
    again("2018-01-15")
    with reading() as session:
        held = plans.case(session, key, person).plan
        assert (held.stage, held.supervisor_id) == ("drawn", approver)
    with refused(NotAllowed, "superior supervisor approves"):
        did(plan_steps.approve, key, person, supervisor, at("2018-01-16"))
    with reading() as session:
        other = plans.case(session, key, person).plan.approver_id
    assert other not in (None, supervisor)
    # what the machine noted on the 15th is no step of people: who acted before it is entered later
    did(plan_steps.give_back, key, person, "no", other, at("2018-01-12"))
    moved(person, ended="2018-01-20")
    again("2018-01-22")
    assert stage(key, person) == "not_set"
    with refused(NotNow, "the plan stands at 'not_set'"):
        did(plan_steps.draw, key, person, kpis(), approver, at("2018-01-23"))
    again("2018-01-23")
    events = rows("SELECT event FROM plan_event WHERE plan_id = :p ORDER BY version", p=held.id)
    assert [one for (one,) in events] == ["plan_drawn", "plan_replanned", "plan_returned", "plan_dropped"]
    assert problems() == []


@pytest.mark.rule("M-19")
@pytest.mark.usefixtures("sqlite_database")
def test_who_has_left_signs_no_plan() -> None:
    key = mic()
    person, supervisor, _ = someone(key)
    moved(supervisor, ended="2018-01-09")
    with refused(NotAllowed, "does not serve in the body on 2018-01-10 and cannot act on a plan"):
        did(plan_steps.draw, key, person, kpis(), supervisor, at("2018-01-10"))


@pytest.mark.rule("J-19", "J-20")
@pytest.mark.usefixtures("sqlite_database")
def test_the_second_signature_is_the_other_sides_even_after_the_plan_changed_hands() -> None:
    key = opened("justice", "justice-2017", "2017", "2017-08-01")
    person, supervisor, _ = _someone_of(key)
    with work() as session:
        wanted = plans.case(session, key, person).described.get("checks") or ()
    items = kpis(1, tuple(wanted))
    did(plan_steps.draw, key, person, items, supervisor, at("2017-08-02"))
    other = next(
        one for (one,) in rows("SELECT DISTINCT supervisor_id FROM work_plan") if one not in (None, supervisor, person)
    )
    moved(person, supervisor=other)
    with work() as session:
        plans.open_round(
            session,
            EXAMPLES / "justice" / "organisation.yaml",
            "justice-2017",
            None,
            "2017",
            at("2017-08-03"),
            "system/open",
        )
    did(plan_steps.approve, key, person, person, at("2017-08-04"))
    assert stage(key, person) == "approved"


def _someone_of(key: str) -> tuple[int, int, int | None]:
    found: tuple[int, int, int | None] = rows(
        "SELECT w.person_id, w.supervisor_id, w.approver_id FROM work_plan w JOIN plan_round r ON r.id = w.round_id"
        " WHERE r.key = :k AND w.stage = 'due' AND w.supervisor_id IS NOT NULL ORDER BY w.id LIMIT 1", k=key,
    )[0]  # fmt: skip
    return found


def test_of_two_who_sign_a_plan_at_once_one_is_told(database: str) -> None:
    key = mic()
    person, supervisor, approver = someone(key)
    did(plan_steps.draw, key, person, kpis(), supervisor, at("2018-01-10"))
    said: list[str] = []
    both = threading.Barrier(2)

    def sign(act: Callable[..., Any], *words: str) -> None:
        both.wait()
        try:
            did(act, key, person, *words, approver, at("2018-01-11"))
            said.append("done")
        except (Conflict, NotNow):
            said.append("refused")

    hands = [threading.Thread(target=sign, args=one) for one in ((plan_steps.approve,), (plan_steps.give_back, "no"))]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert sorted(said) == ["done", "refused"]
    assert rows("SELECT COUNT(*) FROM plan_event WHERE version = 3") == [(1,)]
    assert problems() == []


def test_of_two_rounds_opened_at_once_there_is_one(database: str) -> None:
    mic()
    said: list[str] = []

    def once() -> None:
        try:
            again("2018-01-15")
            said.append("done")
        except Conflict:
            said.append("refused")

    moved(someone(MIC)[0], ended="2018-01-14")
    hands = [threading.Thread(target=once) for _ in range(3)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert "done" in said
    assert rows("SELECT COUNT(*) FROM plan_event WHERE event = 'plan_dropped'") == [(1,)]
    assert problems() == []


WASHED = {
    "an indicator before the plan is approved": (
        "UPDATE plan_item SET planned = '1'", lambda key, person, by: did(plan_steps.approve, key, person, by, at("2018-01-11")),
        "table plan_item",
    ),
    "a plan still due before the round is opened again": (
        "UPDATE work_plan SET due = '2019-12-31' WHERE stage = 'due'", lambda key, person, by: again("2018-01-12"),
        "table work_plan",
    ),
    "when it was drawn, before it is approved": (
        "UPDATE plan_event SET at = '2018-01-01T00:00:00.000000Z'",
        lambda key, person, by: did(plan_steps.approve, key, person, by, at("2018-01-11")), "table plan_event",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "then",
    [
        lambda key, person, by: did(plan_steps.approve, key, person, by, at("2018-01-11")),
        lambda key, person, by: (moved(person, ended="2018-01-11"), again("2018-01-12")),
    ],
)
@pytest.mark.usefixtures("sqlite_database")
def test_no_step_is_written_over_a_plan_that_was_edited(then: Callable[[str, int, int | None], Any]) -> None:
    key = mic()
    person, supervisor, approver = someone(key)
    did(plan_steps.draw, key, person, kpis(), supervisor, at("2018-01-10"))
    tampered(database_url(), f"UPDATE work_plan SET due = '2018-12-31' WHERE person_id = {person}")
    with refused(NotAllowed, "table work_plan, row [0-9]+, is not what was recorded"):
        then(key, person, approver)
    assert any("table work_plan" in one for one in problems())


@pytest.mark.parametrize("what", WASHED)
@pytest.mark.usefixtures("sqlite_database")
def test_a_later_step_does_not_take_an_edit_for_what_was_recorded(what: str) -> None:
    forgery, then, said = WASHED[what]
    key = mic()
    person, supervisor, approver = someone(key)
    did(plan_steps.draw, key, person, kpis(), supervisor, at("2018-01-10"))
    newcomer = rows("SELECT MAX(id) FROM work_plan")[0][0]
    held = sqlite3.connect(database_url().removeprefix("sqlite:///"))
    for (name,) in held.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        held.execute(f"DROP TRIGGER {name}")
    held.executescript(forgery)
    held.execute("DELETE FROM work_plan WHERE id = ?", (newcomer,))  # so that opening again has somebody to add
    held.commit()
    held.close()
    then(key, person, approver)
    assert any(said in one for one in problems())


@pytest.mark.usefixtures("sqlite_database")
@pytest.mark.parametrize(
    "words", ["1=120@NaN", "1=120@٩٥", "١=120", "1=120@1e9", "one=1", "1", "=1", "1_0=3", "1=120@-5", "1=120@"]
)
def test_a_value_of_an_indicator_is_written_in_plain_digits(words: str) -> None:
    with pytest.raises(BadFile, match="is no value of an indicator"):
        _actual(words)
