"""The servant who hands over no own part: after the body's own term the sheet goes on without it, where the act's data says so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from models.base import as_day, instant
from models.sql import execute
from rules.errors import Incomplete, MissingSetting, NotAllowed, NotFound, NotNow
from rules.law import DeadlineRule
from rules.stages import target
from rules.terms import due, end_of_day
from services.door import move_one
from services.facts import must_serve
from services.ground import Ground, Known, ground_of, known_cycle
from services.terms import term_for

EVENT = "own_part_missed"
_CASE = "SELECT id, cycle_id, stage, marker_id FROM assessment WHERE id = :i"


def go_on(session: Session, assessment: int, why: str, by: int, now: datetime) -> None:
    """The supervisor goes on without the servant's own part; the reason stays in the record (J-34, J-40).

    Raises:
        NotAllowed: the act's data knows no such step, or it is somebody else's. MissingSetting: the body has no term.
        Incomplete: no reason. NotNow: the own part is there, or its term is not over.
    """
    row = execute(session, _CASE, {"i": assessment}).one_or_none()
    if row is None:
        raise NotFound(f"There is no assessment {assessment}.")
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    step, on = ground.step(EVENT), ground.day_of(now)
    source = f"{', '.join(step.rules)}, {ground.evaluation.source(EVENT).point}"
    target(EVENT, row.stage, {EVENT: step})
    if by != row.marker_id:
        raise NotAllowed(f"Only the supervisor who holds the sheet goes on without the own part ({source}).")
    must_serve(session, by, on, f"go on without the own part ({source})")
    if not why.strip():
        raise Incomplete(f"Say why the sheet goes on without the servant's own part ({source}).")
    last = _last_day_of(session, cycle, ground, row)
    if now < end_of_day(last, ground.zone):
        raise NotNow(
            f"The servant has until {last} for the own part, a term of the body ({source}); go on without it after that."
        )
    move_one(session, EVENT, assessment, now, f"person/{by}", reason=f"without the own part: {why.strip()}")


def last_day(session: Session, cycle: Known, ground: Ground) -> date | None:
    """The last day for the own parts where the body has a term for them."""
    name = ground.evaluation.options.get("own_part_term")
    term = term_for(session, cycle.id or 0, name) if name else None
    return None if term is None else as_day(term.due)


def _last_day_of(session: Session, cycle: Known, ground: Ground, row: Any) -> date:
    """The last day for one servant: counted from the day the sheet came, where that was after the evaluation began."""
    name = ground.evaluation.options.get("own_part_term") or ""
    rule, usual = ground.law.deadlines.get(name), last_day(session, cycle, ground)
    if not isinstance(rule, DeadlineRule) or usual is None:
        raise MissingSetting(
            f"{ground.law.act}, {ground.evaluation.source(EVENT).point}: the text gives no term for the own part. Set "
            f"house_deadlines.{name or 'house_own_part'} in the organisation file of {ground.organisation.key}, for the "
            "cycles opened after it."
        )
    came = execute(session, _CAME, {"i": row.id}).scalar_one()
    if came is None or rule.anchor != "evaluation_start":
        return usual
    own = due(ground.law, rule, ground.calendar, ground.period, {rule.anchor: ground.day_of(instant(came))}).due
    return max(usual, own) if own is not None else usual


_CAME = (
    "SELECT MAX(e.at) FROM journal_row j JOIN journal_entry e ON e.id = j.entry_id WHERE j.assessment_id = :i"
    " AND j.to_stage = 'open'"
)
