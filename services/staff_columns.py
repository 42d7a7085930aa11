"""The words of a staff file: its columns in three languages, and what its cells may say."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column: its identifier, its other names, whether a file needs it, whether every cell does."""

    name: str
    also: tuple[str, ...]
    needed: bool = False
    filled: bool = False


COLUMNS = (
    Column("personnel_no", ("табельдік нөмір", "табель нөмірі", "табельный номер", "таб №"), True, True),
    Column("surname", ("тегі", "фамилия"), True, True),
    Column("given_name", ("аты", "имя"), True, True),
    Column("patronymic", ("әкесінің аты", "отчество")),
    Column("language", ("тілі", "хабарлама тілі", "язык", "язык уведомлений")),
    Column("email", ("электрондық пошта", "электрондық мекенжай", "электронная почта", "e mail")),
    Column("phone", ("ұялы телефон", "телефон", "мобильный телефон")),
    Column("address", ("мекенжай", "мекенжайы", "адрес")),
    Column("body", ("органның коды", "мемлекеттік органның коды", "код органа"), True, True),
    Column("body_name_kk", ("органның қазақша атауы", "наименование органа на казахском"), True),
    Column("body_name_ru", ("органның орысша атауы", "наименование органа на русском"), True),
    Column("parent_body", ("жоғары тұрған органның коды", "код вышестоящего органа")),
    Column("unit", ("бөлімшенің коды", "құрылымдық бөлімшенің коды", "код подразделения"), True, True),
    Column("unit_name_kk", ("бөлімшенің қазақша атауы", "наименование подразделения на казахском"), True),
    Column("unit_name_ru", ("бөлімшенің орысша атауы", "наименование подразделения на русском"), True),
    Column("unit_head", ("бөлімшенің басшысы", "руководитель подразделения"), True),
    Column("post_kk", ("лауазымның қазақша атауы", "лауазымы", "должность на казахском"), True, True),
    Column("post_ru", ("лауазымның орысша атауы", "должность", "должность на русском"), True, True),
    Column("category", ("санат", "санаты", "лауазым санаты", "категория", "категория должности"), True),
    Column("leadership", ("басшылық лауазым", "басшы лауазым", "руководящая должность"), True),
    Column("appointed_on", ("тағайындалған күні", "дата назначения"), True, True),
    Column("basis", ("негізі", "тағайындау негізі", "основание", "основание назначения")),
    Column("ended_on", ("аяқталған күні", "лауазымдағы соңғы күні", "дата окончания", "последний день")),
    Column("dismissed", ("жұмыстан шығарылған", "жұмыстан босатылған", "уволен", "уволенный")),
    Column("supervisor", ("тікелей басшы", "тікелей басшысы", "непосредственный руководитель"), True),
    Column("absences", ("жұмыста болмауы", "болмаған күндері", "отсутствия")),
    Column("worked_days", ("нақты жұмыс істеген күндері", "жұмыс күндері", "отработанные дни")),
    Column("sanctions", ("тәртіптік жазалар", "дисциплинарные взыскания", "взыскания")),
    Column("probation_until", ("сынақ мерзімінің соңғы күні", "последний день испытательного срока")),
    Column("provides_services", ("мемлекеттік қызмет көрсетеді", "оказывает государственные услуги")),
    Column("host_unit", ("іссапарға жіберілген бөлімше", "подразделение прикомандирования", "место прикомандирования")),
)

YES = frozenset({"yes", "y", "true", "1", "иә", "ия", "да", "бар"})
NO = frozenset({"no", "n", "false", "0", "жоқ", "нет"})

LANGUAGES = {
    "kk": "kk", "kaz": "kk", "қазақ": "kk", "қазақша": "kk", "қазақ тілі": "kk", "казахский": "kk",
    "ru": "ru", "rus": "ru", "орыс": "ru", "орысша": "ru", "орыс тілі": "ru", "русский": "ru",
    "en": "en", "eng": "en", "ағылшын тілі": "en", "английский": "en",
}  # fmt: skip

BASES = {
    "appointed": "appointed", "тағайындалған": "appointed", "тағайындау": "appointed",
    "назначен": "appointed", "назначена": "appointed", "назначение": "appointed",
    "elected": "elected", "сайланған": "elected", "сайлау": "elected",
    "избран": "elected", "избрана": "elected", "избрание": "elected",
}  # fmt: skip

ABSENCES = {
    "labour_leave": ("еңбек демалысы", "трудовой отпуск"),
    "social_leave": ("әлеуметтік демалыс", "социальный отпуск"),
    "unpaid_leave": ("жалақы сақталмайтын демалыс", "отпуск без сохранения заработной платы"),
    "temporary_incapacity": (
        "еңбекке уақытша қабілетсіздік", "уақытша еңбекке жарамсыздық", "временная нетрудоспособность",
    ),
    "business_trip": ("іссапар", "командировка"),
    "internship": ("тағылымдама", "стажировка"),
    "retraining": ("қайта даярлау", "переподготовка"),
    "professional_development": ("біліктілікті арттыру", "повышение квалификации"),
    "studies": ("оқу", "учеба", "учёба", "обучение"),
}  # fmt: skip

SANCTIONS = {
    "warning": ("ескерту", "замечание"),
    "reprimand": ("сөгіс", "выговор"),
    "severe_reprimand": ("қатаң сөгіс", "строгий выговор"),
    "incomplete_service_compliance": (
        "қызметке толық сәйкес еместігі туралы ескерту", "предупреждение о неполном служебном соответствии",
    ),
    "demotion": ("лауазымын төмендету", "төмендету", "понижение в должности", "понижение"),
    "dismissal": ("жұмыстан шығару", "жұмыстан босату", "увольнение"),
    "discrediting_misconduct": (
        "мемлекеттік қызметке кір келтіретін теріс қылық",
        "проступок, дискредитирующий государственную службу",
    ),
    "other": ("өзге", "басқа", "иное", "другое"),
}  # fmt: skip

#: Cyrillic letters that look like the Latin ones of a category (the act prints "В-1", "С-О-1": N-Q24)
LOOK_ALIKES = str.maketrans("АВСЕОКМНРТХ–—‑−", "ABCEOKMHPTX----")

_JOINTS = re.compile(r"[\s_\-.№*():]+")


def folded(words: str) -> str:
    """A header or a word as it is compared: lower case, one space for every joint."""
    return _JOINTS.sub(" ", words).strip().casefold()


#: every way to write a header, folded -> its column
HEADERS = {folded(word): column.name for column in COLUMNS for word in (column.name, *column.also)}
ABSENCE_WORDS = {folded(word): kind for kind, words in ABSENCES.items() for word in (kind, *words)}
SANCTION_WORDS = {folded(word): kind for kind, words in SANCTIONS.items() for word in (kind, *words)}
