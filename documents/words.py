"""Fixed wording in Kazakh and Russian, and dates, periods and numbers as official papers write them."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, cast

from babel.dates import format_date

from documents.errors import UnknownLanguage
from rules.period import Period

Language = Literal["kk", "ru"]

_FOLDER = Path(__file__).parent / "wording"
_DAY = {"kk": "y 'жылғы' d MMMM", "ru": "d MMMM y 'года'"}
_QUARTERS = ("I", "II", "III", "IV")


def known_language(language: str) -> Language:
    """The language itself, "kk" or "ru".

    Raises:
        UnknownLanguage: any other language.
    """
    if language not in _DAY:
        raise UnknownLanguage(language)
    return cast("Language", language)


@cache
def _entries(document: str) -> dict[str, dict[str, str]]:
    text = (_FOLDER / f"{document}.json").read_text(encoding="utf-8")
    entries: dict[str, dict[str, str]] = json.loads(text)
    return entries


def wording(document: str, language: Language) -> dict[str, str]:
    """The fixed words of one document together with those every document shares, in one language."""
    entries = _entries("common") | _entries(document)
    return {key: text[language] for key, text in entries.items()}


def long_date(day: date, language: Language) -> str:
    """A day in words: "2026 жылғы 5 қазан", "5 октября 2026 года"."""
    return format_date(day, _DAY[language], locale=language)


def short_date(day: date) -> str:
    """A day in figures, for tables: "05.10.2026"."""
    return day.strftime("%d.%m.%Y")


def both_dates(day: date, language: Language) -> dict[str, str]:
    """A day in words (`day`, and `long` with the clock of a moment's own zone) and in figures (`short`)."""
    clock = f"{day:%H:%M}" if isinstance(day, datetime) else ""
    words = long_date(day, language)
    return {
        "day": words,
        "long": f"{words}, {clock}" if clock else words,
        "short": f"{short_date(day)} {clock}".strip(),
    }


def period_in_words(period: Period, language: Language) -> str:
    """A period as a heading writes it: "2026 жылғы III тоқсан", "III квартал 2026 года", "2026 год"."""
    if not period.quarter:
        return f"{period.year} жыл" if language == "kk" else f"{period.year} год"
    quarter = _QUARTERS[period.quarter - 1]
    return f"{period.year} жылғы {quarter} тоқсан" if language == "kk" else f"{quarter} квартал {period.year} года"


def number(value: Decimal) -> str:
    """A number with a decimal comma, as it is: how many decimals it has its act says: "6,5", "4,50", "2,998"."""
    return f"{value:f}".replace(".", ",")


def working_days(count: int, language: Language) -> str:
    """A term for use after "within": "5 жұмыс күні", "5 рабочих дней", "1 рабочего дня"."""
    if language == "kk":
        return f"{count}\u00a0жұмыс күні"
    one = count % 10 == 1 and count % 100 != 11
    return f"{count}\u00a0рабочего дня" if one else f"{count}\u00a0рабочих дней"
