"""A sitting of the Commission: who came, the signed protocol, the approval of the authorised person (M-47, M-56)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models import CommissionApproval, CommissionPresence, CommissionProtocol, CommissionSitting
from models.base import instant, stamp
from models.journal import record
from models.sql import execute
from rules.composition import SECRETARY, Seat
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from rules.panel import check_quorum
from rules.terms import end_of_day
from services.commission import composition, office, rules_of, voting
from services.completion import completed, completing_event
from services.content import keep
from services.door import move
from services.facts import must_serve
from services.ground import Ground, Known, ground_of, known_cycle
from services.officials import holder, hr_on
from services.submission import waiting
from services.terms import begin, ensure_terms, role_term


@dataclass(frozen=True)
class Held:
    """A sitting: its number; `late` when it came after the last day of the evaluation, with that day."""

    sitting: int
    late: bool
    last_day: str | None


def hold(session: Session, cycle: Known, present: Collection[int], by: int, now: datetime) -> Held:
    """The Commission sits with these people, members and the secretary; it needs its quorum (M-47, J-10).

    A sitting after the last day of the evaluation counts and is shown late: no rule voids its decision.

    Raises:
        NotAllowed: no quorum, a stranger among them, or somebody else than HR or the secretary records it.
        NotNow: nothing lies before the Commission, or it was submitted only later. NotFound: there is no Commission.
    """
    ground = ground_of(session, cycle)
    rules, on = rules_of(ground), ground.day_of(now)
    order, seats = composition(session, cycle, on)
    if by not in hr_on(session, cycle, on) | {office(seats, SECRETARY)}:
        raise NotAllowed(f"The secretary or HR records a sitting{rules.cite('secretary')}; somebody else cannot.")
    voters, here = voting(seats), set(present)
    check_quorum(rules, voters, here - {office(seats, SECRETARY)})
    for one in here:
        must_serve(session, one, on, "sit in the Commission")
    if not waiting(session, cycle, end_of_day(on, ground.zone)):
        raise NotNow(
            f"Nothing lay before the Commission on {on} in the cycle {cycle.key}; HR submits the sheets first."
        )
    made = CommissionSitting(cycle_id=cycle.id or 0, order_id=order, held_at=now, recorded_by=by)
    session.add(made)
    session.flush()
    who = {one.person: one.capacity for one in seats}
    session.add_all(
        CommissionPresence(sitting_id=made.id or 0, person_id=one, capacity=who[one]) for one in sorted(here)
    )
    session.flush()
    came = ", ".join(f"person/{one} {who[one]}" for one in sorted(here))
    record(
        session, "commission_sat", now, f"person/{by}", cycle_id=cycle.id, subject=f"sitting/{made.id}",
        rules=ground.step("decided").rules, reason=f"{len(here & voters)} of {len(voters)} members: {came}",
    )  # fmt: skip
    keep(session, made.id or 0, commission_sitting="id", commission_presence="sitting_id")
    ensure_terms(session, cycle, "commission_meeting", [on])
    begin(session, cycle, "calculation", [on])
    last = role_term(session, cycle, "evaluation")
    return Held(made.id or 0, last is not None and now >= instant(last.due_at), None if last is None else str(last.due))


def sitting(session: Session, number: int, cycle_id: int | None = None) -> Any:
    """The row of a sitting: cycle, order, instants of holding, protocol and approval.

    Args:
        cycle_id: of this cycle alone.

    Raises:
        NotFound: there is none.
    """
    row = execute(session, _SITTING, {"s": number}).one_or_none()
    if row is None or cycle_id not in (None, row.cycle_id):
        raise NotFound(f"There is no sitting {number} of this cycle; `bagalau commission show` lists them.")
    return row


_SITTING = (
    "SELECT s.id, s.cycle_id, s.order_id, s.held_at, p.signed_at, a.approved_at FROM commission_sitting s"
    " LEFT JOIN commission_protocol p ON p.sitting_id = s.id LEFT JOIN commission_approval a ON a.sitting_id = s.id"
    " WHERE s.id = :s"
)


def seats_of(session: Session, row: Any) -> tuple[list[Seat], set[int]]:
    """(who sat in the composition of a sitting, who came)."""
    seats = execute(session, "SELECT person_id, capacity FROM commission_seat WHERE order_id = :o", {"o": row.order_id})
    here = execute(session, "SELECT person_id FROM commission_presence WHERE sitting_id = :s", {"s": row.id})
    return [Seat(one.person_id, one.capacity, instant(row.held_at).date()) for one in seats.all()], set(here.scalars())


def sign_protocol(session: Session, number: int, reference: str, by: int, now: datetime) -> None:
    """The protocol is signed; the sitting decides nothing more (M-53, J-50).

    Raises:
        Incomplete: no reference. NotAllowed: neither HR nor the secretary. NotNow: signed before, or nothing was decided.
    """
    row = sitting(session, number)
    cycle, ground = _ground(session, row)
    rules, on = rules_of(ground), ground.day_of(now)
    seats, _ = seats_of(session, row)
    if by not in hr_on(session, cycle, on) | {office(seats, SECRETARY)}:
        raise NotAllowed(f"The secretary or HR records the protocol{rules.cite('secretary')}; somebody else cannot.")
    if row.signed_at is not None:
        raise NotNow(f"The protocol of the sitting {number} was signed already; it is not signed twice.")
    decided = execute(session, "SELECT COUNT(*) FROM commission_decision WHERE sitting_id = :s", {"s": number})
    if not decided.scalar_one():
        raise NotNow(f"The sitting {number} has decided nothing yet; its protocol is signed after the votes.")
    if not reference.strip():
        raise Incomplete(f"Give the number and date of the protocol{rules.cite('vote')}.")
    ground.in_order("A protocol", now, instant(row.held_at))
    session.add(CommissionProtocol(sitting_id=number, signed_at=now, reference=reference.strip(), recorded_by=by))
    session.flush()
    record(
        session, "commission_protocol_signed", now, f"person/{by}", cycle_id=cycle.id, subject=f"sitting/{number}",
        rules=ground.step("decided").rules, reason=reference.strip(),
    )  # fmt: skip
    keep(session, number, commission_protocol="sitting_id")


def _ground(session: Session, row: Any) -> tuple[Known, Ground]:
    cycle = known_cycle(session, row.cycle_id)
    return cycle, ground_of(session, cycle)


def approve(session: Session, number: int, by: int, now: datetime) -> int:
    """The authorised person approves the results of a sitting, as its protocol shows; return how many (M-56).

    Raises:
        NotAllowed: somebody else approves, or the act asks for no approval. NotNow: no protocol yet, or approved before.
    """
    row = sitting(session, number)
    cycle, ground = _ground(session, row)
    step, on = ground.step("approved"), ground.day_of(now)
    source = ", ".join(step.rules)
    official = holder(session, cycle, "appointing_official", on)
    if official != by:
        raise NotAllowed(f"Only the authorised person approves the results ({source}); somebody else cannot.")
    must_serve(session, by, on, f"approve the results ({source})")
    if row.signed_at is None:
        raise NotNow(f"The protocol of the sitting {number} is not signed yet; the approval is given on it ({source}).")
    if row.approved_at is not None:
        raise NotNow(f"The results of the sitting {number} were approved already ({source}).")
    ground.in_order("An approval", now, instant(row.signed_at))
    completes = completing_event(ground) == "approved"
    session.add(CommissionApproval(sitting_id=number, approved_at=now, approved_by=by))
    session.flush()
    moved = move(
        session, "approved", cycle.id or 0, now, f"person/{by}", note=f"'sitting/{int(number)}'",
        sets="completed_at = :now" if completes else "", params={"now": stamp(now), "s": number},
        where="EXISTS (SELECT 1 FROM commission_decision d WHERE d.assessment_id = assessment.id AND d.sitting_id = :s)"
        " AND NOT EXISTS (SELECT 1 FROM commission_decision l WHERE l.assessment_id = assessment.id AND l.sitting_id > :s)",
    )  # fmt: skip
    keep(session, number, commission_approval="sitting_id")
    completed(session, cycle, ground, "approved", now)
    return moved


def listed(session: Session, cycle: Known) -> list[dict[str, Any]]:
    """Every sitting of a cycle with what it decided and how far its papers are."""
    rows = execute(
        session,
        "SELECT s.id AS sitting, s.held_at, (SELECT COUNT(*) FROM commission_presence p WHERE p.sitting_id = s.id) AS present,"
        " (SELECT COUNT(*) FROM commission_decision d WHERE d.sitting_id = s.id AND d.decision = 'approve') AS left_as_is,"
        " (SELECT COUNT(*) FROM commission_decision d WHERE d.sitting_id = s.id AND d.decision = 'revise') AS revised,"
        " p.signed_at AS protocol_signed_at, p.reference AS protocol, a.approved_at FROM commission_sitting s"
        " LEFT JOIN commission_protocol p ON p.sitting_id = s.id LEFT JOIN commission_approval a ON a.sitting_id = s.id"
        " WHERE s.cycle_id = :c ORDER BY s.id",
        {"c": cycle.id},
    )
    return [row._asdict() for row in rows]
