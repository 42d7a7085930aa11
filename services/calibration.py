"""Disagreement: the request, the decision and its composition (pts 10, 18-21); the session is `services.sessions`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models import CalibrationRequest, CalibrationSession, SessionMember
from models.base import instant
from models.journal import record, wrote
from models.sql import execute
from notifications import kinds
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from rules.panel import Member, check_composition
from services.content import held_of
from services.cycle import move_cycle
from services.door import move_one
from services.facts import must_serve
from services.familiarisation import case
from services.ground import Ground, Known, find_cycle, ground_of, known_cycle
from services.officials import holder
from services.panels import barred, eligible, panel_rules, tell
from services.sessions import Vote, give_feedback, hold, sign_protocol, upload_protocol
from services.terms import ensure_terms, role_term

__all__ = [
    "GROUNDS",
    "Received",
    "Vote",
    "barred",
    "call_session",
    "eligible",
    "give_feedback",
    "hold",
    "listed",
    "panel_rules",
    "refuse_request",
    "request",
    "sign_protocol",
    "upload_protocol",
]


@dataclass(frozen=True)
class Received:
    """What became of a request: in time or late, with the last day and the law behind it."""

    request_id: int
    late: bool
    last_day: str
    reason: str


def request(session: Session, assessment_id: int, person: int, words: str, now: datetime) -> Received:
    """The person disagrees and asks for a session, in free form (N-20).

    A request after the fifth working day is recorded too and never lost; it is marked late, and the appointing
    official refuses it with that ground.

    Raises:
        NotAllowed: somebody else's result. Incomplete: empty words. NotNow: nothing to disagree with yet, or twice.
    """
    row = case(session, assessment_id)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    ground.step("requested")  # an act without sessions refuses here
    source = ground.cite("requested")
    if row.person_id != person:
        raise NotAllowed(f"Only the evaluated person may ask for a calibration session{source}.")
    if not words.strip():
        raise Incomplete(f"The request is in free form, but it cannot be empty: say what you disagree with{source}.")
    familiarised = _familiarised_at(session, assessment_id)
    if familiarised is None or row.stage not in ("familiarised", "closed") or _asked(session, assessment_id):
        raise NotNow(_why_not_now(row.stage, source))
    ground.in_order("A request", now, familiarised)
    term = role_term(session, cycle, "request", ground.day_of(familiarised))
    late = now >= instant(term.due_at)
    made = CalibrationRequest(assessment_id=assessment_id, received_at=now, text=words, late=late)
    session.add(made)
    session.flush()
    move_one(
        session,
        "late_request" if late else "requested",
        assessment_id,
        now,
        f"person/{person}",
        sets={} if late else {"closed_at": None},
        reason="received after the term" if late else "",
    )
    if row.stage == "closed" and not late:
        _reopened(session, cycle, now, person)
    _tell_of_request(session, cycle, ground, row, now, _round(session, assessment_id, made.id or 0))
    return Received(made.id or 0, late, str(term.due), str(term.reason))


def _reopened(session: Session, cycle: Known, now: datetime, person: int) -> None:
    """A request received in time was entered after the cycle had closed: the right stands, the cycle goes on (N-20)."""
    found = find_cycle(session, cycle.key)
    if found.stage == "closed":
        move_cycle(session, found, "cycle_reopened", now, f"person/{person}")
        found.closed_at = None


def _why_not_now(stage: str, source: str) -> str:
    if stage in ("planned", "exempt", "notified", "open", "marked", "computed", "released", "disposed"):
        return f"There is no result to disagree with yet: the stage is '{stage}'. Its term runs from the familiarisation{source}."
    return (
        f"A calibration session was asked for already; the stage is '{stage}'. A second request is not needed{source}."
    )


def _asked(session: Session, assessment_id: int, which: str = "state <> 'refused'") -> int:
    query = f"SELECT COUNT(*) FROM calibration_request WHERE assessment_id = :i AND {which}"
    return int(execute(session, query, {"i": assessment_id}).scalar_one())


def _round(session: Session, assessment_id: int, request_id: int) -> int:
    """Each request of a person is told of for itself, however many were refused before."""
    return _asked(session, assessment_id, f"id < {int(request_id)}")


def _familiarised_at(session: Session, assessment_id: int) -> datetime | None:
    at = execute(session, "SELECT familiarised_at FROM assessment WHERE id = :i", {"i": assessment_id}).scalar_one()
    return None if at is None else instant(at)


def _tell_of_request(session: Session, cycle: Known, ground: Ground, row: Any, now: datetime, round: int) -> None:
    day = ground.day_of(now)
    ensure_terms(session, cycle, "calibration_request_received", [day])
    decision = role_term(session, cycle, "decision", day)
    registered = kinds.request_registered(period=cycle.period, received=day)
    tell(session, registered, cycle, row.id, row.person_id, now, round=round)
    official = holder(session, cycle, "appointing_official", day)
    if official is not None:
        tell(
            session,
            kinds.decision_needed(period=cycle.period, received=day, due=decision.due),
            cycle,
            row.id,
            official,
            now,
            instant(decision.due_at),
            round,
        )


def _alive(session: Session, request_id: int) -> CalibrationRequest:
    found = session.get(CalibrationRequest, request_id)
    if found is None:
        raise NotFound(f"There is no calibration request {request_id}.")
    if found.state != "received":
        source = _ground_of(session, found.assessment_id).cite("deadline:decision")
        raise NotNow(f"The request {request_id} was already {found.state}; it is decided once{source}.")
    return found


def _ground_of(session: Session, assessment_id: int) -> Ground:
    return ground_of(session, known_cycle(session, case(session, assessment_id).cycle_id))


def call_session(session: Session, request_id: int, members: Sequence[Member], decided_by: int, now: datetime) -> int:
    """The appointing official decides to hold a session and approves its composition (N-40..N-43); return its id.

    Raises:
        NotAllowed: the composition breaks pt 19, or the request is late. NotNow: decided already.
    """
    found = _alive(session, request_id)
    if found.late:
        source = _ground_of(session, found.assessment_id).cite("request_refused")
        raise NotAllowed(f"The request {request_id} came after the term; refuse it with that ground{source}.")
    row = case(session, found.assessment_id)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    ground.in_order("A decision", now, found.received_at)
    _only_official(session, cycle, ground, decided_by, ground.day_of(now))
    for member in members:
        must_serve(session, member.person, ground.day_of(now), f"sit in the session{ground.cite('session_called')}")
    evaluators, hr = eligible(session, row.id, ground.day_of(now))
    check_composition(panel_rules(ground), members, barred(session, row.id), evaluators, hr)
    found.state, found.decided_at, found.decided_by = "accepted", now, decided_by
    made = CalibrationSession(request_id=request_id, assessment_id=row.id, approved_at=now)
    session.add_all([found, made])
    session.flush()
    session.add_all(SessionMember(session_id=made.id or 0, person_id=m.person, capacity=m.capacity) for m in members)
    session.flush()
    move_one(session, "session_called", row.id, now, f"person/{decided_by}", note=f"session/{made.id}")
    _invite(session, cycle, ground, row, made, members, found, now)
    return made.id or 0


def _only_official(session: Session, cycle: Known, ground: Ground, person: int, on: date) -> None:
    source = ground.cite("deadline:decision")
    official = holder(session, cycle, "appointing_official", on)
    if official is not None and official != person:
        raise NotAllowed(f"Only the official with the right of appointment decides on a session{source}.")
    must_serve(session, person, on, f"decide on a session{source}")


def _invite(
    session: Session,
    cycle: Known,
    ground: Ground,
    row: Any,
    made: CalibrationSession,
    members: Sequence[Member],
    found: CalibrationRequest,
    now: datetime,
) -> None:
    term = role_term(session, cycle, "session", ground.day_of(found.received_at))
    called = kinds.session_called(period=cycle.period, due=term.due)
    invited = kinds.session_invitation(period=cycle.period, due=term.due)
    for member in members:
        tell(session, called, cycle, row.id, member.person, now, instant(term.due_at))
    for person in {row.person_id, row.evaluator_id, row.marker_id}:
        tell(session, invited, cycle, row.id, person, now, instant(term.due_at))


GROUNDS = {
    "late": "the request came after its term",
    "not_entitled": "the person is not entitled to ask for this session",
}


def refuse_request(session: Session, request_id: int, ground_id: str, decided_by: int, now: datetime) -> None:
    """Refuse a request, only because it is late or the person not entitled; the refusal is served (N-Q17, U-Q20).

    Raises:
        NotAllowed: another ground, or "late" for a request that came in time.
    """
    found = _alive(session, request_id)
    row = case(session, found.assessment_id)
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    ground.in_order("A decision", now, found.received_at)
    _only_official(session, cycle, ground, decided_by, ground.day_of(now))
    source = ground.cite("request_refused")
    if found.late and ground_id == "not_entitled":
        raise NotAllowed(f"The request {request_id} came after the term, and that is the ground{source}.")
    if ground_id not in GROUNDS or (ground_id == "late" and not found.late):
        raise NotAllowed(
            f"A request is refused only when it is late or the person is not entitled{source}; this one is neither by what "
            "is recorded."
        )
    found.state, found.ground, found.decided_at, found.decided_by = "refused", ground_id, now, decided_by
    session.add(found)
    session.flush()
    why = GROUNDS[ground_id] + ground.cite("requested")
    if row.stage == "requested":
        move_one(session, "request_refused", row.id, now, f"person/{decided_by}", reason=why)
    else:
        record(
            session,
            "request_refused",
            now,
            f"person/{decided_by}",
            cycle_id=cycle.id,
            subject=f"request/{request_id}",
            rules=ground.source("request_refused").rules,
            reason=why,
        )
        wrote(session, "calibration_request", [held_of(session, "calibration_request", row.id)])
    refused = kinds.request_refused(period=cycle.period)
    tell(session, refused, cycle, row.id, row.person_id, now, round=_round(session, row.id, request_id))


def listed(session: Session, cycle: Known) -> list[dict[str, Any]]:
    """Every request of a cycle with its session, people by personnel number only (N-23)."""
    rows = execute(
        session,
        (
            "SELECT r.id AS request, p.personnel_no AS person, r.received_at, r.late, r.state, r.ground, r.decided_at,"
            " s.id AS session, s.held_at, s.protocol_signed_at, s.protocol_uploaded_at, s.feedback_at, a.stage"
            " FROM calibration_request r JOIN assessment a ON a.id = r.assessment_id JOIN person p ON p.id = a.person_id"
            " LEFT JOIN calibration_session s ON s.request_id = r.id WHERE a.cycle_id = :c ORDER BY r.id"
        ),
        {"c": cycle.id},
    )
    return [row._asdict() | {"late": bool(row.late)} for row in rows]
