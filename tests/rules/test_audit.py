"""A verdict to the microsecond: what is done before 24:00 of the last day is in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.audit import KEPT, LATE, MISSED, NOT_YET, verdict
from rules.terms import end_of_day
from tests.makers import at

TICK = timedelta(microseconds=1)
DUE = end_of_day(date(2026, 10, 20), "Asia/Almaty")


@pytest.mark.rule("N-10")
def test_the_last_instant_of_the_twentieth_is_in_time_and_midnight_is_late() -> None:
    assert at("2026-10-20 23:59:59.999999") + TICK == DUE == at("2026-10-21 00:00:00")
    assert verdict(DUE, DUE - TICK, DUE) == KEPT
    assert verdict(DUE, DUE, DUE) == LATE


@pytest.mark.rule("N-10")
def test_what_is_not_done_is_open_until_midnight_and_missed_from_then_on() -> None:
    assert verdict(DUE, None, DUE - TICK) == NOT_YET
    assert verdict(DUE, None, DUE) == MISSED


def test_when_the_program_looks_changes_nothing_about_what_was_done() -> None:
    for looked in (DUE - timedelta(days=9), DUE, DUE + timedelta(days=900)):
        assert verdict(DUE, DUE - TICK, looked) == KEPT
        assert verdict(DUE, DUE + TICK, looked) == LATE


moments = st.datetimes(datetime(2026, 10, 1), datetime(2026, 11, 1), timezones=st.just(UTC))


@given(moments, st.none() | moments, moments)
def test_a_verdict_is_one_of_four_and_only_says_late_or_missed_when_the_term_is_over(
    due: datetime, done: datetime | None, now: datetime
) -> None:
    found = verdict(due, done, now)
    assert found in (KEPT, LATE, MISSED, NOT_YET)
    assert (found == KEPT) is (done is not None and done < due)
    assert (found == MISSED) is (done is None and now >= due)
    assert (found in (LATE, KEPT)) is (done is not None)
