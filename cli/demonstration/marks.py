"""The marks of the sheets: drawn by lot from a seed, so that every demonstration gives the same ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from random import Random

from rules.law import Form

Marks = dict[int, Decimal]

#: what the story needs of some sheets; the sanction row last
CAPPED = ("5", "4", "4", "4", "3.5")
TOO_LOW = ("2", "2.5", "2.5", "2.5", "5")
DOUBTED = ("3", "3.5", "3.5", "3", "5")
DISCREDITED = ("3", "3", "2.5", "1.5", "1")

COMMENT = {
    "kk": "Тоқсан бойы тапсырмалар уақытылы орындалды.",
    "ru": "Поручения в течение квартала исполнялись в срок.",
}
SANCTIONED = {"kk": "Тоқсанда тәртіптік жаза қолданылды.", "ru": "В квартале применено взыскание."}


def usual(person: int, form: Form, sanction_row: int) -> Marks:
    """Realistic marks of a person: steps of a half around the person's own level; the sanction row as proposed."""
    dice = Random(person)  # noqa: S311 # invented marks; the same every time is the point
    level = dice.gauss(4.35, 0.45)
    rows = [row.number for row in form.parameters]
    return {row: Decimal(5) if row == sanction_row else _mark(dice.gauss(level, 0.35)) for row in rows}


def _mark(wanted: float) -> Decimal:
    return min(Decimal(5), max(Decimal(1), Decimal(round(wanted * 2)) / 2))


def told(marks: Sequence[str], form: Form) -> Marks:
    """The marks the story gives, row by row."""
    return {row.number: Decimal(mark) for row, mark in zip(form.parameters, marks, strict=True)}


def comments(marks: Mapping[int, Decimal], language: str, person: int) -> dict[int, str]:
    """A remark beside the first row of every fifth sheet (comments are optional)."""
    return {min(marks): COMMENT[language]} if person % 5 == 0 else {}
