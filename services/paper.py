"""The official papers of a cycle as files, and the papers of the registered channels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from documents import (
    calibration_decision,
    calibration_protocol,
    familiarisation_sheet,
    form,
    refusal_act,
    register,
    schedule,
    sheet,
)
from models import Assessment, CalibrationRequest, CalibrationSession, Cycle, RefusalAct
from rules.errors import NotFound
from services.ground import find_cycle
from services.papers import commission, disputes, forms, lists, plans, registers, sheets, surveys
from services.papers.facts import Papers
from services.papers.letters import RegisteredPapers
from services.plans import find_round, plan_of
from services.survey_reports import individual

LANGUAGES = ("kk", "ru")

Made = tuple[str, bytes]


def documents() -> RegisteredPapers:
    """The papers that `notifications.hand_over` asks for."""
    return RegisteredPapers()


def make_papers(
    session: Session, key: str, folder: Path, now: datetime, progress: Callable[[str], None] | None = None
) -> int:
    """Write every paper of a cycle as PDF into a folder; return how many. Doing it again writes the same bytes.

    The schedule, the list of familiarisation and the papers of disputes come in Kazakh and Russian; each sheet in its
    person's language. File names hold numbers only (N-23).
    """
    return _written(_all(session, key, now), folder, progress)


def make_plan_papers(
    session: Session, key: str, folder: Path, language: str | None = None, progress: Callable[[str], None] | None = None
) -> int:
    """Write every plan of a round as PDF into a folder, each copy the act asks for; return how many.

    A plan still due is written blank. Each is in its person's language unless one is named.
    """
    held = find_round(session, key)
    papers = plans.papers_of(session, held)
    made = (
        (f"plan-{plan}-{copy}-{said}.pdf", form.render(paper, said))
        for plan, copy, said, paper in plans.plans(session, papers, plan_of(papers.ground, held), language)
    )
    return _written(made, folder, progress)


def survey_report_pdf(session: Session, key: str, person: int, by: int, language: str | None = None) -> bytes:
    """One person's report of a survey; the own assessment stands in it for the person alone.

    Raises:
        NotAllowed: somebody outside the closed list. NotNow: nothing is counted yet.
    """
    individual(session, key, person, by)  # who may know it, and whether there is one
    papers = Papers.of(session, find_cycle(session, key))
    _, said, paper = next(surveys.reports(session, papers, language, person, own=by == person))
    return form.render(paper, said)


def _written(made: Iterator[Made], folder: Path, progress: Callable[[str], None] | None) -> int:
    done = 0
    for name, content in made:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        passing = file.with_suffix(".tmp")
        passing.write_bytes(content)
        passing.replace(file)
        done += 1
        if progress:
            progress(name)
    return done


def _all(session: Session, key: str, now: datetime) -> Iterator[Made]:
    papers = Papers.of(session, find_cycle(session, key))
    for language in LANGUAGES:
        yield f"schedule-{language}.pdf", schedule.render(lists.schedule_of(session, papers, language), language)
        yield from _familiarisation(session, papers, language, now)
        yield from _disputes(session, papers, language)
        yield from _decided(session, papers, language, now)
        for group, paper in surveys.questionnaires(papers, language):
            yield f"questionnaire-{group}-{language}.pdf", form.render(paper, language)
        for group, paper in surveys.summaries(session, papers, language):
            yield f"summary-{group}-{language}.pdf", form.render(paper, language)
    for assessment, language, data in sheets.sheets(session, papers):
        yield f"sheets/sheet-{assessment}-{language}.pdf", sheet.render(data, language)
    for assessment, language, paper in forms.forms(session, papers):
        yield f"sheets/sheet-{assessment}-{language}.pdf", form.render(paper, language)
    for assessment, language, paper in surveys.reports(session, papers):
        yield f"reports/report-{assessment}-{language}.pdf", form.render(paper, language)


def _decided(session: Session, papers: Papers, language: str, now: datetime) -> Iterator[Made]:
    """What a Commission leaves behind: its protocols, and the register of appeals against it."""
    appeals = registers.appeals_of(session, papers, language, now)
    if appeals is not None:
        yield f"appeals-{language}.pdf", register.render(appeals, language)
    for sitting, paper in commission.protocols(session, papers, language):
        yield f"sitting-{sitting}-{language}.pdf", form.render(paper, language)


def _familiarisation(session: Session, papers: Papers, language: str, now: datetime) -> Iterator[Made]:
    listed = lists.familiarisation_of(session, papers, language, now)
    if listed.units:
        yield f"familiarisation-{language}.pdf", familiarisation_sheet.render(listed, language)


def _disputes(session: Session, papers: Papers, language: str) -> Iterator[Made]:
    for act in _of_cycle(session, papers, RefusalAct):
        yield (
            f"refusal-act-{act.id}-{language}.pdf",
            refusal_act.render(disputes.refusal(session, papers, act, language), language),
        )
    for request in _of_cycle(session, papers, CalibrationRequest):
        if request.decided_at:
            yield (
                f"decision-{request.id}-{language}.pdf",
                calibration_decision.render(disputes.decision(session, papers, request, language), language),
            )
    for made in _of_cycle(session, papers, CalibrationSession):
        if made.held_at:
            yield (
                f"protocol-{made.id}-{language}.pdf",
                calibration_protocol.render(disputes.protocol(session, papers, made, language), language),
            )


def _of_cycle(session: Session, papers: Papers, table: Any) -> list[Any]:
    return list(
        session.exec(
            select(table)
            .join(Assessment, col(Assessment.id) == table.assessment_id)
            .where(col(Assessment.cycle_id) == papers.cycle.id)
            .order_by(table.id)
        ).all()
    )


def sheet_pdf(session: Session, assessment_id: int) -> bytes:
    """One person's sheet as it stands now."""
    assessment = session.get_one(Assessment, assessment_id)
    papers = Papers.of(session, session.get_one(Cycle, assessment.cycle_id))
    for _, language, data in sheets.sheets(session, papers, assessment_id):
        return sheet.render(data, language)
    for _, language, paper in forms.forms(session, papers, assessment_id):
        return form.render(paper, language)
    raise NotFound("This person has no sheet in this cycle: nobody evaluates the person, or many answer about them.")
