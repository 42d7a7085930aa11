"""The moment the next channel is tried always leaves it a whole working day, and never lies after the term."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.catalogue import KINDS as CATALOGUE
from notifications.catalogue import MANUAL
from rules import ladder
from rules.ladder import leaves_a_day, ordered, silent_until
from rules.terms import end_of_day
from tests.nchr import CALENDAR

ALMATY = ZoneInfo("Asia/Almaty")
days = st.dates(date(2020, 1, 15), date(2030, 12, 20))


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ALMATY)


def whole_working_days(first: datetime, last: datetime) -> int:
    """Working days that begin and end between two instants, counted one by one."""
    day, found = first.astimezone(ALMATY).date(), 0
    while midnight(day + timedelta(days=1)) <= last:
        found += midnight(day) >= first and CALENDAR.is_working(day)
        day += timedelta(days=1)
    return found


@pytest.mark.rule("N-19")
@given(due=days, hour=st.integers(0, 23), ahead=st.integers(0, 60 * 24 * 40))
def test_the_next_channel_has_a_whole_working_day_and_never_comes_after_the_term(
    due: date, hour: int, ahead: int
) -> None:
    for due_at in (end_of_day(due, ALMATY), midnight(due) + timedelta(hours=hour)):
        written = due_at - timedelta(minutes=ahead)
        moment = silent_until(written, written, due_at, CALENDAR, ALMATY)
        last = leaves_a_day(due_at, CALENDAR, ALMATY)
        assert whole_working_days(last, due_at) == 1
        assert whole_working_days(last + timedelta(microseconds=1), due_at) == 0, "a later moment would do as well"
        if whole_working_days(written, due_at) and written < last:
            assert moment == last
        else:
            assert moment is None


@pytest.mark.rule("N-19")
@given(due=days, ahead=st.integers(-600, 60 * 24 * 40), handed=st.integers(0, 60 * 24 * 3), hours=st.integers(1, 400))
def test_a_body_may_be_less_patient_and_never_more(due: date, ahead: int, handed: int, hours: int) -> None:
    due_at = end_of_day(due, ALMATY)
    written = due_at - timedelta(minutes=ahead)
    left = written + timedelta(minutes=handed)
    usual = silent_until(written, left, due_at, CALENDAR, ALMATY)
    own = silent_until(written, left, due_at, CALENDAR, ALMATY, timedelta(hours=hours))
    assert own is None or own < due_at
    assert usual is None or (own is not None and own <= usual)
    if written >= due_at:
        assert own is None, "nothing can be saved any more"


def test_without_a_term_silence_says_nothing() -> None:
    written = midnight(date(2026, 10, 5))
    assert silent_until(written, written, None, CALENDAR, ALMATY, timedelta(hours=1)) is None


@pytest.mark.rule("N-19")
@pytest.mark.parametrize(
    ("due", "last"),
    [
        ("2026-10-31", "2026-10-30"),  # a Saturday
        ("2026-10-30", "2026-10-30"),
        ("2025-01-05", "2025-01-05"),  # a Sunday that is worked
        ("2026-03-23", "2026-03-20"),  # Nauryz
    ],
)
def test_days_an_officer_can_look_up(due: str, last: str) -> None:
    assert leaves_a_day(end_of_day(date.fromisoformat(due), ALMATY), CALENDAR, ALMATY) == midnight(
        date.fromisoformat(last)
    )


def test_the_table_of_kinds_is_that_of_the_catalogue() -> None:
    assert set(ladder.KINDS) == set(CATALOGUE)
    for name, kind in CATALOGUE.items():
        assert set(ladder.channels_of(name)) == set(kind.channels), name
        assert (name in ladder.PROVED) == bool(MANUAL.intersection(kind.channels)), name


def test_an_order_of_the_body_s_own_cannot_make_a_channel_lawful() -> None:
    assert ordered(("email", "sms", "portal"), ("portal", "telegram", "email")) == ("portal", "email")
    assert ordered(("email", "sms"), ("telegram",)) == ("email", "sms")
    assert ordered(("email", "sms"), ()) == ("email", "sms")
