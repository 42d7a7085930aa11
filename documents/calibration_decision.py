"""The appointing official's decision on a request: a calibration session and who sits, or a refusal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.calibration_protocol import Barred
from documents.errors import WrongField
from documents.page import compose
from documents.parts import Act, Person, Signer
from documents.typesetting import Page, typeset
from documents.words import Language, long_date
from rules.period import Period


@dataclass(frozen=True)
class Seat:
    """A member of the session and the capacity in which they sit. Rule N-43."""

    name: str
    post: str
    capacity: str


@dataclass(frozen=True)
class SessionOrder:
    """The session: its members, those who may not sit, the last day to hold it. Rules N-40 to N-44."""

    members: tuple[Seat, ...]
    barred: tuple[Barred, ...]
    hold_by: date


@dataclass(frozen=True)
class RequestRefusal:
    """The ground on which the request is refused, with the point of the act; for instance a late request."""

    ground: str
    point: str = ""


@dataclass(frozen=True)
class CalibrationDecision:
    """The decision: either `session` or `refusal` is given, never both. Rules N-20, N-21, N-40.

    `point` is the act's point on the decision.
    """

    body: str
    act: Act
    number: str
    decided_on: date
    decided_by: Signer
    applicant: Person
    period: Period
    requested_on: date
    session: SessionOrder | None = None
    refusal: RequestRefusal | None = None
    point: str = ""
    executor: str = ""
    reference: str = ""


def page(decision: CalibrationDecision, language: str) -> Page:
    """The decision as a page; see `render`."""
    made = compose(
        "calibration_decision",
        decision,
        language,
        decision.decided_on,
        fill=lambda chosen: _terms(decision, chosen),
    )
    if (decision.session is None) == (decision.refusal is None):
        raise WrongField("calibration decision", "session", "and 'refusal' exclude each other; give exactly one")
    return made


def render(decision: CalibrationDecision, language: str) -> bytes:
    """The decision as PDF (rules N-40 to N-43).

    Raises:
        MissingField: a required field is empty.
        WrongField: both or neither of session and refusal are given.
    """
    return typeset(page(decision, language))


def _terms(decision: CalibrationDecision, language: Language) -> dict[str, str]:
    return {
        "hold_by": long_date(decision.session.hold_by, language) if decision.session else "",
        "ground_point": decision.refusal.point if decision.refusal else "",
    }
