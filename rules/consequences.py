"""What follows from results: the grounds an act names, the terms they start, and what they forbid.

An act lists its consequences as data. Nothing here decides about a person: a ground is a ground, and an official
decides on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.evaluation import Described
from rules.label import Label
from rules.law import Law
from rules.period import Period


@dataclass(frozen=True)
class Result:
    """One final result of one servant, as it stands after every correction.

    Attributes:
        evaluation: the kind of evaluation. annual: formed for a year out of the results of its quarters.
        grade: None where the evaluation gives none. results: its parts, such as below_expectations or not_achieved.
    """

    evaluation: str
    period: Period
    grade: str | None
    results: tuple[str, ...] = ()
    annual: bool = False


@dataclass(frozen=True)
class Consequence:
    """One consequence of a result.

    Attributes:
        basis_for: the decisions it is a basis for. not_for: decisions it may not be a basis for.
        forbids: what the servant may not be charged with while it stands. deadline: id of the term it starts.
        because: the results it follows from, for the reader. readings: the open questions that decided it.
    """

    id: str
    what: Label
    rules: tuple[str, ...]
    point: str
    basis_for: tuple[str, ...]
    not_for: tuple[str, ...]
    forbids: tuple[str, ...]
    deadline: str | None
    because: str
    readings: tuple[str, ...]


def following(law: Law, result: Result, earlier: Iterable[Result] = ()) -> tuple[Consequence, ...]:
    """Everything the act says follows from a result.

    Args:
        earlier: the servant's other results; needed where the act asks for several years in a row.
    """
    known = tuple(earlier)
    return tuple(found for one in law.consequences.values() for found in _follows(law, one, result, known))


def standing(law: Law, results: Iterable[Result]) -> tuple[Consequence, ...]:
    """What is forbidden now: by the latest result of each kind, until a later one of that kind is better (J-62)."""
    known = tuple(results)
    latest = {(one.evaluation, one.annual): one for one in sorted(known, key=lambda one: one.period.last_day)}
    return tuple(found for one in latest.values() for found in following(law, one, known) if found.forbids)


def years_in_a_row(law: Law, result: Result, others: Iterable[Result], grades: Iterable[str]) -> int:
    """How many years in a row, the year of the result the last of them, earned one of the grades (J-63).

    Whether a year without an evaluation breaks the row is an open question of the act; by default it does.
    """
    wanted, year = set(grades), result.period.year
    same = (one for one in others if (one.evaluation, one.annual) == (result.evaluation, result.annual))
    by_year = {one.period.year: one.grade for one in same if one.period.year < year and one.period.quarter is None}
    if result.period.quarter is not None or result.grade not in wanted:
        return 0
    passes_over = law.decision("consecutive_years", "calendar_years") == "evaluated_years"
    count, expected = 1, year - 1
    for earlier in sorted(by_year, reverse=True):
        if by_year[earlier] not in wanted or not (passes_over or earlier == expected):
            break
        count, expected = count + 1, earlier - 1
    return count


def _follows(law: Law, one: Described, result: Result, known: tuple[Result, ...]) -> Iterator[Consequence]:
    on, under = one.get("on") or {}, one.get("under") or {}
    if any(law.reading(question) != option for question, option in under.items()):
        return
    # a consequence of one kind of evaluation is not one of the year formed from it, unless it says so
    annual = on.get("annual", None if on.get("evaluation") is None else False)
    if on.get("evaluation") not in (None, result.evaluation) or annual not in (None, result.annual):
        return
    grades, results, years = on.get("grades"), on.get("results"), on.get("consecutive_years")
    if grades is not None and result.grade not in grades:
        return
    parts = [part for part in result.results if part in (results or ())]
    if results is not None and not parts:
        return
    questions = [*under]
    if years is not None:
        if years_in_a_row(law, result, known, grades or ()) < years:
            return
        questions.append("consecutive_years")
    yield Consequence(
        one.id,
        one.what,
        one.rules,
        one.point,
        tuple(one.get("basis_for") or ()),
        tuple(one.get("not_for") or ()),
        tuple(one.get("forbids") or ()),
        one.get("deadline"),
        _because(result, parts, years),
        law.reason((), "", *questions).readings,
    )


def _because(result: Result, parts: list[str], years: int | None) -> str:
    """The results a consequence follows from, in words."""
    said = ", ".join(dict.fromkeys(parts)) or result.grade or "a result"
    row = f", {years} years in a row" if years else ""
    return f"{result.evaluation} {result.period}: {said}{row}"
