"""An act as its folder holds it: every wording, every value with its date, nothing chosen yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rules.evaluation import Described, Evaluation, LeftToBody
from rules.law import Label, Reading, Revision, Table


@dataclass(frozen=True)
class Dated:
    """Something the act changes by amendment: the values by the date of the revision that brought them.

    Attributes:
        values: earliest first; None means abolished.
        own: the body's own; then the dates are days from which it uses the values, not dates of revisions.
    """

    name: str
    what: str
    rules: tuple[str, ...]
    point: str
    unit: str
    values: tuple[tuple[date, Any], ...]
    own: bool = False

    def under(self, revision: Revision, day: date) -> tuple[date, Any] | None:
        """The date and value that hold in a wording on a day, or None when there is none yet."""
        held = [pair for pair in self.values if pair[0] <= (day if self.own else revision.date)]
        return held[-1] if held else None


@dataclass(frozen=True)
class RuleNote:
    """One rule of the rulebook; `document_only` says why no program can keep it."""

    id: str
    point: str
    says: str
    document_only: str | None = None


@dataclass(frozen=True)
class Act:
    """One act with all its wordings; ask `methodologies.law` for what holds on a day.

    Attributes:
        compared_with_text_on: the last day a person read these files beside the text of the act.
        warnings: what a person should look at, though the files can be used.
        content: the files' content without comments and layout, for hashing.
        files: the files it was read from, tables included; nothing else of the folder belongs to it.
    """

    id: str
    title: Label
    source: Mapping[str, Any]
    folder: str
    compared_with_text_on: date
    revisions: tuple[Revision, ...]
    parameters: Mapping[str, Dated]
    readings: Mapping[str, Reading]
    deadlines: Mapping[str, Dated]
    forms: Mapping[str, Dated]
    scales: Mapping[str, Dated]
    tables: Mapping[str, Table]
    evaluations: Mapping[str, Evaluation]
    plans: Mapping[str, Described]
    panels: Mapping[str, Dated]
    consequences: Mapping[str, Described]
    left_to_body: Mapping[str, LeftToBody]
    channels: Mapping[str, Dated]
    sanctions: Dated | None
    rules: Mapping[str, RuleNote]
    content_hash: str
    warnings: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()

    @property
    def dated(self) -> Iterable[Dated]:
        """Everything that has values by date."""
        for table in (self.parameters, self.deadlines, self.forms, self.channels, self.scales, self.panels):
            yield from table.values()
        if self.sanctions:
            yield self.sanctions
