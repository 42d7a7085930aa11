"""What did not reach its person goes by the next lawful channel, until it is delivered or none is left."""

from __future__ import annotations

import json

import pytest

from models import Notice, Person
from models.sql import execute
from models.work import reading, work
from services import advance, evidence, scoring
from services.attention import findings
from tests import makers
from tests.makers import AIGUL, ERLAN, KEY, at, case, notices, person, rows, told

LAWFUL = ["registered_letter", "telephonogram", "telegram", "sms", "email", "other_registered"]


def channels(number: str = ERLAN) -> list[str]:
    return [one.channel for one in notices("result_served", number)]


def contacts(number: str, **kept: str | None) -> None:
    who = person(number)
    with work() as session:
        one = session.get_one(Person, who)
        for name, value in kept.items():
            setattr(one, name, value)


def served(now: str) -> int:
    with work() as session:
        return advance.serve_dismissed(session, KEY, at(now))


@pytest.mark.rule("N-19")
def test_a_letter_that_came_back_is_followed_by_the_next_channel_and_stays_as_it_is(database: str) -> None:
    makers.a_cycle("released")
    told("accepted", "2026-10-08")
    makers.walk("2026-10-09")
    assert channels() == ["registered_letter"]  # on its way: nothing is due
    told("returned", "2026-10-12", event_id="2")
    makers.walk("2026-10-12 10:00")
    makers.walk("2026-10-12 11:00")
    first, second = notices("result_served", ERLAN)
    assert (first.state, second.channel, second.state) == ("handed", "telephonogram", "waiting")
    assert (second.assessment_id, second.round, second.facts, second.due_at) == (
        first.assessment_id, first.round, first.facts, first.due_at,
    )  # fmt: skip
    [said] = [json.loads(body) for (body,) in rows("SELECT body FROM journal_entry WHERE event = 'next_channel'")]
    assert (said["rules"], said["actor"]) == (["N-19"], "system/advance")
    assert said["reason"] == "result_served: 1 by registered_letter came back; next 1 by telephonogram"
    assert told("delivered", "2026-10-13", event_id="3") is True
    makers.walk("2026-10-14")
    assert len(channels()) == 2
    with reading() as session:
        assert evidence.verify(session).problems == []


@pytest.mark.rule("N-19")
def test_channel_after_channel_until_none_is_left_and_then_a_person_is_asked(database: str) -> None:
    makers.a_cycle("released")
    for place, _ in enumerate(LAWFUL):
        assert channels() == LAWFUL[: place + 1]
        told("undelivered", f"2026-10-{10 + place}", event_id=str(place))
        assert served(f"2026-10-{10 + place} 10:00") == (place + 1 < len(LAWFUL))
    assert channels() == LAWFUL
    with reading() as session:
        [found] = [one for one in findings(session, KEY, at("2026-10-20")) if one.kind == "unserved"]
    assert found.count == 1
    assert found.says.startswith(
        "1 result reached nobody by any channel that the act and the body's file allow (N-19, pt 9"
    )
    assert told("delivered", "2026-10-20", event_id="by hand") is True
    with reading() as session:
        assert findings(session, KEY, at("2026-10-20")) == []


@pytest.mark.rule("N-19")
@pytest.mark.parametrize(
    ("kept", "event", "expected"),
    [
        ({"phone": None}, "returned", "telegram"),
        ({"phone": ""}, "refused", "telegram"),
        ({"phone": None, "address": None}, "undelivered", "other_registered"),
        ({"phone": None, "email": None, "address": None}, "undelivered", None),
    ],
)
def test_the_next_channel_is_one_by_which_the_person_can_be_reached(
    sqlite_database: str, kept: dict[str, str | None], event: str, expected: str | None
) -> None:
    makers.a_cycle("marked")
    contacts(ERLAN, **kept)
    makers.walk("2026-10-06")
    before = channels()
    told(event, "2026-10-08")
    served("2026-10-08 10:00")
    assert channels() == [*before, *([expected] if expected else [])]


@pytest.mark.rule("N-19")
def test_a_notice_that_could_not_be_sent_is_followed_too(database: str) -> None:
    makers.a_cycle("released")
    with work() as session:
        execute(session, "UPDATE notice SET state = 'failed', failure = 'no such place' WHERE kind = 'result_served'")
    assert served("2026-10-08") == 1
    assert channels() == LAWFUL[:2]
    assert served("2026-10-08") == 0


@pytest.mark.rule("N-19")
def test_what_was_delivered_after_all_is_not_served_again(database: str) -> None:
    makers.a_cycle("released")
    told("returned", "2026-10-08")
    told("delivered", "2026-10-09", event_id="2")
    assert served("2026-10-10") == 0
    assert case(ERLAN).stage == "familiarised"


@pytest.mark.rule("N-19", "N-36")
def test_a_letter_about_a_result_corrected_since_is_not_followed(database: str) -> None:
    makers.a_cycle("released")
    old = notices("result_served", ERLAN)[0]
    makers.punished(ERLAN, "2026-08-14")
    with work() as session:
        scoring.correct(session, case(ERLAN).id or 0, "жаза кеш енгізілді", at("2026-10-07"), "person/2")
    makers.walk("2026-10-08")
    told("returned", "2026-10-09", notice=old)
    assert served("2026-10-09") == 0
    told("returned", "2026-10-12", event_id="2")
    assert served("2026-10-12") == 1
    assert [(one.channel, one.round) for one in notices("result_served", ERLAN)] == [
        ("registered_letter", 0), ("registered_letter", 1), ("telephonogram", 1),
    ]  # fmt: skip


@pytest.mark.rule("N-18", "N-Q10")
def test_who_stayed_silent_and_did_not_get_the_letter_is_served_again(database: str) -> None:
    makers.a_cycle("released")
    makers.walk("2026-10-28")  # twenty-one days and more
    [letter] = notices("result_served", AIGUL)
    told("returned", "2026-11-02", notice=letter)
    served("2026-11-02 10:00")
    assert channels(AIGUL) == LAWFUL[:2]
    assert notices("result_served", AIGUL)[1].due_at is None


@pytest.mark.rule("N-19")
def test_two_with_letters_that_came_back_are_served_in_one_step(database: str) -> None:
    makers.a_cycle("released")
    makers.dismissed(AIGUL, "2026-10-06")
    makers.walk("2026-10-07")
    letters: list[Notice] = [*notices("result_served", ERLAN), *notices("result_served", AIGUL)]
    for place, letter in enumerate(letters):
        told("returned", "2026-10-12", notice=letter, event_id=str(place))
    assert served("2026-10-12 10:00") == 2
    assert channels(ERLAN) == channels(AIGUL) == LAWFUL[:2]
    assert rows("SELECT COUNT(*) FROM journal_entry WHERE event = 'next_channel'") == [(1,)]
