"""Invented people and the facts every example shares."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from documents.parts import Act, DigitalSignature, Person, Signer
from documents.words import Language
from rules.period import Period

PERIOD = Period(2026, 3)
_ALMATY = timezone(timedelta(hours=5))


def either(language: Language, kazakh: str, russian: str) -> str:
    """The text of the language asked for."""
    return kazakh if language == "kk" else russian


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of 2026 in the body's zone."""
    return datetime(2026, month, day, hour, minute, tzinfo=_ALMATY)


def body(language: Language) -> str:
    """The body's name."""
    return either(language, "Адам құқықтары жөніндегі ұлттық орталық", "Национальный центр по правам человека")


def body_address(language: Language) -> str:
    """The body's invented address."""
    return either(
        language,
        "010000, Астана қаласы, Тәуелсіздік даңғылы, 1-үй",
        "010000, город Астана, проспект Тәуелсіздік, дом 1",
    )


def act(language: Language) -> Act:
    """The methodology in the wording in force."""
    return Act(
        either(
            language,
            'Адам құқықтары жөніндегі ұлттық орталықтың және оның өкілдіктерінің "Б" корпусы мемлекеттік '
            "әкімшілік қызметшілерінің қызметін бағалау әдістемесі",
            "Методика оценки деятельности административных государственных служащих корпуса «Б» "
            "Национального "
            "центра по правам человека и его представительств",
        ),
        either(
            language,
            "2024 жылғы 18 қарашадағы № 144 бұйрық, 13.03.2026 № 13 бұйрықтың редакциясында",
            "Приказ от 18 ноября 2024 года № 144, в редакции приказа от 13.03.2026 № 13",
        ),
    )


def head(language: Language) -> Signer:
    """The appointing official."""
    return Signer("Әбдірахманова Гүлшат Нұрланқызы", either(language, "Орталық басшысы", "Руководитель Центра"))


def hr_officer(language: Language) -> Signer:
    """The HR officer."""
    return Signer(
        "Сейітқазиева Айнұр Бекболатқызы",
        either(
            language,
            "Персоналды басқару қызметінің бас маманы",
            "Главный специалист службы управления персоналом",
        ),
    )


def evaluatee(language: Language) -> Person:
    """The evaluated person of most examples."""
    return Person(
        "Құрманғалиев Ерұлан Өмірзақұлы",
        either(language, "Бас сарапшы", "Главный эксперт"),
        either(language, "Құқықтық талдау бөлімі", "Отдел правового анализа"),
    )


def evaluator(language: Language) -> Person:
    """The evaluator of most examples."""
    return Person(
        "Жүнісбекова Іңкәр Һамитқызы",
        either(language, "Бөлім меңгерушісі", "Заведующий отделом"),
        either(language, "Құқықтық талдау бөлімі", "Отдел правового анализа"),
    )


def signed(month: int, day: int, hour: int = 16, minute: int = 42) -> DigitalSignature:
    """A digital signature given in 2026."""
    return DigitalSignature(at(month, day, hour, minute), "3f9a51c07be24d1a8c66e0b7d5f2a934")
