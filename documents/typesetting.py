"""Pages set by typst: one compiler per template, reused; text reaches it only as JSON, never as source."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import typst

from documents.errors import DocumentError, UnprintableText
from documents.hyphens import break_table
from documents.plain import texts
from documents.words import Language

_TEMPLATES = Path(__file__).parent / "templates"
_LARGE = 300_000
_GENERATIONS_KEPT = 10
_UNPRINTABLE = re.compile(r"the text `\"(.+?)\"` could not be displayed")
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


@dataclass(frozen=True)
class Page:
    """What typst needs for one document: template name, title, language, its day and the plain values."""

    template: str
    title: str
    language: Language
    dated: date
    values: dict[str, Any]


class _Press:
    """One template's compiler. It is not re-entrant, so a lock lets one thread in at a time."""

    def __init__(self, template: str) -> None:
        self._lock = Lock()
        self._compiler = typst.Compiler(
            input=str(_TEMPLATES / f"{template}.typ"), root=str(_TEMPLATES), ignore_system_fonts=True
        )

    def run(self, **settings: Any) -> Any:
        with self._lock:
            return self._compiler.compile(**settings)


def _print(page: Page, **settings: Any) -> Any:
    text = _as_json(page)
    made = _press(page.template).run(sys_inputs={"data": text}, timestamp=_moment(page), **settings)
    if len(text) > _LARGE:
        _forget()
    return made


def _forget() -> None:
    # Typst keeps what it worked out in the last ten runs, 250 MB for a long schedule; ten empty runs age it out.
    for _ in range(_GENERATIONS_KEPT):
        _press("empty").run(format="pdf", timestamp=0)


@cache
def _press(template: str) -> _Press:
    return _Press(template)


def _as_json(page: Page) -> str:
    every_text = (text for _, text in texts(page.values))
    return json.dumps(
        {
            "title": page.title,
            "language": page.language,
            "breaks": break_table(every_text, page.language),
            **page.values,
        },
        ensure_ascii=False,
    )


def _moment(page: Page) -> datetime:
    # The file's own date is the document's day, so the same data gives the same bytes.
    return datetime(page.dated.year, page.dated.month, page.dated.day, tzinfo=UTC)


def typeset(page: Page) -> bytes:
    """The document as PDF/A-2b, fit for the archive (rule N-22); the same page always gives the same bytes.

    Raises:
        UnprintableText: a character no embedded font can show.
        DocumentError: typst refused the page for another reason.
    """
    try:
        return bytes(_print(page, format="pdf", pdf_standards=["a-2b"]))
    except typst.TypstError as refusal:
        raise _in_our_words(page, str(refusal)) from None


def pictures(page: Page, ppi: int = 80) -> list[bytes]:
    """The same pages as PNG pictures, for looking at them on a screen."""
    made = _print(page, format="png", ppi=ppi)
    return [made] if isinstance(made, bytes) else list(made)


def _in_our_words(page: Page, refusal: str) -> DocumentError:
    document = page.template.replace("_", " ")
    found = _UNPRINTABLE.search(refusal)
    if not found:
        return DocumentError(f"The {document} cannot be made: {refusal.splitlines()[0]}.")
    character = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), found[1])[0]
    field = next((path for path, text in texts(page.values) if character in text), "text")
    return UnprintableText(document, character, field)
