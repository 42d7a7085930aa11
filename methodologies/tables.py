"""The reference tables of an act: strict CSV files beside its own files, or rows written out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from methodologies.reading import Item, each
from methodologies.sections import name
from rules.law import Table


def tables(section: Item, folder: Path | None = None) -> dict[str, Table]:
    """The reference tables of the act, each out of a CSV file beside the act's own files, or with its rows here."""
    return {one.name: one for one in each(section.entries(), lambda entry: _table(entry, folder))}


def _table(entry: tuple[str, Item], folder: Path | None) -> Table:
    key, item = entry
    parts = item.fields("what", "rules", "point", "columns", optional=("file", "rows"))
    columns = parts["columns"].texts()
    if ("file" in parts) == ("rows" in parts):
        raise item.refusal("a table has either a file or rows.")
    if "rows" in parts:
        rows = tuple(each(parts["rows"].items(), lambda row: _written_row(row, columns)))
        return Table(name(item, key), columns, rows, parts["rules"].texts(), parts["point"].text())
    file = parts["file"].text()
    if folder is None or Path(file).name != file or not (folder / file).is_file():
        raise parts["file"].refusal(f"there is no file '{file}' beside this one.")
    rows = _rows(folder / file, columns, parts["file"])
    return Table(name(item, key), columns, rows, parts["rules"].texts(), parts["point"].text(), file)


def _written_row(item: Item, columns: tuple[str, ...]) -> Mapping[str, str]:
    cells = [cell.text() for cell in item.items()]
    if len(cells) != len(columns):
        raise item.refusal(f"{len(cells)} cells, but there are {len(columns)} columns.")
    return dict(zip(columns, cells, strict=True))


def _rows(file: Path, columns: tuple[str, ...], place: Item) -> tuple[Mapping[str, str], ...]:
    try:
        text = file.read_text("utf-8")
    except UnicodeDecodeError:
        raise place.refusal(f"{file.name} is not UTF-8; save it as UTF-8.") from None
    rows = list(csv.reader(io.StringIO(text)))
    if not rows or tuple(rows[0]) != columns:
        raise place.refusal(f"the first line of {file.name} must be: {','.join(columns)}.")
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(columns):
            raise place.refusal(f"{file.name}, line {number}: {len(row)} cells, but there are {len(columns)} columns.")
    return tuple(dict(zip(columns, row, strict=True)) for row in rows[1:])
