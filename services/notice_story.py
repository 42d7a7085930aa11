"""One notice as an auditor asks about it: why it was written, every try, what came back, what followed; in order of time.

People stand in it by personnel number (N-23).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session

from models.base import instant, stamp
from models.sql import execute
from notifications.catalogue import KINDS
from notifications.events import EVENTS
from notifications.history import history
from notifications.receipts import OFFICER
from notifications.refs import ref_of
from notifications.remarks import RECEIVED_BY, SENT_BY, noted
from services.content_rows import numbers_of
from services.ground import find_cycle, ground_of
from services.notice_bytes import bytes_of

#: acts that write the next notice where one did not reach its person
LADDER = ("next_channel", "served_again")


@dataclass(frozen=True)
class Moment:
    """One thing that happened: when, what, who says so, and when it was written down, where that was later."""

    at: datetime
    what: str
    source: str
    code: str = ""
    recorded_at: datetime | None = None


def story(session: Session, notice_id: int, outbox: Path, senders: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Everything known of one notice: `notifications.history` and, beside it, the story itself.

    The new keys: rules, point; written_with (the journal entry of the same instant); story; four_facts; chain (every
    notice that said the same to the same person, the ladder); content (the wording and what can be said of the bytes).

    Raises:
        NotFound: there is none.
    """
    found = history(session, notice_id)
    cycle = find_cycle(session, found["cycle"])
    source = ground_of(session, cycle).source(*found.pop("roles"))
    chain, entry = _chain(session, notice_id), _written_with(session, cycle.id or 0, found)
    told = sorted(_moments(session, found, entry, chain), key=lambda one: one.at)
    made = bytes_of(session, notice_id, outbox, senders)
    return found | {
        "rules": source.rules, "point": source.point, "time_zone": cycle.time_zone, "written_with": entry,
        "story": told, "four_facts": _four_facts(found), "chain": chain,
        "content": {"wording": found["template"], "hash": found["content_hash"], "made_again": made.word,
                    "says": made.sentence, "subject": made.subject, "body": made.body},
    }  # fmt: skip


#: kind -> acts that ask for it beside those it is named for
_ASKED_BY = {"result_served": ("released",)}

# --- why it was written ----------------------------------------------------------------------------------

_ENTRIES = (
    "SELECT e.seq, e.event, e.hash, e.body, (SELECT COUNT(*) FROM journal_row j WHERE j.entry_id = e.id"
    " AND j.assessment_id = :a) AS own FROM journal_entry e WHERE e.cycle_id = :c AND e.at = :at ORDER BY e.seq"
)


def _written_with(session: Session, cycle_id: int, found: Mapping[str, Any]) -> dict[str, Any] | None:
    """The act of the journal that asked for it: of its very instant, for an act and its notices are one transaction."""
    values = {"c": cycle_id, "at": stamp(found["created_at"]), "a": found["assessment_id"]}
    entries = execute(session, _ENTRIES, values).all()
    if not entries:
        return None
    roles = (*KINDS[found["kind"]].roles, *_ASKED_BY.get(found["kind"], ()))
    later = _is_later(session, found["notice_id"])

    def fits(entry: Any) -> tuple[bool, bool, bool, int]:
        return (later and entry.event in LADDER, entry.event in roles, bool(entry.own), entry.seq)

    best = max(entries, key=fits)
    body = json.loads(best.body)
    actor = numbers_of(session).get(body["actor"], body["actor"])
    return {"seq": best.seq, "event": best.event, "hash": best.hash, "actor": actor, "rules": body["rules"],
            "reason": body["reason"]}  # fmt: skip


_SAME = (
    " FROM notice n JOIN notice o ON o.cycle_id = n.cycle_id AND o.assessment_id = n.assessment_id AND o.kind = n.kind"
    " AND o.recipient_id = n.recipient_id AND o.round = n.round WHERE n.id = :i"
)


def _is_later(session: Session, notice_id: int) -> bool:
    return bool(execute(session, f"SELECT COUNT(*) {_SAME} AND o.id < n.id", {"i": notice_id}).scalar_one())


