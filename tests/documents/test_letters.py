"""Letters and messages to dismissed people say what they must and no more."""

from dataclasses import replace

import pytest

from documents import dispatch_register, letter, telegram, telephonogram
from documents.samples import letters
from tests.documents.reading import text


@pytest.mark.rule("N-19", "N-20", "N-21", "N-23")
def test_the_letter_states_the_term_the_way_and_the_code():
    said = text(letter.render(letters.letter("kk"), "kk"))
    assert "Шығыс № 04-12/381 2026 жылғы 22 қазан" in said
    assert "ТАПСЫРЫС ХАТ тапсырылғаны туралы хабарламасы бар" in said
    assert "осы хат Әдістеменің 9-тармағына сәйкес жіберіліп отыр" in said
    assert "олармен танысқан күннен бастап 5 жұмыс күні ішінде" in said
    assert (
        "қызметшіні мемлекеттік лауазымға тағайындауға және мемлекеттік лауазымнан босатуға құқығы бар лауазымды "
        "адамға калибрлеу сессиясын өткізу жөнінде еркін нысанда өтініш бере аласыз (Әдістеменің 10-тармағы)"
    ) in said
    assert "Әкімшілік рәсімдік-процестік кодексінде белгіленген тәртіппен шағымдануға болады" in said
    assert "жасырын ақпарат болып табылады және үшінші адамдарға жария етуге жатпайды" in said


@pytest.mark.rule("N-23")
def test_without_a_result_the_letter_says_only_that_it_waits():
    waiting = text(letter.render(letters.letter("kk"), "kk"))
    assert "Бағалау нәтижесі Сізге таныстыру үшін дайын." in waiting
    assert "тиімді атқарады" not in waiting
    told = text(letter.render(letters.letter_with_result("kk"), "kk"))
    assert "Баға 4,20 Бағалау нәтижесі функционалдық міндеттерін тиімді атқарады" in told
    assert "таныстыру үшін дайын" not in told


@pytest.mark.rule("N-23")
def test_a_letter_about_something_else_says_that_and_nothing_of_a_result():
    other = replace(letters.letter_with_result("ru"), subject="Приглашение", text="Здравствуйте!\n\nВы приглашаетесь.")
    said = text(letter.render(other, "ru"))
    assert "ЗАКАЗНОЕ ПИСЬМО" in said
    assert "Приглашение Здравствуйте! Вы приглашаетесь." in said
    assert not any(word in said for word in ("оценк", "Оценк", "4,20", "калибровочн"))


@pytest.mark.rule("N-20")
def test_the_russian_letter_counts_days_in_the_right_case():
    said = text(letter.render(letters.letter("ru"), "ru"))
    assert "в течение 5 рабочих дней со дня ознакомления" in said


@pytest.mark.rule("N-19")
def test_the_telephonogram_records_who_when_and_to_whom():
    said = text(telephonogram.render(letters.telephonogram("kk"), "kk"))
    assert "ТЕЛЕФОНОГРАММА № 12 Берілген уақыты 2026 жылғы 26 қазан, 11:20" in said
    assert "Кімге Қожахметов Бауыржан Ілиясұлы" in said
    assert "Қабылдаған адам Адресаттың өзі" in said
    assert "атқарады" not in said


@pytest.mark.rule("N-19")
def test_the_telegram_keeps_its_receipt():
    said = text(telegram.render(letters.telegram("ru"), "ru"))
    assert "ТЕЛЕГРАММА № 4 Время сдачи к отправке 26 октября 2026 года, 12:05" in said
    assert "Номер квитанции 118/2610" in said


@pytest.mark.rule("N-19")
def test_the_register_lists_the_days_letters_and_counts_them():
    said = text(dispatch_register.render(letters.dispatch_register("kk"), "kk"))
    assert "Тапсырылғаны туралы хабарламасы бар тапсырыс хаттардың тізілімі № 9, 2026 жылғы 22 қазан" in said
    assert "3 04-12/383 Үмбетова Рысты Ғаниқызы" in said
    assert "RR000000017KZ" in said
    assert "Барлығы: 3" in said
