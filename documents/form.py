"""A form of an act as its data prints it: plan, sheet, protocol or report, blank or filled. One document for all of them.

The texts of the form are its layout (docs/documents.md): `header_*` the lines above the table, `column_*` its columns in
order, `group_*` heads over several of them, `note*` and `footnote` what stands beneath, `result*` and `conclusion` the
outcome, `signature_*` who signs. A text the program has no value for leaves a place to write by hand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from documents.errors import MissingField, WrongField
from documents.page import compose
from documents.typesetting import Page, typeset
from documents.words import Language, known_language, wording
from rules.law import Form

#: more columns than this are printed across the page
_UPRIGHT = 6
#: cell -> its width beside the others, which have 10; a number alone is narrow
_WIDTHS: Mapping[str, int] = {
    "number": 0, "indicator": 24, "kpi": 24, "expected": 20, "servant": 15, "result": 17, "correction": 17,
    "recommendations": 14, "competency": 16, "not_shown": 26, "bonuses": 19,
    "executive": 13, "labour": 11, "comment": 16, "explanation": 16,
    "mark": 8, "unit": 9, "planned": 9, "actual": 9, "percent": 9, "note": 9,
}  # fmt: skip
_AFTER = re.compile(r"note|footnote|note_.+")


@dataclass(frozen=True)
class Signing:
    """One place for a signature: the name, the instant of the act recorded in the system, a remark on it.

    The signature itself is never drawn: the line stays open for the hand.
    """

    name: str = ""
    recorded: datetime | None = None
    remark: str = ""
    day: date | None = None


@dataclass(frozen=True)
class Step:
    """One line of the working beneath the form: what was done and the value it gave."""

    what: str
    value: str = ""


@dataclass(frozen=True)
class FormPaper:
    """A form with what stands in it.

    Attributes:
        lines: header ("evaluatee", "post", "period" ...) -> value. rows: column -> value, one mapping a row.
        said: text of the form -> what stands after it ("result", "conclusion", "average" ...).
        chosen: the result to underline among the printed ones. signing: role -> who signs, one or several.
        approval: who approves, where the form has a block for it. introduction: further texts above the table.
        working: lines printed beneath, outside the form. copy: "1/2" on the first of two copies.
    """

    form: Form
    lines: Mapping[str, str]
    rows: tuple[Mapping[str, str], ...] = ()
    said: Mapping[str, str] | None = None
    chosen: str = ""
    signing: Mapping[str, tuple[Signing, ...]] | None = None
    approval: Signing | None = None
    title: str = ""
    working: tuple[Step, ...] = ()
    copy: str = ""
    dated: date | None = None
    reference: str = ""


# Everything below may be empty: what a form does not print, and what is still to be written by hand.


@dataclass(frozen=True)
class _Line:
    label: str = ""
    value: str = ""
    under: str = ""


@dataclass(frozen=True)
class _Column:
    cell: str = ""
    head: str = ""
    group: str = ""
    width: int = 0


@dataclass(frozen=True)
class _Place:
    label: str = ""
    signing: Signing = Signing()


@dataclass(frozen=True)
class _Layout:
    heading: str = ""
    form_mark: str = ""
    title: str = ""
    layout_note: str = ""
    approval: _Place | None = None
    approval_texts: tuple[str, ...] = ()
    lines: tuple[_Line, ...] = ()
    introduction: tuple[str, ...] = ()
    subject: str = ""
    columns: tuple[_Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    notes: tuple[str, ...] = ()
    results: tuple[_Line, ...] = ()
    choices: str = ""
    chosen: str = ""
    basis: str = ""
    verified: str = ""
    places: tuple[_Place, ...] = ()
    name_caption: str = ""
    date_label: str = ""
    signature_label: str = ""
    working: tuple[Step, ...] = ()
    copy: str = ""
    reference: str = ""


def page(paper: FormPaper, language: str) -> Page:
    """The form as a page; see `render`."""
    chosen = known_language(language)
    if not isinstance(paper.form, Form):
        raise MissingField("form", "form")
    if paper.lines is None:
        raise MissingField("form", "lines")
    layout = _laid_out(paper, chosen)
    made = compose("form", layout, language, paper.dated)
    return replace(made, title=layout.title.replace("\n", " "), values={**made.values, "flipped": is_wide(paper.form)})


def render(paper: FormPaper, language: str) -> bytes:
    """The form as PDF, heads repeated on every page, any number of rows.

    Raises:
        MissingField: no form is given. WrongField: a row has a value for a column the form does not have.
    """
    return typeset(page(paper, language))


def is_wide(form: Form) -> bool:
    """Is the form printed across the page?"""
    return sum(name.startswith("column_") for name in form.texts) > _UPRIGHT


def columns(form: Form) -> tuple[str, ...]:
    """The columns of a form, in the order it prints them."""
    return tuple(name.removeprefix("column_") for name in form.texts if name.startswith("column_"))


def _laid_out(paper: FormPaper, language: Language) -> _Layout:
    said = {name: label.as_dict()[language] for name, label in paper.form.texts.items()}
    given = paper.said or {}
    shown = columns(paper.form)
    results = [
        _Line(said[name], value, "")
        for name, value in given.items()
        if name in said and not (name == "average" and "mark" in shown)
    ]
    return _Layout(
        heading="\n".join(said[name] for name in ("heading", "annex") if name in said),
        form_mark=said.get("form_mark", ""),
        title=paper.title or said["title"],
        layout_note=said.get("layout_note", ""),
        approval=_Place(said["approval_by"], paper.approval or Signing()) if "approval" in said else None,
        approval_texts=tuple(said.get(name, "") for name in ("approval", "approval_name", "date", "signature")),
        lines=tuple(
            _line(text, paper.lines.get(name.removeprefix("header_"), ""))
            for name, text in said.items()
            if name.startswith("header_")
        ),
        introduction=tuple(text for name, text in said.items() if name.startswith("intro_")),
        subject=said.get("subject", ""),
        columns=tuple(_column(cell, said) for cell in shown),
        rows=tuple(_row(row, shown) for row in (*paper.rows, *_average(said, given, shown))),
        notes=_notes(said),
        results=tuple(results),
        choices=said.get("result_choices", ""),
        chosen=re.escape(paper.chosen),
        basis=said.get("result_basis", ""),
        verified=said.get("verified", ""),
        places=tuple(_places(said, paper.signing or {}, language)),
        name_caption=said.get("signature_name", said.get("signature_means", "")),
        date_label=said.get("date", ""),
        signature_label=_signature_label(said),
        working=paper.working,
        copy=paper.copy,
        reference=paper.reference,
    )


def _line(caption: str, value: str) -> _Line:
    """A caption in brackets stands under its line; any other stands before it ("Post: ____")."""
    if caption.startswith("("):
        return _Line("", value, caption)
    before, bracket, inside = caption.partition("(")
    if bracket and value and value.endswith(f" {before.strip()}"):  # "2018 year" beside the printed "year (...)"
        return _Line("", value, f"({inside}")
    return _Line(caption, value, "")


def _column(cell: str, said: Mapping[str, str]) -> _Column:
    group, _, rest = cell.partition("_")
    heads = f"group_{group}" if rest and f"group_{group}" in said else ""
    return _Column(cell, said[f"column_{cell}"], said.get(heads, ""), _WIDTHS.get(rest if heads else cell, 10))


def _row(row: Mapping[str, str], shown: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row.get(cell, "") for cell in shown)


def _average(said: Mapping[str, str], given: Mapping[str, str], shown: tuple[str, ...]) -> list[Mapping[str, str]]:
    """The row of the mean beneath the marks."""
    if "average" not in said or "mark" not in shown:
        return []
    words = next(cell for cell in shown if cell != "number")
    return [{words: said["average"], "mark": given.get("average", "")}]


def _notes(said: Mapping[str, str]) -> tuple[str, ...]:
    found = [text for name, text in said.items() if _AFTER.fullmatch(name) and name != "note_word"]
    if found and "note_word" in said:
        found[0] = f"{said['note_word']} {found[0]}"
    return tuple(found)


def _signature_label(said: Mapping[str, str]) -> str:
    """The word before the line to sign on, unless the caption under the name asks for the signature too."""
    label = said.get("signature", "")
    return "" if label and label.lower() in said.get("signature_name", "").lower() else label


def _places(said: Mapping[str, str], signing: Mapping[str, tuple[Signing, ...]], language: Language) -> list[_Place]:
    roles = [
        name.removeprefix("signature_")
        for name in said
        if name.startswith("signature_") and name not in ("signature_name", "signature_means")
    ]
    unknown = [role for role in signing if role not in (*roles, "evaluator")]
    if unknown:
        raise WrongField("form", "signing", f"has the role '{unknown[0]}', the form has: {', '.join(roles) or 'none'}")
    if not roles and "signature" in said:
        return [_Place(wording("form", language)["evaluator"], one) for one in signing.get("evaluator", (Signing(),))]
    return [_Place(said[f"signature_{role}"], one) for role in roles for one in (signing.get(role) or (Signing(),))]
