"""The papers of a survey: the blank questionnaire, the report of one person, the summary of the body."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from documents.form import FormPaper
from models.sql import execute
from rules.errors import NotFound
from rules.law import Form
from rules.methods.survey import competencies
from services import survey_reports
from services.papers.facts import Papers
from services.papers.form_words import LINES, figure, mark
from services.papers.forms import header
from services.surveys import form_of, group_of

_REPORTS = """
SELECT a.id, a.person_id, p.category, r.more FROM assessment a JOIN appointment t ON t.id = a.appointment_id
JOIN post p ON p.id = t.post_id JOIN result r ON r.assessment_id = a.id AND r.version = a.result_version
WHERE a.cycle_id = :c{only} ORDER BY a.id
"""
Names = Mapping[str, str]


@dataclass(frozen=True)
class _Survey:
    """A survey in a language: its questionnaire and the names of what is asked."""

    papers: Papers
    asked: Form
    language: str

    def names(self, group: str) -> Names:
        """Number -> competency."""
        rows = competencies(self.papers.ground.law, self.asked, group)
        return {str(n): row[self.language] for n, row in rows.items()}

    def report(self, which: str) -> Form:
        """The form of a report, as the evaluation's options name it.

        Raises:
            NotFound: the act, or the body whose act it is, names none.
        """
        law, name = self.papers.ground.law, self.papers.ground.evaluation.options.get(which)
        if not name:
            raise NotFound(
                f"{law.act}: the evaluation '{self.papers.ground.evaluation.id}' names no form of a {which}; add `{which}` "
                "to its options and the form to the forms."
            )
        return law.form(name)


def _survey(papers: Papers, language: str) -> _Survey | None:
    asked = form_of(papers.ground)
    return _Survey(papers, asked, language) if asked else None


def questionnaires(papers: Papers, language: str) -> Iterator[tuple[str, FormPaper]]:
    """(group, blank questionnaire) of each list of competencies; it names nobody, neither asked nor answering."""
    survey = _survey(papers, language)
    if survey is None:
        return
    for group in survey.asked.options["groups"]:
        title = survey.asked.texts.get(f"title_{group}")
        yield group, FormPaper(
            survey.asked, {"period": papers.period(language)},
            tuple({"number": n, "competency": name} for n, name in survey.names(group).items()),
            title=title.as_dict()[language] if title else "", dated=papers.ground.period.day_after,
            reference=f"{papers.cycle.key}/{group}",
        )  # fmt: skip


def reports(
    session: Session, papers: Papers, language: str | None = None, person: int | None = None, own: bool = False
) -> Iterator[tuple[int, str, FormPaper]]:
    """(assessment, language, report) of everybody about whom enough people answered, or of one person.

    Args:
        language: None: each person's own. own: with the self-assessment, which only the person sees beside the means.
    """
    where = "" if person is None else f" AND a.person_id = {int(person)}"
    for row in execute(session, _REPORTS.format(only=where), {"c": papers.cycle.id}).all():
        said = language or papers.language(row.person_id)
        survey = _survey(papers, said)
        if survey is not None:
            yield row.id, said, _report(survey, row, json.loads(row.more), own)


def _report(survey: _Survey, row: Any, more: Mapping[str, Any], own: bool) -> FormPaper:
    papers, names = survey.papers, survey.names(group_of(survey.papers.ground, row.category))
    self_marks = (more.get("self") or {}) if own else {}
    least = "; ".join(names[n] for n in more["least_shown"]) or LINES[survey.language]["none"]
    lines = header(papers, row.person_id, survey.language)
    return FormPaper(
        survey.report("report"), {**lines, "evaluatee": papers.named(row.person_id, survey.language)},
        tuple(
            {"number": n, "competency": name, "mean": mark(more["results"][n]), "self": mark(self_marks.get(n))}
            for n, name in names.items()
        ),
        said={
            "answers": str(more["answers"]),
            **({"unreadable": str(more["unreadable"])} if more.get("unreadable") else {}),
            "least_shown": least,
        },
        dated=papers.ground.period.day_after, reference=f"{papers.cycle.key}/{row.id}",
    )  # fmt: skip


def summaries(session: Session, papers: Papers, language: str) -> Iterator[tuple[str, FormPaper]]:
    """(group, summary) of each list of competencies about which enough people have a report; it names nobody."""
    survey = _survey(papers, language)
    if survey is None:
        return
    for group in survey_reports.summary_of(session, papers.cycle, papers.ground):
        names = survey.names(group["group"])
        lowest = [names[one["n"]] for one in group["competencies"] if one["en"] in group["topics"]]
        yield group["group"], FormPaper(
            survey.report("summary"), {"body": papers.body(language), "period": papers.period(language)},
            tuple(
                {"number": one["n"], "competency": names[one["n"]], "people": str(group["people"]), "mean": figure(one["mean"])}
                for one in group["competencies"]
            ),
            said={"least_shown": "; ".join(lowest) or LINES[language]["none"]},
            dated=papers.ground.period.day_after, reference=f"{papers.cycle.key}/{group['group']}",
        )  # fmt: skip
