"""The final mark of a year: the mean of a person's evaluated quarters, formed by 30 January (pt 4)."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
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
from rules.annual import annual
from rules.errors import Incomplete, NotNow
from rules.law import Law
from rules.period import Period
from rules.terms import due
from services.content import BESIDE

_COLUMNS = (
    "person_id",
    "act",
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

_QUARTERS = """
SELECT a.person_id, c.period, r.score, a.stage FROM assessment a JOIN cycle c ON c.id = a.cycle_id
LEFT JOIN result r ON r.assessment_id = a.id AND r.version = a.result_version
WHERE c.act = :act AND c.period LIKE :like AND c.stage <> 'abandoned' ORDER BY a.person_id, c.period
"""


def form_annual(
    session: Session, act: str, year: int, now: datetime, actor: str, organisation_file: Path | None = None
) -> int:
    """Form every person's annual mark from the results in force; only what changed makes a new version (N-11, N-12, N-Q12).

    Returns:
        How many people got a mark or got it anew; 0 when nothing changed. Who was evaluated in no quarter gets none,
        and the reason is kept.

    Raises:
        NotNow: the year is not over.
    """
    body = methodologies.read_organisation(organisation_file) if organisation_file else methodologies.sample(act)
    law = methodologies.law(act, Period(year), body)
    rule = law.deadline(law.evaluation().deadlines["annual"])
    last_day = due(law, rule, methodologies.work_calendar(body), Period(year, 4), {}).due
    zone = ZoneInfo(body.time_zone)
    if now.astimezone(zone).date() <= Period(year).last_day:
        raise NotNow(
            f"The year {year} is not over; its final marks are formed after 31 December, by {last_day} (N-11, N-12)."
        )
    rows = list(_changed(session, law, act, year, now, last_day))
    if rows:
        insert_rows(session, "annual_mark", _COLUMNS, rows)
        record(
            session,
            "annual_formed",
            now,
            actor,
            subject=f"annual/{act}/{year}",
            rules=("N-11", "N-12"),
            reason=f"{len(rows)} annual marks of {year} formed; due {last_day}",
        )
        wrote(session, "annual_mark", (BESIDE["annual_mark"].named(row[-1], row[:-1]) for row in rows))
    return sum(row[5] is not None for row in rows)


def _changed(session: Session, law: Law, act: str, year: int, now: datetime, last_day: date | None) -> Iterator[Any]:
    known = {
        row[0]: (row[1], row[2])
        for row in execute(
            session,
            ("SELECT person_id, version, quarters FROM annual_mark WHERE act = :a AND year = :y ORDER BY version"),
            {"a": act, "y": year},
        )
    }
    for person, quarters in _by_person(session, act, year).items():
        kept = json.dumps(dict(quarters))
        version, before = known.get(person, (0, None))
        if kept != before:
            yield (
                person,
                act,
                year,
                version + 1,
                stamp(now),
                *_mark(law, quarters),
                kept,
                *_why(law, quarters),
                str(last_day),
                new_salt(),
            )


def _by_person(session: Session, act: str, year: int) -> dict[int, dict[str, str | None]]:
    found: dict[int, dict[str, str | None]] = defaultdict(dict)
    for person, period, score, _ in execute(session, _QUARTERS, {"act": act, "like": f"{year}-Q%"}):
        found[person][period] = score
    return found


def _score(law: Law, quarters: dict[str, str | None]) -> Any:
    given = {Period.parse(p): Decimal(s) for p, s in quarters.items() if s is not None}
    try:
        return annual(law, given)
    except Incomplete as refusal:
        return refusal


def _mark(law: Law, quarters: dict[str, str | None]) -> tuple[str | None, str | None, str | None]:
    found = _score(law, quarters)
    return (
        (None, None, None) if isinstance(found, Incomplete) else (str(found.score), str(found.unrounded), found.grade)
    )


def _why(law: Law, quarters: dict[str, str | None]) -> tuple[str, str]:
    found = _score(law, quarters)
    if isinstance(found, Incomplete):
        return str(found), "N-Q13"
    return "\n".join(found.working), ", ".join(found.readings)
