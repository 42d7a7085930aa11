"""A mark is read as it is written, or refused: no sign, no exponent, no digits of another script."""

from __future__ import annotations

from decimal import Decimal

import pytest

from rules.errors import Incomplete
from rules.marks import mark_of, plainly, row_of


@pytest.mark.rule("N-30")
@pytest.mark.parametrize(
    ("words", "mark"), [("4", "4"), ("4.5", "4.5"), ("4,5", "4.5"), ("0", "0"), ("5.00", "5.00"), ("12", "12")]
)
def test_plain_digits_are_a_mark(words: str, mark: str) -> None:
    assert str(mark_of(words)) == mark  # whether it lies on the scale is the scale's question


@pytest.mark.rule("N-30")
@pytest.mark.parametrize(
    "words",
    ["-0", "+5", "1e1", "5E0", "٤", "۴", "４", "4．5", "5_0", " 5", "5 ", ".5", "5.", "4.5.1", "4,5,1", "1/2", "½", "Ⅳ",
     "NaN", "Infinity", "0x5", "", "five", "4" * 10, "4\n"],
)  # fmt: skip
def test_anything_else_is_refused_with_how_to_write_it(words: str) -> None:
    with pytest.raises(Incomplete, match=r"is not a number in plain digits; write a mark such as 4, 4\.5 or 4,5"):
        mark_of(words)


@pytest.mark.parametrize("words", ["0", "٥", "-1", "+1", "1.0", "five", ""])
def test_a_row_is_named_by_its_plain_number(words: str) -> None:
    assert row_of("5") == 5
    with pytest.raises(Incomplete, match="is not a row of the form; write its number, such as 5"):
        row_of(words)


@pytest.mark.rule("N-30")
@pytest.mark.parametrize(
    ("mark", "kept"), [("-0", "0"), ("-0.00", "0.00"), ("0E+2", "0"), ("5E0", "5"), ("50E-1", "5.0"), ("4.50", "4.50")]
)
def test_a_mark_is_kept_without_exponent_and_without_a_signed_zero(mark: str, kept: str) -> None:
    assert plainly(Decimal(mark)) == kept
