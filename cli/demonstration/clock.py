"""The virtual clock: working days and office hours of the body, never the real time."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import count
from zoneinfo import ZoneInfo

from cli.printing import counted
from rules.calendar import WorkCalendar

Act = Callable[[datetime], None]


@dataclass(frozen=True)
class Clock:
    """The body's working days in its own zone."""

    calendar: WorkCalendar
    zone: ZoneInfo

    def at(self, day: date, hour: int, minute: int = 0) -> datetime:
        """A moment of a day."""
        return datetime.combine(day, time(hour, minute), self.zone)

    def day_of(self, moment: datetime) -> date:
        """The day of a moment here."""
        return moment.astimezone(self.zone).date()

    def later(self, moment: datetime, days: int, hour: int, minute: int = 0) -> datetime:
        """A moment so many working days later."""
        day = self.day_of(moment)
        return self.at(self.calendar.after(day, days) if days else day, hour, minute)

    def next_working(self, day: date) -> date:
        """The working day after a day."""
        return self.calendar.after(day, 1)


@dataclass
class Diary:
    """What happened on one day: sentences, and counts of what happened often."""

    said: list[str] = field(default_factory=list)
    counted: Counter[str] = field(default_factory=Counter)

    def say(self, sentence: str) -> None:
        """Note what happened once."""
        self.said.append(sentence)

    def count(self, what: str, number: int = 1) -> None:
        """Note what happened often, as "results opened"."""
        self.counted[what] += number

    def line(self) -> str:
        """The day in one line."""
        counts = [counted(number, what) for what, number in self.counted.items() if number]
        return "; ".join([*counts, *self.said])


class Agenda:
    """What people will do, in the order of time; doing one thing may add others."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Act]] = []
        self._numbers = count()

    def add(self, moment: datetime, act: Act) -> None:
        """Somebody will act at this moment."""
        heapq.heappush(self._waiting, (moment, next(self._numbers), act))

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def live(self, until: datetime) -> int:
        """Let everything up to a moment happen; return how much did."""
        done = 0
        while self._waiting and self._waiting[0][0] <= until:
            moment, _, act = heapq.heappop(self._waiting)
            act(moment)
            done += 1
        return done

    def next(self) -> datetime | None:
        """The moment of the next act, or None when nobody will do anything."""
        return self._waiting[0][0] if self._waiting else None
