"""What callbacks say, held against what is known of the notices they speak of: which receipts are new, and what is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from models.base import instant
from models.sql import execute
from notifications.attempts import HAD, Word
from notifications.callbacks import Fact, Said, Unreadable, bounces, sendgrid, smsc, twilio
from notifications.catalogue import EMAIL, SMS
from notifications.house import House

#: source -> the channel it speaks of, and the carrier a notice must have been given to
SOURCES = {
    sendgrid.NAME: (EMAIL, "sendgrid"),
    twilio.NAME: (SMS, "twilio"),
    smsc.NAME: (SMS, "smsc"),
    bounces.NAME: (EMAIL, "smtp"),
}
#: a carrier's clock may be so much off
SKEW = timedelta(minutes=5)


@dataclass
class Known:
    """A notice as it stands.

    Attributes:
        words: what was told of it, by (source, event id). given_at: carrier -> when it was first given to it.
        taken_at: the first moment a carrier is known to have had it.
    """

    row: Any
    words: dict[tuple[str, str], Word] = field(default_factory=dict)
    given_at: dict[str, datetime] = field(default_factory=dict)
    taken_at: datetime | None = None

    def learn(self, source: str, event_id: str, word: Word, at: datetime) -> None:
        """One word more."""
        self.words[source, event_id] = word
        if word.event == "attempted":
            self.given_at[source] = min(at, self.given_at.get(source, at))
        elif word.event in HAD:
            self.taken_at = min(at, self.taken_at or at)


@dataclass
class Heard:
    """One callback and what it says; `why`: sentences on what of it means nothing to us, with their number."""

    row: Any
    said: Said
    why: Counter[str]
    news: list[News] = field(default_factory=list)


@dataclass(frozen=True)
class News:
    """A receipt that is new: what was told, the moment it counts from, and our own words on it."""

    fact: Fact
    source: str
    at: datetime
    told_at: datetime
    remark: str


def understood(row: Any, house: House | None) -> Heard:
    """What one callback says; `house`: of the body it came for, None when the body has no carriers any more."""
    try:
        said = _said(row, house)
    except Unreadable as trouble:
        return Heard(row, Said(), Counter([str(trouble)]))
    except Exception as trouble:  # noqa: BLE001 - one callback nobody foresaw must not keep the others from being read
        return Heard(row, Said(), Counter([f"It could not be read: {type(trouble).__name__}."]))
    return Heard(row, said, Counter(said.strange))


def _said(row: Any, house: House | None) -> Said:
    if row.source == sendgrid.NAME:
        return sendgrid.said(row.body)
    if row.source == twilio.NAME:
        return twilio.said(row.body, row.address)
    if row.source == smsc.NAME:
        return smsc.said(row.body)
    if row.source == bounces.NAME:
        secret = house.callbacks.secret if house else ""
        return bounces.said(row.body, secret, bool(house and house.bounces and house.bounces.signed))
    raise Unreadable("Nothing is known of where it comes from.")


def looked_up(session: Session, ids: Iterable[int]) -> dict[int, Known]:
    """The notices of these numbers, with everything told of them; two statements, however many there are."""
    # the numbers are our own whole numbers; a list of them is bound nowhere, so it is written out
    among = ", ".join(str(int(one)) for one in sorted(set(ids)))
    if not among:
        return {}
    rows = execute(
        session,
        "SELECT n.id, n.state, n.channel, n.carrier, n.claimed_at, n.due_at, n.cycle_id, c.organisation, c.key,"
        " EXISTS (SELECT 1 FROM notice m WHERE m.cycle_id = n.cycle_id AND m.assessment_id = n.assessment_id"
        " AND m.kind = n.kind AND m.recipient_id = n.recipient_id AND m.round = n.round AND m.id > n.id) AS followed"
        f" FROM notice n JOIN cycle c ON c.id = n.cycle_id WHERE n.id IN ({among})",
    )
    found = {row.id: Known(row) for row in rows}
    told = f"SELECT notice_id, event, at, source, event_id, reference FROM receipt WHERE notice_id IN ({among})"
    for row in execute(session, told):
        word = Word.of(row.event, row.reference, row.event_id)
        found[row.notice_id].learn(row.source, row.event_id, word, instant(row.at))
    return found


def judge(heard: Heard, known: Mapping[int, Known]) -> None:
    """Find what is new in a callback; what cannot be of this body's notices is refused with a sentence.

    What is new is known from then on, so the same word in the next callback is not.
    """
    channel, carrier = SOURCES[heard.row.source]
    told_at = instant(heard.row.received_at)
    for fact in heard.said.facts:
        one = known.get(fact.notice_id)
        refusal = _refusal(heard.row.organisation, channel, carrier, one)
        if refusal or one is None:
            heard.why[refusal] += 1
            continue
        key = (heard.row.source, fact.event_id)
        if key in one.words or not fact.meaning.event:
            continue
        at, doubt = _dated(fact.at, one.given_at[carrier], told_at)
        one.learn(*key, Word.of(fact.meaning.event, fact.reference, fact.event_id), at)
        heard.news.append(News(fact, heard.row.source, at, told_at, _remark(fact, doubt)))


def _refusal(organisation: str, channel: str, carrier: str, one: Known | None) -> str:
    if one is None:
        return "It names no notice of ours."
    if one.row.organisation != organisation:
        return "It speaks of another body's notice."
    if one.row.channel != channel or carrier not in one.given_at:
        return "It speaks of a notice that this carrier was never given."
    return ""


def _dated(said: datetime | None, given: datetime, told: datetime) -> tuple[datetime, str]:
    """The moment that counts: the carrier's own where it can be true, else when we were told; and a word of doubt."""
    if said is None:
        return told, ""
    if given <= said <= told:
        return said, ""
    if given - SKEW <= said <= told + SKEW:
        return max(given, min(said, told)), ""
    return told, "the carrier's own moment cannot be true; it is dated when we were told"


def _remark(fact: Fact, doubt: str) -> str:
    adverse = fact.meaning.event in ("postponed", "deferred", "undelivered")
    words = " ".join(part for part in (fact.meaning.sentence, f"({fact.more})" if fact.more else "") if part)
    return "; ".join(part for part in (words if adverse else "", doubt) if part)
