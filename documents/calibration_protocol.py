"""The protocol (хаттама) of a calibration session: composition, arguments, votes, outcome, signatures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from documents.errors import WrongField
from documents.page import compose
from documents.parts import Act, DigitalSignature, Person, Signer
from documents.typesetting import Page, typeset
from rules.period import Period

Outcome = Literal["kept", "raised", "lowered"]
Manner = Literal["oral", "written", "not recorded", "not used"]


@dataclass(frozen=True)
class Vote:
    """A member's vote: what it is for, the mark in points it gives, the argument. Rule N-48."""

    outcome: Outcome
    mark: Decimal
    argument: str = ""


@dataclass(frozen=True)
class SessionMember:
    """A member, the capacity in which they sit (rule N-43), their vote, the signature once given."""

    name: str
    post: str
    capacity: str
    vote: Vote
    signature: DigitalSignature | None = None


@dataclass(frozen=True)
class Barred:
    """A person who may not be a member of this session, and why. Rule N-42."""

    name: str
    post: str
    why: str


@dataclass(frozen=True)
class ProtocolPoints:
    """Points of the act the protocol cites: the composition, the session and its protocol, the appeal; "" where none."""

    composition: str = ""
    session: str = ""
    appeal: str = ""


@dataclass(frozen=True)
class MarkAndResult:
    """A mark in points and the result it stands for."""

    mark: Decimal
    result: str


@dataclass(frozen=True)
class CalibrationProtocol:
    """One session's protocol. `argument_manner` is how the evaluatee used the right to argue (rule N-47).

    `decided_by` is the appointing official who approved the composition on `decided_on`; `upload_by` is the last
    day to place the protocol in the information system (rule N-50).
    """

    body: str
    act: Act
    points: ProtocolPoints
    number: str
    held_at: datetime
    place: str
    period: Period
    evaluatee: Person
    evaluator: Person
    requested_on: date
    request: str
    decided_on: date
    decision_number: str
    decided_by: Signer
    members: tuple[SessionMember, ...]
    barred: tuple[Barred, ...]
    evaluator_argument: str
    before: MarkAndResult
    after: MarkAndResult
    outcome: Outcome
    signed_on: date
    upload_by: date
    hr_officer: Signer
    argument_manner: Manner = "not used"
    evaluatee_argument: str = ""
    reference: str = ""


def page(protocol: CalibrationProtocol, language: str) -> Page:
    """The protocol as a page; see `render`."""
    made = compose("calibration_protocol", protocol, language, protocol.signed_on, fill=lambda _: _count(protocol))
    _refuse_a_silent_argument(protocol)
    return made


def render(protocol: CalibrationProtocol, language: str) -> bytes:
    """The protocol as PDF (rules N-40 to N-43, N-46 to N-50).

    Raises:
        MissingField: a required field is empty.
        WrongField: the evaluatee argued, but the argument is missing.
    """
    return typeset(page(protocol, language))


def _refuse_a_silent_argument(protocol: CalibrationProtocol) -> None:
    if protocol.argument_manner != "not used" and not protocol.evaluatee_argument.strip():
        problem = f"is empty, yet the manner is '{protocol.argument_manner}'"
        raise WrongField("calibration protocol", "evaluatee_argument", problem)


def _count(protocol: CalibrationProtocol) -> dict[str, int]:
    votes = [member.vote.outcome for member in protocol.members]
    return {"members_count": len(votes), "votes": votes.count(protocol.outcome)}
