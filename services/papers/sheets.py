"""The evaluation sheets of Annexes 1 and 2, blank or signed, from the assessment and the law it was opened under."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from sqlmodel import Session

from documents import sheet
from documents.parts import DigitalSignature
from models.base import as_day
from models.sql import execute
from rules.law import Form
from services.papers.facts import Papers
from services.papers.wording import USUAL, annex_in, in_force_in, limits_in, working_in

_CASES = """
SELECT a.id, a.person_id, a.evaluator_id, a.marker_id, a.form, a.completed_at, r.score, r.grade, r.working, r.alternatives,
 f.version AS final_version, f.source AS final_source, f.score AS final_score, f.grade AS final_grade
FROM assessment a LEFT JOIN result r ON r.assessment_id = a.id AND r.version =
 (SELECT MAX(version) FROM result x WHERE x.assessment_id = a.id AND x.source NOT IN ('calibrated', 'revised'))
LEFT JOIN result f ON f.assessment_id = a.id AND f.version = a.result_version
WHERE a.cycle_id = :c AND a.form <> '' {only} ORDER BY a.id
"""


def form_text(papers: Papers, form: Form, language: str) -> sheet.SheetForm:
    """The fixed text of an annex form in a language."""
    said = {**USUAL[language], **{name: label.as_dict()[language] for name, label in form.texts.items()}}
    heading = said.get("heading") or papers.ground.law.title.as_dict()[language]
    if annex_in(language, form.annex).lower() not in heading.lower():
        heading = (
            f"{heading}\n{annex_in(language, form.annex)}"  # the number of Annex 1 is cut in the text; pt 16 gives it
        )
    return sheet.SheetForm(
        annex=heading, title=said["title"], evaluatee_caption=said["header_evaluatee"],
        period_caption=said["header_period"], evaluator_caption=said["header_evaluator"],
        introduction=tuple(text for name, text in said.items() if name.startswith("intro_")),
        columns=(said["column_parameter"], said["column_mark"], said["column_comment"], said["column_explanation"]),
        parameters=tuple(
            sheet.Parameter(row.label.as_dict()[language], row.explanation.as_dict()[language] if row.explanation else "")
            for row in form.parameters
        ),
        average_label=said["average"], note=said.get("note", ""), footnote=said.get("footnote", ""), result_label=said["result"],
        results=tuple(papers.said(grade.label, language) for grade in
                      papers.ground.law.scale(form.scale).bands),
        result_note=said.get("result_basis", ""), signature_label=said["signature"],
        signature_caption=said.get("signature_means", ""), date_label=said["date"],
    )  # fmt: skip


def sheets(session: Session, papers: Papers, only: int | None = None) -> Iterator[tuple[int, str, sheet.Sheet]]:
    """(assessment, language, sheet) of every evaluatee, each in the evaluatee's own language."""
    marks: dict[int, dict[int, sheet.Mark]] = defaultdict(dict)
    where = "" if only is None else "AND a.id = :only"
    params = {"c": papers.cycle.id, "only": only} if only is not None else {"c": papers.cycle.id}
    given = execute(
        session,
        (
            f"SELECT m.assessment_id, m.number, m.value, m.comment FROM mark m JOIN assessment a"
            f" ON a.id = m.assessment_id WHERE a.cycle_id = :c {where}"
        ),
        params,
    )
    for assessment, number, value, comment in given:
        marks[assessment][number] = sheet.Mark(papers.number(value), comment or "")
    forms: dict[tuple[str, str], sheet.SheetForm] = {}
    outside = _outside(session, papers)
    for row in execute(session, (_CASES.format(only=where)), params).all():
        if papers.ground.law.form(row.form).method != "mean_of_marks":
            continue
        language = papers.language(row.person_id)
        if (row.form, language) not in forms:
            forms[row.form, language] = form_text(papers, papers.ground.law.form(row.form), language)
        form = forms[row.form, language]
        yield row.id, language, _sheet(papers, form, row, marks.get(row.id, {}), language, outside[row.person_id])


def _sheet(
    papers: Papers,
    form: sheet.SheetForm,
    row: Any,
    marks: dict[int, sheet.Mark],
    language: str,
    outside: list[tuple[date, str]],
) -> sheet.Sheet:
    signed = papers.local(row.completed_at)
    left_out = [line for on, line in outside if signed and row.working and on <= signed.date()]
    numbers = range(1, len(form.parameters) + 1)
    return sheet.Sheet(
        form=form,
        evaluatee=papers.line(row.person_id, language),
        period=papers.ground.period,
        evaluator=papers.line(row.marker_id, language),
        marks=tuple(_limited(row.working or "", {n: marks.get(n, sheet.Mark()) for n in numbers})) if marks else (),
        average=None if row.score is None else papers.number(row.score),
        result="" if row.grade is None else papers.grade(row.grade, language),
        signature=DigitalSignature(signed) if signed else None,
        working=tuple(
            sheet.Step(working_in(language, line, _grades(papers, language)))
            for line in (*left_out, *(row.working or "").splitlines())
        )
        + _in_force(papers, row, language),
        other_readings=tuple(_others(papers, row.alternatives, language)),
        reference=f"{papers.cycle.key}/{row.id}",
    )


#: the time a sanction holds: one applied longer before the period is no question any more
_ASKED = timedelta(days=183)


def _outside(session: Session, papers: Papers) -> dict[int, list[tuple[date, str]]]:
    """person -> the sanctions applied shortly before or after the period, which do not count; each leaves a line (N-36)."""
    found: dict[int, list[tuple[date, str]]] = defaultdict(list)
    period = papers.ground.period
    if not papers.ground.law.sanctions:
        return found
    spans = {"from": period.first_day - _ASKED, "to": period.last_day + _ASKED, "c": papers.cycle.id}
    for person, kind, on in execute(session, _SANCTIONS, spans):
        if as_day(on) not in period:
            line = f"sanction {kind} of {as_day(on)}: outside {period}, not taken into account"
            found[person].append((as_day(on), line))
    return found


_SANCTIONS = """
SELECT s.person_id, s.kind, s.applied_on FROM sanction s JOIN assessment a ON a.person_id = s.person_id
WHERE a.cycle_id = :c AND s.applied_on BETWEEN :from AND :to ORDER BY s.person_id, s.applied_on
"""


def _limited(working: str, marks: dict[int, sheet.Mark]) -> Iterator[sheet.Mark]:
    """Every mark as it was given; one above a sanction's limit with the limit and the mark counted (N-36)."""
    counted, limit = limits_in(working)
    for number, mark in marks.items():
        yield (
            replace(mark, limit=limit, counted=counted[number]) if number in counted and mark.mark is not None else mark
        )


def _in_force(papers: Papers, row: Any, language: str) -> tuple[sheet.Step, ...]:
    """Which version of the result stands now; the mark of a session is not the evaluator's, so it is named beside the form."""
    if row.final_version is None:
        return ()
    decided = ""
    if row.final_source in ("calibrated", "revised"):
        decided = f"{row.final_score}, {papers.grade(row.final_grade, language)}"
    return (sheet.Step(in_force_in(language, row.final_version, row.final_source, decided)),)


def _grades(papers: Papers, language: str) -> dict[str, str]:
    return {
        grade.id: papers.said(grade.label, language)
        for grade in (papers.ground.scale.bands if papers.ground.scale else ())
    }


def _others(papers: Papers, kept: str | None, language: str) -> Iterator[sheet.OtherReading]:
    for one in json.loads(kept or "[]"):
        yield sheet.OtherReading(
            f"{one['reading']}({one['option']})", papers.number(one["score"]), papers.grade(one["grade"], language)
        )
