"""The law of one act on one day: values, readings, deadlines, forms and scales, each with its source.

These are plain shapes. `methodologies` reads them from data; every other room only uses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.errors import MissingSetting, NotFound, NotInForce
from rules.evaluation import Described, Evaluation, LeftToBody
from rules.grades import Grade, GradeScale
from rules.label import Label
from rules.shapes import DeadlineRule, Form, FormParameter, Option, Reading, Reason, Revision, Table, Value

__all__ = [
    "DeadlineRule",
    "Form",
    "FormParameter",
    "Grade",
    "Label",
    "Law",
    "Option",
    "Reading",
    "Reason",
    "Revision",
    "Table",
    "Value",
]


@dataclass(frozen=True)
class Law:
    """One act as it stands on one day, under one body's readings.

    Attributes:
        readings: by question id; a question answered together with another is found under both ids.
        deadlines: of the act, then of the body itself (`house`).
        channels: means of notice by the person's status.
        sanctions: kind of sanction -> name of the value that caps the mark.
        scales, tables, evaluations, plans, panels, consequences, left_to_body: the sections of those names.
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
    scales: Mapping[str, GradeScale]
    channels: Mapping[str, tuple[str, ...]]
    sanctions: Mapping[str, str]
    organisation: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    content_hash: str = ""
    revisions: tuple[Revision, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    evaluations: Mapping[str, Evaluation] = field(default_factory=dict)
    plans: Mapping[str, Described] = field(default_factory=dict)
    panels: Mapping[str, Described] = field(default_factory=dict)
    consequences: Mapping[str, Described] = field(default_factory=dict)
    left_to_body: Mapping[str, LeftToBody] = field(default_factory=dict)
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
            self._ask_body(name)
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
            self._ask_body(deadline_id)
            raise NotFound(f"{self.act} has no deadline '{deadline_id}'.")
        return self.deadlines[deadline_id]

    def form(self, form_id: str) -> Form:
        """The form of that id.

        Raises:
            NotFound: the act has none of that id.
        """
        if form_id not in self.forms:
            self._ask_body(form_id)
            known = ", ".join(self.forms)
            raise NotFound(f"{self.act} has no form '{form_id}'; its forms are: {known}.")
        return self.forms[form_id]

    def decision(self, name: str, default: str = "") -> str:
        """The option chosen where the program can go more than one way; the default where the act has no question."""
        reading = self.deciding(name)
        return reading.chosen if reading else default

    def deciding(self, name: str) -> Reading | None:
        """The open question that decides something for the program, or None when the act leaves nothing open."""
        key = ("deciding", name)
        if key not in self.memo:
            self.memo[key] = next((one for one in self.readings.values() if one.decides == name), None)
        found: Reading | None = self.memo[key]
        return found

    def scale(self, name: str | None = None) -> GradeScale:
        """A scale of grades by name; without one, the first of the act.

        Raises:
            NotInForce: the act has no such scale on this day.
        """
        found = self.scales.get(name) if name else next(iter(self.scales.values()), None)
        if found is None:
            self._ask_body(name or "scales")
            raise NotInForce(f"{self.act}: there is no scale '{name or 'of grades'}' in force on {self.on}.")
        return found

    def scale_of(self, one: Evaluation) -> GradeScale | None:
        """The scale on which an evaluation's results are read: that of its first form that has one."""
        named = (self.forms[choice.form].scale for choice in one.forms if choice.form in self.forms)
        found = next((scale for scale in named if scale), None)
        return self.scale(found) if found else None

    def grade(self, grade_id: str, scale: str | None = None) -> Grade:
        """A grade by id, of a scale or of the first one."""
        return self.scale(scale).grade(grade_id)

    def table(self, name: str) -> Table:
        """A reference table of the act.

        Raises:
            NotFound: the act has none of that name.
        """
        if name not in self.tables:
            self._ask_body(name)
            raise NotFound(f"{self.act} has no table '{name}'.")
        return self.tables[name]

    def evaluation(self, name: str | None = None) -> Evaluation:
        """A kind of evaluation by id; without one, the first of the act.

        Raises:
            NotFound: the act has none of that id. MissingSetting: the act leaves it to the body.
        """
        if name is None and self.evaluations:
            return next(iter(self.evaluations.values()))
        if name not in self.evaluations:
            self._ask_body(name or "evaluations")
            known = ", ".join(self.evaluations) or "none"
            raise NotFound(f"{self.act} has no evaluation '{name}'; it has: {known}.")
        return self.evaluations[name or ""]

    def setting(self, name: str, point: str = "") -> Any:
        """A value the act leaves to the body.

        Raises:
            MissingSetting: the organisation file does not say it.
        """
        if self.settings.get(name) is None:
            left = self.left_to_body.get(name)
            where = point or (left.point if left else "")
            shape = f" ({left.shape})" if left and left.shape else ""
            raise MissingSetting(
                f"{self.act}, {where}: the text does not give '{name}'. "
                f"Set it in the organisation file of {self.organisation}, under settings.{name}{shape}."
            )
        return self.settings[name]

    def _ask_body(self, name: str) -> None:
        left = self.left_to_body.get(name)
        # a section asked for by its own name: the first thing of it the body must give
        left = left or next((one for one in self.left_to_body.values() if one.section == name), None)
        if left is not None:
            raise MissingSetting(
                f"{self.act}, {left.point}: the text does not give '{left.name}' ({left.what}). Set it in the organisation "
                f"file of {self.organisation}, under {left.where}."
            )

    def reason(self, rules: tuple[str, ...], point: str, *questions: str) -> Reason:
        """A reason under this act, with the readings that answered the questions, named by id or by what they decide."""
        used: list[str] = []
        for question in questions:
            reading = self.readings.get(question) or self.deciding(question)
            used += reading.ids if reading else ()
        return Reason(self.act, rules, point, tuple(dict.fromkeys(used)))
