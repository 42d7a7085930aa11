"""A plan is given up only before anybody was told of it; its record stays and its period is opened again."""

from __future__ import annotations

import json

import pytest

from models.work import reading, work
from rules.errors import Incomplete, NotAllowed, NotNow
from services import abandoning, audit, evidence, sheets
from services import cycle as cycles
from services.annual import form_annual
from services.attention import findings
from tasks.picture import picture
from tests import makers
from tests.makers import AIGUL, HEAD_B, HR, KEY, OFFICIAL, at, case, person, refused, rows


def given_up(
    by: str = HR, why: str = "the staff file was wrong", now: str = "2026-10-01 11:00", key: str = KEY
) -> None:
    who = person(by)
    with work() as session:
        abandoning.abandon(session, key, why, at(now), who)


@pytest.mark.rule("N-17", "N-25")
def test_a_draft_is_given_up_and_the_period_opened_again_under_a_key_of_its_own(database: str) -> None:
    makers.a_cycle("draft")
    given_up()
    assert rows("SELECT stage FROM cycle") == [("abandoned",)]
    [said] = [json.loads(body) for (body,) in rows("SELECT body FROM journal_entry WHERE event = 'cycle_abandoned'")]
    assert (said["actor"], said["reason"]) == (f"person/{person(HR)}", "draft -> abandoned: the staff file was wrong")
    assert (said["rules"], said["subject"]) == (["N-17", "N-25"], "cycle/1")
    again = makers.opened(now="2026-10-01 12:00")
    assert again == f"{KEY}-2"
    assert makers.opened(now="2026-10-01 13:00") == again  # opening it once more changes nothing
    given_up(key=again)
    assert makers.opened(now="2026-10-01 14:00") == f"{KEY}-3"
    with reading() as session:
        assert cycles.unclosed(session) == [f"{KEY}-3"]
        assert evidence.verify(session).problems == []


@pytest.mark.rule("N-25")
def test_an_approved_plan_is_given_up_by_the_official_who_approves_it(database: str) -> None:
    makers.a_cycle("approved")
    with refused(NotAllowed, f"{HR} cannot abandon the cycle {KEY}: the official who approves it does"):
        given_up()
    given_up(OFFICIAL)
    assert rows("SELECT stage FROM cycle") == [("abandoned",)]
    assert makers.walk("2026-10-02") is False


@pytest.mark.rule("N-25")
@pytest.mark.parametrize("until", ["open", "released"])
def test_once_people_were_told_it_is_carried_through(database: str, until: str) -> None:
    makers.a_cycle(until)
    with refused(NotNow, f"People were notified of the evaluation {KEY} already"):
        given_up(OFFICIAL, now="2026-10-07")


def test_a_warning_to_hr_does_not_stand_in_the_way(database: str) -> None:
    makers.a_cycle("draft")
    with work() as session:
        audit.daily(session, KEY, at("2026-10-19"))
    assert makers.notices("deadline_alert")
    given_up(now="2026-10-19")


@pytest.mark.parametrize(
    ("wrong", "kind", "words"),
    [
        ({"why": " "}, Incomplete, "Say why the cycle"),
        ({"by": AIGUL}, NotAllowed, f"{AIGUL} cannot abandon the cycle {KEY}: HR or the official"),
        ({"by": makers.ERLAN}, NotAllowed, "does not serve in the body"),
    ],
)
def test_who_may_not_or_gives_no_reason_is_refused(
    sqlite_database: str, wrong: dict[str, str], kind: type[Exception], words: str
) -> None:
    makers.a_cycle("draft")
    with refused(kind, words):
        given_up(**wrong)


def test_what_was_given_up_is_not_taken_up_and_owes_nothing(database: str) -> None:
    makers.a_cycle("draft")
    given_up()
    with refused(NotNow, "'cycle_abandoned' .* already recorded"):
        given_up()
    with refused(NotNow, "'schedule_approved' .* cannot happen now: the stage is 'abandoned'"):
        makers.approved()
    who = person(HEAD_B)
    with refused(NotNow, "was abandoned; its sheets change hands no more"), work() as session:
        sheets.replace_evaluator(session, [case(AIGUL).id or 0], who, "", at("2026-10-02"), "person/2")
    with refused(NotNow, "was abandoned; it needs no officials any more"):
        makers.ordered("hr_deputy", AIGUL)
    makers.dismissed(HEAD_B, "2026-10-02")
    with reading() as session:
        assert audit.verdicts(session, KEY, at("2026-12-01")) == audit.breaches(session, KEY, at("2026-12-01")) == []
        assert findings(session, KEY, at("2026-12-01")) == []
        drawn = picture(cycles.status(session, KEY), makers.day("2026-10-02"))
    assert (drawn.type, drawn.name) == ("CANCELLED", "Abandoned")


@pytest.mark.rule("N-11")
def test_the_year_counts_the_cycle_that_was_carried_through_alone(database: str) -> None:
    makers.a_body()
    first = makers.opened()
    given_up()
    second = makers.opened(now="2026-10-01 12:00")
    with work() as session:
        cycles.approve_schedule(session, second, at("2026-10-01 13:00"), f"person/{person(OFFICIAL)}")
    makers.walk("2026-10-01 14:00", second)
    makers.marked(key=second)
    makers.walk("2026-10-06", second)
    with work() as session:
        form_annual(session, makers.ACT, 2026, at("2027-01-20"), "system/annual-mark")
    mine = person(AIGUL)
    assert rows("SELECT score, quarters FROM annual_mark WHERE person_id = :p", p=mine) == [
        ("4.20", '{"2026-Q3": "4.20"}')
    ]
    assert first != second
