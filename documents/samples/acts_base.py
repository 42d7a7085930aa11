"""What the invented papers on the forms of the acts share: the forms, people, days and indicators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from documents.form import Signing
from documents.samples.common import either
from documents.words import Language
from rules.label import Label
from rules.law import Form, FormParameter

ACTS = Path(__file__).parents[2] / "methodologies"
_ALMATY = timezone(timedelta(hours=6))
PEOPLE = (
    "Қожахметова Ләззат Әбілғазықызы",
    "Һамитов Іскендір Ғалымжанұлы",
    "Өтеғұлова Күләш Ықыласқызы",
    "Жұмағұлов Ұлан Үсенұлы",
)


@cache
def _forms(act: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((ACTS / act / "forms.yaml").read_text(encoding="utf-8"))["forms"]
    return found


def form(act: str, name: str) -> Form:
    """A form of an act as its newest wording prints it; `act` is the name of the folder."""
    kept = _forms(act)[name]
    newest = kept["values"][max(kept["values"])]
    texts = {key: Label(**text) for key, text in newest["texts"].items()}
    rows = tuple(
        FormParameter(one["number"], Label(**one["label"]), id=one.get("id", ""))
        for one in newest.get("parameters", ())
    )
    return Form(name, kept["annex"], tuple(kept["rules"]), texts, rows, point=kept["point"])


def at(year: int, month: int, day: int) -> datetime:
    """A moment of a day, in the morning."""
    return datetime(year, month, day, 16, 42, tzinfo=_ALMATY)


def signed(year: int, month: int, day: int) -> dict[str, tuple[Signing, ...]]:
    """Servant and supervisor, each recorded on the day."""
    return {
        "evaluatee": (Signing(PEOPLE[0], at(year, month, day)),),
        "evaluator": (Signing(PEOPLE[1], at(year, month, day)),),
    }


def post(language: Language) -> dict[str, str]:
    """The post and unit of the invented servant."""
    return {
        "evaluatee": PEOPLE[0],
        "post": either(language, "бас сарапшы", "главный эксперт"),
        "unit": either(language, "Ақпараттық саясат департаменті", "Департамент информационной политики"),
    }


def year_of(language: Language, year: int) -> str:
    """The year as a form prints it."""
    return either(language, f"{year} жыл", f"{year} год")


#: (indicator, unit, planned, actual) in both languages


_INDICATORS = {
    "kk": (
        ("Халықтың мемлекеттік саясат туралы хабардарлығын арттыру", "пайыз", "62", "63,4"),
        ("Кең жолақты интернетке қосылған ауылдық елді мекендер саны", "бірлік", "210", "214"),
        ("Электрондық нысанда көрсетілетін қызметтер үлесі", "пайыз", "80", "81"),
        ("Азаматтардың сұрақтарына уақытылы берілген жауаптардың үлесі", "пайыз", "100", "100"),
        ("Бұқаралық ақпарат құралдарының мониторингі бойынша талдамалық есептер", "дана", "12", "9"),
    ),
    "ru": (
        ("Повышение информированности населения о государственной политике", "процент", "62", "63,4"),
        ("Число сельских населённых пунктов с широкополосным доступом", "единица", "210", "214"),
        ("Доля услуг, оказываемых в электронном виде", "процент", "80", "81"),
        ("Доля своевременных ответов на запросы граждан", "процент", "100", "100"),
        ("Аналитические отчёты по мониторингу средств массовой информации", "штука", "12", "9"),
    ),
}


def items_of(language: Language) -> tuple[dict[str, str], ...]:
    """Five invented KPI with their values."""
    return tuple(
        {"number": str(n), "indicator": name, "unit": unit, "planned": planned, "expected": f"{planned} {unit}",
         "actual": actual}
        for n, (name, unit, planned, actual) in enumerate(_INDICATORS[language], 1)
    )  # fmt: skip
