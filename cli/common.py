"""What the commands that change something share: the clock, the officer, the files people hand in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from sqlmodel import Session

from rules.errors import BadFile
from services import facts
from services.ground import find_cycle
from services.table_file import open_table

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Key = Annotated[str, typer.Argument(help="Key of the cycle, as `bagalau cycle list` shows it.")]
By = Annotated[str, typer.Option(help="Personnel number of the person who does this.")]
At = Annotated[
    str | None, typer.Option(help="When it happened, as 2026-10-20T17:30 in the body's time; left out: now.")
]
Day = Annotated[str | None, typer.Option(help="A day, as 2026-12-01; only where the act leaves it to the schedule.")]


def when(at: str | None, zone: str) -> datetime:
    """The moment an act happened, aware; the present one when nothing is said, never a future one."""
    now = datetime.now(UTC)
    if at is None:
        return now
    try:
        said = datetime.fromisoformat(at)
    except ValueError:
        raise typer.BadParameter(f"'{at}' is not a moment; write 2026-10-20T17:30.") from None
    if said.year < 2000:
        raise typer.BadParameter(f"{at} lies before this century; write 2026-10-20T17:30.")
    moment = said if said.tzinfo else said.replace(tzinfo=ZoneInfo(zone))
    if moment > now:
        raise typer.BadParameter(f"{at} lies in the future; an act is recorded when it happened.")
    return moment


def a_day(text: str | None) -> date | None:
    """A real calendar day given on the command line, or None."""
    if text is None:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is not a day; write 2026-10-20.") from None
    if day.year < 2000:
        raise typer.BadParameter(f"{text} lies before this century; write 2026-10-20.")
    return day


def as_of(at: str | None, zone: str) -> datetime:
    """The moment a question looks from, aware; a future one is allowed, for it changes nothing."""
    if at is None:
        return datetime.now(UTC)
    try:
        said = datetime.fromisoformat(at)
    except ValueError:
        raise typer.BadParameter(f"'{at}' is not a moment; write 2026-11-30T00:00.") from None
    if not 2000 <= said.year < 9999:
        raise typer.BadParameter(f"{at} lies in no year this program knows; write 2026-11-30T00:00.")
    return said if said.tzinfo else said.replace(tzinfo=ZoneInfo(zone))


def case_of(session: Session, key: str, personnel_no: str) -> int:
    """The assessment of a person in a cycle."""
    return facts.assessment_id(session, find_cycle(session, key).id or 0, personnel_no)


def rows_of(file: Path, needed: tuple[str, ...]) -> list[tuple[int, dict[str, str]]]:
    """(row number, cells by column) of a CSV or XLSX list; columns beside the needed ones are kept.

    Raises:
        BadFile: a needed column is missing or stands twice, a row is longer than the first one, or the file cannot be
            read.
    """
    with open_table(file) as rows:
        _, header = next(rows)
        names = [name.strip().lower() for name in header]
        missing = [name for name in needed if name not in names]
        if missing:
            sentence = f"{file.name}, row 1: no column {', '.join(missing)}; the first row names the columns."
            raise BadFile(sentence, (sentence,))
        if twice := sorted({name for name in names if name and names.count(name) > 1}):
            sentence = f"{file.name}, row 1: column {', '.join(twice)} stands twice; leave one of them."
            raise BadFile(sentence, (sentence,))
        given = list(rows)
    # a mark written 4,5 without quotation marks makes two cells of one and moves all that follow
    long = [number for number, cells in given if len(cells) > len(names)]
    if long:
        sentence = f'{file.name}, row {long[0]}: more cells than columns; write 4.5, or "4,5" in quotation marks.'
        raise BadFile(sentence, (sentence,))
    return [(number, dict(zip(names, (cell.strip() for cell in cells), strict=False))) for number, cells in given]
