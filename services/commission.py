"""The composition of the Commission: a standing one by order, replaced by an amending order with its day (M-12, M-48)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models import CommissionOrder, CommissionSeat
from models.base import as_day, instant
from models.journal import record
from models.sql import execute
from rules.composition import CHAIR, SECRETARY, Member, Seat, check_composition, seated
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from rules.panel import PanelRules
from services.content import keep
from services.facts import must_serve
from services.ground import Ground, Known, ground_of
from services.officials import FARTHEST, holder, hr_on

_SCOPE = "organisation = :o AND act = :a AND panel = :p"


def rules_of(ground: Ground) -> PanelRules:
    """What the act asks of the Commission that decides in this evaluation.

    Raises:
        NotAllowed: no Commission decides here.
    """
    panel = ground.evaluation.panel
    found = PanelRules.of(ground.law, panel) if panel and panel in ground.law.panels else None
    if panel is None or found is None or found.kind != "commission":
        raise NotAllowed(
            f"{ground.law.act}: no Commission decides in the evaluation '{ground.evaluation.id}' ({ground.evaluation.point})."
        )
    return found


def _scope(cycle: Known, ground: Ground) -> dict[str, Any]:
    return {"o": cycle.organisation, "a": cycle.act, "p": ground.evaluation.panel}


def compose(
    session: Session, cycle: Known, members: Sequence[Member], order: str, from_day: date, by: int, now: datetime
) -> int:
    """An order creates the Commission, or replaces its whole composition, from a day on; return the order's number here.

    It stands for the body and the act, so every cycle decided by this Commission sees it.

    Raises:
        Incomplete: no order. NotAllowed: the composition breaks the act, or a stranger enters it.
        NotNow: a sitting was held on that day or later under the composition as it was.
    """
    ground = ground_of(session, cycle)
    rules = rules_of(ground)
    if not order.strip():
        raise Incomplete(f"Say by which order, with its number and date{rules.cite('composition')}.")
    _check_by(session, cycle, ground, rules, by, now)
    if from_day > ground.day_of(now) + FARTHEST:
        raise NotNow(
            f"{from_day} lies more than {FARTHEST.days} days ahead; enter an order when it was given"
            f"{rules.cite('composition')}."
        )
    last = _last_sitting(session, cycle, ground)
    if last is not None and from_day <= last:
        raise NotNow(
            f"The Commission sat on {last} in the composition of then; an order from {from_day} would undo it"
            f"{rules.cite('composition')}. Give a later day."
        )
    for member in members:
        must_serve(session, member.person, from_day, f"sit in the Commission{rules.cite('composition')}")
    check_composition(rules, members, {}, set(), hr_on(session, cycle, from_day))
    made = CommissionOrder(
        organisation=cycle.organisation, act=cycle.act, panel=ground.evaluation.panel or "", from_day=from_day,
        order_text=order.strip(), recorded_at=now, recorded_by=by,
    )  # fmt: skip
    session.add(made)
    session.flush()
    session.add_all(CommissionSeat(order_id=made.id or 0, person_id=m.person, capacity=m.capacity) for m in members)
    session.flush()
    seats = ", ".join(f"person/{m.person} {m.capacity}" for m in members)
    record(
        session, "commission_composed", now, f"person/{by}", cycle_id=cycle.id, subject=f"commission_order/{made.id}",
        rules=rules.sources[""].rules, reason=f"from {from_day}: {order.strip()}: {seats}",
    )  # fmt: skip
    keep(session, made.id or 0, commission_order="id", commission_seat="order_id")
    return made.id or 0


def amend(
    session: Session,
    cycle: Known,
    leave: Collection[int],
    join: Sequence[Member],
    order: str,
    from_day: date,
    by: int,
    now: datetime,
) -> int:
    """An amending order replaces members or the chair from a day on; the others keep their seats (M-48, J-11).

    Raises:
        NotFound: there is no composition yet, or somebody who leaves has no seat. Other refusals as `compose`.
    """
    _, seats = composition(session, cycle, from_day)
    strangers = set(leave) - {one.person for one in seats}
    if strangers:
        rules = rules_of(ground_of(session, cycle))
        raise NotFound(f"Person {min(strangers)} has no seat in the Commission{rules.cite('composition')}.")
    kept = [Member(one.person, one.capacity) for one in seats if one.person not in leave]
    return compose(session, cycle, [*kept, *join], order, from_day, by, now)


def _check_by(session: Session, cycle: Known, ground: Ground, rules: PanelRules, by: int, now: datetime) -> None:
    today = ground.day_of(now)
    allowed = hr_on(session, cycle, today) | {holder(session, cycle, "appointing_official", today)}
    if by not in allowed:
        raise NotAllowed(
            f"The authorised person composes the Commission, HR enters the order{rules.cite('composition')}; somebody "
            "else cannot."
        )
    must_serve(session, by, today, "enter an order on the Commission")


def _last_sitting(session: Session, cycle: Known, ground: Ground) -> date | None:
    at = execute(
        session,
        f"SELECT MAX(s.held_at) FROM commission_sitting s JOIN commission_order o ON o.id = s.order_id WHERE {_SCOPE}",
        _scope(cycle, ground),
    ).scalar_one()
    return None if at is None else ground.day_of(instant(at))


def composition(session: Session, cycle: Known, on: date) -> tuple[int, tuple[Seat, ...]]:
    """(the order in force on a day, who sits by it).

    Raises:
        NotFound: no order has created the Commission by that day.
    """
    ground = ground_of(session, cycle)
    rules = rules_of(ground)
    orders = execute(
        session,
        f"SELECT id, from_day FROM commission_order WHERE {_SCOPE} ORDER BY from_day, id",
        _scope(cycle, ground),
    ).all()
    begun = [row for row in orders if as_day(row.from_day) <= on]
    if not begun:
        raise NotFound(
            f"No order has created the Commission by {on}{rules.cite('composition')}; enter it with"
            f" `bagalau commission compose {cycle.key}`."
        )
    current = begun[-1]
    held = execute(
        session, "SELECT person_id, capacity FROM commission_seat WHERE order_id = :i ORDER BY person_id",
        {"i": current.id},
    )  # fmt: skip
    seats = [Seat(row.person_id, row.capacity, as_day(current.from_day)) for row in held]
    return int(current.id), seated(seats, on)


def voting(seats: Collection[Seat]) -> set[int]:
    """The members with a vote."""
    return {one.person for one in seats if one.capacity != SECRETARY}


def office(seats: Collection[Seat], capacity: str = CHAIR) -> int | None:
    """The person in an office, if it is filled."""
    return next((one.person for one in seats if one.capacity == capacity), None)


def listed(session: Session, cycle: Known) -> list[dict[str, Any]]:
    """Every order with its seats, oldest first; people by personnel number."""
    rows = execute(
        session,
        "SELECT o.id AS number, o.from_day, o.order_text AS document, s.capacity, p.personnel_no AS person"
        " FROM commission_order o JOIN commission_seat s ON s.order_id = o.id JOIN person p ON p.id = s.person_id"
        f" WHERE {_SCOPE} ORDER BY o.from_day, o.id, s.capacity, p.personnel_no",
        _scope(cycle, ground_of(session, cycle)),
    )
    return [row._asdict() for row in rows]
