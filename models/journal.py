"""The journal: every change of state, append-only in the database itself, hash-chained, never overwritten.

`JournalEntry` says when, who, what and under which rule, once for a whole set; `JournalRow` says from -> to for each
assessment of the set. The chain is written when `work()` commits, so two transactions never share a place in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Column, Index, Sequence
from sqlmodel import Field, Session, SQLModel

from models.base import Instant, stamp
from models.bulk import insert_rows
from models.sql import execute
from models.sql import is_postgres as is_postgres

#: ids are taken when an act begins, places in the chain (`seq`) when it commits
ENTRY_ID = Sequence("journal_entry_id", metadata=SQLModel.metadata)
CHAIN_LOCK = 6_204_242


class JournalEntry(SQLModel, table=True):
    """One recorded act.

    Attributes:
        seq: place in the chain, without gaps.
        at: when the act happened; recorded_at: when it was written down, by the database's own clock.
        body: the text exactly as it was hashed; the other columns repeat parts of it for queries.
        hash: sha256(prev_hash, seq, body).
    """

    __tablename__ = "journal_entry"

    id: int = Field(primary_key=True)
    seq: int = Field(unique=True)
    at: datetime = Field(sa_column=Column(Instant, nullable=False))
    recorded_at: datetime = Field(sa_column=Column(Instant, nullable=False))
    event: str
    cycle_id: int | None = Field(default=None, index=True)
    body: str
    prev_hash: str
    hash: str


class JournalRow(SQLModel, table=True):
    """One assessment's step inside an entry.

    Attributes:
        version: the assessment's version after the step; no two steps share one.
        acted_by, acted_at: who acted and when, where it differs from the entry (a list read from another system).
        note: what the entry's own reason does not say for this one.
        content: what the step wrote beside the journal: "mark:1f0c..." for each kind of `services.content`.
    """

    __tablename__ = "journal_row"
    __table_args__ = (
        Index("uq_journal_row_step", "assessment_id", "version", unique=True),
        {"sqlite_with_rowid": False},
    )

    entry_id: int = Field(primary_key=True)
    assessment_id: int = Field(primary_key=True)
    version: int
    from_stage: str
    to_stage: str
    acted_by: str | None = None
    acted_at: str | None = None
    note: str | None = None
    content: str | None = None


def row_text(row: tuple[object, ...]) -> str:
    """One row as it enters the digest: assessment, version, from, to, acted_by, acted_at, note, content."""
    return "|".join("" if value is None else str(value) for value in row)


def digest_of(text: str) -> str:
    """The digest of an entry's rows, written one per line in the order of their assessments."""
    return hashlib.sha256(text.encode()).hexdigest()


def chain_hash(prev_hash: str, seq: int, body: str) -> str:
    """The hash of one link: sha256(prev_hash, seq, sha256(body))."""
    inner = hashlib.sha256(body.encode()).hexdigest()
    return hashlib.sha256(f"{prev_hash}|{seq}|{inner}".encode()).hexdigest()


_as_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass
class Entry:
    """An entry of the transaction under way; `work()` gives it its place in the chain at commit."""

    id: int
    event: str
    at: datetime
    actor: str
    on_behalf_of: str | None = None
    cycle_id: int | None = None
    subject: str | None = None
    rules: tuple[str, ...] = ()
    reason: str = ""
    rows: int = 0
    digest: str = ""
    content: list[str] = field(default_factory=list)

    def body(self, recorded: str) -> str:
        """The text that is hashed and kept; it holds ids, never a name, mark or grade."""
        facts = {
            "id": self.id,
            "event": self.event,
            "at": stamp(self.at),
            "recorded": recorded,
            "actor": self.actor,
            "on_behalf_of": self.on_behalf_of,
            "cycle": self.cycle_id,
            "subject": self.subject,
            "rules": list(self.rules),
            "reason": self.reason,
            "rows": self.rows,
            "digest": self.digest,
            "content": digest_of("\n".join(sorted(self.content))) if self.content else "",
        }
        return _as_text(facts)


