"""Who is asked about whom in a survey: chosen from the staff by a fixed rule, the same way every time (U-59 to U-61).

The direct supervisor, people below, people beside. The closest come first; within a circle the turn goes round, so
nobody is asked about everybody. Nothing here knows a database.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from rules.law import Law

SUPERVISOR, SUBORDINATE, PEER, SELF = "supervisor", "subordinate", "peer", "self"
#: of the people below at most so many are asked before those beside
_BELOW_FIRST = 3


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person of the body as the survey sees them.

    Attributes:
        supervisor: the direct supervisor. unit: the structural unit. category: "" outside corps B.
        here: can be asked: serves in the body and is not away while the survey runs.
    """

    person: int
    supervisor: int | None
    unit: Hashable
    category: str
    here: bool = True


@dataclass(frozen=True, slots=True)
class Survey:
    """Whom to ask about one person: (person, "supervisor", "subordinate" or "peer"); the own form comes beside them."""

    evaluatee: int
    respondents: tuple[tuple[int, str], ...]
    rules: tuple[str, ...]
    readings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotSurveyed:
    """A person about whom too few can be asked, with the sentence that says why."""

    evaluatee: int
    found: int
    why: str


def choose(
    law: Law, evaluatees: Iterable[int], staff: Iterable[Colleague], seed: str
) -> tuple[tuple[Survey, ...], tuple[NotSurveyed, ...]]:
    """The respondents of each evaluatee, and the evaluatees with too few of them.

    Args:
        seed: the name of the cycle; another name turns the circles otherwise.
    """
    people = {one.person: one for one in staff}
    circles = _Circles(people.values(), seed)
    bounds = Bounds.of(law)
    literal = law.decision("survey_subordinates", "of_evaluatee") == "of_evaluator"
    chosen, left = [], []
    for person in evaluatees:
        found = _about(people[person], people, circles, bounds, literal)
        if len(found) < bounds.least:
            left.append(NotSurveyed(person, len(found), _why(law, found, bounds)))
        else:
            chosen.append(Survey(person, tuple(found.items()), bounds.rules, bounds.readings))
    return tuple(chosen), tuple(left)


@dataclass(frozen=True)
class Bounds:
    """How many are asked, the person itself not among them, and where that stands."""

    least: int
    most: int
    rules: tuple[str, ...]
    point: str
    readings: tuple[str, ...]

    @classmethod
    def of(cls, law: Law) -> Bounds:
        """The bounds under the reading of the self-assessment (U-Q13).

        Raises:
            NotInForce: the act has no survey on this day.
        """
        least, most = law.dated("respondents_min"), law.dated("respondents_max")
        own = 1 if law.decision("survey_self", "not_counted") == "counted" else 0
        rules = (*least.rules, *law.dated("respondent_groups").rules)
        asked = law.reason(rules, least.point, "survey_subordinates", "survey_self")
        return cls(
            int(least.value) - own, int(most.value) - own, tuple(dict.fromkeys(rules)), least.point, asked.readings
        )


def _about(
    one: Colleague, people: Mapping[int, Colleague], circles: _Circles, bounds: Bounds, literal: bool
) -> dict[int, str]:
    found: dict[int, str] = {}
    above = people.get(one.supervisor) if one.supervisor is not None else None
    if above is not None and above.here and above.person != one.person:
        found[above.person] = SUPERVISOR
    below = circles.under(one.supervisor if literal else one.person, one)
    beside = circles.beside(one)
    _take(found, below, SUBORDINATE, min(bounds.most, len(found) + _BELOW_FIRST), one)
    _take(found, beside, PEER, bounds.most, one)
    _take(found, below, SUBORDINATE, bounds.most, one)
    # the same level elsewhere in the body works less closely together: only as far as the fewest are not reached
    _take(found, circles.level(one), PEER, bounds.least, one)
    return found


def _take(found: dict[int, str], circle: Iterable[int], group: str, upto: int, one: Colleague) -> None:
    for person in circle:
        if len(found) >= upto:
            return
        if person != one.person:
            found.setdefault(person, group)


class _Circles:
    """The people who can be asked, in rings by superior, by unit and by level; each ring in an order of its own."""

    def __init__(self, staff: Iterable[Colleague], seed: str) -> None:
        self._key: Callable[[int], bytes] = lambda person: sha256(f"{seed}/{person}".encode()).digest()
        rings: dict[tuple[Hashable, ...], list[tuple[bytes, int]]] = defaultdict(list)
        for one in staff:
            if not one.here or not one.category:
                continue
            place = (self._key(one.person), one.person)
            rings["under", one.supervisor].append(place)
            rings["unit", one.unit, one.category].append(place)
            rings["superior", one.supervisor, one.category].append(place)
            rings["level", one.category].append(place)
        self._rings: Mapping[tuple[Hashable, ...], Sequence[tuple[bytes, int]]] = {
            name: sorted(ring) for name, ring in rings.items()
        }

    def under(self, superior: int | None, one: Colleague) -> tuple[int, ...]:
        """Corps B servants who answer to a superior, from the place of `one` on; a few more than can be asked."""
        return () if superior is None else tuple(self._from(("under", superior), one))

    def beside(self, one: Colleague) -> Iterator[int]:
        """People of the same level who work closely with `one`: of the same unit, then under the same superior."""
        if not one.category:
            return
        yield from self._from(("unit", one.unit, one.category), one)
        if one.supervisor is not None:
            yield from self._from(("superior", one.supervisor, one.category), one)

    def level(self, one: Colleague) -> Iterator[int]:
        """People of the same level anywhere in the body."""
        return self._from(("level", one.category), one)

    def _from(self, name: tuple[Hashable, ...], one: Colleague) -> Iterator[int]:
        ring = self._rings.get(name, ())
        start = bisect_right(ring, (self._key(one.person), one.person))
        # nobody is asked about by more than a handful, so the head of a thousand costs no more than the head of ten
        return (ring[(start + n) % len(ring)][1] for n in range(min(len(ring), _ENOUGH)))


_ENOUGH = 16


def _why(law: Law, found: Mapping[int, str], bounds: Bounds) -> str:
    groups = list(found.values())
    held = ", ".join(
        f"{groups.count(group)} {name}"
        for group, name in ((SUPERVISOR, "direct supervisor"), (SUBORDINATE, "below"), (PEER, "of the same level"))
    )
    why = "; ".join((", ".join(bounds.rules), bounds.point, f"readings {', '.join(bounds.readings)}"))
    return (
        f"{law.act}: {len(found)} can be asked ({held}), at least {bounds.least} must be ({why}); "
        "the survey is not opened for this person."
    )
