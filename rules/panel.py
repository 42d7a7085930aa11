"""Panels: calibration sessions and commissions. Who may sit, when a sitting counts, and what its vote decides.

One mechanism for all of them; what an act asks comes from its `panels`, each fault named under the rule it breaks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Generic, TypeVar

from rules.errors import Incomplete, NotAllowed, NotFound
from rules.evaluation import Described, Source
from rules.law import Law

T = TypeVar("T", bound=Hashable)
CHAIR, SECRETARY, HR, EVALUATOR = "chair", "secretary", "hr", "evaluator"


@dataclass(frozen=True)
class PanelRules:
    """What an act asks of one panel.

    Attributes:
        least: fewest members, a secretary without a vote not among them. odd: their number must be odd.
        all_vote: nobody may be missing or abstain.
        quorum: the part of the members that must be present; None where the act asks for none.
        of_members: a majority of all the members is needed; otherwise of those present.
        casting: at equal votes the chair decides; otherwise what was decided before stands.
        chair, secretary: the panel has exactly one; the secretary has no vote and is an employee of HR.
        hr_members: how many members must come from HR; None where the act does not say.
        members_from: capacities the members must have; empty where the act does not say.
        sources: what -> where the act speaks of it; "" for everything else.
        readings: decision -> the open question behind it.
    """

    least: int
    odd: bool = False
    all_vote: bool = False
    quorum: Fraction | None = None
    of_members: bool = False
    casting: bool = False
    chair: bool = False
    secretary: bool = False
    hr_members: int | None = None
    members_from: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict, compare=False)
    readings: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, law: Law, panel_id: str) -> PanelRules:
        """The rules of a panel of the act, under the body's readings.

        Raises:
            NotFound: the act has no such panel.
        """
        panel = law.panels.get(panel_id)
        if panel is None:
            raise NotFound(f"{law.act} has no panel '{panel_id}'; its panels are: {', '.join(law.panels)}.")
        quorum, least = panel.get("quorum"), int(panel.get("members_min") or 1)
        counted = bool(panel.get("secretary")) and law.decision("secretary_in_composition") == "counted"
        questions = ((one, law.deciding(one)) for one in _DECISIONS)
        return cls(
            least=least - counted,
            odd=bool(panel.get("odd")),
            all_vote=bool(panel.get("all_vote")) and law.decision("votes_needed", "all_members") == "all_members",
            quorum=Fraction(*quorum) if quorum else None,
            of_members=law.decision("majority_of", panel.get("majority_of") or "present") == "members",
            casting=panel.get("tie") == "chair",
            chair=bool(panel.get("chair")),
            secretary=bool(panel.get("secretary")),
            hr_members=panel.get("hr_members"),
            members_from=tuple(panel.get("members_from") or ()),
            sources=_sources(panel),
            readings={one: reading.id for one, reading in questions if reading},
        )

    def cite(self, what: str, *decisions: str) -> str:
        """Where the act speaks of something, in brackets, with the open questions that decided it."""
        source = self.sources.get(what) or self.sources.get("")
        parts = [", ".join((*source.rules, source.point))] if source else []
        asked = [self.readings[one] for one in decisions if one in self.readings]
        parts += [f"reading {', '.join(asked)}"] if asked else []
        return f" ({'; '.join(parts)})" if parts else ""


_DECISIONS = ("votes_needed", "majority_of", "secretary_in_composition")


def _sources(panel: Described) -> Mapping[str, Source]:
    return {"": Source(panel.rules, panel.point), **(panel.get("sources") or {})}


# --- the composition -------------------------------------------------------------------------------------


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


# --- the vote --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sitting:
    """Who takes part in one decision.

    Attributes:
        members: everybody with a vote as the composition stands; a secretary without a vote is not among them.
        present: those who came; None: those who voted. Who must abstain is present, and counts for the quorum.
        recused: members who must abstain in this case, with the reason.
        chair, secretary: the people in these offices.
    """

    members: Collection[int]
    present: Collection[int] | None = None
    recused: Mapping[int, str] = field(default_factory=dict)
    chair: int | None = None
    secretary: int | None = None


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What the panel decided: the mark, whether it changed, and the count behind it."""

    score: T
    changed: bool
    decided: bool
    says: str