def record(
    session: Session,
    event: str,
    at: datetime,
    actor: str,
    *,
    on_behalf_of: str | None = None,
    cycle_id: int | None = None,
    subject: str | None = None,
    rules: tuple[str, ...] = (),
    reason: str = "",
) -> Entry:
    """Begin a journal entry in this transaction; rows are added by whoever moves assessments.

    Args:
        actor: "person/17", "system/advance" ...; never a name.
        subject: what it is about beside assessments: "cycle/1", "session/4", "staff_import/2".
    """
    entry = Entry(_next_id(session), event, at, actor, on_behalf_of, cycle_id, subject, rules, reason)
    session.info.setdefault("journal", []).append(entry)
    return entry


def wrote(session: Session, kind: str, digests: Iterable[tuple[str, str]]) -> None:
    """Keep what the entry begun last wrote beside the steps of assessments: (key, digest) of each row of a kind."""
    begun: list[Entry] = session.info.get("journal", [])
    if begun:
        rows = [(begun[-1].id, kind, key, digest) for key, digest in digests]
        insert_rows(session, "journal_content", ("entry_id", "kind", "key", "digest"), rows)
        begun[-1].content += [content_line(*row[1:]) for row in rows]


def content_line(kind: str, key: str, digest: str) -> str:
    """One row of `JournalContent` as it enters the entry's digest of them."""
    return f"{kind}|{key}|{digest}"


def _next_id(session: Session) -> int:
    if is_postgres(session):
        return int(execute(session, "SELECT nextval('journal_entry_id')").scalar_one())
    # SQLite has one writer at a time and `work()` begins as that writer: it cannot move under us. The last id is not
    # the last place: an entry that moved nobody is dropped, its id is not used again
    last = session.info.get("last_id")
    if last is None:
        last = execute(session, "SELECT COALESCE(MAX(id), 0) FROM journal_entry").scalar_one()
    session.info["last_id"] = last + 1
    return int(last) + 1


def read_head(session: Session) -> tuple[int, str]:
    """The last place of the chain and its hash; (0, "") before the first entry."""
    row = execute(session, "SELECT seq, hash FROM journal_entry ORDER BY seq DESC LIMIT 1").one_or_none()
    return (row[0], row[1]) if row else (0, "")


#: an act may be dated by whoever enters it; when it was entered only the database says
_SQLITE_CLOCK = "strftime('%Y-%m-%dT%H:%M:%f000Z', 'now')"
_POSTGRES_CLOCK = """to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
#: the moment, and the head of the chain; before the first entry the moment alone
_NOW_AND_HEAD = (
    "SELECT {clock}, head.seq, head.hash FROM (SELECT 1) AS always"
    " LEFT JOIN (SELECT seq, hash FROM journal_entry ORDER BY seq DESC LIMIT 1) AS head ON true"
)
_ON_SQLITE, _ON_POSTGRES = (_NOW_AND_HEAD.format(clock=clock) for clock in (_SQLITE_CLOCK, _POSTGRES_CLOCK))
_INSERT = (
    "INSERT INTO journal_entry (id, seq, at, recorded_at, event, cycle_id, body, prev_hash, hash)"
    " VALUES (:id, :seq, :at, :recorded, :event, :cycle, :body, :prev, :hash)"
)


def seal(session: Session) -> None:
    """Give the transaction's entries their places in the chain. Only `work()` calls this, last before commit."""
    pending: list[Entry] = session.info.pop("journal", [])
    if not pending:
        return
    if is_postgres(session):
        execute(session, f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})")
    recorded, seq, prev = execute(session, _ON_POSTGRES if is_postgres(session) else _ON_SQLITE).one()
    seq, prev = seq or 0, prev or ""
    for entry in pending:
        seq, body = seq + 1, entry.body(recorded)
        place = {
            "id": entry.id, "seq": seq, "at": stamp(entry.at), "recorded": recorded, "event": entry.event,
            "cycle": entry.cycle_id, "body": body, "prev": prev, "hash": chain_hash(prev, seq, body),
        }  # fmt: skip
        execute(session, _INSERT, place)
        prev = place["hash"]
