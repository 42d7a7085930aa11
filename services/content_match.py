"""Is the content still what the journal says it is? Every digest of `services.content` made anew and compared."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, product
from operator import attrgetter
from typing import Any

from sqlmodel import Session

from models.content import Kind
from models.journal import is_postgres
from models.sql import execute
from rules.words import counted
from services.content import BESIDE, KINDS, beside_rows, written_by

#: so many rows of a table are named; the others are counted
NAMED = 5


def unlike_the_digests(session: Session) -> list[str]:
    """A sentence for each row, or the rows of an assessment in one table, that are not as their entry recorded them.

    An evaluation whose documents were destroyed is left out: its salt went with them (N-22).
    """
    found = [f"the salt of assessment {one} is gone: its content can no longer be proved" for one in _unsalted(session)]
    happened = set(execute(session, "SELECT DISTINCT event FROM journal_entry").scalars())
    for kind in KINDS.values():
        if not happened.isdisjoint(written_by(kind.name)):
            found += _shortened(kind.name, _changed(session, kind))
            found += _shortened(kind.name, _changed_before(session, kind))
        found += _shortened(kind.name, _unrecorded(session, kind))
    for name in BESIDE:
        found += _shortened(name, _beside(session, name))
    return found


def _shortened(table: str, sentences: Iterator[str]) -> list[str]:
    told = list(sentences)
    more = (
        [f"table {table}: {counted(len(told) - NAMED, 'more rows are')} not as recorded"] if len(told) > NAMED else []
    )
    return told[:NAMED] + more


def _unsalted(session: Session) -> list[int]:
    query = f"SELECT id FROM assessment WHERE salt IS NULL AND stage <> 'disposed' ORDER BY id LIMIT {NAMED}"
    return execute(session, query).scalars()


def _said(kind: str) -> str:
    """What the journal says of a kind: (assessment, seq, event, digests), every entry that wrote it."""
    events = ", ".join(f"'{event}'" for event in written_by(kind))
    return (
        "SELECT j.assessment_id, e.seq, e.event, ' ' || j.content || ' ' AS content FROM journal_entry e"
        f" JOIN journal_row j ON j.entry_id = e.id WHERE e.event IN ({events}) AND ' ' || j.content LIKE '% {kind}:%'"
        f" UNION ALL SELECT CAST(c.key AS INTEGER), e.seq, e.event, ' {kind}:' || c.digest || ' ' FROM journal_content c"
        f" JOIN journal_entry e ON e.id = c.entry_id WHERE c.kind = '{kind}'"
    )


def _changed(session: Session, kind: Kind) -> Iterator[str]:
    digest = kind.digest_sql("a", is_postgres(session))
    rows = execute(
        session,
        f"SELECT n.seq, n.event, n.assessment_id, p.personnel_no FROM (SELECT s.*, ROW_NUMBER() OVER"
        f" (PARTITION BY s.assessment_id ORDER BY s.seq DESC) AS place FROM ({_said(kind.name)}) s) n"
        " JOIN assessment a ON a.id = n.assessment_id LEFT JOIN person p ON p.id = a.person_id"
        " WHERE n.place = 1 AND a.stage <> 'disposed' AND a.salt IS NOT NULL"
        f" AND n.content NOT LIKE '% {kind.name}:' || {digest} || ' %' ORDER BY n.assessment_id",
    )
    for seq, event, assessment, number in rows:
        yield (
            f"entry {seq} ('{event}'): table {kind.name}, assessment {assessment} (personnel number {number}): what stands"
            " there is not what was recorded"
        )


#: kinds whose rows are only ever added, in their order; of the last two each side of a sheet has an order of its own
_ADDED = (
    "result",
    "refusal_act",
    "result_dispatch",
    "appeal",
    "appeal_outcome",
    "appeal_report",
    "commission_decision",
)
_OF_SIDES = ("sheet_content", "sheet_return")


def _changed_before(session: Session, kind: Kind) -> Iterator[str]:
    """An older version edited before a newer one was written: no first rows of today give the digest of that time."""
    if kind.name not in (*_ADDED, *_OF_SIDES):
        return
    said = _said(kind.name)
    again = execute(
        session,
        f"SELECT s.assessment_id, s.seq, s.event, s.content, a.salt, p.personnel_no FROM ({said}) s"
        " JOIN assessment a ON a.id = s.assessment_id LEFT JOIN person p ON p.id = a.person_id"
        " WHERE a.stage <> 'disposed' AND a.salt IS NOT NULL AND s.assessment_id IN"
        f" (SELECT n.assessment_id FROM ({said}) n GROUP BY n.assessment_id HAVING COUNT(*) > 1) ORDER BY 1, 2",
    ).all()
    for assessment, entries in groupby(again, key=attrgetter("assessment_id")):
        *older, _ = entries  # the newest is compared with everything that stands there
        possible = {f" {kind.name}:{digest} " for digest in _digests(session, kind, assessment, older[0].salt)}
        for one in older:
            if not any(digest in one.content for digest in possible):
                yield (
                    f"entry {one.seq} ('{one.event}'): table {kind.name}, assessment {assessment} (personnel number"
                    f" {one.personnel_no}): what stood there before the next version is not what was recorded"
                )
                break


def _digests(session: Session, kind: Kind, assessment: int, salt: str) -> Iterator[str]:
    """The digest of every state the rows of an assessment can have gone through, growing row by row."""
    rows = execute(
        session,
        f"SELECT {', '.join((*kind.plain, *kind.free))} FROM {kind.source.replace('{of}.id', ':a')} ORDER BY {kind.order}",
        {"a": assessment},
    ).all()
    sides = [list(some) for _, some in groupby(rows, key=lambda row: row[0] if kind.name in _OF_SIDES else "")]
    for lengths in product(*(range(len(side) + 1) for side in sides)):
        yield kind.digest(salt, [row for side, length in zip(sides, lengths, strict=True) for row in side[:length]])


def _unrecorded(session: Session, kind: Kind) -> Iterator[str]:
    rows = execute(
        session,
        f"SELECT o.id FROM ({_owners(kind)}) o WHERE o.id NOT IN (SELECT s.assessment_id FROM ({_said(kind.name)}) s)"
        " ORDER BY 1",
    )
    for (assessment,) in rows:
        yield f"table {kind.name}, assessment {assessment}: no entry recorded what stands there"


def _owners(kind: Kind) -> str:
    if not kind.source:
        return f"SELECT id FROM {kind.name}"
    tables, _, link = kind.source.partition(" WHERE ")
    return f"SELECT DISTINCT {link.removesuffix(' = {of}.id')} AS id FROM {tables}"


_NEWEST = """
SELECT c.key, c.digest, e.seq, e.event FROM journal_content c JOIN journal_entry e ON e.id = c.entry_id
WHERE c.kind = :k ORDER BY e.seq
"""


def _beside(session: Session, kind: str) -> Iterator[str]:
    said: dict[str, Any] = {row.key: row for row in execute(session, _NEWEST, {"k": kind})}
    for key, digest in beside_rows(session, kind):
        entry = said.pop(key, None)
        if entry is None:
            yield f"table {kind}, row {key}: no entry recorded what stands there"
        elif entry.digest != digest:
            yield f"entry {entry.seq} ('{entry.event}'): table {kind}, row {key}: what stands there is not what was recorded"
    for entry in said.values():
        yield f"entry {entry.seq} ('{entry.event}'): table {kind}, row {entry.key} is gone"
