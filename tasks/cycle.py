"""The life of a cycle as tasks: each opens one piece of work, calls one service, says how many it moved."""

from __future__ import annotations

from datetime import datetime

from models.work import reading, work
from services import advance, closing, reminders
from services import cycle as cycles
from tasks.kinds import step


@step("open-cycles")
def open_cycles(only: str | None) -> list[str]:
    """Keys of the open cycles, or the one asked for."""
    with reading() as session:
        return [only] if only else cycles.unclosed(session)


@step("begin-{cycle}")
def begin(cycle: str, now: datetime) -> bool:
    """Is there anything for the machine to do: schedule approved, period over, not closed?"""
    with work() as session:
        return advance.begin(session, cycle, now)


@step("plan-{cycle}")
def refresh_plan(cycle: str, now: datetime) -> int:
    """Follow what changed in the staff: new exemptions, evaluators, dismissals."""
    with work() as session:
        return advance.refresh_plan(session, cycle, now)


@step("notify-{cycle}")
def notify_participants(cycle: str, now: datetime) -> int:
    """Tell every evaluatee that the evaluation takes place."""
    with work() as session:
        return advance.notify_participants(session, cycle, now)


@step("open-sheets-{cycle}")
def open_sheets(cycle: str, now: datetime) -> int:
    """Send the sheets to the evaluators."""
    with work() as session:
        return advance.open_sheets(session, cycle, now)


@step("remind-{cycle}")
def remind(cycle: str, now: datetime) -> int:
    """Remind those whose day is near."""
    with work() as session:
        return reminders.remind(session, cycle, now)


@step("compute-{cycle}")
def compute_scores(cycle: str, now: datetime) -> int:
    """Compute score and grade of every signed sheet."""
    with work() as session:
        return advance.compute_scores(session, cycle, now)


@step("release-{cycle}")
def release_results(cycle: str, now: datetime) -> int:
    """Place every computed result for its person."""
    with work() as session:
        return advance.release_results(session, cycle, now)


@step("remind-unopened-{cycle}")
def remind_unopened(cycle: str, now: datetime) -> int:
    """Remind people who have not opened their result."""
    with work() as session:
        return reminders.remind_unopened(session, cycle, now)


@step("serve-{cycle}")
def serve_dismissed(cycle: str, now: datetime) -> int:
    """Serve the result on those who left, by a channel that leaves proof."""
    with work() as session:
        return advance.serve_dismissed(session, cycle, now)


@step("calibrate-{cycle}")
def call_calibration(cycle: str, now: datetime) -> int:
    """Bring waiting requests and sessions before those who must decide or sit."""
    with work() as session:
        return reminders.call_calibration(session, cycle, now)


@step("close-{cycle}")
def close_what_is_settled(cycle: str, now: datetime) -> int:
    """Close what nobody owes anything on any more, and at last the cycle."""
    with work() as session:
        return closing.close_what_is_settled(session, cycle, now)


@step("finish-{cycle}")
def finish(cycle: str, now: datetime) -> None:
    """Remember when the cycle was last walked."""
    with work() as session:
        advance.finish(session, cycle, now)
