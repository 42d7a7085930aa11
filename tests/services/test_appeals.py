"""Appeals against the Commission's decision, and the familiarisation in writing that goes before them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from models.schema import BY_COMMISSION
from models.work import reading, work
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from rules.revision import Revision
from services import appeals, audit, familiarisation, written
from services.evidence import verify
from services.ground import find_cycle
from services.rulings import Motion
from tests import commission as c
from tests import makers
from tests.commission import AIGUL, BOLAT, DANA, HEAD_B, HR, LAWYER, OFFICIAL, VICE
from tests.makers import at, person, refused, rows

pytestmark = pytest.mark.usefixtures("database")


def lodge(key: str, number: str, now: str, by: str | None = None) -> appeals.Lodged:
    with work() as session:
        return appeals.lodge(session, c.case(key, number), "Agency, Astana", "No 12", person(by or number), at(now))


def answer(number: int, outcome: str, now: str, by: str = HR, reference: str = "No 88") -> None:
    with work() as session:
        appeals.answered(session, number, outcome, reference, person(by), at(now))


def report(number: int, now: str) -> None:
    with work() as session:
        appeals.report(session, number, "No 5", person(HR), at(now))


def refuses(key: str, number: str, *signers: str, now: str = "2019-01-23") -> None:
    with work() as session:
        first, *others = (person(one) for one in signers)
        familiarisation.refuse(session, c.case(key, number), first, others, "…", at(now), f"person/{first}")


def dispatch(key: str, number: str, now: str = "2019-01-24", by: str = HR, **how: str) -> str:
    with work() as session:
        reference = how.pop("reference", "message 4")
        return written.dispatch(session, c.case(key, number), reference, person(by), at(now), **how)


# --- familiarisation in writing --------------------------------------------------------------------------------------


@pytest.mark.rule("M-57", "M-58")
def test_the_servant_signs_and_hr_records_it(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "released")
    with refused(NotAllowed, "familiarised in writing, not in the system"), work() as session:
        familiarisation.open_result(session, c.case(key, AIGUL), person(AIGUL), at("2019-01-23"))
    with refused(NotAllowed, "HR records the signature"), work() as session:
        written.acknowledge(session, find_cycle(session, key), [c.case(key, AIGUL)], person(AIGUL), at("2019-01-23"))
    with refused(NotNow, "would lie before the step"):
        c.acknowledged(key, "2019-01-21", AIGUL)
    assert c.acknowledged(key, "2019-01-23", AIGUL, DANA) == 2
    with refused(NotNow, "1 of 2 results are not released"):
        c.acknowledged(key, "2019-01-23", AIGUL, BOLAT)
    assert makers.case(BOLAT, key).stage == "released"
    assert makers.case(AIGUL, key).familiarised_how == "acknowledged"


@pytest.mark.rule("J-51", "J-52")
def test_justice_familiarises_in_writing_or_electronically(tmp_path: Path) -> None:
    key = c.a_quarter(tmp_path, "decided")
    makers.walk("2017-10-12 12:00", key)
    with work() as session:
        familiarisation.open_result(session, c.case(key, AIGUL), person(AIGUL), at("2017-10-13"))
    assert c.acknowledged(key, "2017-10-13", DANA) == 1
    assert {makers.case(one, key).familiarised_how for one in (AIGUL, DANA)} == {"shown", "acknowledged"}


@pytest.mark.rule("M-58", "M-Q22")
def test_the_act_of_refusal_has_the_signers_of_its_own_act_of_law(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "released")
    for signers, why in (
        ((HR, BOLAT), "signed by different people"),
        ((LAWYER, BOLAT, DANA), "lacks an employee of HR"),
        ((HR, BOLAT, BOLAT), "signed by different people"),
    ):
        with refused(Incomplete, why):
            refuses(key, AIGUL, *signers)
    with refused(NotAllowed, "Who refuses does not sign"):
        refuses(key, AIGUL, HR, BOLAT, AIGUL)
    refuses(key, AIGUL, BOLAT, DANA, HR)
    assert rows("SELECT what, drawn_up_by FROM refusal_act") == [("result", person(HR))]
    assert makers.case(AIGUL, key).familiarised_how == "refused"


@pytest.mark.rule("J-53")
def test_one_employee_of_hr_draws_up_the_act_of_justice(tmp_path: Path) -> None:
    key = c.a_quarter(tmp_path, "decided")
    makers.walk("2017-10-12 12:00", key)
    with refused(Incomplete, "1 x an employee of HR"):
        refuses(key, AIGUL, HR, BOLAT, DANA, now="2017-10-13")
    refuses(key, AIGUL, HR, now="2017-10-13")
    assert rows("SELECT drawn_up_by, first_witness, second_witness FROM refusal_act") == [(person(HR), None, None)]


@pytest.mark.rule("M-59", "M-Q21")
def test_after_a_refusal_the_result_goes_through_the_intranet_portal(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "released")
    with refused(NotFound, "has not refused this result"):
        dispatch(key, AIGUL)
    refuses(key, AIGUL, HR, BOLAT, DANA)
    c.acknowledged(key, "2019-01-23", *(one for one in c.EVALUATED if one != AIGUL))
    with refused(NotAllowed, "goes by intranet_portal"):
        dispatch(key, AIGUL, channel="email")
    with refused(NotAllowed, "HR sends the result"):
        dispatch(key, AIGUL, by=DANA)
    with refused(Incomplete, "Give the number and date"):
        dispatch(key, AIGUL, reference=" ")
    makers.walk("2019-02-06", key)
    assert c.stages(key) == {"familiarised": 1, "closed": 6}, "what is owed keeps the case open"
    assert dispatch(key, AIGUL, "2019-02-06") == "intranet_portal"
    with refused(NotNow, "sent already"):
        dispatch(key, AIGUL, "2019-02-06")
    makers.walk("2019-02-07", key)
    assert c.stages(key) == {"closed": 7}


# --- appeals ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-60", "J-55")
@pytest.mark.parametrize(("now", "late"), [("2019-02-05 23:59", False), ("2019-02-06 00:00", True)])
def test_ten_working_days_from_the_decision_and_a_late_appeal_is_entered_as_late(
    tmp_path: Path, now: str, late: bool
) -> None:
    key = c.a_kpi_year(tmp_path)
    found = lodge(key, AIGUL, now)
    assert (found.late, found.last_day) == (late, "2019-02-05")
    assert "M-60" in found.reason
    makers.walk("2019-02-06 00:01", key)
    assert c.stages(key) == ({"closed": 7} if late else {"familiarised": 1, "closed": 6})


@pytest.mark.rule("M-60", "M-Q18")
def test_an_appeal_that_cannot_be_entered(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "decided")
    with refused(NotNow, "it must be"):
        lodge(key, AIGUL, "2019-01-23")
    [(sitting,)] = rows("SELECT id FROM commission_sitting")
    c.approved(sitting, "2019-01-22 16:00")
    makers.walk("2019-01-22 17:00", key)
    with refused(NotAllowed, "HR or the servant enters an appeal"):
        lodge(key, AIGUL, "2019-01-23", by=BOLAT)
    with refused(Incomplete, "the number and date of the appeal"), work() as session:
        appeals.lodge(session, c.case(key, AIGUL), "Agency", " ", person(AIGUL), at("2019-01-23"))
    with refused(NotNow, "would lie before the step"):
        lodge(key, AIGUL, "2019-01-21")
    assert (
        lodge(key, AIGUL, "2019-01-23", by=HR).appeal == 1
    )  # before the familiarisation: the term runs from the decision
    with refused(NotNow, "waits for its outcome already"):
        lodge(key, AIGUL, "2019-01-24")
    with refused(NotFound, "There is no appeal 9"):
        answer(9, "dismissed", "2019-01-24")


@pytest.mark.rule("M-61")
def test_a_result_left_without_revision_closes_when_the_term_is_over(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path)
    number = lodge(key, AIGUL, "2019-02-01").appeal
    with refused(NotFound, "no outcome of an appeal"):
        answer(number, "praised", "2019-02-04")
    with refused(NotAllowed, "HR enters the outcome"):
        answer(number, "dismissed", "2019-02-04", by=AIGUL)
    makers.walk("2019-02-08", key)
    assert c.stages(key) == {"familiarised": 1, "closed": 6}
    assert rows("SELECT stage FROM cycle") == [("running",)]
    answer(number, "dismissed", "2019-02-08")
    with refused(NotNow, "answered already"):
        answer(number, "dismissed", "2019-02-08")
    makers.walk("2019-02-08 12:00", key)
    assert c.stages(key) == {"closed": 7}
    with refused(NotAllowed, "asks for no report"):
        report(number, "2019-02-11")


@pytest.mark.rule("M-60")
def test_an_appeal_in_time_entered_after_the_closing_opens_the_cycle_again(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path)
    makers.walk("2019-02-06", key)
    assert not lodge(key, AIGUL, "2019-02-05 18:00", by=HR).late
    assert c.stages(key) == {"familiarised": 1, "closed": 6}
    assert rows("SELECT stage FROM cycle") == [("running",)]


@pytest.mark.rule("M-61", "M-Q19", "M-55")
def test_after_a_recommendation_the_commission_decides_again_and_the_old_result_stays(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path)
    aigul = c.case(key, AIGUL)
    answer(lodge(key, AIGUL, "2019-02-01").appeal, "revision_recommended", "2019-03-01")
    assert c.stages(key) == {"submitted": 1, "familiarised": 6}
    sitting = c.sat(key, "2019-03-05")
    motion = Motion(c.all_for("revise", VICE, HEAD_B, LAWYER), [aigul], Revision(Decimal(5), explanation="proved"))
    c.decided(sitting, "2019-03-05 10:00", motion)
    assert c.approved(sitting, "2019-03-05 12:00") == 1
    makers.walk("2019-03-05 13:00", key)
    c.acknowledged(key, "2019-03-06", AIGUL)
    found = rows("SELECT version, source, score FROM result WHERE assessment_id = :a ORDER BY version", a=aigul)
    assert found == [(1, "computed", "4"), (2, "revised", "5")]
    assert makers.case(AIGUL, key).completed_at == at("2019-03-05 12:00")
    again = lodge(key, AIGUL, "2019-03-07")
    assert (again.late, again.last_day) == (False, "2019-03-20")  # the new decision has days of its own
    with reading() as session:
        assert verify(session).problems == []


@pytest.mark.rule("J-55", "J-56", "J-Q23")
def test_justice_reports_its_own_decision_in_two_weeks(tmp_path: Path) -> None:
    key = c.a_quarter(tmp_path, "decided")
    makers.walk("2017-10-12 12:00", key)
    c.acknowledged(key, "2017-10-13")
    number = lodge(key, AIGUL, "2017-10-16").appeal
    with refused(NotNow, "no decision of the body after the appeal"):
        report(number, "2017-10-17")
    answer(number, "revision_recommended", "2017-10-20")
    sitting = c.sat(key, "2017-10-23 10:00")
    free = c.all_for("revise", VICE, OFFICIAL, HEAD_B, LAWYER)
    with refused(Incomplete, "a correction is explained in the protocol"):
        c.decided(sitting, "2017-10-23 11:00", Motion(free, [c.case(key, AIGUL)], Revision(Decimal(107))))
    c.decided(sitting, "2017-10-23 11:00", Motion(free, [c.case(key, AIGUL)], Revision(Decimal(107), explanation="…")))
    assert rows("SELECT CAST(due AS TEXT) FROM term WHERE deadline_id = 'report_decision_to_authority'") == [
        ("2017-11-06",)
    ]
    makers.walk("2017-10-23 12:00", key)
    c.acknowledged(key, "2017-10-24", AIGUL)
    makers.walk("2017-11-20", key)
    assert c.stages(key) == {"familiarised": 1, "closed": 6}, "the report is owed"
    report(number, "2017-11-20")
    with refused(NotNow, "was reported already"):
        report(number, "2017-11-20")
    makers.walk("2017-11-21", key)
    assert c.stages(key) == {"closed": 7}
    with reading() as session:
        found = {one.deadline: one.counts for one in audit.verdicts(session, key, at("2017-11-21"))}
    assert found["report_decision_to_authority"] == {"late": 1}


@pytest.mark.rule("M-62", "J-57")
def test_a_case_before_the_court_is_recorded_and_nothing_waits_for_it(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path)
    with refused(NotAllowed, "HR records a case before the court"), work() as session:
        appeals.court(session, c.case(key, AIGUL), "case 4", person(AIGUL), at("2019-02-01"))
    with work() as session:
        appeals.court(session, c.case(key, AIGUL), "case 4", person(HR), at("2019-02-01"))
    makers.walk("2019-02-06", key)
    assert c.stages(key) == {"closed": 7}


# --- what stays, and what the audit says of it ------------------------------------------------------------------------


@pytest.mark.rule("M-37", "M-57", "M-60")
def test_the_audit_counts_the_deadlines_of_the_commission(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path)
    lodge(key, AIGUL, "2019-02-01")
    lodge(key, BOLAT, "2019-02-07")
    with reading() as session:
        found = {one.deadline: one for one in audit.verdicts(session, key, at("2019-03-01"))}
    assert found["kpi_sheet_to_commission"].counts == {"kept": 7}
    assert found["familiarize_with_results"].counts == {"kept": 7}
    assert found["appeal_to_authority"].counts == {"kept": 1, "late": 1}
    assert found["appeal_to_authority"].right


@pytest.mark.rule("M-36")
def test_the_audit_sees_a_sheet_resubmitted_too_late(tmp_path: Path) -> None:
    from services import agreement

    key = c.opened(c.KPI, tmp_path)
    c.signed_all(key, c.kpis(5), "2019-01-15")
    with work() as session:
        agreement.send_back(session, c.case(key, AIGUL), "…", person(OFFICIAL), at("2019-01-16"))
    c.sign(key, AIGUL, c.kpis(5), "2019-01-21")
    with reading() as session:
        found = {one.deadline: one.counts for one in audit.verdicts(session, key, at("2019-03-01"))}
    assert found["kpi_sheet_resubmission"] == {"late": 1}


@pytest.mark.rule("J-2", "J-Q26")
def test_the_supervisors_sheet_keeps_the_term_of_a_quarter(tmp_path: Path) -> None:
    key = c.a_quarter(tmp_path, "decided")  # signed on the 4th, decided on the 12th; the tenth is the last day
    with reading() as session:
        found = {one.deadline: one.counts for one in audit.verdicts(session, key, at("2017-12-01"))}
    assert found["quarterly_evaluation_q1_q3"] == {"kept": 7}
    assert "quarterly_evaluation_q4" not in found, "the term of another quarter binds nobody here"


#: a column of each table that nothing lawful changes
_COLUMN = {
    "commission_order": "order_text", "commission_seat": "capacity", "commission_submission": "documents",
    "commission_call": "called_by", "commission_sitting": "held_at", "commission_presence": "capacity",
    "commission_ballot": "cases", "commission_vote": "vote", "commission_decision": "says",
    "commission_protocol": "reference", "commission_approval": "approved_at", "appeal": "reference",
    "appeal_outcome": "outcome", "appeal_report": "reference", "court_record": "reference", "result_dispatch": "reference",
}  # fmt: skip


def test_nothing_of_the_commission_and_of_appeals_is_changed_or_removed(tmp_path: Path) -> None:
    from services import submission

    assert set(_COLUMN) <= set(BY_COMMISSION)
    key = c.a_quarter(tmp_path, "submitted")
    with work() as session:
        submission.call(session, find_cycle(session, key), at("2017-10-12").date(), person(HR), at("2017-10-10"))
    c.decided(c.sat(key, "2017-10-12 10:00"), "2017-10-12 11:00")
    makers.walk("2017-10-12 12:00", key)
    number = lodge(key, AIGUL, "2017-10-16").appeal
    answer(number, "revision_recommended", "2017-10-20")
    sitting = c.sat(key, "2017-10-23 10:00")
    c.decided(sitting, "2017-10-23 11:00")
    report(number, "2017-10-24")
    with work() as session:
        from services import sittings

        sittings.sign_protocol(session, sitting, "No 4", person(HR), at("2017-10-23 12:00"))
    makers.walk("2017-10-24 12:00", key)
    with work() as session:
        appeals.court(session, c.case(key, AIGUL), "case 4", person(HR), at("2017-10-25"))
    filled = [table for table in _COLUMN if rows(f"SELECT COUNT(*) FROM {table}")[0][0]]
    assert set(_COLUMN) - set(filled) == {"commission_approval", "result_dispatch"}  # this act has neither
    for table in filled:
        for statement in (f"UPDATE {table} SET {_COLUMN[table]} = NULL", f"DELETE FROM {table}"):
            with refused(Exception, f"{table} is append-only"), work() as session:
                session.connection().exec_driver_sql(statement)
    with reading() as session:
        assert verify(session).problems == []
