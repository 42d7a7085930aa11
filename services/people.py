"""The people of a body: the staff file into the database, whole or not at all, and the list of who is known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

import methodologies
from models import StaffImport
from models.base import as_day
from models.journal import record
from services.staff_checks import Outside, check
from services.staff_file import Progress, StaffFile, read_staff
from services.staff_ranks import ranks_of
from services.staff_structure import Structure, structure_of
from services.staff_write import Written, write


@dataclass(frozen=True)
class StaffOutcome:
    """What an import did.

    Attributes:
        created, changed, unchanged: people; they add up to `people`.
        structure: bodies, units and posts created or changed.
        questions: what was accepted, but somebody should look at.
    """

    rows: int
    people: int
    created: int
    changed: int
    unchanged: int
    sha256: str
    structure: int = 0
    questions: tuple[str, ...] = ()


def import_staff(
    session: Session, path: Path | str, actor: str, now: datetime, act: str | Path, progress: Progress | None = None
) -> StaffOutcome:
    """Bring the database to what a staff file says; the same file again changes nothing (N-1, N-2, N-3, N-5).

    What a category of posts means is the act's (`services.staff_ranks`).

    Absences, sanctions and worked days of the people in the file are replaced by the file's, where it has the column.

    Raises:
        BadFile: something is wrong with the file; `problems` lists all of it and nothing is written.
    """
    staff = read_staff(Path(path), progress)
    whole = structure_of(staff.rows, staff.findings)
    check(whole, _outside(session, whole), ranks_of(methodologies.load(act), now.date()), staff.findings)
    staff.findings.refuse()
    outcome = _outcome(staff, whole, write(session, staff, whole))
    if outcome.created or outcome.changed or outcome.structure:
        _remember(session, outcome, actor, now)
    return outcome


def _remember(session: Session, outcome: StaffOutcome, actor: str, now: datetime) -> None:
    kept = StaffImport(
        sha256=outcome.sha256, at=now, actor=actor, rows=outcome.rows, changed=outcome.created + outcome.changed
    )
    session.add(kept)
    session.flush()
    reason = (
        f"rows {outcome.rows}, people {outcome.people}, created {outcome.created}, changed {outcome.changed}, "
        f"unchanged {outcome.unchanged}, structure {outcome.structure}, sha256 {outcome.sha256}"
    )
    record(session, "staff_imported", now, actor, subject=f"staff_import/{kept.id}", reason=reason)


_LATEST = "NOT EXISTS (SELECT 1 FROM appointment b WHERE b.person_id = p.id AND b.started_on > a.started_on)"


def _outside(session: Session, whole: Structure) -> Outside:
    """What the database knows of those the file names and does not list; nothing is read where it lists all."""
    connection = session.connection()
    parents = connection.execute(
        text("SELECT b.code, COALESCE(p.code, '') FROM body b LEFT JOIN body p ON p.id = b.parent_id")
    )
    above = {str(code): str(parent) for code, parent in parents}
    named = {row.supervisor for history in whole.history.values() for row in history}
    named |= {unit[2] for unit in whole.units.values()}
    if not named - whole.people.keys() - {""}:
        return Outside(parents=above)
    rows = connection.execute(
        text(
            "SELECT p.personnel_no, COALESCE(o.code, ''), COALESCE(s.personnel_no, '') FROM person p"
            f" LEFT JOIN appointment a ON a.person_id = p.id AND {_LATEST}"
            " LEFT JOIN post t ON t.id = a.post_id LEFT JOIN unit u ON u.id = t.unit_id"
            " LEFT JOIN body o ON o.id = u.body_id LEFT JOIN person s ON s.id = a.supervisor_id"
        )
    ).all()
    return Outside({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows}, above)


def _outcome(staff: StaffFile, whole: Structure, done: Written) -> StaffOutcome:
    people, created, changed = len(whole.people), len(done.created), len(done.changed)
    questions = tuple(staff.findings.questions)
    return StaffOutcome(
        len(staff.rows), people, created, changed, people - created - changed, staff.sha256, done.structure, questions
    )


@dataclass(frozen=True)
class PersonLine:
    """One person as the list shows them, with the latest appointment."""

    personnel_no: str
    full_name: str
    body: str
    unit: str
    post_kk: str
    post_ru: str
    category: str
    leadership: bool
    appointed_on: date
    ended_on: date | None
    supervisor: str | None


def list_people(
    session: Session, *, unit: str | None = None, page: int = 1, size: int = 100
) -> tuple[list[PersonLine], int]:
    """One page of the people in the order of the Kazakh alphabet, and how many there are in all.

    Args:
        unit: only this unit's people, by its code. page: counted from 1. size: people on a page.
    """
    only = "WHERE u.code = :unit" if unit else ""
    joined = (
        f"FROM person p JOIN appointment a ON a.person_id = p.id AND {_LATEST}"
        " JOIN post t ON t.id = a.post_id JOIN unit u ON u.id = t.unit_id JOIN body o ON o.id = u.body_id"
    )
    values = {"unit": unit, "size": size, "from": (page - 1) * size}
    connection = session.connection()
    total = connection.execute(text(f"SELECT count(*) {joined} {only}"), values).scalar_one()
    rows = connection.execute(
        text(
            "SELECT p.personnel_no, p.surname, p.given_name, p.patronymic, o.code, u.code, t.title_kk, t.title_ru,"
            " t.category, t.leadership, a.started_on, a.ended_on, s.personnel_no"
            f" {joined} LEFT JOIN person s ON s.id = a.supervisor_id {only}"
            " ORDER BY p.sort_key, p.id LIMIT :size OFFSET :from"
        ),
        values,
    )
    return [_line(*row) for row in rows], int(total)


def _line(number: str, surname: str, given: str, patronymic: str, *rest: Any) -> PersonLine:
    body, unit, post_kk, post_ru, category, leadership, started, ended, supervisor = rest
    return PersonLine(
        number, " ".join(part for part in (surname, given, patronymic) if part), body, unit, post_kk, post_ru,
        category, bool(leadership), as_day(started), as_day(ended) if ended else None, supervisor,
    )  # fmt: skip
