"""Periods that are evaluated before they end: which facts a sheet covers, and which go on to the next period (J-Q5).

An act may want a period evaluated by a day inside it. What happens after the day of the sheet is then carried to the
next period, lost, or taken up by opening the sheet again; which of them is an open question of the act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from rules.law import Law
from rules.period import Period
from rules.terms import by_period

#: what becomes of one dated fact on one sheet
COUNTED, CARRIED, LATER, OUTSIDE = "counted", "carried", "later", "outside"


@dataclass(frozen=True)
class Coverage:
    """Which days one sheet covers.

    Attributes:
        until: the last day the sheet of the period covers when the period is evaluated early, else None.
        carried_after: facts of the period before that came after this day belong here as well, or None.
        way: carried, lost or reopened.
    """

    period: Period
    until: date | None
    carried_after: date | None
    way: str

    def place(self, on: date | None) -> str:
        """What becomes of a fact: COUNTED, CARRIED from the period before, LATER than the sheet, or OUTSIDE.

        A fact without a day counts: who entered it entered it for this period.
        """
        if on is None:
            return COUNTED
        if on in self.period:
            too_late = self.until is not None and on > self.until
            return LATER if too_late and self.way != "reopened" else COUNTED
        before = self.period.before
        late_before = self.carried_after is not None and on in before and on > self.carried_after
        return CARRIED if late_before and self.way == "carried" else OUTSIDE

    def asks(self, on: date | None) -> bool:
        """Does the open question decide about this fact?"""
        if on is None:
            return False
        return (self.until is not None and on in self.period and on > self.until) or (
            self.carried_after is not None and on in self.period.before and on > self.carried_after
        )


def coverage(
    law: Law,
    early_deadline: str | None,
    period: Period,
    drawn_on: date | None = None,
    drawn_before_on: date | None = None,
    way: str | None = None,
) -> Coverage:
    """The days a sheet of a period covers.

    Args:
        early_deadline: id of the deadline that falls inside the periods it is for; None where the act has none.
        drawn_on: the day of this sheet; without it, the last permitted day.
        drawn_before_on: the day of the sheet of the period before; without it, its last permitted day.
        way: another option than the body's own reading.
    """
    until, before = _early_day(law, early_deadline, period), _early_day(law, early_deadline, period.before)
    if until is not None and drawn_on is not None:
        until = drawn_on
    if before is not None and drawn_before_on is not None:
        before = drawn_before_on
    return Coverage(period, until, before, way or law.decision("later_facts", "lost"))


def _early_day(law: Law, deadline: str | None, period: Period) -> date | None:
    """The last day for the evaluation of the period where that day lies inside it."""
    key = ("early_day", deadline, period)
    if key not in law.memo:
        day = by_period(law, law.deadline(deadline), period) if deadline is not None and period.quarter else None
        law.memo[key] = day if day is not None and day in period else None
    found: date | None = law.memo[key]
    return found
