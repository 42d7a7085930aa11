"""Are the bytes that left still what they were? Made again from the kept wording and the facts, and hashed anew."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session

from models.base import instant
from models.sql import execute
from notifications.catalogue import EMAIL, MANUAL, OTHER_REGISTERED, SMS
from notifications.channels import Message, email, other_registered, portal, sms
from notifications.channels.files import path_of
from notifications.claiming import look_up, message_of
from notifications.kept import render_kept
from rules.errors import RuleError

#: what can be said of the bytes
SAME, FILE, OTHER, NOT_MADE_AGAIN, NOT_SENT = "same", "same file", "differ", "not made again", "not sent"
SENTENCES = {
    SAME: "made again from the kept wording, the facts and the person's address, the bytes have the hash that was kept",
    FILE: "the file in the outbox has the hash that was kept",
    OTHER: "made again, the bytes have another hash: the address changed since, or something was altered",
    NOT_MADE_AGAIN: "they hold what is not kept here (the carrier's own form, or a paper whose file is gone)",
    NOT_SENT: "it has not left, so there are none",
}
#: an e-mail is dated when it was written; it was taken within so many seconds
_SECONDS = 120


@dataclass(frozen=True)
class Bytes:
    """The verdict on what left: one of the words above, its sentence, and the words as they are made again."""

    word: str
    sentence: str
    subject: str = ""
    body: str = ""


def bytes_of(session: Session, notice_id: int, outbox: Path, senders: Mapping[str, str] | None = None) -> Bytes:
    """Make what left anew, and compare its hash with the one that was kept.

    Args:
        senders: organisation -> address its e-mails come from, where the carrier's own is meant.
    """
    row = execute(
        session,
        "SELECT n.content_hash, n.language, n.channel, n.carrier, n.handed_at, n.tries, c.organisation FROM notice n"
        " JOIN cycle c ON c.id = n.cycle_id WHERE n.id = :i",
        {"i": notice_id},
    ).one()
    if row.content_hash is None or row.handed_at is None:
        return Bytes(NOT_SENT, SENTENCES[NOT_SENT])
    try:
        words = render_kept(session, notice_id)
    except RuleError as missing:
        return Bytes(NOT_MADE_AGAIN, str(missing).rstrip("."))
    message = _as_sent(session, notice_id, instant(row.handed_at))
    message = replace(message, words=words, to=replace(message.to, language=row.language))
    word = _verdict(session, row, message, outbox, senders or {})
    return Bytes(word, SENTENCES[word], words.subject, words.body)


def _as_sent(session: Session, notice_id: int, at: datetime) -> Message:
    [claimed] = look_up(session, [notice_id], at)
    return message_of(claimed, at)


def _verdict(session: Session, row: Any, message: Message, outbox: Path, senders: Mapping[str, str]) -> str:
    if message.channel in MANUAL and message.channel != OTHER_REGISTERED:
        file = path_of(message, outbox, ".pdf")
        if not file.is_file():
            return NOT_MADE_AGAIN
        return FILE if hashlib.sha256(file.read_bytes()).hexdigest() == row.content_hash else OTHER
    sender = senders.get(row.organisation, "") if row.carrier == "smtp" else f"no-reply@{email.DOMAIN}"
    if message.channel == EMAIL and (row.carrier == "sendgrid" or not sender):
        return NOT_MADE_AGAIN
    made = _forms(message, sender, _since(session, message))
    return SAME if any(hashlib.sha256(one).hexdigest() == row.content_hash for one in made) else OTHER


def _since(session: Session, message: Message) -> datetime:
    """The last try began then."""
    query = "SELECT MAX(at) FROM receipt WHERE notice_id = :i AND event = 'attempted'"
    begun = execute(session, query, {"i": message.notice_id}).scalar_one()
    return message.at if begun is None else instant(begun).astimezone(message.at.tzinfo)


def _forms(message: Message, sender: str, since: datetime) -> Iterator[bytes]:
    """The bytes it may have left as, by its channel."""
    try:
        if message.channel == EMAIL:
            domain = sender.rpartition("@")[2]
            for at in _moments(since, message.at):
                yield email.compose(replace(message, at=at), sender, domain)
        elif message.channel == SMS:
            yield message.words.body.encode()
            yield sms.compose(message)
        elif message.channel == OTHER_REGISTERED:
            yield other_registered.compose(message)
        else:
            yield portal.placed(message)
    except RuleError:  # the address that was written to is gone
        return


def _moments(first: datetime, last: datetime) -> Iterable[datetime]:
    seconds = min(max(0, int((last - first).total_seconds()) + 1), _SECONDS)
    return [last, *(first + timedelta(seconds=one) for one in range(seconds + 1))]
