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
from rules.counting import BY, COUNTABLE, add_months, placed, same_day, uses_calendar
from rules.errors import MissingSetting, RuleError
from rules.law import DeadlineRule, Law, Reason
from rules.period import Period

__all__ = ["COUNTABLE", "Due", "add_months", "all_due", "by_period", "due", "end_of_day"]

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
    if missing is None and rule.amount is None and not same_day(rule):
        missing = f"{_name(law, rule)}: the text gives no number of days for '{rule.id}'."
    if missing is not None or anchor_date is None:
        return Due(rule.id, None, None, rule.anchor, anchor_date, _reason(law, rule), rule, missing)
    legal, target = placed(law, rule, calendar, anchor_date)
    return Due(
        rule.id,
        legal,
        target,
        rule.anchor,
        anchor_date,
        _reason(law, rule),
        rule,
        estimated=uses_calendar(rule) and calendar.is_estimated(legal),
    )


def by_period(law: Law, rule: DeadlineRule, period: Period) -> date | None:
    """The last day of a term that follows from the period alone, before any shift; None for every other term."""
    event = _FROM_PERIOD.get(rule.anchor)
    start = event(period) if event and rule.direction == "by" else None
    if start is None or rule.amount is None or (rule.quarters and period.quarter not in (None, *rule.quarters)):
        return None
    return BY[rule.unit](rule, start)


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


def _reason(law: Law, rule: DeadlineRule) -> Reason:
    questions = list(rule.readings)
    if rule.direction != "by" and rule.amount != 0:
        questions.append("event_day")
    if uses_calendar(rule) and rule.unit != "working_day":
        questions.append("non_working_day")
    found = law.reason(rule.rules, rule.point, *questions)
    return replace(found, act=law.organisation) if rule.house or rule.own else found
