"""Gathering what the report tells, a few queries for each part."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlmodel import Session

from cli.report import reaching
from cli.report.deadlines import breaches, deadline_lines
from cli.report.story import Day, Dispute, Follows, OtherReading, Story
from models.base import as_day, instant
from rules.calendar import WorkCalendar, every_day
from rules.law import Law
from rules.stages import STAGES
from services import appeals, consequences, evidence, sittings
from services.ground import Ground, Known, find_cycle, ground_of, known_cycle
from services.terms import role_term

_MOMENTS = {
    "marked": "COALESCE(signed_at, completed_at)",
    "released": "released_at",
    "learnt": "familiarised_at",
    "closed": "closed_at",
}


def gather(session: Session, key: str, figures: Any, now: Any, checkpoints: Path, papers: Path) -> Story:
    """Everything the report tells of a cycle."""
    cycle = find_cycle(session, key)
    ground = ground_of(session, cycle)
    number = cycle.id or 0
    exempt = _exempt(session, number)
    found = deadline_lines(session, key, ground.law, now)
    return Story(
        key=key, body=ground.organisation.name.en, law=ground.law, evaluation=ground.evaluation,
        period=str(ground.period), zone=ground.zone, opened=cycle.opened_at, approved=cycle.approved_at, closed=cycle.closed_at,
        unconfirmed=ground.organisation.unconfirmed,
        figures=figures, days=_days(session, cycle, ground), evaluated=_everybody(session, number) - len(exempt),
        grades=_grades(session, number), last_days=_last_days(session, cycle, ground), deadlines=found,
        breaches=breaches(session, key, ground, now), funnel=_funnel(session, number),
        channels=reaching.channels(session, number), ladder=reaching.ladder(session, cycle),
        kinds=_kinds(session, number), disputes=_disputes(session, number, ground),
        exempt=exempt, others=_others(session, number), readings=_readings(session, number, ground.law),
        annual=_annual(session, cycle.act, ground.period.year), verification=evidence.verify(session, checkpoints),
        documents=_documents(papers), sittings=_sittings(session, cycle, ground),
        appeals=tuple(appeals.listed(session, cycle)) if "appeal" in ground.evaluation.branches else (),
        consequences=_consequences(session, key, ground),
    )  # fmt: skip


def _everybody(session: Session, cycle: int) -> int:
    return int(_rows(session, "SELECT COUNT(*) FROM assessment WHERE cycle_id = :c", c=cycle)[0][0])


def _grades(session: Session, cycle: int) -> dict[str, int]:
    found = _rows(
        session,
        "SELECT r.grade, COUNT(*) FROM result r JOIN assessment a ON a.id = r.assessment_id AND a.result_version = r.version"
        " WHERE a.cycle_id = :c AND r.grade IS NOT NULL GROUP BY r.grade", c=cycle,
    )  # fmt: skip
    return {row[0]: row[1] for row in found}


_DRAWN = {"evaluation": "last day to evaluate", "serve_dismissed": "last day to serve the dismissed"}


def _last_days(session: Session, cycle: Known, ground: Ground) -> tuple[tuple[date, str], ...]:
    """The last days of the law that follow from the period."""
    found = []
    for role, said in _DRAWN.items():
        term = role_term(session, cycle, role)
        if term is not None and (role == "evaluation" or ground.deadline_id(role)):
            found.append((as_day(term.due), f"{said} ({term.point})"))
    return tuple(found)


def _sittings(session: Session, cycle: Known, ground: Ground) -> tuple[dict[str, Any], ...]:
    return tuple(sittings.listed(session, cycle)) if "submitted" in ground.evaluation.path else ()


def _consequences(session: Session, key: str, ground: Ground) -> tuple[Follows, ...]:
    """What the act draws from the results of the cycle, by grade; how many, never who."""
    found: dict[Any, list[str]] = defaultdict(list)
    scale = ground.law.scale_of(ground.evaluation)
    order = [band.id for band in scale.bands] if scale else []
    for one in consequences.of_cycle(session, key) if ground.law.consequences else ():
        kind = (one.what.en, f"{', '.join(one.rules)}, {one.point}", one.basis_for, one.not_for, one.forbids)
        found[kind].append(one.grade or "")
    return tuple(
        Follows(
            what,
            point,
            basis,
            no_basis,
            bars,
            Counter(sorted(grades, key=lambda one: order.index(one) if one in order else len(order))),
        )
        for (what, point, basis, no_basis, bars), grades in found.items()
    )


def _rows(session: Session, query: str, **values: Any) -> list[Any]:
    return list(session.connection().execute(text(query), values).all())


def _days(session: Session, held: Known, ground: Ground) -> tuple[Day, ...]:
    cycle = held.id or 0
    counts: dict[str, Counter[date]] = {}
    for name, column in _MOMENTS.items():
        found = _rows(session, f"SELECT {column} FROM assessment WHERE cycle_id = :c AND {column} IS NOT NULL", c=cycle)
        counts[name] = Counter(ground.day_of(instant(row[0])) for row in found)
    seen = [day for counter in counts.values() for day in counter]
    seen += [day for day, _ in _last_days(session, held, ground)]
    first, last = min([ground.period.last_day, *seen]), max(seen, default=ground.period.day_after)
    return tuple(_day(day, counts, ground.calendar) for day in every_day(first, last))


def _day(day: date, counts: dict[str, Counter[date]], calendar: WorkCalendar) -> Day:
    return Day(day, calendar.is_working(day), **{name: counts[name][day] for name in _MOMENTS})


def _funnel(session: Session, cycle: int) -> tuple[tuple[str, int], ...]:
    """How many ever reached each stage, by the journal."""
    reached = {
        row[0]: row[1]
        for row in _rows(
            session,
            "SELECT j.to_stage, COUNT(DISTINCT j.assessment_id) FROM journal_row j JOIN assessment a"
            " ON a.id = j.assessment_id WHERE a.cycle_id = :c GROUP BY j.to_stage", c=cycle,
        )
    }  # fmt: skip
    return tuple((stage, reached[stage]) for stage in STAGES if stage in reached)


def _grade_of(ground: Ground, score: Decimal) -> str:
    return ground.scale.place(score).grade.id if ground.scale else ""


def _kinds(session: Session, cycle: int) -> Counter[str]:
    query = "SELECT kind, COUNT(*) FROM notice WHERE cycle_id = :c GROUP BY kind"
    return Counter({row[0]: row[1] for row in _rows(session, query, c=cycle)})


_DISPUTES = """
SELECT r.id, u.name_ru, u.code, r.received_at, r.late, r.state, r.decided_at, s.held_at, s.protocol_signed_at,
  s.protocol_uploaded_at, s.feedback_at, s.score_before, s.score_after
