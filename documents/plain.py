"""A document's dataclass turned into the plain values its page sets, with empty fields refused."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from documents import words
from documents.errors import MissingField, WrongField
from rules.period import Period

Plain = dict[str, Any]


def plain(data: Any, document: str, language: words.Language) -> Plain:
    """Every field as text, list or dictionary: dates in words, a decimal comma, composed letters.

    Raises:
        MissingField: a field without a default is empty.
        WrongField: a field holds a kind of value no page knows.
    """
    start = _Place(document, language)
    return {field.name: _value(getattr(data, field.name), field, start / field.name) for field in fields(data)}


@dataclass(frozen=True)
class _Place:
    """Where in the data we stand, for the sentence of a refusal."""

    document: str
    language: words.Language
    path: str = ""

    def __truediv__(self, name: str) -> _Place:
        return replace(self, path=f"{self.path}.{name}" if self.path else name)

    def nth(self, index: int) -> _Place:
        return replace(self, path=f"{self.path}[{index}]")


def _value(value: Any, field: Field[Any] | None, place: _Place) -> Any:
    if field is not None and _is_required(field) and _is_empty(value):
        raise MissingField(place.document, place.path)
    if is_dataclass(value) and not isinstance(value, Period):
        return {inner.name: _value(getattr(value, inner.name), inner, place / inner.name) for inner in fields(value)}
    if isinstance(value, tuple | list):
        return [_value(item, None, place.nth(index)) for index, item in enumerate(value, 1)]
    return _leaf(value, place)


def _leaf(value: Any, place: _Place) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return clean(value)
        case Decimal():
            return words.number(value)
        case date():
            return words.both_dates(value, place.language)
        case Period():
            return words.period_in_words(value, place.language)
    raise WrongField(place.document, place.path, f"is a {type(value).__name__}, which no document can print")


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING and "None" not in str(field.type)


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, tuple | list) and not value)


def clean(text: str) -> str:
    """Text as it is printed: composed letters, one kind of line end, no trailing blanks."""
    composed = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return composed.strip()


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every text inside plain values, with the path of its field."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for place, inner in enumerate(value, 1):
            yield from texts(inner, f"{path}[{place}]")
