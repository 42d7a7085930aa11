"""Panels: calibration sessions and commissions. When a sitting counts, and what its vote decides.

One mechanism for all of them; what an act asks comes from its `panels`, each refusal names the rule it keeps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Generic, TypeVar

from rules.composition import Member, Seat, check_composition, seated
from rules.errors import Incomplete, NotAllowed
from rules.panel_rules import PanelRules

T = TypeVar("T", bound=Hashable)

__all__ = [
    "Member",
    "Outcome",
    "PanelRules",
    "Seat",
    "Sitting",
    "check_composition",
    "check_quorum",
    "count_votes",
    "needed",
    "seated",
]


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

    At equal votes the chair decides where the act says so. Without a majority a session leaves the mark as it is, and a
    commission has decided nothing.

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
    none = f"no {rules.result} has a majority of {counted} members; "
    return Outcome(before, False, False, f"{none}{_undecided(rules)}{why}")


def _undecided(rules: PanelRules) -> str:
    return "the mark stands" if rules.kind == "session" else "nothing is decided, vote again"


def _by_reading(rules: PanelRules) -> str:
    question = rules.readings.get("votes_needed")
    return f" ({question})" if question else rules.cite("vote", "majority_of")


def _outcome(rules: PanelRules, score: T, before: T, count: str, what: str = "vote") -> Outcome[T]:
    changed = score != before
    word = f"{'changes' if changed else 'upholds'} the {rules.result}"
    source = rules.sources.get(what) or rules.sources.get("")
    where = f" ({', '.join(source.rules)})" if source and source.rules else ""
    return Outcome(score, changed, True, f"{count}: the {rules.kind} {word}{where}")


def _check_voters(rules: PanelRules, sitting: Sitting, votes: Mapping[int, T]) -> None:
    if sitting.secretary is not None and sitting.secretary in votes:
        raise NotAllowed(f"The secretary has no vote{rules.cite('secretary')}; take the vote out.")
    _only_members(rules, sitting.members, votes, "voted")
    for person in sorted(set(votes) & set(sitting.recused)):
        raise NotAllowed(
            f"Person {person} must abstain: {sitting.recused[person]}{rules.cite('abstain', 'own_case')}; take the vote out."
        )
    if sitting.present is not None:
        absent = sorted(set(votes) - set(sitting.present))
        if absent:
            raise NotAllowed(f"Person {absent[0]} voted but was not present{rules.cite('vote')}.")
        check_quorum(rules, sitting.members, sitting.present)
    elif rules.quorum:
        check_quorum(rules, sitting.members, set(votes) | set(sitting.recused))
    if set(sitting.members) <= set(sitting.recused):
        raise Incomplete(f"Every member must abstain, so nobody can decide{rules.cite('abstain')}. Replace a member.")
    missing = set(sitting.members) - set(votes) - set(sitting.recused)
    if (missing and rules.all_vote) or not votes:
        raise Incomplete(
            f"{len(missing)} of {len(set(sitting.members))} members have not voted; the {rules.result} is decided by the "
            f"majority of the members{rules.cite('vote', 'votes_needed')}. Record every vote."
        )


def _only_members(rules: PanelRules, members: Collection[int], people: Collection[int], did: str) -> set[int]:
    strangers = sorted(set(people) - set(members))
    if strangers:
        raise NotAllowed(f"Person {strangers[0]} {did} but is no member of the {rules.kind}{rules.cite('vote')}.")
    return set(people)


def _counted(rules: PanelRules, sitting: Sitting, votes: Mapping[int, T]) -> int:
    """How many heads a majority is measured on: all members, or those present but for who must abstain."""
    if rules.of_members or rules.all_vote:
        return len(set(sitting.members))
    present = set(votes) if sitting.present is None else set(sitting.present)
    return len(present - set(sitting.recused))
