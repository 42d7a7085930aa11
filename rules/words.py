"""A number with its words: one is not many."""

from __future__ import annotations

import re

_PLURAL = re.compile(r"ies\b|s\b")
_VERB = re.compile(r"\b(are|were|have|lie|wait|reach)\b")
_OF_ONE = {"are": "is", "were": "was", "have": "has", "lie": "lies", "wait": "waits", "reach": "reaches"}


def counted(number: int, words: str) -> str:
    """A number with its words, given as for many: of one, the first word that ends with an s loses it, and the verb gets it.

    >>> counted(1, "sheets signed by their servants"), counted(2, "entries"), counted(1, "entries")
    ('1 sheet signed by their servants', '2 entries', '1 entry')
    >>> counted(1, "results are approved"), counted(1, "people have a report"), counted(0, "results are approved")
    ('1 result is approved', '1 person has a report', '0 results are approved')
    """
    if number == 1:
        first, _, rest = words.partition(" ")
        first = (
            "person" if first == "people" else _PLURAL.sub(lambda end: "y" if end[0] == "ies" else "", first, count=1)
        )
        if first == words.partition(" ")[0]:  # an adjective stands before the noun
            rest = _PLURAL.sub(lambda end: "y" if end[0] == "ies" else "", rest, count=1)
        words = f"{first} {_VERB.sub(lambda verb: _OF_ONE[verb[0]], rest, count=1)}".rstrip()
    return f"{number} {words}"
