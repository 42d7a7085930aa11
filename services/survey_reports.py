"""What may be known of a survey, and by whom: progress, the person's own report, the summary of the body (U-32, U-62)."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session

from models import Cycle
from models.sql import execute
from rules.errors import NotAllowed, NotFound, NotNow
from rules.grades import mean_of, plain
from rules.methods.survey import competencies
from services.ground import Ground, find_cycle, ground_of
from services.officials import hr_on
from services.surveys import form_of, group_of

#: a mean of fewer people than this is not shown in a summary: it would be somebody's own report
LEAST = 3


def _ground(session: Session, key: str) -> tuple[Cycle, Ground]:
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    if form_of(ground) is None:
        raise NotFound(f"{key} is no survey ({ground.evaluation.point}); `bagalau cycle list` shows the kinds.")
    return cycle, ground


def hr_only(session: Session, cycle: Cycle, person: int, now: datetime) -> str:
    """The actor's name in the journal, if the person has HR duties now.

    Raises:
        NotAllowed: somebody else.
    """
    ground = ground_of(session, cycle)
    if person not in hr_on(session, cycle, ground.day_of(now)):
        raise NotAllowed(
            f"The person charged with HR duties runs the survey ({ground.evaluation.point}); somebody else cannot."
        )
    return f"person/{person}"


def progress(session: Session, key: str) -> list[dict[str, Any]]:
    """How many are asked and how many have answered about each person; who of them is nobody's business."""
    cycle, _ = _ground(session, key)
    rows = execute(
        session,
        "SELECT p.personnel_no, COUNT(*) AS asked, SUM(CASE WHEN r.answered THEN 1 ELSE 0 END) AS answered"
        " FROM survey_respondent r JOIN assessment a ON a.id = r.assessment_id JOIN person p ON p.id = a.person_id"
        " WHERE a.cycle_id = :c GROUP BY p.personnel_no ORDER BY p.personnel_no",
        {"c": cycle.id},
    )
    return [{"person": row[0], "asked": row[1], "answered": row[2]} for row in rows]


def waiting(session: Session, key: str, person: int) -> list[dict[str, Any]]:
    """The questionnaires a person has: about whom, as what, answered or not."""
    cycle, _ = _ground(session, key)
    rows = execute(
        session,
        "SELECT p.personnel_no, r.circle, r.answered FROM survey_respondent r JOIN assessment a ON a.id = r.assessment_id"
        " JOIN person p ON p.id = a.person_id WHERE a.cycle_id = :c AND r.person_id = :p ORDER BY p.personnel_no",
        {"c": cycle.id, "p": person},
    )
    return [{"about": row[0], "circle": row[1], "answered": bool(row[2])} for row in rows]


_REPORT = (
    "SELECT a.evaluator_id, a.stage, p.category, r.more FROM assessment a JOIN appointment o ON o.id = a.appointment_id"
    " JOIN post p ON p.id = o.post_id LEFT JOIN result r ON r.assessment_id = a.id AND r.version = a.result_version"
    " WHERE a.cycle_id = :c AND a.person_id = :p"
)


def individual(session: Session, key: str, person: int, by: int) -> dict[str, Any]:
    """One person's report: the mean of each competency, the own assessment beside it for the person alone.

    Raises:
        NotAllowed: somebody outside the closed list (U-32). NotNow: nothing is counted yet. NotFound: not surveyed.
    """
    cycle, ground = _ground(session, key)
    row = execute(session, _REPORT, {"c": cycle.id, "p": person}).one_or_none()
    if row is None:
        raise NotFound(f"This person takes no part in {key}.")
    if by not in {person, row.evaluator_id, *hr_on(session, cycle, ground.period.day_after)}:
        raise NotAllowed(
            "The results are known only to the evaluated person, the evaluator and the person charged with HR duties"
            f"{ground.cite('confidential')}; somebody else cannot see them."
        )
    if row.more is None:
        raise NotNow(f"There is no report: the survey stands at '{row.stage}'.")
    more = json.loads(row.more)
    names = _names(ground, group_of(ground, row.category))
    found = {
        "key": key,
        "answers": more["answers"],
        "unreadable": more.get("unreadable", 0),
        "competencies": [{"n": n, **names[n], "mean": mean} for n, mean in more["results"].items()],
        "by_group": more.get("by_group") or {},
        "least_shown": [names[n]["en"] for n in more["least_shown"]],
    }
    return found | ({"self": more["self"]} if by == person and more.get("self") else {})


def _names(ground: Ground, group: str) -> dict[str, dict[str, str]]:
    form = form_of(ground)
    rows = competencies(ground.law, form, group) if form else {}
    return {str(n): {"kk": row["kk"], "ru": row["ru"], "en": row["en"]} for n, row in rows.items()}


def summary(session: Session, key: str, by: int) -> dict[str, Any]:
    """The mean of each competency over the body, by the two lists, and the lowest ones as topics of training (U-62).

    A group of fewer than three people is not shown: its mean would be a person's report.

    Raises:
        NotAllowed: somebody without HR duties.
    """
    cycle, ground = _ground(session, key)
    hr_only(session, cycle, by, datetime.combine(ground.period.day_after, datetime.min.time(), ground.zone))
    return {"key": key, "groups": summary_of(session, cycle, ground), "unreadable": _unreadable(session, cycle)}


def _unreadable(session: Session, cycle: Cycle) -> int:
    """How many answers of the whole survey could not be opened."""
    said = "SELECT COUNT(*) FROM journal_entry WHERE cycle_id = :c AND event = 'answer_unreadable'"
    return int(execute(session, said, {"c": cycle.id}).scalar_one())


def summary_of(session: Session, cycle: Cycle, ground: Ground) -> list[dict[str, Any]]:
    """The means of each list of competencies that enough people have a report on."""
    means: dict[str, dict[str, list[Decimal]]] = defaultdict(lambda: defaultdict(list))
    rows = execute(
        session,
        "SELECT p.category, r.more FROM assessment a JOIN appointment o ON o.id = a.appointment_id JOIN post p ON p.id = o.post_id"
        " JOIN result r ON r.assessment_id = a.id AND r.version = a.result_version WHERE a.cycle_id = :c",
        {"c": cycle.id},
    )
    for category, more in rows:
        for n, mean in json.loads(more)["results"].items():
            means[group_of(ground, category)][n].append(Decimal(mean))
    shown = {group: held for group, held in means.items() if len(next(iter(held.values()))) >= LEAST}
    return [_group(ground, group, held) for group, held in sorted(shown.items())]


def _group(ground: Ground, group: str, held: dict[str, list[Decimal]]) -> dict[str, Any]:
    names = _names(ground, group)
    over = {n: mean_of(sum(values, Decimal(0)), len(values)).quantize(Decimal("0.01")) for n, values in held.items()}
    lowest = min(over.values())
    topics = [names[n]["en"] for n, mean in over.items() if mean == lowest]
    return {
        "group": group,
        "people": len(next(iter(held.values()))),
        "competencies": [{"n": n, **names[n], "mean": plain(mean)} for n, mean in over.items()],
        "topics": topics if len(topics) < len(over) else [],
    }
