"""Scales of grades: how a number becomes one of the act's results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal

from rules.errors import NotInForce
from rules.label import Label

#: divisions are by small whole numbers, so 28 digits never hide a tie at the second decimal
EXACT = Context(prec=28)
ROUNDING = {"half_up": ROUND_HALF_UP, "down": ROUND_DOWN}
#: the ways from a number to a band; the first two round to the scale's decimals, the others do not round
WAYS = (*ROUNDING, "lower_edge", "upper_edge")


@dataclass(frozen=True)
class Grade:
    """One band of a scale; `least` or `most` is None where the band is open, and belongs to it unless excluded."""

    id: str
    least: Decimal | None
    most: Decimal | None
    label: Label
    least_excluded: bool = False
    most_excluded: bool = False

    def reached_by(self, number: Decimal) -> bool:
        """Is the number at or above the lower end?"""
        return self.least is None or number > self.least or (number == self.least and not self.least_excluded)

    def not_exceeded_by(self, number: Decimal) -> bool:
        """Is the number at or below the upper end?"""
        return self.most is None or number < self.most or (number == self.most and not self.most_excluded)

    @property
    def span(self) -> str:
        """The band as people read it."""
        if self.least is None:
            return f"{'below' if self.most_excluded else 'up to'} {self.most}"
        if self.most is None:
            return f"{'above' if self.least_excluded else 'from'} {self.least}"
        return f"{self.least} to {self.most}" if self.least != self.most else f"{self.least}"


@dataclass(frozen=True)
class Placed:
    """Where a number came to stand: the number that counts, its grade, and one line for each step."""

    score: Decimal
    grade: Grade
    lines: tuple[str, ...]


@dataclass(frozen=True)
class GradeScale:
    """One scale of an act in one wording.

    Attributes:
        bands: best first. decimals: rounded to so many before the band is found; None: never rounded.
        reading: the open question that decides the way, if the act has one; way: the way in use (one of `WAYS`).
    """

    name: str
    bands: tuple[Grade, ...]
    decimals: int | None
    reading: str | None
    rules: tuple[str, ...]
    point: str
    way: str = "half_up"

    def place(self, number: Decimal, way: str | None = None) -> Placed:
        """Round the number as the scale asks and find its band.

        Raises:
            NotInForce: no band of the scale covers the number.
        """
        way = way or self.way
        score = number
        if self.decimals is not None and way in ROUNDING:
            score = number.quantize(Decimal(1).scaleb(-self.decimals), ROUNDING[way], EXACT)
        grade = self._band(score, upper=way == "upper_edge")
        lines = [f"{plain(number)} -> {score} (reading {self.reading})"] if score != number else []
        return Placed(score, grade, (*lines, f"{score} -> {grade.id} ({grade.span})"))

    def _band(self, score: Decimal, upper: bool) -> Grade:
        if upper:
            found = next((band for band in reversed(self.bands) if band.not_exceeded_by(score)), None)
        else:
            found = next((band for band in self.bands if band.reached_by(score)), None)
        # an outer end of the whole scale is a wall for both ways
        if found is None or not self.bands[-1].reached_by(score) or not self.bands[0].not_exceeded_by(score):
            raise NotInForce(f"no grade of the scale '{self.name}' ({self.point}) covers {score}.")
        return found

    def grade(self, grade_id: str) -> Grade:
        """The band of that id."""
        return self.by_id[grade_id]

    @property
    def by_id(self) -> Mapping[str, Grade]:
        """The bands by id."""
        return {band.id: band for band in self.bands}


def unit(places: int) -> Decimal:
    """The last decimal place: 0.01 for two."""
    return Decimal(1).scaleb(-places)


def plain(number: Decimal) -> str:
    """A number without needless zeros, the same text for 5, 5.0 and 5.00."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def mean_of(total: Decimal, count: int) -> Decimal:
    """The mean of a sum, written the same way whatever way the numbers were: 4.4, not 4.40."""
    return Decimal(plain(EXACT.divide(total, Decimal(count))))
