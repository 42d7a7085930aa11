"""The few words papers need beside the documents' own: places in the act, capacities, grounds; Kazakh and Russian."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from documents.familiarisation_sheet import How
from rules.law import Revision

Words = Mapping[str, str]

#: the words of a sheet of marks an act prints none for
USUAL: Mapping[str, Words] = {
    "kk": {
        "title": "Бағалау парағы", "header_evaluatee": "Бағаланатын қызметші", "header_period": "Бағаланатын кезең",
        "header_evaluator": "Бағалаушы адам", "column_parameter": "Көрсеткіштер", "column_mark": "Баға",
        "column_comment": "Түсініктеме", "column_explanation": "Толтыру бойынша түсініктеме", "average": "Орташа баға",
        "result": "Бағалау нәтижесі:", "signature": "Қолы", "date": "Күні",
    },
    "ru": {
        "title": "Лист оценки", "header_evaluatee": "Оцениваемый служащий", "header_period": "Оцениваемый период",
        "header_evaluator": "Оценивающее лицо", "column_parameter": "Показатели", "column_mark": "Оценка",
        "column_comment": "Комментарий", "column_explanation": "Пояснение по заполнению", "average": "Средняя оценка",
        "result": "Результат оценки:", "signature": "Подпись", "date": "Дата",
    },
}  # fmt: skip
COLUMNS: Mapping[str, tuple[str, str]] = {
    "kk": ("Заңды мерзім", "Нысаналы күн"),
    "ru": ("Законный срок", "Целевая дата"),
}
HOW: Mapping[str, How] = {
    "shown": "shown", "acknowledged": "acknowledged", "refused": "refused", "served": "served",
    "telephonogram": "telephonogram", "telegram": "telegram", "sms": "sms", "email": "email",
    "other_registered": "other_registered",
}  # fmt: skip
CAPACITY: Mapping[str, Words] = {
    "kk": {
        "evaluator": "Бағалаушы адам (осы бағаны қоймаған)",
        "hr": "Персоналды басқару қызметінің қызметкері",
        "member": "Сессия мүшесі",
    },
    "ru": {
        "evaluator": "Оценивающее лицо (данную оценку не ставил)",
        "hr": "Работник службы управления персоналом",
        "member": "Член сессии",
    },
}
BARRED: Mapping[str, Words] = {
    "kk": {
        "evaluatee": "Бағамен келіспейтін адам",
        "marker": "Бағалау парағын толтырған адам",
        "evaluator": "Оны бағалаған адам",
    },
    "ru": {
        "evaluatee": "Лицо, не согласное с оценкой",
        "marker": "Лицо, заполнившее лист оценки",
        "evaluator": "Лицо, проводившее оценку",
    },
}
REFUSAL_GROUND: Mapping[str, Words] = {
    "kk": {
        "late": "өтініш бес жұмыс күні өткеннен кейін түсті",
        "not_entitled": "адамның осы сессияны сұрауға құқығы жоқ",
    },
    "ru": {
        "late": "заявление поступило по истечении пяти рабочих дней",
        "not_entitled": "лицо не вправе требовать проведения этой сессии",
    },
}
#: parameter that leaves a servant out -> the words for it, with its value
_EXEMPT: Mapping[str, Words] = {
    "kk": {
        "min_tenure_in_position": "нақты лауазымда болу мерзімі {value} айдан кем",
        "min_days_actually_worked": "нақты жұмыс істеген күндері {value} жұмыс күнінен кем",
        "probation_not_evaluated": "сынақ мерзімінен өтуде",
        "min_remaining_period_for_kpi": "кезең аяқталғанға дейін {value} айдан кем қалды",
        "": "бұл бағалауға қатыспайды",
    },
    "ru": {
        "min_tenure_in_position": "срок пребывания в должности (в месяцах) менее {value}",
        "min_days_actually_worked": "фактически отработано рабочих дней менее {value}",
        "probation_not_evaluated": "проходит испытательный срок",
        "min_remaining_period_for_kpi": "до конца периода осталось (в месяцах) менее {value}",
        "": "в данной оценке не участвует",
    },
}
#: what the schedule itself sets
SCHEDULED: Words = {"kk": "Кесте бойынша бағалауды аяқтау", "ru": "Завершить оценку по графику"}
_SANCTIONS: Mapping[str, Words] = {
    "kk": {
        "warning": "ескерту", "reprimand": "сөгіс", "severe_reprimand": "қатаң сөгіс",
        "incomplete_service_compliance": "қызметіне толық сәйкес еместігі туралы ескерту",
        "demotion": "лауазымын төмендету", "dismissal": "жұмыстан шығару",
        "discrediting_misconduct": "мемлекеттік қызметке кір келтіретін теріс қылық үшін жаза", "other": "өзге жаза",
    },
    "ru": {
        "warning": "замечание", "reprimand": "выговор", "severe_reprimand": "строгий выговор",
        "incomplete_service_compliance": "предупреждение о неполном служебном соответствии",
        "demotion": "понижение в должности", "dismissal": "увольнение",
        "discrediting_misconduct": "взыскание за проступок, дискредитирующий государственную службу",
        "other": "иное взыскание",
    },
}  # fmt: skip
_SANCTION_LINE = re.compile(
    r"sanction (\w+) of ([\d-]+): (not above ([\d.]+)|outside \S+, not taken into account"
    r"|cancelled on ([\d-]+), not taken into account)(.*)"
)
_SANCTION_SAID: Mapping[str, Words] = {
    "kk": {
        "cap": "{date} {kind}: {limit} балдан аспайды",
        "outside": "{date} {kind}: тоқсаннан тыс, ескерілмейді",
        "cancelled": "{date} {kind}: {cancelled} алынып тасталды, ескерілмейді",
    },
    "ru": {
        "cap": "{kind} от {date}: не выше {limit}",
        "outside": "{kind} от {date}: вне квартала, не учитывается",
        "cancelled": "{kind} от {date}: снято {cancelled}, не учитывается",
    },
}
_POINT = re.compile(r"pts? (\d+)(?:\(\d+\))?(?: paras? (\d+))?")


def point_in(language: str, point: str) -> str:
    """A point of the act in a language: "pt 19 para 2" -> "19-тармақтың 2-бөлігі" / "часть 2 пункта 19"."""
    found = _POINT.match(point)
    if not found:
        own = {
            "house rule": {"kk": "ішкі тәртіп", "ru": "внутренний порядок"},
            "schedule": {"kk": "кесте", "ru": "график"},
        }
        return own.get(point, {}).get(language, point)
    number, part = found.groups()
    if part:
        return f"{number}-тармақтың {part}-бөлігі" if language == "kk" else f"часть {part} пункта {number}"
    return f"{number}-тармақ" if language == "kk" else f"пункт {number}"


def exempt_in(language: str, name: str, value: Any) -> str:
    """Why a person is not evaluated, by the act's parameter that leaves such people out; "" for another reason."""
    known = _EXEMPT[language]
    return known[name if name in known else ""].format(value=value)


