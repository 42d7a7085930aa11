"""Evidence an officer types in: who may, which moment is meant, and what a paper of each channel must say (N-19)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from models.base import instant
from models.sql import execute
from notifications import record
from notifications.catalogue import MANUAL, TELEPHONOGRAM
from notifications.receipts import OFFICER
from notifications.remarks import remark
from rules.errors import Incomplete, NotAllowed, NotFound, RuleError
from services.facts import must_serve, person_id
from services.familiarisation import on_receipt

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
        NotFound: no such notice or person. NotAllowed: the officer does not serve, or is the recipient.
        Incomplete: a telephonogram without who took it down. RuleError: no moment; the recipient's name.
    """
    notice = _notice(session, notice_id)
    zone = ZoneInfo(notice.time_zone)
    moment, day_only = moment_of(typed.at, zone, now)
    officer = the_officer(session, typed.officer, now.astimezone(zone).date())
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
        "SELECT n.channel, n.recipient_id, p.surname, c.time_zone FROM notice n JOIN cycle c ON c.id = n.cycle_id"
        " JOIN person p ON p.id = n.recipient_id WHERE n.id = :i",
        {"i": notice_id},
    ).one_or_none()
    if found is None:
        raise NotFound(f"There is no notice {notice_id}.")
    return found


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
        return (at.replace(tzinfo=zone) if at.tzinfo is None else at), False
    return end_or_now(day or now.date(), zone, now), True


def end_or_now(day: date, zone: ZoneInfo, now: datetime) -> datetime:
    """A bare day is its end, or now when it is today: a right never ends sooner for it."""
    end = datetime.combine(day, time.max, zone)
    return now if day == now.astimezone(zone).date() else end.replace(microsecond=0)


def local_day(kept: str, zone: ZoneInfo) -> date:
    """The day of a kept instant in a body's zone."""
    return instant(kept).astimezone(zone).date()
