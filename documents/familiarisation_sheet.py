"""The familiarisation sheet: by unit, who learned their result, on which day and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from documents.page import compose
from documents.parts import Act, Signer
from documents.typesetting import Page, typeset
from rules.period import Period

How = Literal[
    "shown", "acknowledged", "refused", "served", "telephonogram", "telegram", "sms", "email", "other_registered"
]


@dataclass(frozen=True)
class Familiarised:
    """The day a person learned their result and how; `number` is that of the refusal act or the proof of service.

    `served` is a registered letter; the other channels of service are named by themselves.
    """

    how: How
    day: date
    number: str = ""


@dataclass(frozen=True)
class FamiliarisationRow:
    """One person with score in points and grade, empty when not evaluated; None: not yet familiarised."""

    name: str
    post: str
    score: Decimal | None = None
    grade: str = ""
    familiarised: Familiarised | None = None


@dataclass(frozen=True)
class FamiliarisationUnit:
    """A structural unit and its people in the order of the list."""

    name: str
    rows: tuple[FamiliarisationRow, ...]


@dataclass(frozen=True)
class FamiliarisationSheet:
    """The list of a cycle. `confidentiality_point` is the act's point that keeps results from third
    parties, "" where none does.

    `individually` gives every person a page of their own, so that nobody signs beside another's result
    (rule N-23).
    """

    body: str
    act: Act
    period: Period
    units: tuple[FamiliarisationUnit, ...]
    drawn_up_by: Signer
    drawn_up_on: date
    confidentiality_point: str = ""
    individually: bool = False
    reference: str = ""


def page(sheet: FamiliarisationSheet, language: str) -> Page:
    """The list as a page; see `render`."""
    made = compose("familiarisation_sheet", sheet, language, sheet.drawn_up_on)
    words = made.values["words"]
    for unit in made.values["units"]:
        for row in unit["rows"]:
            row["how"] = _how(row["familiarised"], words)
    return made


def render(sheet: FamiliarisationSheet, language: str) -> bytes:
    """The list as PDF, by unit, or one page for each person (rules N-18, N-19, N-23).

    Raises:
        MissingField: a required field is empty.
    """
    return typeset(page(sheet, language))


def _how(familiarised: dict[str, str] | None, words: dict[str, str]) -> str:
    if familiarised is None:
        return ""
    how, number = familiarised["how"], familiarised["number"]
    return words[f"{how}_number"].format(number=number) if number else words[how]
