"""The evaluation schedule (бағалау кестесі): who is evaluated by whom, by when, and why that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.errors import WrongField
from documents.page import compose
from documents.parts import Act, Signer
from documents.typesetting import Page, typeset
from rules.period import Period


@dataclass(frozen=True)
class ScheduleRow:
    """One evaluated person; `due` holds one day per due column, None where the column is not for them."""

    name: str
    post: str
    form: str
    evaluator: str
    due: tuple[date | None, ...]


@dataclass(frozen=True)
class ScheduleUnit:
    """A structural unit and its people in the order of the list."""

    name: str
    rows: tuple[ScheduleRow, ...]


@dataclass(frozen=True)
class ScheduledDeadline:
    """One deadline: the legal day, the working day aimed at (`target`), the point of the act, the reason."""

    what: str
    due: date
    point: str
    reason: str
    target: date | None = None


@dataclass(frozen=True)
class ExemptPerson:
    """A person who is not evaluated, why, and the point of the act. Rules N-13, N-14."""

    name: str
    post: str
    unit: str
    reason: str
    point: str


@dataclass(frozen=True)
class Schedule:
    """A cycle's schedule with its approval block; `approved_on` is None until it is approved. Rule N-25."""

    body: str
    act: Act
    period: Period
    approved_by: Signer
    drawn_up_by: Signer
    drawn_up_on: date
    due_columns: tuple[str, ...]
    units: tuple[ScheduleUnit, ...]
    deadlines: tuple[ScheduledDeadline, ...]
    exempt: tuple[ExemptPerson, ...] = ()
    approved_on: date | None = None
    reference: str = ""


def page(schedule: Schedule, language: str) -> Page:
    """The schedule as a page; see `render`."""
    return compose(
        "schedule",
        schedule,
        language,
        schedule.approved_on or schedule.drawn_up_on,
        fill=lambda _: _counts(schedule),
    )


def render(schedule: Schedule, language: str) -> bytes:
    """The schedule as PDF, any number of people, heads repeated on every page (rules N-10, N-13, N-14, N-25).

    Raises:
        MissingField: a required field is empty.
        WrongField: a person has more or fewer days than there are due columns.
    """
    return typeset(page(schedule, language))


def _counts(schedule: Schedule) -> dict[str, int]:
    rows = [row for unit in schedule.units for row in unit.rows]
    for row in rows:
        if len(row.due) != len(schedule.due_columns):
            problem = f"of {row.name} has {len(row.due)} days for {len(schedule.due_columns)} columns"
            raise WrongField("schedule", "due", problem)
    return {"people": len(rows), "exempt_people": len(schedule.exempt)}
