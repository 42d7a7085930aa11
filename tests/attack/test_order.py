"""Acts dated before the step they follow, and a right that is entered late."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.work import work
from rules.errors import NotNow
from services import calibration, evidence, familiarisation, sessions
from services.ground import find_cycle
from tests import makers
from tests.makers import (
    AIGUL,
    BOLAT,
    HEAD_A,
    HEAD_B,
    HEAD_C,
    HR,
    KEY,
    OFFICIAL,
    a_session,
    at,
    case,
    disagrees,
    held,
    members,
    person,
    refused,
    rows,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


def _step(step: Callable[..., object], session_id: int, now: str, *given: object) -> None:
    with work() as session:
        step(session, session_id, *(given or ()), at(now), *(() if given else ("person/2",)))


@pytest.mark.rule("N-20", "N-40", "N-44", "N-50", "N-51")
def test_no_step_of_a_session_is_dated_before_the_one_it_follows() -> None:
    makers.a_cycle("familiarised")
    with refused(NotNow, "A request on 2026-10-06 would lie before .* 2026-10-07"):
        disagrees(BOLAT, "2026-10-06 23:59")
    asked = disagrees(BOLAT, "2026-10-07 00:00").request_id
    with refused(NotNow, "A decision on 2026-10-06"), work() as session:
        calibration.call_session(session, asked, members(), person(OFFICIAL), at("2026-10-06"))
    with refused(NotNow, "A decision on 2026-10-06"), work() as session:
        calibration.refuse_request(session, asked, "not_entitled", person(OFFICIAL), at("2026-10-06"))
    found = a_session(AIGUL, "2026-10-12")
    with refused(NotNow, "A session on 2026-10-11"):
        held(found, "4", "4", "4", now="2026-10-11")
    held(found, "4", "4", "4", now="2026-10-13")
    with refused(NotNow, "A protocol on 2026-10-12"):
        _step(sessions.sign_protocol, found, "2026-10-12")
    _step(sessions.sign_protocol, found, "2026-10-14")
    with refused(NotNow, "The placing of a protocol on 2026-10-13"):
        _step(sessions.upload_protocol, found, "2026-10-13")
    with refused(NotNow, "A meeting on 2026-10-13"):
        _step(sessions.give_feedback, found, "2026-10-13", "met", person(HEAD_A))


@pytest.mark.rule("N-18", "N-20")
def test_a_refusal_is_not_dated_before_the_result_was_there() -> None:
    makers.a_cycle("released")
    signers = person(HR), [person(HEAD_B), person(HEAD_C)]
    with refused(NotNow, "A refusal on 2026-10-05"), work() as session:
        familiarisation.refuse(session, case(AIGUL).id or 0, *signers, "", at("2026-10-05"), "person/2")


@pytest.mark.rule("N-18", "N-20")
def test_of_two_openings_in_one_list_the_first_begins_the_five_days() -> None:
    makers.a_cycle("released")
    mine = case(AIGUL).id or 0
    for_me = [(mine, at("2026-10-15")), (mine, at("2026-10-07")), (mine, at("2026-10-09"))]
    with work() as session:
        familiarisation.opened_many(session, find_cycle(session, KEY), for_me, at("2026-10-20"), "person/2")
    assert case(AIGUL).familiarised_at == at("2026-10-07")
    assert rows("SELECT anchor_date, due FROM term WHERE deadline_id = 'calibration_request'") == [
        ("2026-10-07", "2026-10-14")
    ]


@pytest.mark.rule("N-20")
def test_a_request_received_in_time_and_entered_after_the_closing_keeps_its_right() -> None:
    makers.a_cycle("released")
    with work() as session:
        cycle = find_cycle(session, KEY)
        everybody = [(row[0], at("2026-10-07")) for row in rows("SELECT id FROM assessment WHERE stage = 'released'")]
        familiarisation.opened_many(session, cycle, everybody, at("2026-10-08"), "person/2")
    makers.walk("2026-10-15 00:05")
    assert rows("SELECT stage FROM cycle") == [("closed",)]
    assert disagrees(AIGUL, "2026-10-14 17:00").late is False
    assert (case(AIGUL).stage, case(AIGUL).closed_at) == ("requested", None)
    assert rows("SELECT stage, closed_at FROM cycle") == [("running", None)]
    assert makers.walk("2026-10-15 10:00")
    assert disagrees(BOLAT, "2026-10-15 00:00").late is True
    assert case(BOLAT).stage == "closed"
    with work() as session:
        assert evidence.verify(session).problems == []


@pytest.mark.rule("N-20", "N-49")
def test_who_had_a_session_does_not_get_another_after_the_closing() -> None:
    makers.a_cycle("familiarised")
    found = a_session(AIGUL)
    makers.decided(found, "4.5", "4.5", "4.5")
    _step(sessions.upload_protocol, found, "2026-10-13")
    _step(sessions.give_feedback, found, "2026-10-13", "met", person(HEAD_A))
    makers.walk("2026-10-13 12:00")
    assert case(AIGUL).stage == "closed"
    with refused(NotNow, "A calibration session was asked for already"):
        disagrees(AIGUL, "2026-10-14")
