"""The result reaches the person: opened, refused before witnesses, or served on the dismissed by recorded means."""

from __future__ import annotations

import json

import pytest

from models.sql import execute
from models.work import reading, work
from notifications import record
from rules.errors import Incomplete, NotAllowed, NotNow
from services import audit, evidence, familiarisation, scoring
from services.ground import find_cycle
from tests import makers
from tests.makers import (
    AIGUL,
    BOLAT,
    DANA,
    ERLAN,
    FARIDA,
    HEAD_A,
    HEAD_B,
    HEAD_C,
    HR,
    KEY,
    OFFICIAL,
    at,
    case,
    person,
    refused,
    rows,
    told,
)

# --- released and opened -----------------------------------------------------------------------------------------


@pytest.mark.rule("N-18")
def test_a_computed_result_is_released_and_its_person_told_that_something_waits(database: str) -> None:
    makers.a_cycle("released")
    one = case(AIGUL)
    assert (one.stage, one.released_at, one.familiarised_at) == ("released", at("2026-10-06"), None)
    told = makers.notices("result_ready")
    everybody = (HR, AIGUL, BOLAT, DANA, HEAD_A, HEAD_B, HEAD_C, FARIDA)
    assert {notice.recipient_id for notice in told} == {person(number) for number in everybody}
    makers.walk("2026-10-06 12:00")
    assert len(makers.notices("result_ready")) == len(told)
    assert all("4" not in notice.facts.replace("2026", "") for notice in told)


@pytest.mark.rule("N-18", "N-20", "N-Q10")
def test_the_five_days_begin_when_the_person_opens_the_result_not_when_it_is_released(database: str) -> None:
    makers.a_cycle("released")
    makers.shown("2026-10-12 23:30", AIGUL)
    one = case(AIGUL)
    assert (one.stage, one.familiarised_at, one.familiarised_how) == ("familiarised", at("2026-10-12 23:30"), "shown")
    terms = rows("SELECT anchor_date, due, due_at FROM term WHERE deadline_id = 'calibration_request'")
    assert [tuple(map(str, term)) for term in terms] == [("2026-10-12", "2026-10-19", "2026-10-19T19:00:00.000000Z")]


@pytest.mark.rule("N-23")
def test_nobody_opens_the_result_of_somebody_else(database: str) -> None:
    makers.a_cycle("released")
    for stranger in (BOLAT, HEAD_A, HR, OFFICIAL):
        with refused(NotAllowed, r"belongs to another person; results are confidential \(pt 13"), work() as session:
            familiarisation.open_result(session, case(AIGUL).id or 0, person(stranger), at("2026-10-07"))


@pytest.mark.rule("N-18")
def test_a_result_is_opened_after_its_release_and_once(database: str) -> None:
    makers.a_cycle("marked")
    with refused(NotNow, "the stage is 'marked', it must be 'released'"):
        opened(AIGUL, "2026-10-05")
    makers.walk("2026-10-06")
    opened(AIGUL, "2026-10-07")
    with refused(NotNow, "already recorded: the stage is 'familiarised'"):
        opened(AIGUL, "2026-10-08")


def opened(number: str, now: str) -> None:
    with work() as session:
        familiarisation.open_result(session, case(number).id or 0, person(number), at(now))


@pytest.mark.rule("N-18", "N-25")
def test_who_does_not_open_the_result_is_reminded_once_a_week(database: str) -> None:
    makers.a_cycle("released")
    makers.shown("2026-10-07", AIGUL)
    for moment in ("2026-10-12", "2026-10-13", "2026-10-14", "2026-10-20", "2026-10-21"):
        makers.walk(moment)
    assert [one.round for one in makers.notices("result_reminder", BOLAT)] == [1, 2]
    assert makers.notices("result_reminder", AIGUL) == []
    assert case(BOLAT).stage == "released"  # no reminder starts the five days


@pytest.mark.rule("N-18")
def test_openings_logged_by_another_system_keep_their_own_moment(database: str) -> None:
    makers.a_cycle("released")
    logged = [(case(AIGUL).id or 0, at("2026-10-07 23:59:59")), (case(BOLAT).id or 0, at("2026-10-08 00:00"))]
    with work() as session:
        cycle = find_cycle(session, KEY)
        assert familiarisation.opened_many(session, cycle, logged, at("2026-10-09"), "system/import") == 2
    assert [case(number).familiarised_at for number in (AIGUL, BOLAT)] == [moment for _, moment in logged]
    due = rows("SELECT due FROM term WHERE deadline_id = 'calibration_request' ORDER BY anchor_date")
    assert [str(row[0]) for row in due] == ["2026-10-14", "2026-10-15"]
    acted = rows("SELECT acted_by, acted_at FROM journal_row WHERE to_stage = 'familiarised' ORDER BY assessment_id")
    assert acted[0] == (f"person/{person(AIGUL)}", "2026-10-07T18:59:59.000000Z")
    with work() as session:
        cycle = find_cycle(session, KEY)
        assert familiarisation.opened_many(session, cycle, logged, at("2026-10-10"), "system/import") == 0
    assert case(AIGUL).familiarised_at == at("2026-10-07 23:59:59")


