"""Papers made from the database under the acts with a Commission, plans and surveys: everything a cycle leaves on paper."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from methodologies import read_organisation
from models.work import reading, work
from rules.errors import NotAllowed
from rules.individual_plan import Item
from rules.revision import Revision
from services import agreement, appeals, familiarisation, people, plan_steps, plans
from services import cycle as cycles
from services.paper import make_papers, make_plan_papers, sheet_pdf, survey_report_pdf
from services.rulings import Motion
from settings import settings
from tests import commission, makers
from tests.commission import AIGUL, BOLAT, DANA, HEAD_A, HR, LAWYER, OFFICIAL, case
from tests.documents.reading import text
from tests.makers import at, person
from tests.services import test_surveys as survey


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


# --- surveys, and acts whose forms are the body's own -------------------------------------------------------------------


@pytest.fixture
def counted(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The 360 of the sample apparatus for 2023: everybody has answered, the answers are counted."""
    monkeypatch.setattr(settings(), "keys_folder", tmp_path / "keys")
    with work() as session:
        people.import_staff(
            session, survey.URALSK / "staff.csv", "person/1", survey.at("2023-12-20"), "uralsk-maslikhat-2018"
        )
    file = survey.URALSK / "organisation.yaml"
    with work() as session:
        cycles.open_cycle(session, file, "uralsk-maslikhat-2018", "2023", survey.at("2024-01-03"), "person/1", "survey")
    with work() as session:
        cycles.approve_schedule(session, survey.KEY, survey.at("2024-01-03"), f"person/{person('200001')}")
    survey.walk(survey.at("2024-01-04"))
    return survey.KEY


@pytest.mark.rule("U-32", "U-60", "U-62")
def test_a_survey_leaves_questionnaires_reports_and_a_summary(counted: str, tmp_path: Path) -> None:
    before = _papers(counted, tmp_path / "before", "2024-01-04")
    assert "қызметті басқару" in before["questionnaire-head-kk.pdf"]
    assert not [name for name in before if name.startswith(("reports/", "summary"))]
    for one in survey.asked():
        survey.give(one, 1 if one[2] == "self" else 4)
    survey.walk(survey.at("2024-01-05 18:00"))
    after = _papers(counted, tmp_path / "after", "2024-01-06")
    reports = [said for name, said in after.items() if name.startswith("reports/") and name.endswith("kk.pdf")]
    assert "360 әдісі бойынша бағалау нәтижелері туралы жеке есеп" in reports[0]
    assert not [said for said in reports if "4,00 1 2" in said]  # the own assessment is for the person alone
    assert "Оқыту жоспарына енгізілетін ең аз анықталған құзыреттер: анықталмады" in after["summary-staff-kk.pdf"]
    assert "summary-head-kk.pdf" not in after  # one head: the summary would be his own report
    number = makers.rows("SELECT p.personnel_no FROM result r JOIN assessment a ON a.id = r.assessment_id"
                         " JOIN person p ON p.id = a.person_id ORDER BY a.id")[0][0]  # fmt: skip
    with reading() as session:
        own = text(survey_report_pdf(session, counted, person(number), person(number), "ru"))
        of_hr = text(survey_report_pdf(session, counted, person(number), person("200003"), "ru"))
    assert "4,00 1 2" in own
    assert "4,00 1 2" not in of_hr
    with reading() as session, pytest.raises(NotAllowed):
        survey_report_pdf(session, counted, person(number), person("200014" if number != "200014" else "200015"))


@pytest.mark.parametrize(
    ("act", "folder", "period", "evaluation", "opened"),
    [
        ("adgs-2018-93", "adgs", "2024-Q1", "quarter", "2024-03-28"),
        ("adgs-2018-93", "adgs", "2024", "survey", "2024-12-20"),
        ("uralsk-maslikhat-2018", "uralsk", "2023-Q4", "quarter", "2023-12-27"),
        ("lakes-2025", "ministry", "2025-Q3", None, "2025-09-29"),
    ],
)
def test_blank_papers_of_every_act_are_made(
    act: str, folder: str, period: str, evaluation: str | None, opened: str, sqlite_database: str, tmp_path: Path
) -> None:
    sample = commission.EXAMPLES / folder
    organisation = read_organisation(sample / "organisation.yaml")
    known = sample if (sample / "act.yaml").exists() else organisation.act
    with work() as session:
        people.import_staff(session, sample / "staff.csv", "person/1", at(opened), known)
    with work() as session:
        key = cycles.open_cycle(
            session, sample / "organisation.yaml", organisation.act, period, at(opened), "person/1", evaluation
        )
    found = _papers(key, tmp_path / "papers", opened)
    assert {"schedule-kk.pdf", "schedule-ru.pdf"} <= set(found)
    assert len(found) > 20 or evaluation == "survey"
    assert not [name for name, said in found.items() if "None" in said]
