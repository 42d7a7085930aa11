"""Invented papers on the forms of the acts; the forms themselves are read from the acts' own files."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from documents.form import FormPaper, Signing, Step
from documents.samples.common import either
from documents.words import Language
from rules.label import Label
from rules.law import Form, FormParameter

_ACTS = Path(__file__).parents[2] / "methodologies"
_ALMATY = timezone(timedelta(hours=6))
PEOPLE = (
    "Қожахметова Ләззат Әбілғазықызы",
    "Һамитов Іскендір Ғалымжанұлы",
    "Өтеғұлова Күләш Ықыласқызы",
    "Жұмағұлов Ұлан Үсенұлы",
)


@cache
def _forms(act: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml.safe_load((_ACTS / act / "forms.yaml").read_text(encoding="utf-8"))["forms"]
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


def _at(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 16, 42, tzinfo=_ALMATY)


def _signed(year: int, month: int, day: int) -> dict[str, tuple[Signing, ...]]:
    """Servant and supervisor, each recorded on the day."""
    return {
        "evaluatee": (Signing(PEOPLE[0], _at(year, month, day)),),
        "evaluator": (Signing(PEOPLE[1], _at(year, month, day)),),
    }


def _post(language: Language) -> dict[str, str]:
    return {
        "evaluatee": PEOPLE[0],
        "post": either(language, "бас сарапшы", "главный эксперт"),
        "unit": either(language, "Ақпараттық саясат департаменті", "Департамент информационной политики"),
    }


def _year(language: Language, year: int) -> str:
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


def _items(language: Language) -> tuple[dict[str, str], ...]:
    return tuple(
        {"number": str(n), "indicator": name, "unit": unit, "planned": planned, "expected": f"{planned} {unit}",
         "actual": actual}
        for n, (name, unit, planned, actual) in enumerate(_INDICATORS[language], 1)
    )  # fmt: skip


# --- mic-2018 -------------------------------------------------------------------------------------------


def mic_plan(language: Language) -> FormPaper:
    """Annex 1: a plan of five indicators that waits for the superior supervisor."""
    return FormPaper(
        form("mic_2018", "plan"), {}, _items(language), signing=_signed(2018, 1, 8), approval=Signing(PEOPLE[2]),
        dated=date(2018, 1, 8), reference="mic-sample-2018/1",
    )  # fmt: skip


def mic_kpi(language: Language) -> FormPaper:
    """Annex 2: four of five indicators achieved."""
    said = form("mic_2018", "kpi").texts
    yes, no = said["achieved"].as_dict()[language], said["not_achieved"].as_dict()[language]
    rows = tuple({**row, "achieved": no if n == 5 else yes} for n, row in enumerate(_items(language), 1))
    return FormPaper(
        form("mic_2018", "kpi"), _post(language), rows, said={"result": either(language, "тиімді", "эффективно")},
        chosen=either(language, "тиімді", "эффективно"), signing=_signed(2018, 12, 12), dated=date(2018, 12, 12),
        working=(Step(either(language, "Толық қол жеткізілген НМИ", "Полностью достигнутые КЦИ"), "4 / 5"),),
        reference="mic-sample-2018-kpi/1",
    )  # fmt: skip


def mic_competencies(language: Language) -> FormPaper:
    """Annex 3: one competency below the expected result, its missing indicators named."""
    found = form("mic_2018", "competencies")
    said = {name: label.as_dict()[language] for name, label in found.texts.items()}
    missing = either(
        language,
        "1. Стратегиялық бағыттарға сәйкес нақты міндеттер қояды және тапсырмалар береді\n"
        "3. Бөлімше жұмысын басымдылығына қарай тиімді ұйымдастырады",
        "1. Ставит четкие задачи и дает поручения в соответствии со стратегическими направлениями\n"
        "3. Эффективно организует работу подразделения, расставляя приоритеты",
    )
    results = {1: ("below_expectations", missing), 6: ("not_evaluated", ""), 7: ("not_evaluated", "")}
    rows = tuple(
        {"number": f"{row.number}.", "competency": row.label.as_dict()[language],
         "result": said[results.get(row.number, ("meets_expectations", ""))[0]],
         "not_shown": results.get(row.number, ("", ""))[1]}
        for row in found.parameters
    )  # fmt: skip
    return FormPaper(
        found, {**_post(language), "period": _year(language, 2018)}, rows, signing=_signed(2018, 12, 12),
        dated=date(2018, 12, 12), reference="mic-sample-2018-competencies/1",
    )  # fmt: skip


def _seats(with_remark: str = "") -> dict[str, tuple[Signing, ...]]:
    return {
        "secretary": (Signing(PEOPLE[3]),),
        "chair": (Signing(PEOPLE[1]),),
        "member": (Signing(PEOPLE[2]), Signing("Әбілқайырова Маржан Төлегенқызы"), Signing("Құсайынов Ерлан Мұратұлы")),
    }


def mic_protocol(language: Language) -> FormPaper:
    """Annex 5: two results left as they are, one corrected, waiting for the official's approval."""
    correction = either(
        language, "5 (өте жақсы)\nҮшінші көрсеткіштің нақты мәні расталды.",
        "5 (превосходно)\nФактическое значение третьего показателя подтверждено.",
    )  # fmt: skip
    rows = tuple(
        {"number": f"{n}.", "servant": name, "result": either(language, "4 (тиімді)", "4 (эффективно)"),
         "correction": correction if n == 2 else "", "recommendations": ""}
        for n, name in enumerate(PEOPLE[:3], 1)
    )  # fmt: skip
    conclusion = either(
        language,
        "бағаланғандар – 3; өзгеріссіз бекітілгені – 2; түзетілгені – 1.",
        "рассмотрено – 3; утверждено без изменений – 2; скорректировано – 1.",
    )
    return FormPaper(
        form("mic_2018", "protocol"),
        {"body": either(language, "Ақпарат және коммуникациялар министрлігі", "Министерство информации и коммуникаций"),
         "period": _year(language, 2018)},
        rows, said={"conclusion": conclusion}, signing=_seats(), approval=Signing("Мыңбаева Райхан Сұлтанқызы"),
        dated=date(2019, 1, 10), reference="mic-sample-2018-kpi/sitting-1",
    )  # fmt: skip


