"""The busiest days of a lived year, role by role, and the deadlines at risk; all of it asked of the database."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from cli.demonstration.scene import rows
from cli.simulation.world import Run, World
from models.base import as_day, instant
from services import audit, plan_watch
from services.last_day import kept_on_the_last_day
from services.officials import ROLES, holder
from services.terms import SCHEDULE_END

#: events of an evaluator, whoever else that person is
_OF_EVALUATORS = ("marked", "feedback_given", "designated")
_PLAN_EVENTS = ("plan_drawn", "plan_changed", "plan_monitored")


@dataclass
class Busy:
    """One day.

    Attributes:
        acts: role -> acts of people. due: actor -> people who had something due by this day.
    """

    day: date
    acts: Counter[str] = field(default_factory=Counter)
    due: Counter[str] = field(default_factory=Counter)

    def as_data(self) -> dict[str, Any]:
        """The day as it is printed."""
        return {
            "day": self.day, "acts": dict(self.acts.most_common()), "acts_in_all": self.acts.total(),
            "due": dict(self.due.most_common()), "due_in_all": self.due.total(),
        }  # fmt: skip


@dataclass(frozen=True)
class Risk:
    """One deadline and how near it came.

    Attributes:
        last_day: kept, but only on the last working day. dues: its last days, first and last.
        of: the evaluation and its period, or "plans".
    """

    id: str
    obligation: str
    point: str
    dues: tuple[date, date]
    kept: int
    last_day: int
    late: int
    missed: int
    house: bool
    right: bool
    of: str = "plans"


def days(session: Session, world: World, now: datetime) -> list[Busy]:
    """Every day on which somebody acted or had something due, in order."""
    found: dict[date, Busy] = {}

    def of(day: date) -> Busy:
        return found.setdefault(day, Busy(day))

    who = _Roles(session, world)
    for at, role in who.acts():
        of(world.clock.day_of(at)).acts[role] += 1
    for run in world.runs:
        for one in audit.verdicts(session, run.key, now):
            if not one.right:
                of(as_day(one.due)).due[_actor(run, one.deadline)] += sum(one.counts.values())
    for column, actor in (("due", "who draws up plans"), ("again_by", "who draws up plans"), ("place_by", "HR")):
        query = f"SELECT {column}, COUNT(*) FROM work_plan WHERE {column} IS NOT NULL AND stage <> 'not_set' GROUP BY 1"
        for day, number in rows(session, query):
            of(as_day(day)).due[actor] += number
    return [found[day] for day in sorted(found)]


def _actor(run: Run, deadline: str) -> str:
    rule = run.ground.law.deadlines.get(deadline)
    return "evaluators" if deadline == SCHEDULE_END or rule is None else rule.actor.en


class _Roles:
    """In which role a person acted."""

    def __init__(self, session: Session, world: World) -> None:
        self.session, self.world = session, world
        self.cycles = {run.id: run for run in world.runs}
        self.officers: dict[int, Mapping[int, str]] = {}
        self.cases = {
            row.id: row
            for row in rows(session, "SELECT id, person_id, evaluator_id, marker_id, cycle_id FROM assessment")
        }
        self.plans = {
            row.id: row for row in rows(session, "SELECT id, person_id, supervisor_id, approver_id FROM work_plan")
        }

    def acts(self) -> Iterator[tuple[datetime, str]]:
        """The moment and the role of every act of a person."""
        steps: dict[int, list[Any]] = defaultdict(list)
        for row in rows(self.session, "SELECT entry_id, assessment_id, acted_by, acted_at FROM journal_row"):
            steps[row.entry_id].append(row)
        for entry in rows(self.session, "SELECT id, at, event, cycle_id, body FROM journal_entry ORDER BY id"):
            said = json.loads(entry.body)
            yield from self._of(entry, said, steps.get(entry.id, []))

    def _of(self, entry: Any, said: Mapping[str, Any], steps: list[Any]) -> Iterator[tuple[datetime, str]]:
        at, actor, subject = instant(entry.at), str(said["actor"]), str(said.get("subject") or "")
        if not steps:
            role = self._role(actor, entry, None, subject)
            if role:
                yield at, role
        elif actor.startswith("commission/"):
            yield at, "Commission"
        for step in steps:
            by = str(step.acted_by or actor)
            role = self._role(by, entry, self.cases.get(step.assessment_id), "")
            if role:
                yield (instant(step.acted_at) if step.acted_at else at), role

    def _role(self, actor: str, entry: Any, case: Any, subject: str) -> str:
        if not actor.startswith("person/"):
            return ""
        person = int(actor.removeprefix("person/"))
        if subject.startswith("work_plan/"):
            return self._of_plan(person, self.plans.get(int(subject.partition("/")[2])), entry.event)
        if case is not None and person == case.person_id:
            return "servants"
        if case is not None and person in (case.marker_id, case.evaluator_id) and entry.event in _OF_EVALUATORS:
            return "evaluators"
        return self._office(person, entry.cycle_id or (case.cycle_id if case else None))

    def _of_plan(self, person: int, plan: Any, event: str) -> str:
        if plan is None or person == plan.person_id:
            return "servants"
        if person == plan.supervisor_id and event in _PLAN_EVENTS:
            return "supervisors (plans)"
        return "superiors (plans)" if person in (plan.approver_id, plan.supervisor_id) else "HR"

    def _office(self, person: int, cycle: int | None) -> str:
        run = self.cycles.get(cycle or 0)
        if run is None:
            return "HR"
        if run.id not in self.officers:
            on = run.ground.period.day_after
            held = {role: holder(self.session, run.cycle, role, on) for role in reversed(list(ROLES))}
            self.officers[run.id] = {who: role for role, who in held.items() if who is not None}
        role = self.officers[run.id].get(person)
        if role in ("hr_officer", "hr_deputy"):
            return "HR"
        return "authorised person" if role == "appointing_official" else "superiors"


# --- deadlines ------------------------------------------------------------------------------------------


def risks(session: Session, world: World, now: datetime) -> list[Risk]:
    """Every deadline that was late, missed, or kept on the last working day; the worst first, rights of people last."""
    found = [one for run in world.runs for one in _of_run(session, run, now)]
    found += _of_plans(session, world, now)
    at_risk = [one for one in found if one.late or one.missed or one.last_day]
    return sorted(at_risk, key=lambda one: (one.right, one.house, -one.missed, -one.late, -one.last_day, one.dues))


def _of_run(session: Session, run: Run, now: datetime) -> Iterator[Risk]:
    by_id: dict[str, list[Any]] = defaultdict(list)
    for one in audit.verdicts(session, run.key, now):
        by_id[one.deadline].append(one)
    last = kept_on_the_last_day(session, run.key, now)
    for deadline, verdicts in by_id.items():
        counts: Counter[str] = Counter()
        for one in verdicts:
            counts.update(one.counts)
        rule = run.ground.law.deadlines.get(deadline)
        said = rule.obligation.en if rule else "the evaluation, by the last day of the schedule"
        dues = sorted(as_day(one.due) for one in verdicts)
        yield Risk(
            deadline, f"{said} ({run.ground.evaluation.id}, {run.ground.period})", verdicts[0].point, (dues[0], dues[-1]),
            counts["kept"], last[deadline], counts["late"], counts["missed"],
            deadline.startswith("house_"), verdicts[0].right, f"{run.ground.evaluation.id} {run.ground.period}",
        )  # fmt: skip


_PLAN_TERMS = {"drawn": ("due", "drawn_at"), "placed": ("place_by", "placed_at")}


def _of_plans(session: Session, world: World, now: datetime) -> Iterator[Risk]:
    for one in world.drawn:
        held = plan_watch.status(session, one.key, now)["terms"]
        for role, (due, done) in _PLAN_TERMS.items():
            name = str((one.plan.get("deadlines") or {}).get(role))
            if name not in held:
                continue
            query = (
                f"SELECT w.{due} AS due, w.{done} AS done FROM work_plan w JOIN plan_round r ON r.id = w.round_id"
                f" WHERE r.key = :k AND w.{due} IS NOT NULL AND w.stage <> 'not_set'"
            )
            found = rows(session, query, k=one.key)
            last = sum(1 for row in found if row.done and _on_the_last(world, as_day(row.due), instant(row.done)))
            rule, counts = one.law.deadlines[name], Counter(held[name])
            dues = sorted(as_day(row.due) for row in found)
            yield Risk(
                name, rule.obligation.en, rule.point, (dues[0], dues[-1]), counts["kept"], last, counts["late"],
                counts["missed"], rule.house, rule.right,
            )  # fmt: skip


def _on_the_last(world: World, due: date, done: datetime) -> bool:
    return world.clock.calendar.on_or_before(due) <= world.clock.day_of(done) <= due
