"""The final mark of a year: the mean of a person's evaluated quarters, where the act forms one (N-11, N-12, U-17)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

import methodologies
from models.base import stamp
from models.bulk import insert_rows
from models.content import new_salt
from models.journal import record, wrote
from models.sql import execute
from notifications import kinds
from rules.annual import annual, formed_from
from rules.errors import Incomplete, NotNow
from rules.evaluation import Evaluation
from rules.law import Law
from rules.period import Period
from rules.scoring import Score
from rules.terms import due
from services.content import BESIDE
from services.ground import find_cycle
from services.telling import tell

#: a body's own term for the mark of a year, where its act gives none
HOUSE_TERM = "house_annual_mark"
_COLUMNS = (
    "person_id",
    "act",
    "organisation",
    "evaluation",
    "year",
    "version",
    "at",
    "score",
    "unrounded",
    "grade",
    "quarters",
    "working",
    "readings",
    "due",
    "salt",
)
_OF_BODY = "act = :act AND organisation = :o AND evaluation = :e"
_QUARTERS = f"""
SELECT a.person_id, c.period, r.score, a.stage FROM assessment a JOIN cycle c ON c.id = a.cycle_id
LEFT JOIN result r ON r.assessment_id = a.id AND r.version = a.result_version
WHERE {_OF_BODY} AND c.period LIKE :like AND c.stage <> 'abandoned' ORDER BY a.person_id, c.period
"""


@dataclass(frozen=True)
class _Year:
    """One year of one body under one act: its law, the evaluation whose quarters count, the last day for the mark."""

    law: Law
    evaluation: Evaluation
    organisation: str
    year: int
    due: date | None

    @property
    def params(self) -> dict[str, Any]:
        return {"act": self.law.act, "o": self.organisation, "e": self.evaluation.id}


def form_annual(
    session: Session,
    act: str,
    year: int,
    now: datetime,
    actor: str,
    organisation_file: Path | None = None,
    evaluation: str | None = None,
) -> int:
    """Form every person's annual mark from the results in force; only what changed makes a new version (N-11, N-12, N-Q12).

    Args:
        evaluation: the one whose quarters count; left out, the first of the act that has annual marks.

    Returns:
        How many people got a mark or got it anew; 0 when nothing changed. Who was evaluated in no quarter gets none,
        and the reason is kept.

    Raises:
        NotNow: the year is not over. NotAllowed: the act forms no such mark.
    """
    asked, zone = _asked(act, year, organisation_file, evaluation)
    law, last_day = asked.law, asked.due
    if now.astimezone(zone).date() <= Period(year).last_day:
        by = f", by {last_day}" if last_day else ""
        raise NotNow(
            f"The year {year} is not over; its final marks are formed after 31 December{by} ({', '.join(_rules(law))})."
        )
    rows = list(_changed(session, asked, now))
    if rows:
        insert_rows(session, "annual_mark", _COLUMNS, rows)
        record(
            session,
            "annual_formed",
            now,
            actor,
            subject=f"annual/{act}/{year}",
            rules=_rules(law),
            reason=f"{len(rows)} annual marks of {year} formed" + (f"; due {last_day}" if last_day else ""),
        )
        wrote(session, "annual_mark", (BESIDE["annual_mark"].named(row[-1], row[:-1]) for row in rows))
        _tell(session, asked, now)
    return sum(row[_COLUMNS.index("score")] is not None for row in rows)


#: each person hears of it in the latest cycle of the year that has them; a corrected mark is said anew
_READY = """
SELECT a.id AS assessment_id, a.person_id AS recipient_id FROM annual_mark m
JOIN assessment a ON a.person_id = m.person_id AND a.cycle_id = :c AND a.dismissed = false
WHERE m.act = :act AND m.organisation = :o AND m.evaluation = :e AND m.year = :y AND m.at = :now AND m.version = :version
AND m.score IS NOT NULL AND NOT EXISTS (SELECT 1 FROM assessment l JOIN cycle d ON d.id = l.cycle_id
 WHERE l.person_id = m.person_id AND d.act = :act AND d.organisation = :o AND d.evaluation = :e AND d.period LIKE :like
 AND d.stage <> 'abandoned' AND d.period > :period)
