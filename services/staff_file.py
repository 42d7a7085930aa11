"""The staff file: one row for each appointment of each person, read whole, every finding noted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from services import staff_cells, staff_contacts, staff_spans
from services.findings import Findings
from services.staff_columns import COLUMNS, HEADERS, folded
from services.staff_spans import Spans
from services.table_file import Cells, open_table

MOST_ROWS = 100_000

Progress = Callable[[int], None]


class StaffRow(NamedTuple):
    """One appointment of one person (N-1, N-2, N-5), every cell in the form in which it is kept.

    Attributes:
        row: the row's number in the file.
        unit_head, supervisor: personnel numbers, "" where there is none.
        category: Latin letters, "" outside corps B.
        probation_until: last day of probation. provides_services: the duties hold public services (M-42).
        host_unit: "body/unit" or a unit of the own body, where a seconded servant serves; "" otherwise.
    """

    row: int
    personnel_no: str
    surname: str
    given_name: str
    patronymic: str
    language: str
    email: str
    phone: str
    address: str
    body: str
    body_name_kk: str
    body_name_ru: str
    parent_body: str
    unit: str
    unit_name_kk: str
    unit_name_ru: str
    unit_head: str
    post_kk: str
    post_ru: str
    category: str
    leadership: bool
    appointed_on: date
    basis: str
    ended_on: date | None
    dismissed: bool
    supervisor: str
    absences: Spans
    worked_days: tuple[tuple[str, int], ...]
    sanctions: tuple[tuple[str, date], ...]
    probation_until: date | None
    provides_services: bool
    host_unit: str


@dataclass(frozen=True)
class StaffFile:
    """A staff file as read.

    Attributes:
        rows: complete only where `findings` is empty.
        columns: the columns the file has; it says nothing about the others.
    """

    rows: list[StaffRow]
    columns: frozenset[str]
    sha256: str
    findings: Findings


READERS: dict[str, Callable[[str], Any]] = {
    "personnel_no": staff_cells.personnel_no,
    "surname": staff_cells.name,
    "given_name": staff_cells.name,
    "patronymic": staff_cells.name,
    "language": staff_cells.language,
    "email": staff_contacts.email,
    "phone": staff_contacts.phone,
    "address": staff_cells.title,
    "body": staff_cells.code,
    "parent_body": staff_cells.code,
    "unit": staff_cells.code,
    "unit_head": staff_cells.personnel_no,
    "category": staff_cells.category,
    "leadership": staff_cells.yes_or_no,
    "appointed_on": staff_cells.day,
    "basis": staff_cells.basis,
    "ended_on": staff_cells.day,
    "dismissed": staff_cells.yes_or_no,
    "supervisor": staff_cells.personnel_no,
    "absences": staff_spans.absences,
    "worked_days": staff_spans.worked_days,
    "sanctions": staff_spans.sanctions,
    "probation_until": staff_cells.day,
    "provides_services": staff_cells.yes_or_no,
    "host_unit": staff_cells.unit_elsewhere,
}  # every other column is a title
_ONE_OF_A_KIND = frozenset({"personnel_no", "email", "phone", "address"})
_EMPTY = {column.name: READERS.get(column.name, staff_cells.title)("") for column in COLUMNS}


def read_staff(path: Path, progress: Progress | None = None) -> StaffFile:
    """Read a staff file, CSV or XLSX, up to 100,000 rows (N-1, N-2, N-3, N-5).

    Args:
        progress: told the number of rows read, every thousand.

    Raises:
        BadFile: the file cannot be read at all or its columns are wrong; what is wrong in cells is in the findings.
    """
    findings = Findings(path.name)
    with open_table(path) as lines:
        header = next(lines, None)
        names = _columns(header[1] if header else [], findings)
        rows = list(_rows(lines, names, findings, progress or (lambda _: None)))
    if not rows and not findings.count:
        findings.add(0, "", "It has column names and no people: put one row for each appointment below them")
    return StaffFile(rows, frozenset(names), _sha256(path), findings)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _columns(header: Cells, findings: Findings) -> list[str]:
    names: list[str] = []
    while header and not header[-1].strip():
        header = header[:-1]
    for place, words in enumerate(header):
        name = HEADERS.get(folded(words))
        if name is None:
            findings.add(1, "", _unknown(words, place))
        elif name in names:
            findings.add(1, name, f"it stands here twice ('{words.strip()}'): leave one")
        names.append(name or "")
    missing = [_called(column.name) for column in COLUMNS if column.needed and column.name not in names]
    if missing:
        findings.add(1, "", f"these columns are missing: {', '.join(missing)}")
    findings.refuse()
    return names


def _unknown(words: str, place: int) -> str:
    near = get_close_matches(folded(words), HEADERS, n=1, cutoff=0.6)
    remedy = f"did you mean {HEADERS[near[0]]}?" if near else "remove it, or see the list of columns in docs/people.md"
    return f"column {place + 1} is called '{words.strip()[:60]}', which no staff file has; {remedy}"


def _called(name: str) -> str:
    return f"{name} ({next(column.also[0] for column in COLUMNS if column.name == name)})"


def _rows(
    lines: Iterator[tuple[int, Cells]], names: list[str], findings: Findings, progress: Progress
) -> Iterator[StaffRow]:
    reader = _RowReader(names, findings)
    for count, (number, cells) in enumerate(lines, 1):
        if count > MOST_ROWS:
            findings.add(number, "", f"the list goes on after {MOST_ROWS:,} rows: split the file by bodies")
            return
        if count % 1000 == 0:
            progress(count)
        if len(cells) > len(names) and any(map(str.strip, cells[len(names) :])):
            findings.add(
                number,
                "",
                f"it has {len(cells)} cells and the header {len(names)}: a separator stands inside a cell",
            )
            continue
        yield reader.read(number, cells)


_Step = tuple[str, int | None, Callable[[str], Any], dict[str, Any] | None, bool]


class _RowReader:
    """Turns cells into rows. A ministry repeats its units, posts, names and days: each is read once."""

    def __init__(self, names: list[str], findings: Findings) -> None:
        self._findings = findings
        places = {name: place for place, name in enumerate(names)}
        filled = {column.name for column in COLUMNS if column.filled}
        self._plan: list[_Step] = [
            (column.name, places.get(column.name), READERS.get(column.name, staff_cells.title),
             None if column.name in _ONE_OF_A_KIND else {}, column.name in filled)
            for column in COLUMNS
        ]  # fmt: skip

    def read(self, number: int, cells: Cells) -> StaffRow:
        """The row of these cells; what cannot be read is noted and left empty."""
        values: list[Any] = [number]
        width = len(cells)
        for name, place, reader, seen, filled in self._plan:
            text = cells[place] if place is not None and place < width else ""
            if seen is not None and text in seen:
                values.append(seen[text])
                continue
            values.append(self._read(number, name, text, reader, seen, filled))
        return StaffRow(*values)

    def _read(
        self, number: int, name: str, text: str, reader: Callable[[str], Any],
        seen: dict[str, Any] | None, filled: bool,
    ) -> Any:  # fmt: skip
        try:
            value = reader(text)
        except ValueError as trouble:
            self._findings.add(number, name, str(trouble))
            return _EMPTY[name]
        if filled and (value is None or value == ""):
            self._findings.add(number, name, "it is empty: fill it in")
            return value
        if name == "phone" and (doubt := staff_contacts.doubt(value)):
            self._findings.ask(number, name, f"{value} {doubt}: is that right?")
        if seen is not None:
            seen[text] = value
        return value
