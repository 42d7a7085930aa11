"""One cell of a staff file: its text in, its value out, or a ValueError saying what is wrong and what to do.

Contacts are read in `staff_contacts`, absences, sanctions and worked days in `staff_spans`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from services.staff_columns import BASES, LANGUAGES, LOOK_ALIKES, NO, YES, folded

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffd]")
_NUMBER = re.compile(r"[0-9A-Za-zА-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі][0-9A-Za-zА-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі./_-]{0,39}")
_NAME = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]+(?:[ '’ʼ-][А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]+)*")
_CATEGORY = re.compile(r"[A-E](?:-[OGR])?-[1-9][0-9]?")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_FIRST_YEAR, _LAST_YEAR = 1950, 2100
_SHEET_ERROR = re.compile(
    r"#(REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|ССЫЛКА!|Н/Д|ИМЯ\?|ЗНАЧ!|ДЕЛ/0!|ПУСТО!|ЧИСЛО!)", re.IGNORECASE
)


def plain(text: str) -> str:
    """The text of a cell, composed, with single spaces.

    Raises:
        ValueError: it holds a control or invisible character, would run as a formula, or is a spreadsheet's error.
    """
    if found := CONTROL.search(text):
        raise ValueError(f"it holds the invisible character U+{ord(found[0]):04X}, pasted in or damaged: type it anew")
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if text and text[0] in "=+-@":
        raise ValueError(
            f"'{text[:30]}' begins with '{text[0]}', which a spreadsheet runs as a formula: write plain text "
            "or leave the cell empty"
        )
    if text.startswith("#") and _SHEET_ERROR.fullmatch(text):
        raise ValueError(f"'{text}' is an error of the spreadsheet: type what belongs into the cell")
    return text


def personnel_no(text: str) -> str:
    """A personnel number: letters, digits and . / _ - up to 40 characters.

    Raises:
        ValueError: it is anything else.
    """
    text = plain(text)
    if text and not _NUMBER.fullmatch(text):
        raise ValueError(f"'{text[:60]}' is not a personnel number: use letters, digits and . / _ - (at most 40)")
    return text


def code(text: str) -> str:
    """The code of a body or unit; the same letters as a personnel number.

    Raises:
        ValueError: it is anything else.
    """
    text = plain(text)
    if text and not _NUMBER.fullmatch(text):
        raise ValueError(f"'{text[:60]}' is not a code: use letters, digits and . / _ - (at most 40)")
    return text


def unit_elsewhere(text: str) -> str:
    """The code of a unit, alone or behind the code of its body and a stroke: "dept/legal".

    Raises:
        ValueError: it is no such code.
    """
    body, stroke, unit = text.rpartition("/")
    return f"{code(body)}/{code(unit)}" if stroke else code(unit)


def name(text: str) -> str:
    """A surname, given name or patronymic in Cyrillic (Kazakh letters included).

    Raises:
        ValueError: it has digits, Latin letters or other signs.
    """
    text = plain(text)
    if not text or (_NAME.fullmatch(text) and len(text) <= 100):
        return text
    if any(sign.isdigit() for sign in text):
        raise ValueError(f"'{text}' has a digit in it: write the name in letters only")
    latin = "".join(sign for sign in text if sign.isascii() and sign.isalpha())
    if latin:
        raise ValueError(
            f"'{text}' has Latin letters ({latin}): write the name in Cyrillic, as in the identity document"
        )
    raise ValueError(f"'{text}' is not a name: only letters, a hyphen, an apostrophe or a space belong there")


def title(text: str) -> str:
    """A post title, a name of a body or unit, an address: any words up to 300 characters.

    Raises:
        ValueError: it is longer, or has no letter at all.
    """
    text = plain(text)
    if len(text) > 300:
        raise ValueError(f"it is {len(text)} characters long: shorten it to 300")
    if text and not any(sign.isalpha() for sign in text):
        raise ValueError(f"'{text}' has no letter in it: write it in words")
    return text


def language(text: str) -> str:
    """The language of notices, kk, ru, or en for a body whose file lists it; kk where the cell is empty.

    Raises:
        ValueError: it is another word.
    """
    text = plain(text)
    found = LANGUAGES.get(folded(text)) if text else "kk"
    if found is None:
        raise ValueError(f"'{text}' is not a language of notices: write kk, ru or en")
    return found


def basis(text: str) -> str:
    """How the person came to the post: appointed or elected (N-13); appointed where the cell is empty.

    Raises:
        ValueError: it is another word.
    """
    text = plain(text)
    found = BASES.get(folded(text)) if text else "appointed"
    if found is None:
        raise ValueError(f"'{text}' is no basis: write appointed or elected")
    return found


def yes_or_no(text: str) -> bool:
    """Yes or no in three languages; no where the cell is empty.

    Raises:
        ValueError: it is another word.
    """
    text = plain(text)
    word = text.casefold()
    if text and word not in YES and word not in NO:
        raise ValueError(f"'{text}' is neither yes nor no: write yes or no (иә / жоқ, да / нет)")
    return word in YES


def category(text: str) -> str:
    """A category of posts in Latin letters, whichever were typed (N-3, N-Q24); "" outside corps B.

    Raises:
        ValueError: it has not the shape of a category.
    """
    text = plain(text).replace(" ", "").upper().translate(LOOK_ALIKES)
    if text and not _CATEGORY.fullmatch(text):
        raise ValueError(f"'{text}' is not a category: write it like B-1 or C-O-1; outside corps B leave it empty")
    return text


def day(text: str) -> date | None:
    """A date written 2026-07-24 or 24.07.2026; None where the cell is empty.

    Raises:
        ValueError: it is written otherwise, does not exist, or lies outside 1950-2100.
    """
    text = plain(text)
    if not text:
        return None
    if found := _ISO.fullmatch(text):
        year, month, number = int(found[1]), int(found[2]), int(found[3])
    elif found := _DOTTED.fullmatch(text):
        year, month, number = int(found[3]), int(found[2]), int(found[1])
    else:
        raise ValueError(_no_date(text))
    try:
        there = date(year, month, number)
    except ValueError:
        raise ValueError(f"{text} does not exist in the calendar: correct the date") from None
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"{text} lies outside {_FIRST_YEAR}-{_LAST_YEAR}: correct the year")
    return there


def _no_date(text: str) -> str:
    if text.isdigit() and 20_000 < int(text) < 80_000:
        meant = date(1899, 12, 30) + timedelta(days=int(text))
        return f"{text} is a number, not a date: give the column a date format (it may mean {meant})"
    return f"'{text[:30]}' is not a date: write it like 2026-07-24 or 24.07.2026"
