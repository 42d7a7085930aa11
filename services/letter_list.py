"""The letters of one day as a list to take to the post, and to fill in when the post has answered (N-19)."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.base import instant, stamp
from models.sql import execute
from notifications.catalogue import REGISTERED_LETTER
from notifications.claiming import number_of
from notifications.refs import ref_of
from rules.terms import end_of_day
from services.letter_rows import heads
from services.spreadsheet import harmless
from services.typed_in import local_day


@dataclass(frozen=True)
class Letter:
    """One letter of a day's list for the post office."""

    number: str
    ref: str
    addressee: str
    address: str
    track: str
    posted: str


_OF_DAY = (
    "SELECT n.id, n.created_at, p.surname, p.given_name, p.patronymic, p.address,"
    " (SELECT MIN(r.reference) FROM receipt r WHERE r.notice_id = n.id AND r.source = 'officer' AND r.event = 'accepted')"
    " AS track, (SELECT MIN(r.at) FROM receipt r WHERE r.notice_id = n.id AND r.source = 'officer'"
    " AND r.event = 'accepted') AS posted"
    " FROM notice n JOIN person p ON p.id = n.recipient_id JOIN cycle c ON c.id = n.cycle_id"
    f" WHERE n.channel = '{REGISTERED_LETTER}' AND n.state = 'handed' AND n.handed_at >= :first AND n.handed_at < :last"
    " AND c.time_zone = :zone AND (:body = '' OR c.organisation = :body) ORDER BY n.id"
)


def letters_of(session: Session, day: date, organisation: str = "") -> list[Letter]:
    """The registered letters made ready on a day of their body, in the order of their numbers (N-19)."""
    found = []
    zones = "SELECT DISTINCT time_zone FROM cycle ORDER BY 1"
    for name in execute(session, zones).scalars():
        zone = ZoneInfo(name)
        span = {"first": stamp(end_of_day(day - timedelta(days=1), zone)), "last": stamp(end_of_day(day, zone))}
        for row in execute(session, _OF_DAY, {**span, "zone": name, "body": organisation}).all():
            found.append(_letter(row, zone))
    return found


def _letter(row: Any, zone: ZoneInfo) -> Letter:
    name = " ".join(part for part in (row.surname, row.given_name, row.patronymic) if part)
    number = number_of(row.id, instant(row.created_at).astimezone(zone).year)
    posted = "" if row.posted is None else str(local_day(row.posted, zone))
    return Letter(number, ref_of(row.id), name, row.address or "", row.track or "", posted)


def as_csv(letters: Sequence[Letter], language: str) -> bytes:
    """The list as CSV in UTF-8, its heads in a language; filled in, it can be imported.

    Spreadsheets here take a semicolon for the separator and need the mark at the beginning to read Kazakh letters.
    """
    out = io.StringIO()
    table = csv.writer(out, delimiter=";", lineterminator="\r\n")
    table.writerow(heads(language))
    for one in letters:
        who, where = harmless(one.addressee), harmless(one.address)
        table.writerow((one.number, one.ref, who, where, one.track, one.posted, "", "", "", ""))
    return out.getvalue().encode("utf-8-sig")
