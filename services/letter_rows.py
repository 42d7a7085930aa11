"""A list of registered letters as it comes back from the post: its columns in three languages, its cells (N-19)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from notifications.refs import id_of
from rules.errors import NotFound
from services.findings import Findings
from services.staff_cells import day, plain
from services.staff_columns import LOOK_ALIKES, Column, folded
from services.table_file import Cells, open_table

MOST_ROWS = 100_000

#: `kk`, `ru`, `en` heads of an exported list are the first three of `also`
COLUMNS = (
    Column("number", ("шығыс нөмірі", "исходящий номер", "outgoing number", "шығыс №", "исх №", "исх номер", "notice")),
    Column("ref", ("сілтеме", "ссылка", "reference", "нөмір белгісі")),
    Column("addressee", ("адресат", "адресат", "addressee", "алушы", "получатель", "кому")),
    Column("address", ("мекенжайы", "адрес", "address", "мекенжай")),
    Column("track", ("трек-нөмірі", "трек-номер", "track number", "трек", "шпи", "штрих код", "track no"), True),
    Column(
        "posted", ("жөнелтілген күні", "дата отправки", "posted on", "тапсырылған күні", "дата приема", "отправлено")
    ),
    Column("delivered", ("табыс етілген күні", "дата вручения", "delivered on", "жеткізілген күні", "вручено")),
    Column("received_by", ("кім қабылдады", "кому вручено", "received by", "қабылдаған адам", "получил", "принял")),
    Column("returned", ("қайтарылған күні", "дата возврата", "returned on", "возвращено", "возврат")),
    Column("reason", ("қайтарылу себебі", "причина возврата", "reason", "себебі", "причина")),
)
HEADS = {folded(word): column.name for column in COLUMNS for word in (column.name, *column.also)}
LANGUAGES = ("kk", "ru", "en")
#: an exported list says whose letter it is; what comes back is told by its number
_IGNORED = ("addressee", "address")


class Moment(NamedTuple):
    """A day, and the time where the paper says it."""

    day: date
    time: time | None = None

    def is_before(self, other: Moment) -> bool:
        """Is it certainly before the other?"""
        if self.day != other.day or self.time is None or other.time is None:
            return self.day < other.day
        return self.time < other.time

    def __str__(self) -> str:
        return f"{self.day} {self.time:%H:%M}" if self.time else str(self.day)


@dataclass(frozen=True)
class LetterRow:
    """One letter of the list: the notice it names, in which year it was written ("" unknown), and what became of it."""

    row: int
    notice_id: int
    year: int | None
    track: str = ""
    posted: Moment | None = None
    delivered: Moment | None = None
    returned: Moment | None = None
    received_by: str = ""
    reason: str = ""

    @property
    def says_nothing(self) -> bool:
        """A line of an exported list nobody has filled in yet."""
        return not (self.track or self.posted or self.delivered or self.returned)


@dataclass
class LetterList:
    """A list as read; `rows` is complete only where `findings` is empty."""

    findings: Findings
    rows: list[LetterRow] = field(default_factory=list)


def read_letters(path: Path) -> LetterList:
    """Read a list of letters, CSV or XLSX, up to 100,000 rows.

    Raises:
        BadFile: the file cannot be read at all, or its columns are wrong; what is wrong in cells is in the findings.
    """
    found = LetterList(Findings(path.name))
    with open_table(path, HEADS) as lines:
        header = next(lines, None)
        names = _columns(header[1] if header else [], found.findings)
        for count, (number, cells) in enumerate(lines, 1):
            if count > MOST_ROWS:
                found.findings.add(number, "", f"the list goes on after {MOST_ROWS:,} rows: split the file")
                break
            row = _row(number, names, cells, found.findings)
            if row is not None:
                found.rows.append(row)
    return found


def _columns(header: Cells, findings: Findings) -> list[str]:
    names: list[str] = []
    for place, words in enumerate(header):
        name = HEADS.get(folded(words), "")
        if not name and words.strip():
            near = get_close_matches(folded(words), HEADS, n=1, cutoff=0.6)
            remedy = f"did you mean {near[0]}?" if near else "remove it, or see docs/notices.md"
            findings.add(
                1, "", f"column {place + 1} is called '{words.strip()[:60]}', which this list has not; {remedy}"
            )
        elif name and name in names:
            findings.add(1, name, f"it stands here twice ('{words.strip()}'): leave one")
        names.append(name)
    missing = [_called(one.name) for one in COLUMNS if one.needed and one.name not in names]
    if "number" not in names and "ref" not in names:
        missing.insert(0, f"{_called('number')} or {_called('ref')}")
    if missing:
        findings.add(1, "", f"these columns are missing: {', '.join(missing)}")
    findings.refuse()
    return names


def _called(name: str) -> str:
    one = next(column for column in COLUMNS if column.name == name)
    return f"{one.also[2]} ({one.also[0]}, {one.also[1]})"


def _row(number: int, names: list[str], cells: Cells, findings: Findings) -> LetterRow | None:
    if len(cells) > len(names) and any(map(str.strip, cells[len(names) :])):
        findings.add(
            number, "", f"it has {len(cells)} cells and the header {len(names)}: a separator stands inside a cell"
        )
        return None
    before, values = findings.count, dict[str, Any]()
    for name, text in zip(names, cells, strict=False):
        if name and name not in _IGNORED:
            try:
                values[name] = _READERS[name](text)
            except ValueError as trouble:
                findings.add(number, name, str(trouble))
    named = _named(number, values.pop("number", None), values.pop("ref", None), findings, before)
    return LetterRow(number, *named, **values) if named and findings.count == before else None


def _named(row: int, number: Any, ref: Any, findings: Findings, before: int) -> tuple[int, int | None] | None:
    if number is None and ref is None:
        if findings.count == before:  # else the finding about the cell is enough
            findings.add(row, "number", "it is empty: write the outgoing number of the letter, or its reference")
        return None
    if number and ref and number[0] != ref[0]:
        findings.add(row, "ref", "it names another letter than the outgoing number: correct one, or leave it empty")
        return None
    found: tuple[int, int | None] = number or ref
    return found


_NUMBER = re.compile(r"(?:№\s*)?((?:19|20)\d\d)\s*/\s*(\d{1,9})")
_DATE = re.compile(r"\d{4}-\d\d-\d\d.*|\d{1,2}\.\d{1,2}\.\d{4}|[A-Za-zА-Яа-яқңәіөүұһ]{3,8}[.\s-]\s*\d{2,4}")


def _number(text: str) -> tuple[int, int | None] | None:
    text = plain(text)
    if not text:
        return None
    if found := _NUMBER.fullmatch(text):
        return int(found[2]), int(found[1])
    if _DATE.fullmatch(text):
        raise ValueError(
            f"'{text[:30]}' is a date the spreadsheet made of the number: give the column the format Text and type the "
            "number again, as 2026/17, or write the reference"
        )
    return _ref(text)


def _ref(text: str) -> tuple[int, int | None] | None:
    text = plain(text)
    if not text:
        return None
    try:
        return id_of(text), None
    except NotFound:
        raise ValueError(
            f"'{text[:30]}' is neither an outgoing number (2026/17) nor a reference of six signs: copy it from the letter"
        ) from None


_TRACK = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


def track(text: str) -> str:
    """A track number as the post prints it, without blanks; Cyrillic letters that look like the Latin ones are those.

    Raises:
        ValueError: it is not two letters, nine digits and two letters (UPU S10).
    """
    said = plain(text).upper().translate(LOOK_ALIKES).replace(" ", "")
    if said and not _TRACK.fullmatch(said):
        raise ValueError(
            f"'{text.strip()[:30]}' is not a track number: it has two letters, nine digits and two letters, as "
            "RR123456785KZ; copy it from the receipt of the post office"
        )
    return said


def check_digit(track_number: str) -> str:
    """The ninth digit that fits the first eight (UPU S10).

    >>> check_digit("RR123456789KZ")
    '5'
    """
    rest = sum(int(sign) * weight for sign, weight in zip(track_number[2:10], _WEIGHTS, strict=True)) % 11
    return str({0: 5, 1: 0}.get(rest, 11 - rest))


_CLOCK = re.compile(r"(.+?)[T\s]+(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?")


def _moment(text: str) -> Moment | None:
    found = _CLOCK.fullmatch(plain(text))
    there = day(found[1] if found else text)
    if there is None or found is None:
        return None if there is None else Moment(there)
    try:
        return Moment(there, time(int(found[2]), int(found[3])))
    except ValueError:
        raise ValueError(f"'{plain(text)}' is no time of a day: write it like 2026-10-20 15:30") from None


def _words(text: str) -> str:
    text = plain(text)
    if len(text) > 200:
        raise ValueError(f"it is {len(text)} characters long: shorten it to 200")
    return text


_READERS: dict[str, Callable[[str], Any]] = {
    "number": _number, "ref": _ref, "track": track, "posted": _moment, "delivered": _moment, "returned": _moment,
    "received_by": _words, "reason": _words,
}  # fmt: skip


def at_of(moment: Moment, zone: ZoneInfo) -> datetime:
    """The instant of a moment in a body's zone; the day's beginning where only the day is known."""
    return datetime.combine(moment.day, moment.time or time.min, zone)


def heads(language: str) -> Iterator[str]:
    """The heads of an exported list."""
    return (column.also[LANGUAGES.index(language)] for column in COLUMNS)
