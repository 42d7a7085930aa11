"""The protocol of a sitting of the Commission, on the act's own form."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sqlmodel import Session

from documents.form import FormPaper, Signing
from models.sql import execute
from rules.law import Form
from services.papers.facts import Papers
from services.papers.form_words import LINES, figure

_SITTINGS = """
SELECT s.id, s.order_id, s.held_at, p.signed_at, p.reference, a.approved_at, a.approved_by FROM commission_sitting s
LEFT JOIN commission_protocol p ON p.sitting_id = s.id LEFT JOIN commission_approval a ON a.sitting_id = s.id
WHERE s.cycle_id = :c ORDER BY s.id
"""
_DECIDED = """
SELECT d.assessment_id, d.decision, d.explanation, a.person_id, p.sort_key, b.score AS score_before, b.grade AS grade_before,
 b.more AS more_before, f.score, f.grade, f.more
FROM commission_decision d JOIN assessment a ON a.id = d.assessment_id JOIN person p ON p.id = a.person_id
JOIN result b ON b.assessment_id = d.assessment_id AND b.version = d.version_before
JOIN result f ON f.assessment_id = d.assessment_id AND f.version = d.version_after
WHERE d.sitting_id = :s ORDER BY p.sort_key, d.assessment_id
"""
_HERE = "SELECT person_id, capacity FROM commission_presence WHERE sitting_id = :s ORDER BY person_id"


def form_of(papers: Papers) -> Form | None:
    """The form of the protocol, or None where no Commission decides or the act prints no form."""
    panel = papers.ground.law.panels.get(papers.ground.evaluation.panel or "")
    name = panel.get("form") if panel is not None else None
    return papers.ground.law.form(name) if name else None


def protocols(session: Session, papers: Papers, language: str) -> Iterator[tuple[int, FormPaper]]:
    """(sitting, protocol) of every sitting of a cycle that has decided something."""
    form = form_of(papers)
    if form is None:
        return
    for row in execute(session, _SITTINGS, {"c": papers.cycle.id}).all():
        decided = execute(session, _DECIDED, {"s": row.id}).all()
        if decided:
            yield row.id, _paper(session, papers, form, row, decided, language)


def _paper(session: Session, papers: Papers, form: Form, row: Any, decided: Any, language: str) -> FormPaper:
    held = papers.local(row.held_at)
    revised = sum(one.decision == "revise" for one in decided)
    counts = {"all": len(decided), "kept": len(decided) - revised, "revised": revised}
    signing, approved = _signing(session, papers, form, row), papers.local(row.approved_at)
    official = row.approved_by or papers.officer("appointing_official", held.date() if held else None)
    what = papers.said(papers.ground.evaluation.what, language)
    return FormPaper(
        form,
        {"body": papers.body(language), "period": f"{what}, {papers.period(language)}"},
        tuple(_row(papers, n, one, language) for n, one in enumerate(decided, 1)),
        said={"conclusion": LINES[language]["conclusion"].format(**counts)},
        signing=signing,
        approval=Signing(papers.people[official].name, approved) if official else Signing(),
        dated=held.date() if held else None,
        reference=" · ".join(part for part in (f"{papers.cycle.key}/sitting-{row.id}", row.reference or "") if part),
    )  # fmt: skip


def _row(papers: Papers, number: int, one: Any, language: str) -> Mapping[str, str]:
    correction = ""
    if one.decision == "revise":
        after = result_in(papers, one.score, one.grade, one.more, language)
        why = LINES[language]["explanation"].format(text=one.explanation) if one.explanation else ""
        correction = "\n".join(part for part in (after, why) if part)
    return {
        "number": f"{number}.", "servant": papers.people[one.person_id].name,
        "result": result_in(papers, one.score_before, one.grade_before, one.more_before, language),
        "correction": correction,
    }  # fmt: skip


def result_in(papers: Papers, score: Any, grade: str | None, more: str | None, language: str) -> str:
    """A result in a line: the score with its wording, or how many competencies were found how."""
    if score is not None:
        return f"{figure(score)} ({papers.grade(grade, language)})" if grade else figure(score)
    found = list((json.loads(more or "{}").get("results") or {}).values())
    words = LINES[language]
    kinds = (("meets", "meets_expectations"), ("below", "below_expectations"), ("not_evaluated", "not_evaluated"))
    return "; ".join(words[key].format(n=found.count(name)) for key, name in kinds if found.count(name))


def _signing(session: Session, papers: Papers, form: Form, row: Any) -> dict[str, tuple[Signing, ...]]:
    """Everybody who came, by capacity; the lines stay open for their hands."""
    found: dict[str, list[Signing]] = {}
    for person, capacity in execute(session, _HERE, {"s": row.id}):
        role = capacity if f"signature_{capacity}" in form.texts else "member"
        found.setdefault(role, []).append(Signing(papers.people[person].name))
    return {role: tuple(people) for role, people in found.items()}
