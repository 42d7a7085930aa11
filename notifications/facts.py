"""The few facts a notice may carry: dates, counts, a point of the act, a link. Everything else is refused (N-23)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from rules.errors import Incomplete, NotAllowed, RuleError
from rules.organisation import PORTAL
from rules.period import Period

#: numbers, and words of a closed list: no name can stand where a point of an act or of a body's own order stands
_POINT = re.compile(
    r"(?=.{1,34}$)((house|rule|schedule|internal|order|decision|note|methodology|to|of|No|pts?|paras?|sentence|[Aa]nnex(es)?"
    r"|parameter|rows?|\d{1,3}(\(\d{1,2}\))?)([ ,;–-]{1,2}|$))+"
)
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_PLAIN = re.compile(r"\d{4}(-Q\d|-\d{2}-\d{2}(T\d{2}:\d{2})?)?", re.ASCII)


@dataclass(frozen=True)
class Field:
    """One permitted fact.

    Attributes:
        what: what it says and how it is written.
        fits: is this text such a fact?
        sample: an ordinary value. longest: the longest one, for the limits of short messages.
    """

    what: str
    fits: Callable[[str], bool]
    sample: str
    longest: str


def _shaped(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


def _parsed(reader: Callable[[str], object], *lengths: int) -> Callable[[str], bool]:
    def fits(text: str) -> bool:
        try:
            reader(text)
        except (ValueError, RuleError):
            return False
        # the readers know more ways to write a day than a notice may show
        return len(text) in lengths and text.isascii() and _PLAIN.fullmatch(text) is not None

    return fits


FIELDS: dict[str, Field] = {
    "portal": Field("the portal's address, https, without a query", _shaped(PORTAL), "https://bagalau.example.kz",
                    "https://" + "b" * 80 + ":65535/" + "b" * 40),
    "due": Field("the last day, as 2026-10-20", _parsed(date.fromisoformat, 10), "2026-10-20", "2026-09-30"),
    "start": Field("the first day, as 2026-10-20", _parsed(date.fromisoformat, 10), "2026-10-12", "2026-09-30"),
    "target": Field("the safe last day, as 2026-10-20", _parsed(date.fromisoformat, 10), "2026-10-19", "2026-09-30"),
    "received": Field("the day something was received, as 2026-10-20", _parsed(date.fromisoformat, 10), "2026-10-21",
                      "2026-09-30"),
    "period": Field("the period, as 2026-Q3 or 2026", _parsed(Period.parse, 4, 7), "2026-Q3", "2026-Q3"),
    "count": Field("how many, a whole number", _shaped(_NUMBER), "12", "999999"),
    "days": Field("a term in working days, a whole number", _shaped(_NUMBER), "5", "999999"),
    "point": Field("the point of the act, as pt 19, or house rule", _shaped(_POINT), "pt 19",
                   "pts 2(7), 4 paras 10-12"),
    "at": Field("the body's local time, as 2026-10-28T15:00", _parsed(datetime.fromisoformat, 16), "2026-10-28T15:00",
                "2026-09-30T15:00"),
}  # fmt: skip


def check(kind: str, needed: Sequence[str], facts: Mapping[str, str], given_by_rows: Sequence[str] = ()) -> None:
    """Refuse facts a notice of this kind may not leave with (N-23).

    Raises:
        NotAllowed: a fact is not on the list. Incomplete: one is missing. RuleError: one is badly written.
    """
    for name, value in facts.items():
        if name not in FIELDS:
            raise NotAllowed(
                f"The fact '{name}' may not be in a notice '{kind}': results are confidential; "
                f"permitted are {', '.join(FIELDS)}."
            )
        if not isinstance(value, str) or not FIELDS[name].fits(value):
            # the value itself is not repeated: it may be the very thing that must not be said
            raise RuleError(f"The fact '{name}' of a notice '{kind}' must be {FIELDS[name].what}.")
    missing = [name for name in needed if name not in facts and name not in given_by_rows]
    if missing:
        raise Incomplete(f"A notice '{kind}' cannot be written without: {', '.join(missing)}.")
