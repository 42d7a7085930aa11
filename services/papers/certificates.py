"""The certificate of one notice: the four facts, every receipt, what holds them in place, and what is not proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from documents.delivery_certificate import Certificate, Fact, Link, Told
from models.base import instant
from models.sql import execute
from notifications.catalogue import KINDS, SMS
from notifications.claiming import number_of
from notifications.post import SIMULATE
from notifications.receipts import OFFICER
from notifications.render import render
from services.evidence import Checkpoint
from services.notice_bytes import FILE, SAME
from services.papers.facts import Papers
from services.papers.wording import point_in

#: told by these, a message may lie unread
_MACHINES = ("email", "sms", "mobile_app", "portal")


def certificate(
    session: Session, papers: Papers, found: Mapping[str, Any], by: int, language: str, now: datetime,
    signed: Checkpoint | None,
) -> Certificate:  # fmt: skip
    """The certificate of a notice whose story (`services.notice_story`) is `found`; made by an officer, now."""
    written = found["created_at"].astimezone(papers.zone)
    head, entry = _head(session, papers), found["written_with"]
    return Certificate(
        body=papers.body(language), act=papers.act(language), number=number_of(found["notice_id"], written.year),
        mark=found["ref"], subject=_subject(found, language), channel=found["channel"],
        addressee=_addressee(session, found["notice_id"]), written_at=written, due=_last_moment(papers, found["due_at"]),
        point=", ".join(point_in(language, one) for one in found["point"].split(", ") if one),
        facts=tuple(_facts(papers, found)), told=tuple(_told(papers, found)),
        content_hash=found["content_hash"] or "", template=found["template"] or "",
        made_again=found["content"]["made_again"].replace(" ", "_"),
        entry=Link(entry["seq"], entry["hash"]) if entry else None, head=head,
        checkpoint=None if signed is None else Link(signed.seq, signed.hash, signed.at.astimezone(papers.zone)),
        unproved=tuple(_unproved(found, head.seq, signed)), made_by=papers.signer(by, language),
        made_at=now.astimezone(papers.zone), reference=found["ref"],
    )  # fmt: skip


def _subject(found: Mapping[str, Any], language: str) -> str:
    """What it is about, in the language of the certificate: the subject of the same kind in its present words."""
    channel = next(one for one in KINDS[found["kind"]].channels if one != SMS)
    return render(found["kind"], channel, language, {**found["facts"], "ref": found["ref"]}).subject


def _addressee(session: Session, notice_id: int) -> str:
    query = "SELECT p.surname, p.given_name, p.patronymic FROM notice n JOIN person p ON p.id = n.recipient_id WHERE n.id = :i"
    return " ".join(part for part in execute(session, query, {"i": notice_id}).one() if part)


def _last_moment(papers: Papers, due: datetime | None) -> datetime | None:
    """A term that ends with a day is told by that day, not by the first moment of the next."""
    if due is None:
        return None
    local = due.astimezone(papers.zone)
    return local - timedelta(minutes=1) if (local.hour, local.minute) == (0, 0) else local


def _facts(papers: Papers, found: Mapping[str, Any]) -> Iterator[Fact]:
    for name, event, key in (("sent", "accepted", "sent_at"), ("delivered", "delivered", "delivered_at")):
        first = min(
            (one for one in found["receipts"] if one["event"] == event), key=lambda one: one["at"], default=None
        )
        if first is None:
            yield Fact(name, None)
        else:
            in_time = found["sent_in_time"] if name == "sent" else None
            yield Fact(name, _local(papers, found[key]), first["source"], _by(first), in_time)
    for name in ("familiarised", "refused"):
        at = found[f"{name}_at"]
        yield Fact(name, _local(papers, at), "assessment" if at else "")


def _told(papers: Papers, found: Mapping[str, Any]) -> Iterator[Told]:
    for one in sorted(found["receipts"], key=lambda one: one["at"]):
        later = one["recorded_at"] - one["at"] >= timedelta(minutes=1)
        yield Told(
            one["event"], one["at"].astimezone(papers.zone), one["source"], _by(one), one["reference"] or "",
            _local(papers, one["recorded_at"]) if later else None,
        )  # fmt: skip


def _by(receipt: Mapping[str, Any]) -> str:
    return receipt["officer"] or "" if receipt["source"] == OFFICER else ""


def _local(papers: Papers, moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(papers.zone)


def _head(session: Session, papers: Papers) -> Link:
    row = execute(session, "SELECT seq, hash, recorded_at FROM journal_entry ORDER BY seq DESC LIMIT 1").one()
    return Link(row.seq, row.hash, instant(row.recorded_at).astimezone(papers.zone))


def _unproved(found: Mapping[str, Any], head: int, signed: Checkpoint | None) -> Iterator[str]:
    told = {one["source"] for one in found["receipts"]}
    if SIMULATE in told:
        yield "np_simulated"
    for name in ("sent", "delivered"):
        if found[f"{name}_at"] is None:
            yield f"np_{name}"
    if found["familiarised_at"] is None and found["assessment_id"]:
        yield "np_familiarised"
    if found["delivered_at"] is not None and found["familiarised_at"] is None and found["channel"] in _MACHINES:
        yield "np_read"
    if OFFICER in told:
        yield "np_officer"
    if found["possible_duplicate"]:
        yield "np_duplicate"
    if found["disputed"]:
        yield "np_disputed"
    if found["content_hash"] and found["content"]["made_again"] not in (SAME, FILE):
        yield "np_bytes"
    if signed is None or signed.seq < head:
        yield "np_checkpoint"
