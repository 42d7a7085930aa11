"""The shapes of an act's data: values, readings, deadlines, forms, tables and wordings, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from datetime import date as day
from typing import Any

from rules.errors import NotFound
from rules.label import Label

#: the type, where a field is itself called `date`
Day = date


@dataclass(frozen=True)
class Reason:
    """Why a date, score or grade is what it is: act, rules of the rulebook, point, readings used."""

    act: str
    rules: tuple[str, ...]
    point: str
    readings: tuple[str, ...] = ()

    def __str__(self) -> str:
        used = f"readings {', '.join(self.readings)}" if self.readings else ""
        why = "; ".join(part for part in (", ".join(self.rules), used) if part)
        return f"{self.act}, {self.point}{f' ({why})' if why else ''}"


@dataclass(frozen=True)
class Value:
    """A dated parameter of the act with its source; `own` when the body says it where the text is silent."""

    name: str
    what: str
    value: Any
    unit: str
    since: date
    rules: tuple[str, ...]
    point: str
    own: bool = False


@dataclass(frozen=True)
class Option:
    """One permitted answer to an open question; `letter` is how people quote it: N-Q1(b)."""

    id: str
    letter: str
    says: str


@dataclass(frozen=True)
class Reading:
    """How an open question of the act is answered (`readings.md`).

    Attributes:
        chosen: the id of the option in use.
        by: "act" for the default of the methodology, "organisation" for an override.
        also: other question ids answered by the same choice.
        decides: the decision of the program this choice makes (`rules.decisions`), if the program follows it.
    """

    id: str
    question: str
    options: tuple[Option, ...]
    default: str
    chosen: str
    why: str
    by: str = "act"
    also: tuple[str, ...] = ()
    decides: str | None = None

    def option(self, option_id: str | None = None) -> Option:
        """The option of that id; the chosen one when no id is given."""
        wanted = option_id or self.chosen
        for option in self.options:
            if wanted in (option.id, option.letter):
                return option
        raise NotFound(
            f"Reading {self.id} has no option '{wanted}'; choose one of "
            + ", ".join(f"{o.letter} ({o.id})" for o in self.options)
            + "."
        )

    @property
    def ids(self) -> tuple[str, ...]:
        """All question ids this choice answers."""
        return (self.id, *self.also)


@dataclass(frozen=True)
class DeadlineRule:
    """One deadline of the act, as data.

    Attributes:
        amount: a number of `unit`; None when the text gives none; for unit "date" MM-DD or YYYY-MM-DD.
        unit: working_day, calendar_day, month, year, day_of_month or date.
        direction: after, before or by.
        anchor: the event counted from.
        right: a right of the employee (then a last day that is not worked moves forward, X-Q1).
        keep: a duty to keep something until the day (no target before it).
        house: set by the body itself, never shown as law.
        revision: the wording whose own signing or publication is the anchor.
        readings: open questions that decide which event the anchor is.
        quarters: the quarters of a year it is for; empty: every period.
        follows: id of the deadline whose last day is the anchor.
        own: said by the body where the text of the act is silent; it is shown under the body's name.
    """

    id: str
    rules: tuple[str, ...]
    point: str
    actor: Label
    obligation: Label
    amount: int | str | None
    unit: str
    direction: str
    anchor: str
    right: bool = False
    keep: bool = False
    house: bool = False
    revision: str | None = None
    readings: tuple[str, ...] = ()
    quarters: tuple[int, ...] = ()
    follows: str | None = None
    own: bool = False


@dataclass(frozen=True)
class FormParameter:
    """One row of a sheet.

    Attributes:
        explanation: the printed help for filling in, if any. corrected: what a slip of the text surely meant.
        id: a name where the act's tables speak of the row. group: rows of one group of people (12 and 8 competencies).
        flags: plain marks a method may ask for, such as "public_services".
    """

    number: int
    label: Label
    explanation: Label | None = None
    corrected: Label | None = None
    id: str = ""
    group: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """An annex form: its texts, its rows, and how it is scored.

    Attributes:
        texts: the fixed wordings by name. method: the rule function that scores it (`rules.methods`).
        scale: the scale of its result, or None where it earns no grade. options: plain values the method asks for.
    """

    id: str
    annex: str
    rules: tuple[str, ...]
    texts: Mapping[str, Label]
    parameters: tuple[FormParameter, ...]
    method: str = "mean_of_marks"
    scale: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    point: str = ""


@dataclass(frozen=True)
class Table:
    """A reference table of an act: its rows as texts by column; `file` is empty where they stand among the text."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Mapping[str, str], ...]
    rules: tuple[str, ...]
    point: str
    file: str = ""


@dataclass(frozen=True)
class Revision:
    """One wording of the act.

    Attributes:
        date: the day the wording was adopted; dated values name it.
        in_force_from: the day it took effect, or None when the body has not set it.
        known: False when this wording is not in our text; then every question is refused.
        repeals: True when from that day the act governs nothing any more.
        registered: the day of state registration, where it is printed.
    """

    id: str
    date: Day
    title: str
    in_force: str
    known: bool
    in_force_from: day | None = None
    unconfirmed: bool = False
    repeals: bool = False
    registered: day | None = None
