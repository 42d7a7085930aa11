"""The order of Kazakh names, as a key of small Latin letters that every database collation sorts alike."""

from __future__ import annotations

_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_LATIN = "abcdefghijklmnopqrstuvwxyz"


def _pair(place: int) -> str:
    return _LATIN[place // 26] + _LATIN[place % 26]


# the gap between names sorts before every letter; a hyphen or apostrophe does not count
_KEYS = str.maketrans(
    {" ": _pair(0), "-": "", "'": "", "’": "", "ʼ": ""}
    | {letter: _pair(place) for place, letter in enumerate(_ALPHABET + _LATIN, 1)}
)


def sort_key(*names: str) -> str:
    """The key of a full name: surname first, in the order of the Kazakh alphabet."""
    return " ".join(name for name in names if name).lower().translate(_KEYS)
