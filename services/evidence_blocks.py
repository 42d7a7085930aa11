"""Notices and their receipts under the journal: digests of whole blocks of rows, kept after each hand-over and collection.

A receipt is never changed, and of a notice neither its person, channel, kind, round, facts nor term is; so a block of them
has one digest for ever. What left is proved with them: the receipt of each try holds the hash of its bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from sqlmodel import Session

from models.content import Kind
from models.journal import is_postgres, record, wrote
from models.sql import execute
from models.work import work

EVENT = "evidence_kept"
ACTOR = "system/evidence"
#: rows in one digest; with it stands a short sign of each row, that only says which of them is another
BLOCK = 250
#: a sweep waits so long for those who are writing, and is left to the next one
PATIENCE = "500ms"

#: what is proved of a row, in the order it is hashed
KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "receipt",
            ("id", "notice_id", "event", "at", "recorded_at", "officer_id", "scan_sha256", "content_hash"),
            ("source", "event_id", "reference", "code", "detail"),
        ),
        Kind(
            "notice",
            ("id", "cycle_id", "assessment_id", "recipient_id", "kind", "channel", "round", "created_at", "due_at"),
            ("facts",),
        ),
    )
}
_TABLES = {"receipt": "receipt t JOIN notice n ON n.id = t.notice_id", "notice": "notice t"}
_CYCLE = {"receipt": "n.cycle_id", "notice": "t.cycle_id"}


@dataclass(frozen=True)
class Kept:
    """How far the journal has them: the last receipt and the last notice under a digest."""

    receipt: int = 0
    notice: int = 0


def kept_to(session: Session) -> Kept:
    """How far the last sweep came."""
    query = "SELECT body FROM journal_entry WHERE event = :e ORDER BY seq DESC LIMIT 1"
    body = execute(session, query, {"e": EVENT}).scalar_one_or_none()
    found = re.fullmatch(r"receipts to (\d+), notices to (\d+)", json.loads(body)["reason"]) if body else None
    return Kept(int(found[1]), int(found[2])) if found else Kept()


def keep_evidence(now: datetime) -> int:
    """Put every receipt and notice written since under the journal, an entry a cycle; return how many rows.

    A piece of work of its own: it must be the only writer for a moment, or a row with a lower number may still come. While
    somebody writes for long it gives up, and the next sweep does it.
    """
    try:
        with work() as session:
            if is_postgres(session):
                execute(session, f"SET LOCAL lock_timeout = '{PATIENCE}'")
                execute(session, "LOCK TABLE receipt, notice IN SHARE MODE")
            return _keep(session, now)
    except psycopg.errors.LockNotAvailable:
        return 0


def _keep(session: Session, now: datetime) -> int:
    before = kept_to(session)
    new = {name: _by_cycle(session, name, getattr(before, name)) for name in KINDS}
    last = {name: max((rows[-1][0] for rows in new[name].values()), default=getattr(before, name)) for name in KINDS}
    for cycle in sorted({cycle for found in new.values() for cycle in found}):
        record(
            session, EVENT, now, ACTOR, cycle_id=cycle,
            reason=f"receipts to {last['receipt']}, notices to {last['notice']}",
        )  # fmt: skip
        for name, found in new.items():
            rows = found.get(cycle, [])
            wrote(session, name, (_digest(name, rows[at : at + BLOCK]) for at in range(0, len(rows), BLOCK)))
    return sum(len(rows) for found in new.values() for rows in found.values())


def _by_cycle(session: Session, name: str, after: int) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for cycle, *row in execute(session, f"{_select(name)} WHERE t.id > :after ORDER BY t.id", {"after": after}):
        found[cycle].append(row)
    return found


def _select(name: str) -> str:
    columns = ", ".join(f"t.{column}" for column in (*KINDS[name].plain, *KINDS[name].free))
    return f"SELECT {_CYCLE[name]} AS cycle, {columns} FROM {_TABLES[name]}"


def _digest(name: str, rows: Sequence[Sequence[Any]]) -> tuple[str, str]:
    """(first and last number, digest and the signs of the rows) of a block."""
    lines = [KINDS[name].text([row]) for row in rows]
    return f"{rows[0][0]}-{rows[-1][0]}", f"{_sha(name, lines)}:{''.join(map(_sign, lines))}"


def _sha(name: str, lines: Sequence[str]) -> str:
    return hashlib.sha256("\n".join((name, *lines)).encode()).hexdigest()


def _sign(line: str) -> str:
    return f"{zlib.crc32(line.encode()):08x}"


# --- verification ----------------------------------------------------------------------------------------


@dataclass
class _Block:
    """One digest of the journal, and the rows that stand there now."""

    seq: int
    first: int
    last: int
    digest: str
    rows: list[Any]

    def wrong(self, name: str) -> Iterator[str]:
        """A sentence for each row that is another, and one for those that are gone."""
        lines = [KINDS[name].text([row]) for row in self.rows]
        sha, _, signs = self.digest.partition(":")
        if _sha(name, lines) == sha:
            return
        known = [signs[at : at + 8] for at in range(0, len(signs), 8)]
        where, others = f"entry {self.seq} ('{EVENT}'): table {name}", 0
        for row, line in zip(self.rows, lines, strict=True):
            if _sign(line) not in known:
                others += 1
                yield f"{where}, row {row[0]}: what stands there is not what was recorded"
        gone = len(known) - len(lines)
        if gone > 0:
            yield f"{where}, rows {self.first} to {self.last}: {gone} of {len(known)} are gone"
        elif not others:
            yield f"{where}, rows {self.first} to {self.last}: they are not what was recorded"


def unlike_the_blocks(session: Session) -> tuple[list[str], int]:
    """A sentence for each receipt and notice that is not as the journal recorded it; and how many it does not have yet."""
    kept, problems, fresh = kept_to(session), [], 0
    for name in KINDS:
        found, new = _compare(session, name, getattr(kept, name))
        problems += found
        fresh += new
    return [*problems, *_other_bytes(session)], fresh


_BLOCKS = (
    "SELECT e.cycle_id, e.seq, c.key, c.digest FROM journal_entry e JOIN journal_content c ON c.entry_id = e.id"
    " WHERE e.event = :e AND c.kind = :k ORDER BY e.seq"
)


def _compare(session: Session, name: str, kept: int) -> tuple[list[str], int]:
    blocks: dict[int, list[_Block]] = defaultdict(list)
    for cycle, seq, key, digest in execute(session, _BLOCKS, {"e": EVENT, "k": name}):
        first, _, last = key.partition("-")
        blocks[cycle].append(_Block(seq, int(first), int(last), digest, []))
    for held in blocks.values():
        held.sort(key=lambda block: block.first, reverse=True)
    problems: list[str] = []
    fresh = 0
    # each cycle's block that is being filled stands last in its list; a full one is compared and let go
    for cycle, *row in execute(session, f"{_select(name)} ORDER BY t.id"):
        held = blocks[cycle]
        while held and held[-1].last < row[0]:
            problems += held.pop().wrong(name)
        if held and held[-1].first <= row[0]:
            held[-1].rows.append(row)
        elif row[0] > kept:
            fresh += 1
        else:
            problems.append(f"table {name}, row {row[0]}: no entry recorded what stands there")
    problems += [sentence for held in blocks.values() for block in held for sentence in block.wrong(name)]
    return problems, fresh


_OTHER = (
    "SELECT n.id FROM notice n WHERE n.content_hash IS NOT NULL AND NOT EXISTS (SELECT 1 FROM receipt r"
    " WHERE r.notice_id = n.id AND r.content_hash = n.content_hash) UNION SELECT n.id FROM receipt r"
    # within the house the notice and its receipt are marked at once; a carrier's late word may find the notice moved on
    " JOIN notice n ON n.id = r.notice_id WHERE r.content_hash IS NOT NULL AND n.content_hash IS NULL"
    " AND r.event_id = 'notice/' || n.id || '/' || r.event ORDER BY 1"
)


def _other_bytes(session: Session) -> Iterator[str]:
    for number in execute(session, _OTHER).scalars():
        yield f"table notice, row {number}: no receipt says that these bytes left (content_hash)"
