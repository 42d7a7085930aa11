"""The prefix table against the slow loop anybody can check."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.calendar import WorkCalendar, every_day
from rules.errors import NotInForce
from tests.nchr import CALENDAR

OFFICIAL = holidays.country_holidays("KZ", years=range(2017, 2033))
DAY = timedelta(days=1)
some_day = st.dates(date(2018, 1, 1), date(2031, 6, 30))


def walked(day: date, n: int, step: timedelta = DAY) -> date:
    while n:
        day += step
        n -= OFFICIAL.is_working_day(day)
    return day


@given(some_day, st.integers(1, 60))
def test_after_is_the_nth_working_day_met_on_foot(day: date, n: int) -> None:
    assert CALENDAR.after(day, n) == walked(day, n)


@given(some_day, st.integers(1, 30))
def test_before_leaves_n_full_working_days_between(day: date, n: int) -> None:
    last = CALENDAR.before(day, n)
    between = [d for d in every_day(last + DAY, day - DAY) if OFFICIAL.is_working_day(d)]
    assert OFFICIAL.is_working_day(last)
    assert len(between) == n


@given(some_day)
def test_the_nearest_working_days(day: date) -> None:
    back = next(d for d in (day - n * DAY for n in range(30)) if OFFICIAL.is_working_day(d))
    on = next(d for d in (day + n * DAY for n in range(30)) if OFFICIAL.is_working_day(d))
    assert (CALENDAR.on_or_before(day), CALENDAR.on_or_after(day)) == (back, on)


@given(some_day, st.integers(0, 400))
def test_count_is_what_one_counts(first: date, length: int) -> None:
    last = first + length * DAY
    assert CALENDAR.count(first, last) == sum(OFFICIAL.is_working_day(d) for d in every_day(first, last))
    assert CALENDAR.count(last, first - DAY) == 0


@given(some_day, st.integers(1, 40))
def test_a_term_is_as_long_as_the_days_it_holds(day: date, n: int) -> None:
    assert CALENDAR.count(day + DAY, CALENDAR.after(day, n)) == n


@given(st.sets(st.integers(0, 364), min_size=60), st.integers(0, 150), st.integers(1, 20))
def test_any_calendar_at_all(offsets: set[int], start: int, n: int) -> None:
    first = date(2026, 1, 1)
    calendar = WorkCalendar.of(first, date(2026, 12, 31), [first + k * DAY for k in offsets])
    later = sorted(k for k in offsets if k > start)
    if len(later) < n:
        with pytest.raises(NotInForce):
            calendar.after(first + start * DAY, n)
    else:
        assert calendar.after(first + start * DAY, n) == first + later[n - 1] * DAY


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 25), False),  # Sunday, Republic Day
        (date(2026, 10, 26), False),  # Monday: Republic Day moved
        (date(2026, 8, 31), True),  # Monday: no holiday any more
        (date(2025, 1, 5), True),  # a worked Sunday
        (date(2024, 6, 17), True),  # its day off was cancelled ten days before
        (date(2026, 3, 25), False),  # Wednesday: the third day of Nauryz moved
        (date(2026, 1, 7), False),  # Wednesday: Orthodox Christmas
        (date(2026, 5, 27), False),  # Wednesday: Kurban ait
    ],
)
def test_days_people_remember(day: date, works: bool) -> None:
    assert CALENDAR.is_working(day) is works


def test_days_after_the_last_settled_year_are_estimates() -> None:
    assert not CALENDAR.is_estimated(date(2026, 12, 31))
    assert CALENDAR.is_estimated(date(2027, 1, 1))


@pytest.mark.parametrize("day", [date(2016, 12, 31), date(2033, 1, 1)])
def test_days_outside_the_table_are_refused_with_its_limits(day: date) -> None:
    with pytest.raises(NotInForce, match="covers 2017-01-01 to 2032-12-31"):
        CALENDAR.is_working(day)


def test_a_term_that_leaves_the_table_is_refused() -> None:
    with pytest.raises(NotInForce, match="leaves the working-day calendar"):
        CALENDAR.after(date(2032, 12, 30), 5)
    with pytest.raises(NotInForce, match="leaves the working-day calendar"):
        CALENDAR.before(date(2017, 1, 5), 5)
