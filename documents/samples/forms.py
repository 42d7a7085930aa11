"""Invented evaluation sheets on the forms of Annexes 1 and 2 (kept beside this file as JSON)."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from documents.parts import Person
from documents.samples import common
from documents.samples.common import either
from documents.sheet import Mark, OtherReading, Parameter, Sheet, SheetForm, Step
from documents.words import Language

_FORMS = json.loads(Path(__file__).with_name("forms.json").read_text(encoding="utf-8"))


def form(name: str, language: Language) -> SheetForm:
    """The form "leader" (Annex 1) or "non_leader" (Annex 2)."""
    fields = dict(_FORMS[name][language])
    parameters = tuple(Parameter(label, explanation) for label, explanation in fields.pop("parameters"))
    lists = {key: tuple(value) for key, value in fields.items() if isinstance(value, list)}
    return SheetForm(**{**fields, **lists, "parameters": parameters})


def blank_sheet(language: Language) -> Sheet:
    """A sheet sent out to be filled in by hand."""
    return Sheet(
        form=form("non_leader", language),
        evaluatee=_line(language, common.evaluatee(language)),
        period=common.PERIOD,
        evaluator=_line(language, common.evaluator(language)),
        reference="S-2026-Q3-00141",
    )


def _line(language: Language, person: Person) -> str:
    return f"{person.name}, {person.post.lower()}, {common.body(language)}"


def non_leader_sheet(language: Language) -> Sheet:
    """A filled and signed sheet with a sanction, its working and the outcome under another reading."""
    filled = form("non_leader", language)
    comments = (
        either(
            language,
            "Талдамалық анықтамалар ескертусіз қабылданды.",
            "Аналитические справки приняты без замечаний.",
        ),
        either(language, "Екі тапсырма мерзімінен бұрын орындалды.", "Два поручения исполнены досрочно."),
        "",
        "",
        either(language, "14.08.2026 № 31 бұйрық: сөгіс", "Приказ от 14.08.2026 № 31: выговор"),
    )
    marks = ("5", "5", "5", "5", "4")
    return Sheet(
        form=filled,
        evaluatee=_line(language, common.evaluatee(language)),
        period=common.PERIOD,
        evaluator=_line(language, common.evaluator(language)),
        marks=(
            *(Mark(Decimal(mark), comment) for mark, comment in zip(marks[:4], comments, strict=False)),
            Mark(Decimal(marks[4]), comments[4], limit=Decimal("2.99"), counted=Decimal("2.99")),
        ),
        average=Decimal("4.60"),
        result=filled.results[0],
        signature=common.signed(10, 14),
        working=_working(language),
        other_readings=(
            OtherReading(
                either(
                    language,
                    "N-Q1 (b): шек орташа бағаға қатысты",
                    "N-Q1 (b): предел относится к средней оценке",
                ),
                Decimal("2.99"),
                filled.results[2],
            ),
        ),
        reference="S-2026-Q3-00141",
    )


def _working(language: Language) -> tuple[Step, ...]:
    cap = either(language, "5-параметр: сөгіс, баға 2,99-дан аспайды", "Параметр 5: выговор, оценка не выше 2,99")
    total = either(language, "Бағалар сомасы: 5 + 5 + 5 + 5 + 2,99", "Сумма оценок: 5 + 5 + 5 + 5 + 2,99")
    mean = either(language, "Сома ÷ параметрлер саны (5)", "Сумма ÷ количество параметров (5)")
    rounded = either(language, "Екі ондық белгіге дейін дөңгелектеу", "Округление до двух знаков")
    return (
        Step(cap, "2,99", "N-36, N-Q1 (a)"),
        Step(total, "22,99", "N-34"),
        Step(mean, "4,598", "N-34"),
        Step(rounded, "4,60", "X-Q3"),
        Step(form("non_leader", language).results[0], "4,60", "N-16, N-35"),
    )


def leader_sheet(language: Language) -> Sheet:
    """A filled and signed sheet of a leader with a long comment."""
    filled = form("leader", language)
    long_comment = either(
        language,
        "Бөлім тоқсан ішінде алпыс екі өтінішті қарады, олардың барлығы бойынша жауап заңда "
        "белгіленген мерзімде "
        "берілді. Бөлім меңгерушісі жаңа қызметкерлерге тәлімгерлік жасады, әріптестерінің өзара "
        "алмасуын ұйымдастырды "
        "және талдамалық баяндаманың жобасын уақытынан бұрын енгізді. Өңірлік өкілдіктермен "
        "бірлескен жұмыстың сапасы "
        "айтарлықтай артты, азаматтардың құқықтарын қорғау жөніндегі ұсынымдардың орындалуы "
        "жүйелі түрде бақыланды.",
        "За квартал отдел рассмотрел шестьдесят два обращения, по всем ответ дан в установленный "
        "законом срок. "
        "Заведующий отделом осуществлял наставничество над новыми работниками, организовал "
        "взаимозаменяемость коллег и "
        "внёс проект аналитического доклада раньше срока. Качество совместной работы с "
        "региональными представительствами "
        "заметно выросло, исполнение рекомендаций по защите прав граждан контролировалось "
        "систематически.",
    )
    marks = ("4.5", "4", "5", "4", "5")
    comments = ("", "", long_comment, "", "")
    head = common.head(language)
    return Sheet(
        form=filled,
        evaluatee=_line(language, common.evaluator(language)),
        period=common.PERIOD,
        evaluator=f"{head.name}, {head.post.lower()}, {common.body(language)}",
        marks=tuple(Mark(Decimal(mark), comment) for mark, comment in zip(marks, comments, strict=True)),
        average=Decimal("4.50"),
        result=filled.results[0],
        signature=common.signed(10, 15, 9, 5),
        reference="S-2026-Q3-00017",
    )
