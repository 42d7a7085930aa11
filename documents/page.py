"""From a document's data to the page typst sets: plain values and fixed words, filled in."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from documents.plain import plain
from documents.typesetting import Page
from documents.words import Language, known_language, wording

#: a point the act does not have is not cited
_EMPTY_POINT = re.compile(
    r" \((?:Әдістеменің -тармағы|пункт  Методики)\)| Әдістеменің -тармағына сәйкес| в соответствии с пунктом  Методики"
)


def compose(
    document: str,
    data: Any,
    language: str,
    dated: date | None,
    *,
    template: str = "",
    fill: Callable[[Language], dict[str, Any]] | None = None,
) -> Page:
    """The page of one document. Braces in its fixed wording take the data's own fields, and what `fill` adds.

    Raises:
        UnknownLanguage: the language is not kk or ru.
        MissingField: a required field is empty.
    """
    chosen = known_language(language)
    values = plain(data, document.replace("_", " "), chosen)
    filling = values | (fill(chosen) if fill else {})
    words = {key: _EMPTY_POINT.sub("", text.format_map(filling)) for key, text in wording(document, chosen).items()}
    title = " ".join(words[key] for key in ("title", "title_2") if key in words) or document
    return Page(template or document, title, chosen, dated or date(1970, 1, 1), {"words": words, **values})