# --- justice-2017 ---------------------------------------------------------------------------------------


def justice_plan(language: Language) -> FormPaper:
    """Annex 1: the first of two copies."""
    return FormPaper(
        form("justice_2017", "individual_plan"), {**_post(language), "period": _year(language, 2018)},
        _items(language)[:4], signing=_signed(2018, 1, 9), copy="1/2", dated=date(2018, 1, 9),
        reference="justice-sample-2018/1",
    )  # fmt: skip


def justice_quarter(language: Language) -> FormPaper:
    """Annex 3: the own evaluation beside the supervisor's; the servant refused to sign."""
    three = either(
        language,
        "3 балл: Министрліктің басшылығының тапсырмаларын уақтылы және сапалы орындау (12.08.2017; № 4-118)",
        "3 балла: своевременное и качественное исполнение поручений руководства Министерства (12.08.2017; № 4-118)",
    )
    two = either(
        language,
        "2 балл: болмаған қызметшінің міндеттерін он жұмыс күнінен астам атқару (01.09.2017; № 201 бұйрық)",
        "2 балла: исполнение обязанностей отсутствующего работника свыше десяти рабочих дней (01.09.2017; приказ № 201)",
    )
    late = either(language, "21.09.2017 кешігу; персоналды басқару қызметі", "21.09.2017 опоздание; служба персонала")
    refused = either(language, "Қол қоюдан бас тартты: № 1 акт", "От подписания отказался: акт № 1")
    rows = (
        {"number": "1", "self_bonuses": three, "supervisor_bonuses": three, "supervisor_labour": late},
        {"number": "2", "self_bonuses": two},
    )
    signing = {**_signed(2017, 10, 4), "evaluatee": (Signing(PEOPLE[0], remark=refused),)}
    return FormPaper(
        form("justice_2017", "quarter"),
        {**_post(language), "period": either(language, "2017 жылғы III тоқсан", "III квартал 2017 года")},
        rows, said={"result_self": "105", "result": either(language, "101 (қанағаттанарлық)", "101 (удовлетворительно)")},
        signing=signing, dated=date(2017, 10, 4), reference="justice-sample-2017-q3/1",
        working=(Step("100 + 3 − 2", "101"),),
    )  # fmt: skip