def needed(rules: PanelRules, members: int) -> int:
    """How many members must be present (M-47): the smallest whole number not below the part the act asks for."""
    part = rules.quorum or Fraction(0)
    return -(-members * part.numerator // part.denominator)


def check_quorum(rules: PanelRules, members: Collection[int], present: Collection[int]) -> None:
    """Refuse a sitting without a quorum.

    Raises:
        NotAllowed: too few came, or somebody who is no member.
    """
    here = _only_members(rules, members, present, "was present")
    if len(here) < needed(rules, len(set(members))):
        raise NotAllowed(
            f"{len(here)} of {len(set(members))} members are present, at least {rules.quorum} of the composition, "
            f"{needed(rules, len(set(members)))}, must be{rules.cite('quorum')}. Call another sitting."
        )


def count_votes(rules: PanelRules, members: Collection[int] | Sitting, votes: Mapping[int, T], before: T) -> Outcome[T]:
    """What a majority decided; each vote is the mark (or the decision) the member holds right.

    At equal votes the chair decides where the act says so. Without a majority what was decided before stands.

    Raises:
        Incomplete: a member has not voted where all must. NotAllowed: a vote of somebody who has none, or no quorum.
    """
    sitting = members if isinstance(members, Sitting) else Sitting(members)
    _check_voters(rules, sitting, votes)
    counted = _counted(rules, sitting, votes)
    tally = Counter(votes.values())
    score, most = max(tally.items(), key=lambda item: item[1])
    held = sum(number == most for number in tally.values())
    if 2 * most > counted:
        return _outcome(rules, score, before, f"{most} of {counted} members")
    cast = votes.get(sitting.chair) if rules.casting and sitting.chair is not None else None
    if held > 1 and cast is not None and tally[cast] == most:
        return _outcome(rules, cast, before, f"{most} of {counted} members and the chair at equal votes", "tie")
    why = rules.cite("tie", "votes_needed") if rules.casting else _by_reading(rules)
    return Outcome(before, False, False, f"no mark has a majority of {counted} members; the mark stands{why}")


def _by_reading(rules: PanelRules) -> str:
    question = rules.readings.get("votes_needed")
    return f" ({question})" if question else rules.cite("vote")


def _outcome(rules: PanelRules, score: T, before: T, count: str, what: str = "vote") -> Outcome[T]:
    changed = score != before
    word = "changes the mark" if changed else "upholds the mark"
    source = rules.sources.get(what) or rules.sources.get("")
    where = f" ({', '.join(source.rules)})" if source and source.rules else ""
    return Outcome(score, changed, True, f"{count}: the session {word}{where}")


def _check_voters(rules: PanelRules, sitting: Sitting, votes: Mapping[int, T]) -> None:
    if sitting.secretary is not None and sitting.secretary in votes:
        raise NotAllowed(f"The secretary has no vote{rules.cite('secretary')}; take the vote out.")
    _only_members(rules, sitting.members, votes, "voted")
    for person in sorted(set(votes) & set(sitting.recused)):
        raise NotAllowed(
            f"Person {person} must abstain: {sitting.recused[person]}{rules.cite('abstain')}; take the vote out."
        )
    if sitting.present is not None:
        absent = sorted(set(votes) - set(sitting.present))
        if absent:
            raise NotAllowed(f"Person {absent[0]} voted but was not present{rules.cite('vote')}.")
        check_quorum(rules, sitting.members, sitting.present)
    elif rules.quorum:
        check_quorum(rules, sitting.members, set(votes) | set(sitting.recused))
    missing = set(sitting.members) - set(votes) - set(sitting.recused)
    if missing and (rules.all_vote or not votes):
        raise Incomplete(
            f"{len(missing)} of {len(set(sitting.members))} members have not voted; the mark is decided by the "
            f"majority of the members{rules.cite('vote', 'votes_needed')}. Record every vote."
        )


def _only_members(rules: PanelRules, members: Collection[int], people: Collection[int], did: str) -> set[int]:
    strangers = sorted(set(people) - set(members))
    if strangers:
        raise NotAllowed(f"Person {strangers[0]} {did} but is no member of the session{rules.cite('vote')}.")
    return set(people)


def _counted(rules: PanelRules, sitting: Sitting, votes: Mapping[int, T]) -> int:
    """How many heads a majority is measured on; who must abstain is not one of them."""
    if rules.of_members or rules.all_vote:
        return len(set(sitting.members))
    present = set(votes) if sitting.present is None else set(sitting.present)
    return len(present - set(sitting.recused))
