"""Evidence an officer types in: who may, which moment is meant, and what a paper of each channel must say (N-19)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.base import instant
from models.sql import execute
from notifications import record
from notifications.catalogue import MANUAL, REGISTERED_LETTER, TELEPHONOGRAM
from notifications.receipts import OFFICER
from notifications.remarks import DAY_ONLY, noted, remark
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow, RuleError
from services.facts import must_serve, person_id
from services.familiarisation import on_receipt
from services.letter_rows import track
from services.officers import must_be_of_the_body

#: a telephonogram is in the journal only with who took it down
_TAKEN = ("accepted", "delivered")


@dataclass(frozen=True)
class Typed:
    """What an officer read off a paper.

    Attributes:
        at: 2026-10-20T15:30 in the body's time, or 2026-10-20 where only the day is known.
        officer, sent_by: personnel numbers; who did not send it himself names who did.
        reference: the number on the paper. detail: a remark; no mark and no grade.
        received_by: who took it, by post or relation to the recipient, never by name.
    """

    event: str
    at: str
    officer: str
    reference: str
    detail: str = ""
    sent_by: str = ""
    received_by: str = ""
    scan: bytes | None = None


def type_in(session: Session, notice_id: int, typed: Typed, now: datetime) -> tuple[bool, bool]:
    """Keep one officer's evidence; return whether it is new, and whether it familiarised the person (N-19, N-25).

    Raises:
        NotFound: no such notice or person. NotAllowed: the officer does not serve, or not there, or is the recipient.
        Incomplete: a telephonogram without who took it down. NotNow: it came back or arrived before it was sent.
        RuleError: no moment; the recipient's name; the track number of another letter.
    """
    notice = _notice(session, notice_id)
    zone = ZoneInfo(notice.time_zone)
    moment, day_only = moment_of(typed.at, zone, now)
    officer = the_officer(session, typed.officer, now.astimezone(zone).date())
    must_be_of_the_body(session, notice.cycle_id, officer, now.astimezone(zone).date(), "record evidence")
    typed = replace(typed, reference=_number(session, notice, typed.reference))
    _check_order(session, notice_id, typed, moment, day_only, zone)
    sender = _sender(session, notice, typed, moment.astimezone(zone).date())
    if notice.channel not in MANUAL and not typed.reference.strip():
        raise Incomplete(
            "Evidence that is typed in needs the number it can be found under: of the dispatch in the system, of the "
            "entry in a journal; give it with --reference."
        )
    if notice.channel == TELEPHONOGRAM and typed.event in _TAKEN and not typed.received_by.strip():
        raise Incomplete(
            "The journal of telephonograms names who took it down: add --received-by with the post, or what the person "
            "is to the recipient ('the recipient', 'the wife', 'the duty officer')."
        )
    if names_the_recipient(typed.received_by, notice.surname):
        raise RuleError(f"--received-by {NO_NAME}.")
    words = remark(typed.detail, sent_by=sender, received_by=typed.received_by, day_only=day_only)
    new = record(
        session, notice_id, typed.event, moment, now, source=OFFICER, officer_id=officer, reference=typed.reference,
        event_id=event_id(notice_id, typed.event, typed.reference), detail=words or None, scan=typed.scan,
    )  # fmt: skip
    return new, on_receipt(session, notice_id, now)


def event_id(notice_id: int, event: str, reference: str) -> str:
    """The officer's own id of an event: the same paper told twice is told once."""
    return f"notice/{notice_id}/{event}/{reference}"


def the_officer(session: Session, number: str, today: date) -> int:
    """The officer with this personnel number, who serves today.

    Raises:
        NotFound: nobody has it. NotAllowed: the person does not serve.
    """
    found = person_id(session, number)
    must_serve(session, found, today, "record evidence")
    return found


def _sender(session: Session, notice: Any, typed: Typed, on: date) -> str:
    """Personnel number of who sent a telephonogram; "" for another channel, where nobody else is named."""
    number = typed.sent_by or (typed.officer if notice.channel == TELEPHONOGRAM else "")
    if not number:
        return ""
    sender = person_id(session, number)
    must_serve(session, sender, on, "have sent it")
    if sender == notice.recipient_id:
        raise NotAllowed("The recipient of a notice cannot have sent it; name the officer who did.")
    return number


