"""Papers made from the database under the acts with a Commission, plans and surveys: everything a cycle leaves on paper."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from models.work import reading, work
from rules.individual_plan import Item
from rules.revision import Revision
from services import agreement, appeals, familiarisation, plan_steps, plans
from services.paper import make_papers, make_plan_papers, sheet_pdf
from services.rulings import Motion
from tests import commission, makers
from tests.commission import AIGUL, BOLAT, DANA, HEAD_A, HR, LAWYER, OFFICIAL, case
from tests.documents.reading import text
from tests.makers import at, person


def _papers(key: str, folder: Path, now: str) -> dict[str, str]:
    """The text of every paper of a cycle, by its name."""
    with reading() as session:
        make_papers(session, key, folder, at(now))
    return {str(file.relative_to(folder)): text(file.read_bytes()) for file in sorted(folder.rglob("*.pdf"))}


def _sheet(key: str, number: str) -> str:
    with reading() as session:
        return text(sheet_pdf(session, case(key, number)))


@pytest.mark.rule("M-28", "M-29", "M-30", "M-31", "M-45", "M-56")
def test_a_year_under_kpi_leaves_its_schedule_sheets_protocol_and_list(sqlite_database: str, tmp_path: Path) -> None:
    key = commission.a_kpi_year(tmp_path)
    found = _papers(key, tmp_path / "papers", "2019-02-01")
    sheet = found[next(name for name in found if name.startswith("sheets/") and name.endswith("-kk.pdf"))]
    assert "2-қосымша Нысан НМИ бойынша бағалау парағы" in sheet
    assert "Көрсеткішке қол жетті" in sheet
    assert "көрсеткішке қол жетпеді" in sheet
    assert "Бағалау нәтижесі тиімді (қанағаттанарлықсыз, қанағаттанарлық, тиімді, өте жақсы)" in sheet
    assert "Ақпараттық жүйеде тіркелген: 15.01.2019" in sheet
    protocol = found["sitting-1-kk.pdf"]
    assert '"БЕКІТЕМІН" Лауазымды тұлға' in protocol
    assert "4 (тиімді)" in protocol
    assert "Қаралғаны – 7; өзгеріссіз қалғаны – 7; түзетілгені – 0." in protocol
    assert "Проведения" not in found["schedule-ru.pdf"]
    assert "28.02.2019" in found["schedule-ru.pdf"]
    assert "Ознакомлен(а) письменно" in found["familiarisation-ru.pdf"]
    assert "конфиденциальной" not in found["familiarisation-ru.pdf"]  # no point of this act says so


@pytest.mark.rule("M-55", "J-50")
def test_a_correction_stands_in_the_protocol_with_its_explanation(sqlite_database: str, tmp_path: Path) -> None:
    key = commission.a_quarter(tmp_path, "submitted")
    sitting = commission.sat(key, "2017-10-12 10:00")
    free = [one for one in commission.VOTERS if one != commission.HEAD_B]  # who signed the sheet abstains
    mine = Motion(commission.all_for("revise", *free), [case(key, DANA)], Revision(Decimal(106), {}, "№ 201 бұйрық"))
    commission.decided(sitting, "2017-10-12 11:00", mine, Motion(commission.all_for()))
    protocol = _papers(key, tmp_path / "papers", "2017-10-13")["sitting-1-kk.pdf"]
    assert "103 (қанағаттанарлық) 106 (тиімді)" in protocol
    assert "Түсіндірме: № 201 бұйрық" in protocol
    assert "түзетілгені – 1." in protocol
    assert "Комиссия мүшесі: " in protocol
    assert "Тоқсандық бағалау, 2017 жылғы III тоқсан" in protocol


@pytest.mark.rule("J-34", "J-35", "J-37")
def test_the_own_part_stands_beside_the_supervisors_and_a_refusal_is_said(sqlite_database: str, tmp_path: Path) -> None:
    key = commission.a_quarter(tmp_path, "marked")
    with work() as session:
        agreement.refuse_to_sign(session, case(key, BOLAT), (person(HR), person(HEAD_A)), "", at("2017-10-05"))
    sheet = _sheet(key, BOLAT)
    assert sheet.count("3 балл: ") == 2
    assert "Өзін-өзі бағалау нәтижесі: 103" in sheet
    assert "Қол қоюдан бас тартты: № 1 акт" in sheet
    act = _papers(key, tmp_path / "papers", "2017-10-06")["refusal-act-1-kk.pdf"]
    assert "Бағалау парағына қол қоюдан бас тарту туралы АКТ" in act
    assert "Тікелей басшы:" in act


@pytest.mark.rule("M-40", "M-42", "M-43")
def test_competencies_say_what_was_found_and_who_is_not_asked(sqlite_database: str, tmp_path: Path) -> None:
    key = commission.opened(commission.COMPETENCIES, tmp_path)
    commission.signed_competencies(key, "2019-01-15")
    makers.walk("2019-01-15 12:00", key)
    sheet = _sheet(key, AIGUL)
    assert "1. Қызметті басқару күтілетін нәтижеге сәйкес" in sheet
    assert "Қызметті тұтынушыға бағдарлану * бағаланбайды" in sheet


@pytest.mark.rule("M-58", "M-60", "M-61", "M-62")
def test_the_refusal_act_has_three_signers_and_the_register_every_appeal(sqlite_database: str, tmp_path: Path) -> None:
    key = commission.a_kpi_year(tmp_path, "released")
    with work() as session:
        signers = [person(LAWYER), person(DANA)]
        familiarisation.refuse(
            session, case(key, AIGUL), person(HR), signers, "", at("2019-01-23"), f"person/{person(HR)}"
        )
    with work() as session:
        appeals.lodge(session, case(key, BOLAT), "Департамент", "№ 5 от 01.02.2019", person(HR), at("2019-02-01"))
    found = _papers(key, tmp_path / "papers", "2019-02-04")
    act = found["refusal-act-1-ru.pdf"]
    assert "Акт составил(а) работник службы управления персоналом:" in act
    assert "Лица, присутствовавшие при составлении акта:" in act
    register = found["appeals-ru.pdf"]
    assert "Реестр обжалований результатов оценки" in register
    assert "Департамент; № 5 от 01.02.2019" in register
    assert "эффективно" not in register  # a register names no result


ITEMS = tuple({"name": f"Көрсеткіш {n}", "unit": "пайыз", "planned": str(90 + n)} for n in range(1, 6))


@pytest.mark.rule("M-19", "M-24", "J-18")
def test_plans_are_printed_blank_and_drawn_up_in_every_copy(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_body(commission.STAFF, commission.HEADS)
    checks = ("specific", "measurable", "achievable", "time_bound", "strategic", "not_process_work")
    items = [Item(one["name"], one["unit"], one["planned"], "", True, checks) for one in ITEMS]
    with work() as session:
        file = commission.body_file(commission.KPI, tmp_path)
        mic = plans.open_round(session, file, "mic-2018", None, "2018", at("2018-01-03"), "person/1")
    with work() as session:
        plan_steps.draw(session, mic, person(AIGUL), items, person(HEAD_A), at("2018-01-08"))
    with work() as session:
        plan_steps.approve(session, mic, person(AIGUL), person(OFFICIAL), at("2018-01-09"))
    with reading() as session:
        count = make_plan_papers(session, mic, tmp_path / "mic", "kk")
    printed = [text(file.read_bytes()) for file in sorted((tmp_path / "mic").iterdir())]
    assert count == len(commission.EVALUATED)
    drawn = next(one for one in printed if "Көрсеткіш 5" in one)
    assert '"БЕКІТЕМІН" Жоғары тұрған басшы' in drawn
    assert "Ақпараттық жүйеде тіркелген: 09.01.2018" in drawn  # the superior's approval
    assert "Жеке жұмыс жоспары" in drawn
    with work() as session:
        file = commission.body_file(commission.QUARTER, tmp_path)
        justice = plans.open_round(session, file, "justice-2017", None, "2017", at("2017-07-03"), "person/1")
    with reading() as session:
        count = make_plan_papers(session, justice, tmp_path / "justice")
    assert count == 2 * len(commission.EVALUATED)
    blank = text(sorted((tmp_path / "justice").iterdir())[0].read_bytes())
    assert "Дана 1/2" in blank
    assert "№ р/с Нысаналы көрсеткіштер* Күтілетін нәтижелер" in blank
