"""Whoever a sheet waits for is told: the servant for the own part and the signature, evaluators and superiors in a count.

The servant is told once for each time the sheet comes; evaluators and superiors every working day while any waits.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models.sheet import EVALUATOR, SELF
from models.sql import execute
from notifications import kinds
from notifications.kinds import Said
from rules.stages import AGREED, SELF_EVALUATED, SIGNED
from services import telling
from services.agreement import superiors
from services.ground import Ground, Known, ground_of
from services.handing import tell_markers
from services.own_part import last_day
from services.terms import role_term


def tell(session: Session, cycle: Known, now: datetime) -> int:
    """Tell everybody a sheet of this cycle waits for; return how many notices are new (J-34, J-36, M-34)."""
    ground = ground_of(session, cycle)
    path, done = ground.evaluation.path, 0
    if SELF_EVALUATED in path:
        due = last_day(session, cycle, ground)
        done += _tell_servants(session, cycle, ground, kinds.own_part_waiting(period=cycle.period, due=due), SELF, now)
    if SIGNED in path:
        done += _tell_servants(session, cycle, ground, kinds.signature_waiting(period=cycle.period), EVALUATOR, now)
    today = ground.day_of(now)
    if not ground.calendar.is_working(today):
        return done
    if SELF_EVALUATED in path:  # before that the sheets lie with the servants
        done += tell_markers(session, cycle, now, "true", {}, today.toordinal())
    if AGREED in path:
        done += _tell_superiors(session, cycle, ground, now)
    return done


#: how often a side was sent back: each time is a round of its own
_ROUND = "(SELECT COUNT(*) FROM sheet_return r WHERE r.assessment_id = a.id AND r.side = :side)"


def _tell_servants(session: Session, cycle: Known, ground: Ground, said: Said, side: str, now: datetime) -> int:
    event = SELF_EVALUATED if side == SELF else SIGNED
    which = f"FROM assessment a WHERE a.cycle_id = :c AND a.stage IN ({_stages(ground, event)}) AND a.dismissed = false"
    params: dict[str, Any] = {"c": cycle.id, "side": side}
    rounds = execute(session, f"SELECT DISTINCT {_ROUND} {which} ORDER BY 1", params).scalars()
    return sum(
        telling.tell(
            session, said, cycle, now, round=int(one),
            select=f"SELECT a.id AS assessment_id, a.person_id AS recipient_id {which} AND {_ROUND} = :times",
            params={**params, "times": one},
        )
        for one in rounds
    )  # fmt: skip


def _tell_superiors(session: Session, cycle: Known, ground: Ground, now: datetime) -> int:
    today = ground.day_of(now)
    above, waiting = superiors(session, cycle, today), Counter[int]()
    rows = execute(
        session,
        f"SELECT evaluator_id, COUNT(*) AS n FROM assessment WHERE cycle_id = :c AND stage IN ({_stages(ground, 'agreed')})"
        " GROUP BY evaluator_id",
        {"c": cycle.id},
    )
    for row in rows:
        if row.evaluator_id in above:
            waiting[above[row.evaluator_id]] += row.n
    if not waiting:
        return 0
    term = role_term(session, cycle, "evaluation")
    # our own whole numbers; both databases call the columns of a list of values so
    values = ", ".join(f"({person}, {count})" for person, count in sorted(waiting.items()))
    due = None if term is None else term.due
    return telling.tell(
        session, kinds.agreement_waiting(period=cycle.period, due=due), cycle, now, counted=True, round=today.toordinal(),
        select=f"SELECT 0 AS assessment_id, column1 AS recipient_id, column2 AS count FROM (VALUES {values}) AS waiting",
    )  # fmt: skip


def _stages(ground: Ground, event: str) -> str:
    """SQL for the stages in which the event is waited for; our own words."""
    moves: Iterable[str] = ground.walk.steps[event].moves if event in ground.walk.steps else ()
    return ", ".join(f"'{stage}'" for stage in moves) or "''"