def _notice(session: Session, notice_id: int) -> Any:
    found = execute(
        session,
        "SELECT n.id, n.cycle_id, n.channel, n.recipient_id, p.surname, c.time_zone"
        " FROM notice n JOIN cycle c ON c.id = n.cycle_id"
        " JOIN person p ON p.id = n.recipient_id WHERE n.id = :i",
        {"i": notice_id},
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no notice {notice_id}.")
    return found


_TRACKED = (
    "SELECT MIN(r.notice_id) FROM receipt r JOIN notice n ON n.id = r.notice_id WHERE r.reference = :t"
    f" AND r.notice_id <> :i AND r.source = '{OFFICER}' AND n.channel = '{REGISTERED_LETTER}'"
)


def _number(session: Session, notice: Any, written: str) -> str:
    """The number as it is kept: a track number in the post's own form, and of one letter only.

    Raises:
        RuleError: it is another letter's.
    """
    if notice.channel != REGISTERED_LETTER:
        return written
    try:
        number = track(written)
    except ValueError:  # a number of the body's own journal
        number = written
    other = execute(session, _TRACKED, {"t": number, "i": notice.id}).scalar_one()
    if other is not None and number.strip():
        raise RuleError(
            f"{number} is the number of notice {other} already: one number is one letter; look at the receipt of the post"
            " office again."
        )
    return number


def _check_order(
    session: Session, notice_id: int, typed: Typed, moment: datetime, day_only: bool, zone: ZoneInfo
) -> None:  # fmt: skip
    """Under one number a paper is sent first, and only then taken, refused or sent back.

    Raises:
        NotNow: it would be the other way round.
    """
    query = "SELECT event, at, detail FROM receipt WHERE notice_id = :i AND source = :s AND reference = :r ORDER BY id"
    for row in execute(session, query, {"i": notice_id, "s": OFFICER, "r": typed.reference}):
        if (row.event == "accepted") == (typed.event == "accepted"):
            continue
        told, here = instant(row.at).astimezone(zone), moment.astimezone(zone)
        sent, after = (here, told) if typed.event == "accepted" else (told, here)
        whole_days = day_only or DAY_ONLY in noted(row.detail)
        if after.date() < sent.date() or (after < sent and not whole_days):
            raise NotNow(
                f"'{typed.event}' cannot be recorded at {moment.isoformat()}: under the number {typed.reference} '{row.event}'"
                f" was recorded at {told.isoformat()}, and a notice is sent before anything becomes of it."
            )


#: why who took it is not named
NO_NAME = (
    "names the recipient: write the post, or what the person is to the recipient ('the recipient', 'the wife'), for a "
    "receipt holds nobody's name"
)


def names_the_recipient(words: str, surname: str) -> bool:
    """Is the recipient's surname among these words? A stem of it is enough, for Russian and Kazakh bend names."""
    stem = surname.casefold()[: max(4, len(surname) - 2)]
    return any(word.startswith(stem) for word in words.casefold().replace("-", " ").split()) if stem else False


def moment_of(words: str, zone: ZoneInfo, now: datetime) -> tuple[datetime, bool]:
    """The instant meant, and whether only its day is known.

    Raises:
        RuleError: it is no moment.
    """
    try:
        day = date.fromisoformat(words) if len(words) == 10 else None
        at = datetime.fromisoformat(words) if day is None else None
    except ValueError:
        raise RuleError(f"'{words}' is not a moment; write 2026-10-20T15:30 or 2026-10-20.") from None
    if at is not None:
        at = at.replace(tzinfo=zone) if at.tzinfo is None else at
        try:
            at.astimezone(zone), at.astimezone(UTC)
        except OverflowError:
            raise RuleError(f"'{words}' is not a moment of this world; write 2026-10-20T15:30 or 2026-10-20.") from None
        return at, False
    return end_or_now(day or now.date(), zone, now), True


def end_or_now(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """A bare day is its end, or now when it is today: a right never ends sooner for it."""
    end = datetime.combine(day, time.max, zone)
    return now if day == now.astimezone(zone).date() else end.replace(microsecond=0)


def local_day(kept: str, zone: ZoneInfo) -> date:
    """The day of a kept instant in a body's zone."""
    return instant(kept).astimezone(zone).date()
