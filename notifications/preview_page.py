"""The page to look through all wordings: one file, no script, nothing fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from notifications.catalogue import Kind
from notifications.render import SMS_LIMIT, units


@dataclass(frozen=True)
class Sheet:
    """One kind in one language.

    Attributes:
        short: the short message with ordinary facts, and with the longest. spoken: channel -> text.
        files: channel -> the file as it leaves. template, since: the version, and the day it was numbered.
    """

    kind: Kind
    language: str
    subject: str
    body: str
    short: tuple[str, ...]
    spoken: Mapping[str, str]
    files: Mapping[str, str]
    template: str
    since: str


def page(sheets: Sequence[Sheet]) -> str:
    """The page as HTML; sheets of one kind stand side by side."""
    kinds = [list(group) for _, group in groupby(sheets, key=lambda one: one.kind.name)]
    return _template().render(kinds=kinds, limit=SMS_LIMIT)


@lru_cache(maxsize=1)
def _template() -> Template:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["units"] = units
    return made.get_template("preview.html")
