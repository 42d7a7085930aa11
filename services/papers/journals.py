"""The journal of a registered channel: every message of some days with number, text, sender, receiver and time (N-19)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from documents.dispatch_journal import Journal, Line
from models.base import instant, stamp
from models.sql import execute
from notifications import statuses
from notifications.catalogue import TELEGRAM, TELEPHONOGRAM
from notifications.claiming import number_of
from notifications.kept import render_kept
from notifications.receipts import OFFICER
from notifications.refs import ref_of
from notifications.remarks import RECEIVED_BY, SENT_BY, noted
from rules.errors import NotFound, RuleError
from rules.terms import end_of_day
from services.papers.facts import Papers

#: one statement names so many notices
CHUNK = 5_000

#: a message is of the day it was passed on; one nobody passed on yet, of the day it was made ready
_OF_DAYS = (
    "SELECT * FROM (SELECT n.id, n.created_at, n.facts, n.template, p.personnel_no, COALESCE((SELECT MIN(r.at)"
    f" FROM receipt r WHERE r.notice_id = n.id AND r.source = '{OFFICER}' AND r.event IN ('accepted', 'delivered')),"
    " n.handed_at) AS at FROM notice n JOIN cycle c ON c.id = n.cycle_id JOIN person p ON p.id = n.recipient_id"
    " WHERE n.channel = :channel AND n.state = 'handed' AND c.organisation = :body) j"
    " WHERE j.at >= :first AND j.at < :last ORDER BY j.at, j.id"
)
_TYPED = (
    "SELECT r.notice_id, r.event, r.at, r.officer_id, r.reference, r.detail FROM receipt r"
    f" WHERE r.source = '{OFFICER}' AND r.notice_id IN ({{}}) ORDER BY r.at, r.id"
)


def journal_of(
    session: Session, papers: Papers, channel: str, span: tuple[date, date], language: str, now: datetime
) -> Journal:
    """The journal of a channel of the papers' body, both days included.

    Raises:
        NotFound: nothing was made ready or passed on in those days.
    """
    first, last = span
    values = {
        "channel": channel, "body": papers.ground.organisation.key,
        "first": stamp(end_of_day(first - timedelta(days=1), papers.zone)), "last": stamp(end_of_day(last, papers.zone)),
    }  # fmt: skip
    rows = execute(session, _OF_DAYS, values).all()
    if not rows:
        raise NotFound(
            f"The journal of {channel} has no line from {first} to {last}; `bagalau notices list` shows the days."
        )
    ids = [row.id for row in rows]
    typed, outcomes = _typed(session, ids), _outcomes(session, ids)
    words, numbers = _Words(session, channel), {one.personnel_no: one.id for one in papers.people.values()}
    lines = tuple(
        _line(papers, row, typed.get(row.id, []), outcomes[row.id], words.of(row), numbers, language) for row in rows
    )
    return Journal(
        body=papers.body(language), channel=channel, first_day=first, last_day=last, lines=lines,
        kept_by=papers.signer(papers.officer("hr_officer", last), language), drawn_up_on=now.astimezone(papers.zone).date(),
        reference=f"{papers.ground.organisation.key}/{first}/{last}",
    )  # fmt: skip


def _line(
    papers: Papers, row: Any, typed: list[Any], outcome: tuple[str, datetime | None], text: str,
    numbers: Mapping[str, int], language: str,
) -> Line:  # fmt: skip
    written = instant(row.created_at).astimezone(papers.zone)
    said = [noted(one.detail) for one in typed]
    sender = next((numbers.get(one[SENT_BY]) for one in said if SENT_BY in one), None)
    officer = sender or next((one.officer_id for one in typed), None)
    return Line(
        outgoing=number_of(row.id, written.year), mark=ref_of(row.id), at=instant(row.at).astimezone(papers.zone),
        text=text, addressee=row.personnel_no, number=next((one.reference for one in typed if one.reference), ""),
        sender=papers.named(officer, language) if officer else "",
        receiver=next((one[RECEIVED_BY] for one in said if RECEIVED_BY in one), ""),
        outcome=outcome[0], outcome_at=None if outcome[1] is None else outcome[1].astimezone(papers.zone),
    )  # fmt: skip


def _chunks(ids: list[int]) -> Iterator[str]:
    return (", ".join(map(str, ids[place : place + CHUNK])) for place in range(0, len(ids), CHUNK))


def _typed(session: Session, ids: list[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for named in _chunks(ids):
        for row in execute(session, _TYPED.format(named)):
            found.setdefault(row.notice_id, []).append(row)
    return found


def _outcomes(session: Session, ids: list[int]) -> dict[int, tuple[str, datetime | None]]:
    found = {}
    for named in _chunks(ids):
        for one in statuses(session, f"n.id IN ({named})", {}):
            found[one.notice_id] = ("waits", None) if one.word in ("handed", "prepared") else (one.word, one.told_at)
    return found


class _Words:
    """The words as they were passed on; notices that say the same are made once."""

    def __init__(self, session: Session, channel: str) -> None:
        self._session, self._spoken = session, channel in (TELEPHONOGRAM, TELEGRAM)
        self._made: dict[tuple[str, str], tuple[str, str]] = {}

    def of(self, row: Any) -> str:
        """The text of a telephonogram or telegram, the subject of anything else; a dash where the texts are not kept."""
        key, ref = (row.template, row.facts), ref_of(row.id)
        if key not in self._made:
            try:
                words = render_kept(self._session, row.id)
                self._made[key] = (ref, words.body if self._spoken else words.subject)
            except RuleError:
                self._made[key] = (ref, "—")
        first, text = self._made[key]
        return text.replace(first, ref)
