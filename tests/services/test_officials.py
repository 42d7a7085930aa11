"""Officials of a cycle: named by the body's file, replaced by a dated order; each step asks who it is on its day."""

from __future__ import annotations

import json

import pytest

from models.work import reading, work
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from services import calibration, evidence, officials, reminders
from services import cycle as cycles
from services.ground import find_cycle
from services.papers.facts import Papers
from tests import makers
from tests.makers import AIGUL, BOLAT, DANA, HEAD_A, HEAD_B, HEAD_C, HR, KEY, OFFICIAL, at, day, person, refused, rows

APPOINTING = "appointing_official"


def changed(
    role: str = APPOINTING,
    to: str = HEAD_C,
    *,
    first: str = "2026-10-12",
    by: str = HR,
    order: str = "order No 45 of 2026-10-09",
    now: str = "2026-10-09",
) -> None:
    given, who = {role: person(to)}, person(by)
    with work() as session:
        officials.change(session, find_cycle(session, KEY), given, day(first), order, who, at(now))


def held(role: str, on: str) -> int | None:
    with reading() as session:
        return officials.holder(session, find_cycle(session, KEY), role, day(on))


@pytest.mark.rule("N-40", "N-25")
def test_from_its_day_on_the_new_official_decides_and_the_old_one_does_not(database: str) -> None:
    makers.a_cycle("familiarised")
    changed()
    assert [held(APPOINTING, on) for on in ("2026-10-11", "2026-10-12")] == [person(OFFICIAL), person(HEAD_C)]
    first, second = makers.disagrees(AIGUL, "2026-10-08").request_id, makers.disagrees(BOLAT, "2026-10-08").request_id
    seats = makers.members(HEAD_B, HEAD_C)

    def called(request: int, by: str, now: str) -> None:
        who = person(by)
        with work() as session:
            calibration.call_session(session, request, seats, who, at(now))

    with refused(NotAllowed, "Only the official with the right of appointment decides"):
        called(first, HEAD_C, "2026-10-11 18:00")
    called(first, OFFICIAL, "2026-10-11 18:00")
    with refused(NotAllowed, "Only the official with the right of appointment decides"):
        called(second, OFFICIAL, "2026-10-12 09:00")
    called(second, HEAD_C, "2026-10-12 09:00")
    with work() as session:
        assert evidence.verify(session).problems == []


@pytest.mark.rule("N-40")
def test_the_reminder_goes_to_the_official_of_the_day(database: str) -> None:
    makers.a_cycle("familiarised")
    changed()
    makers.disagrees(AIGUL, "2026-10-08")
    for moment in ("2026-10-09 10:00", "2026-10-12 10:00"):
        with work() as session:
            reminders.call_calibration(session, KEY, at(moment))
    told = [one.recipient_id for one in makers.notices("decision_needed")]
    assert told[-2:] == [person(OFFICIAL), person(HEAD_C)]


@pytest.mark.rule("N-25")
def test_the_schedule_is_approved_by_the_official_of_that_day_who_still_serves(database: str) -> None:
    makers.a_cycle("draft")
    changed(first="2026-10-05", now="2026-10-02")

    def approved(by: str, now: str) -> None:
        who = person(by)
        with work() as session:
            cycles.approve_schedule(session, KEY, at(now), f"person/{who}")

    with refused(NotAllowed, "Only the official with the right of appointment approves the schedule"):
        approved(OFFICIAL, "2026-10-05")
    makers.dismissed(HEAD_C, "2026-10-06")
    with refused(NotAllowed, f"{HEAD_C} does not serve in the body on 2026-10-07 and cannot approve the schedule"):
        approved(HEAD_C, "2026-10-07")
    approved(HEAD_C, "2026-10-06")


