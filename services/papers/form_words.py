"""The few words that filled-in forms need beside the act's own: facts of breach, sources, counts; Kazakh and Russian."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from documents.words import number, short_date
from rules.grades import plain

Words = Mapping[str, str]

_SAID: Mapping[str, Words] = {
    "kk": {
        "missed_term": "тапсырманы орындау мерзімі бұзылды", "late": "жұмысқа кешігу", "ethics": "қызметтік әдепті бұзу",
        "executive": "орындаушылық тәртіпті бұзу", "labour": "еңбек тәртібін бұзу",
        "document_flow_service": "құжат айналымы қызметі", "direct_supervisor": "тікелей басшы",
        "hr_service": "персоналды басқару қызметі",
    },
    "ru": {
        "missed_term": "нарушен срок исполнения", "late": "опоздание", "ethics": "нарушение служебной этики",
        "executive": "нарушение исполнительской дисциплины", "labour": "нарушение трудовой дисциплины",
        "document_flow_service": "служба документооборота", "direct_supervisor": "непосредственный руководитель",
        "hr_service": "служба управления персоналом",
    },
}  # fmt: skip
#: lines of the working, of results and of signatures
LINES: Mapping[str, Words] = {
    "kk": {
        "achieved": "Толық қол жеткізілген НМИ", "quarters_mean": "Тоқсандардың орташа балы",
        "quarters_mark": "Тоқсандар, бес балдық шкала бойынша", "plan_mark": "Жеке жоспар, бағалардың ортасы",
        "weights": "Салмақтары: тоқсандар және жоспар", "total": "Қорытынды баға", "in_force": "Күшіндегі нәтиже",
        "mean": "Орташа баға", "sum": "Балдар: негізгі + көтермелеу − айыппұл",
        "refused": "Қол қоюдан бас тартты: № {number} акт", "revised": "Комиссия түзеткен: {result}",
        "explanation": "Түсіндірме: {text}", "points": "{points} балл: {text}",
        "conclusion": "Қаралғаны – {all}; өзгеріссіз қалғаны – {kept}; түзетілгені – {revised}.",
        "none": "анықталмады", "meets": "күтілетін нәтижеге сәйкес: {n}", "below": "сәйкес емес: {n}",
        "not_evaluated": "бағаланбағаны: {n}",
    },
    "ru": {
        "achieved": "Полностью достигнутые КЦИ", "quarters_mean": "Средний балл кварталов",
        "quarters_mark": "Кварталы по пятибалльной шкале", "plan_mark": "Индивидуальный план, среднее оценок",
        "weights": "Веса: кварталы и план", "total": "Итоговая оценка", "in_force": "Действующий результат",
        "mean": "Средняя оценка", "sum": "Баллы: основные + поощрительные − штрафные",
        "refused": "От подписания отказался: акт № {number}", "revised": "исправлен Комиссией: {result}",
        "explanation": "Пояснение: {text}", "points": "{points} балл.: {text}",
        "conclusion": "Рассмотрено – {all}; оставлено без изменений – {kept}; скорректировано – {revised}.",
        "none": "не выявлены", "meets": "соответствует ожиданиям: {n}", "below": "не соответствует: {n}",
        "not_evaluated": "не оценивалось: {n}",
    },
}  # fmt: skip


def said(language: str, key: str) -> str:
    """A fact, a kind of breach or a source in a language; what the program does not know stays as it is."""
    return _SAID[language].get(key, key)


def figure(value: Any) -> str:
    """A kept number with a decimal comma, without digits that say nothing: "3.50" -> "3,5"."""
    return "" if value is None else plain(Decimal(str(value))).replace(".", ",")


def mark(value: Any) -> str:
    """A kept mark as sheets write it: "4.5" -> "4,50"."""
    return "" if value is None else number(Decimal(str(value)))


def day(iso: str | None) -> str:
    """A kept day in figures."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", iso or "")
    return f"{found[3]}.{found[2]}.{found[1]}" if found else ""


def in_figures(moment: Any) -> str:
    """A day in figures, or nothing."""
    return short_date(moment) if moment is not None else ""
