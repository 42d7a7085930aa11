"""Fetching the mail that came back: each mail is kept like any callback, and only then marked as read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.work import work
from notifications.callbacks import bounces
from notifications.callbacks.mailboxes import Mailbox, opened
from rules.errors import RuleError
from services.receiving import Houses, Incoming, keep

#: mails in one transaction
BATCH = 50


@dataclass(frozen=True)
class Fetched:
    """How many mails were new; a sentence for each mailbox that could not be read."""

    mails: int = 0
    problems: tuple[str, ...] = ()


def fetch_all(houses: Houses, now: datetime) -> Fetched:
    """Fetch from every body's mailbox for bounces; one that cannot be read stops no other. Safe to kill and to repeat."""
    mails, problems = 0, []
    for organisation, house in sorted(houses.items()):
        if house.bounces is None:
            continue
        try:
            with opened(house.bounces) as mailbox:
                mails += fetch(organisation, mailbox, now)
        except RuleError as trouble:
            problems.append(f"'{organisation}': {trouble}")
    return Fetched(mails, tuple(problems))


def fetch(organisation: str, mailbox: Mailbox, now: datetime, batch: int = BATCH) -> int:
    """Empty one mailbox; return how many mails were new."""
    new = 0
    while mails := mailbox.read(batch):
        with work() as session:
            new += keep(session, [Incoming(organisation, bounces.NAME, "", mail.raw, now) for mail in mails])
        mailbox.done(mails)
    return new
