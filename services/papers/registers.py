"""The register of appeals of a cycle: to whom, in time or late, what was answered, reported, taken to court."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from documents.register import Register
from models.base import as_day
from models.sql import execute
from services.papers.facts import Papers
from services.papers.form_words import in_figures

_APPEALS = """
SELECT a.person_id, p.received_at, p.last_day, p.late, p.authority, p.reference, o.outcome, o.at AS answered_at,
 o.reference AS answer, t.at AS reported_at, t.reference AS report
FROM appeal p JOIN assessment a ON a.id = p.assessment_id LEFT JOIN appeal_outcome o ON o.appeal_id = p.id
LEFT JOIN appeal_report t ON t.appeal_id = p.id WHERE a.cycle_id = :c ORDER BY p.received_at, p.id
"""
_COURT = """
SELECT a.person_id, r.at, r.reference FROM court_record r JOIN assessment a ON a.id = r.assessment_id
WHERE a.cycle_id = :c ORDER BY r.at, r.id
"""
_WORDS: Mapping[str, Mapping[str, str]] = {
    "kk": {
        "title": "Бағалау нәтижелеріне шағымдар тізілімі",
        "who": "Т.А.Ә.", "received": "Берілген күні", "last_day": "Мерзімнің соңғы күні", "where": "Қайда берілді",
        "outcome": "Уәкілетті органның шешімі", "report": "Есеп берілген күні, нөмірі",
        "late": "мерзімі өткен", "dismissed": "қайта қарамай қалдырылды", "court": "сот",
        "revision_recommended": "Комиссия шешімінің күшін жою және қайта қарау ұсынылды",
        "note": "Тізілімде бағалау нәтижелері көрсетілмейді.",
    },
    "ru": {
        "title": "Реестр обжалований результатов оценки",
        "who": "Ф.И.О.", "received": "Дата подачи", "last_day": "Последний день срока", "where": "Куда подано",
        "outcome": "Решение уполномоченного органа", "report": "Дата и номер сообщения о решении",
        "late": "с пропуском срока", "dismissed": "оставлено без пересмотра", "court": "суд",
        "revision_recommended": "рекомендовано отменить решение Комиссии и пересмотреть результат",
        "note": "Результаты оценки в реестре не приводятся.",
    },
}  # fmt: skip
_HEADS = ("who", "received", "last_day", "where", "outcome", "report")


def appeals_of(session: Session, papers: Papers, language: str, now: datetime) -> Register | None:
    """Every appeal and every case before the court of a cycle; None where there is none."""
    words = _WORDS[language]
    lines = [_appeal(papers, row, words) for row in execute(session, _APPEALS, {"c": papers.cycle.id})]
    lines += [_court(papers, row, words) for row in execute(session, _COURT, {"c": papers.cycle.id})]
    if not lines:
        return None
    day = papers.ground.day_of(now)
    return Register(
        words["title"], papers.body(language), papers.act(language), papers.ground.period,
        tuple(words[head] for head in _HEADS), tuple(lines), papers.signer(papers.officer("hr_officer", day), language),
        day, words["note"], papers.cycle.key,
    )  # fmt: skip


def _appeal(papers: Papers, row: Any, words: Mapping[str, str]) -> tuple[str, ...]:
    received, answered, reported = (papers.local(at) for at in (row.received_at, row.answered_at, row.reported_at))
    outcome = [words[row.outcome], in_figures(answered), row.answer] if row.outcome else []
    return (
        papers.people[row.person_id].name,
        in_figures(received) + (f" ({words['late']})" if row.late else ""),
        in_figures(as_day(row.last_day)),
        f"{row.authority}; {row.reference}",
        "; ".join(outcome),
        "; ".join(part for part in (in_figures(reported), row.report or "") if part),
    )


def _court(papers: Papers, row: Any, words: Mapping[str, str]) -> tuple[str, ...]:
    return (
        papers.people[row.person_id].name,
        in_figures(papers.local(row.at)),
        "",
        f"{words['court']}; {row.reference}",
        "",
        "",
    )
