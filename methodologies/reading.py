"""Reading YAML strictly: every refusal names the file, the line and the key, and says what to write instead.

YAML lets a reader guess (`no` is false, 010 is eight, 1:30 is ninety). The law may not be guessed at, so each
value is read as the type the place asks for, or refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import yaml

from rules.errors import BadFile
from rules.law import Label

T = TypeVar("T")
_NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_BOOL, _NULL = "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null"
_DEEPEST = 60
_TEXT = "tag:yaml.org,2002:str"


@dataclass(frozen=True)
class Item:
    """One place in a file: its node and the keys that lead to it."""

    node: yaml.Node
    file: str
    trail: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The place as a person finds it: file, line and keys."""
        keys = f", {'.'.join(self.trail)}" if self.trail else ""
        return f"{self.file}, line {self.node.start_mark.line + 1}{keys}"

    def refusal(self, what: str) -> BadFile:
        """The refusal of this place, ready to raise."""
        sentence = f"{self.where}: {what}"
        return BadFile(sentence, (sentence,))

    @property
    def is_null(self) -> bool:
        """Is the word `null` written here (abolished)?"""
        return self.node.tag == _NULL and self.node.value == "null"

    @property
    def is_list(self) -> bool:
        """Is a list written here?"""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_mapping(self) -> bool:
        """Are keys with values written here?"""
        return isinstance(self.node, yaml.MappingNode)

    def _scalar(self, wanted: str) -> str:
        if not isinstance(self.node, yaml.ScalarNode):
            raise self.refusal(f"{wanted} is expected here, not a list or keys.")
        if self.node.tag == _NULL:
            raise self.refusal(f"{wanted} is missing here; `null` is allowed only for an abolished value.")
        return self.node.value

    def text(self) -> str:
        """A text; a bare number, date or true/false is refused so that it is quoted on purpose."""
        value = self._scalar("a text")
        if self.node.tag != _TEXT:
            raise self.refusal(f"'{value}' is not read as a text; put it in quotes if it is one.")
        if not value.strip():
            raise self.refusal("the text is empty.")
        return value.strip()

    def one_of(self, known: Iterable[str]) -> str:
        """A text out of a closed list."""
        value, names = self.text(), tuple(known)
        if value not in names:
            raise self.refusal(f"'{value}' is not known here; write one of: {', '.join(names)}.")
        return value

    def decimal(self) -> Decimal:
        """An exact decimal, written plainly: 2.99."""
        value = self._scalar("a number")
        if not _NUMBER.fullmatch(value) or self._quoted():
            raise self.refusal(f"'{value}' is not a number; write it plainly without quotes, such as 2.99.")
        return Decimal(value)

    def integer(self) -> int:
        """A whole number, written plainly: 20."""
        value = self.decimal()
        if value != int(value) or "." in self.node.value:
            raise self.refusal(f"'{self.node.value}' is not a whole number.")
        return int(value)

    def day(self) -> date:
        """A real calendar day, written 2026-03-13."""
        value = self._scalar("a date")
        wrong = self.refusal(f"'{value}' is not a real date; write it as 2026-03-13, without quotes.")
        if not _DATE.fullmatch(value) or self._quoted():
            raise wrong
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise wrong from None

    def flag(self) -> bool:
        """true or false."""
        value = self._scalar("true or false")
        if value not in ("true", "false") or self._quoted():
            raise self.refusal(f"'{value}' is not true or false.")
        return value == "true"

    def label(self) -> Label:
        """A wording in Kazakh, Russian and English."""
        parts = self.fields("kk", "ru", "en")
        return Label(parts["kk"].text(), parts["ru"].text(), parts["en"].text())

    def items(self) -> list[Item]:
        """The members of a list."""
        if not self.is_list:
            raise self.refusal("a list is expected here.")
        return [Item(n, self.file, (*self.trail, str(i))) for i, n in enumerate(self.node.value, 1)]

    def texts(self) -> tuple[str, ...]:
        """A list of texts, none twice."""
        values = tuple(item.text() for item in self.items())
        if len(set(values)) < len(values):
            raise self.refusal("the list names something twice.")
        return values

    def entries(self) -> list[tuple[str, Item]]:
        """The keys and values, in the order written."""
        if not self.is_mapping:
            raise self.refusal("keys with values are expected here.")
        return [(key.value, Item(value, self.file, (*self.trail, key.value))) for key, value in self.node.value]

    def fields(self, *required: str, optional: Iterable[str] = ()) -> dict[str, Item]:
        """The values of the known keys; an unknown or missing key is refused."""
        found, known = dict(self.entries()), (*required, *optional)
        for key, item in found.items():
            if key not in known:
                raise item.refusal(f"the key '{key}' is not known here; known are: {', '.join(known)}.")
        missing = [key for key in required if key not in found]
        if missing:
            raise self.refusal(f"the key '{missing[0]}' is missing.")
        return found

    def by_date(self) -> list[tuple[date, Item]]:
        """The values keyed by date, earliest first."""
        if not self.is_mapping or not self.node.value:
            raise self.refusal("values by date are expected here, such as 2026-03-13: 2.99.")
        keys = [Item(key, self.file, self.trail).day() for key, _ in self.node.value]
        return sorted(zip(keys, (item for _, item in self.entries()), strict=True), key=lambda pair: pair[0])

    def _quoted(self) -> bool:
        return getattr(self.node, "style", None) in ("'", '"', "|", ">")

    def plain(self) -> Any:
        """The content as plain values: text, whole number, exact decimal, true/false, date, None, list, keys."""
        if self.is_mapping:
            return {key: item.plain() for key, item in self.entries()}
        if self.is_list:
            return [item.plain() for item in self.items()]
        kind = self.node.tag.rpartition(":")[2]
        if kind not in _PLAIN:
            raise self.refusal(f"'{self.node.value}' is not a value of a kind that is used here.")
        return _PLAIN[kind](self)

    def canonical(self) -> Any:
        """The content without comments, layout and order of keys, for hashing."""
        if self.is_mapping:
            return {key: item.canonical() for key, item in sorted(self.entries(), key=lambda pair: pair[0])}
        if self.is_list:
            return [item.canonical() for item in self.items()]
        return [self.node.tag.rpartition(":")[2], self.node.value]


