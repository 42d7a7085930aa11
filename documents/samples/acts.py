"""Invented papers on the forms of the acts; the forms themselves are read from the acts' own files."""

from __future__ import annotations

from datetime import date

from documents.form import FormPaper, Signing, Step
from documents.samples.acts_base import PEOPLE, form, items_of, post, signed, year_of
from documents.samples.acts_maslikhat import (
    uralsk_kpi,
    uralsk_plan,
    uralsk_questionnaire,
    uralsk_report,
    uralsk_summary,
)
from documents.samples.common import either
from documents.words import Language

# --- mic-2018 -------------------------------------------------------------------------------------------


def mic_plan(language: Language) -> FormPaper:
    """Annex 1: a plan of five indicators that waits for the superior supervisor."""
    return FormPaper(
        form("mic_2018", "plan"), {}, items_of(language), signing=signed(2018, 1, 8), approval=Signing(PEOPLE[2]),
        dated=date(2018, 1, 8), reference="mic-sample-2018/1",
    )  # fmt: skip


def mic_kpi(language: Language) -> FormPaper:
    """Annex 2: four of five indicators achieved."""
    said = form("mic_2018", "kpi").texts
    yes, no = said["achieved"].as_dict()[language], said["not_achieved"].as_dict()[language]
    rows = tuple({**row, "achieved": no if n == 5 else yes} for n, row in enumerate(items_of(language), 1))
    return FormPaper(
        form("mic_2018", "kpi"), post(language), rows, said={"result": either(language, "тиімді", "эффективно")},
        chosen=either(language, "тиімді", "эффективно"), signing=signed(2018, 12, 12), dated=date(2018, 12, 12),
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
        found, {**post(language), "period": year_of(language, 2018)}, rows, signing=signed(2018, 12, 12),
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
         "period": year_of(language, 2018)},
        rows, said={"conclusion": conclusion}, signing=_seats(), approval=Signing("Мыңбаева Райхан Сұлтанқызы"),
        dated=date(2019, 1, 10), reference="mic-sample-2018-kpi/sitting-1",
    )  # fmt: skip


# --- justice-2017 ---------------------------------------------------------------------------------------


def justice_plan(language: Language) -> FormPaper:
    """Annex 1: the first of two copies."""
    return FormPaper(
        form("justice_2017", "individual_plan"), {**post(language), "period": year_of(language, 2018)},
        items_of(language)[:4], signing=signed(2018, 1, 9), copy="1/2", dated=date(2018, 1, 9),
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
    signing = {**signed(2017, 10, 4), "evaluatee": (Signing(PEOPLE[0], remark=refused),)}
    return FormPaper(
        form("justice_2017", "quarter"),
        {**post(language), "period": either(language, "2017 жылғы III тоқсан", "III квартал 2017 года")},
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
        for n, (row, own, given) in enumerate(zip(items_of(language)[:3], "554", "543", strict=True), 1)
    )  # fmt: skip
    return FormPaper(
        found, {**post(language), "period": year_of(language, 2017)}, rows, signing=signed(2017, 12, 11),
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


FORMS = {
    "mic_plan": mic_plan, "mic_kpi": mic_kpi, "mic_competencies": mic_competencies, "mic_protocol": mic_protocol,
    "justice_plan": justice_plan, "justice_quarter": justice_quarter, "justice_annual": justice_annual,
    "justice_protocol": justice_protocol, "uralsk_plan": uralsk_plan, "uralsk_kpi": uralsk_kpi,
    "uralsk_questionnaire": uralsk_questionnaire, "uralsk_report": uralsk_report, "uralsk_summary": uralsk_summary,
}  # fmt: skip
