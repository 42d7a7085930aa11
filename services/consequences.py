"""What follows from results, for the HR officer: every ground and ban the act names, its point, and its term.

It lists what the act says and decides nothing: a ground is a ground, and an official decides on it.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.base import instant
from models.sql import execute
from rules.consequences import Consequence, Result, following, standing
from rules.errors import NotFound
from rules.evaluation import Described
from rules.label import Label
from rules.period import Period
from rules.terms import due
from services.ground import Ground, Known, find_cycle, ground_of, known_cycle


@dataclass(frozen=True)
class Line:
    """One consequence of one result.

    Attributes:
        annual: of the mark of a year, formed from its quarters.
        basis_for, not_for: the decisions the result is, and may not be, a basis for. forbids: what it bars from.
        stands: does a ban still stand; None where nothing is forbidden. due, due_reason: the term it starts.
        because: the results it follows from. entered: where the result stands in the service record.
    """

    person: str
    evaluation: str
    period: str
    annual: bool
    grade: str | None
    consequence: str
    what: Label
    rules: tuple[str, ...]
    point: str
    basis_for: tuple[str, ...]
    not_for: tuple[str, ...]
    forbids: tuple[str, ...]
    stands: bool | None
    due: date | None
    due_reason: str
    because: str
    readings: tuple[str, ...]
    entered: str | None


@dataclass(frozen=True)
class _Held:
    """One final result with what its consequences ask about."""

    cycle: int
    result: Result
    decided: datetime | None
    entered: str | None


_FINAL = """
SELECT p.personnel_no, c.id AS cycle, c.evaluation, c.period, r.grade, r.more, COALESCE(a.decided_at, a.completed_at) AS at,
 s.reference
FROM assessment a JOIN cycle c ON c.id = a.cycle_id JOIN person p ON p.id = a.person_id
JOIN result r ON r.assessment_id = a.id AND r.version = a.result_version
LEFT JOIN service_record_entry s ON s.assessment_id = a.id AND s.result_version = a.result_version
WHERE c.organisation = :o AND c.act = :act AND c.stage <> 'abandoned' AND a.completed_at IS NOT NULL AND {who}
ORDER BY p.personnel_no, c.period, c.id
"""
_YEARS = """
SELECT p.personnel_no, m.evaluation, m.year, m.grade, m.at FROM annual_mark m JOIN person p ON p.id = m.person_id
WHERE m.organisation = :o AND m.act = :act AND {who} AND m.version = (SELECT MAX(n.version) FROM annual_mark n
 WHERE n.person_id = m.person_id AND n.act = m.act AND n.organisation = m.organisation
 AND n.evaluation = m.evaluation AND n.year = m.year) ORDER BY p.personnel_no, m.year
"""


def of_cycle(session: Session, key: str) -> list[Line]:
    """The consequences of every result of a cycle, person by person; those of a year come with its last quarter.

    Raises:
        NotFound: there is no such cycle, or its act names no consequences.
    """
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    if not ground.law.consequences:
        raise NotFound(
            f"{ground.law.act} names no consequences of a result; what is decided on it rests on other texts."
        )
    who = "{of}.person_id IN (SELECT person_id FROM assessment WHERE cycle_id = :c)"
    found = _held(session, cycle, who, {"c": cycle.id})
    return [line for person in found for line in _lines(session, person, found[person]) if _belongs(line, cycle)]


def _belongs(line: Line, cycle: Known) -> bool:
    of_year = line.annual and str(cycle.period) == f"{line.period}-Q4"
    return line.evaluation == cycle.evaluation and (of_year or (not line.annual and line.period == cycle.period))


def of_person(session: Session, personnel_no: str) -> list[Line]:
    """The consequences of every result of a person, under every act that evaluated the person, oldest first."""
    bodies = execute(
        session,
        "SELECT MAX(c.id) FROM assessment a JOIN cycle c ON c.id = a.cycle_id JOIN person p ON p.id = a.person_id"
        " WHERE p.personnel_no = :n GROUP BY c.organisation, c.act ORDER BY 1",
        {"n": personnel_no},
    )
    who = "{of}.person_id = (SELECT id FROM person WHERE personnel_no = :n)"
    lines: list[Line] = []
    for number in list(bodies.scalars()):
        found = _held(session, known_cycle(session, number), who, {"n": personnel_no})
        lines += [line for person in found for line in _lines(session, person, found[person])]
    return lines


def _held(session: Session, cycle: Known, who: str, params: Mapping[str, Any]) -> dict[str, list[_Held]]:
    """The final results of some people under one act of one body, those of years among them."""
    found: dict[str, list[_Held]] = defaultdict(list)
    params = {"o": cycle.organisation, "act": cycle.act, **params}
    for row in execute(session, _FINAL.format(who=who.format(of="a")), params):
        parts = tuple(str(one) for one in json.loads(row.more).get("results", {}).values())
        result = Result(row.evaluation, Period.parse(row.period), row.grade, parts)
        found[row.personnel_no].append(_Held(row.cycle, result, instant(row.at), row.reference))
    for row in execute(session, _YEARS.format(who=who.format(of="m")), params):
        quarters = [one for one in found[row.personnel_no] if one.result.period.year == row.year]
        if quarters:
            result = Result(row.evaluation, Period(row.year), row.grade, (), annual=True)
            found[row.personnel_no].append(_Held(quarters[-1].cycle, result, instant(row.at), None))
    return found


def _lines(session: Session, person: str, held: list[_Held]) -> Iterator[Line]:
    results = [one.result for one in held]
    for one in held:
        ground = ground_of(session, known_cycle(session, one.cycle))
        others = [other for other in results if other is not one.result]
        banned = {(ban.id, ban.because) for ban in standing(ground.law, results)}
        for found in following(ground.law, one.result, others):
            yield _line(ground, person, one, found, banned)


def _line(
    ground: Ground, person: str, one: _Held, found: Consequence, banned: set[tuple[str, str]]
) -> Line:  # fmt: skip
    rule = ground.law.deadlines.get(found.deadline or "")
    on = ground.day_of(one.decided) if one.decided else None
    term = due(ground.law, rule, ground.calendar, ground.period, {rule.anchor: on}) if rule and on else None
    return Line(
        person,
        one.result.evaluation,
        str(one.result.period),
        one.result.annual,
        one.result.grade,
        found.id,
        found.what,
        found.rules,
        found.point,
        found.basis_for,
        found.not_for,
        found.forbids,
        (found.id, found.because) in banned if found.forbids else None,
        term.due if term else None,
        str(term.reason) if term else "",
        found.because,
        found.readings,
        one.entered if RECORD in found.basis_for else None,
    )


#: the decision of an act's consequence that asks for an entry in the service record
RECORD = "service_record"


def record_rule(ground: Ground) -> Described | None:
    """What the act says of entering results in the service record; None where it says nothing."""
    return next((one for one in ground.law.consequences.values() if RECORD in (one.get("basis_for") or ())), None)
