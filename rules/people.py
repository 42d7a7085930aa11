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


@dataclass(frozen=True, slots=True)
class Planned:
    """How one servant takes part.

    Attributes:
        exempt: not evaluated; then `rules` and `note` say why.
        form: form id of the act; evaluator: who is responsible.
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
