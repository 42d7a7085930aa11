"""The 360: respondents are chosen, each answers once under seal, the answers are counted and destroyed (U-56 to U-62)."""

from __future__ import annotations

import json
import random
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

from sqlmodel import Session

from models import Cycle, SurveyKey
from models.base import as_day, instant, stamp
from models.bulk import insert_rows
from models.journal import is_postgres, record, wrote
from models.sql import execute
from notifications import kinds
from rules.errors import NotAllowed, NotFound, NotNow
from rules.law import Form
from rules.methods.survey import SELF, checked, competencies
from rules.respondents import Colleague, choose
from services.content import held_by, keep
from services.door import move
from services.ground import Ground, Known, ground_of, known_cycle
from services.sealing import new_key, seal
from services.servants import bodies_of
from services.telling import tell
from services.terms import role_term
from settings import settings

METHOD = "survey"


def form_of(ground: Ground) -> Form | None:
    """The form of the survey, or None where the cycle is no survey."""
    forms = (ground.law.forms.get(choice.form) for choice in ground.evaluation.forms)
    return next((form for form in forms if form is not None and form.method == METHOD), None)


def key_file(cycle_key: str) -> Path:
    """Where the private half of a survey's key lies: outside the database."""
    return settings().keys / f"survey-{cycle_key}.key"


# --- who is asked ---------------------------------------------------------------------------------------


def invite(session: Session, cycle: Cycle, now: datetime, actor: str) -> int:
    """Choose the respondents of everybody whose survey is open and has none; return how many people are surveyed.

    About whom too few can be asked, no survey is opened: the person is left out with the sentence that says why (U-Q13).
    """
    ground = ground_of(session, cycle)
    if form_of(ground) is None:
        return 0
    if is_postgres(session):  # two walks at once would draw twice, and one would take the other's key away
        execute(session, "SELECT 1 FROM cycle WHERE id = :c FOR UPDATE", {"c": cycle.id})
    found = execute(
        session,
        "SELECT a.person_id, a.id, a.absent FROM assessment a WHERE a.cycle_id = :c AND a.stage = 'open' AND NOT EXISTS"
        " (SELECT 1 FROM survey_respondent r WHERE r.assessment_id = a.id) ORDER BY a.id",
        {"c": cycle.id},
    ).all()
    waiting = {row[0]: row[1] for row in found}
    away = {row[0] for row in found if row[2] and ground.law.decision("self_of_absent") == "left_out"}
    if not waiting:
        return 0
    entry_rules = ground.step("opened").rules
    record(
        session,
        "respondents_chosen",
        now,
        actor,
        cycle_id=cycle.id,
        rules=entry_rules,
        reason=f"of {len(waiting)} people",
    )
    _key(session, cycle)
    staff = list(_staff(session, ground, now))
    gone = list(_gone(session, cycle, waiting.keys() - {one.person for one in staff}))
    away |= {one.person for one in gone}
    chosen, left = choose(ground.law, waiting, [*staff, *gone], cycle.key)
    rows = [
        (waiting[one.evaluatee], person, circle, False)
        for one in chosen
        # an act may leave out the own answer of who is away at the time of the evaluation (A-8, reading A-Q7)
        for person, circle in (*one.respondents, *([] if one.evaluatee in away else [(one.evaluatee, SELF)]))
    ]
    random.SystemRandom().shuffle(rows)
    insert_rows(session, "survey_respondent", ("assessment_id", "person_id", "circle", "answered"), rows)
    wrote(session, "survey_respondent", held_by(session, "survey_respondent", {row[0] for row in rows}))
    for one in left:
        move(
            session, "exempted", cycle.id or 0, now, actor, where="id = :only", params={"only": waiting[one.evaluatee]},
            reason=one.why,
        )  # fmt: skip
    _tell(session, cycle, ground, now, 0)
    return len(chosen)


