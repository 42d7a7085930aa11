"""Counting a survey: its answers are opened, reported as means, and destroyed with the key that opened them (U-60, U-Q15)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from models import Cycle, SurveyKey
from models.base import instant, stamp
from models.bulk import insert_rows
from models.journal import record
from models.sql import execute, is_postgres
from rules.errors import Incomplete, NotNow, RuleError
from rules.law import Form
from rules.methods import method_of
from rules.words import counted
from services.completion import completed
from services.door import move
from services.ground import Ground, ground_of
from services.result_rows import RESULT, result_row
from services.sealing import Unreadable, belongs, unseal
from services.surveys import form_of, group_of, key_file, over
from services.terms import role_term


def tally(session: Session, cycle: Cycle, now: datetime, actor: str, early: bool = False) -> int:
    """Count every survey of the cycle when its term is over or everybody has answered; return how many have a report.

    An answer that the survey's own key does not open is set aside, named in the journal by its number, and counted
    nowhere but as unreadable. The answers and the key that opens them are destroyed; of fewer than the act's least number
    nothing is reported and the person is left out, with the reason (U-Q15). A survey sent out after its term waits until
    everybody has answered or HR closes it: nobody could have answered in time.

    Args:
        early: count now although some have not answered; only before the term where HR closes the survey. Whoever fewer
            than the least number have answered about is left open until the term ends.

    Raises:
        NotNow: nobody would have a report before the term.
    """
    ground = ground_of(session, cycle)
    form = form_of(ground)
    if form is None or session.get(SurveyKey, cycle.id) is None:
        return 0
    if not early and not over(session, cycle, now) and _silent(session, cycle):
        return 0
    if is_postgres(session):  # an answer given at this moment is counted or refused, never lost
        execute(
            session,
            "SELECT 1 FROM assessment WHERE cycle_id = :c AND stage = 'open' ORDER BY id FOR UPDATE",
            {"c": cycle.id},
        )
    rows, few, aside = _reports(session, cycle, ground, form, now)
    if not rows and not few:
        _destroy_if_over(session, cycle)
        return 0
    if early and few and now < instant(role_term(session, cycle, "evaluation").due_at):
        if not rows:
            raise NotNow(_too_early(session, cycle, len(few)))
        for waits in few:  # about them answers are taken until the term ends
            aside.pop(waits, None)
        few = []
    _set_aside(session, cycle, sorted(number for some in aside.values() for number in some), now, actor)
    insert_rows(session, "result", RESULT, rows)
    done = move(
        session, "computed", cycle.id or 0, now, actor, sets="result_version = 1, completed_at = :now",
        where="EXISTS (SELECT 1 FROM result r WHERE r.assessment_id = assessment.id)", params={"now": stamp(now)},
        reason="the answers were counted and destroyed",
    )  # fmt: skip
    if few:
        least = ground.law.dated("respondents_min")
        ids = ", ".join(map(str, few))
        move(
            session, "exempted", cycle.id or 0, now, actor, where=f"id IN ({ids})",
            reason=f"fewer than {least.value} answered: nothing is reported ({', '.join(least.rules)}, {least.point})",
        )  # fmt: skip
    _destroy(session, cycle)
    completed(session, cycle, ground, "computed", now)
    return done


def _reports(
    session: Session, cycle: Cycle, ground: Ground, form: Form, now: datetime
) -> tuple[list[tuple[Any, ...]], list[int], dict[int, list[str]]]:
    """(results as they are kept, assessments with too few answers, numbers of unreadable answers by assessment)."""
    rows: list[tuple[Any, ...]] = []
    few: list[int] = []
    aside: dict[int, list[str]] = defaultdict(list)
    for assessment_id, category, answers in _boxes(session, cycle, aside):
        data = {"group": group_of(ground, category), "answers": answers}
        way = method_of(form)
        try:
            found = way.score(ground.law, way.read(ground.law, form, ground.period, data, ""))
        except Incomplete:
            few.append(assessment_id)
            continue
        if aside[assessment_id]:
            found = replace(found, more={**found.more, "unreadable": len(aside[assessment_id])})
        rows.append(result_row(assessment_id, 1, "computed", stamp(now), found, ()))
    return rows, few, aside


def _too_early(session: Session, cycle: Cycle, few: int) -> str:
    least = ground_of(session, cycle).law.dated("respondents_min")
    return (
        f"{counted(few, 'people')} would have no report: fewer than {least.value} have answered about them, and the survey has"
        f" until {role_term(session, cycle, 'evaluation').due} ({', '.join(least.rules)}, {least.point}). Wait until then."
    )


def _silent(session: Session, cycle: Cycle) -> int:
    return int(
        execute(
            session,
            "SELECT COUNT(*) FROM survey_respondent r JOIN assessment a ON a.id = r.assessment_id WHERE a.cycle_id = :c"
            " AND a.stage IN ('planned', 'notified', 'open') AND r.answered = false",
            {"c": cycle.id},
        ).scalar_one()
    )


def _boxes(
    session: Session, cycle: Cycle, aside: dict[int, list[str]]
) -> Iterator[tuple[int, str, list[dict[str, Any]]]]:
    """(assessment, category, opened answers) of every person whose survey is open.

    Args:
        aside: takes the numbers of the answers that cannot be opened, by assessment.

    Raises:
        NotFound, RuleError: the key is missing, damaged, or not the survey's own. Unreadable: it opens no answer at all.
    """
    opened: dict[int, list[dict[str, Any]]] = defaultdict(list)
    file, unreadable = key_file(cycle.key), None
    ballots = execute(
        session,
        "SELECT b.id, b.assessment_id, b.sealed FROM survey_ballot b JOIN assessment a ON a.id = b.assessment_id"
        " WHERE a.cycle_id = :c AND a.stage = 'open' ORDER BY b.id",
        {"c": cycle.id},
    ).all()
    public = execute(session, "SELECT public FROM survey_key WHERE cycle_id = :c", {"c": cycle.id}).scalar_one()
    if ballots and not belongs(file, public):
        raise RuleError(f"The key at {file} does not belong to this survey's key; put it back from its safe copy.")
    for number, assessment_id, sealed in ballots:
        try:
            opened[assessment_id].append(json.loads(unseal(file, sealed)))
        except Unreadable as trouble:
            unreadable = trouble
            aside[assessment_id].append(number)
    if unreadable is not None and not opened:  # then it is not the answers that are damaged
        raise unreadable
    for row in execute(
        session,
        "SELECT DISTINCT a.id, p.category FROM assessment a JOIN survey_respondent r ON r.assessment_id = a.id"
        " JOIN appointment o ON o.id = a.appointment_id JOIN post p ON p.id = o.post_id"
        " WHERE a.cycle_id = :c AND a.stage = 'open' ORDER BY a.id",
        {"c": cycle.id},
    ).all():
        yield row[0], row[1], opened.get(row[0], [])


def _set_aside(session: Session, cycle: Cycle, numbers: list[str], now: datetime, actor: str) -> None:
    """Name the answers that could not be opened by their numbers alone: about whom they were is not said (decision 12)."""
    for number in numbers:
        record(
            session, "answer_unreadable", now, actor, cycle_id=cycle.id, subject=f"survey_ballot/{number}",
            rules=ground_of(session, cycle).step("computed").rules, reason="it cannot be opened: set aside, not counted",
        )  # fmt: skip


def _destroy_if_over(session: Session, cycle: Cycle) -> None:
    """Where everybody surveyed was left out meanwhile, nothing is counted and nothing kept."""
    left = "SELECT COUNT(*) FROM assessment WHERE cycle_id = :c AND stage IN ('planned', 'notified', 'open')"
    if not execute(session, left, {"c": cycle.id}).scalar_one():
        execute(session, "UPDATE survey_key SET counted = true WHERE cycle_id = :c", {"c": cycle.id})
        execute(
            session,
            "DELETE FROM survey_ballot WHERE assessment_id IN (SELECT id FROM assessment WHERE cycle_id = :c)",
            {"c": cycle.id},
        )


def _destroy(session: Session, cycle: Cycle) -> None:
    """The answers go with their survey; the key goes when nobody is left to answer about."""
    execute(
        session,
        "DELETE FROM survey_ballot WHERE assessment_id IN (SELECT id FROM assessment WHERE cycle_id = :c AND stage NOT IN"
        " ('planned', 'notified', 'open'))",
        {"c": cycle.id},
    )
    _destroy_if_over(session, cycle)


def destroy_keys(session: Session) -> int:
    """Delete the key file of every counted survey; after the commit that removed the answers, never before it."""
    done = 0
    for key in execute(
        session, "SELECT c.key FROM survey_key k JOIN cycle c ON c.id = k.cycle_id WHERE k.counted = true"
    ).scalars():
        if key_file(key).exists():
            key_file(key).unlink()
            done += 1
    return done
