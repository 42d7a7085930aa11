"""Where a long word may break: typst knows no Kazakh, and Russian hyphenation cuts Kazakh words wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

_VOWELS = frozenset("аәеёиоөуұүыіэюя")
_LETTERS = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]{6,}")
_RUSSIAN = re.compile(r"[^\w]*[А-Яа-яЁё]{1,25}[^\w]*")
_LONG = re.compile(r"\S{12,}")
_SOFT_HYPHEN, _SILENT = "\u00ad", "\u200b"
_LONGEST_RUN = 10


def _is_vowel(word: str, place: int) -> bool:
    # у after a vowel is a consonant in Kazakh: ба-ға-лау-ды.
    letter = word[place]
    return letter in _VOWELS and not (letter == "у" and place > 0 and word[place - 1] in _VOWELS)


def syllables(word: str) -> list[str]:
    """Cut a Kazakh word where a line may end: one vowel a part, at least two letters at either end."""
    lower = word.lower()
    vowels = [place for place in range(len(lower)) if _is_vowel(lower, place)]
    cuts = [0]
    for left, right in pairwise(vowels):
        cut = max(left + 1, right - 1)
        cut += lower[cut] in "ъь"
        if 2 <= cut <= len(word) - 2:
            cuts.append(cut)
    return [word[start:end] for start, end in zip(cuts, [*cuts[1:], len(word)], strict=True)]


def _broken(token: str) -> str:
    soft = _LETTERS.sub(lambda found: _SOFT_HYPHEN.join(syllables(found[0])), token)
    run = re.compile(rf"[^\s{_SOFT_HYPHEN}{_SILENT}]{{{_LONGEST_RUN}}}(?=[^\s{_SOFT_HYPHEN}])")
    return run.sub(lambda found: found[0] + _SILENT, soft)


def break_table(texts: Iterable[str], language: str) -> dict[str, str]:
    """Every long word of the texts with its breaks marked, for use only where it does not fit.

    Words in Russian letters are left to typst in a Russian document.
    """
    tokens = {token for text in texts for token in _LONG.findall(text)}
    if language == "ru":
        tokens = {token for token in tokens if not _RUSSIAN.fullmatch(token)}
    return {token: marked for token in sorted(tokens) if (marked := _broken(token)) != token}