def _key(session: Session, cycle: Cycle) -> None:
    """A key for the answers to come: the survey's own, or a new one where the earlier answers were counted already."""
    held = session.get(SurveyKey, cycle.id)
    if held is not None and not held.counted:
        return
    if held is None:
        held = SurveyKey(cycle_id=cycle.id or 0, public="")
    else:
        key_file(cycle.key).unlink(missing_ok=True)
    held.public, held.counted = new_key(key_file(cycle.key)), False
    session.add(held)
    session.flush()
    keep(session, cycle.id or 0, survey_key="cycle_id")


def _staff(session: Session, ground: Ground, now: datetime) -> Iterator[Colleague]:
    """Everybody who serves in the body today, and whether the person is away."""
    today = ground.day_of(now)
    bodies = bodies_of(session, ground)
    where = "" if bodies is None else f" AND u.body_id IN ({', '.join(map(str, bodies))})"
    rows = execute(
        session,
        "SELECT a.person_id, a.supervisor_id, p.unit_id, p.category, EXISTS (SELECT 1 FROM absence b WHERE"
        " b.person_id = a.person_id AND b.first_day <= :t AND b.last_day >= :t) AS away"
        " FROM appointment a JOIN post p ON p.id = a.post_id JOIN unit u ON u.id = p.unit_id"
        f" WHERE a.started_on <= :t AND (a.ended_on IS NULL OR a.ended_on >= :t){where} ORDER BY a.person_id",
        {"t": today},
    )
    for person, supervisor, unit, category, away in rows:
        yield Colleague(person, supervisor, unit, category, not away)


def _gone(session: Session, cycle: Cycle, people: Collection[int]) -> Iterator[Colleague]:
    """Who was surveyed for a post held in the period and serves no more: asked about, never asked (U-20)."""
    rows = execute(
        session,
        "SELECT a.person_id, t.supervisor_id, p.unit_id, p.category FROM assessment a JOIN appointment t"
        " ON t.id = a.appointment_id JOIN post p ON p.id = t.post_id WHERE a.cycle_id = :c ORDER BY a.person_id",
        {"c": cycle.id},
    )
    for person, supervisor, unit, category in rows:
        if person in people:
            yield Colleague(person, supervisor, unit, category, False)


def _tell(session: Session, cycle: Cycle, ground: Ground, now: datetime, round: int) -> int:
    due = role_term(session, cycle, "evaluation")
    return tell(
        session,
        kinds.survey_waiting(period=cycle.period, due=due.due),
        cycle,
        now,
        params={"c": cycle.id},
        counted=True,
        round=round,
        select="SELECT 0 AS assessment_id, r.person_id AS recipient_id, COUNT(*) AS count FROM survey_respondent r"
        " JOIN assessment a ON a.id = r.assessment_id WHERE a.cycle_id = :c AND a.stage = 'open' AND r.answered = false"
        " GROUP BY r.person_id",
    )


def remind(session: Session, cycle: Cycle, now: datetime) -> int:
    """Remind who has not answered, three working days before the target and on it (U-35)."""
    ground = ground_of(session, cycle)
    if form_of(ground) is None:
        return 0
    today, target = ground.day_of(now), as_day(role_term(session, cycle, "evaluation").target)
    left = ground.calendar.count(today, target) - 1 if ground.calendar.is_working(today) else -1
    return _tell(session, cycle, ground, now, 4 - left) if left in (3, 0) else 0


# --- answering ------------------------------------------------------------------------------------------


