"""What every part of a simulation needs at hand: the body, its cycles and plans, the clock, the agenda, the story."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from random import Random
from typing import Any

from sqlmodel import Session

from cli.demonstration.clock import Agenda, Clock, Diary
from cli.demonstration.place import Place
from cli.demonstration.scene import hour_of, rows
from cli.simulation.script import Happening, Lived, Script, Words
from models.work import reading
from rules.errors import NotFound
from rules.organisation import Organisation
from services.facts import person_id
from services.ground import Ground, Known
from services.officials import holder, hr_on

#: above so many people they act in sets, as the information system would export them
MANY = 200

Act = Callable[[list[int], datetime], None]


@dataclass
class Run:
    """One cycle that is lived.

    Attributes:
        first: the day on which sheets lie with people. due: the last day of the evaluation, where there is one.
        last: the day until which sheets are signed by default. sits: the days of the Commission to come.
    """

    lived: Lived
    key: str
    cycle: Known
    ground: Ground
    first: date
    due: date
    last: date
    sits: list[date]

    @property
    def id(self) -> int:
        """The id of the cycle."""
        return self.cycle.id or 0

    @property
    def path(self) -> tuple[str, ...]:
        """The main line of the evaluation."""
        return self.ground.evaluation.path

    def after(self, stage: str) -> str:
        """The stage that follows on the main line."""
        place = self.path.index(stage) + 1
        return self.path[place] if place < len(self.path) else ""

    def allows(self, event: str) -> bool:
        """Does the evaluation know the event?"""
        return event in self.ground.walk.steps


@dataclass
class World:
    """One body, its year, and everybody in it.

    Attributes:
        organisation: the body's own file. act: id of the act, or the folder it lies in; act_id: the id alone.
        runs: the cycles that are open or were; drawn: the rounds of plans.
        planned: what somebody has in the diary already. moved: did anybody do anything today?
    """

    place: Place
    organisation: Path
    act: str | Path
    act_id: str
    body: Organisation
    clock: Clock
    script: Script
    first: date
    large: bool = False
    agenda: Agenda = field(default_factory=Agenda)
    diary: Diary = field(default_factory=Diary)
    runs: list[Run] = field(default_factory=list)
    drawn: list[Any] = field(default_factory=list)
    planned: set[tuple[Any, ...]] = field(default_factory=set)
    away: dict[int, list[tuple[date, date, str]]] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    events: list[Happening] = field(default_factory=list)
    moved: bool = False

    def first_time(self, *what: Any) -> bool:
        """Was this not planned before? From now on it is."""
        new = what not in self.planned
        self.planned.add(what)
        return new

    def dice(self, *of: Any) -> Random:
        """A lot of its own for each thing, the same every time."""
        return Random("/".join(map(str, (self.script.seed, *of))))  # noqa: S311 # invented habits, no secrets

    def happens(self, what: str, person: int, run: Run | None = None) -> Happening | None:
        """What the story says of a person, if anything."""
        number = self.numbers.get(person)
        for one in self.events:
            if one.what == what and one.who == number and _here(one, run):
                return one
        return None

    def happening(self, what: str, run: Run | None = None) -> Iterator[Happening]:
        """Everything of one kind."""
        return (one for one in self.events if one.what == what and _here(one, run))

    def person(self, number: str) -> int:
        """The id of a personnel number.

        Raises:
            NotFound: the story names somebody who is not among the staff.
        """
        with reading() as session:
            return person_id(session, number)

    def said(self, words: Words | None, person: int | None = None) -> str:
        """What is written, in the language of the person it concerns; of everybody in the body's own first one."""
        if words is None or isinstance(words, str):
            return words or ""
        language = self.body.languages[0]
        if person is not None:
            with reading() as session:
                [(language,)] = rows(session, "SELECT language FROM person WHERE id = :p", p=person)
        return words.get(language) or next(iter(words.values()))

    def is_away(self, person: int, day: date) -> tuple[date, str] | None:
        """The last day and the kind of an absence that covers a day."""
        for first, last, kind in self.away.get(person, ()):
            if first <= day <= last:
                return last, kind
        return None

    def present_from(self, person: int, day: date) -> date:
        """The first working day from a day on that the person is there."""
        while (away := self.is_away(person, day)) is not None:
            day = self.clock.calendar.after(away[0], 1)
        return self.clock.calendar.on_or_after(day)

    def put(self, day: date, ids: Iterable[int], act: Act) -> None:
        """Let people act on a day, each at an hour of the own; of a large body all at once in the evening."""
        ids = list(ids)
        if self.large:
            self.agenda.add(self.clock.at(day, 17), lambda now, them=ids: act(them, now))  # type: ignore[misc]
            return
        for one in ids:
            moment = self.clock.at(day, *hour_of(one))
            self.agenda.add(moment, lambda now, it=one: act([it], now))  # type: ignore[misc]

    def put_by_day(self, days: Iterable[tuple[date, int]], act: Act) -> None:
        """The same for many, each on a day of the own."""
        by_day: dict[date, list[int]] = {}
        for day, one in days:
            by_day.setdefault(day, []).append(one)
        for day, ids in by_day.items():
            self.put(day, ids, act)

    def hr(self, session: Session, run: Run, now: datetime) -> int:
        """An employee of HR who is there.

        Raises:
            NotFound: the body's file names none.
        """
        found = sorted(hr_on(session, run.cycle, run.ground.day_of(now)))
        officer = holder(session, run.cycle, "hr_officer", run.ground.day_of(now))
        if not found:
            raise NotFound(f"{self.body.source} names no hr_officer under settings.officials; the story needs one.")
        return officer if officer is not None else found[0]

    def official(self, session: Session, run: Run, now: datetime) -> int:
        """Who has the right of appointment.

        Raises:
            NotFound: the body's file names none.
        """
        found = holder(session, run.cycle, "appointing_official", run.ground.day_of(now))
        if found is None:
            raise NotFound(f"{self.body.source} names no appointing_official under settings.officials.")
        return found


def _here(one: Happening, run: Run | None) -> bool:
    if run is None:
        return True
    return one.evaluation in ("", run.cycle.evaluation) and one.period in ("", run.cycle.period)


def still(session: Session, run: Run, ids: Iterable[int], stage: str) -> list[Any]:
    """Those of some assessments that still stand in a stage."""
    listed = ", ".join(str(int(one)) for one in ids) or "0"
    query = (
        "SELECT id, person_id, evaluator_id, marker_id, form, dismissed, result_version, version, agreed_by FROM assessment"
        f" WHERE cycle_id = :c AND stage = :s AND id IN ({listed}) ORDER BY id"
    )
    return rows(session, query, c=run.id, s=stage)


def standing(run: Run, stage: str) -> list[Any]:
    """Every assessment of a run in a stage."""
    with reading() as session:
        return rows(
            session,
            "SELECT id, person_id, evaluator_id, marker_id, agreed_by, form, dismissed, absent, result_version, version, completed_at,"
            " released_at, familiarised_at, familiarised_how FROM assessment WHERE cycle_id = :c AND stage = :s ORDER BY id",
            c=run.id, s=stage,
        )  # fmt: skip