def justice_annual(language: Language) -> FormPaper:
    """Annex 4: three indicators with the own marks and the supervisor's."""
    found = form("justice_2017", "annual")
    said = {name: label.as_dict()[language] for name, label in found.texts.items()}
    rows = tuple(
        {"number": str(n), "result": f"{said[f'row_{n}']}: {row['indicator']}", "range": said["range"], "self": own,
         "supervisor": given}
        for n, (row, own, given) in enumerate(zip(_items(language)[:3], "554", "543", strict=True), 1)
    )  # fmt: skip
    return FormPaper(
        found, {**_post(language), "period": _year(language, 2017)}, rows, signing=_signed(2017, 12, 11),
        dated=date(2017, 12, 11), reference="justice-sample-2017-annual/1",
    )  # fmt: skip


def justice_protocol(language: Language) -> FormPaper:
    """Annex 5 with forty servants: the head is repeated, the explanation stands with the correction."""
    correction = either(
        language, "108 (тиімді)\nТүсіндірме: № 201 бұйрық ескерілмеген.",
        "108 (эффективно)\nПояснение: приказ № 201 не был учтён.",
    )  # fmt: skip
    rows = tuple(
        {"number": f"{n}.", "servant": PEOPLE[n % 4], "result": f"{100 + n % 9} "
         + either(language, "(қанағаттанарлық)", "(удовлетворительно)"), "correction": correction if n == 17 else ""}
        for n in range(1, 41)
    )  # fmt: skip
    return FormPaper(
        form("justice_2017", "commission_protocol"),
        {"body": either(language, "Қазақстан Республикасы Әділет министрлігі", "Министерство юстиции Республики Казахстан"),
         "period": either(language, "тоқсандық, 2017 жылғы III тоқсан", "квартальная, III квартал 2017 года")},
        rows, said={"conclusion": either(language, "40 нәтиже қаралды, 1 түзетілді.", "рассмотрено 40, исправлен 1.")},
        signing=_seats(), dated=date(2017, 10, 18), reference="justice-sample-2017-q3/sitting-1",
    )  # fmt: skip


# --- uralsk-maslikhat-2018 ------------------------------------------------------------------------------

_URALSK = "uralsk_maslikhat_2018"


def _head(language: Language) -> dict[str, str]:
    return {
        "evaluatee": f"{PEOPLE[2]}, " + either(language, "аппарат басшысы", "руководитель аппарата"),
        "evaluator": f"{PEOPLE[1]}, " + either(language, "мәслихат төрағасы", "председатель маслихата"),
        "period": either(language, "2023 жылғы IV тоқсан", "IV квартал 2023 года"),
    }


def uralsk_plan(language: Language) -> FormPaper:
    """The plan of the head of the apparatus, agreed with HR."""
    signing = {
        "evaluator": (Signing(PEOPLE[1], _at(2023, 10, 9)),),
        "hr": (Signing(PEOPLE[3], _at(2023, 10, 11)),),
        "evaluatee": (Signing(PEOPLE[2]),),
    }
    return FormPaper(
        form(_URALSK, "individual_plan"), {**_head(language), "period": _year(language, 2023)}, _items(language)[:3],
        signing=signing, dated=date(2023, 10, 11), reference="uralsk-sample-2023/1",
    )  # fmt: skip


