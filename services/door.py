"""The one door: every change of an assessment's stage goes through here and leaves a journal row.

One statement moves a whole set; a single assessment is a set of one. What may follow what is `rules.stages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.assessment import OPEN_STAGES_SQL
from models.journal import Entry, digest_of, is_postgres, record, row_text
from models.sql import execute
from rules.errors import Conflict, NotFound, NotNow
from rules.stages import TERMINAL, Step, refusal
from services.content import WRITES, said, said_sql
from services.ground import ground_of, known_cycle

Values = Mapping[str, Any]


def move(
    session: Session,
    event: str,
    cycle_id: int,
    now: datetime,
    actor: str,
    *,
    where: str = "",
    sets: str = "",
    acted: tuple[str, str] = ("NULL", "NULL"),
    note: str = "NULL",
    params: Values | None = None,
    reason: str = "",
    on_behalf_of: str | None = None,
    wrote_as: str = "",
) -> int:
    """Move every assessment of a cycle that stands where the event begins; return how many moved.

    Args:
        where, sets: SQL on the table `assessment` in our own words; values only through `params`.
        acted: SQL expressions for who acted and when (stamp text), where it differs from `actor` and `now`.
        note: SQL expression for the row's own reason.
        wrote_as: key of `services.content.WRITES`, where the event writes something else than it usually does.
    """
    step = _step(session, event, cycle_id)
    entry = record(
        session,
        event,
        now,
        actor,
        on_behalf_of=on_behalf_of,
        cycle_id=cycle_id,
        rules=step.rules,
        reason=reason,
    )
    values = {"entry": entry.id, "cycle": cycle_id, **(params or {})}
    statement = _postgres if is_postgres(session) else _sqlite
    moved = 0
    for source, target in step.moves.items():
        values |= {"source": source, "target": target}
        moved += statement(session, wrote_as or event, where, sets, acted, note, values)
    _finish(session, entry, moved)
    return moved


def _step(session: Session, event: str, cycle_id: int) -> Step:
    return ground_of(session, known_cycle(session, cycle_id)).step(event)


def _condition(source: str, where: str) -> str:
    still_open = "" if source in TERMINAL else f" AND {OPEN_STAGES_SQL}"
    return f"cycle_id = :cycle AND stage = :source{still_open}" + (f" AND ({where})" if where else "")


def _changes(sets: str) -> str:
    return "stage = :target, version = version + 1" + (f", {sets}" if sets else "")


def _sqlite(
    session: Session, event: str, where: str, sets: str, acted: tuple[str, str], note: str, values: Values
) -> int:
    condition = _condition(values["source"], where)
    # PostgreSQL needs no second look: it writes rows from what it changed. SQLite has one writer, so what the first
    # statement saw is what the second changes.
    execute(
        session,
        (
            f"INSERT INTO journal_row (entry_id, {_ROW})"
            f" SELECT :entry, id, version + 1, stage, :target, {acted[0]}, {acted[1]}, {note},"
            f" {said_sql(event, 'assessment', False)} FROM assessment WHERE {condition} ORDER BY id"
        ),
        values,
    )
    return execute(session, (f"UPDATE assessment SET {_changes(sets)} WHERE {condition}"), values).rowcount


def _postgres(
    session: Session, event: str, where: str, sets: str, acted: tuple[str, str], note: str, values: Values
) -> int:
    condition = _condition(values["source"], where)
    return execute(
        session,
        (
            f"WITH moved AS (UPDATE assessment SET {_changes(sets)} WHERE {condition} RETURNING *)"
            f" INSERT INTO journal_row (entry_id, {_ROW})"
            f" SELECT :entry, id, version, :source, :target, {acted[0]}, {acted[1]}, {note},"
            f" {said_sql(event, 'moved', True)} FROM moved"
        ),
        values,
    ).rowcount


_ALWAYS, _SOMETIMES = (
    ("assessment_id", "version", "from_stage", "to_stage"),
    ("acted_by", "acted_at", "note", "content"),
)
_ROW = ", ".join((*_ALWAYS, *_SOMETIMES))

#: one row as it enters the digest of its entry, as `models.journal.row_text`
ROW_SQL = " || '|' || ".join((*_ALWAYS, *(f"COALESCE({column}, '')" for column in _SOMETIMES)))


def entry_rows_text(session: Session, entry_id: int) -> str:
    """The rows of an entry, as they enter its digest; made inside the database, in one string."""
    if is_postgres(session):
        query = f"SELECT string_agg({ROW_SQL}, chr(10) ORDER BY assessment_id) FROM journal_row WHERE entry_id = :e"
    else:
        query = (
            f"SELECT group_concat(line, char(10)) FROM (SELECT {ROW_SQL} AS line FROM journal_row"
            " WHERE entry_id = :e ORDER BY assessment_id)"
        )
    return execute(session, query, {"e": entry_id}).scalar_one() or ""


def _finish(session: Session, entry: Entry, moved: int) -> None:
    if moved == 0:
        session.info["journal"].remove(entry)  # nothing happened, so nothing is said
        return
    entry.rows = moved
    entry.digest = digest_of(entry_rows_text(session, entry.id))


def move_one(
    session: Session,
    event: str,
    assessment_id: int,
    now: datetime,
    actor: str,
    *,
    sets: Values | None = None,
    guard: Values | None = None,
    note: str | None = None,
    reason: str = "",
    on_behalf_of: str | None = None,
    acted_at: str | None = None,
    wrote: Mapping[str, Iterable[Sequence[Any]]] | None = None,
    seen: Any = None,
) -> str:
    """Move one assessment; return its new stage.

    Args:
        sets: columns to change with it. guard: columns that must hold these values.
        acted_at: when it happened (stamp text), where that is not `now`.
        seen: the row (`SEEN`) on which the caller's own checks rest; whatever changed it since is a Conflict.
        wrote: the rows the event writes, by kind, where they are at hand; else they must stand in the database.

    Raises:
        NotNow: the event cannot happen in its stage. NotFound: there is no such assessment.
        Conflict: another event came first.
    """
    found = seen or execute(session, _LOOK, {"id": assessment_id}).one_or_none()
    if found is None:
        raise NotFound(f"There is no assessment {assessment_id}.")
    stage, version, cycle_id, salt = found.stage, found.version, found.cycle_id, found.salt
    step = _step(session, event, cycle_id)
    if stage not in step.moves:
        raise NotNow(refusal(event, stage, {event: step}))
    changed = execute(
        session,
        _one(tuple(sets or ()), tuple(guard or ())),
        {
            "id": assessment_id,
            "seen": version,
            "target": step.moves[stage],
            **{f"s_{k}": v for k, v in (sets or {}).items()},
            **{f"g_{k}": v for k, v in (guard or {}).items()},
        },
    )
    if changed.rowcount != 1:
        raise Conflict(f"Assessment {assessment_id} was changed by another event at the same moment. Look again.")
    entry = record(
        session, event, now, actor, on_behalf_of=on_behalf_of, cycle_id=cycle_id, rules=step.rules, reason=reason
    )
    row = (assessment_id, version + 1, stage, step.moves[stage], None, acted_at, note)
    _write_row(session, entry, row, said(salt, wrote) if wrote else None)
    return step.moves[stage]


def _write_row(session: Session, entry: Entry, row: tuple[Any, ...], content: str | None) -> None:
    values = dict(zip(("a", "v", "f", "t", "b", "w", "n", "c"), (*row, content), strict=True)) | {"e": entry.id}
    if content is None and entry.event in WRITES:
        held = f"(SELECT {said_sql(entry.event, 'a', is_postgres(session))} FROM assessment a WHERE a.id = :a)"
        statement = f"{_ONE_ROW.replace(':c', held)} RETURNING content"
        content = execute(session, statement, values).scalar_one()
    else:
        execute(session, _ONE_ROW, values)
    entry.rows, entry.digest = 1, digest_of(row_text((*row, content)))


#: what the door must know of an assessment
SEEN = "stage, version, cycle_id, salt"
_LOOK = f"SELECT {SEEN} FROM assessment WHERE id = :id"
_ONE_ROW = f"INSERT INTO journal_row (entry_id, {_ROW}) VALUES (:e, :a, :v, :f, :t, :b, :w, :n, :c)"
_STATEMENTS: dict[tuple[Sequence[str], Sequence[str]], Any] = {}


def _one(sets: tuple[str, ...], guard: tuple[str, ...]) -> Any:
    if (sets, guard) not in _STATEMENTS:
        changes = "".join(f", {name} = :s_{name}" for name in sets)
        holds = "".join(f" AND {name} = :g_{name}" for name in guard)
        _STATEMENTS[sets, guard] = (
            f"UPDATE assessment SET stage = :target, version = version + 1{changes}"
            f" WHERE id = :id AND version = :seen{holds}"
        )
    return _STATEMENTS[sets, guard]
