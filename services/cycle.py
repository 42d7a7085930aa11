"""Opening a cycle, approving its schedule, moving it on; how it stands is said by `services.cycle_status`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm.attributes import set_committed_value
from sqlmodel import Session, col, select

from models import Cycle
from models.journal import record
from models.sql import execute
from rules.errors import Conflict, Incomplete, NotAllowed, NotInForce, RuleError
from rules.evaluation import Evaluation
from rules.law import Law
from rules.period import Period
from rules.stages import ABANDONED, target
from services import required
from services import schedule as schedules
from services.content import keep
from services.cycle_status import CycleStatus, TermLine, every, finish, people, set_tracker, status, unclosed
from services.facts import must_serve, person_id
from services.ground import Ground, find_cycle, ground_of, pin
from services.officials import holder
from services.plan import plan_people
from services.schedule import set_schedule
from services.terms import plan_terms, schedule_terms

__all__ = [
    "CycleStatus",
    "TermLine",
    "approve_schedule",
    "every",
    "finish",
    "first_day",
    "kind_for",
    "move_cycle",
    "open_cycle",
    "people",
    "ready",
    "set_schedule",
    "set_tracker",
    "status",
    "unclosed",
]


def open_cycle(
    session: Session,
    organisation_file: Path,
    act: str,
    period: str,
    now: datetime,
    actor: str,
    evaluation: str | None = None,
    schedule: tuple[date | None, date | None] = (None, None),
) -> str:
    """Open a cycle: pin the law, the calendar and the body's file, plan people and deadlines; return its key.

    Opening the same cycle again changes nothing and returns the same key. Without `evaluation` the act's first kind
    for such a period is meant; a further kind of the same period has its name in the key.

    Args:
        schedule: first and last day of the evaluation, where the act leaves them to the schedule.

    Raises:
        NotInForce: the act's wording for the period is not known, or no people are known.
        RuleError: the act does not evaluate such a period. MissingSetting: the body's file lacks what the act leaves to it,
            all of it in one sentence. Conflict: the body evaluates the period under another act already.
    """
    asked = Period.parse(period)
    required.check(act, organisation_file, asked, evaluation)
    ground, hashes = pin(session, act, organisation_file, asked, evaluation)
    one = kind_for(ground.law, asked, evaluation)
    first = kind_for(ground.law, asked, None)
    if one != ground.evaluation:
        ground, hashes = pin(session, act, organisation_file, asked, one.id)
    key = f"{ground.organisation.key}-{asked}{'' if one.id == first.id else f'-{one.id}'}".lower()
    there = _living(session, key, ground)
    if there is not None:
        return there
    key = _free(session, key)
    cycle = _kept(session, key, ground, one, schedule, hashes, now, actor)
    planned, _ = plan_people(session, cycle, now, actor)
    if not planned:
        raise NotInForce(
            f"No corps B servant of {period} is known; import the staff file first (bagalau people import)."
        )
    _check_settings(session, ground)
    plan_terms(session, cycle, ground)
    return key


def _kept(
    session: Session,
    key: str,
    ground: Ground,
    one: Evaluation,
    schedule: tuple[date | None, date | None],
    hashes: tuple[str, str, str],
    now: datetime,
    actor: str,
) -> Cycle:
    cycle = Cycle(
        key=key,
        act=ground.law.act,
        revision=ground.law.revision.id,
        period=str(ground.period),
        evaluation=one.id,
        starts_on=schedule[0],
        ends_on=schedule[1],
        organisation=ground.organisation.key,
        time_zone=ground.organisation.time_zone,
        law_hash=hashes[0],
        organisation_hash=hashes[1],
        calendar_hash=hashes[2],
        opened_at=now,
        opened_by=actor,
    )
    session.add(cycle)
    session.flush()
    record(
        session,
        "cycle_opened",
        now,
        actor,
        cycle_id=cycle.id,
        rules=one.rules,
        reason=f"{cycle.act}, wording {cycle.revision}, {cycle.period}; content {ground.law.content_hash[:16]}",
    )
    keep(session, cycle.id or 0, cycle="id")
    return cycle


def _living(session: Session, key: str, ground: Ground) -> str | None:
    """The key under which a cycle is there that was not abandoned, or None.

    Raises:
        Conflict: it stands under another act, or does another evaluation.
    """
    keys = _keys(session, key)
    if not keys:
        return None
    found = session.exec(select(Cycle).where(col(Cycle.key).in_(keys), Cycle.stage != ABANDONED)).one_or_none()
    if found is not None and (found.act, found.evaluation) != (ground.law.act, ground.evaluation.id):
        raise Conflict(
            f"The cycle {found.key} stands already, under {found.act}, evaluation '{found.evaluation}'; "
            f"{ground.organisation.key} cannot open it under {ground.law.act}, '{ground.evaluation.id}'. Give up that one "
            "first, or use another key of the organisation."
        )
    return None if found is None else found.key


def _free(session: Session, key: str) -> str:
    """The key itself, or with the number of this attempt where earlier ones were abandoned."""
    tries = len(_keys(session, key))
    return f"{key}-{tries + 1}" if tries else key


def _keys(session: Session, key: str) -> list[str]:
    """The key and those of further attempts, as far as cycles have them."""
    begins = "SELECT key FROM cycle WHERE SUBSTR(key, 1, :n) = :k"
    found = set(execute(session, begins, {"n": len(key), "k": key}).scalars())
    return [one for one in (key, *(f"{key}-{n}" for n in range(2, len(found) + 1))) if one in found]


def kind_for(law: Law, period: Period, evaluation: str | None) -> Evaluation:
    """The kind of evaluation a cycle of a period does.

    Raises:
        RuleError: the act, or the kind asked for, does not evaluate such a period.
    """
    wanted = "quarter" if period.quarter else "year"
    kinds = [law.evaluation(evaluation)] if evaluation else list(law.evaluations.values())
    fitting = [one for one in kinds if one.period == wanted]
    if not fitting:
        one = kinds[0] if kinds else law.evaluation(evaluation)
        source = f"{', '.join(one.rules)}, {one.point}"
        other = f"{period}-Q1" if one.period == "quarter" else str(period.year)
        raise RuleError(f"{law.act} evaluates a {one.period} ({source}), not {period}; open {other}, for example.")
    return fitting[0]


def _check_settings(session: Session, ground: Ground) -> None:
    """The officials the body's file names are known people."""
    for number in (ground.organisation.settings.get("officials") or {}).values():
        person_id(session, str(number))