def uralsk_kpi(language: Language) -> FormPaper:
    """The KPI sheet with the permitted mark beside the given one."""
    given = (("102", "4–5", "5"), ("96", "3–4", "4"), ("81", "3–4", "3"))
    rows = tuple(
        {**row, "percent": percent, "permitted": permitted, "mark": mark}
        for row, (percent, permitted, mark) in zip(_items(language), given, strict=False)
    )
    return FormPaper(
        form(_URALSK, "kpi"), _head(language), rows,
        said={"average": "4,00", "result": either(language, "Функционалдық міндеттерін тиімді атқарады", "эффективно")},
        signing={"evaluator": (Signing(PEOPLE[1], _at(2024, 1, 9)),)}, dated=date(2024, 1, 9),
        reference="uralsk-sample-2023-q4/1",
    )  # fmt: skip


def _competencies(language: Language) -> tuple[str, ...]:
    lines = (_ACTS / _URALSK / "competencies-360.csv").read_text(encoding="utf-8").splitlines()[1:]
    place = 2 if language == "kk" else 3
    return tuple(line.split(",")[place] for line in lines if line.startswith("staff,"))


def uralsk_questionnaire(language: Language) -> FormPaper:
    """A blank questionnaire about one servant; it names no respondent."""
    found = form(_URALSK, "360")
    rows = tuple({"number": str(n), "competency": text} for n, text in enumerate(_competencies(language), 1))
    return FormPaper(
        found, {"evaluatee": _head(language)["evaluatee"], "period": _year(language, 2023)}, rows,
        title=found.texts["title_staff"].as_dict()[language], dated=date(2023, 12, 1), reference="uralsk-360/1",
    )  # fmt: skip


def uralsk_report(language: Language) -> FormPaper:
    """The individual report: means of six answers, the self-assessment beside them, what is shown least."""
    names = _competencies(language)
    means = ("4,33", "4,50", "3,17", "4,00", "4,67", "3,83", "4,17", "4,00")
    rows = tuple(
        {"number": str(n), "competency": name, "mean": mean, "self": "5,00"}
        for n, (name, mean) in enumerate(zip(names, means, strict=True), 1)
    )
    return FormPaper(
        form(_URALSK, "report_360"), {"evaluatee": _head(language)["evaluatee"], "period": _year(language, 2023)}, rows,
        said={"answers": "6", "least_shown": names[2]}, dated=date(2024, 1, 10), reference="uralsk-360/1",
    )  # fmt: skip


def uralsk_summary(language: Language) -> FormPaper:
    """The summary report for the training plan; it names nobody."""
    names = _competencies(language)
    rows = tuple(
        {"number": str(n), "competency": name, "people": "9", "mean": f"3,{90 - n}"} for n, name in enumerate(names, 1)
    )
    body = either(language, "Орал қалалық мәслихатының аппараты", "Аппарат Уральского городского маслихата")
    return FormPaper(
        form(_URALSK, "summary_360"), {"body": body, "period": _year(language, 2023)}, rows,
        said={"least_shown": names[7]}, dated=date(2024, 1, 10), reference="uralsk-360",
    )  # fmt: skip


#: name in the gallery -> how it is made
FORMS = {
    "mic_plan": mic_plan, "mic_kpi": mic_kpi, "mic_competencies": mic_competencies, "mic_protocol": mic_protocol,
    "justice_plan": justice_plan, "justice_quarter": justice_quarter, "justice_annual": justice_annual,
    "justice_protocol": justice_protocol, "uralsk_plan": uralsk_plan, "uralsk_kpi": uralsk_kpi,
    "uralsk_questionnaire": uralsk_questionnaire, "uralsk_report": uralsk_report, "uralsk_summary": uralsk_summary,
}  # fmt: skip
