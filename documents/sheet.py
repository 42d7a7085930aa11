"""The evaluation sheet (бағалау парағы), Annexes 1 and 2: the act's form, a person's marks, the signature."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from documents.errors import WrongField
from documents.page import compose
from documents.parts import DigitalSignature
from documents.typesetting import Page, typeset
from rules.period import Period


@dataclass(frozen=True)
class Parameter:
    """One row of the form as the act prints it; its number is added by its place."""

    label: str
    explanation: str = ""


@dataclass(frozen=True, kw_only=True)
class SheetForm:
    """The fixed text of the act's annex, in the language of the sheet; what the act does not print may be empty.

    `annex` is the heading block at the top right, line by line; `columns` the four column heads; `results` the
    labels printed in brackets, best first.
    """

    annex: str
    title: str
    evaluatee_caption: str
    period_caption: str
    evaluator_caption: str
    introduction: tuple[str, ...] = ()
    columns: tuple[str, str, str, str]
    parameters: tuple[Parameter, ...]
    average_label: str
    note: str = ""
    footnote: str = ""
    result_label: str
    results: tuple[str, ...]
    result_note: str = ""
    signature_label: str
    signature_caption: str = ""
    date_label: str


@dataclass(frozen=True)
class Mark:
    """What the evaluator wrote in one row: the mark in points, 0 to 5, or None when blank, and a comment.

    A mark above the limit of a sanction stands as it was given; `limit` and `counted` are printed beside it (N-36).
    """

    mark: Decimal | None = None
    comment: str = ""
    limit: Decimal | None = None
    counted: Decimal | None = None


@dataclass(frozen=True)
class Step:
    """One line of the working: what was done, the value it gave, the rule or reading behind it."""

    what: str
    value: str = ""
    basis: str = ""


@dataclass(frozen=True)
class OtherReading:
    """What another permitted reading of the act would give: its name, the mark in points and the result."""

    reading: str
    average: Decimal
    result: str


@dataclass(frozen=True)
class Sheet:
    """An evaluation sheet, blank or filled; `result` is one of the form's results. Rules N-32 to N-38.

    `evaluatee` and `evaluator` hold name and post with the state body, as the captions ask.
    """

    form: SheetForm
    evaluatee: str
    period: Period
    evaluator: str
    marks: tuple[Mark, ...] = ()
    average: Decimal | None = None
    result: str = ""
    signature: DigitalSignature | None = None
    working: tuple[Step, ...] = ()
    other_readings: tuple[OtherReading, ...] = ()
    reference: str = ""


_BLANK = {"mark": None, "comment": "", "limit": None, "counted": None}


def page(sheet: Sheet, language: str) -> Page:
    """The sheet as a page; see `render`."""
    made = compose("sheet", sheet, language, _day(sheet))
    _refuse_mismatch(sheet)
    form = made.values["form"]
    made.values["marks"] = made.values["marks"] or [dict(_BLANK) for _ in form["parameters"]]
    for parameter in form["parameters"]:
        parameter["explanation"] = _one_per_line(parameter["explanation"])
    return replace(made, title=form["title"])


def render(sheet: Sheet, language: str) -> bytes:
    """The official form as PDF, blank or filled, any number of parameters (rules N-32 to N-38).

    Raises:
        MissingField: a required field is empty.
        WrongField: marks do not match the form's rows, or the result is none of the form's results.
    """
    return typeset(page(sheet, language))


def _refuse_mismatch(sheet: Sheet) -> None:
    rows = len(sheet.form.parameters)
    if sheet.marks and len(sheet.marks) != rows:
        raise WrongField("sheet", "marks", f"has {len(sheet.marks)} rows, the form has {rows} parameters")
    if sheet.result and sheet.result not in sheet.form.results:
        raise WrongField("sheet", "result", f"('{sheet.result}') is none of the results of the form")


def _day(sheet: Sheet) -> date | None:
    if sheet.signature:
        return sheet.signature.signed_at
    return sheet.period.day_after if sheet.period else None


def _one_per_line(explanation: str) -> str:
    # The act prints each thing taken into account on its own line; files often hold them in one.
    return re.sub(r"(?<=[:;]) - ", "\n- ", explanation)