@pytest.mark.rule("N-43", "N-17")
def test_the_new_hr_officer_sits_in_a_session_and_signs_the_papers(database: str) -> None:
    makers.a_cycle("familiarised")
    changed("hr_officer", DANA)
    with reading() as session:
        cycle = find_cycle(session, KEY)
        case = makers.case(AIGUL).id or 0
        assert calibration.eligible(session, case, day("2026-10-11"))[1] == {person(HR)}
        assert calibration.eligible(session, case, day("2026-10-12"))[1] == {person(DANA)}
        papers = Papers.of(session, cycle)
    assert [papers.officer("hr_officer", day(on)) for on in ("2026-10-11", "2026-10-12")] == [person(HR), person(DANA)]


def test_a_change_is_journalled_kept_for_good_and_shown(database: str) -> None:
    makers.a_cycle("open")
    changed()
    changed("hr_deputy", DANA)
    said = [json.loads(body) for (body,) in rows("SELECT body FROM journal_entry WHERE event = 'official_changed'")]
    assert (said[0]["actor"], said[0]["subject"], said[0]["reason"]) == (
        f"person/{person(HR)}", "official/1",
        f"appointing_official is person/{person(HEAD_C)} from 2026-10-12: order No 45 of 2026-10-09",
    )  # fmt: skip
    with reading() as session:
        lines = officials.listed(session, find_cycle(session, KEY))
    assert [(one.role, one.person, str(one.from_day)) for one in lines] == [
        (APPOINTING, OFFICIAL, "None"), (APPOINTING, HEAD_C, "2026-10-12"), ("hr_officer", HR, "None"),
        ("hr_deputy", DANA, "2026-10-12"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "kind", "words"),
    [
        ({"order": "  "}, Incomplete, "by which order"),
        ({"role": "treasurer"}, NotFound, "There is no role 'treasurer'; known are: appointing_official, hr_officer"),
        ({"to": OFFICIAL}, NotNow, "is the official with the right of appointment on 2026-10-12 already"),
        ({"first": "2026-09-30"}, NotNow, "lies outside the cycle: it was opened on 2026-10-01"),
        ({"first": "2027-10-11"}, NotNow, "at most 366 days ahead"),
        ({"to": makers.ERLAN}, NotAllowed, "does not serve in the body on 2026-10-12 and cannot be the official"),
        ({"by": AIGUL}, NotAllowed, f"{AIGUL} holds no role in the cycle {KEY} on 2026-10-09"),
        ({"by": HEAD_C}, NotAllowed, f"{HEAD_C} holds no role"),
        ({"by": makers.ERLAN}, NotAllowed, "cannot enter an order on the officials"),
    ],
)
def test_a_change_that_cannot_hold_is_refused(
    sqlite_database: str, wrong: dict[str, str], kind: type[Exception], words: str
) -> None:
    makers.a_cycle("open")
    with refused(kind, words):
        changed(**{"role": APPOINTING, **wrong})  # type: ignore[arg-type]


@pytest.mark.rule("N-40")
def test_an_order_does_not_reach_back_behind_a_decision_already_taken(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.a_session(AIGUL, "2026-10-12")
    with refused(NotNow, "A decision of 2026-10-12 was taken by who held the role then"):
        changed(first="2026-10-11", now="2026-10-13")
    changed(first="2026-10-12", now="2026-10-13")


def test_where_no_official_is_left_whom_the_order_names_enters_it(database: str) -> None:
    makers.a_cycle("open")
    for number in (HR, OFFICIAL):
        makers.dismissed(number, "2026-10-02")
    with refused(NotAllowed, "holds no role"):
        changed(by=HEAD_B, now="2026-10-05")
    changed(by=HEAD_C, now="2026-10-05")
    assert held(APPOINTING, "2026-10-12") == person(HEAD_C)


@pytest.mark.rule("N-27")
def test_a_new_head_of_the_body_evaluates_from_the_next_step_on(database: str) -> None:
    head = makers.Servant("300002", "d", "C-O-2", True, supervisor=OFFICIAL)
    makers.a_cycle("open", [*makers.STAFF, head], {**makers.HEADS, "d": "300002"})
    assert makers.case("300002").evaluator_id == person(OFFICIAL)
    changed("head_of_body", HEAD_A, first="2026-10-02", now="2026-10-02")
    makers.walk("2026-10-02 12:00")
    assert makers.case("300002").evaluator_id == person(HEAD_A)
