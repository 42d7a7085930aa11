"""The schedule that is approved, and the list of who was familiarised how."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlmodel import Session

from documents import familiarisation_sheet, schedule
from models.base import as_day
from models.sql import execute
from services.kazakh_order import sort_key
from services.papers.commission import result_in
from services.papers.facts import Papers
from services.papers.wording import COLUMNS, SCHEDULED, annex_in, exempt_in, how_number, how_of, point_in
from services.terms import of_the_period, role_term

_CASES = """
SELECT a.id, a.person_id, a.marker_id, a.form, a.stage, a.dismissed, a.plan_rules, a.plan_note, a.familiarised_at,
 a.familiarised_how, r.version, r.score, r.grade, r.more,
 (SELECT MAX(x.id) FROM refusal_act x WHERE x.assessment_id = a.id AND x.at = a.familiarised_at) AS act_no,
 (SELECT t.reference FROM notice n JOIN receipt t ON t.notice_id = n.id AND t.event = 'delivered'
  WHERE n.assessment_id = a.id AND n.kind = 'result_served' ORDER BY t.at, t.id LIMIT 1) AS served_no,
 (SELECT n.channel FROM notice n JOIN receipt t ON t.notice_id = n.id AND t.event = 'delivered'
  WHERE n.assessment_id = a.id AND n.kind = 'result_served' ORDER BY t.at, t.id LIMIT 1) AS served_by
FROM assessment a LEFT JOIN result r ON r.assessment_id = a.id AND r.version = COALESCE(
 (SELECT MAX(x.version) FROM result x WHERE x.assessment_id = a.id AND x.at <= a.familiarised_at), a.result_version)
WHERE a.cycle_id = :c ORDER BY a.id
"""


def _by_unit(session: Session, papers: Papers, language: str) -> list[tuple[str, list[Any]]]:
    units: dict[str, list[Any]] = defaultdict(list)
    for row in execute(session, _CASES, {"c": papers.cycle.id}).all():
        units[papers.people[row.person_id].unit[language]].append(row)
    for rows in units.values():
        rows.sort(key=lambda row: papers.people[row.person_id].sort_key or papers.people[row.person_id].name)
    return sorted(units.items(), key=lambda item: sort_key(item[0]))


def schedule_of(session: Session, papers: Papers, language: str) -> schedule.Schedule:
    """The schedule of the cycle, by unit, with every deadline and its law."""
    terms = _terms(session, papers)
    last = role_term(session, papers.cycle, "evaluation")
    due, target = (as_day(last.due), as_day(last.target)) if last is not None else (None, None)
    units = _by_unit(session, papers, language)
    approved = papers.local(papers.cycle.approved_at)
    opened = papers.local(papers.cycle.opened_at)
    return schedule.Schedule(
        body=papers.body(language), act=papers.act(language), period=papers.ground.period,
        approved_by=papers.signer(papers.officer("appointing_official", approved.date() if approved else None), language),
        approved_on=approved.date() if approved else None,
        drawn_up_by=papers.signer(papers.officer("hr_officer", opened.date() if opened else None), language),
        drawn_up_on=opened.date() if opened else papers.ground.period.day_after,
        due_columns=COLUMNS[language],
        units=tuple(
            schedule.ScheduleUnit(name, tuple(_row(papers, row, language, due, target) for row in planned))
            for name, rows in units
            if (planned := [row for row in rows if row.stage != "exempt"])
        ),
        deadlines=tuple(_deadline(papers, term, language) for term in terms),
        exempt=tuple(_exempt(papers, row, name, language) for name, rows in units for row in rows if row.stage == "exempt"),
        reference=papers.cycle.key,
    )  # fmt: skip


def _terms(session: Session, papers: Papers) -> list[Any]:
    """The terms that follow from the period or from the schedule itself, known when it is approved."""
    known = {one.id for one in of_the_period(papers.ground)}
    rows = execute(
        session,
        "SELECT deadline_id, anchor, due, target, point, rules, readings FROM term WHERE cycle_id = :c ORDER BY due, id",
        {"c": papers.cycle.id},
    )
    return [one for one in rows if one.deadline_id in known or one.anchor in ("schedule", "evaluation_start")]


def _row(papers: Papers, row: Any, language: str, due: date | None, target: date | None) -> schedule.ScheduleRow:
    one = papers.people[row.person_id]
    return schedule.ScheduleRow(
        one.name,
        one.post[language],
        annex_in(language, papers.ground.law.form(row.form).annex),
        papers.people[row.marker_id].name if row.marker_id else "—",
        (due, target),
    )


def _deadline(papers: Papers, term: Any, language: str) -> schedule.ScheduledDeadline:
    rule = papers.ground.law.deadlines.get(term.deadline_id)
    why = "; ".join(part for part in (term.rules, term.readings) if part) or "—"
    return schedule.ScheduledDeadline(
        papers.said(rule.obligation, language) if rule else SCHEDULED[language],
        as_day(term.due),
        point_in(language, term.point),
        why,
        as_day(term.target),
    )


def _exempt(papers: Papers, row: Any, unit: str, language: str) -> schedule.ExemptPerson:
    one = papers.people[row.person_id]
    return schedule.ExemptPerson(
        one.name,
        one.post[language],
        unit,
        *_why_exempt(papers, row, language),
    )


def _why_exempt(papers: Papers, row: Any, language: str) -> tuple[str, str]:
    """(why, where the act says so), by the parameter whose rules left the person out."""
    evaluation, law = papers.ground.evaluation, papers.ground.law
    names = (*evaluation.exemptions, *(name for choice in evaluation.forms for name in choice.exemptions))
    for name in dict.fromkeys(names):
        held = law.values.get(name)
        if held is not None and held.rules and held.rules[0] in row.plan_rules.split(", "):
            return exempt_in(language, name, held.value), point_in(language, held.point)
    return exempt_in(language, "", ""), point_in(language, evaluation.source("exempted").point)


def familiarisation_of(
    session: Session, papers: Papers, language: str, now: datetime
) -> familiarisation_sheet.FamiliarisationSheet:
    """Who was familiarised with which result, when and how (pt 9); what a session changes later is in its protocol."""
    return familiarisation_sheet.FamiliarisationSheet(
        body=papers.body(language), act=papers.act(language), confidentiality_point=papers.cite("confidential"),
        period=papers.ground.period,
        units=tuple(
            familiarisation_sheet.FamiliarisationUnit(name, tuple(_familiarised(papers, row, language) for row in known))
            for name, rows in _by_unit(session, papers, language)
            if (known := [row for row in rows if row.version is not None])
        ),
        drawn_up_by=papers.signer(papers.officer("hr_officer", papers.ground.day_of(now)), language),
        drawn_up_on=papers.ground.day_of(now),
        individually=True, reference=papers.cycle.key,
    )  # fmt: skip


def _familiarised(papers: Papers, row: Any, language: str) -> familiarisation_sheet.FamiliarisationRow:
    one, at = papers.people[row.person_id], papers.local(row.familiarised_at)
    how = None
    if at is not None:
        how = familiarisation_sheet.Familiarised(how_of(row), at.date(), how_number(row))
    return familiarisation_sheet.FamiliarisationRow(
        one.name,
        one.post[language],
        None if row.score is None else papers.number(row.score),
        papers.grade(row.grade, language) if row.grade else result_in(papers, None, None, row.more, language),
        how,
    )
