"""What did not reach its person goes by the next lawful channel, until it is delivered or none is left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models import Lane, Notice, Person
from models.base import stamp
from models.sql import execute
from models.work import reading, work
from notifications import hand_over, record, status
from services import advance, evidence, ladder, scoring
from services.attention import findings
from services.ground import find_cycle
from services.paper import documents
from services.rungs import rungs
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


# --- every kind of notice, silence, and carriers that rest ---------------------------------------------------


def climbed(now: str) -> int:
    with work() as session:
        return ladder.climb(session, find_cycle(session, KEY), at(now))


def unreached(now: str) -> dict[tuple[str, bool], int]:
    with reading() as session:
        return dict(ladder.unreached(session, find_cycle(session, KEY), at(now)))


def happened(notice: Notice, event: str, moment: str, source: str = "carrier") -> None:
    with work() as session:
        record(
            session, notice.id or 0, event, at(moment), at(moment), source=source, event_id=f"{notice.id}/{event}",
            officer_id=person(makers.HR) if source == "officer" else None,
            reference="RB1" if source == "officer" else None,
        )  # fmt: skip


def marked_as(kind: str, number: str, state: str, **more: str) -> None:
    sets = ", ".join(f"{name} = :{name}" for name in more)
    who = person(number)
    with work() as session:
        execute(
            session, f"UPDATE notice SET state = :s{', ' if sets else ''}{sets} WHERE kind = :k AND recipient_id = :p"
            " AND state = 'waiting'", {"s": state, "k": kind, "p": who, **more},
        )  # fmt: skip


def resting(channel: str, state: str = "resting") -> None:
    with work() as session:
        session.add(Lane(organisation="nchr-sample", channel=channel, state=state))


def said() -> list[str]:
    return [
        json.loads(body)["reason"] for (body,) in rows("SELECT body FROM journal_entry WHERE event = 'next_channel'")
    ]


@pytest.mark.rule("N-18", "N-25")
@pytest.mark.parametrize(("event", "words"), [("undelivered", "not delivered"), ("returned", "came back")])
def test_a_result_that_waits_is_told_by_the_next_channel_when_the_mail_does_not_arrive(
    sqlite_database: str, event: str, words: str
) -> None:
    makers.a_cycle("released")
    [mail] = notices("result_ready", AIGUL)
    makers.sent_off(mail.id or 0)
    happened(mail, event, "2026-10-06 10:00")
    assert climbed("2026-10-06 10:01") == 1
    assert climbed("2026-10-06 10:02") == 0
    assert [one.channel for one in notices("result_ready", AIGUL)] == ["email", "sms"]
    assert said() == [f"result_ready: 1 by email {words}; next 1 by sms"]
    assert all(word not in said()[0] for word in ("Тегі", "@", "+7"))


@pytest.mark.rule("N-18")
def test_who_knows_the_result_already_is_not_told_again(sqlite_database: str) -> None:
    makers.a_cycle("released")
    [mail] = notices("result_ready", AIGUL)
    makers.sent_off(mail.id or 0)
    makers.shown("2026-10-06 09:30", AIGUL)
    happened(mail, "undelivered", "2026-10-06 10:00")
    assert climbed("2026-10-06 10:01") == 0


@pytest.mark.rule("N-19")
def test_an_address_that_is_none_is_left_at_the_hand_over_and_the_next_is_written_within_it(
    sqlite_database: str, tmp_path: Path
) -> None:
    makers.a_cycle("marked")
    contacts(AIGUL, email="not an address")
    makers.walk("2026-10-06")
    hand_over("simulate", tmp_path, at("2026-10-06 09:05"), documents=documents())
    assert ladder.climb_all(at("2026-10-06 09:05")) == 1
    first, second = notices("result_ready", AIGUL)
    assert (first.state, second.channel) == ("failed", "sms")
    assert said() == ["result_ready: 1 by email could not be sent; next 1 by sms"]


@pytest.mark.rule("N-19")
def test_silence_is_left_when_one_whole_working_day_remains(sqlite_database: str) -> None:
    makers.a_cycle("released")  # the dismissed are served until Saturday the 31st
    told("accepted", "2026-10-08")
    assert climbed("2026-10-29 23:59") == 0
    assert climbed("2026-10-30 00:00") == 1
    makers.sent_off(notices("result_served", ERLAN)[-1].id or 0)
    assert climbed("2026-10-31 12:00") == 0  # what was written then has no whole day any more
    assert channels() == LAWFUL[:2]
    assert said() == [
        "result_served: 1 by registered_letter no proof of delivery and the term is near; next 1 by telephonogram"
    ]


@pytest.mark.rule("N-19")
def test_what_was_delivered_is_no_silence_and_what_only_tells_proves_nothing(sqlite_database: str) -> None:
    makers.a_cycle("released")
    told("delivered", "2026-10-09")
    for reminder in notices("marks_reminder"):
        makers.sent_off(reminder.id or 0)
    assert climbed("2026-10-30 09:00") == 0


@pytest.mark.rule("N-19")
def test_a_body_may_wait_less_by_some_channels(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_body()
    file = tmp_path / "organisation.yaml"
    file.write_text(
        makers.BODY_FILE.read_text("utf-8")
        .replace("settings:\n", "settings:\n  silence_hours: {registered_letter: 72}\n")
        .replace(
            "ladders:\n",
            "ladders:\n  result_served: [registered_letter, sms, telegram]\n  result_ready: [mobile_app, email]\n",
        ),
        "utf-8",
    )
    makers.opened(file=file)
    makers.approved()
    makers.walk("2026-10-01 12:00")
    makers.marked()
    makers.walk("2026-10-06")
    assert {one.channel for one in notices("result_ready")} == {"mobile_app"}
    told("accepted", "2026-10-06")
    assert climbed("2026-10-09 08:59") == 0
    assert climbed("2026-10-09 09:00") == 1
    assert channels() == ["registered_letter", "sms"]
    told("undelivered", "2026-10-12", event_id="2")
    told("undelivered", "2026-10-13", event_id="3", notice=notices("result_served", ERLAN)[-1])
    assert climbed("2026-10-13 09:00") == 1
    assert channels() == ["registered_letter", "sms", "telegram"]


@pytest.mark.rule("N-25")
def test_near_the_term_a_carrier_that_rests_is_not_waited_for(database: str) -> None:
    makers.a_cycle("marked")
    contacts(ERLAN, address=None)
    makers.walk("2026-10-06")
    assert channels() == ["telephonogram"]
    resting("telephonogram")
    assert climbed("2026-10-20") == 0  # there is time
    assert climbed("2026-10-30 09:00") == 1
    old, new = notices("result_served", ERLAN)
    assert (old.state, new.channel, new.state) == ("failed", "sms", "waiting")
    assert (old.failure or "").startswith("Withdrawn: its carrier rests")
    assert said() == ["result_served: 1 by telephonogram the carrier rests and the term is near; next 1 by sms"]
    resting("sms", "stopped")
    assert climbed("2026-10-30 09:30") == 1
    assert channels() == ["telephonogram", "sms", "email"]
    for one in ("email", "other_registered"):
        resting(one)
    assert climbed("2026-10-30 10:00") == 0  # all of them rest: it waits where it is
    assert notices("result_served", ERLAN)[-1].state == "waiting"
    assert unreached("2026-10-30 10:00") == {}


@pytest.mark.rule("N-25")
def test_what_nobody_knows_of_is_left_to_be_asked_and_the_next_goes_near_the_term(sqlite_database: str) -> None:
    makers.a_cycle("released")
    marked_as("result_served", ERLAN, "unknown")
    assert climbed("2026-10-29") == 0
    assert climbed("2026-10-30 09:00") == 1
    old, new = notices("result_served", ERLAN)
    assert (old.state, old.failure, new.channel) == ("unknown", None, "telephonogram")


def test_what_was_written_a_moment_ago_is_left_to_the_hand_over(sqlite_database: str) -> None:
    makers.a_cycle("released")
    with work() as session:
        execute(
            session,
            "UPDATE notice SET created_at = :n WHERE kind = 'result_served'",
            {"n": stamp(at("2026-10-30 09:00"))},
        )
    assert climbed("2026-10-30 12:00") == 0  # nobody hands anything over: another channel would wait as long
    resting("registered_letter", "running")
    assert climbed("2026-10-30 09:15") == 0
    assert climbed("2026-10-30 09:16") == 1  # the lane runs, and yet it was not its turn


@pytest.mark.rule("N-25", "N-40")
def test_an_invitation_that_nobody_could_be_told_of_is_put_before_hr(sqlite_database: str) -> None:
    makers.a_cycle("familiarised")
    makers.a_session()
    for place in range(5):
        last = notices("session_invitation", AIGUL)[-1]
        makers.sent_off(last.id or 0)
        happened(last, "undelivered", f"2026-10-09 1{place}:00", "officer")
        climbed(f"2026-10-09 1{place}:30")
    tried = [one.channel for one in notices("session_invitation", AIGUL)]
    assert tried == ["email", "telegram", "sms", "mobile_app", "portal"]  # the body's own order
    assert unreached("2026-10-10") == {("session_invitation", False): 1}
    with reading() as session:
        [found] = [one for one in findings(session, KEY, at("2026-10-10")) if one.kind == "unreached"]
    assert found.says.startswith("1 notice 'session_invitation' reached nobody by any channel that the act")
    makers.held(1, "5", "5", "5")
    assert unreached("2026-10-13") == {}  # the session was held: nobody needs an invitation to it


@pytest.mark.rule("N-25")
def test_what_was_said_again_later_is_not_said_a_third_time(sqlite_database: str) -> None:
    makers.a_cycle("open")
    makers.walk("2026-10-15")
    makers.walk("2026-10-19")
    assert len(notices("marks_reminder", makers.HEAD_A)) == 2
    marked_as("marks_reminder", makers.HEAD_A, "failed")
    assert climbed("2026-10-19 10:00") == 1
    assert [(one.round, one.channel) for one in notices("marks_reminder", makers.HEAD_A)] == [
        (0, "email"), (2, "email"), (2, "sms"),
    ]  # fmt: skip
    makers.marked("2026-10-19 11:00")
    marked_as("marks_reminder", makers.HEAD_A, "failed")
    assert climbed("2026-10-19 12:00") == 0  # every sheet is signed


@pytest.mark.rule("N-18", "N-25")
def test_a_message_not_taken_and_then_an_act_of_refusal_end_the_ladder(sqlite_database: str) -> None:
    makers.a_cycle("released")
    told("refused", "2026-10-08")
    assert climbed("2026-10-08 10:00") == 1
    makers.refuses(ERLAN, "2026-10-09")
    told("refused", "2026-10-12", event_id="2")
    assert climbed("2026-10-12 10:00") == 0
    second = notices("result_served", ERLAN)[1]
    with reading() as session:
        standing = status(session, second.id or 0)
    assert (standing.word, standing.delivered_at, standing.familiarised_at) == ("refused", None, None)
    assert standing.refused_at == at("2026-10-09")
    assert case(ERLAN).familiarised_how == "refused"
    signers = rows("SELECT drawn_up_by, first_witness, second_witness FROM refusal_act")
    assert [len(set(one)) for one in signers] == [3]
    assert unreached("2026-10-13") == {}


@pytest.mark.rule("N-19")
def test_the_rungs_are_told_with_their_reasons_and_nobody_s_name(sqlite_database: str) -> None:
    makers.a_cycle("released")
    told("returned", "2026-10-12 09:00")
    climbed("2026-10-12 09:04")
    told("accepted", "2026-10-12 11:00", event_id="2")
    climbed("2026-10-30 00:00")
    resting("telegram")
    climbed("2026-10-30 10:00")
    with reading() as session:
        found = list(rungs(session, find_cycle(session, KEY)))
    assert [(one.place, one.channel, one.why, one.next) for one in found] == [
        (1, "registered_letter", "returned", "telephonogram"), (2, "telephonogram", "silent", "telegram"),
        (3, "telegram", "waiting", "sms"),
    ]  # fmt: skip
    assert [(one.known_at, one.at) for one in found[:2]] == [
        (at("2026-10-12 09:00"), at("2026-10-12 09:04")), (None, at("2026-10-30 00:00")),
    ]  # fmt: skip
    assert {one.due_at for one in found} == {at("2026-11-01 00:00")}


@pytest.mark.rule("N-49")
def test_the_last_decision_is_told_even_when_all_is_closed_meanwhile(sqlite_database: str) -> None:
    makers.a_cycle("familiarised")
    makers.decided(makers.a_session(), "5", "5", "5")
    told_of = notices("calibrated_result", AIGUL)[-1]
    makers.sent_off(told_of.id or 0)
    with work() as session:
        execute(session, "UPDATE assessment SET stage = 'closed'")
        execute(session, "UPDATE cycle SET stage = 'closed', closed_at = :n", {"n": stamp(at("2026-10-20"))})
    happened(told_of, "returned", "2026-10-21")
    assert ladder.climb_all(at("2026-11-21")) == 0  # long over
    assert ladder.climb_all(at("2026-10-21")) == 1
    assert [one.channel for one in notices("calibrated_result", AIGUL)] == ["email", "sms"]
