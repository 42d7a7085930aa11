"""Registered letters as the post returns them: track numbers, deliveries and returns, a whole list at once (N-19)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.base import instant, stamp
from models.bulk import insert_rows
from models.sql import execute
from notifications.catalogue import REGISTERED_LETTER
from notifications.receipts import OFFICER
from notifications.remarks import remark
from services.findings import Findings
from services.letter_rows import LetterList, LetterRow, Moment, at_of, check_digit, read_letters
from services.officers import is_of_the_body
from services.served import on_receipts
from services.typed_in import NO_NAME, end_or_now, event_id, local_day, names_the_recipient, the_officer

#: one statement names so many letters
CHUNK = 5_000
#: column of the list -> what it tells
EVENTS = {"posted": "accepted", "delivered": "delivered", "returned": "returned"}


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        rows: lines of the list; empty: of them not filled in yet. known: facts told before.
        posted, delivered, returned: new facts. familiarised: people served by a delivery.
        questions: what was taken, but somebody should look at. cycles: keys of the cycles it touched.
    """

    rows: int
    empty: int
    known: int
    posted: int
    delivered: int
    returned: int
    familiarised: int
    questions: tuple[str, ...] = ()
    cycles: tuple[str, ...] = ()


def import_letters(session: Session, file: Path, officer: str, now: datetime) -> Imported:
    """Take over what the post says of registered letters: all of the list, or nothing (N-19, N-25).

    Posted is `accepted`, never delivered; a delivery familiarises whom it serves; a letter that came back is followed by
    the next lawful channel. The same list again changes nothing.

    Raises:
        BadFile: with every finding by row and column. NotFound, NotAllowed: the officer does not serve.
    """
    read = read_letters(file)
    by = the_officer(session, officer, now.date())
    told = _Told(session, read, by, now)
    new = [one for row in read.rows if not row.says_nothing for one in told.of(row)]
    read.findings.refuse()
    insert_rows(
        session, "receipt",
        ("notice_id", "event", "at", "recorded_at", "source", "event_id", "officer_id", "reference", "detail"), new,
    )  # fmt: skip
    delivered = [row[0] for row in new if row[1] == "delivered"]
    familiarised = on_receipts(session, delivered, now, f"person/{by}")
    return Imported(
        rows=len(read.rows), empty=sum(row.says_nothing for row in read.rows), known=told.known,
        posted=sum(row[1] == "accepted" for row in new), delivered=len(delivered),
        returned=sum(row[1] == "returned" for row in new), familiarised=sum(familiarised.values()),
        questions=tuple(read.findings.questions), cycles=tuple(sorted({told.letters[row[0]].key for row in new})),
    )  # fmt: skip


_LETTERS = (
    "SELECT n.id, n.cycle_id, n.channel, n.state, n.handed_at, n.created_at, n.recipient_id, p.surname, c.key, c.time_zone"
    " FROM notice n JOIN cycle c ON c.id = n.cycle_id JOIN person p ON p.id = n.recipient_id WHERE n.id IN ({})"
)
_RECEIPTS = (
    "SELECT notice_id, event, at, reference, source, detail FROM receipt WHERE notice_id IN ({})"
    " AND event IN ('accepted', 'delivered', 'returned')"
)
_TRACKS = (
    "SELECT DISTINCT r.reference, r.notice_id FROM receipt r JOIN notice n ON n.id = r.notice_id"
    f" WHERE n.channel = '{REGISTERED_LETTER}' AND r.source = '{OFFICER}' AND r.reference IS NOT NULL"
)


