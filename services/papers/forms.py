"""Sheets of any form but rows of marks, as the act's form prints them; looked up for a whole cycle at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from documents.form import FormPaper, Signing, Step
from models.familiarisation import SHEET
from models.sheet import EVALUATOR, SELF, STANDING_SQL
from models.sql import execute
from rules.individual_plan import Item
from services.papers.cells import Sheet, content_of
from services.papers.facts import Papers
from services.papers.form_words import LINES
from services.papers.wording import in_force_in

_CASES = """
SELECT a.id, a.person_id, a.marker_id, a.form, a.completed_at, p.category, r.score, r.grade, r.more,
 f.version AS final_version, f.source AS final_source, f.score AS final_score, f.grade AS final_grade
FROM assessment a JOIN appointment t ON t.id = a.appointment_id JOIN post p ON p.id = t.post_id
LEFT JOIN result r ON r.assessment_id = a.id AND r.version = (SELECT MAX(x.version) FROM result x
 WHERE x.assessment_id = a.id AND x.source NOT IN ('calibrated', 'revised'))
LEFT JOIN result f ON f.assessment_id = a.id AND f.version = a.result_version
WHERE a.cycle_id = :c AND a.form <> ''{only} ORDER BY a.id
"""
_CONTENT = f"""
SELECT s.assessment_id, s.body, s.signed_at FROM sheet_content s JOIN assessment a ON a.id = s.assessment_id
WHERE a.cycle_id = :c AND {STANDING_SQL}{{only}} ORDER BY s.assessment_id, s.version
"""
_ITEMS = """
SELECT w.person_id, i.name, i.unit, i.planned, i.expected, i.measurable FROM work_plan w
JOIN plan_round o ON o.id = w.round_id JOIN plan_item i ON i.plan_id = w.id AND i.version = w.content
WHERE o.organisation = :o AND o.act = :act AND o.evaluation = :e AND o.period IN (:year, :period)
ORDER BY w.person_id, i.number
"""
_ACTUAL = """
SELECT w.person_id, v.number, v.actual FROM plan_actual v JOIN work_plan w ON w.id = v.plan_id
JOIN plan_round o ON o.id = w.round_id WHERE o.organisation = :o AND o.act = :act AND v.period = :period
ORDER BY w.person_id, v.number, v.version
"""
_SIGNED = """
SELECT r.assessment_id, COALESCE(r.acted_at, e.at) AS at FROM journal_row r JOIN journal_entry e ON e.id = r.entry_id
WHERE e.cycle_id = :c AND e.event = 'signed'
"""
_REFUSED = """
SELECT r.assessment_id, r.id FROM refusal_act r JOIN assessment a ON a.id = r.assessment_id
WHERE a.cycle_id = :c AND r.what = :w
"""


@dataclass(frozen=True)
class _Known:
    """What was signed and planned in a cycle, by assessment or person."""

    content: Mapping[str, Mapping[int, Any]]
    items: Mapping[int, list[Item]]
    actual: Mapping[int, dict[int, str]]
    countersigned: Mapping[int, Any]
    refused: Mapping[int, int] = field(default_factory=dict)


def forms(session: Session, papers: Papers, only: int | None = None) -> Iterator[tuple[int, str, FormPaper]]:
    """(assessment, language, sheet) of everybody evaluated on a form of its own, each in the evaluatee's language."""
    wanted = {
        one.form for one in papers.ground.evaluation.forms
        if papers.ground.law.form(one.form).method not in ("mean_of_marks", "survey")
    }  # fmt: skip
    if not wanted:
        return
    params: dict[str, Any] = {"c": papers.cycle.id}
    where = "" if only is None else f" AND a.id = {int(only)}"
    known = _known(session, papers, where)
    for row in execute(session, _CASES.format(only=where), params).all():
        if row.form in wanted:
            language = papers.language(row.person_id)
            yield row.id, language, _paper(papers, known, row, language)


def _known(session: Session, papers: Papers, where: str) -> _Known:
    cycle = papers.cycle
    asked = {"o": cycle.organisation, "act": cycle.act, "period": cycle.period}
    items: dict[int, list[Item]] = defaultdict(list)
    plans = {**asked, "e": cycle.evaluation, "year": str(papers.ground.period.year)}
    for person, *one in execute(session, _ITEMS, plans):
        items[person].append(Item(one[0], one[1], one[2], one[3], bool(one[4])))
    actual: dict[int, dict[int, str]] = defaultdict(dict)
    for person, number, value in execute(session, _ACTUAL, asked):
        actual[person][number] = value
    content = {
        side: {row.assessment_id: row for row in execute(session, _CONTENT.format(only=where), {"c": cycle.id, "side": side})}
        for side in (SELF, EVALUATOR)
    }  # fmt: skip
    return _Known(
        content, items, actual,
        {row[0]: row[1] for row in execute(session, _SIGNED, {"c": cycle.id})},
        {row[0]: row[1] for row in execute(session, _REFUSED, {"c": cycle.id, "w": SHEET})},
    )  # fmt: skip


def _paper(papers: Papers, known: _Known, row: Any, language: str) -> FormPaper:
    ground = papers.ground
    own, given = (known.content[side].get(row.id) for side in (SELF, EVALUATOR))
    label = "" if row.grade is None else papers.grade(row.grade, language)
    sheet = Sheet(
        ground.law, ground.law.form(row.form), ground.period, language, own and json.loads(own.body),
        given and json.loads(given.body), known.items.get(row.person_id, []), known.actual.get(row.person_id, {}),
        row.category, row.score, label, json.loads(row.more) if row.more else None,
    )  # fmt: skip
    made = content_of(sheet)
    return FormPaper(
        sheet.form,
        header(papers, row.person_id, language, row.marker_id),
        made.rows,
        made.said,
        chosen=label,
        signing=_signing(papers, known, row, given, sheet),
        working=(*made.working, *_in_force(papers, row, language)),
        dated=ground.day_of(papers.local(row.completed_at) or papers.cycle.opened_at),
        reference=f"{papers.cycle.key}/{row.id}",
    )


def header(papers: Papers, person: int, language: str, evaluator: int | None = None) -> dict[str, str]:
    """What stands above the table of any form about a person."""
    one = papers.people[person]
    return {
        "evaluatee": one.name,
        "post": one.post[language],
        "unit": one.unit[language],
        "period": papers.period(language),
        "body": papers.body(language),
        "evaluator": papers.named(evaluator, language) if evaluator else "",
    }


def _signing(papers: Papers, known: _Known, row: Any, given: Any, sheet: Sheet) -> dict[str, tuple[Signing, ...]]:
    refused = known.refused.get(row.id)
    remark = LINES[sheet.language]["refused"].format(number=refused) if refused else ""
    people = {
        "evaluatee": Signing(papers.people[row.person_id].name, papers.local(known.countersigned.get(row.id)), remark),
        "evaluator": Signing(
            papers.people[row.marker_id].name if row.marker_id else "", papers.local(given.signed_at) if given else None
        ),
    }
    roles = {name.removeprefix("signature_") for name in sheet.form.texts}
    return {role: (one,) for role, one in people.items() if role in roles or role == "evaluator"}


def _in_force(papers: Papers, row: Any, language: str) -> tuple[Step, ...]:
    """A result the panel decided is not the evaluator's: it is named beneath the form."""
    if row.final_source not in ("calibrated", "revised"):
        return ()
    decided = f"{row.final_score}, {papers.grade(row.final_grade, language)}" if row.final_grade else ""
    return (Step(in_force_in(language, row.final_version, row.final_source, decided)),)
