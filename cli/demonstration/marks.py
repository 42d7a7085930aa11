"""The marks of the sheets: drawn by lot from a seed, so that every demonstration gives the same ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from random import Random

from rules.law import Form, Law

Marks = dict[int, Decimal]

#: what the story needs of some sheets, out of five; the sanction row last
CAPPED = ("5", "4", "4", "4", "3.5")
TOO_LOW = ("2", "2.5", "2.5", "2.5", "5")
DOUBTED = ("3", "3.5", "3.5", "3", "5")
DISCREDITED = ("3", "3", "2.5", "1.5", "1")

COMMENT = {
    "kk": "Тоқсан бойы тапсырмалар уақытылы орындалды.",
    "ru": "Поручения в течение квартала исполнялись в срок.",
}
SANCTIONED = {"kk": "Тоқсанда тәртіптік жаза қолданылды.", "ru": "В квартале применено взыскание."}


@dataclass(frozen=True)
class Ruler:
    """The marks an act permits: its ends, and the steps of this demonstration between them."""

    least: Decimal
    most: Decimal
    step: Decimal

    @classmethod
    def of(cls, law: Law) -> Ruler:
        """Steps of a half where the act permits fractions, else of a whole."""
        halves = law.decision("fractions", "two_decimals") != "whole" and law.value("mark_decimals") > 0
        return cls(law.value("mark_min"), law.value("mark_max"), Decimal("0.5") if halves else Decimal(1))

    def at(self, fifths: float | str) -> Decimal:
        """The mark so many fifths up the scale, never the lowest."""
        wanted = self.least + (self.most - self.least) * Decimal(fifths) / 5
        steps = (wanted / self.step).to_integral_value(ROUND_HALF_UP) * self.step
        return min(self.most, max(self.least + self.step * 2, steps))


def usual(person: int, form: Form, sanction_row: int, ruler: Ruler) -> Marks:
    """Realistic marks of a person, around the person's own level; the sanction row as proposed."""
    dice = Random(person)  # noqa: S311 # invented marks; the same every time is the point
    level = dice.gauss(4.35, 0.45)
    rows = [row.number for row in form.parameters]
    return {row: ruler.most if row == sanction_row else ruler.at(dice.gauss(level, 0.35)) for row in rows}


def told(marks: Sequence[str], form: Form, ruler: Ruler) -> Marks:
    """The marks the story gives, row by row; a form of more rows repeats the one before the last."""
    rows = [row.number for row in form.parameters]
    before = [*marks[:-1], *([marks[-2]] * (len(rows) - len(marks)))][: len(rows) - 1]
    given = (*before, marks[-1])
    return {row: ruler.at(mark) for row, mark in zip(rows, given, strict=True)}


def comments(marks: Mapping[int, Decimal], language: str, person: int) -> dict[int, str]:
    """A remark beside the first row of every fifth sheet (comments are optional)."""
    return {min(marks): COMMENT[language]} if person % 5 == 0 else {}
