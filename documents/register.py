"""A register: numbered lines under the body's name, such as the appeals of a cycle."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from documents.errors import WrongField
from documents.page import compose
from documents.parts import Act, Signer
from documents.typesetting import Page, typeset
from rules.period import Period


@dataclass(frozen=True)
class Register:
    """A register with its heads and lines; the numbers of the lines are added. `note` stands above the table."""

    title: str
    body: str
    act: Act
    period: Period
    heads: tuple[str, ...]
    lines: tuple[tuple[str, ...], ...]
    drawn_up_by: Signer
    drawn_up_on: date
    note: str = ""
    reference: str = ""


def page(register: Register, language: str) -> Page:
    """The register as a page; see `render`."""
    made = compose("register", register, language, register.drawn_up_on, fill=lambda _: {"count": len(register.lines)})
    for number, line in enumerate(register.lines, 1):
        if len(line) != len(register.heads):
            problem = f"number {number} has {len(line)} cells for {len(register.heads)} columns"
            raise WrongField("register", "lines", problem)
    return replace(made, title=register.title)


def render(register: Register, language: str) -> bytes:
    """The register as PDF, heads repeated on every page (rules M-60 to M-62, J-55 to J-57).

    Raises:
        MissingField: a required field is empty. WrongField: a line has more or fewer cells than there are columns.
    """
    return typeset(page(register, language))
