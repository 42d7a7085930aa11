"""A cycle's evidence for an auditor who does not trust the program: files that a short script can check.

People are personnel numbers throughout (N-23); `people.csv` says which number stands behind "person/17" of the journal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from sqlmodel import Session

from models.content import Kind
from models.sql import execute
from services.content import BESIDE, TOLD
from services.content_rows import Readable, held, numbers_of
from services.evidence_blocks import KINDS as EVIDENCE
from services.evidence_blocks import Block, filled_blocks
from services.ground import Known, find_cycle

#: a row of a table, or one line of a .jsonl file
Line = tuple[Any, ...]


def exported(session: Session, key: str) -> Iterator[tuple[str, Iterable[Line]]]:
    """The files of a cycle one after the other, by name; the rows of each are read as they are written.

    journal.jsonl holds the chain of the whole journal, for a part of a chain proves nothing; all else is the cycle's.
    """
    cycle = find_cycle(session, key)
    yield "journal.jsonl", _journal(session)
    yield "people.csv", (("actor", "personnel_no"), *numbers_of(session).items())
    yield "steps.csv", _steps(session, cycle)
    yield "digests.csv", _table(session, _DIGESTS, cycle)
    yield "content.jsonl", _content(session, cycle)
    for kind in TOLD.values():
        yield f"{kind.name}.csv", _rows(session, cycle, kind)
    for kind in _beside(session, cycle):
        yield f"{kind.name}.csv", _beside_rows(session, cycle, kind)
    yield "notice.csv", _table(session, _NOTICES, cycle)
    yield "receipt.csv", _table(session, _RECEIPTS, cycle)


_DIGESTS = (
    "SELECT e.seq, c.kind, c.key, c.digest FROM journal_content c JOIN journal_entry e ON e.id = c.entry_id"
    " WHERE e.cycle_id = :c ORDER BY e.seq, c.kind, c.key"
)
_NOTICES = (
    "SELECT n.id, p.personnel_no AS recipient, n.assessment_id, n.kind, n.channel, n.round, n.state, n.created_at, n.due_at,"
    " n.claimed_at, n.handed_at, n.tries, n.carrier, n.possible_duplicate, n.language, n.template, n.content_hash,"
    " n.reference, n.failure FROM notice n"
    " JOIN person p ON p.id = n.recipient_id WHERE n.cycle_id = :c ORDER BY n.id"
)
_RECEIPTS = (
    "SELECT r.notice_id, r.event, r.at, r.recorded_at, r.source, r.event_id, p.personnel_no AS officer, r.reference,"
    " r.code, r.detail, r.scan_sha256, r.content_hash FROM receipt r JOIN notice n ON n.id = r.notice_id"
    " LEFT JOIN person p ON p.id = r.officer_id"
    " WHERE n.cycle_id = :c ORDER BY r.id"
)
_STEPS = (
    "SELECT e.seq, e.at, e.recorded_at, e.event, e.body, p.personnel_no AS evaluatee, j.assessment_id, j.version,"
    " j.from_stage, j.to_stage, j.acted_by, j.acted_at, j.note, j.content FROM journal_entry e"
    " JOIN journal_row j ON j.entry_id = e.id LEFT JOIN assessment a ON a.id = j.assessment_id"
    " LEFT JOIN person p ON p.id = a.person_id WHERE e.cycle_id = :c ORDER BY e.seq, j.assessment_id"
)


def _journal(session: Session) -> Iterator[Line]:
    rows = execute(session, "SELECT seq, body, prev_hash, hash FROM journal_entry ORDER BY seq")
    return ((json.dumps(row._asdict(), ensure_ascii=False),) for row in rows)


def _table(session: Session, query: str, cycle: Known | None = None) -> Iterator[Line]:
    rows = execute(session, query, {} if cycle is None else {"c": cycle.id})
    yield tuple(rows.keys())
    yield from map(tuple, rows)


def _steps(session: Session, cycle: Known) -> Iterator[Line]:
    """Each step with who acted, on whose behalf and under which rules, people by number."""
    numbers = numbers_of(session)
    rows = execute(session, _STEPS, {"c": cycle.id})
    yield ("actor", "on_behalf_of", "rules", "reason", *(name for name in rows.keys() if name != "body"))  # noqa: SIM118
    for row in rows:
        body = json.loads(row.body)
        who, behalf = row.acted_by or body["actor"], body["on_behalf_of"]
        said = (numbers.get(who, who), numbers.get(behalf, behalf), ", ".join(body["rules"]), body["reason"])
        yield (*said, *(value for name, value in row._asdict().items() if name != "body"))


def _rows(session: Session, cycle: Known, kind: Kind) -> Iterator[Line]:
    shown = Readable(kind, numbers_of(session))
    yield ("evaluatee", "assessment_id", *shown.names)
    for row in held(session, cycle.id, kind):
        yield (row[1], row[0], *shown.row(row[3:]))


def _content(session: Session, cycle: Known) -> Iterator[Line]:
    """What each digest of content is made of: the salt, and the rows value by value in the order they are hashed."""
    for kind in TOLD.values():
        for (assessment, salt), rows in groupby(held(session, cycle.id, kind), key=lambda row: (row[0], row[2])):
            if salt is not None:  # destroyed with the documents
                yield (_proof(kind, assessment, salt, [list(row[3:]) for row in rows]),)
    for kind in _beside(session, cycle):
        for row in _recorded(session, cycle, kind):
            yield (_proof(kind, kind.key_of(row), "", [list(row)]),)
    for name, kind in EVIDENCE.items():
        for block in filled_blocks(session, name, cycle.id):
            if isinstance(block, Block):
                yield (_proof(kind, block.key, "", [list(row) for row in block.rows]),)


def _beside(session: Session, cycle: Known) -> list[Kind]:
    """The kinds of rows beside assessments that acts of this cycle wrote; none of them is salted."""
    query = (
        "SELECT DISTINCT c.kind FROM journal_content c JOIN journal_entry e ON e.id = c.entry_id WHERE e.cycle_id = :c"
    )
    found = set(execute(session, query, {"c": cycle.id}).scalars())
    return [kind for kind in BESIDE.values() if kind.name in found]


def _recorded(session: Session, cycle: Known, kind: Kind) -> Iterator[Any]:
    """The rows of a kind that acts of this cycle wrote, in the order of their keys."""
    query = "SELECT c.key FROM journal_content c JOIN journal_entry e ON e.id = c.entry_id WHERE e.cycle_id = :c AND c.kind = :k"
    keys = set(execute(session, query, {"c": cycle.id, "k": kind.name}).scalars())
    named = ", ".join(str(place) for place in range(1, kind.key + 1))
    rows = execute(session, f"SELECT {', '.join((*kind.plain, *kind.free))} FROM {kind.name} ORDER BY {named}")
    return (row for row in rows if kind.key_of(row) in keys)


def _beside_rows(session: Session, cycle: Known, kind: Kind) -> Iterator[Line]:
    shown = Readable(kind, numbers_of(session))
    yield tuple(shown.names)
    yield from (tuple(shown.row(row)) for row in _recorded(session, cycle, kind))


def _proof(kind: Kind, key: int | str, salt: str, rows: list[list[Any]]) -> str:
    said = {"kind": kind.name, "key": str(key), "salt": salt, "plain": len(kind.plain), "rows": rows}
    return json.dumps(said, ensure_ascii=False, default=str)
