"""One step forward for a cycle: each function does, in a set, what the law and the answers allow at this instant.

Every function is safe to run twice, late, early or at the same time as another: it looks at the stage, not at a clock
of its own, and changes state only through the door.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from notifications import kinds
from services import cycle as cycles
from services import familiarisation, ladder, plan, returning, scoring, sheets, surveys, tallying
from services.closing import ACTOR, close_what_is_settled
from services.door import move
from services.ground import find_cycle, ground_of
from services.reminders import call_calibration, remind, remind_unopened
from services.served import follow_deliveries
from services.telling import tell
from services.terms import role_term


def begin(session: Session, key: str, now: datetime) -> bool:
    """Start the cycle when its schedule is approved and its period is over; False when nothing may be done yet."""
    if not cycles.ready(session, key, now):
        return False
    cycle = find_cycle(session, key)
    if cycle.stage == "approved":
        cycles.move_cycle(session, cycle, "cycle_started", now, ACTOR)
    return True


def refresh_plan(session: Session, key: str, now: datetime) -> int:
    """Follow changed staff facts, and who came back from an absence (M-11, J-5)."""
    cycle = find_cycle(session, key)
    changed = plan.refresh_plan(session, cycle, now, ACTOR)
    return changed + returning.follow(session, cycle, cycles.first_day(cycle, ground_of(session, cycle)), now, ACTOR)


def notify_participants(session: Session, key: str, now: datetime) -> int:
    """Tell those whom the act names that the evaluation takes place (N-25, U-46, M-46, J-22)."""
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    moved = move(session, "notified", cycle.id or 0, now, ACTOR, reason="the evaluation was announced")
    told = ground.evaluation.options.get("notify", ["evaluatee"])
    due = role_term(session, cycle, "evaluation")
    if moved and "evaluator" in told:
        first = cycles.first_day(cycle, ground)
        tell(
            session,
            kinds.evaluation_scheduled(period=cycle.period, start=first, due=due.due),
            cycle,
            now,
            params={"c": cycle.id},
            counted=True,
            select="SELECT 0 AS assessment_id, marker_id AS recipient_id, COUNT(*) AS count FROM assessment"
            " WHERE cycle_id = :c AND stage = 'notified' AND marker_id IS NOT NULL GROUP BY marker_id",
        )
    if moved and "evaluatee" in told:
        tell(
            session,
            kinds.evaluation_announced(period=cycle.period, due=due.due),
            cycle,
            now,
            params={"c": cycle.id},
            select="SELECT id AS assessment_id, person_id AS recipient_id FROM assessment"
            " WHERE cycle_id = :c AND stage = 'notified' AND dismissed = false",
        )
    return moved


def open_sheets(session: Session, key: str, now: datetime) -> int:
    """Send the sheets to those who fill them in, once the first day of the evaluation has come (N-29)."""
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    if ground.day_of(now) < cycles.first_day(cycle, ground):
        return 0
    moved = sheets.open_sheets(session, cycle, now, ACTOR)
    surveys.invite(session, cycle, now, ACTOR)
    return moved


def compute_scores(session: Session, key: str, now: datetime) -> int:
    """Compute every signed sheet (N-34..N-36); count a survey whose term is over or that everybody answered (U-60)."""
    cycle = find_cycle(session, key)
    if ground_of(session, cycle).is_survey:
        return tallying.tally(session, cycle, now, ACTOR)
    return scoring.compute(session, cycle, now, ACTOR)


def release_results(session: Session, key: str, now: datetime) -> int:
    """Place every computed result where its person finds it (N-18)."""
    return familiarisation.release(session, find_cycle(session, key), now, ACTOR)


def serve_dismissed(session: Session, key: str, now: datetime) -> int:
    """Write by a registered channel to the dismissed (N-19), the absent (A-11), and those who stay silent (N-Q10).

    Whom a carrier says it reached is familiarised; whatever else of the cycle did not reach its person goes by the next
    lawful channel.
    """
    cycle = find_cycle(session, key)
    reached = follow_deliveries(session, cycle, now, "system/receipts")
    served = familiarisation.serve_dismissed(session, cycle, now, ACTOR) + familiarisation.serve_absent(
        session, cycle, now
    )
    again = ladder.climb(session, cycle, now, ACTOR)
    return reached + served + familiarisation.serve_silent(session, cycle, now) + again


def finish(session: Session, key: str, now: datetime) -> None:
    """Remember that the cycle was advanced up to this instant; the keys of counted surveys go after their answers."""
    cycles.finish(session, key, now)
    tallying.destroy_keys(session)


#: the order of one walk, for whoever drives it without Prefect; the flow says the same in its own words
WALK = (
    refresh_plan,
    notify_participants,
    open_sheets,
    remind,
    compute_scores,
    release_results,
    serve_dismissed,
    remind_unopened,
    call_calibration,
    close_what_is_settled,
)


def due(session: Session, key: str, now: datetime) -> bool:
    """Would a walk do anything now? It is tried, up to the first step that does, so only in a `rehearsal()`."""
    if not begin(session, key, now):
        return False
    if session.info.get("journal") or plan.unseen(session, find_cycle(session, key)):
        return True
    # a step that moves nobody may still close the cycle, and says so in the journal alone
    return any(step(session, key, now) or session.info.get("journal") for step in WALK)
