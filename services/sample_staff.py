"""An invented body of any size, for the demonstration and the benchmark: the same seed gives the same file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

from rules.period import Period
from services.sample_names import person_names
from services.staff_columns import COLUMNS

REGIONS = (
    ("Абай облысы", "области Абай"), ("Ақмола облысы", "Акмолинской области"),
    ("Ақтөбе облысы", "Актюбинской области"), ("Алматы облысы", "Алматинской области"),
    ("Атырау облысы", "Атырауской области"), ("Жамбыл облысы", "Жамбылской области"),
    ("Жетісу облысы", "области Жетісу"), ("Қарағанды облысы", "Карагандинской области"),
    ("Қостанай облысы", "Костанайской области"), ("Павлодар облысы", "Павлодарской области"),
)  # fmt: skip
_SMALLEST, _LARGEST = 8, 40
_FIRST_NUMBER = 100_001
_SECTIONS_OF_A_DEPUTY = 40

Line = dict[str, str]


def write_sample(path: Path | str, people: int, seed: int = 1, period: str = "2026-Q3") -> int:
    """Write a staff file of so many invented people; return the number of units.

    The head of the body and deputies stand outside corps B; sections (B-1) and offices (C-O-1) have 8 to 40 people.
    Personnel number 100001 is the head, 100002 the HR officer, as the sample organisation file says.

    Raises:
        ValueError: fewer than 10 people make no body.
    """
    if people < 10:
        raise ValueError(f"{people} people make no body: ask for 10 or more.")
    dice = Random(seed)  # noqa: S311 # invented people, no secrets; the same file every time is the point
    body = _Body(people, dice, Period.parse(period))
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [column.name for column in COLUMNS], restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(body.lines())
    return body.units


class _Body:
    def __init__(self, people: int, dice: Random, period: Period) -> None:
        self._people, self._dice, self._period = people, dice, period
        self._number = _FIRST_NUMBER - 1
        self.units = 0

    def lines(self) -> Iterator[Line]:
        """The people, unit by unit; the second is the HR officer's section."""
        sizes = self._sizes()
        deputies = -(-len(sizes) // _SECTIONS_OF_A_DEPUTY)
        head = str(_FIRST_NUMBER)
        yield self._leader("Орталық басшысы", "Руководитель Центра", "")
        officer = self._hr_section(head, sizes[0])
        yield next(officer)
        above = []
        for _ in range(deputies):
            line = self._leader("Орталық басшысының орынбасары", "Заместитель руководителя Центра", head)
            above.append(line["personnel_no"])
            yield line
        yield from officer
        for place, size in enumerate(sizes[1:], 1):
            yield from self._unit(place, size, above[place % deputies])

    def _sizes(self) -> list[int]:
        """The sizes of the units; with the head and the deputies they add up to the people asked for."""
        sizes: list[int] = []
        left = self._people - 1
        while left > 0:
            if len(sizes) % _SECTIONS_OF_A_DEPUTY == 0:
                left -= 1  # one deputy for each forty units
            size = min(left, self._dice.randint(_SMALLEST, _LARGEST))
            if 0 < left - size < _SMALLEST:
                size = left if left <= _LARGEST else left - _SMALLEST
            sizes.append(size)
            left -= size
        return sizes

    def _leader(self, post_kk: str, post_ru: str, supervisor: str) -> Line:
        line = self._person() | _central("leadership-0", "Басшылық", "Руководство", str(_FIRST_NUMBER))
        return line | {"post_kk": post_kk, "post_ru": post_ru, "leadership": "yes", "supervisor": supervisor}

    def _hr_section(self, head: str, size: int) -> Iterator[Line]:
        self.units += 1
        unit = _central("hr-1", "Персоналды басқару бөлімі", "Отдел управления персоналом", str(_FIRST_NUMBER + 1))
        yield self._person(True) | unit | _head_of_section(head)
        yield from self._staff(unit, size - 1, str(_FIRST_NUMBER + 1), "B")

    def _unit(self, place: int, size: int, above: str) -> Iterator[Line]:
        self.units += 1
        first = str(self._number + 1)
        office = place % 5 == 0
        unit = _office(place, first) if office else _section(place, first)
        yield self._person(True) | unit | (_head_of_office(above) if office else _head_of_section(above))
        yield from self._staff(unit, size - 1, first, "C-O" if office else "B")

    def _staff(self, unit: Line, size: int, head: str, family: str) -> Iterator[Line]:
        supervisor = head
        for place in range(size):
            deputy = place == 0 and size > 14 and family == "B"
            line = self._person() | unit | (_DEPUTY if deputy else self._post(family))
            yield line | {"supervisor": supervisor}
            if deputy:
                supervisor = line["personnel_no"]

    def _post(self, family: str) -> Line:
        return self._dice.choices(_POSTS[family], weights=(2, 5, 3))[0]

    def _person(self, always_there: bool = False) -> Line:
        self._number += 1
        surname, given, patronymic, language = person_names(self._dice)
        line = {
            "personnel_no": str(self._number), "surname": surname, "given_name": given, "patronymic": patronymic,
            "language": language, "email": f"s{self._number}@nchr.example",
            "phone": f"+7700{self._number + 900_000:07d}",
            "address": f"Астана қ., Үлгі көшесі {self._number % 97 + 1}, {self._number % 211 + 1}-пәтер",
            "appointed_on": self._appointed().isoformat(), "basis": "appointed", "dismissed": "no",
        }  # fmt: skip
        return line if always_there else line | self._history()

    def _appointed(self) -> date:
        if self._dice.random() < 0.02:
            return self._day(0, 91)
        return self._period.first_day - timedelta(days=self._dice.randint(40, 4000))

    def _history(self) -> Line:
        history = {}
        if self._dice.random() < 0.5:
            first = self._day(0, 60)
            history["absences"] = f"labour_leave {first}..{first + timedelta(days=self._dice.randint(9, 29))}"
        elif self._dice.random() < 0.1:
            first = self._day(0, 80)
            history["absences"] = f"temporary_incapacity {first}..{first + timedelta(days=self._dice.randint(2, 9))}"
        if self._dice.random() < 0.01:
            kind = self._dice.choice(("warning", "reprimand", "severe_reprimand", "discrediting_misconduct"))
            history["sanctions"] = f"{kind} {self._day(-30, 91)}"
        if self._dice.random() < 0.01:
            history["worked_days"] = f"{self._period}:{self._dice.randint(10, 20)}"
        return history

    def _day(self, earliest: int, latest: int) -> date:
        return self._period.first_day + timedelta(days=self._dice.randint(earliest, latest))


def _central(code: str, name_kk: str, name_ru: str, head: str) -> Line:
    return {
        "body": "nchr", "body_name_kk": "Адам құқықтары жөніндегі ұлттық орталық (үлгі)",
        "body_name_ru": "Национальный центр по правам человека (образец)",
        "unit": code, "unit_name_kk": name_kk, "unit_name_ru": name_ru, "unit_head": head,
    }  # fmt: skip


def _section(place: int, head: str) -> Line:
    return _central(f"section-{place}", f"{place}-бөлім", f"Отдел № {place}", head)


def _office(place: int, head: str) -> Line:
    region_kk, region_ru = REGIONS[place % len(REGIONS)]
    return {
        "body": f"nchr-office-{place}", "parent_body": "nchr",
        "body_name_kk": f"{region_kk} бойынша өкілдік, {place}",
        "body_name_ru": f"Представительство по {region_ru}, {place}",
        "unit": f"office-{place}", "unit_name_kk": "Өкілдік", "unit_name_ru": "Представительство", "unit_head": head,
    }  # fmt: skip


def _head_of_section(supervisor: str) -> Line:
    return _rank("Бөлім меңгерушісі", "Заведующий отделом", "B-1", True) | {"supervisor": supervisor}


def _head_of_office(supervisor: str) -> Line:
    post_ru = "Представитель Уполномоченного по правам человека"
    return _rank("Адам құқықтары жөніндегі уәкілдің өкілі", post_ru, "C-O-1", True) | {"supervisor": supervisor}


def _rank(post_kk: str, post_ru: str, category: str, leads: bool = False) -> Line:
    return {
        "post_kk": post_kk, "post_ru": post_ru, "category": category, "leadership": "yes" if leads else "no",
    }  # fmt: skip


_DEPUTY = _rank("Бөлім меңгерушісінің орынбасары", "Заместитель заведующего отделом", "B-2", True)
_POSTS = {
    "B": (
        _rank("Бас консультант", "Главный консультант", "B-3"),
        _rank("Бас сарапшы", "Главный эксперт", "B-4"),
        _rank("Сарапшы", "Эксперт", "B-5"),
    ),
    "C-O": (
        _rank("Бас маман", "Главный специалист", "C-O-4"),
        _rank("Жетекші маман", "Ведущий специалист", "C-O-5"),
        _rank("Маман", "Специалист", "C-O-6"),
    ),
}
