"""Notices and their receipts under the journal: digests of whole blocks of rows, kept after each hand-over and collection.

A receipt is never changed, and of a notice neither its person, channel, kind, round, facts nor term is; so a block of them
has one digest for ever. What left is proved with them: the receipt of each try holds the hash of its bytes.
"""

from __future__ import annotations

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
from models.work import reading, work
from notifications.versions import digest_of_texts
from rules.errors import Conflict

EVENT = "evidence_kept"
ACTOR = "system/evidence"
#: rows in one digest; beside it stands a short sign of each row, which only says which of them is another
BLOCK = 250
SIGNS = ".signs"
#: rows that are read at once
PAGE = 20_000
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


def unkept(session: Session) -> bool:
    """Was anything written since the last sweep?"""
    kept = kept_to(session)
    return any(
        execute(session, f"SELECT 1 FROM {name} WHERE id > :i LIMIT 1", {"i": getattr(kept, name)}).one_or_none()
        for name in KINDS
    )


def keep_evidence(now: datetime) -> int:
    """Put every receipt and notice written since under the journal, an entry a cycle; return how many rows.

    A piece of work of its own: it must be the only writer for a moment, or a row with a lower number may still come. While
    somebody writes for long it gives up, and the next sweep does it.
    """
    with reading() as session:
        if not unkept(session):
            return 0
    try:
        with work() as session:
            if is_postgres(session):
                execute(session, f"SET LOCAL lock_timeout = '{PATIENCE}'")
                execute(session, "LOCK TABLE receipt, notice IN SHARE MODE")
            return _keep(session, now)
    except (psycopg.errors.LockNotAvailable, Conflict):
        return 0


def _keep(session: Session, now: datetime) -> int:
    before, done = kept_to(session), 0
    last = {name: getattr(before, name) for name in KINDS}
    made: dict[int, dict[str, list[tuple[str, str, str]]]] = defaultdict(lambda: defaultdict(list))
    for name in KINDS:
        held: dict[int, list[Any]] = defaultdict(list)
        for cycle, row in _rows_after(session, name, last[name]):
            last[name], done = row[0], done + 1
            held[cycle].append(row)
            if len(held[cycle]) == BLOCK:
                made[cycle][name].append(_made(name, held.pop(cycle)))
        for cycle, rows in held.items():
            made[cycle][name].append(_made(name, rows))
    for cycle, kinds in sorted(made.items()):
        reason = f"receipts to {last['receipt']}, notices to {last['notice']}"
        record(session, EVENT, now, ACTOR, cycle_id=cycle, reason=reason)
        for name, blocks in kinds.items():
            wrote(session, name, ((key, digest) for key, digest, _ in blocks))
            wrote(session, name + SIGNS, ((key, signs) for key, _, signs in blocks))
    return done


def _made(name: str, rows: Sequence[Sequence[Any]]) -> tuple[str, str, str]:
    """(key, digest, signs) of a block: named by its first and its last row."""
    return f"{rows[0][0]}-{rows[-1][0]}", KINDS[name].digest("", rows), "".join(_signs(name, rows))


def _signs(name: str, rows: Sequence[Sequence[Any]]) -> list[str]:
    return [f"{zlib.crc32(KINDS[name].text([row]).encode()):08x}" for row in rows]


def _rows_after(
    session: Session, name: str, after: int, cycle_id: int | None = None
) -> Iterator[tuple[int, list[Any]]]:
    """(cycle, row) of every row with a higher number, a page at a time: a big table is never held whole."""
    only = "" if cycle_id is None else f" AND {_CYCLE[name]} = :c"
    query = f"{_select(name)} WHERE t.id > :after{only} ORDER BY t.id LIMIT {PAGE}"
    while rows := execute(session, query, {"after": after, "c": cycle_id}).all():
        for cycle, *row in rows:
            yield cycle, row
        after = rows[-1][1]


def _select(name: str) -> str:
    columns = ", ".join(f"t.{column}" for column in (*KINDS[name].plain, *KINDS[name].free))
    return f"SELECT {_CYCLE[name]} AS cycle, {columns} FROM {_TABLES[name]}"


# --- verification ----------------------------------------------------------------------------------------