@pytest.mark.rule("N-18", "N-20")
@pytest.mark.parametrize("moment", ["2026-10-05 23:59", "2026-10-09 09:00:01"])
def test_an_opening_before_the_release_or_in_the_future_is_not_believed(database: str, moment: str) -> None:
    makers.a_cycle("released")
    with refused(NotNow, "before the release or in the future"), work() as session:
        logged = [(case(AIGUL).id or 0, at(moment))]
        familiarisation.opened_many(session, find_cycle(session, KEY), logged, at("2026-10-09"), "system/import")


# --- refused -----------------------------------------------------------------------------------------------------


def act(
    number: str = AIGUL, *, by: str = HR, witnesses: tuple[str, ...] = (DANA, BOLAT), now: str = "2026-10-07"
) -> None:
    with work() as session:
        signed = [person(one) for one in witnesses]
        familiarisation.refuse(session, case(number).id or 0, person(by), signed, "", at(now), f"person/{person(by)}")


@pytest.mark.rule("N-18")
def test_the_act_of_refusal_has_three_signers_and_starts_the_five_days(database: str) -> None:
    makers.a_cycle("released")
    act(now="2026-10-07 15:00")
    one = case(AIGUL)
    assert (one.stage, one.familiarised_how, one.familiarised_at) == ("familiarised", "refused", at("2026-10-07 15:00"))
    assert rows("SELECT drawn_up_by, first_witness, second_witness FROM refusal_act") == [
        (person(HR), person(DANA), person(BOLAT))
    ]
    assert makers.disagrees(now="2026-10-14 23:59:59.999999").late is False
    with refused(NotNow, "'refused' .* cannot happen now: the stage is 'requested', it must be 'released'"):
        act()
    act(BOLAT, witnesses=(DANA, AIGUL))
    with refused(NotNow, "'refused' .* already recorded"):
        act(BOLAT, witnesses=(DANA, AIGUL))


@pytest.mark.rule("N-18")
@pytest.mark.parametrize(
    ("by", "witnesses"),
    [(HR, (DANA,)), (HR, (DANA, DANA)), (HR, (HR, DANA)), (HR, ()), (HR, (DANA, BOLAT, ERLAN))],
    ids=["one witness", "twice the same", "the officer as witness", "none", "three"],
)
def test_less_than_three_different_signers_are_no_act(
    sqlite_database: str, by: str, witnesses: tuple[str, ...]
) -> None:
    makers.a_cycle("released")
    with refused(Incomplete, "signed by three different people: the HR officer and two witnesses"):
        act(by=by, witnesses=witnesses)


@pytest.mark.rule("N-18")
@pytest.mark.parametrize(
    ("by", "witnesses"), [(HR, (AIGUL, DANA)), (HR, (DANA, HEAD_A)), (AIGUL, (DANA, BOLAT)), (HR, (DANA, HEAD_B))]
)
def test_neither_the_person_nor_an_evaluator_signs_the_act(
    sqlite_database: str, by: str, witnesses: tuple[str, ...]
) -> None:
    makers.a_cycle("open")
    with work() as session:
        from services import sheets

        sheets.replace_evaluator(session, [case(AIGUL).id or 0], person(HEAD_B), "", at("2026-10-02"), "person/2")
    makers.marked()
    makers.walk("2026-10-06")
    with refused(NotAllowed, "evaluatee and the evaluators do not sign the act"):
        act(by=by, witnesses=witnesses)


@pytest.mark.rule("N-18")
def test_a_corrected_result_may_be_refused_too_and_each_version_has_one_act(database: str) -> None:
    makers.a_cycle("released")
    act(now="2026-10-07 15:00")
    makers.punished(AIGUL, "2026-08-14")
    with work() as session:
        scoring.correct(session, case(AIGUL).id or 0, "жаза кеш енгізілді", at("2026-10-08"), "person/2")
    makers.walk("2026-10-08 12:00")
    act(now="2026-10-09 10:00")
    kept = rows("SELECT assessment_id, result_version, at FROM refusal_act ORDER BY id")
    assert kept == [
        (case(AIGUL).id, 1, "2026-10-07T10:00:00.000000Z"),
        (case(AIGUL).id, 2, "2026-10-09T05:00:00.000000Z"),
    ]
    assert (case(AIGUL).familiarised_how, case(AIGUL).familiarised_at) == ("refused", at("2026-10-09 10:00"))
    with refused(NotNow, "'refused' .* already recorded"):
        act()
    with reading() as session:
        assert evidence.verify(session).problems == []


# --- the dismissed -----------------------------------------------------------------------------------------------


