"""A result as it is kept: the columns of `models.Result` in their order."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from rules.scoring import Sanction, Score

RESULT = (
    "assessment_id",
    "version",
    "source",
    "at",
    "score",
    "unrounded",
    "grade",
    "working",
    "rules",
    "readings",
    "alternatives",
    "sanctions",
    "more",
)


def result_row(
    assessment: int, version: int, source: str, at: str, found: Score, sanctions: Iterable[Sanction]
) -> tuple[Any, ...]:
    """A result as it is kept; `models.Result` names the columns."""
    return (
        assessment,
        version,
        source,
        at,
        _text(found.score),
        _text(found.unrounded),
        found.grade,
        "\n".join(found.working),
        ", ".join(found.rules),
        ", ".join(found.readings),
        _alternatives(found),
        _sanctions(sanctions),
        more_text(found.more) if found.more else "{}",
    )


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def more_text(more: Mapping[str, Any]) -> str:
    """What a method answers besides, as it is kept: exact decimals are texts."""
    return json.dumps(more, ensure_ascii=False, default=str)


def _alternatives(found: Score) -> str:
    if not found.alternatives:
        return "[]"
    return json.dumps(
        [
            {
                "reading": one.reading,
                "option": one.option,
                "says": one.says,
                "score": _text(one.score),
                "unrounded": _text(one.unrounded),
                "grade": one.grade,
            }
            for one in found.alternatives
        ],
        ensure_ascii=False,
    )


def _sanctions(sanctions: Iterable[Sanction]) -> str:
    held = [{"kind": one.kind, "date": one.applied_on.isoformat()} for one in sanctions]
    return json.dumps(held) if held else "[]"
