"""The working days of Kazakhstan from the `holidays` library, corrected by the body's dated file."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays

from methodologies.loading import digest
from rules.calendar import WorkCalendar, every_day
from rules.errors import NotInForce
from rules.organisation import CalendarCorrection, Organisation

#: the years whose days off were compared with the official calendars, then the years estimated after them
FIRST_YEAR, LAST_CONFIRMED_YEAR, LAST_YEAR = 2017, 2026, 2032


def work_calendar(organisation: Organisation) -> WorkCalendar:
    """The working days 2017-2032 as the body's file corrects them; days after 2026 are estimates.

    A body that has compared later years says so in its setting `calendar_confirmed_until`.

    Raises:
        NotInForce: a correction lies outside these years.
    """
    confirmed = organisation.settings.get("calendar_confirmed_until", date(LAST_CONFIRMED_YEAR, 12, 31))
    return _built(organisation.calendar_corrections, confirmed)


def calendar_hash(calendar: WorkCalendar) -> str:
    """The SHA-256 of the days themselves, pinned by each cycle."""
    return digest([calendar.first, calendar.last, calendar.days, calendar.confirmed_until])


@lru_cache(maxsize=32)
def _built(corrections: tuple[CalendarCorrection, ...], confirmed: date) -> WorkCalendar:
    first, last = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
    working = set(_official())
    for correction in corrections:
        if not first <= correction.day <= last:
            raise NotInForce(
                f"The calendar correction of {correction.day} ({correction.decree}) is outside the years "
                f"{FIRST_YEAR}-{LAST_YEAR} the working-day calendar covers; remove it."
            )
        (working.add if correction.working else working.discard)(correction.day)
    return WorkCalendar.of(first, last, working, confirmed, _source(corrections))


@lru_cache(maxsize=1)
def _official() -> frozenset[date]:
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    country = holidays.country_holidays("KZ", years=years, language="en_US")
    days = every_day(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
    return frozenset(day for day in days if country.is_working_day(day))


def _source(corrections: Iterable[CalendarCorrection]) -> str:
    decrees = "; ".join(f"{one.day}: {one.decree}" for one in corrections)
    library = f"holidays {importlib.metadata.version('holidays')}, Kazakhstan"
    return f"{library}, corrected by {decrees}" if decrees else library