"""


def _tell(session: Session, asked: _Year, now: datetime) -> None:
    """Tell everybody whose mark was formed just now that it waits; the mark itself stands in the portal alone (N-23)."""
    ours = {**asked.params, "y": asked.year, "like": f"{asked.year}-Q%", "now": stamp(now)}
    versions = execute(
        session, f"SELECT DISTINCT version FROM annual_mark WHERE {_OF_BODY} AND year = :y AND at = :now", ours
    ).scalars()  # fmt: skip
    keys = execute(
        session, f"SELECT key, period FROM cycle WHERE {_OF_BODY} AND period LIKE :like AND stage <> 'abandoned'", ours
    ).all()  # fmt: skip
    for key, period in keys:
        for version in versions:
            tell(
                session, kinds.annual_mark_ready(period=str(asked.year)), find_cycle(session, key), now, select=_READY,
                params={**ours, "c": find_cycle(session, key).id, "version": version, "period": period}, round=version - 1,
            )  # fmt: skip


def last_day(act: str, year: int, organisation_file: Path | None = None, evaluation: str | None = None) -> date | None:
    """The last day for the marks of a year, by the act or the body; None where neither gives one.

    Raises:
        NotAllowed: the act forms no such mark. NotInForce: it governs nothing of the year.
    """
    return _asked(act, year, organisation_file, evaluation)[0].due


def _asked(act: str, year: int, organisation_file: Path | None, evaluation: str | None) -> tuple[_Year, ZoneInfo]:
    body = methodologies.read_organisation(organisation_file) if organisation_file else methodologies.sample(act)
    beside = organisation_file.parent if organisation_file else None
    law = methodologies.law(methodologies.load(act, beside=beside), Period(year), body)
    one = formed_from(law, evaluation)
    due = _due(law, one, methodologies.work_calendar(body), year)
    return _Year(law, one, body.key, year, due), ZoneInfo(body.time_zone)


def _rules(law: Law) -> tuple[str, ...]:
    return law.dated("annual_method").rules


def _due(law: Law, one: Evaluation, calendar: Any, year: int) -> date | None:
    name = one.annual.get("deadline") or one.deadlines.get("annual") or HOUSE_TERM
    rule = law.deadlines.get(name)
    return due(law, rule, calendar, Period(year, 4), {}).due if rule else None


def _changed(session: Session, asked: _Year, now: datetime) -> Iterator[tuple[Any, ...]]:
    known = {
        row[0]: (row[1], row[2])
        for row in execute(
            session,
            f"SELECT person_id, version, quarters FROM annual_mark WHERE {_OF_BODY} AND year = :y ORDER BY version",
            {**asked.params, "y": asked.year},
        )
    }
    for person, quarters in _by_person(session, asked).items():
        kept = json.dumps(dict(quarters))
        version, before = known.get(person, (0, None))
        if kept != before:
            found = _score(asked, quarters)
            yield (
                person,
                *asked.params.values(),
                asked.year,
                version + 1,
                stamp(now),
                *_mark(found),
                kept,
                *_why(asked.law, found),
                str(asked.due or ""),
                new_salt(),
            )


def _by_person(session: Session, asked: _Year) -> dict[int, dict[str, str | None]]:
    found: dict[int, dict[str, str | None]] = defaultdict(dict)
    for person, period, score, _ in execute(session, _QUARTERS, {**asked.params, "like": f"{asked.year}-Q%"}):
        found[person][period] = score
    return found


def _score(asked: _Year, quarters: dict[str, str | None]) -> Score | Incomplete:
    given = {Period.parse(p): Decimal(s) for p, s in quarters.items() if s is not None}
    try:
        return annual(asked.law, given, asked.evaluation)
    except Incomplete as refusal:
        return refusal


def _mark(found: Score | Incomplete) -> tuple[str | None, str | None, str | None]:
    return (
        (None, None, None) if isinstance(found, Incomplete) else (str(found.score), str(found.unrounded), found.grade)
    )


def _why(law: Law, found: Score | Incomplete) -> tuple[str, str]:
    if isinstance(found, Incomplete):
        return str(found), ", ".join(law.reason((), "", "missing_periods").readings)
    return "\n".join(found.working), ", ".join(found.readings)