FROM calibration_request r JOIN assessment a ON a.id = r.assessment_id JOIN appointment o ON o.id = a.appointment_id
JOIN post p ON p.id = o.post_id JOIN unit u ON u.id = p.unit_id
LEFT JOIN calibration_session s ON s.request_id = r.id WHERE a.cycle_id = :c ORDER BY r.id
"""


def _disputes(session: Session, cycle: int, ground: Ground) -> tuple[Dispute, ...]:
    return tuple(_dispute(session, cycle, row, ground) for row in _rows(session, _DISPUTES, c=cycle))


def _dispute(session: Session, cycle: int, row: Any, ground: Ground) -> Dispute:
    def day(kept: str | None) -> date | None:
        return None if kept is None else ground.day_of(instant(kept))

    def mark(kept: str | None) -> tuple[Decimal, str] | None:
        return None if kept is None else (Decimal(kept), _grade_of(ground, Decimal(kept)))

    signed = day(row.protocol_signed_at)
    due = role_term(session, known_cycle(session, cycle), "protocol", signed) if signed else None
    return Dispute(
        row.id, row.code, day(row.received_at) or date.min, bool(row.late), day(row.decided_at), _became(row),
        day(row.held_at), signed, day(row.protocol_uploaded_at), as_day(due.due) if due else None,
        day(row.feedback_at), mark(row.score_before), mark(row.score_after),
    )  # fmt: skip


def _became(row: Any) -> str:
    if row.state == "refused":
        return "refused: late" if row.late else "refused"
    if row.score_after is None:
        return "waits"
    before, after = Decimal(row.score_before), Decimal(row.score_after)
    return "upheld" if before == after else "raised" if after > before else "lowered"


def _exempt(session: Session, cycle: int) -> tuple[tuple[str, str, str, str], ...]:
    found = _rows(
        session,
        "SELECT p.personnel_no, u.code, a.plan_rules, a.plan_note FROM assessment a JOIN person p ON p.id = a.person_id"
        " JOIN appointment o ON o.id = a.appointment_id JOIN post t ON t.id = o.post_id JOIN unit u ON u.id = t.unit_id"
        " WHERE a.cycle_id = :c AND a.stage = 'exempt' ORDER BY a.plan_rules, p.personnel_no", c=cycle,
    )  # fmt: skip
    return tuple((row[0], row[1], row[2], row[3]) for row in found)


def _others(session: Session, cycle: int) -> tuple[OtherReading, ...]:
    found = _rows(
        session,
        "SELECT r.score, r.grade, r.working, r.alternatives FROM result r JOIN assessment a"
        " ON a.id = r.assessment_id AND a.result_version = r.version"
        " WHERE a.cycle_id = :c AND r.alternatives <> '[]' ORDER BY r.score DESC, a.id", c=cycle,
    )  # fmt: skip
    made = [OtherReading(row[0], row[1], row[2], tuple(json.loads(row[3]))) for row in found]
    return tuple(one for one in made if any(other["grade"] != one.grade for other in one.others))


def _readings(session: Session, cycle: int, law: Law) -> tuple[tuple[str, str, str, str], ...]:
    """The open questions that decided a result or a day of this cycle: id, question, answer, why."""
    used: set[str] = set()
    for query in (
        "SELECT DISTINCT r.readings FROM result r JOIN assessment a ON a.id = r.assessment_id WHERE a.cycle_id = :c",
        "SELECT DISTINCT readings FROM term WHERE cycle_id = :c",
    ):
        used |= {one for row in _rows(session, query, c=cycle) for one in row[0].split(", ") if one in law.readings}
    told = {}
    for one in sorted(used):
        reading = law.readings[one]
        told[reading.ids[0]] = (", ".join(reading.ids), reading.question, reading.option().says, reading.why)
    return tuple(told.values())


def _annual(session: Session, act: str, year: int) -> tuple[int, int] | None:
    query = "SELECT COUNT(*), COUNT(score) FROM annual_mark WHERE act = :a AND year = :y"
    [(every, formed)] = _rows(session, query, a=act, y=year)
    return (every, formed) if every else None


def _documents(papers: Path) -> tuple[tuple[str, int], ...]:
    found = Counter(file.stem.split("-")[0] for file in papers.rglob("*.pdf"))
    return tuple(sorted(found.items()))
