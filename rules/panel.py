"""The calibration session: who may sit, and what a vote decides (pts 19, 22)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from rules.errors import Incomplete, NotAllowed


@dataclass(frozen=True)
class PanelRules:
    """What the act asks of a composition.

    Attributes:
        least: fewest members; odd: the number must be odd; all_vote: nobody may be missing or abstain.
    """

    least: int
    odd: bool
    all_vote: bool = True


@dataclass(frozen=True)
class Member:
    """A proposed member; capacity is "evaluator" or "hr"."""

    person: int
    capacity: str


def check_composition(
    rules: PanelRules,
    members: Collection[Member],
    barred: Mapping[int, str],
    evaluators: Collection[int],
    hr: Collection[int],
) -> None:
    """Refuse a composition the act does not allow (N-41, N-42, N-43).

    Args:
        barred: person -> why not (disagrees, evaluated, designee, substitute).
        evaluators: people who evaluate somebody in this cycle. hr: employees charged with HR duties.

    Raises:
        NotAllowed: with every fault of the composition in one sentence.
    """
    faults = []
    people = [m.person for m in members]
    if len(set(people)) != len(people):
        faults.append("a person is named twice")
    if len(people) < rules.least:
        faults.append(f"{len(people)} members are too few, at least {rules.least} are needed (N-41, pt 19)")
    if rules.odd and len(people) % 2 == 0:
        faults.append(f"{len(people)} is an even number of members, it must be odd (N-41, pt 19)")
    faults += [f"person {p} may not be a member: {barred[p]} (N-42, pt 19)" for p in people if p in barred]
    faults += [
        f"person {m.person} evaluates nobody in this cycle and is therefore no member (N-43, pt 19)"
        for m in members
        if m.capacity == "evaluator" and m.person not in evaluators
    ]
    faults += [
        f"person {m.person} is not charged with HR duties (N-43, pt 19)"
        for m in members
        if m.capacity == "hr" and m.person not in hr
    ]
    if sum(m.capacity == "hr" for m in members) != 1:
        faults.append("exactly one member is an employee of the HR service (N-43, pt 19)")
    if faults:
        raise NotAllowed("The composition is refused: " + "; ".join(faults) + ". Propose another composition.")


@dataclass(frozen=True)
class Outcome:
    """What the session decided: the mark, whether it changed, and the count behind it."""

    score: Decimal
    changed: bool
    decided: bool
    says: str


def count_votes(rules: PanelRules, members: Collection[int], votes: Mapping[int, Decimal], before: Decimal) -> Outcome:
    """The final mark by majority of the members (N-49); each vote is the mark the member holds right (N-48).

    Without a majority for any mark the evaluator's mark stands; where not all must vote, those who did are counted
    (N-Q17).

    Raises:
        Incomplete: a member has not voted (N-Q17: all members vote). NotAllowed: a vote by somebody else.
    """
    strangers = sorted(set(votes) - set(members))
    if strangers:
        raise NotAllowed(f"Person {strangers[0]} voted but is no member of the session (N-49, pt 22).")
    missing = sorted(set(members) - set(votes))
    if missing and (rules.all_vote or not votes):
        raise Incomplete(
            f"{len(missing)} of {len(members)} members have not voted; the mark is decided by the majority of the "
            "members (N-49, pt 22; reading N-Q17). Record every vote."
        )
    tally = Counter(votes.values())
    score, most = max(tally.items(), key=lambda item: item[1])
    counted = len(members) if rules.all_vote else len(votes)
    if 2 * most <= counted:
        return Outcome(before, False, False, f"no mark has a majority of {counted} members; the mark stands (N-Q17)")
    changed = score != before
    word = "changes the mark" if changed else "upholds the mark"
    return Outcome(score, changed, True, f"{most} of {counted} members: the session {word} (N-48, N-49)")