@dataclass
class Block:
    """One digest of the journal, the signs of its rows, and the rows that stand there now."""

    seq: int
    key: str
    digest: str
    signs: str
    rows: list[Any]

    @property
    def span(self) -> tuple[int, int]:
        """Its first and its last row."""
        first, _, last = self.key.partition("-")
        return int(first), int(last)

    def wrong(self, name: str) -> Iterator[str]:
        """A sentence for each row that is another, and one for those that are gone."""
        if KINDS[name].digest("", self.rows) == self.digest:
            return
        known = {self.signs[at : at + 8] for at in range(0, len(self.signs), 8)}
        where = f"entry {self.seq} ('{EVENT}'): table {name}"
        others = [row[0] for row, sign in zip(self.rows, _signs(name, self.rows), strict=True) if sign not in known]
        for number in others:
            yield f"{where}, row {number}: what stands there is not what was recorded"
        gone = len(self.signs) // 8 - len(self.rows)
        if gone > 0:
            yield f"{where}, rows {self.key}: {gone} of {len(self.signs) // 8} are gone"
        elif not others:
            yield f"{where}, rows {self.key}: they are not what was recorded"


def unlike_the_blocks(session: Session) -> tuple[list[str], int]:
    """A sentence for each receipt and notice that is not as the journal recorded it; and how many it does not have yet."""
    kept, problems, fresh = kept_to(session), [], 0
    for name in KINDS:
        found, new = _compare(session, name, getattr(kept, name))
        problems += found
        fresh += new
    return [*problems, *_other_bytes(session), *_other_words(session), *_unsaid_repetitions(session)], fresh


_BLOCKS = (
    "SELECT e.cycle_id, e.seq, c.key, c.digest, s.digest AS signs FROM journal_entry e"
    " JOIN journal_content c ON c.entry_id = e.id AND c.kind = :k"
    " LEFT JOIN journal_content s ON s.entry_id = e.id AND s.kind = :s AND s.key = c.key"
    " WHERE e.event = :e{}"
)


def filled_blocks(session: Session, name: str, cycle_id: int | None = None) -> Iterator[Block | tuple[int, int]]:
    """Every block with the rows that stand in it now; (cycle, number) of a row that is in none.

    Rows are read once, in the order of their numbers; of each cycle only the block under way is held.
    """
    only = "" if cycle_id is None else " AND e.cycle_id = :c"
    said = execute(session, _BLOCKS.format(only), {"e": EVENT, "k": name, "s": name + SIGNS, "c": cycle_id})
    left: dict[int, list[Block]] = defaultdict(list)
    for cycle, seq, key, digest, signs in said:
        left[cycle].append(Block(seq, key, digest, signs or "", []))
    for held in left.values():
        held.sort(key=lambda block: block.span, reverse=True)
    for cycle, row in _rows_after(session, name, 0, cycle_id):
        held = left[cycle]
        while held and held[-1].span[1] < row[0]:
            yield held.pop()
        if held and held[-1].span[0] <= row[0]:
            held[-1].rows.append(row)
        else:
            yield cycle, row[0]
    for held in left.values():
        yield from held


def _compare(session: Session, name: str, kept: int) -> tuple[list[str], int]:
    problems: list[str] = []
    fresh = 0
    for found in filled_blocks(session, name):
        if isinstance(found, Block):
            problems += found.wrong(name)
        elif found[1] > kept:
            fresh += 1
        else:
            problems.append(f"table {name}, row {found[1]}: no entry recorded what stands there")
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


def _other_words(session: Session) -> Iterator[str]:
    """A wording is named by the hash of its own texts."""
    for template, body in execute(session, "SELECT template, body FROM wording ORDER BY template"):
        if not template.endswith(f"@{digest_of_texts(json.loads(body))}"):
            yield f"table wording, row {template}: its texts are not those it is named for"
    lost = (
        "SELECT DISTINCT n.template FROM notice n LEFT JOIN wording w ON w.template = n.template"
        " WHERE n.template IS NOT NULL AND w.template IS NULL ORDER BY 1"
    )
    for template in execute(session, lost).scalars():
        yield f"table wording, row {template}: notices left in these words, and their texts are gone"


def _unsaid_repetitions(session: Session) -> Iterator[str]:
    query = (
        "SELECT DISTINCT n.id FROM receipt r JOIN notice n ON n.id = r.notice_id"
        " WHERE r.event = 'resent' AND n.possible_duplicate = false ORDER BY 1"
    )
    for number in execute(session, query).scalars():
        yield f"table notice, row {number}: it was sent again, and no longer says so (possible_duplicate)"