def approve_schedule(session: Session, key: str, now: datetime, actor: str) -> None:
    """The appointing official of this day approves the schedule (N-25).

    Raises:
        NotAllowed: somebody else approves, or the official has left. Incomplete: somebody has no evaluator.
        NotNow: it is approved already.
    """
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    today = ground.day_of(now)
    official = holder(session, cycle, "appointing_official", today)
    if official is not None and actor != f"person/{official}":
        raise NotAllowed(
            f"Only the official with the right of appointment approves the schedule{ground.cite('schedule_approved')}; "
            f"`bagalau cycle officials {key}` says who that is."
        )
    if official is not None:
        must_serve(session, official, today, "approve the schedule")
    target("schedule_approved", cycle.stage, ground.walk.cycle_steps)
    problems = list(
        execute(
            session,
            (
                "SELECT plan_note FROM assessment WHERE cycle_id = :c AND stage = 'planned' AND evaluator_id IS NULL LIMIT 5"
            ),
            {"c": cycle.id},
        ).scalars()
    )
    if problems:
        raise Incomplete("The schedule cannot be approved: " + "; ".join(problems) + ".")
    schedules.check(session, cycle, ground)
    move_cycle(session, cycle, "schedule_approved", now, actor)
    schedule_terms(session, cycle, ground)  # after the entry, which keeps their digests
    cycle.approved_at, cycle.approved_by = now, actor


def move_cycle(session: Session, cycle: Cycle, event: str, now: datetime, actor: str, why: str = "") -> None:
    """Move the cycle itself through its own door.

    Raises:
        NotNow: the event cannot happen in its stage. Conflict: another one came first.
    """
    steps = ground_of(session, cycle).walk.cycle_steps
    before, after = cycle.stage, target(event, cycle.stage, steps)
    changed = execute(
        session,
        ("UPDATE cycle SET stage = :to, version = version + 1 WHERE id = :i AND version = :v"),
        {"to": after, "i": cycle.id, "v": cycle.version},
    )
    if changed.rowcount != 1:
        raise Conflict(f"The cycle {cycle.key} was changed by somebody else at the same moment. Look again.")
    set_committed_value(cycle, "stage", after)
    set_committed_value(cycle, "version", cycle.version + 1)
    record(
        session,
        event,
        now,
        actor,
        cycle_id=cycle.id,
        subject=f"cycle/{cycle.id}",
        rules=steps[event].rules,
        reason=f"{before} -> {after}: {why or steps[event].says}",
    )


def ready(session: Session, key: str, now: datetime) -> bool:
    """May the machine work on this cycle now: schedule approved, not closed, the first day come in the body's zone?"""
    cycle = find_cycle(session, key)
    if cycle.stage not in ("approved", "running"):
        return False
    ground = ground_of(session, cycle)
    if ground.announced:  # the announcement goes before the start
        return True
    return ground.day_of(now) >= first_day(cycle, ground)


def first_day(cycle: Cycle, ground: Ground) -> date:
    """The first day on which sheets lie with people: the schedule's, or the day after the period."""
    return cycle.starts_on or ground.period.day_after
