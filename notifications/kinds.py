"""What each kind of notice says, one function a kind: a fact that is missing, unknown or badly written is refused here.

Days are dates or their ISO words, `at` the body's local time. `period` and `portal` (the portal's address) go with every kind;
a `count` that differs from person to person comes from the rows of `notify` itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from notifications.catalogue import kind_of
from notifications.facts import check

Day = date | str


@dataclass(frozen=True)
class Said:
    """What a notice says: its kind, and the facts its words are made of."""

    kind: str
    facts: Mapping[str, str]

    def at(self, portal: str | None) -> Said:
        """The same, with the portal's address.

        Raises:
            RuleError: it is no address a notice may hold.
        """
        return self if portal is None else _said(self.kind, **{**self.facts, "portal": portal})


def _said(kind: str, **facts: Day | int | None) -> Said:
    """Refusals as `facts.check`."""
    given = {name: _text(value) for name, value in facts.items() if value is not None}
    check(kind, kind_of(kind).needs, given)
    return Said(kind, given)


def _text(value: Day | int) -> str:
    return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else str(value)


def evaluation_announced(*, period: str, due: Day, portal: str | None = None) -> Said:
    """The evaluation takes place, until this day."""
    return _said("evaluation_announced", period=period, due=due, portal=portal)


def evaluation_scheduled(
    *, period: str, start: Day, due: Day, count: int | None = None, portal: str | None = None
) -> Said:
    """The sheets open on a day to come."""
    return _said("evaluation_scheduled", period=period, start=start, due=due, count=count, portal=portal)


def sheets_waiting(
    *, period: str, due: Day, target: Day | None = None, count: int | None = None, portal: str | None = None
) -> Said:
    """Sheets wait to be filled in."""
    return _said("sheets_waiting", period=period, due=due, target=target, count=count, portal=portal)


def own_part_waiting(*, period: str, due: Day | None = None, portal: str | None = None) -> Said:
    """The servant's own part of the sheet waits."""
    return _said("own_part_waiting", period=period, due=due, portal=portal)


def agreement_waiting(
    *, period: str, due: Day | None = None, count: int | None = None, portal: str | None = None
) -> Said:
    """Signed sheets wait for the superior's agreement."""
    return _said("agreement_waiting", period=period, due=due, count=count, portal=portal)


def signature_waiting(*, period: str, portal: str | None = None) -> Said:
    """The sheet waits for the servant's signature."""
    return _said("signature_waiting", period=period, portal=portal)


def survey_waiting(*, period: str, due: Day, count: int | None = None, portal: str | None = None) -> Said:
    """Questionnaires wait."""
    return _said("survey_waiting", period=period, due=due, count=count, portal=portal)


def marks_reminder(
    *, period: str, due: Day, target: Day | None = None, count: int | None = None, portal: str | None = None
) -> Said:
    """Sheets are not filled in yet."""
    return _said("marks_reminder", period=period, due=due, target=target, count=count, portal=portal)


def marks_overdue(*, period: str, due: Day, count: int | None = None, portal: str | None = None) -> Said:
    """Sheets were not filled in in time."""
    return _said("marks_overdue", period=period, due=due, count=count, portal=portal)


def result_ready(*, period: str, days: int | None = None, portal: str | None = None) -> Said:
    """The result waits; `days`: the term to disagree, in working days."""
    return _said("result_ready", period=period, days=days, portal=portal)


def result_reminder(*, period: str, days: int | None = None, portal: str | None = None) -> Said:
    """The result was not opened yet."""
    return _said("result_reminder", period=period, days=days, portal=portal)


def result_served(*, period: str, due: Day | None = None, days: int | None = None, portal: str | None = None) -> Said:
    """The result is served by a channel that is recorded."""
    return _said("result_served", period=period, due=due, days=days, portal=portal)


def request_registered(
    *, period: str, received: Day | None = None, due: Day | None = None, portal: str | None = None
) -> Said:
    """The request was registered."""
    return _said("request_registered", period=period, received=received, due=due, portal=portal)


def request_refused(*, period: str, portal: str | None = None) -> Said:
    """The request was refused; the ground stands in the document alone."""
    return _said("request_refused", period=period, portal=portal)


def session_called(*, period: str, due: Day, at: datetime | None = None, portal: str | None = None) -> Said:
    """A session was called; `at`: the body's local time."""
    return _said("session_called", period=period, due=due, at=at, portal=portal)


def session_invitation(*, period: str, due: Day, at: datetime | None = None, portal: str | None = None) -> Said:
    """Evaluatee and evaluator are invited to be heard."""
    return _said("session_invitation", period=period, due=due, at=at, portal=portal)


def protocol_ready(*, period: str, portal: str | None = None) -> Said:
    """The protocol was placed."""
    return _said("protocol_ready", period=period, portal=portal)


def calibrated_result(*, period: str, portal: str | None = None) -> Said:
    """The result after the session waits."""
    return _said("calibrated_result", period=period, portal=portal)


def feedback_due(*, period: str, due: Day | None = None, portal: str | None = None) -> Said:
    """The evaluator is asked to meet the evaluatee."""
    return _said("feedback_due", period=period, due=due, portal=portal)


def decision_needed(*, period: str, due: Day, received: Day | None = None, portal: str | None = None) -> Said:
    """A request waits for a decision."""
    return _said("decision_needed", period=period, due=due, received=received, portal=portal)


def deadline_alert(*, period: str, due: Day, count: int, point: str, portal: str | None = None) -> Said:
    """A term is missed, or near; `count`: so many still owe it."""
    return _said("deadline_alert", period=period, due=due, count=count, point=point, portal=portal)


def schedule_needed(*, period: str, point: str, due: Day | None = None, portal: str | None = None) -> Said:
    """A schedule waits for its days and its approval."""
    return _said("schedule_needed", period=period, point=point, due=due, portal=portal)


def substitute_needed(*, period: str, due: Day, count: int, point: str, portal: str | None = None) -> Said:
    """Sheets lie with somebody who cannot sign them."""
    return _said("substitute_needed", period=period, due=due, count=count, point=point, portal=portal)


def annual_mark_ready(*, period: str, portal: str | None = None) -> Said:
    """The annual mark waits."""
    return _said("annual_mark_ready", period=period, portal=portal)
