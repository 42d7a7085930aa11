"""Invented lists: the evaluation schedule and the familiarisation sheet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from documents import familiarisation_sheet as familiarisation
from documents.familiarisation_sheet import FamiliarisationRow, FamiliarisationUnit, Familiarised
from documents.register import Register
from documents.samples import common, forms
from documents.samples.common import either
from documents.schedule import ExemptPerson, Schedule, ScheduledDeadline, ScheduleRow, ScheduleUnit
from documents.words import Language

_NAMES = (
    "Құрманғалиев Ерұлан Өмірзақұлы",
    "Әлімжанова Сәуле Қайратқызы",
    "Төлеубаев Нұрсұлтан Ғалымұлы",
    "Мұхаметқалиева Гүлбаршын Жүсіпбекқызы",
    "Шаңғытбаев Үсен Һакімұлы",
    "Ибрагимова Әсем Ділдәбекқызы",
)
_NEXT = ("Ғабдуллина Іңкәр Ерболқызы", "Өтебаев Қыдырәлі Еңсегенұлы", "Нұрғалиева Зүбайда Тұрысбекқызы")


def _units(language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        (either(language, "Құқықтық талдау бөлімі", "Отдел правового анализа"), _NAMES),
        (
            either(
                language,
                "Түркістан облысындағы өкілдік",
                "Представительство в Туркестанской области",
            ),
            _NEXT,
        ),
    )


def schedule(language: Language, people: int = 9) -> Schedule:
    """The schedule of a quarter; more people than nine repeat the same names."""
    units = tuple(
        ScheduleUnit(name, tuple(_row(language, names[place % len(names)]) for place in range(count)))
        for (name, names), count in zip(_units(language), (people * 2 // 3, people - people * 2 // 3), strict=True)
    )
    return Schedule(
        body=common.body(language),
        act=common.act(language),
        period=common.PERIOD,
        approved_by=common.head(language),
        approved_on=date(2026, 9, 21),
        drawn_up_by=common.hr_officer(language),
        drawn_up_on=date(2026, 9, 18),
        due_columns=(
            either(language, "Бағалау (дейін)", "Оценка (до)"),
            either(language, "Жіберу (дейін)", "Направить (до)"),
        ),
        units=units,
        deadlines=_deadlines(language),
        exempt=_exempt(language),
        reference="C-2026-Q3",
    )


def _row(language: Language, name: str) -> ScheduleRow:
    return ScheduleRow(
        name,
        either(language, "Бас сарапшы", "Главный эксперт"),
        either(language, "2-қосымша", "Приложение 2"),
        common.evaluator(language).name,
        (date(2026, 10, 20), date(2026, 10, 5)),
    )


def _deadlines(language: Language) -> tuple[ScheduledDeadline, ...]:
    point = either(language, "4-тармақ", "пункт 4")
    return (
        ScheduledDeadline(
            either(language, "Тоқсан қорытындысы бойынша бағалау", "Оценка по итогам квартала"),
            date(2026, 10, 20),
            point,
            either(
                language,
                "Есепті тоқсаннан кейінгі айдың жиырмасыншы күнінен кешіктірілмейді",
                "Не позднее двадцатого числа месяца, следующего за отчётным кварталом",
            ),
            target=date(2026, 10, 20),
        ),
        ScheduledDeadline(
            either(language, "Жұмыстан босатылған адамдарды таныстыру", "Ознакомление уволенных лиц"),
            date(2026, 10, 31),
            either(language, "9-тармақ", "пункт 9"),
            either(
                language,
                "Есепті тоқсаннан кейінгі айдың ішінде; соңғы күн демалыс күніне келеді",
                "В течение месяца, следующего за отчётным кварталом; последний день выходной",
            ),
            target=date(2026, 10, 30),
        ),
        ScheduledDeadline(
            either(language, "Жылдың қорытынды бағасы", "Итоговая оценка за год"),
            date(2027, 1, 30),
            point,
            either(
                language,
                "Есепті жылдан кейінгі жылдың 30 қаңтарынан кешіктірілмейді",
                "Не позднее 30 января года, следующего за отчётным",
            ),
        ),
    )


def _exempt(language: Language) -> tuple[ExemptPerson, ...]:
    return (
        ExemptPerson(
            "Бекмұхамбетов Жәнібек Қуанышұлы",
            either(language, "Сарапшы", "Эксперт"),
            either(language, "Құқықтық талдау бөлімі", "Отдел правового анализа"),
            either(
                language,
                "2026 жылғы 14 қыркүйекте тағайындалды: лауазымда бір айдан кем",
                "Назначен 14 сентября 2026 года: на должности менее одного месяца",
            ),
            either(language, "5-тармақ", "пункт 5"),
        ),
    )


def familiarisation_sheet(language: Language) -> familiarisation.FamiliarisationSheet:
    """The list of a quarter with people shown, refused, served and not yet familiarised."""
    ways = (
        Familiarised("shown", date(2026, 10, 16)),
        Familiarised("refused", date(2026, 10, 19), "3"),
        Familiarised("served", date(2026, 10, 27), "04-12/381"),
        None,
    )
    results = forms.form("non_leader", language).results
    scores = (("4.60", results[0]), ("3.99", results[1]), ("2.80", results[2]))
    units = tuple(
        FamiliarisationUnit(
            unit,
            tuple(
                FamiliarisationRow(
                    name,
                    either(language, "Бас сарапшы", "Главный эксперт"),
                    Decimal(scores[place % 3][0]),
                    scores[place % 3][1],
                    ways[place % 4],
                )
                for place, name in enumerate(names)
            ),
        )
        for unit, names in _units(language)
    )
    return familiarisation.FamiliarisationSheet(
        body=common.body(language),
        act=common.act(language),
        confidentiality_point="13",
        period=common.PERIOD,
        units=units,
        drawn_up_by=common.hr_officer(language),
        drawn_up_on=date(2026, 10, 28),
        reference="C-2026-Q3",
    )


def appeals(language: Language) -> Register:
    """An appeal answered, a late one, a case before the court."""
    late = either(language, " (мерзімі өткен)", " (с пропуском срока)")
    department = either(
        language, "Мемлекеттік қызмет істері департаменті; № 77", "Департамент по делам государственной службы; № 77"
    )
    answer = either(
        language, "Комиссия шешімінің күшін жою және қайта қарау ұсынылды; 15.11.2017; № 1204",
        "рекомендовано отменить решение Комиссии и пересмотреть результат; 15.11.2017; № 1204",
    )  # fmt: skip
    heads = either(
        language,
        "Т.А.Ә.|Берілген күні|Мерзімнің соңғы күні|Қайда берілді|Уәкілетті органның шешімі|Есеп берілген күні, нөмірі",
        "Ф.И.О.|Дата подачи|Последний день срока|Куда подано|Решение уполномоченного органа|Дата и номер сообщения о решении",
    )
    return Register(
        title=either(language, "Бағалау нәтижелеріне шағымдар тізілімі", "Реестр обжалований результатов оценки"),
        body=common.body(language),
        act=common.act(language),
        period=common.PERIOD,
        heads=tuple(heads.split("|")),
        lines=(
            (_NAMES[0], "25.10.2017", "01.11.2017", department, answer, "24.11.2017; № 318"),
            (_NAMES[3], f"10.11.2017{late}", "01.11.2017", department, "", ""),
            (_NAMES[4], "20.11.2017", "", either(language, "сот; № 3-88", "суд; № 3-88"), "", ""),
        ),
        drawn_up_by=common.hr_officer(language),
        drawn_up_on=date(2017, 12, 1),
        reference="justice-sample-2017-q3",
    )


def individual_sheets(language: Language) -> familiarisation.FamiliarisationSheet:
    """The same list, one page for each person."""
    return replace(familiarisation_sheet(language), individually=True)
