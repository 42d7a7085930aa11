"""Invented names, Kazakh and Russian, for sample files; any likeness is chance."""

from __future__ import annotations

from random import Random

_KAZAKH = (
    "Әбілқасымов", "Ағыбаев", "Бекмұратов", "Ғабитов", "Дәулетов", "Ережепов", "Жақсылықов", "Зейноллаев",
    "Қайратов", "Құрманов", "Мұқанов", "Нұрланов", "Оразбаев", "Өтегенов", "Рахымов", "Сәрсенов",
    "Тәңірбергенов", "Үкібаев", "Шәріпов", "Ысқақов",
)  # fmt: skip
_RUSSIAN = ("Белов", "Громов", "Ершов", "Зимин", "Крылов", "Лосев", "Орлов", "Сомов", "Тихонов", "Яковлев")
_HE = ("Асқар", "Бауыржан", "Ғалым", "Дәурен", "Ерлан", "Қанат", "Мәди", "Нұржан", "Өмірбек", "Тимур")
_SHE = ("Айгүл", "Ақмарал", "Гүлнәр", "Дәмелі", "Жұлдыз", "Қарлығаш", "Мәншүк", "Раушан", "Сәуле", "Шолпан")
_HE_RU = ("Андрей", "Виктор", "Игорь", "Олег", "Юрий")
_SHE_RU = ("Анна", "Вера", "Ирина", "Ольга", "Татьяна")
_FATHERS_RU = ("Андрее", "Викторо", "Игоре", "Олего", "Петро")


def person_names(dice: Random) -> tuple[str, str, str, str]:
    """A surname, given name, patronymic and language of notices."""
    woman = dice.random() < 0.5
    if dice.random() < 0.2:
        given = dice.choice(_SHE_RU if woman else _HE_RU)
        father = dice.choice(_FATHERS_RU) + ("вна" if woman else "вич")
        return dice.choice(_RUSSIAN) + ("а" if woman else ""), given, father, "ru"
    given, father = dice.choice(_SHE if woman else _HE), dice.choice(_HE)
    surname = dice.choice(_KAZAKH) + ("а" if woman else "")
    return surname, given, father + ("қызы" if woman else "ұлы"), "kk" if dice.random() < 0.8 else "ru"
