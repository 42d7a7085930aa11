"""The steps of one individual plan: drawn up, approved or sent back, placed, changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from models.sql import execute
from rules.errors import Incomplete, NotAllowed
from rules.individual_plan import Item, check_change, check_items, target
from services.facts import person_id
from services.plan_people import due_of
from services.plans import Case, case, step, write_items


def draw(session: Session, key: str, person: int, items: Sequence[Item], by: int, now: datetime) -> None:
    """The plan is drawn up, or handed in again after a return (U-37, U-38, M-18, M-22, J-15, J-20).

    Raises:
        NotAllowed: somebody else than those the act names. Incomplete: the items do not fit. NotNow: it stands elsewhere.
    """
    one = case(session, key, person)
    _must_be(one, by, one.described.get("drawn_by") or (), "draws up the plan")
    target("plan_drawn", one.plan.stage, one.described)
    check_items(one.described, items)
    write_items(session, one.plan, items)
    one.plan.drawn_at = one.plan.drawn_at or now
    step(session, one, "plan_drawn", now, by, "")


def approve(session: Session, key: str, person: int, by: int, now: datetime) -> None:
    """The plan is approved, agreed or signed by the other side, as the act asks; from then on it is in force (M-19, J-19).

    Raises:
        NotAllowed: it is somebody else's to do. NotNow: there is no plan to approve.
    """
    one = case(session, key, person)
    target("plan_approved", one.plan.stage, one.described)
    _may_approve(session, one, by)
    one.plan.approved_at = now
    placed = due_of(
        one.ground, (one.described.get("deadlines") or {}).get("placed"), {"kpi_approved": one.ground.day_of(now)}
    )
    one.plan.place_by = placed.due if placed is not None else None
    step(session, one, "plan_approved", now, by, "")


def _may_approve(session: Session, one: Case, by: int) -> None:
    approval = one.described.get("approval") or "none"
    if approval == "hr":
        if by not in hr_of(session, one):
            raise NotAllowed(f"The plan is agreed by an employee of the HR service ({one.described.point}).")
    elif approval == "superior_supervisor":
        if by != one.plan.approver_id:
            raise NotAllowed(
                f"The superior supervisor approves the plan ({one.described.point}); somebody else cannot."
            )
    else:
        _must_be(one, by, one.described.get("signed_by") or one.described.get("drawn_by") or (), "signs the plan")
        if by == _last_by(session, one):
            raise NotAllowed(f"The plan bears two signatures ({one.described.point}); the other side signs it now.")


def _last_by(session: Session, one: Case) -> int:
    found = execute(
        session, "SELECT by FROM plan_event WHERE plan_id = :p AND event IN ('plan_drawn', 'plan_changed')"
        " ORDER BY version DESC LIMIT 1", {"p": one.plan.id},
    ).scalar_one()  # fmt: skip
    return int(str(found).removeprefix("person/"))


def hr_of(session: Session, one: Case) -> set[int]:
    """The employees with HR duties, as the body's file named them when the round was opened."""
    officials = one.ground.organisation.settings.get("officials") or {}
    return {person_id(session, str(officials[role])) for role in ("hr_officer", "hr_deputy") if role in officials}


def give_back(session: Session, key: str, person: int, reason: str, by: int, now: datetime) -> date | None:
    """The plan is sent back for correction with the reason; return the last day for handing it in again (M-21, M-22).

    Raises:
        NotAllowed: somebody else than who approves. Incomplete: no reason. NotNow: there is nothing to send back.
    """
    one = case(session, key, person)
    target("plan_returned", one.plan.stage, one.described)
    _may_approve(session, one, by)
    if not reason.strip():
        raise Incomplete(f"Say what must be corrected; the supervisor has to know it ({one.described.point}).")
    again = due_of(
        one.ground, (one.described.get("deadlines") or {}).get("resubmitted"),
        {"plan_returned_for_correction": one.ground.day_of(now)},
    )  # fmt: skip
    one.plan.returned_at, one.plan.again_by = now, again.due if again is not None else None
    step(session, one, "plan_returned", now, by, reason)
    return one.plan.again_by


def place(session: Session, key: str, person: int, by: int, now: datetime) -> None:
    """HR keeps the plan, or places it in the information system (U-39, M-25, J-18).

    Raises:
        NotAllowed: somebody outside HR. NotNow: the plan is not in force.
    """
    one = case(session, key, person)
    if by not in hr_of(session, one):
        raise NotAllowed(f"An employee of the HR service keeps the plans ({one.described.point}).")
    one.plan.placed_at = now
    step(session, one, "plan_placed", now, by, "")


def change(session: Session, key: str, person: int, reason: str, items: Sequence[Item], by: int, now: datetime) -> None:
    """A plan in force is changed for a reason the act knows; the old items are kept, the new ones wait for approval (U-46).

    Raises:
        NotAllowed: another reason or another person. Incomplete: the items do not fit. NotNow: no plan is in force.
    """
    one = case(session, key, person)
    _must_be(one, by, one.described.get("drawn_by") or (), "changes the plan")
    target("plan_changed", one.plan.stage, one.described)
    check_change(one.described, reason)
    check_items(one.described, items)
    write_items(session, one.plan, items)
    one.plan.approved_at = one.plan.placed_at = one.plan.place_by = None
    step(session, one, "plan_changed", now, by, reason)


def _must_be(one: Case, by: int, roles: Sequence[str], what: str) -> None:
    people = {
        "evaluatee": one.plan.person_id, "servant": one.plan.person_id, "direct_supervisor": one.plan.supervisor_id,
        "evaluator": one.plan.supervisor_id,
    }  # fmt: skip
    if by not in {people[role] for role in roles if role in people}:
        who = " or the ".join(role.replace("_", " ") for role in roles)
        raise NotAllowed(f"The {who} {what} ({one.described.point}); somebody else cannot.")
