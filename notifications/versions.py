"""The versions of the wordings: immutable, numbered, each with the hash of its texts (`templates/versions.csv`).

`python -m notifications.numbering` gives every changed text its next number; rows that stand are never edited.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from notifications.catalogue import KINDS, WORDED

FOLDER = Path(__file__).parent / "templates"
FILE = FOLDER / "versions.csv"
_SIGNS = 12


@dataclass(frozen=True)
class Version:
    """One version of one wording.

    Attributes:
        hash: the first 12 signs of the sha256 of its texts. since: the day it was numbered.
    """

    kind: str
    language: str
    version: int
    hash: str
    since: date


def read(file: Path = FILE) -> list[Version]:
    """Every version there was, in the order numbered."""
    with file.open(encoding="utf-8", newline="") as rows:
        return [
            Version(row["kind"], row["language"], int(row["version"]), row["hash"], date.fromisoformat(row["since"]))
            for row in csv.DictReader(rows)
        ]


@lru_cache(maxsize=1)
def in_force() -> Mapping[tuple[str, str], Version]:
    """The last version of each kind and language."""
    return {(one.kind, one.language): one for one in read()}


@lru_cache(maxsize=256)
def number(kind: str, language: str) -> int:
    """The number of the texts as they lie here; 0 when they were changed and nobody numbered them."""
    last = in_force().get((kind, language))
    return last.version if last and last.hash == digest(kind, language) else 0


@lru_cache(maxsize=256)
def digest(kind: str, language: str) -> str:
    """The hash of everything a wording is made of."""
    return digest_of_texts({file.name: file.read_text("utf-8") for file in _files(kind, language)})


def digest_of_texts(texts: Mapping[str, str]) -> str:
    """The same of texts at hand: file name -> text, in their order."""
    content = b"\0".join(name.encode() + b"\0" + words.encode() for name, words in texts.items())
    return hashlib.sha256(content).hexdigest()[:_SIGNS]


@lru_cache(maxsize=256)
def texts(kind: str, language: str) -> str:
    """Everything a wording is made of, as JSON: file name -> text."""
    return json.dumps({file.name: file.read_text("utf-8") for file in _files(kind, language)}, ensure_ascii=False)


def _files(kind: str, language: str) -> list[Path]:
    return [*sorted((FOLDER / kind / language).glob("*.txt")), FOLDER / "closing" / f"{language}.txt"]


def unnumbered(known: list[Version]) -> list[tuple[str, str]]:
    """Kinds and languages whose texts are not those of their last version."""
    last = {(one.kind, one.language): one.hash for one in known}
    pairs = [(kind, language) for kind in KINDS for language in WORDED]
    return [pair for pair in pairs if last.get(pair) != digest(*pair)]
