"""Writing down what became of a chunk: the state of each notice, and what its carrier said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from models.base import stamp
from notifications.channels import Accepted, Message, Outcome, Permanent, Temporary, Unknown
from notifications.claiming import LEASE, Claimed, language_of
from notifications.render import kept_texts, template_id

Row = dict[str, Any]
Refusal = Temporary | Permanent | Unknown
_EVENTS: dict[type[Refusal], str] = {Temporary: "postponed", Permanent: "rejected", Unknown: "unknown"}
#: the first tries follow quickly; what still fails then is a matter of hours
DELAYS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60))
#: so many tries of one notice, and its way is closed
TRIES = 8

# a claim taken over by another worker meanwhile is that worker's to mark
_MINE = "WHERE id = :id AND state IN ('claimed', 'unknown') AND claimed_at = :claimed"
# the carrier's own word may have come before ours and marked it; what left is known only here
_OURS = _MINE.replace("'unknown'", "'unknown', 'handed'")
_HANDED = text(
    "UPDATE notice SET state = 'handed', handed_at = :at, language = :language, template = :template,"
    f" content_hash = :hash, reference = :reference, carrier = :carrier, next_at = NULL, failure = NULL {_OURS}"
)
#: another channel has taken over meanwhile
FOLLOWED = (
    "EXISTS (SELECT 1 FROM notice m WHERE m.cycle_id = notice.cycle_id AND m.assessment_id = notice.assessment_id"
    " AND m.kind = notice.kind AND m.recipient_id = notice.recipient_id AND m.round = notice.round AND m.id > notice.id)"
)
# a word that comes so late that the next channel was taken brings nothing back into the outbox
_STATE = text(
    f"UPDATE notice SET state = CASE WHEN :state = 'waiting' AND state = 'unknown' AND {FOLLOWED} THEN 'failed' ELSE :state END,"
    f" failure = :sentence, next_at = :next, tries = tries + :spent {_MINE}"
)
RECEIPT = text(
    "INSERT INTO receipt (notice_id, event, at, recorded_at, source, event_id, reference, code, detail)"
    " VALUES (:id, :event, :at, :recorded, :source, :event_id, :reference, :code, :detail)"
    " ON CONFLICT (source, event_id) DO NOTHING"
)
#: what was taken is proved with the hash of its bytes
_TAKEN = text(
    "INSERT INTO receipt (notice_id, event, at, recorded_at, source, event_id, reference, code, detail, content_hash)"
    " VALUES (:id, :event, :at, :recorded, :source, :event_id, :reference, :code, :detail, :content)"
    " ON CONFLICT (source, event_id) DO NOTHING"
)
#: within the house a try that somebody else made again meanwhile leaves nothing behind: its bytes were written over
_MADE = text(
    "INSERT INTO receipt (notice_id, event, at, recorded_at, source, event_id, reference, code, detail, content_hash)"
    " SELECT n.id, :event, :at, :recorded, :source, :event_id, :reference, :code, :detail, :content FROM notice n"
    " WHERE n.id = :id AND n.state = 'handed' AND n.claimed_at = :claimed ON CONFLICT (source, event_id) DO NOTHING"
)


@dataclass(frozen=True)
class Told:
    """What a carrier said of one notice, and when it said so."""

    outcome: Outcome
    at: datetime


def attempted(session: Session, claimed: Sequence[Claimed], carrier: str, now: datetime) -> None:
    """Write down, before anything leaves, that these are given to a carrier outside the house, and in which words."""
    rows = [receipt_row(one.notice_id, try_of(one), "attempted", now, now, carrier) for one in claimed]
    words = [(str(one.row.kind), language_of(one.row.language, one.row.channel)) for one in claimed]
    session.connection().execute(RECEIPT, rows)
    session.connection().execute(
        text(
            "UPDATE notice SET carrier = :carrier, tries = tries + 1, language = :language, template = :template"
            " WHERE id = :id"
        ),
        [
            {"id": one.notice_id, "carrier": carrier, "language": said, "template": template_id(kind, said)}
            for one, (kind, said) in zip(claimed, words, strict=True)
        ],
    )
    # should the answer be lost and the texts changed meanwhile, it is still known what was sent
    keep_wordings(session, kept_texts(words), now)


def mark(
    session: Session,
    claimed: Sequence[Claimed],
    messages: Mapping[int, Message],
    told: Mapping[int, Told],
    source: str,
    *,
    grace: timedelta = LEASE,
    outside: bool = False,
) -> None:
    """Mark every claimed notice by its outcome, and keep a receipt of what the carrier said.

    Args:
        source: the carrier. grace: how long an unanswered one is left before the carrier is asked.
        outside: the carrier is outside the house: each of its words is kept, not only its acceptance.
    """
    handed: list[Row] = []
    others: list[Row] = []
    taken: list[Row] = []
    receipts: list[Row] = []
    for one in claimed:
        said, mine = told[one.notice_id], {"id": one.notice_id, "claimed": stamp(one.at)}
        if isinstance(said.outcome, Accepted):
            message = messages[one.notice_id]
            handed.append(mine | _handed(message, said.outcome, said.at, source))
            words = _accepted(message, said.outcome, said.at, source, try_of(one) if outside else "")
            taken += words if outside else [word | mine for word in words]
        else:
            others.append(mine | _standing(said.outcome, said.at, one.row.tries + 1, grace, outside))
            if outside:
                receipts.append(_refused(one, said.outcome, said.at, source))
    kept = ((_TAKEN if outside else _MADE, taken), (RECEIPT, receipts))
    for statement, rows in ((_HANDED, handed), (_STATE, others), *kept):
        if rows:
            session.connection().execute(statement, rows)


def _handed(message: Message, outcome: Accepted, at: datetime, source: str) -> Row:
    return {
        "at": stamp(at),
        "language": message.to.language,
        "template": message.words.template,
        "hash": outcome.content_hash,
        "reference": outcome.reference,
        "carrier": outcome.source or source,
    }


def _standing(outcome: Refusal, at: datetime, tries: int, grace: timedelta, outside: bool) -> Row:
    state, after, spent = "failed", None, 0
    if isinstance(outcome, Unknown):
        state, after = "unknown", grace
    elif isinstance(outcome, Temporary) or outcome.ours:
        spends = isinstance(outcome, Temporary) and outcome.spends and not outcome.ours
        state = "failed" if spends and tries >= TRIES else "waiting"
        after = _delay(outcome, tries, spends)
        # `attempted` counted the try already; one that spends nothing is given back
        spent = int(spends) - int(outside)
    return {
        "state": state, "sentence": outcome.sentence, "spent": spent,
        "next": None if after is None else stamp(at + after),
    }  # fmt: skip


def _delay(outcome: Outcome, tries: int, spends: bool) -> timedelta | None:
    """Where the lane itself rests, the lane says when; else the carrier, or the number of tries."""
    if isinstance(outcome, Temporary) and not outcome.ours:
        return outcome.after or (DELAYS[min(tries, len(DELAYS)) - 1] if spends else DELAYS[0])
    return None


def _accepted(message: Message, outcome: Accepted, at: datetime, carrier: str, tried: str) -> list[Row]:
    first = "prepared" if outcome.prepared else "accepted"
    events = (first, "delivered") if outcome.delivered else (first,)
    source = outcome.source or carrier
    said = [receipt_row(message.notice_id, tried, event, at, at, source, outcome.reference) for event in events]
    return [row | {"content": outcome.content_hash if row["event"] == first else None} for row in said]


def _refused(one: Claimed, outcome: Refusal, at: datetime, source: str) -> Row:
    event = _EVENTS[type(outcome)]
    return receipt_row(
        one.notice_id, try_of(one), event, at, at, source, code=outcome.code, detail=outcome.sentence
    )  # fmt: skip


def try_of(one: Claimed) -> str:
    """What tells one try of a notice from another: the instant it was claimed."""
    return stamp(one.at)


def receipt_row(
    notice_id: int, tried: str, event: str, at: datetime, recorded: datetime, source: str,
    reference: str | None = None, code: str = "", detail: str | None = None,
) -> Row:  # fmt: skip
    """One receipt as `RECEIPT` takes it; `tried` tells the tries of a notice apart."""
    word = "/".join(part for part in (f"notice/{notice_id}", tried, event) if part)
    return {
        "id": notice_id, "event": event, "at": stamp(at), "recorded": stamp(recorded), "source": source,
        "event_id": word, "reference": reference, "code": code or None, "detail": detail,
    }  # fmt: skip


def keep_wordings(session: Session, templates: Iterable[tuple[str, int, str]], now: datetime) -> None:
    """Keep the texts (template, version, JSON) that were used for the first time."""
    rows = [{"template": one, "version": number, "now": stamp(now), "body": body} for one, number, body in templates]
    if rows:
        session.connection().execute(
            text(
                "INSERT INTO wording (template, version, first_used_at, body) VALUES (:template, :version, :now, :body)"
                " ON CONFLICT (template) DO NOTHING"
            ),
            rows,
        )
