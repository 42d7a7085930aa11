"""What is to be opened on a day: each evaluation of the body's act whose time has come, and the plans of the period.

The machine opens a draft and no more: its days and its approval are asked of people (`services.attention`), and what
they gave up, or what is too late, is left to them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from sqlmodel import Session

import methodologies
from models.sql import execute
from rules.calendar import WorkCalendar
from rules.errors import NotInForce, RuleError
from rules.evaluation import Evaluation
from rules.law import Law
from rules.period import Period
from rules.stages import ABANDONED
from rules.terms import due

#: days HR and the official have for the schedule before people must be told; ours, no term of an act
PREPARING = timedelta(days=14)
#: days the evaluators have where the last day lies before the period ends; ours too
EVALUATING = timedelta(days=14)
#: how long after its period an evaluation is opened where its act gives no last day, and how long a missed one is named
AFTERWARDS = timedelta(days=31)
EVALUATION, PLANS = "evaluation", "plans"


@dataclass(frozen=True)
class Opening:
    """One thing to open.

    Attributes:
        what: EVALUATION or PLANS. name: its id in the act.
        key: of the cycle that stands already; "" where none does.
        left: why the machine does not open it and who does; "" where it does.
    """

    what: str
    name: str
    period: str
    key: str = ""
    left: str = ""


def window(law: Law, one: Evaluation, calendar: WorkCalendar, period: Period) -> tuple[date, date]:
    """The first and the last day on which the machine opens an evaluation of a period.

    From the day after the period; earlier, where people must be told before the start (M-46, J-22) or the evaluation
    ends before its period does (J-2, J-3): then early enough for schedule, announcement and marks. Until its last day.
    """
    rule = law.deadlines.get(one.deadline_id("evaluation", period) or "")
    last = due(law, rule, calendar, period, {}).due if rule else None
    early = last is not None and last <= period.last_day
    start = last - EVALUATING if last is not None and early else period.day_after
    notice = law.deadlines.get(one.deadline_id("notice", period) or "")
    told = None
    if notice is not None and notice.anchor == "evaluation_start":
        told = due(law, notice, calendar, period, {"evaluation_start": start}).due
    first = (told or start) - PREPARING if told or early else start
    return first, last or period.day_after + AFTERWARDS


def due_on(session: Session, organisation_file: Path, day: date) -> list[Opening]:
    """Everything that is to stand opened on a day under the body's act, with the key where it stands already.

    Raises:
        NotInForce: the act governs none of the periods about this day, or nobody is known. MissingSetting: the act leaves
        its evaluations to the body, and the body's file does not say them.
    """
    body = methodologies.read_organisation(organisation_file)
    act, calendar = methodologies.load(body.act, beside=organisation_file.parent), methodologies.work_calendar(body)
    found, known, refusal = list[Opening](), False, None
    for period in _about(day):
        try:
            law = methodologies.law(act, period, body)
        except NotInForce as none:
            refusal = none
            continue
        if not law.evaluations:
            law.evaluation()  # the body must say them: its refusal names the place
        known = True
        found += _evaluations(session, law, calendar, period, day)
        if day in period:
            found += [
                Opening(PLANS, name, str(period)) for name, one in law.plans.items() if _fits(one.get("period"), period)
            ]
    if not known and refusal is not None:
        raise refusal
    if any(not (one.key or one.left) for one in found):
        _check_people(session)
    return found


def of_period(session: Session, organisation_file: Path, asked: str) -> list[Opening]:
    """Every evaluation of one period, whatever the day and whatever was given up before: a person asks for it.

    Raises:
        NotInForce: the act does not govern the period, or nobody is known. RuleError: it does not evaluate such a period.
    """
    body, period = methodologies.read_organisation(organisation_file), Period.parse(asked)
    law = methodologies.law(methodologies.load(body.act, beside=organisation_file.parent), period, body)
    _check_people(session)
    names = [one.id for one in law.evaluations.values() if _fits(one.period, period)]
    if not names:
        raise RuleError(f"{law.act} has no evaluation of {period}; it has: {', '.join(law.evaluations) or 'none'}.")
    standing = [_standing(session, law, name, period) for name in names]
    return [
        Opening(EVALUATION, name, str(period), "" if stage == ABANDONED else key)
        for name, (key, stage) in zip(names, standing, strict=True)
    ]


def _check_people(session: Session) -> None:
    if execute(session, "SELECT 1 FROM appointment LIMIT 1").one_or_none() is None:
        raise NotInForce("No corps B servant is known; import the staff file first (bagalau people import).")


def _about(day: date) -> tuple[Period, ...]:
    """The quarter and the year of a day, each after the one before it."""
    quarter, year = Period(day.year, (day.month + 2) // 3), Period(day.year)
    return quarter.before, quarter, year.before, year


def _fits(kind: str | None, period: Period) -> bool:
    return kind == ("quarter" if period.quarter else "year")


def _evaluations(session: Session, law: Law, calendar: WorkCalendar, period: Period, day: date) -> Iterator[Opening]:
    for one in law.evaluations.values():
        if not _fits(one.period, period):
            continue
        first, last = window(law, one, calendar, period)
        if not first <= day <= last + AFTERWARDS:
            continue
        key, stage = _standing(session, law, one.id, period)
        by_hand = f"`bagalau cycle open --period {period} --evaluation {one.id}` opens it"
        if stage == ABANDONED:
            yield Opening(EVALUATION, one.id, str(period), key, f"{key} was given up; {by_hand} again")
        elif day <= last:
            yield Opening(EVALUATION, one.id, str(period), key)
        elif not key:
            left = f"{one.id} of {period} was not opened until {last} ({one.point}); {by_hand} late"
            yield Opening(EVALUATION, one.id, str(period), "", left)


def _standing(session: Session, law: Law, evaluation: str, period: Period) -> tuple[str, str]:
    """Key and stage of the newest cycle of an evaluation and a period, or two empty words."""
    row = execute(
        session,
        "SELECT key, stage FROM cycle WHERE organisation = :o AND act = :a AND evaluation = :e AND period = :p"
        " ORDER BY id DESC LIMIT 1",
        {"o": law.organisation, "a": law.act, "e": evaluation, "p": str(period)},
    ).one_or_none()
    return (str(row.key), str(row.stage)) if row else ("", "")