_PLAIN: Mapping[str, Callable[[Item], Any]] = {
    "str": lambda item: item.node.value,
    "int": Item.integer,
    "float": Item.decimal,
    "bool": Item.flag,
    "timestamp": Item.day,
    "null": lambda item: None,
}


def read(path: Path) -> Item:
    """The root of a YAML file, after the checks that hold everywhere.

    BadFile: unreadable, no UTF-8, no YAML, a repeated key, an alias, a tag, or a word YAML guesses at.
    """
    return parse(text_of(path), path.name)


def parse(source: str, file: str, lists: bool = False) -> Item:
    """The root of YAML text, keys with values, or with `lists` a list; `file` is named in refusals, which are `read`'s."""
    try:
        _refuse_events(source, file)
        node = yaml.compose(source, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        sentence = f"{file}, line {line}: this is not YAML: {problem.problem}."
        raise BadFile(sentence, (sentence,)) from None
    except yaml.YAMLError:
        refuse_all([f"{file}: this is not YAML: it holds a character YAML does not allow."])
    if not isinstance(node, (yaml.MappingNode, yaml.SequenceNode) if lists else yaml.MappingNode):
        sentence = f"{file}, line 1: keys with values are expected at the top of the file."
        raise BadFile(sentence, (sentence,))
    refuse_all(_findings(node, file))
    return Item(node, file)


def refuse_all(problems: Iterable[str]) -> None:
    """Refuse the file with every finding, or do nothing when there is none."""
    found = tuple(problems)
    if found:
        more = f" ({len(found) - 1} more finding(s))" if len(found) > 1 else ""
        raise BadFile(found[0] + more, found)


def each(items: Iterable[T], *readers: Callable[[T], Any]) -> list[Any]:
    """Read every item and refuse once, with the findings of all of them."""
    results: list[Any] = []
    problems: list[str] = []
    for item in items:
        for reader in readers:
            try:
                results.append(reader(item))
            except BadFile as refusal:
                problems += refusal.problems
    refuse_all(problems)
    return results


def text_of(path: Path) -> str:
    """What a file says; BadFile when it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        sentence = f"{path.name}: the file is not UTF-8; save it as UTF-8."
    except OSError:
        sentence = f"{path}: the file cannot be read."
    raise BadFile(sentence, (sentence,))


def _refuse_events(source: str, file: str) -> None:
    depth = 0
    for event in yaml.parse(source, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        where = f"{file}, line {event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            refuse_all([f"{where}: anchors and aliases are not allowed; write the value out."])
        if tag := getattr(event, "tag", None):
            refuse_all([f"{where}: the tag '{tag}' is not allowed; write a plain value."])
        if depth > _DEEPEST:
            refuse_all([f"{where}: more than {_DEEPEST} levels inside each other; nothing here has so many."])


def _findings(node: yaml.Node, file: str) -> Iterator[str]:
    if isinstance(node, yaml.MappingNode):
        yield from _keys(node, file)
        for _, value in node.value:
            yield from _findings(value, file)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _findings(value, file)
    else:
        yield from _guessed(node, file)


def _keys(node: yaml.MappingNode, file: str) -> Iterator[str]:
    seen: dict[str, int] = {}
    for key, _ in node.value:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            yield f"{file}, line {line}: a key must be one word."
            continue
        yield from _guessed(key, file)
        if key.value in seen:
            first = seen[key.value]
            yield f"{file}, line {line}: the key '{key.value}' is written twice, first in line {first}."
        seen[key.value] = line


def _guessed(node: yaml.Node, file: str) -> Iterator[str]:
    line = node.start_mark.line + 1
    if node.tag == _BOOL and node.value not in ("true", "false"):
        yield (
            f"{file}, line {line}: YAML 1.1 reads the bare word '{node.value}' as true or false; "
            f"write true or false, or '{node.value}' in quotes if the word is meant."
        )
    if node.tag == _NULL and node.value != "null":
        yield f"{file}, line {line}: the value is missing; write it, or `null` if it is abolished."
