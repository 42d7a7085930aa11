"""Papers about notices as PDF: the certificate of one, the journal of a registered channel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from documents import delivery_certificate, dispatch_journal
from models import Cycle
from models.sql import execute
from notifications.catalogue import MANUAL, MOBILE_APP
from rules.errors import NotFound
from services.evidence import newest_checkpoint
from services.ground import find_cycle
from services.notice_story import story
from services.papers.certificates import certificate
from services.papers.facts import Papers
from services.papers.journals import journal_of
from services.typed_in import the_officer

#: the channels a journal is kept of: what leaves by them is written down by an officer
CHANNELS = tuple(sorted(MANUAL | {MOBILE_APP}))


def certificate_pdf(
    session: Session,
    notice_id: int,
    officer: str,
    language: str,
    now: datetime,
    outbox: Path,
    checkpoints: Path,
    senders: Mapping[str, str] | None = None,
) -> bytes:
    """The certificate of one notice, made by an officer who serves (N-19, N-25). A closed paper: it names its addressee.

    Raises:
        NotFound: no such notice or officer. NotAllowed: the officer does not serve. RuleError: the journal was rewritten.
    """
    found = story(session, notice_id, outbox, senders)
    papers = Papers.of(session, find_cycle(session, found["cycle"]))
    by = the_officer(session, officer, papers.ground.day_of(now))
    signed = newest_checkpoint(session, checkpoints)
    return delivery_certificate.render(certificate(session, papers, found, by, language, now, signed), language)


def journal_pdf(
    session: Session, channel: str, span: tuple[date, date], language: str, now: datetime, organisation: str = ""
) -> bytes:
    """The journal of a registered channel of one body, both days included (N-19).

    Raises:
        NotFound: no such channel or body, or nothing to write down. RuleError: the days are the wrong way round.
    """
    if channel not in CHANNELS:
        raise NotFound(f"No journal is kept of '{channel}'; there is one of: {', '.join(CHANNELS)}.")
    if span[1] < span[0]:
        raise NotFound(f"{span[1]} is before {span[0]}: give the first day with --from and the last with --to.")
    papers = Papers.of(session, _cycle_of(session, organisation))
    return dispatch_journal.render(journal_of(session, papers, channel, span, language, now), language)


def _cycle_of(session: Session, organisation: str) -> Cycle:
    """The newest cycle of a body: its officials and its words are the body's own."""
    rows = execute(session, "SELECT organisation, MAX(id) AS id FROM cycle GROUP BY organisation ORDER BY 1").all()
    known = {row.organisation: row.id for row in rows}
    if not organisation and len(known) > 1:
        raise NotFound(f"There are several bodies here; say whose journal with --organisation: {', '.join(known)}.")
    if not known or (organisation and organisation not in known):
        raise NotFound(f"There is no body '{organisation}' with a cycle; known are: {', '.join(known) or 'none'}.")
    return session.get_one(Cycle, known[organisation or next(iter(known))])
