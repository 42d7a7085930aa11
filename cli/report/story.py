"""What the report tells, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

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
class Story:
    """Everything the report tells of one cycle."""

    key: str
    body: str
    law: Law
    period: str
    opened: datetime
    approved: datetime | None
    closed: datetime | None
    unconfirmed: tuple[str, ...]
    figures: Any
    days: tuple[Day, ...]
    marks_due: date
    service_due: date
    deadlines: tuple[DeadlineLine, ...]
    breaches: tuple[Any, ...]
    funnel: tuple[tuple[str, int], ...]
    notices: dict[str, Counter[str]]
    kinds: Counter[str]
    disputes: tuple[Dispute, ...]
    exempt: tuple[tuple[str, str, str, str], ...]
    others: tuple[OtherReading, ...]
    readings: tuple[tuple[str, str, str, str], ...]
    annual: tuple[int, int] | None
    verification: Verification
    documents: tuple[tuple[str, int], ...]

    @property
    def evaluated(self) -> int:
        """People who were evaluated."""
        return int(self.figures.assessments - self.figures.exempt)

    @property
    def bands(self) -> tuple[Grade, ...]:
        """The grades a result may have here, best first; none where the evaluation gives no grade."""
        scale = self.law.scale_of(self.law.evaluation())
        return scale.bands if scale else ()
