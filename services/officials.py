"""Who holds which role in a cycle: the body's file names them at its opening, a dated order replaces one who leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from models import Official
from models.base import as_day, instant
from models.journal import record
from models.sql import execute
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from rules.stages import ABANDONED
from services.content import keep
from services.facts import must_serve, person_id, personnel_no, serves
from services.ground import Ground, Known, ground_of

#: role of the body's file -> how a sentence names it
ROLES: Mapping[str, str] = {
    "appointing_official": "the official with the right of appointment",
    "hr_officer": "the HR officer",
    "hr_deputy": "the deputy of the HR officer",
    "head_of_body": "the head of the body",
    "chief_of_staff": "the chief of staff",
}
HR = ("hr_officer", "hr_deputy")
#: an order is entered about when it was given
FARTHEST = timedelta(days=366)

_NEWEST = "SELECT person_id FROM official WHERE cycle_id = :c AND role = :r AND from_day <= :d ORDER BY from_day DESC, id DESC LIMIT 1"


def holder(session: Session, cycle: Known, role: str, on: date) -> int | None:
    """Who holds a role on a day, or None where the body's file and no order name anybody."""
    ordered = execute(session, _NEWEST, {"c": cycle.id, "r": role, "d": on}).scalar_one_or_none()
    return int(ordered) if ordered is not None else _pinned(session, ground_of(session, cycle), role)


def _pinned(session: Session, ground: Ground, role: str) -> int | None:
    number = (ground.organisation.settings.get("officials") or {}).get(role)
    return None if number is None else person_id(session, str(number))


def hr_on(session: Session, cycle: Known, on: date) -> set[int]:
    """The employees with HR duties on a day (N-17, N-43)."""
    return {one for role in HR if (one := holder(session, cycle, role, on)) is not None}


#: who gives orders in a cycle: the official with the right of appointment, and HR for them
IN_CHARGE = ("appointing_official", *HR)


def must_be_in_charge(
    session: Session,
    cycle: Known,
    actor: str,
    now: datetime,
    whereto: str,
    event: str,
    also: frozenset[int] = frozenset(),
) -> None:
    """Refuse an act of HR or of the official with the right of appointment that somebody else does.

    Args:
        actor: of the journal; another part of the machine ("system/...") acts for them. also: who may do it too.

    Raises:
        NotFound: there is no such person. NotAllowed: the person holds no such role that day, or does not serve.
    """
    if not actor.startswith("person/"):
        return
    by, ground = int(actor.removeprefix("person/")), ground_of(session, cycle)
    today = ground.day_of(now)
    if execute(session, "SELECT 1 FROM person WHERE id = :i", {"i": by}).one_or_none() is None:
        raise NotFound(f"There is no person {by}; see `bagalau people list`.")
    must_serve(session, by, today, whereto)
    held = {one for role in IN_CHARGE if (one := holder(session, cycle, role, today)) is not None}
    if held and by not in held | also:  # where the body's file names nobody, whoever serves in the body may
        raise NotAllowed(
            f"{personnel_no(session, by)} has neither HR duties nor the right of appointment on {today} and cannot "
            f"{whereto}{ground.cite(event)}; `bagalau cycle officials {cycle.key}` says who can."
        )


@dataclass(frozen=True)
class Named:
    """One line of the list of officials: since when (None: since the opening), and by which order."""

    role: str
    person: str
    from_day: date | None
    order: str


def listed(session: Session, cycle: Known) -> list[Named]:
    """Everybody who ever held a role in the cycle, in the order of roles and days; people by personnel number."""
    ground = ground_of(session, cycle)
    named = (ground.organisation.settings.get("officials") or {}).items()
    found = [Named(role, str(number), None, f"organisation file {ground.organisation.key}") for role, number in named]
    rows = execute(
        session,
        "SELECT o.role, p.personnel_no, o.from_day, o.order_text FROM official o JOIN person p ON p.id = o.person_id"
        " WHERE o.cycle_id = :c ORDER BY o.from_day, o.id",
        {"c": cycle.id},
    )
    found += [Named(row[0], row[1], as_day(row[2]), row[3]) for row in rows]
    return sorted(found, key=lambda one: (list(ROLES).index(one.role) if one.role in ROLES else len(ROLES), one.role))