# --- the ladder ------------------------------------------------------------------------------------------

_CHAIN = (
    "SELECT o.id, o.channel, o.state, o.created_at, o.handed_at, o.failure, c.key,"
    " (SELECT e.body FROM journal_entry e WHERE e.cycle_id = o.cycle_id AND e.at = o.created_at"
    f" AND e.event IN ({', '.join(repr(event) for event in LADDER)}) ORDER BY e.seq LIMIT 1) AS why"
    f"{_SAME.replace('WHERE', 'JOIN cycle c ON c.id = o.cycle_id WHERE')} ORDER BY o.id"
)


def _chain(session: Session, notice_id: int) -> list[dict[str, Any]]:
    """Every notice that says the same to the same person in the same round, the first channel first."""
    rows = execute(session, _CHAIN, {"i": notice_id}).all()
    return [
        {"notice_id": row.id, "ref": ref_of(row.id), "channel": row.channel, "state": row.state,
         "written_at": instant(row.created_at), "handed_at": instant(row.handed_at) if row.handed_at else None,
         "failure": row.failure, "because": json.loads(row.why)["reason"] if row.why and place else None}
        for place, row in enumerate(rows)
    ]  # fmt: skip


# --- the story -------------------------------------------------------------------------------------------


def _moments(
    session: Session, found: Mapping[str, Any], entry: Mapping[str, Any] | None, chain: list[dict[str, Any]]
) -> Iterator[Moment]:
    yield Moment(found["created_at"], _written(found, entry), entry["actor"] if entry else "")
    for one in found["receipts"]:
        late = one["recorded_at"] if one["recorded_at"] != one["at"] else None
        yield Moment(one["at"], _receipt(one), _source(one), one["code"] or "", late)
    if found["familiarised_at"]:
        yield Moment(found["familiarised_at"], "the person is familiarised with the result", "the assessment")
    if found["refused_at"]:
        yield Moment(
            found["refused_at"], "the person refused to learn the result, by an act of refusal", "the assessment"
        )
    for one in chain:
        if one["notice_id"] > found["notice_id"]:
            why = f" ({one['because']})" if one["because"] else ""
            what = f"the ladder: notice {one['notice_id']} ({one['ref']}) goes by {one['channel']}{why}"
            yield Moment(one["written_at"], what, "system/ladder")


def _written(found: Mapping[str, Any], entry: Mapping[str, Any] | None) -> str:
    what = f"written: {found['kind']}, round {found['round']}, to {found['recipient']} by {found['channel']}"
    if entry is None:
        return f"{what}; no act of the journal has this instant"
    rules = f" ({', '.join(entry['rules'])})" if entry["rules"] else ""
    return f"{what}; with entry {entry['seq']} of the journal, '{entry['event']}'{rules}"


def _receipt(one: Mapping[str, Any]) -> str:
    said, parts = noted(one["detail"]), [f"{one['event']}: {EVENTS.get(one['event'], '')}"]
    parts += [f"{name} {said[name]}" for name in (SENT_BY, RECEIVED_BY) if name in said]
    parts += [words if not name else f"{name} {words}".strip() for name, words in said.items()
              if name not in (SENT_BY, RECEIVED_BY)]  # fmt: skip
    parts += [f"no. {one['reference']}"] if one["reference"] else []
    parts += [f"scan {one['scan_sha256'][:12]}"] if one["scan_sha256"] else []
    return "; ".join(parts)


def _source(one: Mapping[str, Any]) -> str:
    return f"officer {one['officer']}" if one["source"] == OFFICER and one["officer"] else str(one["source"])


def _four_facts(found: Mapping[str, Any]) -> dict[str, Any]:
    """Sent in time, delivered, familiarised, refused: never one for another."""
    return {
        "sent_in_time": found["sent_in_time"], "sent_at": found["sent_at"], "due_at": found["due_at"],
        "delivered_at": found["delivered_at"], "familiarised_at": found["familiarised_at"],
        "refused_at": found["refused_at"],
    }  # fmt: skip
