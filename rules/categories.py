"""Categories of posts as people write them: Cyrillic letters that look Latin, a nought for the letter O, blanks."""

from __future__ import annotations

import re

_LOOK_ALIKES = str.maketrans("АВСЕОКМНРТХ–—‑−", "ABCEOKMHPTX----")
_NOUGHT = re.compile(r"(?<=-)0(?=-)")


def normal(text: str) -> str:
    """One spelling for a category: "С - 0 - 1" and "c-o-1" are C-O-1."""
    return _NOUGHT.sub("O", re.sub(r"\s", "", text).upper().translate(_LOOK_ALIKES))
