"""What needs a person's hand: sheets that lie with somebody who cannot sign them, officials who have left."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.sql import execute
from models.work import reading, work
from notifications import lanes
from services import audit, reminders
from services import cycle as cycles
from services.attention import findings
from tests import makers
from tests.makers import AIGUL, BOLAT, HEAD_A, HEAD_B, HEAD_C, HR, KEY, OFFICIAL, at, case, person


def says(now: str) -> list[tuple[str, int, str]]:
    with reading() as session:
        return [(one.kind, one.count, one.says) for one in findings(session, KEY, at(now))]


def daily(now: str) -> dict[str, int]:
    with work() as session:
        return audit.daily(session, KEY, at(now))


def handed(numbers: list[str], to: str, now: str) -> None:
    from services import sheets

    ids, who = [case(number).id or 0 for number in numbers], person(to)
    with work() as session:
        sheets.replace_evaluator(session, ids, who, "кетті", at(now), "person/2")


@pytest.mark.rule("N-9")
def test_sheets_of_a_dismissed_evaluator_are_told_until_a_substitute_has_them(database: str) -> None:
    makers.a_cycle("open")
    makers.dismissed(HEAD_A, "2026-10-06")
    assert says("2026-10-06") == []  # the last day in the post is a day of service
    assert says("2026-10-07") == [
        (
            "evaluator_gone",
            3,
            f"3 open sheets belong to a dismissed evaluator, {HEAD_A} (in service until 2026-10-06); name a substitute"
            f" (N-9, pt 3 para 2), such as the superior {OFFICIAL}, with `bagalau cycle replace {KEY} {HEAD_A} NO WHY --by NO`.",
        )
    ]
    makers.sign(AIGUL, now="2026-10-06")
    assert says("2026-10-07")[0][2].startswith("2 open sheets belong to a dismissed evaluator")
    handed([BOLAT], HEAD_B, "2026-10-07")
    assert says("2026-10-07")[0][2].startswith("1 open sheet belongs to a dismissed evaluator")
    handed([HR], HEAD_B, "2026-10-07")
    assert says("2026-10-07") == []


@pytest.mark.rule("N-9")
def test_a_substitute_who_leaves_is_told_too(database: str) -> None:
    makers.a_cycle("open")
    handed([AIGUL], HEAD_B, "2026-10-02")
    makers.dismissed(HEAD_B, "2026-10-06")
    assert [(kind, count) for kind, count, _ in says("2026-10-07")] == [("evaluator_gone", 3)]


@pytest.mark.rule("N-9")
def test_who_is_away_beyond_the_last_day_needs_a_substitute_and_why_is_not_said(database: str) -> None:
    makers.a_cycle("open")
    makers.away(HEAD_A, "2026-10-05", "2026-10-23", "temporary_incapacity")
    makers.away(HEAD_B, "2026-10-05", "2026-10-19")  # back on the twentieth
    makers.away(HEAD_C, "2026-10-12", "2026-10-23")  # not yet
    [(kind, count, said)] = says("2026-10-07")
    assert (kind, count) == ("evaluator_absent", 3)
    assert said.startswith(
        f"3 open sheets belong to an evaluator who is absent until 2026-10-23, {HEAD_A}; name a substitute"
    )
    assert "incapacity" not in said
    assert [kind for kind, _, _ in says("2026-10-12")] == ["evaluator_absent", "evaluator_absent"]


@pytest.mark.rule("N-9", "N-25")
def test_the_daily_audit_asks_hr_for_a_substitute_once_a_day(database: str) -> None:
    makers.a_cycle("open")
    assert "findings" not in daily("2026-10-05 07:00")
    makers.dismissed(HEAD_A, "2026-10-06")
    for moment in ("2026-10-07 07:00", "2026-10-07 07:30", "2026-10-08 07:00"):
        assert daily(moment)["findings"] == 1
    asked = makers.notices("substitute_needed")
    assert [(one.recipient_id, one.round) for one in asked] == [
        (person(HR), datetime(2026, 10, day).toordinal()) for day in (7, 8)
    ]
    assert '"count":"3"' in asked[0].facts
    assert '"point":"pt 3 para 2"' in asked[0].facts


@pytest.mark.rule("N-25")
def test_who_has_left_is_not_asked_and_an_official_who_left_is_told(database: str) -> None:
    makers.a_cycle("open")
    makers.dismissed(HR, "2026-10-06")
    makers.dismissed(HEAD_A, "2026-10-06")
    kinds = [(kind, said.split(";")[0]) for kind, _, said in says("2026-10-07")]
    assert kinds[0] == ("official_gone", f"{HR}, the HR officer, serves in the body no more")
    daily("2026-10-07 07:00")
    assert [one.recipient_id for one in makers.notices("substitute_needed")] == [person(OFFICIAL)]
    makers.ordered("hr_officer", BOLAT, "2026-10-07", by=OFFICIAL, now="2026-10-07")
    assert [kind for kind, _, _ in says("2026-10-07")] == ["evaluator_gone"]
    daily("2026-10-08 07:00")
    assert [one.recipient_id for one in makers.notices("substitute_needed")][1:] == [person(BOLAT)]


@pytest.mark.rule("N-10")
def test_a_dismissed_evaluator_is_not_reminded_of_sheets(database: str) -> None:
    makers.a_cycle("open")
    makers.dismissed(HEAD_A, "2026-10-06")
    with work() as session:
        reminders.remind(session, KEY, at("2026-10-20"))
    assert makers.notices("marks_reminder", HEAD_A) == []
    assert makers.notices("marks_reminder", HEAD_B) != []


def test_the_status_says_what_needs_a_hand_only_when_asked_for_a_moment(sqlite_database: str) -> None:
    makers.a_cycle("open")
    makers.dismissed(HEAD_A, "2026-10-06")
    with reading() as session:
        assert cycles.status(session, KEY).findings == []
        assert [one.kind for one in cycles.status(session, KEY, at("2026-10-07")).findings] == ["evaluator_gone"]


@pytest.mark.rule("N-25")
def test_notices_that_wait_for_a_carrier_at_a_standstill_are_told(database: str) -> None:
    makers.a_cycle("released")
    with work() as session:
        waiting = execute(
            session, "SELECT COUNT(*) FROM notice WHERE channel = 'email' AND state = 'waiting'"
        ).scalar_one()
        lane = lanes.lane_of(session, "nchr-sample", "email")
        lanes.rest(session, lane, at("2026-10-06 10:00"), "The mail server does not answer in time.")
    [told] = [one for one in says("2026-10-07") if one[0] == "channel_stands"]
    assert told[1] == waiting > 0
    assert "the channel email is resting since 2026-10-06 10:00 (" in told[2]  # the body's own clock
    assert "(The mail server does not answer in time); see `bagalau notices lanes`." in told[2]
