"""Opening a cycle, approving its schedule, and saying how it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from models import Cycle
from models.base import as_day, stamp
from models.journal import record, wrote
from models.sql import execute
from rules.errors import Conflict, Incomplete, NotAllowed, NotInForce, RuleError
from rules.evaluation import Evaluation
from rules.law import Law
from rules.period import Period
from rules.stages import ABANDONED, target
from services.attention import Finding, findings
from services.content import beside_of
from services.facts import must_serve, person_id
from services.ground import Ground, find_cycle, ground_of, pin
from services.officials import holder
from services.plan import plan_people
from services.terms import plan_terms, role_term, schedule_terms


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
        RuleError: the act does not evaluate such a period.
    """
    asked = Period.parse(period)
    ground, hashes = pin(session, act, organisation_file, asked, evaluation)
    one = kind_for(ground.law, asked, evaluation)
    first = kind_for(ground.law, asked, None)
    ground, hashes = pin(session, act, organisation_file, asked, one.id)
    key = f"{ground.organisation.key}-{asked}{'' if one.id == first.id else f'-{one.id}'}".lower()
    there = _living(session, key)
    if there is not None:
        return there
    key = _free(session, key)
    cycle = Cycle(
        key=key,
        act=ground.law.act,
        revision=ground.law.revision.id,
        period=str(asked),
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
        reason=f"{cycle.act}, wording {cycle.revision}, {period}; content {ground.law.content_hash[:16]}",
    )
    wrote(session, "cycle", [beside_of(session, "cycle", cycle.id or 0)])
    people, _ = plan_people(session, cycle, now, actor)
    if not people:
        raise NotInForce(
            f"No corps B servant of {period} is known; import the staff file first (bagalau people import)."
        )
    _check_settings(session, ground)
    plan_terms(session, cycle, ground)
    return key


def _living(session: Session, key: str) -> str | None:
    """The key under which a cycle is there that was not abandoned, or None."""
    like = select(Cycle.key).where(col(Cycle.key).in_(_keys(session, key)), Cycle.stage != ABANDONED)
    return session.exec(like).one_or_none()


def _free(session: Session, key: str) -> str:
    """The key itself, or with the number of this attempt where earlier ones were abandoned."""
    tries = len(_keys(session, key))
    return f"{key}-{tries + 1}" if tries else key


def _keys(session: Session, key: str) -> list[str]:
    """The key and those of further attempts, as far as cycles have them."""
    found = set(session.exec(select(Cycle.key).where(col(Cycle.key).startswith(key))).all())
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
            "Only the official with the right of appointment approves the schedule (N-25); "
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
    _check_schedule(session, cycle, ground)
    move_cycle(session, cycle, "schedule_approved", now, actor)
    schedule_terms(session, cycle, ground)  # after the entry, which keeps their digests
    cycle.approved_at, cycle.approved_by = now, actor


def set_schedule(session: Session, key: str, starts_on: date, ends_on: date | None, now: datetime, actor: str) -> None:
    """Set the days of the evaluation in a draft schedule (N-25, M-45, J-21).

    Raises:
        NotNow: the schedule is approved already. RuleError: the last day lies before the first.
    """
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    target("schedule_approved", cycle.stage, ground.walk.cycle_steps)
    if ends_on is not None and ends_on < starts_on:
        raise RuleError(f"The evaluation of {key} cannot end on {ends_on}, before it starts on {starts_on}.")
    cycle.starts_on, cycle.ends_on = starts_on, ends_on
    days = f"{starts_on} to {ends_on}" if ends_on else f"from {starts_on}"
    record(
        session,
        "schedule_set",
        now,
        actor,
        cycle_id=cycle.id,
        rules=ground.step("schedule_approved").rules,
        reason=days,
    )
    session.flush()
    wrote(session, "cycle", [beside_of(session, "cycle", cycle.id or 0)])


