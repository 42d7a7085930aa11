"""The journal's own integrity: every link, and that an entry still has the rows it was written with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from models.journal import chain_hash, content_line, digest_of
from models.sql import execute
from services.door import ROW_SQL

#: entries are looked at so many at a time, or fewer when they have many rows: a set has up to a hundred thousand
ENTRIES, ROWS = 5_000, 50_000


@dataclass
class Verification:
    """What `verify` found; `problems` is empty when everything holds.

    Attributes:
        covered_to: how far the checkpoints reach. results, terms: how many were worked out again.
        unkept: receipts and notices written since the last sweep (`services.evidence_blocks`): not under the journal yet.
    """

    entries: int = 0
    rows: int = 0
    checkpoints: int = 0
    last_seq: int = 0
    covered_to: int = 0
    results: int = 0
    terms: int = 0
    unkept: int = 0
    problems: list[str] = field(default_factory=list)


def check_chain(session: Session, found: Verification, wanted: Iterable[int] = ()) -> dict[int, str]:
    """Check every link, the rows and the content of every entry; return the hashes of the `wanted` places."""
    asked, hashes, prev = set(wanted), {}, ""
    for entries in _chunks(session):
        span = {"first": entries[0][0].seq, "last": entries[-1][0].seq}
        rows, content = _rows(session, span), _content(session, span)
        for row, body in entries:
            if row.seq != found.last_seq + 1:
                found.problems.append(f"entry {found.last_seq + 1} is missing: the chain continues with {row.seq}")
            if row.prev_hash != prev or row.hash != chain_hash(row.prev_hash, row.seq, row.body):
                found.problems.append(f"entry {row.seq} was changed: its hash does not fit")
            _entry(row, body, rows.get(row.seq, _NONE), content.get(row.seq, ""), found)
            if row.seq in asked:
                hashes[row.seq] = row.hash
            prev, found.entries, found.last_seq = row.hash, found.entries + 1, row.seq
    _strays(session, found)
    return hashes


_ENTRIES = (
    "SELECT id, seq, at, recorded_at, event, cycle_id, body, prev_hash, hash FROM journal_entry WHERE seq > :s"
    " ORDER BY seq LIMIT :n"
)
#: what an entry without rows has
_NONE = (0, digest_of(""))


def _chunks(session: Session) -> Iterator[list[tuple[Any, Any]]]:
    """Entries in the order of the chain, each with what its body says, or None where it says nothing."""
    last = 0
    while entries := execute(session, _ENTRIES, {"s": last, "n": ENTRIES}).all():
        last, chunk, rows = entries[-1].seq, [], 0
        for row in entries:
            body = _body(row.body)
            chunk.append((row, body))
            rows += body["rows"] if body else 0
            if rows > ROWS:
                yield chunk
                chunk, rows = [], 0
        if chunk:
            yield chunk


def _body(text: str) -> Any:
    try:
        body = json.loads(text)
        known = isinstance(body["rows"], int) and {"digest", "content"} <= body.keys()
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return body if known else None


def _rows(session: Session, span: dict[str, int]) -> dict[int, tuple[int, str]]:
    """(number, digest) of the rows of each entry; hashed line by line, as `services.door.entry_rows_text` joins them."""
    query = (
        f"SELECT e.seq, {ROW_SQL} FROM journal_entry e JOIN journal_row j ON j.entry_id = e.id"
        " WHERE e.seq >= :first AND e.seq <= :last ORDER BY e.seq, j.assessment_id"
    )
    made: dict[int, tuple[int, str]] = {}
    seq, count, running = 0, 0, hashlib.sha256()
    for row in execute(session, query, span):
        if row[0] != seq:
            made[seq] = (count, running.hexdigest())
            seq, count, running = row[0], 0, hashlib.sha256()
        running.update((f"\n{row[1]}" if count else row[1]).encode())
        count += 1
    return made | {seq: (count, running.hexdigest())}


def _content(session: Session, span: dict[str, int]) -> dict[int, str]:
    query = (
        "SELECT e.seq, c.kind, c.key, c.digest FROM journal_entry e JOIN journal_content c ON c.entry_id = e.id"
        " WHERE e.seq >= :first AND e.seq <= :last"
    )
    lines: dict[int, list[str]] = {}
    for row in execute(session, query, span):
        lines.setdefault(row[0], []).append(content_line(*row[1:]))
    return {seq: digest_of("\n".join(sorted(held))) for seq, held in lines.items()}


def _entry(row: Any, body: Any, rows: tuple[int, str], content: str, found: Verification) -> None:
    if body is None:
        found.problems.append(f"entry {row.seq} was changed: it is no entry of this program")
        return
    held = (row.id, row.at, row.recorded_at, row.event, row.cycle_id)
    if tuple(body.get(name) for name in ("id", "at", "recorded", "event", "cycle")) != held:
        found.problems.append(f"entry {row.seq} was changed: its columns differ from what was hashed")
    found.rows += body["rows"]
    # an entry that says it has no rows is asked too: a row may have been added to it; they are counted as well, for a
    # row may hide in the note of another
    if rows != (body["rows"], body["digest"] or digest_of("")):
        found.problems.append(f"entry {row.seq} ('{row.event}'): its rows were changed, added or removed")
    if content != body["content"]:
        found.problems.append(f"entry {row.seq} ('{row.event}'): the digests of its content were changed")


def _strays(session: Session, found: Verification) -> None:
    for table, what in (("journal_row", "journal rows"), ("journal_content", "digests of content")):
        query = (
            f"SELECT COUNT(*) FROM {table} j WHERE NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = j.entry_id)"
        )
        stray = execute(session, query).scalar_one()
        if stray:
            found.problems.append(f"{stray} {what} belong to no entry")
