"""Text on its way into a table somebody opens in a spreadsheet, which takes some words for formulas and runs them."""

from __future__ import annotations

import re

#: how a formula begins; a number with its sign is none
_FORMULA = re.compile(r"\s*[=@+\-\t\r]")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def harmless(value: object) -> object:
    """The value, with an apostrophe before words a spreadsheet would run; it shows them as text then.

    >>> harmless('=HYPERLINK("http://example.kz")'), harmless("-3.5"), harmless("Алматы, Абай 1"), harmless(None)
    ('\\'=HYPERLINK("http://example.kz")', '-3.5', 'Алматы, Абай 1', None)
    """
    if isinstance(value, str) and _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
