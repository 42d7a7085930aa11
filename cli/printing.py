"""How every command prints: a table for people, or JSON with stable keys, ISO dates, decimals as strings."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

from models.base import instant
from rules.words import counted as counted

_WIDE = 160
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*")


def as_json(data: Any) -> None:
    """Print data as JSON: decimals as strings, dates as ISO, labels as kk, ru and en."""
    print(json.dumps(plain(data), ensure_ascii=False, indent=2))


def plain(value: Any) -> Any:
    """The value in the plain kinds of JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "", zone: str = "UTC") -> None:
    """Print rows for people; None shows as an empty cell, an instant as the clock of the zone shows it."""
    drawn = Table(*columns, title=title or None, title_justify="left", show_lines=False)
    for row in rows:
        drawn.add_row(*(said(cell, zone) for cell in row))
    console().print(drawn, markup=False)


def said(value: Any, zone: str = "UTC") -> str:
    """A value for people: nothing for None, an instant by the zone's clock and to the minute.

    >>> said("2026-10-31T19:00:00.000000Z", "Asia/Almaty")
    '2026-11-01 00:00'
    """
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        value = instant(value) if value.endswith("Z") else datetime.fromisoformat(value)
    if isinstance(value, datetime) and value.tzinfo:
        return f"{value.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple | list):
        return ", ".join(said(one, zone) for one in value)
    return "" if value is None else str(value)


def console() -> Console:
    """The terminal, or a wide page when the output goes to a file or pipe."""
    return Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else _WIDE)


def line(text: str = "") -> None:
    """Print one line for people."""
    console().print(text, markup=False, soft_wrap=True)


def note(text: str) -> None:
    """Print a remark beside the answer, on stderr, so that data stays data."""
    print(text, file=sys.stderr)


def said_or_json(data: Any, sentence: str, json: bool) -> None:
    """Print data as JSON, or one sentence for people."""
    if json:
        as_json(data)
    else:
        line(sentence)
