"""Working days as an exact prefix table: every count and every term is one or two look-ups.

The table is built once from a list of working days; which days those are is the methodologies' business.
Loops over "weekday and no holiday" are wrong where a Saturday is worked or a day off is moved.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from rules.errors import NotInForce


@dataclass(frozen=True)
class WorkCalendar:
    """The working days from `first` to `last`, both included.

    Attributes:
        days: ordinals of the working days, ascending.
        confirmed_until: the last day for which the days off are settled law; later ones are estimates.
        source: where the days come from, for the reason beside each date.
    """

    first: date
    last: date
    days: tuple[int, ...]
    confirmed_until: date
    source: str = ""
    _known: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", frozenset(self.days))

    @classmethod
    def of(
        cls,
        first: date,
        last: date,
        working: Iterable[date],
        confirmed_until: date | None = None,
        source: str = "",
    ) -> WorkCalendar:
        """Build the table from the working days themselves."""
        days = tuple(sorted({d.toordinal() for d in working if first <= d <= last}))
        return cls(first, last, days, confirmed_until or last, source)

    def _check(self, day: date) -> int:
        if not self.first <= day <= self.last:
            raise NotInForce(
                f"The working-day calendar covers {self.first} to {self.last}; {day} is outside it. "
                "Ask for a date inside, or extend the calendar's years."
            )
        return day.toordinal()

    def _at(self, index: int, asked_from: date) -> date:
        if not 0 <= index < len(self.days):
            raise NotInForce(
                f"The term counted from {asked_from} leaves the working-day calendar "
                f"({self.first} to {self.last}). Extend the calendar's years."
            )
        return date.fromordinal(self.days[index])

    def is_working(self, day: date) -> bool:
        """Is this day worked (moved days off and working Saturdays included)?"""
        return self._check(day) in self._known

    def after(self, day: date, n: int) -> date:
        """The n-th working day after `day`; the day itself is not counted (reading X-Q2)."""
        return self._at(bisect_right(self.days, self._check(day)) + n - 1, day)

    def before(self, day: date, n: int) -> date:
        """The last day on which n full working days still lie between it and `day` (reading X-Q2)."""
        first_between = bisect_left(self.days, self._check(day)) - n
        if first_between <= 0:
            self._at(-1, day)
        return self._at(first_between - 1, day)

    def on_or_before(self, day: date) -> date:
        """The last working day not later than `day` (the target of X-Q1)."""
        return self._at(bisect_right(self.days, self._check(day)) - 1, day)

    def on_or_after(self, day: date) -> date:
        """The first working day not earlier than `day` (where a right of the employee ends, X-Q1)."""
        return self._at(bisect_left(self.days, self._check(day)), day)

    def count(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both included; 0 when last < first."""
        if last < first:
            return 0
        return bisect_right(self.days, self._check(last)) - bisect_left(self.days, self._check(first))

    def is_estimated(self, day: date) -> bool:
        """Does the day lie after the last settled one (Kurban ait, moved days off)?"""
        return day > self.confirmed_until


def every_day(first: date, last: date) -> Iterable[date]:
    """All days from first to last, both included."""
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
