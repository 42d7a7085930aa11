"""What no single cell can tell: order of appointments, who leads whom, heads, overlapping absences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from services.findings import Findings
from services.staff_file import StaffRow
from services.staff_ranks import Ranks
from services.staff_structure import Structure, absences_of


@dataclass(frozen=True)
class Outside:
    """What the database knows beside the file.

    Attributes:
        people: personnel number -> code of the body the person serves in ("" if in none now).
        supervisors: personnel number -> the supervisor's personnel number.
        parents: body code -> the parent body's code ("" at the top).
    """

    people: Mapping[str, str] = field(default_factory=dict)
    supervisors: Mapping[str, str] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)


def check(whole: Structure, outside: Outside, ranks: Ranks, findings: Findings) -> None:
    """Note everything wrong between the rows (N-1, N-2, N-3, N-26 .. N-28)."""
    _bodies(whole, outside, findings)
    for history in whole.history.values():
        _appointments(history, findings)
        _absences(history, findings)
        _worked(history, findings)
        for row in history:
            _supervisor(whole, outside, ranks, row, findings)
    _cycles(whole, outside, findings)
    for unit in whole.units:
        _unit_head(whole, outside, unit, findings)
    for history in whole.history.values():
        _category(whole, ranks, history[-1], findings)


def _appointments(history: list[StaffRow], findings: Findings) -> None:
    for row in history:
        if row.ended_on and row.ended_on < row.appointed_on:
            findings.add(
                row.row,
                "ended_on",
                f"{row.ended_on} lies before appointed_on {row.appointed_on}: correct one of them",
            )
        if row.dismissed and not row.ended_on:
            findings.add(
                row.row,
                "dismissed",
                "it says yes, but ended_on is empty: write the last day in the post",
            )
    for earlier, later in pairwise(history):
        if earlier.appointed_on == later.appointed_on:
            findings.add(
                later.row, "personnel_no",
                f"'{later.personnel_no}' is appointed on {later.appointed_on} in row {earlier.row} already: "
                "one row for one appointment",
            )  # fmt: skip
        elif earlier.ended_on is None or earlier.ended_on >= later.appointed_on:
            until = f"to {earlier.ended_on}" if earlier.ended_on else "without an end"
            findings.add(
                later.row, "appointed_on",
                f"'{later.personnel_no}' holds the post of row {earlier.row} {until}: end that one before "
                f"{later.appointed_on}, or give another person another number",
            )  # fmt: skip


def _absences(history: list[StaffRow], findings: Findings) -> None:
    spans = absences_of(history)
    if len(spans) < 2:
        return
    in_order = sorted(spans, key=lambda span: span[1])
    for (kind, first, last), (next_kind, next_first, next_last) in pairwise(in_order):
        if next_first <= last:
            findings.add(
                history[0].row, "absences",
                f"{kind} {first}..{last} and {next_kind} {next_first}..{next_last} overlap: leave one reason a day",
            )  # fmt: skip


def _worked(history: list[StaffRow], findings: Findings) -> None:
    if len(history) == 1:
        return
    seen: dict[str, int] = {}
    for row in history:
        for period, days in row.worked_days:
            if seen.setdefault(period, days) != days:
                findings.add(
                    row.row,
                    "worked_days",
                    f"{days} days in {period}, but {seen[period]} in another row",
                )


def _supervisor(whole: Structure, outside: Outside, ranks: Ranks, row: StaffRow, findings: Findings) -> None:
    number = row.supervisor
    if not number:
        if row.category in ranks.supervised and row.ended_on is None:
            findings.ask(
                row.row,
                "supervisor",
                f"a {row.category} is evaluated by the direct supervisor; none is named ({ranks.supervised[row.category]})",
            )
    elif number == row.personnel_no:
        findings.add(
            row.row,
            "supervisor",
            f"'{number}' cannot be their own direct supervisor: name the person above",
        )
    elif number not in whole.people and number not in outside.people and number not in whole.incomplete:
        findings.add(row.row, "supervisor", _unknown(number))


def _unknown(number: str) -> str:
    return (
        f"nobody has the personnel number '{number}', neither in this file nor among those known "
        "already: correct it or add the person"
    )


def _cycles(whole: Structure, outside: Outside, findings: Findings) -> None:
    """Each circle of supervisors is noted once, at the first of its people in the file."""
    done: set[str] = set()
    for start in whole.people:
        path: dict[str, int] = {}
        number = start
        while number and number not in done and number not in path:
            path[number] = len(path)
            number = _above(whole, outside, number)
        if number in path:
            circle = list(path)[path[number] :]
            if len(circle) > 1:
                _note_circle(whole, circle, findings)
        done.update(path)


def _above(whole: Structure, outside: Outside, number: str) -> str:
    if number in whole.people:
        return whole.current(number).supervisor
    return outside.supervisors.get(number, "")


def _note_circle(whole: Structure, circle: list[str], findings: Findings) -> None:
    inside = [number for number in circle if number in whole.people]
    shown = " -> ".join([*circle[:6], "..."] if len(circle) > 6 else [*circle, circle[0]])
    row = min(whole.current(number).row for number in inside)
    findings.add(
        row,
        "supervisor",
        f"these people supervise each other in a circle, {shown}: correct one of them",
    )


def _bodies(whole: Structure, outside: Outside, findings: Findings) -> None:
    for code, (_, _, parent) in whole.bodies.items():
        if not parent:
            continue
        row = whole.first_row[code, "", "parent_body"]
        if parent not in whole.bodies and parent not in outside.parents:
            findings.add(
                row,
                "parent_body",
                f"there is no body '{parent}', neither in this file nor known already: correct it",
            )
        elif parent == code or code in list(_upwards(whole, outside, parent)):
            findings.add(row, "parent_body", f"body '{code}' would stand above itself: correct the parent bodies")


def _upwards(whole: Structure, outside: Outside, code: str) -> Iterator[str]:
    """A body and those above it."""
    seen: set[str] = set()
    while code and code not in seen:
        seen.add(code)
        yield code
        code = (whole.bodies[code][2] if code in whole.bodies else "") or outside.parents.get(code, "")


def _unit_head(whole: Structure, outside: Outside, unit: tuple[str, str], findings: Findings) -> None:
    number, row = whole.units[unit][2], whole.first_row[unit]
    row = whole.first_row.get((*unit, "unit_head"), row)
    if not number:
        findings.ask(row, "unit_head", f"unit '{unit[1]}' has no head, so nobody evaluates its people yet")
        return
    if number in whole.people:
        place = whole.current(number).body
    elif number in outside.people or number in whole.incomplete:
        place = outside.people.get(number, "")
    else:
        findings.add(row, "unit_head", _unknown(number))
        return
    if place and place not in list(_upwards(whole, outside, unit[0])):
        findings.add(
            row, "unit_head",
            f"'{number}' serves in body '{place}', which does not stand above unit '{unit[1]}' of body '{unit[0]}': "
            "name a head from the same body or one above it",
        )  # fmt: skip


def _category(whole: Structure, ranks: Ranks, row: StaffRow, findings: Findings) -> None:
    """Who has a category the act gives to heads of units is the head of the own one, and so a leader."""
    if row.category not in ranks.heads or row.ended_on:
        return
    rules = ranks.heads[row.category]
    if not row.leadership:
        findings.add(
            row.row,
            "leadership",
            f"a {row.category} is the head of a unit and so a leader ({rules}): write yes",
        )
    head = whole.units[row.body, row.unit][2]
    if head and head != row.personnel_no:
        findings.add(
            row.row, "category",
            f"a {row.category} is the head of the unit ({rules}), but the head of unit '{row.unit}' is '{head}': "
            "correct the category or the unit_head",
        )  # fmt: skip
