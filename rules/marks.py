"""A mark as a person writes it: plain digits, nothing a program might read in another way (N-30, N-Q3)."""

from __future__ import annotations

import re
from decimal import Decimal

from rules.errors import Incomplete

_PLAIN = re.compile(r"[0-9]{1,9}([.,][0-9]{1,9})?")
_ROW = re.compile(r"[1-9][0-9]{0,2}")


def mark_of(words: str) -> Decimal:
    """The mark that was written: "4", "4.5" or "4,5".

    Raises:
        Incomplete: a sign, an exponent, digits of another script, or no number at all.
    """
    if not _PLAIN.fullmatch(words):
        raise Incomplete(f"'{words}' is not a number in plain digits; write a mark such as 4, 4.5 or 4,5.")
    return Decimal(words.replace(",", "."))


def row_of(words: str) -> int:
    """The number of a row of the form; same refusal as `mark_of`."""
    if not _ROW.fullmatch(words):
        raise Incomplete(f"'{words}' is not a row of the form; write its number, such as 5.")
    return int(words)


def plainly(mark: Decimal) -> str:
    """A mark as it is kept: its own digits, without an exponent, and zero without a sign."""
    return f"{mark if mark else abs(mark):f}"
