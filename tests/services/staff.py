"""Small staff files made by the tests."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "nchr" / "staff.csv"


def lines(path: Path = EXAMPLE) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(
    path: Path,
    rows: Iterable[Mapping[str, str]],
    columns: Sequence[str] | None = None,
    *,
    separator: str = ",",
    encoding: str = "utf-8",
) -> Path:
    """Write rows as CSV, all their columns or those named."""
    rows = list(rows)
    with path.open("w", encoding=encoding, newline="") as file:
        names = list(columns or rows[0])
        writer = csv.DictWriter(file, names, delimiter=separator, extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def changed(rows: list[dict[str, str]], number: str, **cells: str) -> list[dict[str, str]]:
    """The rows, with some cells of one person's row set otherwise."""
    return [row | cells if row["personnel_no"] == number else row for row in rows]
