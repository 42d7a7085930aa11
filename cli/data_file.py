"""Reading a file of keys and values, or a list of them, that people hand in, JSON or YAML, strictly."""

from __future__ import annotations

import json as json_text
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from methodologies.reading import parse
from rules.errors import BadFile, NotFound


def a_data_file(file: Path) -> Mapping[str, Any]:
    """The keys and values of a JSON or YAML file; numbers are read exactly.

    Raises:
        NotFound: there is no such file. BadFile: it cannot be read; the sentence names the file and the line.
    """
    data = _read(file)
    if not isinstance(data, Mapping):
        raise BadFile(f"{file.name}, the file: keys with values are expected here.")
    return data


def a_list_file(file: Path) -> list[Mapping[str, Any]]:
    """A list of keys and values, such as one sheet for each person; refusals as `a_data_file`."""
    data = _read(file)
    if not isinstance(data, list):
        raise BadFile(f"{file.name}, the file: a list is expected here.")
    for row, one in enumerate(data, 1):
        if not isinstance(one, Mapping):
            raise BadFile(f"{file.name}, row {row}: keys with values are expected here.")
    return data


def _read(file: Path) -> Any:
    if not file.is_file():
        raise NotFound(f"There is no file {file}.")
    try:
        source = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise BadFile(f"{file.name}: the file is not UTF-8; save it as UTF-8.") from None
    if file.suffix.lower() != ".json":
        return parse(source, file.name, lists=True).plain()
    try:
        return json_text.loads(
            source,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_unique,
        )
    except json_text.JSONDecodeError as problem:
        raise BadFile(f"{file.name}, line {problem.lineno}: this is not JSON: {problem.msg}.") from None
    except ValueError as problem:
        raise BadFile(f"{file.name}: {problem}.") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"the key '{twice}' is written twice")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")
