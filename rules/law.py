"""The law of one act on one day: values, readings, deadlines, forms and grades, each with its source.

These are plain shapes. `methodologies` reads them from data; every other room only uses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from datetime import date as day
from decimal import Decimal
from typing import Any

from rules.errors import MissingSetting, NotFound, NotInForce

#: the type, where a field is itself called `date`
Day = date


@dataclass(frozen=True)
class Label:
    """One official wording in Kazakh, with its Russian and English renderings."""

    kk: str
    ru: str
    en: str

    def as_dict(self) -> dict[str, str]:
        """The three wordings by language code."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}


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
    """A dated parameter of the act with its source."""

    name: str
    what: str
    value: Any
    unit: str
    since: date
    rules: tuple[str, ...]
    point: str


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
    """

    id: str
    question: str
    options: tuple[Option, ...]
    default: str
    chosen: str
    why: str
    by: str = "act"
    also: tuple[str, ...] = ()

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


@dataclass(frozen=True)
class FormParameter:
    """One row of an evaluation sheet; `corrected` is the wording a slip of the text surely meant (N-Q6)."""

    number: int
    label: Label
    explanation: Label
    corrected: Label | None = None


@dataclass(frozen=True)
class Form:
    """An annex form: its texts and its rows. `texts` holds the fixed wordings by name."""

    id: str
    annex: str
    rules: tuple[str, ...]
    texts: Mapping[str, Label]
    parameters: tuple[FormParameter, ...]


@dataclass(frozen=True)
class Grade:
    """One band of the scale; a score belongs to the highest band whose `least` it reaches."""

    id: str
    least: Decimal
    most: Decimal
    label: Label


@dataclass(frozen=True)
class Revision:
    """One wording of the act.

    Attributes:
        date: the day the wording was adopted; dated values name it.
        in_force_from: the day it took effect, or None when the body has not set it.
        known: False when this wording is not in our text; then every question is refused.
    """

    id: str
    date: Day
    title: str
    in_force: str
    known: bool
    in_force_from: day | None = None
    unconfirmed: bool = False


@dataclass(frozen=True)
class Law:
    """One act as it stands on one day, under one body's readings.

    Attributes:
        readings: by question id; a question answered together with another is found under both ids.
        deadlines: of the act, then of the body itself (`house`).
        channels: means of notice by the person's status.
        sanctions: kind of sanction -> name of the value that caps the mark.
        revisions: every wording of the act, with the day each took effect here.
        content_hash: of the act's files, the body's file and the readings in use.
        memo: what the rules prepared once for this law; never part of its identity.
    """

    act: str
    title: Label
    on: date
    revision: Revision
    values: Mapping[str, Value]
    readings: Mapping[str, Reading]
    deadlines: Mapping[str, DeadlineRule]
    forms: Mapping[str, Form]
    grades: tuple[Grade, ...]
    stages: tuple[str, ...]
    channels: Mapping[str, tuple[str, ...]]
    sanctions: Mapping[str, str]
    organisation: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    content_hash: str = ""
    revisions: tuple[Revision, ...] = ()
    memo: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def value(self, name: str) -> Any:
        """The value in force.

        Raises:
            NotInForce: the act has no such value on this day.
        """
        return self.dated(name).value

    def dated(self, name: str) -> Value:
        """The value in force with its source; same refusal as `value`."""
        found = self.values.get(name)
        if found is None or found.value is None:
            raise NotInForce(f"{self.act}: '{name}' has no value in force on {self.on}.")
        return found

    def reading(self, question: str) -> str:
        """The id of the option chosen for an open question.

        Raises:
            NotFound: the act has no such question.
        """
        if question not in self.readings:
            raise NotFound(f"{self.act} has no open question '{question}'.")
        return self.readings[question].chosen

    def deadline(self, deadline_id: str) -> DeadlineRule:
        """The deadline of that id.

        Raises:
            NotFound: the act has none of that id.
        """
        if deadline_id not in self.deadlines:
            raise NotFound(f"{self.act} has no deadline '{deadline_id}'.")
        return self.deadlines[deadline_id]

    def form(self, form_id: str) -> Form:
        """The form of that id.

        Raises:
            NotFound: the act has none of that id.
        """
        if form_id not in self.forms:
            known = ", ".join(self.forms)
            raise NotFound(f"{self.act} has no form '{form_id}'; its forms are: {known}.")
        return self.forms[form_id]

    def setting(self, name: str, point: str) -> Any:
        """A value the act leaves to the body.

        Raises:
            MissingSetting: the organisation file does not say it.
        """
        if self.settings.get(name) is None:
            raise MissingSetting(
                f"{self.act}, {point}: the text does not give '{name}'. "
                f"Set it in the organisation file of {self.organisation}, under settings."
            )
        return self.settings[name]

    def grade_of(self, score: Decimal) -> Grade:
        """The band a rounded score belongs to (pt 7)."""
        for grade in sorted(self.grades, key=lambda g: g.least, reverse=True):
            if score >= grade.least:
                return grade
        raise NotInForce(f"{self.act}: no grade covers the score {score}.")

    def grade(self, grade_id: str) -> Grade:
        """The grade of that id."""
        return next(g for g in self.grades if g.id == grade_id)

    def reason(self, rules: tuple[str, ...], point: str, *questions: str) -> Reason:
        """A reason under this act, with the readings that answered the questions."""
        used = (q for question in questions for q in self.readings[question].ids)
        return Reason(self.act, rules, point, tuple(dict.fromkeys(used)))
