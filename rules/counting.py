"""Counting a term from the day it starts with: working days, calendar days, months, and last days that are not worked.

The ways of counting are the act's own units; what is open in them comes from its readings (X-Q1, X-Q2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from rules.calendar import WorkCalendar
from rules.law import DeadlineRule, Law

_DAY = timedelta(days=1)


def _counted(law: Law) -> int:
    return 1 if law.decision("event_day") == "counted" else 0


def _working_after(law: Law, rule: DeadlineRule, calendar: WorkCalendar, start: date) -> date:
    return calendar.after(start - _counted(law) * _DAY, int(rule.amount or 0))


def _working_before(law: Law, rule: DeadlineRule, calendar: WorkCalendar, end: date) -> date:
    if _within(law, rule):
        return calendar.before(end, 0)
    return calendar.before(end + _counted(law) * _DAY, int(rule.amount or 0))


def _within(law: Law, rule: DeadlineRule) -> bool:
    """Will any day of the term do (M-Q15)? Then the last of them is the deadline."""
    asked = law.deciding("notice_before")
    return asked is not None and asked.chosen == "within" and bool(set(asked.ids) & set(rule.readings))


def _calendar_after(law: Law, rule: DeadlineRule, calendar: WorkCalendar, start: date) -> date:
    amount = int(rule.amount or 0)
    return start + max(amount - _counted(law), 0) * _DAY


def _calendar_before(law: Law, rule: DeadlineRule, calendar: WorkCalendar, end: date) -> date:
    return end - (int(rule.amount or 0) + 1 - _counted(law)) * _DAY


def _months_after(law: Law, rule: DeadlineRule, calendar: WorkCalendar, start: date) -> date:
    months = int(rule.amount or 0) * (12 if rule.unit == "year" else 1)
    return add_months(start, months) - _counted(law) * _DAY


def _day_of_month(rule: DeadlineRule, start: date) -> date:
    return start.replace(day=int(rule.amount or 1))


def _end_of_month(rule: DeadlineRule, start: date) -> date:
    return add_months(start.replace(day=1), int(rule.amount or 1)) - _DAY


def _fixed_date(rule: DeadlineRule, start: date) -> date:
    text = str(rule.amount)
    return date.fromisoformat(text if len(text) > len("MM-DD") else f"{start.year}-{text}")


#: unit of a term "by" -> its last day; no working day is asked
BY: Mapping[str, Callable[[DeadlineRule, date], date]] = {
    "day_of_month": _day_of_month,
    "month": _end_of_month,
    "date": _fixed_date,
}


def _by(law: Law, rule: DeadlineRule, calendar: WorkCalendar, start: date) -> date:
    return BY[rule.unit](rule, start)


_COUNT: Mapping[tuple[str, str], Callable[[Law, DeadlineRule, WorkCalendar, date], date]] = {
    ("working_day", "after"): _working_after,
    ("working_day", "before"): _working_before,
    ("calendar_day", "after"): _calendar_after,
    ("calendar_day", "before"): _calendar_before,
    ("month", "after"): _months_after,
    ("year", "after"): _months_after,
    ("day_of_month", "by"): _by,
    ("month", "by"): _by,
    ("date", "by"): _by,
}

#: the units and directions a term may combine
COUNTABLE = tuple(_COUNT)


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last day of that month when it has no such day."""
    total = day.year * 12 + day.month - 1 + months
    first = date(total // 12, total % 12 + 1, 1)
    following = date((total + 1) // 12, (total + 1) % 12 + 1, 1)
    return first.replace(day=min(day.day, (following - _DAY).day))


# --- non-working days -----------------------------------------------------------------------------------


def uses_calendar(rule: DeadlineRule) -> bool:
    """A day to keep until, and the day a wording takes effect, do not ask whether they are worked."""
    return not rule.keep and rule.amount != 0


def placed(law: Law, rule: DeadlineRule, calendar: WorkCalendar, anchor: date) -> tuple[date, date]:
    """The legal day of a term and the day to aim for, counted from its anchor."""
    if rule.amount == 0:
        return anchor, anchor
    if same_day(rule):
        return anchor, calendar.on_or_before(anchor)
    last = _COUNT[rule.unit, rule.direction](law, rule, calendar, anchor)
    if not uses_calendar(rule):
        return last, last
    legal = (
        last
        if rule.unit == "working_day"
        else _shifted(law.decision("non_working_day", "protective"), rule.right, calendar, last)
    )
    target = calendar.on_or_before(legal)
    # nobody can aim for a day before the event itself
    return legal, legal if rule.direction == "after" and target < anchor else target


def _shifted(reading: str, right: bool, calendar: WorkCalendar, last: date) -> date:
    forward = reading == "shift_forward" or (right and reading in ("protective", "duty_back"))
    if forward:
        return calendar.on_or_after(last)
    return calendar.on_or_before(last) if reading == "duty_back" else last


def same_day(rule: DeadlineRule) -> bool:
    """Is the term that of another deadline, without a number of its own?"""
    return rule.amount is None and rule.follows is not None and rule.direction == "by"
