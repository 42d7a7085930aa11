"""The staff file as it was known on each day: nobody knows on Monday who will leave on Friday."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

Row = dict[str, str]
_SPAN_START = re.compile(r"(\d{4}-\d{2}-\d{2})")


def read(file: Path) -> list[Row]:
    """The rows of a staff file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def known_on(rows: Sequence[Row], day: date, changes: Mapping[str, Row]) -> list[Row]:
    """The rows without what happens only after the day; `changes` (by personnel number) are what the story adds."""
    return [_known(row | changes.get(row["personnel_no"], {}), day.isoformat()) for row in rows]


def _known(row: Row, day: str) -> Row:
    if row["ended_on"] >= day:
        row = row | {"ended_on": "", "dismissed": "no"}
    for column in ("absences", "sanctions"):
        if row[column]:
            row = row | {column: "; ".join(one for one in row[column].split("; ") if _began(one, day))}
    return row


def _began(entry: str, day: str) -> bool:
    found = _SPAN_START.search(entry)
    return found is None or found[1] <= day


def days_of_news(rows: Sequence[Row], first: date, last: date) -> list[date]:
    """The days between the two on which the file says something new."""
    news = {date.fromisoformat(row["ended_on"]) for row in rows if row["ended_on"]}
    for row in rows:
        for column in ("absences", "sanctions"):
            news |= {
                date.fromisoformat(found[1]) for found in map(_SPAN_START.search, row[column].split("; ")) if found
            }
    return sorted(day for day in news if first <= day <= last)


def write(rows: Sequence[Row], file: Path) -> Path:
    """Write a staff file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return file