@pytest.mark.rule("N-15", "N-19")
def test_the_dismissed_are_evaluated_and_served_by_a_recorded_channel(database: str) -> None:
    makers.a_cycle("released")
    assert makers.results(ERLAN) == [(1, "computed", "4.20")]
    [sent] = makers.notices("result_served")
    assert (sent.recipient_id, sent.channel, sent.due_at) == (
        person(ERLAN),
        "registered_letter",
        at("2026-11-01 00:00"),
    )
    assert makers.notices("result_ready", ERLAN) == makers.notices("evaluation_announced", ERLAN) == []
    makers.walk("2026-10-07")
    assert len(makers.notices("result_served")) == 1


@pytest.mark.rule("N-19", "N-20")
def test_only_delivery_familiarises_the_dismissed_and_it_counts_from_its_own_day(database: str) -> None:
    makers.a_cycle("released")
    for event in ("accepted", "undelivered", "returned", "refused"):
        assert told(event, "2026-10-08", event_id=event) is False
    assert case(ERLAN).stage == "released"
    assert told("delivered", "2026-10-09 16:00", now="2026-10-13 10:00") is True
    one = case(ERLAN)
    assert (one.stage, one.familiarised_how, one.familiarised_at) == ("familiarised", "served", at("2026-10-09 16:00"))
    assert told("delivered", "2026-10-10", event_id="again") is False
    assert case(ERLAN).familiarised_at == at("2026-10-09 16:00")
    assert makers.disagrees(ERLAN, "2026-10-16 23:59:59.999999").late is False  # five working days from the 9th
    note = rows(
        "SELECT j.note, e.at FROM journal_row j JOIN journal_entry e ON e.id = j.entry_id WHERE e.event = 'served'"
    )
    assert note == [
        (f"notice/{makers.notices('result_served')[0].id} by registered_letter", "2026-10-13T05:00:00.000000Z")
    ]


@pytest.mark.rule("N-19")
@pytest.mark.parametrize(("moment", "verdict"), [("2026-10-31 23:59:59.999999", "kept"), ("2026-11-01 00:00", "late")])
def test_the_month_after_the_quarter_ends_at_midnight_of_its_last_day(
    sqlite_database: str, moment: str, verdict: str
) -> None:
    makers.a_cycle("released")
    told("delivered", moment)
    with reading() as session:
        found = {one.deadline: one.counts for one in audit.verdicts(session, KEY, at("2026-11-02"))}
    assert found["familiarize_dismissed_employee"] == {verdict: 1}


@pytest.mark.rule("N-19", "N-20")
def test_a_carriers_own_word_of_delivery_familiarises_as_well(database: str) -> None:
    """A text message is among the means of pt 9: its recorded delivery counts, from its own moment, without an officer."""
    makers.a_cycle("released")
    [sent] = makers.notices("result_served")
    makers.sent_off(sent.id or 0)
    with work() as session:
        execute(session, "UPDATE notice SET channel = 'sms' WHERE id = :i", {"i": sent.id})
        record(
            session,
            sent.id or 0,
            "delivered",
            at("2026-10-09 16:00"),
            at("2026-10-09 16:01"),
            source="smsc",
            event_id="x",
        )
    makers.walk("2026-10-13")
    makers.walk("2026-10-13 11:00")
    one = case(ERLAN)
    assert (one.stage, one.familiarised_how, one.familiarised_at) == ("familiarised", "served", at("2026-10-09 16:00"))
    actors = rows("SELECT body FROM journal_entry WHERE event = 'served'")
    assert [json.loads(body)["actor"] for (body,) in actors] == ["system/receipts"]
    with reading() as session:
        assert evidence.verify(session).problems == []


@pytest.mark.rule("N-19")
def test_a_letter_about_a_result_corrected_since_does_not_familiarise_with_the_new_one(database: str) -> None:
    makers.a_cycle("released")
    old = makers.notices("result_served", ERLAN)[0]
    makers.punished(ERLAN, "2026-08-14")
    with work() as session:
        scoring.correct(session, case(ERLAN).id or 0, "жаза кеш енгізілді", at("2026-10-07"), "person/2")
    makers.walk("2026-10-08")
    assert told("delivered", "2026-10-09", notice=old) is False
    assert case(ERLAN).stage == "released"
    assert len(makers.notices("result_served", ERLAN)) == 2
    assert told("delivered", "2026-10-12", event_id="2") is True
    assert case(ERLAN).familiarised_at == at("2026-10-12")
    with reading() as session:
        assert evidence.verify(session).problems == []


@pytest.mark.rule("N-19")
def test_a_receipt_about_another_kind_of_notice_familiarises_nobody(database: str) -> None:
    makers.a_cycle("released")
    sent = makers.notices("result_ready", AIGUL)[0]
    makers.sent_off(sent.id or 0)
    with work() as session:
        record(session, sent.id or 0, "delivered", at("2026-10-07"), at("2026-10-07"), source="smtp", event_id="1")
        assert familiarisation.on_receipt(session, sent.id or 0, at("2026-10-07")) is False
    assert case(AIGUL).stage == "released"
