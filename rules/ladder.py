"""By which channels a notice may go, and until when one that proves nothing is waited for before the next is tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from rules.calendar import WorkCalendar
from rules.terms import end_of_day

#: what knocks at the door goes before what waits to be looked at
TOLD_BY = ("email", "sms", "mobile_app", "portal")
#: means that leave a record of the delivery, in the order most acts name them
RECORDED = ("registered_letter", "telephonogram", "telegram", "sms", "email", "other_registered")
#: the telephone and the telegraph have words of their own for these; the closed letter states a result and nothing else
_BY_RECORD = (*TOLD_BY, "registered_letter", "telephonogram", "telegram", "other_registered")
#: kinds of notices that must be proved, with every channel each may go by; the others go by `TOLD_BY`
PROVED: Mapping[str, tuple[str, ...]] = {
    "result_served": RECORDED,
    "request_refused": _BY_RECORD,
    "session_invitation": _BY_RECORD,
    "calibrated_result": _BY_RECORD,
}
#: kinds that only tell
TOLD = (
    "evaluation_announced", "evaluation_scheduled", "sheets_waiting", "own_part_waiting", "agreement_waiting",
    "signature_waiting", "survey_waiting", "marks_reminder", "marks_overdue", "result_ready", "result_reminder",
    "request_registered", "session_called", "protocol_ready", "feedback_due", "decision_needed", "deadline_alert",
    "schedule_needed", "substitute_needed", "annual_mark_ready",
)  # fmt: skip
KINDS = (*TOLD, *PROVED)


def channels_of(kind: str) -> tuple[str, ...]:
    """Every channel a kind of notice may go by."""
    return PROVED.get(kind, TOLD_BY)


def ordered(usable: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    """The lawful channels in the body's own order, where it gives one that leaves any of them; else in the usual one."""
    return tuple(one for one in own if one in usable) or tuple(usable)


def leaves_a_day(due_at: datetime, calendar: WorkCalendar, zone: ZoneInfo) -> datetime:
    """The last instant from which one whole working day is left before `due_at`, the first instant too late."""
    day = due_at.astimezone(zone).date() - timedelta(days=1)
    last = calendar.on_or_before(day)
    return _begins(last, zone)


def silent_until(
    written_at: datetime,
    handed_at: datetime,
    due_at: datetime | None,
    calendar: WorkCalendar,
    zone: ZoneInfo,
    patience: timedelta | None = None,
) -> datetime | None:
    """Until when a notice that must be proved may prove nothing before the next channel is tried; None: for ever.

    The last moment that leaves the next channel one whole working day before the term; sooner where the body is less
    patient. What was written too late for that, and what has no term, is waited for. Never after the term.
    """
    if due_at is None or written_at >= due_at:
        return None
    last = leaves_a_day(due_at, calendar, zone)
    moments = [last] if written_at < last else []
    if patience is not None and handed_at + patience < due_at:
        moments.append(handed_at + patience)
    return min(moments, default=None)


def _begins(day: date, zone: ZoneInfo) -> datetime:
    return end_of_day(day - timedelta(days=1), zone)
