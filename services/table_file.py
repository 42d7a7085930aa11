"""A table in a file, CSV or XLSX by its content and not by its name, row by row as text."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any

from python_calamine import CalamineError, CalamineWorkbook

from rules.errors import BadFile
from services.staff_columns import HEADERS, folded

MOST_BYTES = 100 * 1024 * 1024
MOST_UNPACKED = 1024 * 1024 * 1024
SEPARATORS = ",;\t"

#: how files begin that are often renamed to .csv or .xlsx
_FOREIGN = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed archive",
    b"Rar!": "a compressed archive",
    b"7z\xbc\xaf": "a compressed archive",
    b"{\\rtf": "a text document (RTF)",
    b"<": "a web page or XML",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls) or one locked with a password",
    b"SQLite format 3": "a database",
}
_SAVE_AS = "save the list as .xlsx or as CSV UTF-8 and import that"
# a filled cell far outside any list would make the reader reserve memory for everything up to it
_FAR_CELL = re.compile(rb'<c r="(?:[A-Z]{3}\d|[B-Z][A-Z]\d|A?[A-Z](?:[2-9]\d{5}|\d{7}))[^>]*[^/]>')

Cells = list[str]


@contextmanager
def open_table(path: Path, heads: Container[str] = HEADERS) -> Iterator[Iterator[tuple[int, Cells]]]:
    """The rows of a file that are not empty, each with its number as a spreadsheet shows it.

    Args:
        heads: the heads a list of this kind may have, folded; they tell the separator of a CSV.

    Raises:
        BadFile: there is no such file, it is empty, too large, no table, or not UTF-8 text.
    """
    begins = _first_bytes(path)
    if begins.startswith(b"PK"):
        yield _filled(_xlsx(path))
        return
    _refuse_foreign(path, begins)
    encoding = "utf-16" if begins.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    with path.open(encoding=encoding, newline="") as file:
        yield _filled(_csv(path, file, heads))


def _first_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            begins = file.read(4096)
    except OSError as trouble:
        raise BadFile(f"{path.name} cannot be read ({trouble.strerror}): check the name and the folder.") from None
    if not begins.strip(b"\xef\xbb\xbf\r\n\t "):
        raise BadFile(f"{path.name} is empty: put the column names in the first row and the people below.")
    if size > MOST_BYTES:
        raise BadFile(f"{path.name} is larger than 100 MB: remove what is no list of people, or split it.")
    return begins


def _refuse_foreign(path: Path, begins: bytes) -> None:
    for magic, what in _FOREIGN.items():
        if begins.startswith(magic):
            raise BadFile(f"{path.name} is {what}, not CSV or XLSX: {_SAVE_AS}.")
    if begins.count(0) > len(begins) // 10 and not begins.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadFile(f"{path.name} is not text, whatever its name says: {_SAVE_AS}.")


def _filled(rows: Iterable[tuple[int, Cells]]) -> Iterator[tuple[int, Cells]]:
    return ((number, cells) for number, cells in rows if any(cells) and any(map(str.strip, cells)))


# --- CSV


def _csv(path: Path, file: IO[str], heads: Container[str]) -> Iterator[tuple[int, Cells]]:
    try:
        separator, first = _separator(file, heads)
        yield from enumerate(csv.reader(file, delimiter=separator, strict=True), first)
    except UnicodeError:
        raise BadFile(_not_utf8(path)) from None
    except csv.Error as trouble:
        raise BadFile(
            f"{path.name} is damaged as CSV ({trouble}): a quotation mark is not closed, or stands in a cell "
            "without being doubled. Save it again from the spreadsheet."
        ) from None


def _separator(file: IO[str], heads: Container[str]) -> tuple[str, int]:
    """The separator under which the first line names the most columns we know, and that line's number."""
    line = file.readline(100_000)
    if line.startswith("sep=") and line[4:5] in SEPARATORS:  # a spreadsheet's own hint
        return line[4], 2
    file.seek(0)

    def known(separator: str) -> tuple[int, int]:
        cells = line.rstrip("\r\n").split(separator)
        return sum(folded(cell.strip('"')) in heads for cell in cells), len(cells)

    return max(SEPARATORS, key=known), 1


def _not_utf8(path: Path) -> str:
    with path.open("rb") as file:
        text = file.read(1_000_000).decode("cp1251", "replace")
    if "\0" in text:
        return f"{path.name} is not text, whatever its name says: {_SAVE_AS}."
    cyrillic = sum("А" <= sign <= "я" for sign in text)
    if cyrillic * 20 > len(text):
        return (
            f"{path.name} seems to be in windows-1251, which lacks Ә Ғ Қ Ң Ө Ұ Ү Һ and spoils names: "
            "in the spreadsheet choose Save as, CSV UTF-8 (or .xlsx), and import that."
        )
    return f"{path.name} is not UTF-8 text: {_SAVE_AS}."


# --- XLSX


def _xlsx(path: Path) -> Iterator[tuple[int, Cells]]:
    _refuse_strange_workbook(path)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheet = book.get_sheet_by_index(0)
        first = (sheet.start or (0, 0))[0] + 1
        for number, cells in enumerate(sheet.iter_rows(), first):
            yield number, [cell if type(cell) is str else as_text(cell) for cell in cells]
    except CalamineError as trouble:
        raise BadFile(f"{path.name} cannot be read as XLSX ({trouble}): {_SAVE_AS}.") from None


def _refuse_strange_workbook(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            sizes = {entry.filename: entry.file_size for entry in packed.infolist()}
            if sum(sizes.values()) > MOST_UNPACKED:
                raise BadFile(f"{path.name} unpacks to more than 1 GB: it is no list of people.")
            if "xl/workbook.xml" not in sizes:
                raise BadFile(f"{path.name} is an archive or another document, not XLSX: {_SAVE_AS}.")
            for sheet in (name for name in sizes if name.startswith("xl/worksheets/") and name.endswith(".xml")):
                with packed.open(sheet) as file:
                    _refuse_far_cell(path, file)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise BadFile(f"{path.name} is damaged or locked with a password: {_SAVE_AS}.") from None


def _refuse_far_cell(path: Path, file: IO[bytes]) -> None:
    rest = b""
    while piece := file.read(1 << 20):
        if found := _FAR_CELL.search(rest + piece):
            place = found[0].split(b'"')[1].decode()
            raise BadFile(f"{path.name} has something in cell {place}, far outside the list: delete those cells.")
        rest = piece[-100:]


def as_text(cell: Any) -> str:
    """A spreadsheet cell as the text a person would have typed: whole numbers bare, days as 2026-07-24."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)
