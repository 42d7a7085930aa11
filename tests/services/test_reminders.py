"""The mornings of a cycle one after another: who is reminded on which day, and that it ends when it is done."""

from __future__ import annotations

import json
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from models import Notice
from models.base import instant
from models.work import reading, work
from services import reminders
from services.ground import find_cycle, ground_of
from tests import makers
from tests.makers import AIGUL, DANA, ERLAN, HEAD_A, HEAD_B, HR, KEY, OFFICIAL, at

ALMATY = ZoneInfo("Asia/Almaty")


def morning(day: str) -> dict[str, int]:
    with work() as session:
        return reminders.morning(session, KEY, at(f"{day} 08:30"))


def mornings(first: str, last: str) -> None:
    """Each day of a span, days off and all; a second run of the same morning writes nothing."""
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        morning(str(day))
        assert sum(morning(str(day)).values()) == 0
        day += timedelta(days=1)


def days(found: list[Notice]) -> list[str]:
    return [one.created_at.astimezone(ALMATY).strftime("%m-%d") for one in found]


def alerts(number: str, point: str = "pt 4") -> list[Notice]:
    return [one for one in makers.notices("deadline_alert", number) if json.loads(one.facts)["point"] == point]


@pytest.mark.rule("N-10", "N-25")
def test_before_the_day_on_it_and_each_working_day_after_it_until_it_is_done(sqlite_database: str) -> None:
    makers.a_cycle("open")
    mornings("2026-10-05", "2026-10-23")
    makers.marked("2026-10-23 12:00")
    mornings("2026-10-24", "2026-10-30")
    # due on Tuesday the 20th: three working days before, one before, on the day
    assert days(makers.notices("marks_reminder", HEAD_A)) == ["10-15", "10-19", "10-20"]
    assert days(makers.notices("marks_overdue", HEAD_A)) == ["10-21", "10-22", "10-23"]
    # HR from the third working day before, the superior when it is late
    assert days(alerts(HR)) == ["10-16", "10-19", "10-20", "10-21", "10-22", "10-23"]
    assert days(alerts(OFFICIAL)) == ["10-21", "10-22", "10-23"]
    assert json.loads(alerts(OFFICIAL)[0].facts)["count"] == "5"  # of eight: those of the official have nobody above
    assert json.loads(alerts(HR)[-1].facts)["count"] == "8"


@pytest.mark.rule("N-25")
def test_on_days_off_nobody_is_reminded(sqlite_database: str) -> None:
    makers.a_cycle("open")
    mornings("2026-10-24", "2026-10-25")  # Saturday and Sunday after the term
    assert makers.notices("marks_overdue") == makers.notices("deadline_alert") == []
    with reading() as session:
        ground = ground_of(session, find_cycle(session, KEY))
    mornings("2026-10-26", "2026-11-08")
    told = [instant(one.created_at) if isinstance(one.created_at, str) else one.created_at for one in alerts(HR)]
    assert len(told) == ground.calendar.count(date(2026, 10, 26), date(2026, 11, 8))
    assert all(ground.calendar.is_working(ground.day_of(moment)) for moment in told)


@pytest.mark.rule("N-9", "N-25")
def test_the_critical_alert_stops_for_whom_it_is_done_and_goes_on_for_the_others(sqlite_database: str) -> None:
    makers.a_cycle("open")
    mornings("2026-10-21", "2026-10-21")
    makers.sign(DANA, now="2026-10-21 12:00")
    makers.sign(ERLAN, now="2026-10-21 12:00")
    mornings("2026-10-22", "2026-10-22")
    assert days(makers.notices("marks_overdue", HEAD_B)) == ["10-21"]
    assert days(makers.notices("marks_overdue", HEAD_A)) == ["10-21", "10-22"]
    assert [json.loads(one.facts)["count"] for one in alerts(OFFICIAL)] == ["5", "4"]
    assert days(alerts(OFFICIAL, "pt 6")) == ["10-21"]  # the sheet of the dismissed is signed


@pytest.mark.rule("N-18", "N-25")
def test_a_result_not_opened_is_spoken_of_every_week_until_it_is(sqlite_database: str) -> None:
    makers.a_cycle("released")  # on Tuesday the 6th at nine
    mornings("2026-10-07", "2026-11-12")
    assert days(makers.notices("result_reminder", AIGUL)) == ["10-14", "10-21", "10-28", "11-04", "11-11"]
    makers.shown("2026-11-12 10:00", AIGUL)
    mornings("2026-11-13", "2026-11-20")
    assert len(makers.notices("result_reminder", AIGUL)) == 5
    assert len(makers.notices("result_reminder", DANA)) == 6


@pytest.mark.rule("N-18")
def test_a_week_that_ends_on_a_day_off_is_spoken_of_on_the_next_working_day(sqlite_database: str) -> None:
    makers.a_cycle("marked")
    makers.walk("2026-10-10")  # released on a Saturday
    mornings("2026-10-17", "2026-10-20")
    assert days(makers.notices("result_reminder", AIGUL)) == ["10-19"]


@pytest.mark.rule("N-25", "N-40")
def test_a_decision_that_is_late_is_told_to_hr_and_asked_for_each_working_day(sqlite_database: str) -> None:
    makers.a_cycle("familiarised")
    makers.disagrees(now="2026-10-08")
    mornings("2026-10-09", "2026-10-21")
    asked = days(makers.notices("decision_needed", OFFICIAL))
    assert asked == ["10-08", "10-09", "10-12", "10-13", "10-14", "10-15", "10-16", "10-19", "10-20", "10-21"]
    decisions = {json.loads(one.facts)["point"] for one in makers.notices("deadline_alert", HR)}
    assert decisions, "HR hears of the term of the decision"


def test_of_a_draft_only_its_schedule_is_spoken_of(sqlite_database: str) -> None:
    makers.a_cycle("draft")
    assert morning("2026-10-05") == {"sheets": 0, "results": 0, "decisions": 0, "alerts": 1}
    assert morning("2026-10-03") == {}
    assert len(makers.notices("schedule_needed", HR)) == 1
