"""Reading a file of keys and values, or a list of them, that people hand in, JSON or YAML, strictly."""

from __future__ import annotations

import json as json_text
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from methodologies.reading import parse
from rules.errors import BadFile, NotFound

#: a list of a hundred thousand sheets has some 60 MB
LARGEST = 256 * 2**20


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
    if file.stat().st_size > LARGEST:
        raise BadFile(f"{file.name}: the file is larger than {LARGEST // 2**20} MB; hand it in in parts.")
    try:
        source = file.read_text(encoding="utf-8-sig")  # some editors begin a file with a mark nobody sees
    except UnicodeDecodeError:
        raise BadFile(f"{file.name}: the file is not UTF-8; save it as UTF-8.") from None
    data = parse(source, file.name, lists=True).plain() if file.suffix.lower() != ".json" else _json(source, file)
    if not all(_storable(text) for text in _texts(data)):
        raise BadFile(f"{file.name}: a text holds a character that cannot be kept; write it again by hand.")
    return data


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for key, value in data.items():
            yield from (str(key), *_texts(value))
    elif isinstance(data, list):
        for one in data:
            yield from _texts(one)
    elif isinstance(data, str):
        yield data


def _storable(text: str) -> bool:
    """Can both databases keep it? Neither half of a pair nor a zero byte is a character."""
    return "\0" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _json(source: str, file: Path) -> Any:
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
    except RecursionError:
        raise BadFile(f"{file.name}: too many levels inside each other; nothing here has so many.") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"the key '{twice}' is written twice")
    return found


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number")
