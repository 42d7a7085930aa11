"""When something is due: the legal date, the date to aim for, and why.

A term is counted by the act's own rule under the body's readings. What is done at 23:59:59 of the due day in
the body's zone is in time; at 24:00 it is late.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from rules.calendar import WorkCalendar
from rules.errors import MissingSetting, RuleError
from rules.law import DeadlineRule, Law, Reason
from rules.period import Period

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """One deadline of one period.

    Attributes:
        due: the legal date; None when the event it is counted from is not known.
        target: the date the body should aim for; never later than `due`.
        anchor_date: the day of the event `anchor`.
        missing: the sentence that names the unknown event or setting.
        estimated: the date leans on days off that are not settled yet.
    """

    id: str
    due: date | None
    target: date | None
    anchor: str
    anchor_date: date | None
    reason: Reason
    rule: DeadlineRule
    missing: str | None = None
    estimated: bool = False

    def due_at(self, zone: str | tzinfo) -> datetime:
        """The first instant that is too late, in UTC: 24:00 of the due day in the zone.

        Raises:
            RuleError: the date is not known yet; the sentence names the missing event.
        """
        if self.due is None:
            raise RuleError(self.missing or f"The date of '{self.id}' is not known.")
        return end_of_day(self.due, zone)


def end_of_day(day: date, zone: str | tzinfo) -> datetime:
    """24:00 of a day in a zone, as an instant in UTC; done before it is done on that day."""
    where = ZoneInfo(zone) if isinstance(zone, str) else zone
    return datetime.combine(day + _DAY, time(), where).astimezone(UTC)


def all_due(
    law: Law, calendar: WorkCalendar, period: Period, anchors: Mapping[str, date] | None = None
) -> tuple[Due, ...]:
    """Every deadline of the act and of the house for one period; same refusals as `due`."""
    return tuple(due(law, rule, calendar, period, anchors or {}) for rule in law.deadlines.values())


def due(law: Law, rule: DeadlineRule, calendar: WorkCalendar, period: Period, anchors: Mapping[str, date]) -> Due:
    """One deadline under the readings X-Q1 (non-working days) and X-Q2 (day of the event).

    Raises:
        NotInForce: the term leaves the years of the working-day calendar.
        RuleError: an event's date was given that follows from the period and differs from it.
    """
    anchor_date, missing = _anchor(law, rule, calendar, period, anchors)
    if missing is None and rule.amount is None and not _same_day(rule):
        missing = f"{_name(law, rule)}: the text gives no number of days for '{rule.id}'."
    if missing is not None or anchor_date is None:
        return Due(rule.id, None, None, rule.anchor, anchor_date, _reason(law, rule), rule, missing)
    legal, target = _placed(law, rule, calendar, anchor_date)
    return Due(
        rule.id,
        legal,
        target,
        rule.anchor,
        anchor_date,
        _reason(law, rule),
        rule,
        estimated=_uses_calendar(rule) and calendar.is_estimated(legal),
    )


def _same_day(rule: DeadlineRule) -> bool:
    """Is the term that of another deadline, without a number of its own?"""
    return rule.amount is None and rule.follows is not None and rule.direction == "by"


def by_period(law: Law, rule: DeadlineRule, period: Period) -> date | None:
    """The last day of a term that follows from the period alone, before any shift; None for every other term."""
    event = _FROM_PERIOD.get(rule.anchor)
    start = event(period) if event and rule.direction == "by" else None
    if start is None or rule.amount is None or (rule.quarters and period.quarter not in (None, *rule.quarters)):
        return None
    return _BY[rule.unit](rule, start)


# --- the event the term starts with ---------------------------------------------------------------------


def _quarter(period: Period, day: Callable[[Period], date]) -> date | None:
    return day(period) if period.quarter else None


#: events that follow from the evaluated period; None when the period is not of that kind
_FROM_PERIOD: Mapping[str, Callable[[Period], date | None]] = {
    "month_after_reporting_quarter": lambda period: _quarter(period, lambda p: p.day_after),
    "month_after_reporting_year": lambda period: date(period.year + 1, 1, 1),
    "year_after_reporting_year": lambda period: date(period.year + 1, 1, 1),
    "evaluated_year": lambda period: date(period.year, 1, 1),
    "evaluation_period_start": lambda period: period.first_day,
}


def _anchor(
    law: Law, rule: DeadlineRule, calendar: WorkCalendar, period: Period, anchors: Mapping[str, date]
) -> tuple[date | None, str | None]:
    if rule.quarters and period.quarter and period.quarter not in rule.quarters:
        own = ", ".join(map(str, rule.quarters))
        return None, f"{_name(law, rule)}: '{rule.id}' is for the quarters {own} of a year, not for {period}."
    given = anchors.get(rule.anchor)
    if rule.anchor in _FROM_PERIOD:
        return _from_period(law, rule, period, given)
    if given is not None:
        return given, None
    if rule.follows:
        return _followed(law, rule.follows, calendar, period, anchors)
    if rule.anchor in ("order_signed", "state_registration", "first_official_publication") and rule.revision:
        return _from_revision(law, rule)
    return None, f"{_name(law, rule)}: the day of the event '{rule.anchor}' is not known; the term starts with it."


def _followed(
    law: Law, deadline_id: str, calendar: WorkCalendar, period: Period, anchors: Mapping[str, date]
) -> tuple[date | None, str | None]:
    try:
        other = due(law, law.deadline(deadline_id), calendar, period, anchors)
    except MissingSetting as refusal:
        return None, str(refusal)
    return other.due, other.missing


def _from_period(law: Law, rule: DeadlineRule, period: Period, given: date | None) -> tuple[date | None, str | None]:
    usual = _FROM_PERIOD[rule.anchor](period)
    day = _plan_start(law, rule, period) or usual
    if day is None:
        why = f"'{rule.id}' belongs to a quarter, and {period} is a year; ask for one quarter"
        return None, f"{_name(law, rule)}: {why}."
    if given is not None and given not in (day, usual):
        raise RuleError(
            f"{_name(law, rule)}: '{rule.anchor}' follows from the period {period} and is {day}, "
            f"not {given}; leave it out or ask for another period."
        )
    return given or day, None


def _plan_start(law: Law, rule: DeadlineRule, period: Period) -> date | None:
    """The start of the period a plan is for, where the act asks whether that is the year or the quarter (U-Q2)."""
    plan = law.deciding("plan_period")
    asked = plan is not None and rule.anchor == "evaluation_period_start" and set(plan.ids) & set(rule.readings)
    return date(period.year, 1, 1) if plan and asked and plan.chosen == "year" else None


def _from_revision(law: Law, rule: DeadlineRule) -> tuple[date | None, str | None]:
    revision = next(one for one in law.revisions if one.id == rule.revision)
    if rule.anchor == "order_signed":
        return revision.date, None
    if rule.anchor == "state_registration":
        unprinted = f"{_name(law, rule)}: the day of state registration of {revision.title} is not printed."
        return revision.registered, None if revision.registered else unprinted
    # only a wording in force from the very day of publication tells us that day
    if revision.in_force_from is not None and rule.amount == 0:
        return revision.in_force_from, None
    unknown = f"{_name(law, rule)}: the day of first official publication of {revision.title} is not printed"
    if revision.in_force_from is not None:
        return None, f"{unknown}; it is in force here from {revision.in_force_from} (in_force_from.{revision.id})."
    return None, f"{unknown}; set in_force_from.{revision.id} in the organisation file of {law.organisation}."


def _name(law: Law, rule: DeadlineRule) -> str:
    return f"{law.organisation}, {rule.point}" if rule.house or rule.own else f"{law.act}, {rule.point}"


# --- counting -------------------------------------------------------------------------------------------


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
_BY: Mapping[str, Callable[[DeadlineRule, date], date]] = {
    "day_of_month": _day_of_month,
    "month": _end_of_month,
    "date": _fixed_date,
}


def _by(law: Law, rule: DeadlineRule, calendar: WorkCalendar, start: date) -> date:
    return _BY[rule.unit](rule, start)


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


def _uses_calendar(rule: DeadlineRule) -> bool:
    """A day to keep until, and the day a wording takes effect, do not ask whether they are worked."""
    return not rule.keep and rule.amount != 0


def _placed(law: Law, rule: DeadlineRule, calendar: WorkCalendar, anchor: date) -> tuple[date, date]:
    if rule.amount == 0:
        return anchor, anchor
    if _same_day(rule):
        return anchor, calendar.on_or_before(anchor)
    last = _COUNT[rule.unit, rule.direction](law, rule, calendar, anchor)
    if not _uses_calendar(rule):
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


def _reason(law: Law, rule: DeadlineRule) -> Reason:
    questions = list(rule.readings)
    if rule.direction != "by" and rule.amount != 0:
        questions.append("event_day")
    if _uses_calendar(rule) and rule.unit != "working_day":
        questions.append("non_working_day")
    found = law.reason(rule.rules, rule.point, *questions)
    return replace(found, act=law.organisation) if rule.house or rule.own else found
