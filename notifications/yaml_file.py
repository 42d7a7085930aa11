"""A YAML file as plain values, with the line of every one of them; what YAML would guess at is refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from rules.errors import BadFile

_TAG = "tag:yaml.org,2002:"
_DEEPEST = 30
_NUMBER = re.compile(r"(0|[1-9]\d{0,15})(\.\d{1,15})?", re.ASCII)


@dataclass(frozen=True)
class Plain:
    """What a file says: its values, and the line of each by the keys that lead to it."""

    name: str
    values: dict[str, Any]
    lines: dict[tuple[str | int, ...], int]

    def where(self, place: Iterable[str | int]) -> str:
        """The file and the line of a place, or of the nearest one above it that is written."""
        trail = tuple(place)
        while trail and trail not in self.lines:
            trail = trail[:-1]
        return f"{self.name}, line {self.lines.get(trail, 1)}"


def read(file: Path) -> Plain:
    """The file's values.

    Raises:
        BadFile: it cannot be read, is no YAML, holds a key twice, an alias, a tag or a word YAML guesses at.
    """
    try:
        text = file.read_text("utf-8")
        root = None if any(_odd(yaml.parse(text, yaml.SafeLoader))) else yaml.compose(text, yaml.SafeLoader)
    except UnicodeDecodeError:
        raise _bad(f"{file.name}: the file is not UTF-8; save it as UTF-8.") from None
    except OSError as trouble:
        raise _bad(f"{file}: the file cannot be read: {trouble.strerror}.") from None
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
        raise _bad(f"{file.name}, line {line}: this is not YAML: {wrong.problem}.") from None
    except yaml.YAMLError:
        raise _bad(f"{file.name}: this is not YAML: it holds a character YAML does not allow.") from None
    if not isinstance(root, yaml.MappingNode):
        raise _bad(f"{file.name}, line 1: keys with values are expected, and no anchors, aliases or tags.")
    lines: dict[tuple[str | int, ...], int] = {}
    return Plain(file.name, _value(root, file.name, (), lines), lines)


def _odd(events: Iterable[Any]) -> Iterator[bool]:
    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        yield bool(
            isinstance(event, yaml.AliasEvent)
            or getattr(event, "anchor", None)
            or getattr(event, "tag", None)
            or depth > _DEEPEST
        )


def _value(node: Any, file: str, trail: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]) -> Any:
    lines[trail] = node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode):
        return [_value(one, file, (*trail, place), lines) for place, one in enumerate(node.value)]
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key, one in node.value:
            here = f"{file}, line {key.start_mark.line + 1}"
            if not isinstance(key, yaml.ScalarNode):
                raise _bad(f"{here}: a key must be one word.")
            if key.value in found:
                raise _bad(f"{here}: the key '{key.value}' is written twice.")
            found[key.value] = _value(one, file, (*trail, key.value), lines)
            lines[(*trail, key.value)] = key.start_mark.line + 1
        return found
    return _scalar(node, f"{file}, line {node.start_mark.line + 1}")


def _scalar(node: yaml.ScalarNode, here: str) -> Any:
    kind, text = node.tag.removeprefix(_TAG), str(node.value)
    if kind == "bool":
        if text not in ("true", "false"):
            raise _bad(
                f"{here}: YAML reads the bare word '{text}' as true or false; write true or false, or put it in quotes."
            )
        return text == "true"
    if kind == "null":
        raise _bad(f"{here}: the value is missing; write it, or leave the key out.")
    if kind in ("int", "float"):
        if not _NUMBER.fullmatch(text):  # +77010000001 and 010 are numbers to YAML
            raise _bad(f"{here}: write the number plainly, such as 20 or 0.05; put a telephone number in quotes.")
        return int(text) if kind == "int" else float(text)
    if kind != "str":
        raise _bad(f"{here}: put the value in quotes.")
    return text.strip()


def _bad(sentence: str) -> BadFile:
    return BadFile(sentence, (sentence,))
