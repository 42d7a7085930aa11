"""What an act asks of a panel: a calibration session or a commission. Everything comes from the act's `panels`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from rules.errors import NotFound
from rules.evaluation import Described, Source
from rules.law import Law


@dataclass(frozen=True)
class PanelRules:
    """What an act asks of one panel.

    Attributes:
        kind: "session" or "commission".
        least: fewest members, a secretary without a vote not among them. odd: their number must be odd.
        all_vote: nobody may be missing or abstain.
        quorum: the part of the members that must be present; None where the act asks for none.
        of_members: a majority of all the members is needed; otherwise of those present.
        casting: at equal votes the chair decides; otherwise what was decided before stands.
        chair, secretary: the panel has exactly one; the secretary has no vote and is an employee of HR.
        hr_members: how many members must come from HR; None where the act does not say.
        members_from: capacities the members must have; empty where the act does not say.
        own_case: a member votes on the own result too; otherwise such a member abstains.
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
    kind: str = "session"
    own_case: bool = False

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
        some_vote = law.decision("votes_needed") == "members_present"
        majority = "present" if some_vote else law.decision("majority_of", panel.get("majority_of") or "present")
        questions = ((one, law.deciding(one)) for one in _DECISIONS)
        return cls(
            least=least - counted,
            odd=bool(panel.get("odd")),
            all_vote=bool(panel.get("all_vote")) and not some_vote,
            quorum=Fraction(*quorum) if quorum else None,
            of_members=majority == "members",
            casting=panel.get("tie") == "chair",
            chair=bool(panel.get("chair")),
            secretary=bool(panel.get("secretary")),
            hr_members=panel.get("hr_members"),
            members_from=tuple(panel.get("members_from") or ()),
            kind=panel.get("kind") or "session",
            own_case=not panel.get("abstain") or law.decision("own_case") == "votes",
            sources=_sources(panel),
            readings={one: reading.id for one, reading in questions if reading},
        )

    @property
    def result(self) -> str:
        """What the panel decides on, in a word."""
        return "mark" if self.kind == "session" else "result"

    def cite(self, what: str, *decisions: str) -> str:
        """Where the act speaks of something, in brackets, with the open questions that decided it."""
        source = self.sources.get(what) or self.sources.get("")
        parts = [", ".join((*source.rules, source.point))] if source else []
        asked = [self.readings[one] for one in decisions if one in self.readings]
        parts += [f"reading {', '.join(asked)}"] if asked else []
        return f" ({'; '.join(parts)})" if parts else ""


_DECISIONS = ("votes_needed", "majority_of", "secretary_in_composition", "own_case")


def _sources(panel: Described) -> Mapping[str, Source]:
    return {"": Source(panel.rules, panel.point), **(panel.get("sources") or {})}
