"""Giving a plan up before anybody was told: the cycle ends, its record stays, and the period can be opened again."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from models.sql import execute
from rules.errors import Incomplete, NotAllowed, NotNow
from services.cycle import move_cycle
from services.facts import must_serve, personnel_no
from services.ground import find_cycle, ground_of
from services.officials import holder, hr_on

#: what may have been said of a cycle before anybody but HR knows of it
_TO_HR = ("deadline_alert", "schedule_needed", "substitute_needed")
_TOLD = f"SELECT COUNT(*) FROM notice WHERE cycle_id = :c AND kind NOT IN ({', '.join(repr(kind) for kind in _TO_HR)})"
_MOVED = "SELECT COUNT(*) FROM assessment WHERE cycle_id = :c AND stage NOT IN ('planned', 'exempt')"


def abandon(session: Session, key: str, why: str, now: datetime, by: int) -> None:
    """Give up a cycle nobody was told of (N-17, N-25): a draft HR or the official, an approved one the official alone.

    Raises:
        Incomplete: no reason. NotAllowed: somebody else gives it up. NotNow: people were notified, or it is over.
    """
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    source = ground.cite("cycle_abandoned")
    if not why.strip():
        raise Incomplete(f"Say why the cycle {key} is abandoned; the reason is kept in the journal{source}.")
    today = ground.day_of(now)
    must_serve(session, by, today, "abandon a cycle")
    official = holder(session, cycle, "appointing_official", today)
    may = {official} if cycle.stage == "approved" else {official, *hr_on(session, cycle, today)}
    if may - {None} and by not in may:
        who = (
            "the official who approves it"
            if cycle.stage == "approved"
            else "HR or the official with the right of appointment"
        )
        raise NotAllowed(
            f"{personnel_no(session, by)} cannot abandon the cycle {key}: {who} does{source}; "
            f"see `bagalau cycle officials {key}`."
        )
    told = (
        execute(session, _TOLD, {"c": cycle.id}).scalar_one() + execute(session, _MOVED, {"c": cycle.id}).scalar_one()
    )
    if told:
        raise NotNow(
            f"People were notified of the evaluation {key} already; it is carried through, not abandoned{source}."
        )
    move_cycle(session, cycle, "cycle_abandoned", now, f"person/{by}", why.strip())
