"""Absences, sanctions and worked days of a staff file: several entries in a cell, separated by semicolons."""

from __future__ import annotations

import re
from datetime import date

from rules.errors import RuleError
from rules.period import Period
from services.staff_cells import day, plain
from services.staff_columns import ABSENCE_WORDS, ABSENCES, SANCTION_WORDS, SANCTIONS, folded

_SPAN = re.compile(r"(.+?)[\s:]+(\d[\d.-]*?\d)(?:\s*(?:\.\.|–|—|\s-\s)\s*(\d[\d.-]*))?")
#: no quarter has more working days than 66, no year more than 262
_MOST = {True: 66, False: 262}

Spans = tuple[tuple[str, date, date], ...]


def absences(text: str) -> Spans:
    """Absences as (kind, first day, last day), written "labour_leave 2026-07-06..2026-07-24; ...".

    Raises:
        ValueError: a part has another shape, an unknown kind or its days in the wrong order.
    """
    return tuple(sorted({_absence(part) for part in _parts(text)}))


def _absence(part: str) -> tuple[str, date, date]:
    found = _SPAN.fullmatch(part)
    if not found:
        raise ValueError(f"'{part[:60]}' is no absence: write it like labour_leave 2026-07-06..2026-07-24")
    kind = _kind(found[1], ABSENCE_WORDS, ABSENCES, "absence")
    first = _must(day(found[2]))
    last = _must(day(found[3])) if found[3] else first
    if last < first:
        raise ValueError(f"'{part}' ends before it begins: swap the two dates")
    return kind, first, last


def sanctions(text: str) -> tuple[tuple[str, date], ...]:
    """Disciplinary sanctions as (kind, day applied), written "reprimand 2026-08-03; ..." (N-36).

    Raises:
        ValueError: a part has another shape or an unknown kind.
    """
    return tuple(sorted({_sanction(part) for part in _parts(text)}))


def _sanction(part: str) -> tuple[str, date]:
    found = _SPAN.fullmatch(part)
    if not found or found[3]:
        raise ValueError(f"'{part[:60]}' is no sanction: write it like reprimand 2026-08-03")
    return _kind(found[1], SANCTION_WORDS, SANCTIONS, "sanction"), _must(day(found[2]))


def worked_days(text: str) -> tuple[tuple[str, int], ...]:
    """Working days actually worked as (period, days), written "2026-Q3:14; ..." (N-14).

    Raises:
        ValueError: a part has another shape or more days than the period.
    """
    worked = tuple(sorted(_worked(part) for part in _parts(text)))
    if len({period for period, _ in worked}) < len(worked):
        raise ValueError("it names one period twice: leave one count for each period")
    return worked


def _worked(part: str) -> tuple[str, int]:
    asked, _, number = part.partition(":")
    try:
        period, days = Period.parse(asked), int(number) if number.strip().isdecimal() else -1
    except RuleError:
        raise ValueError(f"'{part[:30]}' is no count of worked days: write it like 2026-Q3:14") from None
    if not 0 <= days <= _MOST[period.quarter is not None]:
        raise ValueError(f"{period} has no {days} working days: correct the count")
    return str(period), days


def _kind(word: str, known: dict[str, str], kinds: dict[str, tuple[str, ...]], what: str) -> str:
    found = known.get(folded(word))
    if found is None:
        raise ValueError(f"'{word}' is no kind of {what}: use one of {', '.join(kinds)}")
    return found


def _parts(text: str) -> list[str]:
    parts = [part for part in (piece.strip() for piece in plain(text.replace("\n", ";")).split(";")) if part]
    if long := next((part for part in parts if len(part) > 200), None):
        raise ValueError(f"'{long[:60]}...' is too long for one entry: separate the entries with ;")
    return parts


def _must(found: date | None) -> date:
    assert found is not None  # noqa: S101 # the pattern above let no empty text through
    return found
