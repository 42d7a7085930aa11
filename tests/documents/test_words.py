"""Dates, periods, numbers and hyphens as official papers write them."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from documents.hyphens import break_table, syllables
from documents.words import both_dates, number, period_in_words, working_days
from rules.period import Period


def test_dates_in_words_and_figures():
    assert both_dates(date(2026, 10, 5), "kk") == {
        "day": "2026 жылғы 5 қазан",
        "long": "2026 жылғы 5 қазан",
        "short": "05.10.2026",
    }
    moment = datetime(2026, 10, 5, 14, 5, tzinfo=timezone(timedelta(hours=5)))
    assert both_dates(moment, "ru") == {
        "day": "5 октября 2026 года",
        "long": "5 октября 2026 года, 14:05",
        "short": "05.10.2026 14:05",
    }


@pytest.mark.rule("N-7")
def test_periods_in_words():
    assert period_in_words(Period(2026, 3), "kk") == "2026 жылғы III тоқсан"
    assert period_in_words(Period(2026, 3), "ru") == "III квартал 2026 года"
    assert period_in_words(Period(2026), "kk") == "2026 жыл"


@pytest.mark.parametrize(
    ("value", "printed"),
    [("4.5", "4,5"), ("4.50", "4,50"), ("2.998", "2,998"), ("5", "5"), ("1E+2", "100"), ("0", "0")],
)
def test_numbers_have_a_comma_and_are_never_rounded(value, printed):
    assert number(Decimal(value)) == printed


@pytest.mark.parametrize(
    ("count", "printed"),
    [(1, "1 рабочего дня"), (5, "5 рабочих дней"), (11, "11 рабочих дней"), (21, "21 рабочего дня")],
)
def test_russian_terms_agree_with_their_number(count, printed):
    assert working_days(count, "ru").replace("\u00a0", " ") == printed


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("қанағаттанарлықсыз", "қа-на-ғат-та-нар-лық-сыз"),
        ("бағалауды", "ба-ға-лау-ды"),
        ("қызметшілердің", "қыз-мет-ші-лер-дің"),
        ("ұйымдастыру", "ұйым-дас-ты-ру"),
        ("объективті", "объ-ек-тив-ті"),
    ],
)
def test_kazakh_words_are_cut_between_syllables(word, parts):
    assert "-".join(syllables(word)) == parts


def test_only_long_words_get_marks_and_a_run_of_signs_may_break_silently():
    table = break_table(["баға қанағаттанарлықсыз", "x" * 30], "kk")
    assert set(table) == {"қанағаттанарлықсыз", "x" * 30}
    assert table["x" * 30].split("\u200b") == ["x" * 10] * 3
