"""When nothing is owed any more: the terms to contest a result are over, nobody's request or appeal waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session

from models import Cycle
from models.base import as_day, instant, stamp
from models.sql import execute
from rules.stages import TERMINAL
from rules.terms import end_of_day
from services import cycle as cycles
from services.appeal_terms import UNREPORTED_SQL
from services.appeals import OPEN_SQL
from services.door import move
from services.ground import Ground, find_cycle, ground_of
from services.terms import role_term

ACTOR = "system/advance"
_NO_REQUEST = (
    "NOT EXISTS (SELECT 1 FROM calibration_request r WHERE r.assessment_id = assessment.id AND r.state = 'received')"
)


def close_what_is_settled(session: Session, key: str, now: datetime) -> int:
    """Close what nobody may contest any more and nobody contests (N-20, N-51, M-60, J-55), at last the cycle."""
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    branches = ground.evaluation.branches
    if "appeal" in branches:
        done = _not_appealed(session, cycle, ground, now)
    elif "calibration" in branches:
        done = _not_requested(session, cycle, ground, now)
    else:
        done = _close(session, cycle, now, "stage = 'familiarised'", {}, "the act knows no way to contest the result")
    if "calibration" in branches:
        done += _close(
            session, cycle, now, "stage = 'settled'", {},
            f"the session is settled: protocol placed, feedback given{ground.cite('protocol_uploaded', 'feedback_given')}",
        )  # fmt: skip
    _close_cycle(session, cycle, now)
    return done


def _close(session: Session, cycle: Cycle, now: datetime, where: str, params: dict[str, str], reason: str) -> int:
    return move(
        session, "closed", cycle.id or 0, now, ACTOR, sets="closed_at = :now", where=where,
        params={"now": stamp(now), **params}, reason=reason,
    )  # fmt: skip


def _not_requested(session: Session, cycle: Cycle, ground: Ground, now: datetime) -> int:
    """The days to ask for a calibration session run from the familiarisation."""
    done = 0
    for day, first, last in _days(session, cycle, ground, "request"):
        term = role_term(session, cycle, "request", day)
        if term is None or now < instant(term.due_at):
            continue
        where = f"stage = 'familiarised' AND familiarised_at >= :first AND familiarised_at < :last AND {_NO_REQUEST}"
        reason = f"no request until {term.due}: {term.reason}"
        done += _close(session, cycle, now, where, {"first": first, "last": last}, reason)
    return done


def _not_appealed(session: Session, cycle: Cycle, ground: Ground, now: datetime) -> int:
    """The days to appeal run from the decision; who was not familiarised by then is waited for, the days are not."""
    done = 0
    for day, first, last in _days(session, cycle, ground, "appeal"):
        term = role_term(session, cycle, "appeal", day)
        if term is None or now < instant(term.due_at):
            continue
        where = "stage = 'familiarised' AND completed_at >= :first AND completed_at < :last AND " + _owed_nothing(
            ground
        )
        reason = f"no appeal until {term.due}: {term.reason}"
        done += _close(session, cycle, now, where, {"first": first, "last": last}, reason)
    return done


def _owed_nothing(ground: Ground) -> str:
    """No appeal in time waits, none waits to be reported, and what was refused was sent where the act says so."""
    parts = [f"NOT EXISTS ({OPEN_SQL})"]
    if "calibration" in ground.evaluation.branches:
        parts.append(_NO_REQUEST)
    if ground.deadline_id("report") is not None:
        parts.append(f"NOT EXISTS (SELECT 1 FROM {UNREPORTED_SQL} AND p.assessment_id = assessment.id)")
    if ground.evaluation.options.get("refused_sent_by"):
        parts.append(
            "(familiarised_how <> 'refused' OR EXISTS (SELECT 1 FROM result_dispatch x"
            " WHERE x.assessment_id = assessment.id AND x.result_version = assessment.result_version))"
        )
    return " AND ".join(parts)


def _days(session: Session, cycle: Cycle, ground: Ground, role: str) -> list[tuple[date, str, str]]:
    """Every day on which the term of a role began, with its first instant and its end."""
    rows = execute(
        session,
        "SELECT anchor_date FROM term WHERE cycle_id = :c AND deadline_id = :d ORDER BY 1",
        {"c": cycle.id, "d": ground.deadline_id(role)},
    )
    days, zone = [as_day(row) for row in rows.scalars()], ground.organisation.time_zone
    return [(day, stamp(end_of_day(day - timedelta(days=1), zone)), stamp(end_of_day(day, zone))) for day in days]


def _close_cycle(session: Session, cycle: Cycle, now: datetime) -> None:
    if cycle.stage != "running":
        return
    terminal = ", ".join(f"'{stage}'" for stage in sorted(TERMINAL))
    left = execute(
        session,
        f"SELECT COUNT(*) FROM assessment WHERE cycle_id = :c AND stage NOT IN ({terminal})",
        {"c": cycle.id},
    ).scalar_one()
    if left == 0:
        cycles.move_cycle(session, cycle, "cycle_closed", now, ACTOR)
        cycle.closed_at = now
