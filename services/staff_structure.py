"""What the rows of a staff file say together: bodies, units, posts and people, each said in one way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.findings import Findings
from services.staff_file import StaffRow
from services.staff_spans import Spans

UnitKey = tuple[str, str]
PostKey = tuple[str, str, str, str, bool]


@dataclass
class Structure:
    """The nouns of a staff file.

    Attributes:
        bodies: code -> (name_kk, name_ru, parent code).
        units: (body, unit) -> (name_kk, name_ru, head's personnel number).
        posts: (body, unit, title_kk, category, leadership) -> (title_ru,).
        people: personnel number -> (surname, given name, patronymic, language, email, phone, address).
        history: personnel number -> rows, earliest first.
        first_row: where a body (code,) or unit (body, unit), or with one word more its parent_body or unit_head,
            is first named; for findings.
        incomplete: personnel numbers of rows too broken to be checked against others.
    """

    bodies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    units: dict[UnitKey, tuple[str, ...]] = field(default_factory=dict)
    posts: dict[PostKey, tuple[str, ...]] = field(default_factory=dict)
    people: dict[str, tuple[str, ...]] = field(default_factory=dict)
    history: dict[str, list[StaffRow]] = field(default_factory=dict)
    first_row: dict[tuple[str, ...], int] = field(default_factory=dict)
    incomplete: set[str] = field(default_factory=set)

    def current(self, personnel_no: str) -> StaffRow:
        """The person's latest appointment."""
        return self.history[personnel_no][-1]


_BODY = ("body_name_kk", "body_name_ru", "parent_body")
_UNIT = ("unit_name_kk", "unit_name_ru", "unit_head")
_PERSON = ("surname", "given_name", "patronymic", "language", "email", "phone", "address")


def structure_of(rows: Sequence[StaffRow], findings: Findings) -> Structure:
    """Gather the nouns; two rows that say different things of one noun are a finding."""
    whole = Structure()
    said: dict[tuple[Any, ...], None] = {}
    for row in rows:
        if not (row.personnel_no and row.body and row.unit and row.appointed_on):
            whole.incomplete.add(row.personnel_no)
            continue
        statement = row[9:21]
        if statement not in said:
            said[statement] = None
            _gather(whole, row, findings)
        _person(whole, row, findings)
    for row in rows:
        if row.host_unit and host_of(row) not in whole.units:
            findings.add(
                row.row, "host_unit", f"there is no unit '{row.host_unit}' in this file: write it as unit or body/unit"
            )
    for key, (name_kk, name_ru, *_) in whole.bodies.items():
        _named(whole, (key,), "body", key, name_kk, name_ru, findings)
    for unit, (name_kk, name_ru, *_) in whole.units.items():
        _named(whole, unit, "unit", unit[1], name_kk, name_ru, findings)
    for history in whole.history.values():
        if len(history) > 1:
            history.sort(key=lambda row: row.appointed_on)
    return whole


def _gather(whole: Structure, row: StaffRow, findings: Findings) -> None:
    unit = (row.body, row.unit)
    whole.first_row.setdefault((row.body,), row.row)
    whole.first_row.setdefault(unit, row.row)
    if row.parent_body:
        whole.first_row.setdefault((row.body, "", "parent_body"), row.row)
    if row.unit_head:
        whole.first_row.setdefault((*unit, "unit_head"), row.row)
    said = (row.body_name_kk, row.body_name_ru, row.parent_body)
    whole.bodies[row.body] = _merged(whole.bodies.get(row.body), said, _BODY, row, findings)
    said = (row.unit_name_kk, row.unit_name_ru, row.unit_head)
    whole.units[unit] = _merged(whole.units.get(unit), said, _UNIT, row, findings)
    post = (*unit, row.post_kk, row.category, row.leadership)
    whole.posts[post] = _merged(whole.posts.get(post), (row.post_ru,), ("post_ru",), row, findings)


def _person(whole: Structure, row: StaffRow, findings: Findings) -> None:
    known = whole.people.get(row.personnel_no)
    said = row[2:9]
    if known is None:
        whole.people[row.personnel_no] = said
        whole.history[row.personnel_no] = [row]
        return
    whole.people[row.personnel_no] = _merged(known, said, _PERSON, row, findings)
    whole.history[row.personnel_no].append(row)


def _merged(
    known: tuple[str, ...] | None,
    said: tuple[str, ...],
    columns: tuple[str, ...],
    row: StaffRow,
    findings: Findings,
) -> tuple[str, ...]:
    """What was said before, completed by this row; an empty cell says nothing."""
    if known is None or known == said:
        return said
    for old, new, column in zip(known, said, columns, strict=True):
        if old and new and old != new:
            findings.add(
                row.row,
                column,
                f"'{new}' here, but '{old}' in an earlier row about the same: make them alike",
            )
    return tuple(old or new for old, new in zip(known, said, strict=True))


def host_of(row: StaffRow) -> UnitKey:
    """Where a seconded servant serves: the body and the unit."""
    body, _, unit = row.host_unit.rpartition("/")
    return (body or row.body), unit


def _named(
    whole: Structure,
    key: tuple[str, ...],
    what: str,
    code: str,
    name_kk: str,
    name_ru: str,
    findings: Findings,
) -> None:
    for name, language in ((name_kk, "kk"), (name_ru, "ru")):
        if not name:
            column = f"{what}_name_{language}"
            findings.add(whole.first_row[key], column, f"{what} '{code}' has no name in this language: fill it in once")


def absences_of(history: list[StaffRow]) -> Spans:
    """All absences of a person, in order, each once."""
    if len(history) == 1:
        return history[0].absences
    return tuple(sorted({span for row in history for span in row.absences}))
