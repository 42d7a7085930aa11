"""Invented papers on the forms of the maslikhat: plan, KPI sheet, questionnaire, the reports of a survey."""

from __future__ import annotations

from datetime import date

from documents.form import FormPaper, Signing
from documents.samples.acts_base import ACTS, PEOPLE, at, form, items_of, year_of
from documents.samples.common import either
from documents.words import Language

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
        "evaluator": (Signing(PEOPLE[1], at(2023, 10, 9)),),
        "hr": (Signing(PEOPLE[3], at(2023, 10, 11)),),
        "evaluatee": (Signing(PEOPLE[2]),),
    }
    return FormPaper(
        form(_URALSK, "individual_plan"), {**_head(language), "period": year_of(language, 2023)}, items_of(language)[:3],
        signing=signing, dated=date(2023, 10, 11), reference="uralsk-sample-2023/1",
    )  # fmt: skip


def uralsk_kpi(language: Language) -> FormPaper:
    """The KPI sheet with the permitted mark beside the given one."""
    given = (("102", "4–5", "5"), ("96", "3–4", "4"), ("81", "3–4", "3"))
    rows = tuple(
        {**row, "percent": percent, "permitted": permitted, "mark": mark}
        for row, (percent, permitted, mark) in zip(items_of(language), given, strict=False)
    )
    return FormPaper(
        form(_URALSK, "kpi"), _head(language), rows,
        said={"average": "4,00", "result": either(language, "Функционалдық міндеттерін тиімді атқарады", "эффективно")},
        signing={"evaluator": (Signing(PEOPLE[1], at(2024, 1, 9)),)}, dated=date(2024, 1, 9),
        reference="uralsk-sample-2023-q4/1",
    )  # fmt: skip


def _competencies(language: Language) -> tuple[str, ...]:
    lines = (ACTS / _URALSK / "competencies-360.csv").read_text(encoding="utf-8").splitlines()[1:]
    place = 2 if language == "kk" else 3
    return tuple(line.split(",")[place] for line in lines if line.startswith("staff,"))


def uralsk_questionnaire(language: Language) -> FormPaper:
    """A blank questionnaire about one servant; it names no respondent."""
    found = form(_URALSK, "360")
    rows = tuple({"number": str(n), "competency": text} for n, text in enumerate(_competencies(language), 1))
    return FormPaper(
        found, {"evaluatee": _head(language)["evaluatee"], "period": year_of(language, 2023)}, rows,
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
        form(_URALSK, "report_360"), {"evaluatee": _head(language)["evaluatee"], "period": year_of(language, 2023)}, rows,
        said={"answers": "6", "unreadable": "1", "least_shown": names[2]}, dated=date(2024, 1, 10), reference="uralsk-360/1",
    )  # fmt: skip


def uralsk_summary(language: Language) -> FormPaper:
    """The summary report for the training plan; it names nobody."""
    names = _competencies(language)
    rows = tuple(
        {"number": str(n), "competency": name, "people": "9", "mean": f"3,{90 - n}"} for n, name in enumerate(names, 1)
    )
    body = either(language, "Орал қалалық мәслихатының аппараты", "Аппарат Уральского городского маслихата")
    return FormPaper(
        form(_URALSK, "summary_360"), {"body": body, "period": year_of(language, 2023)}, rows,
        said={"least_shown": names[7]}, dated=date(2024, 1, 10), reference="uralsk-360",
    )  # fmt: skip


#: name in the gallery -> how it is made