def answer(
    session: Session, assessment_id: int, respondent: int, marks: Mapping[int, Decimal | None], now: datetime
) -> None:
    """Take one answer under seal; nothing of it can be read before all are counted (U-56, U-60).

    The box is shaken: every ballot of the person gets a new name and every line of the list is written again, so that
    no order of rows and no number of a transaction joins the new ballot to the one who cast it.

    Raises:
        NotAllowed: the person is not asked. NotNow: answered already, or the survey is over. Incomplete, RuleError: a
        mark is missing or outside the scale.
    """
    if is_postgres(session):  # an answer waits for the counting and the counting for an answer, so that none is lost
        execute(session, "SELECT 1 FROM assessment WHERE id = :i FOR UPDATE", {"i": assessment_id})
    row = execute(
        session,
        "SELECT a.cycle_id, a.person_id, a.stage, p.category FROM assessment a JOIN appointment o ON o.id = a.appointment_id"
        " JOIN post p ON p.id = o.post_id WHERE a.id = :i",
        {"i": assessment_id},
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no assessment {assessment_id}.")
    cycle = known_cycle(session, row.cycle_id)
    ground = ground_of(session, cycle)
    source = f"{', '.join(ground.evaluation.rules)}, {ground.evaluation.point}"
    form = form_of(ground)
    if form is None:
        raise NotAllowed(f"This evaluation is no survey ({source}).")
    asked = execute(
        session, "SELECT circle, answered FROM survey_respondent WHERE assessment_id = :a AND person_id = :p",
        {"a": assessment_id, "p": respondent},
    ).one_or_none()  # fmt: skip
    if asked is None:
        raise NotAllowed(f"This person is not asked about this servant ({source}).")
    if asked.answered:
        raise NotNow(f"This questionnaire was answered already; it is answered once ({source}).")
    if row.stage != "open" or over(session, cycle, now):
        raise NotNow(f"The survey about this servant is over ({source}); answers are not taken any more.")
    numbers = competencies(ground.law, form, group_of(ground, row.category))
    held = checked(ground.law, form, numbers, marks)
    words = json.dumps({"respondent": asked.circle, "marks": {str(n): str(mark) for n, mark in held.items()}})
    public = execute(session, "SELECT public FROM survey_key WHERE cycle_id = :c", {"c": cycle.id}).scalar_one()
    _shake(session, assessment_id, respondent, seal(public, words))


def over(session: Session, cycle: Known, now: datetime) -> bool:
    """Whether the term is over and somebody was asked before it was; of a survey sent out later nobody could keep it."""
    due = instant(role_term(session, cycle, "evaluation").due_at)
    if now < due:
        return False
    asked = "SELECT COUNT(*) FROM journal_entry WHERE cycle_id = :c AND event = 'opened' AND at < :d"
    return bool(execute(session, asked, {"c": cycle.id, "d": stamp(due)}).scalar_one())


def group_of(ground: Ground, category: str) -> str:
    """Which list of competencies a servant is asked about: that of heads or that of staff (U-58)."""
    return "head" if category in (ground.evaluation.options.get("head_group") or ()) else "staff"


def _shake(session: Session, assessment_id: int, respondent: int, sealed: str) -> None:
    params = {"a": assessment_id}
    if is_postgres(session):  # two answers about one person wait for each other
        execute(
            session, "SELECT 1 FROM survey_respondent WHERE assessment_id = :a ORDER BY person_id FOR UPDATE", params
        )
    box = list(execute(session, "SELECT sealed FROM survey_ballot WHERE assessment_id = :a", params).scalars())
    changed = execute(
        session, "UPDATE survey_respondent SET answered = true WHERE assessment_id = :a AND person_id = :p AND answered = false",
        {**params, "p": respondent},
    )  # fmt: skip
    if changed.rowcount != 1:
        raise NotNow("This questionnaire was answered already; it is answered once.")
    lines = execute(
        session, "SELECT person_id, circle, answered FROM survey_respondent WHERE assessment_id = :a", params
    ).all()
    execute(session, "DELETE FROM survey_ballot WHERE assessment_id = :a", params)
    execute(session, "DELETE FROM survey_respondent WHERE assessment_id = :a", params)
    shuffled = random.SystemRandom().sample(lines, len(lines))
    insert_rows(
        session, "survey_respondent", ("assessment_id", "person_id", "circle", "answered"),
        [(assessment_id, one.person_id, one.circle, bool(one.answered)) for one in shuffled],
    )  # fmt: skip
    ballots = sorted((str(uuid4()), assessment_id, one) for one in (*box, sealed))
    insert_rows(session, "survey_ballot", ("id", "assessment_id", "sealed"), ballots)
