"""Who may sit in a panel, and who sat on a day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from rules.errors import NotAllowed
from rules.panel_rules import PanelRules

CHAIR, SECRETARY, HR, EVALUATOR = "chair", "secretary", "hr", "evaluator"


@dataclass(frozen=True)
class Member:
    """A proposed member: capacity is "evaluator", "hr", "chair", "member" or "secretary"."""

    person: int
    capacity: str


@dataclass(frozen=True)
class Seat:
    """A place in a standing panel: since the order that named the person, until the one that replaced them."""

    person: int
    capacity: str
    since: date
    until: date | None = None


def seated(seats: Collection[Seat], day: date) -> tuple[Seat, ...]:
    """The seats as the orders stood on a day; who was replaced that day sits no more, the new one does (M-48)."""
    return tuple(one for one in seats if one.since <= day and (one.until is None or day < one.until))


def check_composition(
    rules: PanelRules,
    members: Collection[Member],
    barred: Mapping[int, str],
    evaluators: Collection[int],
    hr: Collection[int],
) -> None:
    """Refuse a composition the act does not allow.

    Args:
        barred: person -> why not (disagrees, evaluated, designee, substitute).
        evaluators: people who evaluate somebody in this cycle. hr: employees charged with HR duties.

    Raises:
        NotAllowed: with every fault of the composition in one sentence.
    """
    faults = [
        *_number_faults(rules, members),
        *_barred_faults(rules, members, barred),
        *_capacity_faults(rules, members, evaluators, hr),
        *_office_faults(rules, members),
    ]
    if faults:
        raise NotAllowed("The composition is refused: " + "; ".join(faults) + ". Propose another composition.")


def _number_faults(rules: PanelRules, members: Collection[Member]) -> Iterator[str]:
    people = [one.person for one in members]
    voting = sum(one.capacity != SECRETARY for one in members)
    if len(set(people)) != len(people):
        yield "a person is named twice"
    if voting < rules.least:
        yield f"{voting} members are too few, at least {rules.least} are needed{rules.cite('members')}"
    if rules.odd and voting % 2 == 0:
        yield f"{voting} is an even number of members, it must be odd{rules.cite('members')}"


def _barred_faults(rules: PanelRules, members: Collection[Member], barred: Mapping[int, str]) -> Iterator[str]:
    for one in members:
        if one.person in barred:
            yield f"person {one.person} may not be a member: {barred[one.person]}{rules.cite('barred')}"


def _capacity_faults(
    rules: PanelRules, members: Collection[Member], evaluators: Collection[int], hr: Collection[int]
) -> Iterator[str]:
    where = rules.cite("members_from")
    for one in members:
        if one.capacity == EVALUATOR and one.person not in evaluators:
            yield f"person {one.person} evaluates nobody in this cycle and is therefore no member{where}"
        if one.capacity in (HR, SECRETARY) and one.person not in hr:
            where_hr = rules.cite("secretary") if one.capacity == SECRETARY else where
            yield f"person {one.person} is not charged with HR duties{where_hr}"
    named = sum(one.capacity == HR for one in members)
    if rules.hr_members is not None and named != rules.hr_members:
        how_many = "exactly one member is an employee" if rules.hr_members == 1 else "another number of members is"
        yield f"{how_many} of the HR service{where}"


def _office_faults(rules: PanelRules, members: Collection[Member]) -> Iterator[str]:
    for office, wanted in ((CHAIR, rules.chair), (SECRETARY, rules.secretary)):
        found = sum(one.capacity == office for one in members)
        if found != wanted:
            how_many = "exactly one" if wanted else "no"
            yield f"{found} were named {office}, the panel has {how_many} {office}{rules.cite(office)}"
