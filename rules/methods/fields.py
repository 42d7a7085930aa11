"""The plain fields of a sheet, read strictly: every refusal is one sentence that names the field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rules.errors import BadFile

#: plain digits alone: no other script, exponent or grouping, nothing a program might read in another way
_PLAIN = re.compile(r"-?[0-9]{1,15}([.][0-9]{1,15})?")
_ROW = re.compile(r"0|[1-9][0-9]{0,5}")
LONGEST = 15


class Fields:
    """Some fields of a sheet. `where` is the way to them: "facts.sanctions.1"."""

    def __init__(self, data: Any, form: str, where: str = "", file: str = "") -> None:
        self.form, self.where, self.file = form, where, file
        if not isinstance(data, Mapping):
            raise self.refusal("", "keys with values are expected here.")
        self.data = data

    def refusal(self, key: str, what: str) -> BadFile:
        """The refusal of a field, ready to raise."""
        place = ".".join(part for part in (self.where, key) if part) or "the sheet"
        return BadFile(f"{self.file or f'sheet {self.form}'}, {place}: {what}")

    def only(self, known: tuple[str, ...], required: tuple[str, ...] = ()) -> None:
        """Refuse an unknown field, and a missing required one."""
        for key in self.data:
            if key not in known:
                raise self.refusal(str(key), f"this key is not known; known are: {', '.join(known)}.")
        for key in required:
            if key not in self.data:
                raise self.refusal(key, "this key is missing.")

    def has(self, key: str) -> bool:
        """Is there a value?"""
        return self.data.get(key) is not None

    def part(self, key: str) -> Fields:
        """The fields under a key; none when it is absent."""
        value = self.data.get(key)
        return Fields({} if value is None else value, self.form, self._below(key), self.file)

    def several(self, key: str) -> list[Fields]:
        """The members of a list of fields; none when it is absent."""
        return [Fields(one, self.form, f"{self._below(key)}.{n}", self.file) for n, one in enumerate(self.list(key), 1)]

    def list(self, key: str) -> list[Any]:
        """A list of plain values; empty when it is absent."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list | tuple):
            raise self.refusal(key, "a list is expected here.")
        return list(value)

    def text(self, key: str) -> str:
        """A text that is not empty."""
        return self.words(self.data.get(key), key)

    def words(self, value: Any, key: str) -> str:
        """A value that must be a text that is not empty."""
        if not isinstance(value, str) or not value.strip():
            raise self.refusal(key, "a text is expected here.")
        return value.strip()

    def one_of(self, key: str, known: tuple[str, ...]) -> str:
        """A text out of a closed list."""
        value = self.text(key)
        if value not in known:
            raise self.refusal(key, f"'{value}' is not known here; write one of: {', '.join(known)}.")
        return value

    def flag(self, key: str) -> bool:
        """true or false."""
        value = self.data.get(key)
        if not isinstance(value, bool):
            raise self.refusal(key, "true or false is expected here.")
        return value

    def number(self, key: str) -> Decimal:
        """An exact number."""
        found = self.mark(self.data.get(key), key)
        if found is None:
            raise self.refusal(key, "a number is expected here.")
        return found

    def whole(self, key: str) -> int:
        """A whole number."""
        found = self.number(key)
        if found != found.to_integral_value():
            raise self.refusal(key, f"'{found}' is not a whole number.")
        return int(found)

    def mark(self, value: Any, key: str) -> Decimal | None:
        """A value that must be an exact number, or None for a blank."""
        if value is None:
            return None
        plain = _PLAIN.fullmatch(value) if isinstance(value, str) else isinstance(value, int | Decimal)
        if not plain or isinstance(value, bool):
            raise self.refusal(key, f"'{value}' is not a number in plain digits; write a mark such as 4 or 4.5.")
        found = Decimal(value)
        # a number of a million digits would be worked on for hours
        if not found.is_finite() or found.adjusted() > LONGEST or len(found.as_tuple().digits) > 2 * LONGEST:
            raise self.refusal(key, f"'{str(value)[:40]}' is not a number of ordinary length; write one such as 4.5.")
        return found

    def numbered(self, key: str, read: Callable[[Fields, Any, str], Any]) -> dict[int, Any]:
        """Values by row number."""
        found = {}
        for number, one in self.part(key).data.items():
            if not _ROW.fullmatch(str(number)):
                raise self.refusal(f"{key}.{number}", "rows are named by their number, such as 1.")
            found[int(number)] = read(self, one, f"{key}.{number}")
        return found

    def day(self, key: str) -> date:
        """A real calendar day."""
        value = self.data.get(key)
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            raise self.refusal(key, f"'{value}' is not a real date; write it as 2026-08-14.") from None

    def _below(self, key: str) -> str:
        return f"{self.where}.{key}" if self.where else key
