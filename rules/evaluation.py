"""What an act evaluates and how far it goes: kinds of evaluation, plans, panels, consequences, what it leaves open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.label import Label
from rules.period import Period


@dataclass(frozen=True)
class Source:
    """Where something stands: rules of the rulebook and the point of the act."""

    rules: tuple[str, ...]
    point: str


@dataclass(frozen=True)
class FormChoice:
    """One line of "who evaluates whom": the first line whose selectors all hold decides.

    Attributes:
        form: id of the form. evaluator: which superior evaluates (`rules.plan.EVALUATORS`).
        selectors: fact -> wanted value; a list of categories, or true and false.
        exemptions: names of the parameters that leave out servants of this line alone.
    """

    form: str
    evaluator: str
    selectors: Mapping[str, Any]
    rules: tuple[str, ...]
    point: str
    exemptions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Evaluation:
    """One kind of evaluation of an act: what a cycle of this kind does.

    Attributes:
        period: "quarter" or "year".
        forms: who is evaluated on which form by whom, first match.
        path: the stages of the main line, in order. branches: the side lines this act has.
        events: event -> where the act speaks of it; an event that is not here does not exist under the act.
        completed_by: the event that completes the evaluation (X-Q5).
        deadlines: role -> id of the act's deadline.
        exemptions: names of the parameters that leave a servant out.
        panel: the panel that decides or is asked. annual: how a year is formed from its quarters, or empty.
        options: further plain values the services read.
    """

    id: str
    what: Label
    rules: tuple[str, ...]
    point: str
    period: str
    forms: tuple[FormChoice, ...]
    path: tuple[str, ...]
    branches: tuple[str, ...]
    events: Mapping[str, Source]
    completed_by: str
    deadlines: Mapping[str, str] = field(default_factory=dict)
    exemptions: tuple[str, ...] = ()
    panel: str | None = None
    annual: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None

    def deadline_id(self, role: str, period: Period) -> str | None:
        """The id of the act's deadline in a role; what is for one quarter alone is written evaluation_q4."""
        own = self.deadlines.get(f"{role}_q{period.quarter}") if period.quarter else None
        return own or self.deadlines.get(role)

    def source(self, event: str) -> Source:
        """Where the act speaks of an event; the evaluation itself where it names no point for it."""
        return self.events.get(event) or Source(self.rules, self.point)


@dataclass(frozen=True)
class Described:
    """A plan, a panel or a consequence: an id, its source, and plain checked values."""

    id: str
    what: Label
    rules: tuple[str, ...]
    point: str
    values: Mapping[str, Any]

    def get(self, name: str, default: Any = None) -> Any:
        """One of its values."""
        return self.values.get(name, default)


@dataclass(frozen=True)
class LeftToBody:
    """Something the text does not give; a body must say it in its own file, or the program refuses.

    Attributes:
        section: where in the organisation file: "settings", or a section under `own`.
        shape: how the value looks, in one line. optional: a body may have none of it.
        keeps: key of an own evaluation -> what it must hold because the known points of the act say so.
    """

    name: str
    what: str
    rules: tuple[str, ...]
    point: str
    section: str
    shape: str
    reading: str | None = None
    optional: bool = False
    keeps: Mapping[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """The place in the organisation file."""
        return f"settings.{self.name}" if self.section == "settings" else f"own.{self.section}.{self.name}"
