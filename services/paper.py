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
    refusal_act,
    schedule,
    sheet,
)
from models import Assessment, CalibrationRequest, CalibrationSession, Cycle, RefusalAct
from services.ground import find_cycle
from services.papers import disputes, lists, sheets
from services.papers.facts import Papers
from services.papers.letters import RegisteredPapers

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
    done = 0
    for name, content in _all(session, key, now):
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
    for assessment, language, data in sheets.sheets(session, papers):
        yield f"sheets/sheet-{assessment}-{language}.pdf", sheet.render(data, language)


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
    _, language, data = next(sheets.sheets(session, papers, assessment_id))
    return sheet.render(data, language)
