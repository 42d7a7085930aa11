"""What every part of the story needs at hand, and the few look-ups they share."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from cli.demonstration.cast import Cast
from cli.demonstration.clock import Agenda, Clock, Diary
from cli.demonstration.machine import Machine
from cli.demonstration.place import Place
from models import Cycle
from models.work import reading
from services.ground import Ground, find_cycle

#: above so many sheets people act in sets, as the information system would export them
MANY = 200


@dataclass
class Scene:
    """One body, one cycle, one story.

    Attributes:
        begun: the day the sheets go out. due: the last day of the evaluation.
        planned: assessments and notices whose next step a person has in the diary already. seen: channels -> the last
            notice of them the far side looked at.
    """

    place: Place
    clock: Clock
    ground: Ground
    key: str
    cycle: Cycle
    cast: Cast
    machine: Machine
    begun: date
    due: date
    agenda: Agenda = field(default_factory=Agenda)
    diary: Diary = field(default_factory=Diary)
    planned: set[tuple[str, int]] = field(default_factory=set)
    seen: dict[tuple[str, ...], int] = field(default_factory=dict)

    @property
    def cycle_id(self) -> int:
        """The id of the cycle."""
        return self.cycle.id or 0

    @property
    def large(self) -> bool:
        """Do people act in sets?"""
        return len(self.cast.sheets) > MANY

    def first_time(self, what: str, number: int) -> bool:
        """Was this not planned before? From now on it is."""
        new = (what, number) not in self.planned
        self.planned.add((what, number))
        return new

    def stage(self) -> str:
        """Where the cycle stands."""
        with reading() as session:
            return find_cycle(session, self.key).stage

    def waiting(self) -> int:
        """How many assessments are neither closed nor exempt."""
        with reading() as session:
            return int(session.connection().execute(_LEFT, {"c": self.cycle_id}).scalar_one())


_LEFT = text("SELECT COUNT(*) FROM assessment WHERE cycle_id = :c AND stage NOT IN ('closed', 'exempt', 'disposed')")


def actor(person: int | None) -> str:
    """How a person is named in the journal."""
    return f"person/{person}"


def rows(session: Session, query: str, **values: Any) -> list[Any]:
    """What a query in our own words yields."""
    return list(session.connection().execute(text(query), values).all())


def hour_of(number: int, first: int = 10, hours: int = 6) -> tuple[int, int]:
    """An hour and minute of the working day that belong to a number: the same person, the same habit."""
    return first + number % hours, number * 7 % 60


def moment_of(clock: Clock, day: date, number: int) -> datetime:
    """The moment of a day at which this number acts."""
    return clock.at(day, *hour_of(number))
