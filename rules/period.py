"""Evaluated periods: a quarter "2026-Q3" or a year "2026"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from rules.errors import RuleError

_SHAPE = re.compile(r"([0-9]{4})(?:-Q([1-4]))?")


@dataclass(frozen=True, order=True)
class Period:
    """A calendar quarter (`quarter` 1-4) or a whole year (`quarter` None). Rule N-7, pt 2(7)."""

    year: int
    quarter: int | None = None

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read "2026-Q3" or "2026".

        Raises:
            RuleError: the text is no period.
        """
        found = _SHAPE.fullmatch(str(text).strip())
        if not found or not 1990 <= int(found[1]) <= 2100:
            raise RuleError(f"'{text}' is not a period: write a quarter as 2026-Q3 or a year as 2026.")
        return cls(int(found[1]), int(found[2]) if found[2] else None)

    def __str__(self) -> str:
        return f"{self.year}-Q{self.quarter}" if self.quarter else str(self.year)

    @cached_property
    def first_day(self) -> date:
        """The first day of the period."""
        return date(self.year, 3 * (self.quarter or 1) - 2, 1)

    @cached_property
    def day_after(self) -> date:
        """The first day after the period."""
        if self.quarter in (None, 4):
            return date(self.year + 1, 1, 1)
        return date(self.year, 3 * (self.quarter or 4) + 1, 1)

    @cached_property
    def last_day(self) -> date:
        """The last day of the period."""
        return self.day_after - timedelta(days=1)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """The quarters of a year; a quarter itself."""
        if self.quarter:
            return (self,)
        return tuple(Period(self.year, q) for q in (1, 2, 3, 4))

    @property
    def after(self) -> Period:
        """The next quarter, or the next year."""
        if self.quarter in (None, 4):
            return Period(self.year + 1, 1 if self.quarter else None)
        return Period(self.year, (self.quarter or 0) + 1)

    @property
    def before(self) -> Period:
        """The quarter before, or the year before."""
        if self.quarter in (None, 1):
            return Period(self.year - 1, 4 if self.quarter else None)
        return Period(self.year, (self.quarter or 0) - 1)

    def __contains__(self, day: date) -> bool:
        return self.first_day <= day <= self.last_day
