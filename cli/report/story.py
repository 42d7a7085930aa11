"""What the report tells, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

from cli.report.reaching import ChannelLine, LadderLine
from rules.evaluation import Evaluation
from rules.law import Grade, Law
from services.evidence import Verification


@dataclass(frozen=True)
class Day:
    """What happened on one day."""

    day: date
    working: bool
    marked: int = 0
    released: int = 0
    learnt: int = 0
    closed: int = 0


@dataclass(frozen=True)
class DeadlineLine:
    """One deadline of the cycle over all its days, and how it was kept.

    Attributes:
        dues: its last days, first and last. house: the body's own term, no law. right: of the person, no duty.
    """

    id: str
    obligation: str
    actor: str
    point: str
    reason: str
    dues: tuple[date, date]
    targets: tuple[date, date]
    counts: Counter[str]
    house: bool
    right: bool


@dataclass(frozen=True)
class Dispute:
    """One request for a calibration session and what became of it."""

    number: int
    unit: str
    asked: date
    late: bool
    decided: date | None
    outcome: str
    held: date | None
    signed: date | None
    uploaded: date | None
    upload_due: date | None
    feedback: date | None
    before: tuple[Decimal, str] | None
    after: tuple[Decimal, str] | None


@dataclass(frozen=True)
class OtherReading:
    """A result that another permitted reading of the act would change; whose it is stays out (N-23)."""

    score: str
    grade: str
    working: str
    others: tuple[dict[str, str], ...]


@dataclass(frozen=True)
class Follows:
    """One consequence the act names, and of how many results by grade; whose they are stays out (N-23)."""

    what: str
    point: str
    basis_for: tuple[str, ...]
    not_for: tuple[str, ...]
    forbids: tuple[str, ...]
    grades: Counter[str]


@dataclass(frozen=True)
class Story:
    """Everything the report tells of one cycle.

    Attributes:
        evaluated: people who were evaluated. grades: results in force by grade.
        zone: of the body; every day of the page is a day there.
        last_days: the last days of the law drawn across the chart, each with its words.
        channels, ladder: how notices reached people, and which channel followed which (`cli.report.reaching`).
        sittings, appeals: of the Commission, and against its decisions; empty where the act has none.
        figures: of everything that was lived, this cycle and the others.
    """

    key: str
    body: str
    law: Law
    evaluation: Evaluation
    period: str
    zone: tzinfo
    opened: datetime
    approved: datetime | None
    closed: datetime | None
    unconfirmed: tuple[str, ...]
    figures: Any
    days: tuple[Day, ...]
    evaluated: int
    grades: dict[str, int]
    last_days: tuple[tuple[date, str], ...]
    deadlines: tuple[DeadlineLine, ...]
    breaches: tuple[Any, ...]
    funnel: tuple[tuple[str, int], ...]
    kinds: Counter[str]
    disputes: tuple[Dispute, ...]
    exempt: tuple[tuple[str, str, str, str], ...]
    others: tuple[OtherReading, ...]
    readings: tuple[tuple[str, str, str, str], ...]
    annual: tuple[int, int] | None
    verification: Verification
    documents: tuple[tuple[str, int], ...]
    sittings: tuple[dict[str, Any], ...] = ()
    appeals: tuple[dict[str, Any], ...] = ()
    consequences: tuple[Follows, ...] = ()
    channels: tuple[ChannelLine, ...] = ()
    ladder: tuple[LadderLine, ...] = ()

    @property
    def notices(self) -> dict[str, Counter[str]]:
        """Channel -> the strongest thing told of each of its notices."""
        return {line.channel: line.words for line in self.channels}

    @property
    def bands(self) -> tuple[Grade, ...]:
        """The grades a result may have here, best first; none where the evaluation gives no grade."""
        scale = self.law.scale_of(self.evaluation)
        return scale.bands if scale else ()


@dataclass(frozen=True)
class Whole:
    """One page: the cycles that were lived, one after another, and what concerns all of them.

    Attributes:
        days: `cli.simulation.busy.Busy` of each day. risks: `cli.simulation.busy.Risk`; empty where nobody asked.
        plans, commission: figures of the plans and of the Commission, or None where there are none.
    """

    stories: tuple[Story, ...]
    figures: Any
    days: tuple[Any, ...] = ()
    risks: tuple[Any, ...] = ()
    plans: Any = None
    commission: Any = None

    @property
    def busiest(self) -> tuple[Any, ...]:
        """The ten days with the most acts and things due, the busiest first."""
        return busiest(self.days)


def busiest(days: tuple[Any, ...], number: int = 10) -> tuple[Any, ...]:
    """The days with the most acts and things due, the busiest first."""
    return tuple(sorted(days, key=lambda one: (-one.acts.total() - one.due.total(), one.day))[:number])
