"""The facts about one servant that the plan needs; nothing here knows a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Servant:
    """One appointment of one person, as it stands for the evaluated period (N-1, N-2, N-3, N-5).

    Attributes:
        category: post category in Latin letters, "" outside corps B.
        leadership: holds a leadership position (N-1).
        heads_unit: is the head of the own structural unit (N-3).
        supervisor: the direct supervisor (N-2); unit_head: the head of the unit; body_head: the head of the body.
        ended_on: last day in the post; dismissed: it ended by dismissal from the body.
        worked: working days actually worked in the period, from the timesheet or counted.
        worked_source: "timesheet" or "calendar".
        superior: the supervisor's own supervisor (U-1, M-3).
        host_unit_head: where a seconded servant serves now: the head there. chief_of_staff: of the own body.
        probation_until: last day of probation (M-10, J-4).
        away: absent at the time of the evaluation, for a reason the act names (A-8, U-19).
        tenure_from: the day from which the time in the post counts anew, after social leave or studies (M-9).
    """

    person: int
    appointment: int
    category: str
    leadership: bool
    supervisor: int | None
    unit_head: int | None
    body_head: int | None
    started_on: date
    ended_on: date | None
    dismissed: bool
    worked: int
    worked_source: str
    superior: int | None = None
    host_unit_head: int | None = None
    chief_of_staff: int | None = None
    seconded: bool = False
    probation_until: date | None = None
    tenure_from: date | None = None
    tenure_from_why: str = ""
    away: bool = False


@dataclass(frozen=True, slots=True)
class Planned:
    """How one servant takes part.

    Attributes:
        exempt: not evaluated; then `rules` and `note` say why.
        form: form id of the act; evaluator: who is responsible.
        absent: away at the time of the evaluation, evaluated without participation (A-8, U-19).
        problem: a sentence when the plan cannot be made (no evaluator known); the schedule is not approvable with one.
    """

    person: int
    appointment: int
    exempt: bool
    form: str
    evaluator: int | None
    dismissed: bool
    rules: tuple[str, ...]
    note: str
    problem: str = ""
    absent: bool = False