def working_in(language: str, line: str, grades: Words) -> str:
    """One line of the working in a language; figures and rule ids stay as they are."""
    found = _SANCTION_LINE.fullmatch(line)
    if found:
        kind, day, _, limit, cancelled, rest = found.groups()
        said = _SANCTION_SAID[language]["cap" if limit else "cancelled" if cancelled else "outside"]
        date, off = (".".join(reversed((one or "").split("-"))) for one in (day, cancelled))
        return (
            said.format(
                kind=_SANCTIONS[language].get(kind, kind),
                date=date,
                limit=(limit or "").replace(".", ","),
                cancelled=off,
            )
            + rest
        )
    for grade, label in grades.items():
        if f"-> {grade} " in line:
            return _with_commas(f"{line.partition(' ->')[0]} → {label}")
    return _with_commas(line.replace(" -> ", " → ").replace("reading ", ""))  # a reading is named by its id alone


_SOURCE: Mapping[str, Words] = {
    "kk": {
        "computed": "парақ бойынша есептелді",
        "corrected": "түзетілді",
        "calibrated": "калибрлеу сессиясы шешті",
        "revised": "Комиссия түзетті",
    },
    "ru": {
        "computed": "рассчитан по листу",
        "corrected": "исправлен",
        "calibrated": "определён калибровочной сессией",
        "revised": "скорректирован Комиссией",
    },
}
_IN_FORCE: Words = {"kk": "Күшіндегі нәтиже: {n}-нұсқа, {how}", "ru": "Действующий результат: версия {n}, {how}"}


def in_force_in(language: str, version: int, source: str, decided: str = "") -> str:
    """Which version of the result is in force and where it comes from; `decided` is the mark a session gave."""
    said = _IN_FORCE[language].format(n=version, how=_SOURCE[language][source])
    return _with_commas(f"{said}: {decided}" if decided else said)


_LIMITED = re.compile(r"(\d+): \S+ -> ([\d.]+) \(")


def limits_in(working: str) -> tuple[dict[int, Decimal], Decimal | None]:
    """(row -> the mark counted in place of the given one, the strictest limit) of a kept working."""
    lines = working.splitlines()
    counted = {int(found[1]): Decimal(found[2]) for line in lines if (found := _LIMITED.match(line))}
    caps = [Decimal(found[4]) for line in lines if (found := _SANCTION_LINE.fullmatch(line)) and found[4]]
    return counted, min(caps, default=None)


def _with_commas(line: str) -> str:
    return re.sub(r"(?<=\d)\.(?=\d)", ",", line)


def how_of(row: Any) -> How:
    """How the person learned the result; of a served one the channel that reached them."""
    if row.familiarised_how == "served":
        return HOW.get(row.served_by or "", "served")
    return HOW[row.familiarised_how]


def how_number(row: Any) -> str:
    """The number of the act of refusal or of the registered proof, without the sign №."""
    if row.familiarised_how == "refused":
        return str(row.act_no or "")
    return str(row.served_no or "").removeprefix("№").strip() if row.familiarised_how == "served" else ""


def order_in(language: str, revision: Revision) -> str:
    """The order that brought a wording, by number and date."""
    number, day = revision.id.removeprefix("no-"), f"{revision.date:%d.%m.%Y}"
    return f"{day} № {number} бұйрық" if language == "kk" else f"приказ от {day} № {number}"


def wording_in(language: str, revision: Revision) -> str:
    """The later order in whose wording the act stands."""
    number, day = revision.id.removeprefix("no-"), f"{revision.date:%d.%m.%Y}"
    if language == "kk":
        return f", {day} № {number} бұйрықтың редакциясында"
    return f", в редакции приказа от {day} № {number}"


def annex_in(language: str, annex: str) -> str:
    """An annex by its number: "Annex 1" -> "1-қосымша"; "Model annexes 5 and 6" -> "приложения 5, 6 к Типовой методике"."""
    numbers = ", ".join(re.findall(r"\d+", annex))
    model, several = annex.startswith("Model"), "," in numbers
    if language == "kk":
        return f"Үлгілік әдістеменің {numbers}-қосымша{'лары' if several else 'сы'}" if model else f"{numbers}-қосымша"
    found = f"Приложени{'я' if several else 'е'} {numbers}"
    return f"{found} к Типовой методике" if model else found
