"""Bring a table to what a staff file says, in a few statements: what is new, what differs, what is gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy import column as named_column
from sqlalchemy import table as named_table
from sqlmodel import Session, SQLModel

from models.bulk import delete_rows, insert_rows, update_rows

Key = tuple[Any, ...]
Wanted = Mapping[Key, tuple[Any, ...]]

#: the personnel numbers of the file under way, known to this transaction alone
GIVEN = "staff_given"


@dataclass
class Synced:
    """The keys of the rows that were created, changed and removed."""

    created: list[Key] = field(default_factory=list)
    changed: list[Key] = field(default_factory=list)
    removed: list[Key] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.created) + len(self.changed) + len(self.removed)

    def owners(self) -> set[Any]:
        """The first part of every key touched: the person, where the key begins with one."""
        return {key[0] for keys in (self.created, self.changed, self.removed) for key in keys}


def sync(
    session: Session,
    table: str,
    key: Sequence[str],
    columns: Sequence[str],
    wanted: Wanted,
    *,
    said: frozenset[str] | None = None,
    scope: Select[Any] | None = None,
    remove: bool = False,
) -> Synced:
    """Insert, update and (where asked) delete so that the rows in scope say what is wanted.

    Args:
        said: the columns the file speaks of; others keep what they have. None: all of them.
        scope: the person ids whose rows these are; None: the whole table.
    """
    kept = [said is None or column in said for column in columns]
    done, updates, width = Synced(), [], len(key)
    missing = dict.fromkeys(sorted(wanted))
    for row in session.connection().execute(_existing(table, (*key, *columns), scope)):
        there, old = tuple(row[:width]), tuple(row[width:])
        if there not in wanted:
            done.removed += [there] if remove else []
            continue
        missing.pop(there, None)
        new = wanted[there]
        if new != old:
            new = tuple(n if keep else o for n, o, keep in zip(new, old, kept, strict=True))
        if new != old:
            done.changed.append(there)
            updates.append((*there, *new))
    done.created = list(missing)
    if done.removed:
        delete_rows(session, table, key, done.removed)
    if updates:
        update_rows(session, table, key, columns, updates)
    insert_rows(session, table, (*key, *columns), ((*there, *wanted[there]) for there in missing))
    return done


def _existing(table: str, columns: Sequence[str], scope: Select[Any] | None) -> Select[Any]:
    there = SQLModel.metadata.tables[table]
    query = select(*(there.c[column] for column in columns))
    if scope is None:
        return query
    return query.where((there.c.person_id if "person_id" in there.c else there.c.personnel_no).in_(scope))


def give(session: Session, numbers: Sequence[str]) -> None:
    """Tell the database, for this transaction, whom the file speaks of."""
    connection = session.connection()
    connection.exec_driver_sql(f"CREATE TEMP TABLE {GIVEN} (personnel_no VARCHAR(40) PRIMARY KEY)")
    insert_rows(session, GIVEN, ("personnel_no",), ((number,) for number in numbers))
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"ANALYZE {GIVEN}")


def forget(session: Session) -> None:
    """Take back what `give` told."""
    session.connection().exec_driver_sql(f"DROP TABLE {GIVEN}")


def given_numbers() -> Select[Any]:
    """The personnel numbers of the file."""
    return select(named_table(GIVEN, named_column("personnel_no")).c.personnel_no)


def given_ids() -> Select[Any]:
    """The ids of the people of the file."""
    person = SQLModel.metadata.tables["person"]
    return select(person.c.id).where(person.c.personnel_no.in_(given_numbers()))