def _check_schedule(session: Session, cycle: Cycle, ground: Ground) -> None:
    """A schedule says the days the act leaves to it.

    Raises:
        Incomplete: a day is missing. RuleError: the schedule ends after the last day of the act.
    """
    how = f"set it with `bagalau cycle schedule {cycle.key} --starts DAY --ends DAY`"
    last = role_term(session, cycle, "evaluation")
    source = f"{ground.law.act}, {ground.evaluation.point}"
    if last is None and cycle.ends_on is None:
        raise Incomplete(f"{source}: the act gives no last day of the evaluation; {how}.")
    early = last is not None and as_day(last.due) <= ground.period.last_day
    if cycle.starts_on is None and (early or ground.announced):
        why = "is due before its period ends" if early else "is announced before it starts"
        raise Incomplete(f"{source}: the evaluation {why}, so the schedule must say its first day; {how}.")
    end = cycle.ends_on or cycle.starts_on
    if last is not None and end is not None and end > as_day(last.due):
        raise RuleError(
            f"The schedule of {cycle.key} ends on {end}, after the last day of the act, {last.due} ({last.reason})."
        )


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
    session.refresh(cycle)
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


def unclosed(session: Session) -> list[str]:
    """Keys of the cycles that are neither closed nor abandoned, oldest first."""
    open_ones = select(Cycle.key).where(col(Cycle.stage).not_in(("closed", ABANDONED)))
    return list(session.exec(open_ones.order_by(col(Cycle.id))).all())


@dataclass(frozen=True)
class TermLine:
    """One deadline of a cycle for the dashboards; `waiting` people still owe it."""

    deadline_id: str
    due: date
    target: date
    point: str
    waiting: int


@dataclass(frozen=True)
class CycleStatus:
    """How a cycle stands: counts and what needs a hand; people by personnel number."""

    key: str
    act: str
    period: str
    stage: str
    people: int
    exempt: int
    counts: dict[str, int]
    terms: list[TermLine]
    tracker_run: str | None
    findings: list[Finding] = field(default_factory=list)


def status(session: Session, key: str, now: datetime | None = None) -> CycleStatus:
    """How the cycle stands, in two queries at any size; with `now` also what needs a person's hand at that moment."""
    cycle = find_cycle(session, key)
    counts = {
        row[0]: row[1]
        for row in execute(
            session,
            ("SELECT stage, COUNT(*) FROM assessment WHERE cycle_id = :c GROUP BY stage ORDER BY stage"),
            {"c": cycle.id},
        )
    }
    lines = [
        TermLine(row[0], as_day(row[1]), as_day(row[2]), row[3], 0)
        for row in execute(
            session,
            ("SELECT deadline_id, due, target, point FROM term WHERE cycle_id = :c ORDER BY due_at, deadline_id"),
            {"c": cycle.id},
        )
    ]
    return CycleStatus(
        cycle.key,
        cycle.act,
        cycle.period,
        cycle.stage,
        sum(counts.values()),
        counts.get("exempt", 0),
        counts,
        lines,
        cycle.tracker_run,
        findings(session, key, now) if now else [],
    )


def set_tracker(session: Session, key: str, run_id: str) -> None:
    """Remember which run shows the cycle in Prefect; it is only a projection."""
    execute(session, "UPDATE cycle SET tracker_run = :r WHERE key = :k", {"r": run_id, "k": key})


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


def finish(session: Session, key: str, now: datetime) -> None:
    """Remember when the cycle was last advanced."""
    execute(
        session,
        ("UPDATE cycle SET advanced_at = :n WHERE key = :k AND (advanced_at IS NULL OR advanced_at < :n)"),
        {"n": stamp(now), "k": key},
    )


def every(session: Session) -> list[dict[str, object]]:
    """Every cycle with its stage, oldest first."""
    return [
        {"key": one.key, "act": one.act, "period": one.period, "stage": one.stage, "opened_at": one.opened_at,
         "closed_at": one.closed_at}
        for one in session.exec(select(Cycle).order_by(col(Cycle.id))).all()
    ]  # fmt: skip


_PEOPLE = """
SELECT p.personnel_no AS person, a.stage, a.form, e.personnel_no AS evaluator, m.personnel_no AS marker, a.dismissed,
 a.plan_rules AS rules, a.plan_note AS note
FROM assessment a JOIN person p ON p.id = a.person_id LEFT JOIN person e ON e.id = a.evaluator_id
LEFT JOIN person m ON m.id = a.marker_id WHERE a.cycle_id = :c AND (CAST(:s AS TEXT) IS NULL OR a.stage = :s)
ORDER BY p.personnel_no
"""


def people(session: Session, cycle: Cycle, stage: str | None = None) -> list[dict[str, object]]:
    """Who is evaluated by whom on which form, and who is exempt why; personnel numbers only (N-23)."""
    rows = execute(session, _PEOPLE, {"c": cycle.id, "s": stage})
    return [row._asdict() | {"dismissed": bool(row.dismissed)} for row in rows]