def change(
    session: Session, cycle: Known, given: Mapping[str, int], from_day: date, order: str, by: int, now: datetime
) -> None:
    """Give roles to people from a day on, by an order; every later step asks who holds the role on its day (N-25, N-40).

    Raises:
        Incomplete: no role or no order. NotFound: no such role. NotAllowed: a stranger enters it, or the person does
            not serve. NotNow: the day lies outside the cycle, or before a decision already taken in the role.
    """
    ground = ground_of(session, cycle)
    today = ground.day_of(now)
    if not given or not order.strip():
        source = ground.cite("schedule_approved")
        raise Incomplete(f"Say which role goes to whom, and by which order, with its number and date{source}.")
    _check_day(session, cycle, ground, from_day, today)
    _check_by(session, cycle, ground, set(given.values()), by, today)
    for role, person in given.items():
        _check_role(session, cycle, ground, role, person, from_day)
        made = Official(
            cycle_id=cycle.id or 0, role=role, person_id=person, from_day=from_day, order_text=order.strip(),
            recorded_at=now, recorded_by=by,
        )  # fmt: skip
        session.add(made)
        session.flush()
        record(
            session, "official_changed", now, f"person/{by}", cycle_id=cycle.id, subject=f"official/{made.id}",
            rules=ground.source("schedule_approved", "deadline:decision").rules,
            reason=f"{role} is person/{person} from {from_day}: {order.strip()}",
        )  # fmt: skip
        keep(session, made.id or 0, official="id")
    if "head_of_body" in given:  # he evaluates: the plan follows at the next step
        execute(session, "UPDATE cycle SET staff_seen = -1 WHERE id = :i", {"i": cycle.id})


def _check_day(session: Session, cycle: Known, ground: Ground, from_day: date, today: date) -> None:
    row = execute(session, "SELECT stage, opened_at FROM cycle WHERE id = :i", {"i": cycle.id}).one()
    opened = ground.day_of(instant(row.opened_at))
    if row.stage == ABANDONED:
        raise NotNow(f"The cycle {cycle.key} was abandoned; it needs no officials any more.")
    if not opened <= from_day <= today + FARTHEST:
        raise NotNow(
            f"{from_day} lies outside the cycle: it was opened on {opened} with the officials of the body's file, and an "
            f"order is entered at most {FARTHEST.days} days ahead; correct the day."
        )


def _check_by(session: Session, cycle: Known, ground: Ground, named: set[int], by: int, today: date) -> None:
    """An official of the cycle enters the order; where none serves any more, one whom it names."""
    must_serve(session, by, today, "enter an order on the officials")
    held = {one for role in ROLES if (one := holder(session, cycle, role, today)) is not None}
    serving = {one for one in held if serves(session, one, today)}
    if held and by not in (serving or named):
        raise NotAllowed(
            f"{personnel_no(session, by)} holds no role in the cycle {cycle.key} on {today}; the official with the right "
            f"of appointment or HR enters the order{ground.cite('schedule_approved')}."
        )


def _check_role(session: Session, cycle: Known, ground: Ground, role: str, person: int, from_day: date) -> None:
    if role not in ROLES:
        raise NotFound(f"There is no role '{role}'; known are: {', '.join(ROLES)}.")
    must_serve(session, person, from_day, f"be {ROLES[role]}")
    if holder(session, cycle, role, from_day) == person:
        raise NotNow(
            f"{personnel_no(session, person)} is {ROLES[role]} on {from_day} already; nothing is to be changed."
        )
    last = _last_decision(session, cycle, ground) if role == "appointing_official" else None
    if last is not None and from_day < last:
        raise NotNow(
            f"A decision of {last} was taken by who held the role then; an order from {from_day} would leave it without "
            f"authority{ground.cite('deadline:decision')}. Give that day or a later one."
        )


def _last_decision(session: Session, cycle: Known, ground: Ground) -> date | None:
    decided: Any = execute(
        session,
        "SELECT MAX(at) FROM (SELECT approved_at AS at FROM cycle WHERE id = :c UNION ALL"
        " SELECT r.decided_at FROM calibration_request r JOIN assessment a ON a.id = r.assessment_id"
        " WHERE a.cycle_id = :c) d",
        {"c": cycle.id},
    ).scalar_one()
    return None if decided is None else ground.day_of(instant(decided))


def gone(session: Session, cycle: Known, today: date) -> dict[str, int]:
    """Role -> who holds it today and has left the body."""
    held = {role: holder(session, cycle, role, today) for role in ROLES}
    return {role: one for role, one in held.items() if one is not None and not serves(session, one, today)}


def alerted(session: Session, cycle: Known, today: date) -> int | None:
    """Who is told what needs a hand: the HR officer, or who of HR and the officials still serves (N-25)."""
    for role in ("hr_officer", "hr_deputy", "appointing_official"):
        one = holder(session, cycle, role, today)
        if one is not None and serves(session, one, today):
            return one
    return None
