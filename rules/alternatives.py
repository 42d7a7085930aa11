"""What other permitted readings would have given, where it differs from the result."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from rules.grades import Grade, GradeScale, Placed
from rules.law import Law
from rules.scoring import Alternative
from rules.shapes import Option, Reading


def of_scale(law: Law, scale: GradeScale, number: Decimal, own: Placed) -> Iterator[Alternative]:
    """The other ways from a number to a band of its scale that give another score or grade."""
    reading = law.readings.get(scale.reading or "")
    for option in reading.options if reading else ():
        if reading and option.id != scale.way:
            other = scale.place(number, option.id)
            if other.score != own.score or other.grade.id != own.grade.id:
                yield alternative(reading, option, other, number, own.grade)


def other_options(law: Law, decision: str) -> Iterator[tuple[Reading, Option]]:
    """The answers to an open question that were not chosen, with the question; none where the act leaves nothing open."""
    reading = law.deciding(decision)
    if reading:
        yield from ((reading, option) for option in reading.options if option.id != reading.chosen)


def alternative(reading: Reading, option: Option, other: Placed, unrounded: Decimal, own: Grade) -> Alternative:
    """One other outcome, as the answer shows it."""
    differs = "score" if other.grade.id == own.id else "grade"
    return Alternative(reading.id, option.letter, option.says, other.score, unrounded, other.grade.id, differs)
