"""The schedule and the familiarisation sheet, short and very long."""

import time
from dataclasses import replace

import pytest

from documents import familiarisation_sheet, schedule
from documents.errors import WrongField
from documents.samples import lists
from documents.schedule import Schedule
from tests.documents.reading import pages, text


def _crowd(people: int) -> Schedule:
    plain = lists.schedule("kk", people)
    units = tuple(
        replace(unit, rows=tuple(replace(row, name=f"{row.name} {n}") for n, row in enumerate(unit.rows)))
        for unit in plain.units
    )
    return replace(plain, units=units)


@pytest.mark.rule("N-10", "N-12", "N-19", "N-25")
def test_the_schedule_is_approved_and_every_day_has_its_point_and_reason():
    said = text(schedule.render(lists.schedule("kk"), "kk"))
    assert "БЕКІТЕМІН Орталық басшысы" in said
    assert "2026 жылғы 21 қыркүйек" in said
    assert "Тоқсан қорытындысы бойынша бағалау 20.10.2026 20.10.2026 4-тармақ Есепті тоқсаннан кейінгі" in said
    assert "таныстыру 31.10.2026 30.10.2026 9-тармақ" in said
    assert "Жылдың қорытынды бағасы 30.01.2027 — 4-тармақ" in said
    assert "2024 жылғы 18 қарашадағы № 144 бұйрық, 13.03.2026 № 13 бұйрықтың редакциясында" in said


@pytest.mark.rule("N-13")
def test_people_who_are_not_evaluated_are_listed_with_the_rule():
    said = text(schedule.render(lists.schedule("kk"), "kk"))
    assert "Бағалау жүргізілмейтін адамдар (1)" in said
    assert "лауазымда бір айдан кем 5-тармақ" in said


def test_an_unapproved_schedule_leaves_the_day_blank():
    draft = replace(lists.schedule("ru"), approved_on=None, exempt=())
    said = text(schedule.render(draft, "ru"))
    assert "Әбдірахманова Гүлшат Нұрланқызы (дата)" in said
    assert "не проводится" not in said


@pytest.mark.slow
def test_two_thousand_people_fit_in_ten_seconds_with_heads_and_numbers_on_every_page():
    started = time.process_time()
    made = schedule.render(_crowd(2000), "kk")
    assert time.process_time() - started < 10
    read = pages(made)
    assert 60 <= len(read) <= 90
    assert all("Бағаланатын адамның Т.А.Ә." in page for page in read)
    assert all(f"{number} / {len(read)}" in page for number, page in enumerate(read, 1))
    assert "2000 " in read[-1]


def test_a_row_with_a_day_too_many_is_refused():
    plain = lists.schedule("kk")
    with pytest.raises(WrongField, match="has 2 days for 1 columns"):
        schedule.render(replace(plain, due_columns=("Бағалау",)), "kk")


@pytest.mark.rule("N-18", "N-19")
def test_the_familiarisation_sheet_says_when_and_how():
    said = text(familiarisation_sheet.render(lists.familiarisation_sheet("kk"), "kk"))
    assert "16.10.2026 Ақпараттық жүйеде көрсетілді" in said
    assert "19.10.2026 Танысудан бас тартты, № 3 акт" in said
    assert "27.10.2026 № 04-12/381 тапсырыс хат тапсырылды" in said
    assert "3,99 функционалдық міндеттерін тиісті түрде атқарады" in said


@pytest.mark.rule("N-23")
def test_individual_pages_show_nobody_elses_result():
    sheet = lists.individual_sheets("ru")
    names = [row.name for unit in sheet.units for row in unit.rows]
    read = pages(familiarisation_sheet.render(sheet, "ru"))
    assert [[name for name in names if name in page] for page in read] == [[name] for name in names]
