"""The deadlines of a cycle as the report shows them: one line for each, over all the days it fell on."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from cli.report.story import DeadlineLine
from models.base import as_day, instant
from rules.audit import Verdict
from rules.law import Law
from services import audit
from services.ground import Ground

#: what the last day of a schedule asks for, where the act leaves that day to it
BY_SCHEDULE = "Complete the evaluation by the last day of the schedule"


def deadline_lines(session: Session, key: str, law: Law, now: datetime) -> tuple[DeadlineLine, ...]:
    """Every deadline that bound somebody, in the order of its first day; the law's before the house's."""
    found: dict[str, list[Verdict]] = defaultdict(list)
    for one in audit.verdicts(session, key, now):
        found[one.deadline].append(one)
    targets = _targets(session, key)
    lines = [_line(law, verdicts, targets[name]) for name, verdicts in found.items()]
    return tuple(sorted(lines, key=lambda line: (line.house, line.dues, line.id)))


def _targets(session: Session, key: str) -> dict[str, dict[date, date]]:
    """Of each deadline the day to aim for, by its last day."""
    query = text("SELECT t.deadline_id, t.due, t.target FROM term t JOIN cycle c ON c.id = t.cycle_id WHERE c.key = :k")
    found: dict[str, dict[date, date]] = defaultdict(dict)
    for row in session.connection().execute(query, {"k": key}):
        found[row[0]][as_day(row[1])] = as_day(row[2])
    return found


def _line(law: Law, found: list[Verdict], targets: dict[date, date]) -> DeadlineLine:
    rule = law.deadlines.get(found[0].deadline)
    counts: Counter[str] = Counter()
    for one in found:
        counts.update(one.counts)
    dues = sorted(as_day(one.due) for one in found)
    said, actor = (rule.obligation.en, rule.actor.en) if rule else (BY_SCHEDULE, "Evaluators")
    return DeadlineLine(
        found[0].deadline, said, actor, found[0].point, found[0].reason, (dues[0], dues[-1]),
        (targets[dues[0]], targets[dues[-1]]), counts,
        rule is None or rule.house, rule is not None and rule.right,
    )  # fmt: skip


@dataclass(frozen=True)
class BreachLine:
    """One obligation done late or not at all, and for how many people; a number of a person would tell whose marks the
    disputes beside it show (N-23).
    """

    obligation: str
    point: str
    due: date
    verdict: str
    done: date | None
    people: int


def breaches(session: Session, key: str, ground: Ground, now: datetime) -> tuple[BreachLine, ...]:
    """What was late or missed, the oldest first; at most fifty are printed, all of them are counted above."""
    alike = Counter(_breach(ground, one) for one in audit.breaches(session, key, now, 50))
    return tuple(replace(one, people=number) for one, number in alike.items())


def _breach(ground: Ground, one: Any) -> BreachLine:
    rule = ground.law.deadlines.get(one.deadline)
    done = None if one.done_at is None else ground.day_of(instant(str(one.done_at)))
    return BreachLine(rule.obligation.en if rule else BY_SCHEDULE, one.point, as_day(one.due), one.verdict, done, 1)
