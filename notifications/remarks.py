"""The remark of a receipt: what an officer noted beside the event, as `name: words` between semicolons.

It holds no name, no address and no result; people stand in it by personnel number, or by what they are to the recipient.
"""

from __future__ import annotations

import re

#: the day alone was known; the moment is its end
DAY_ONLY = "only the day is known"
SENT_BY, RECEIVED_BY, REASON = "sent by", "received by", "reason"
_NAMED = (SENT_BY, RECEIVED_BY, REASON)


def remark(
    free: str = "", *, sent_by: str = "", received_by: str = "", reason: str = "", day_only: bool = False
) -> str:
    """One line of all that was noted; what is empty is left out.

    >>> remark("at the counter", received_by="the addressee; in person", day_only=True)
    'at the counter; received by: the addressee, in person; only the day is known'
    """
    named = dict(zip(_NAMED, (sent_by, received_by, reason), strict=True))
    parts = [plain(free), *(f"{name}: {plain(words)}" for name, words in named.items() if plain(words))]
    return "; ".join(part for part in (*parts, DAY_ONLY if day_only else "") if part)


def plain(words: str) -> str:
    """Words that cannot be taken for the next part of a remark."""
    return re.sub(r"\s*;\s*", ", ", " ".join(words.split())).strip(" ,")


def noted(detail: str | None) -> dict[str, str]:
    """What a remark says under its names; what was noted freely stands under "".

    >>> noted("at the counter; received by: the addressee; only the day is known")
    {'': 'at the counter', 'received by': 'the addressee', 'only the day is known': ''}
    """
    found: dict[str, str] = {}
    for part in (detail or "").split("; "):
        name, colon, words = part.partition(": ")
        if part == DAY_ONLY:
            found[DAY_ONLY] = ""
        elif colon and name in _NAMED:
            found[name] = words
        elif part:
            found[""] = "; ".join(filter(None, (found.get(""), part)))
    return found