@dataclass
class _Told:
    """Everything known of the letters of a list, looked up once; `of` says what is new in a row."""

    session: Session
    read: LetterList
    by: int
    now: datetime
    known: int = 0
    letters: dict[int, Any] = field(default_factory=dict)
    receipts: dict[int, dict[str, Any]] = field(default_factory=dict)
    tracks: dict[str, int] = field(default_factory=dict)
    track_of: dict[int, str] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    zones: dict[str, ZoneInfo] = field(default_factory=dict)
    mine: dict[int, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ids = sorted({row.notice_id for row in self.read.rows if not row.says_nothing})
        self.letters = {row.id: row for row in self._asked(_LETTERS, ids)}
        for row in self._asked(_RECEIPTS, ids):
            if row.source == OFFICER:  # what the simulation says of a letter is nobody's evidence
                self.receipts.setdefault(row.notice_id, {})[row.event] = row
        for reference, notice_id in execute(self.session, _TRACKS):
            self.tracks[reference], self.track_of[notice_id] = notice_id, reference

    def _asked(self, query: str, ids: list[int]) -> Iterator[Any]:
        for place in range(0, len(ids), CHUNK):
            yield from execute(self.session, query.format(", ".join(map(str, ids[place : place + CHUNK]))))

    def of(self, row: LetterRow) -> list[tuple[Any, ...]]:
        """The new receipts of a row; what is wrong with it goes to the findings."""
        findings = self.read.findings
        before = findings.count
        letter = self._letter(row, findings)
        if letter is None:
            return []
        zone = self.zones.setdefault(letter.time_zone, ZoneInfo(letter.time_zone))
        self._track(row, findings)
        self._days(row, letter, zone, findings)
        if names_the_recipient(row.received_by, letter.surname):
            findings.add(row.row, "received_by", f"it {NO_NAME}")
        if findings.count != before:
            return []
        return [new for name, event in EVENTS.items() for new in self._new(row, name, event, zone)]

    def _letter(self, row: LetterRow, findings: Findings) -> Any:
        if first := self.seen.get(row.notice_id):
            findings.add(
                row.row, "number", f"the same letter stands in row {first}: put all that is known into one row"
            )
            return None
        self.seen[row.notice_id] = row.row
        letter = self.letters.get(row.notice_id)
        wrong = _wrong_letter(row, letter, self.by) or self._elsewhere(letter)
        if wrong:
            findings.add(row.row, "number", wrong)
            return None
        return letter

    def _elsewhere(self, letter: Any) -> str:
        """Why the officer may say nothing of letters of this cycle; "" where he may."""
        if letter.cycle_id not in self.mine:
            today = self.now.astimezone(ZoneInfo(letter.time_zone)).date()
            self.mine[letter.cycle_id] = is_of_the_body(self.session, letter.cycle_id, self.by, today)
        return "" if self.mine[letter.cycle_id] else "this letter is of another body: an officer of that body must"

    def _track(self, row: LetterRow, findings: Findings) -> None:
        if not row.track:
            findings.add(row.row, "track", "it is empty: write the track number on the receipt of the post office")
            return
        owner = self.tracks.setdefault(row.track, row.notice_id)
        if owner != row.notice_id:
            findings.add(
                row.row, "track",
                f"{row.track} is the track number of notice {owner} already: one track number is one letter, look again",
            )  # fmt: skip
        held = self.track_of.setdefault(row.notice_id, row.track)
        if held != row.track:
            findings.add(
                row.row, "track",
                f"the letter was posted as {held}, not {row.track}: correct the row; if it was posted anew, record that"
                f" with `bagalau notices record {row.notice_id} --reference {row.track}`",
            )  # fmt: skip
        if row.track[10] != check_digit(row.track):
            findings.ask(
                row.row, "track",
                f"{row.track} is probably mistyped: its ninth digit would be {check_digit(row.track)}; is it right?",
            )  # fmt: skip

    def _days(self, row: LetterRow, letter: Any, zone: ZoneInfo, findings: Findings) -> None:
        handed, today = local_day(letter.handed_at, zone), self.now.astimezone(zone).date()
        given = {name: moment for name in EVENTS if (moment := getattr(row, name)) is not None}
        earlier = self.receipts.get(row.notice_id, {})
        if not given:
            findings.add(row.row, "posted", "it is empty: write the day of the stamp on the receipt of the post office")
        elif "posted" not in given and "accepted" not in earlier:
            findings.add(
                row.row, "posted", "it is empty, and no earlier list said when the letter was posted: fill it in"
            )
        if "delivered" in given and "returned" in given:
            findings.add(row.row, "returned", "a letter is delivered or comes back: leave one of the two days empty")
        posted = given.get("posted") or _day_of(earlier.get("accepted"), zone)
        for name, moment in given.items():
            if moment.day > today or (moment.time and at_of(moment, zone) > self.now):
                findings.add(row.row, name, f"{moment.day} has not come yet: correct the date")
            elif moment.day < handed or (moment.time and at_of(moment, zone) < instant(letter.handed_at)):
                findings.add(
                    row.row, name, f"{moment} is before the letter was made ready on {handed}: correct the date"
                )
            elif name != "posted" and posted is not None and moment.is_before(posted):
                findings.add(row.row, name, f"{moment} is before the letter was posted on {posted}: correct the date")
            self._again(row, name, moment, earlier, zone, findings)
        self._disputed(row, earlier, zone, findings)

    def _again(
        self, row: LetterRow, name: str, moment: Moment, earlier: dict[str, Any], zone: ZoneInfo, findings: Findings
    ) -> None:
        """What was told before is told once; what was told otherwise is not changed by a list."""
        said = earlier.get(EVENTS[name])
        if said is None or said.reference != row.track or local_day(said.at, zone) == moment.day:
            return
        findings.add(
            row.row, name,
            f"{local_day(said.at, zone)} was recorded, not {moment.day}; evidence is never changed: correct the row, or"
            f" record the other day with `bagalau notices record {row.notice_id}` and the number of the paper that proves it",
        )  # fmt: skip

    def _disputed(self, row: LetterRow, earlier: dict[str, Any], zone: ZoneInfo, findings: Findings) -> None:
        for name, other in (("returned", "delivered"), ("delivered", "returned")):
            if getattr(row, name) is not None and other in earlier:
                day = local_day(earlier[other].at, zone)
                findings.ask(row.row, name, f"it was {other} on {day} by an earlier list: which of the two is right?")

    def _new(self, row: LetterRow, name: str, event: str, zone: ZoneInfo) -> Iterable[tuple[Any, ...]]:
        moment: Moment | None = getattr(row, name)
        if moment is None:
            return
        said = self.receipts.get(row.notice_id, {}).get(event)
        if said is not None and said.reference == row.track:
            self.known += 1
            return
        at = at_of(moment, zone) if moment.time else end_or_now(moment.day, zone, self.now)
        words = remark(
            received_by=row.received_by if name == "delivered" else "", reason=row.reason if name == "returned" else "",
            day_only=moment.time is None,
        )  # fmt: skip
        yield (
            row.notice_id, event, stamp(at), stamp(self.now), OFFICER, event_id(row.notice_id, event, row.track),
            self.by, row.track, words or None,
        )  # fmt: skip


def _day_of(receipt: Any, zone: ZoneInfo) -> Moment | None:
    return None if receipt is None else Moment(local_day(receipt.at, zone))


def _wrong_letter(row: LetterRow, letter: Any, by: int) -> str:
    """Why a row cannot be of this letter; "" where it can."""
    if letter is None or (row.year or 0) not in (0, local_day(letter.created_at, ZoneInfo(letter.time_zone)).year):
        return "no letter has this number: copy it from the letter or from the day's register"
    if letter.channel != REGISTERED_LETTER:
        return f"this notice went by {letter.channel.replace('_', ' ')}, not as a registered letter: remove the row"
    if letter.handed_at is None:
        return "this letter was not made ready yet (`bagalau notices send`): nothing can have come of it"
    if letter.recipient_id == by:
        return "the officer who imports the list is the recipient of this letter: another officer must"
    return ""
