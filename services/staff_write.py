"""A checked staff file into the tables, set by set: never a statement or an object per person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from services.kazakh_order import sort_key
from services.staff_file import StaffFile
from services.staff_forgotten import settle
from services.staff_structure import Structure, absences_of, host_of
from services.staff_sync import Synced, Wanted, forget, give, given_ids, given_numbers, sync

Ids = Mapping[Any, int]


@dataclass(frozen=True)
class Written:
    """What a file changed: ids of people created, of others changed, and a count of bodies, units and posts."""

    created: set[int]
    changed: set[int]
    structure: int


def write(session: Session, staff: StaffFile, whole: Structure) -> Written:
    """Write a checked staff file, bodies first, so that every row finds what it points at.

    Raises:
        BadFile: the file leaves out an appointment that still runs in the database.
    """
    give(session, sorted(whole.people))
    bodies, structure = _bodies(session, whole)
    people_done = _people(session, whole, staff.columns)
    people = _ids(session, "SELECT id, personnel_no FROM person")
    units, touched = _units(session, whole, bodies, people)
    structure += touched
    posts, touched = _posts(session, whole, units)
    structure += touched
    changed = {people[key[0]] for key in people_done.changed}
    changed |= _appointments(session, whole, staff, people, posts, units)
    changed |= _facts(session, whole, staff.columns, people)
    forget(session)
    created = {people[key[0]] for key in people_done.created}
    return Written(created, changed - created, structure)


def _ids(session: Session, query: str) -> dict[Any, int]:
    """Ids by what identifies a row; a single identifying column stands for itself."""
    rows = session.connection().execute(text(query))
    return {(row[1] if len(row) == 2 else tuple(row[1:])): row[0] for row in rows}


def _bodies(session: Session, whole: Structure) -> tuple[Ids, int]:
    wanted = {(code,): (kk, ru) for code, (kk, ru, _) in whole.bodies.items()}
    named = sync(session, "body", ("code",), ("name_kk", "name_ru"), wanted)
    ids = _ids(session, "SELECT id, code FROM body")
    above = {(code,): (ids[parent],) for code, (_, _, parent) in whole.bodies.items() if parent}
    placed = sync(session, "body", ("code",), ("parent_id",), above)
    return ids, len(named.owners() | placed.owners())


def _people(session: Session, whole: Structure, said: frozenset[str]) -> Synced:
    columns = ("surname", "given_name", "patronymic", "language", "email", "phone", "address", "sort_key")
    wanted = {
        (number,): (*person[:4], *(contact or None for contact in person[4:]), sort_key(*person[:3]))
        for number, person in whole.people.items()
    }
    if "patronymic" not in said:  # the key would lose what the file does not speak of
        wanted = _with_known_patronymics(session, wanted)
        said |= {"patronymic"}
    return sync(session, "person", ("personnel_no",), columns, wanted, said=said | {"sort_key"}, scope=given_numbers())


def _with_known_patronymics(
    session: Session, wanted: dict[tuple[str], tuple[Any, ...]]
) -> dict[tuple[str], tuple[Any, ...]]:
    rows = session.connection().execute(text("SELECT personnel_no, patronymic FROM person"))
    known = {row[0]: row[1] for row in rows}
    return {
        key: (*person[:2], known.get(key[0], ""), *person[3:7], sort_key(*person[:2], known.get(key[0], "")))
        for key, person in wanted.items()
    }


def _units(session: Session, whole: Structure, bodies: Ids, people: Ids) -> tuple[Ids, int]:
    wanted = {
        (bodies[body], code): (kk, ru, people[head] if head else None)
        for (body, code), (kk, ru, head) in whole.units.items()
    }
    done = sync(session, "unit", ("body_id", "code"), ("name_kk", "name_ru", "head_id"), wanted)
    ids = _ids(session, "SELECT id, body_id, code FROM unit")
    return {(body, code): ids[bodies[body], code] for body, code in whole.units}, len(done)


def _posts(session: Session, whole: Structure, units: Ids) -> tuple[Ids, int]:
    wanted = {(units[post[:2]], *post[2:]): said for post, said in whole.posts.items()}
    key = ("unit_id", "title_kk", "category", "leadership")
    done = sync(session, "post", key, ("title_ru",), wanted)
    ids = _ids(session, f"SELECT id, {', '.join(key)} FROM post")  # 1 = True, so either database's truth is found
    return {post: ids[units[post[:2]], *post[2:]] for post in whole.posts}, len(done)


def _appointments(
    session: Session, whole: Structure, staff: StaffFile, people: Ids, posts: Ids, units: Ids
) -> set[int]:
    wanted = {
        (people[row.personnel_no], row.appointed_on): (
            posts[row.body, row.unit, row.post_kk, row.category, row.leadership],
            people[row.supervisor] if row.supervisor else None,
            row.basis, row.ended_on, row.dismissed, row.probation_until, row.provides_services,
            units.get(host_of(row)) if row.host_unit else None,
        )
        for row in staff.rows
    }  # fmt: skip
    moved = settle(session, whole, people, wanted, staff.findings)
    columns = ("post_id", "supervisor_id", "basis", "ended_on", "dismissed", "probation_until", "provides_services",
               "host_unit_id")  # fmt: skip
    said = staff.columns | {"post_id", "supervisor_id"} | ({"host_unit_id"} if "host_unit" in staff.columns else set())
    key = ("person_id", "started_on")
    return moved | sync(session, "appointment", key, columns, wanted, said=said, scope=given_ids()).owners()


def _facts(session: Session, whole: Structure, said: frozenset[str], people: Ids) -> set[int]:
    """Absences, sanctions and worked days; a file without the column says nothing of them."""
    touched: set[int] = set()
    for column, gather in (("absences", _absences), ("sanctions", _sanctions), ("worked_days", _worked_days)):
        if column in said:
            table, key, columns, wanted = gather(whole, people)
            touched |= sync(session, table, key, columns, wanted, scope=given_ids(), remove=True).owners()
    return touched


Facts = tuple[str, tuple[str, ...], tuple[str, ...], Wanted]


def _absences(whole: Structure, people: Ids) -> Facts:
    wanted = {
        (people[number], kind, first): (last,)
        for number, history in whole.history.items()
        for kind, first, last in absences_of(history)
    }
    return "absence", ("person_id", "kind", "first_day"), ("last_day",), wanted


def _sanctions(whole: Structure, people: Ids) -> Facts:
    wanted: dict[Any, tuple[Any, ...]] = {
        (people[number], kind, day): ()
        for number, history in whole.history.items()
        for row in history
        for kind, day in row.sanctions
    }
    return "sanction", ("person_id", "kind", "applied_on"), (), wanted


def _worked_days(whole: Structure, people: Ids) -> Facts:
    wanted = {
        (people[number], period): (days,)
        for number, history in whole.history.items()
        for row in history
        for period, days in row.worked_days
    }
    return "worked_days", ("person_id", "period"), ("days",), wanted
