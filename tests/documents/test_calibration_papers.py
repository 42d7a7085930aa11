"""The papers of a dispute: decision, protocol, refusal act."""

from dataclasses import replace

import pytest

from documents import calibration_decision, calibration_protocol, refusal_act
from documents.errors import WrongField
from documents.samples import calibration
from documents.samples.common import signed
from tests.documents.reading import pages, text


@pytest.fixture(scope="module")
def protocol() -> str:
    return text(calibration_protocol.render(calibration.protocol("kk"), "kk"))


@pytest.mark.rule("N-40")
def test_the_protocol_names_the_request_and_the_decision_on_composition(protocol):
    assert "Түскен күні 2026 жылғы 19 қазан" in protocol
    assert "Сессия өткізу және оның құрамы туралы шешім (Әдістеменің 19-тармағы)" in protocol
    assert "2026 жылғы 21 қазан, № 27-К" in protocol
    assert "Әбдірахманова Гүлшат Нұрланқызы Орталық басшысы" in protocol


@pytest.mark.rule("N-41", "N-43")
def test_the_protocol_counts_the_members_and_their_capacity(protocol):
    assert "Сессия мүшелері (3)" in protocol
    assert "Персоналды басқару қызметінің қызметкері" in protocol


@pytest.mark.rule("N-42")
def test_the_protocol_names_those_barred_and_why(protocol):
    assert "Осы сессияның құрамына кірмейтін адамдар" in protocol
    assert "Бас сарапшы Бағамен келіспейтін адам" in protocol
    assert "Бөлім меңгерушісі Оны бағалаған адам" in protocol


@pytest.mark.rule("N-46", "N-47")
def test_both_sides_are_heard(protocol):
    assert "Бағалаушы адамның жұмысқа сипаттамасы және бағасына дәлелі: Қызметші тапсырмаларды" in protocol
    assert "Бағаланатын адамның дәлелі (ауызша): Екі құжаттың да мерзімі" in protocol


@pytest.mark.rule("N-47")
def test_an_unused_right_to_argue_is_said():
    silent = replace(calibration.protocol("kk"), argument_manner="not used", evaluatee_argument="")
    said = text(calibration_protocol.render(silent, "kk"))
    assert "Бағаланатын адам дәлел келтіру құқығын пайдаланған жоқ." in said


@pytest.mark.rule("N-47")
def test_an_argument_that_was_made_must_be_written_down():
    lost = replace(calibration.protocol("kk"), evaluatee_argument=" ")
    with pytest.raises(WrongField, match="'evaluatee_argument' is empty"):
        calibration_protocol.render(lost, "kk")


@pytest.mark.rule("N-48", "N-49")
def test_votes_outcome_and_both_marks_are_there(protocol):
    assert "Бағаны қолдау 3,80 Мерзімді ұзарту келісілмеген." in protocol
    assert "бағаға жоғарылау жағына түзету енгізілді. Дауыс саны: 2 / 3." in protocol
    assert "Сессияға дейінгі баға 3,80" in protocol
    assert "Сессиядан кейінгі қорытынды баға 4,20" in protocol


@pytest.mark.rule("N-50")
def test_the_protocol_says_when_it_was_signed_and_must_be_placed(protocol):
    assert "Хаттамаға қол қойылған күн 2026 жылғы 30 қазан" in protocol
    assert "(кешіктірілмей) 2026 жылғы 4 қараша" in protocol


@pytest.mark.rule("N-49")
def test_all_members_sign_on_one_page():
    plain = calibration.protocol("ru")
    long = replace(plain, evaluator_argument="\n".join([plain.evaluator_argument] * 24))
    read = pages(calibration_protocol.render(long, "ru"))
    page = next(page for page in read if "Члены калибровочной сессии:" in page)
    for member in plain.members:
        assert member.name in page.split("Члены калибровочной сессии:")[1]


@pytest.mark.rule("N-37")
def test_a_digital_signature_takes_the_place_of_the_line():
    plain = calibration.protocol("kk")
    stamped = replace(plain, hr_officer=replace(plain.hr_officer, signature=signed(10, 30)))
    said = text(calibration_protocol.render(stamped, "kk"))
    assert "Электрондық цифрлық қолтаңба арқылы куәландырылған 30.10.2026 16:42" in said


@pytest.mark.rule("N-40", "N-42", "N-43", "N-44", "N-45")
def test_the_decision_orders_the_session_and_its_composition():
    said = text(calibration_decision.render(calibration.decision("kk"), "kk"))
    assert "Әдістеменің 19-тармағына сәйкес ШЕШТІМ:" in said
    assert "Өткізу мерзімі (кешіктірілмей): 2026 жылғы 3 қараша." in said
    assert "2. Калибрлеу сессиясының мынадай құрамы бекітілсін:" in said
    assert "3. Мына адамдар осы калибрлеу сессиясының құрамына кірмейді:" in said
    assert "4. Персоналды басқару қызметі калибрлеу сессиясының қызметін ұйымдастырсын." in said


@pytest.mark.rule("N-20")
def test_a_refusal_states_its_ground_and_the_way_to_appeal():
    said = text(calibration_decision.render(calibration.decision_to_refuse("ru"), "ru"))
    assert "1. Отказать в проведении калибровочной сессии." in said
    assert "2. Основание (пункт 10 Методики): Служащий ознакомлен с результатами" in said
    assert "Административным процедурно-процессуальным кодексом Республики Казахстан" in said


def test_a_decision_cannot_both_hold_and_refuse():
    refusal = calibration.decision_to_refuse("kk").refusal
    with pytest.raises(WrongField, match="exclude each other"):
        calibration_decision.render(replace(calibration.decision("kk"), refusal=refusal), "kk")


@pytest.mark.rule("M-58")
def test_the_refusal_act_is_signed_by_the_officer_and_two_witnesses():
    said = text(refusal_act.render(calibration.refusal_act("kk"), "kk"))
    assert "Бағалау нәтижелерімен танысудан бас тарту туралы АКТ Астана қаласы № 3" in said
    assert "Ұсынылған уақыты 2026 жылғы 19 қазан, 11:30" in said
    assert "«Бағалаушымен сөйлескенге дейін ештеңеге қол қоймаймын»." in said
    assert said.count("(қолы)") == 3


@pytest.mark.rule("M-58")
def test_one_witness_is_not_two():
    act = calibration.refusal_act("kk")
    with pytest.raises(WrongField, match="names 1 people, 2 must sign"):
        refusal_act.render(replace(act, witnesses=act.witnesses[:1]), "kk")


@pytest.mark.rule("J-37", "J-44")
def test_an_act_may_ask_for_the_supervisor_alone():
    act = calibration.refusal_act("ru")
    said = text(refusal_act.render(replace(act, witnesses=act.witnesses[:1], witnesses_needed=1), "ru"))
    assert said.count("(подпись)") == 2


@pytest.mark.rule("N-23")
def test_the_refusal_act_keeps_the_result_from_its_witnesses():
    said = text(refusal_act.render(calibration.refusal_act("kk"), "kk"))
    assert "Осы актіде бағалау нәтижесінің өзі көрсетілмейді" in said
    assert "атқарады" not in said
