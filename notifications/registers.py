"""The day's register of registered letters, made anew whenever the day's number of letters has grown (N-19)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import text

from models.base import instant, stamp
from models.work import reading
from notifications.catalogue import REGISTERED_LETTER
from notifications.channels.files import put
from notifications.claiming import number_of
from notifications.papers import Dispatch, Documents
from notifications.refs import ref_of

#: a hand-over killed after its last letter leaves the register to the next one, even after a long holiday
_LOOK_BACK = timedelta(days=14)

_HANDED = text(
    "SELECT n.id, n.created_at, n.handed_at, n.cycle_id, c.organisation, c.time_zone, p.surname, p.given_name, p.patronymic, p.address"
    " FROM notice n JOIN person p ON p.id = n.recipient_id JOIN cycle c ON c.id = n.cycle_id"
    " WHERE n.channel = 'registered_letter' AND n.state = 'handed' AND n.handed_at >= :since ORDER BY n.id"
)


def write_registers(outbox: Path, documents: Documents, now: datetime) -> tuple[str, ...]:
    """Write the registers of each body that are missing or have grown; return a sentence for each that could not be made."""
    problems = []
    for (body, day), letters in _by_day(now).items():
        try:
            _write(outbox / REGISTERED_LETTER / "registers" / body, day, letters, documents)
        except Exception as trouble:  # noqa: BLE001 - the letters themselves left; a person must hear of the register
            problems.append(f"The register of letters of {day} could not be made: {trouble}")
    return tuple(problems)


def _write(folder: Path, day: date, letters: Sequence[Dispatch], documents: Documents) -> None:
    file = folder / f"{day.isoformat()}-{len(letters):05d}.pdf"
    if file.exists():
        return
    put(file, documents.dispatch_register(day, letters))
    for older in folder.glob(f"{day.isoformat()}-*.pdf"):
        if older != file:
            older.unlink(missing_ok=True)


def _by_day(now: datetime) -> dict[tuple[str, date], list[Dispatch]]:
    days: dict[tuple[str, date], list[Dispatch]] = defaultdict(list)
    with reading() as session:
        rows = session.connection().execute(_HANDED, {"since": stamp(now - _LOOK_BACK)}).all()
    for row in rows:
        zone = ZoneInfo(row.time_zone)
        number = number_of(row.id, instant(row.created_at).astimezone(zone).year)
        name = " ".join(part for part in (row.surname, row.given_name, row.patronymic) if part)
        day = instant(row.handed_at).astimezone(zone).date()
        days[row.organisation, day].append(Dispatch(number, name, row.address or "", ref_of(row.id), row.cycle_id))
    return days
