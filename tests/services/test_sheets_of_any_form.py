"""Sheets of any form: the own part, the supervisor's check, signatures, agreement and return, versions, computing."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.work import reading, work
from rules.errors import BadFile, Incomplete, NotAllowed, NotFound, NotNow
from services import agreement, filled, scoring
from services.evidence import verify
from services.filled import FilledSheet, canonical
from services.ground import find_cycle
from tests import commission as c
from tests import makers
from tests.commission import AIGUL, BOLAT, DANA, HEAD_A, HEAD_B, HR, LAWYER, MINISTER, OFFICIAL
from tests.makers import at, person, refused, rows

pytestmark = pytest.mark.usefixtures("database")


def agree(key: str, number: str, by: str, now: str) -> None:
    with work() as session:
        agreement.agree(session, find_cycle(session, key), person(by), at(now), [c.case(key, number)])


def send_back(key: str, number: str, by: str, now: str, reasons: str = "no report is attached") -> None:
    with work() as session:
        agreement.send_back(session, c.case(key, number), reasons, person(by), at(now))


# --- signing -------------------------------------------------------------------------------------------------------


def test_the_same_content_is_the_same_text() -> None:
    one = canonical({"b": Decimal("4.50"), "a": [True, None, 3, {"x": "y"}]})
    assert one == canonical({"a": [True, None, Decimal(3), {"x": "y"}], "b": Decimal("4.50")})
    assert json.loads(one) == {"a": [True, None, "3", {"x": "y"}], "b": "4.50"}
    with refused(Incomplete, "not an exact value"):
        canonical({"a": 0.1})


@pytest.mark.rule("M-28", "M-24", "M-31")
def test_a_sheet_is_signed_by_who_holds_it_and_only_when_it_can_be_computed(tmp_path: Path) -> None:
    key = c.opened(c.KPI, tmp_path)
    with refused(NotAllowed, "lies with somebody else"):
        c.sign(key, AIGUL, c.kpis(4), "2019-01-15", by=HEAD_B)
    with refused(Incomplete, "4 indicators are given, the plan has exactly 5"):
        c.sign(key, AIGUL, {"kpis": c.kpis(4)["kpis"][:4]}, "2019-01-15")
    with refused(BadFile, "kpis.1.achieved: true or false"):
        c.sign(key, AIGUL, {"kpis": [{"achieved": "half"}] * 5}, "2019-01-15")
    with refused(NotNow, "in the future"), work() as session:
        sheet = FilledSheet(c.case(key, AIGUL), c.kpis(4), person(HEAD_A), at("2019-01-20"))
        filled.sign(session, sheet, at("2019-01-15"), f"person/{person(HEAD_A)}")
    with refused(NotNow, "before the evaluation begins on 2019-01-14"), work() as session:
        sheet = FilledSheet(c.case(key, AIGUL), c.kpis(4), person(HEAD_A), at("2019-01-11"))
        filled.sign(session, sheet, at("2019-01-15"), f"person/{person(HEAD_A)}")
    c.sign(key, AIGUL, c.kpis(4), "2019-01-15")
    with refused(NotNow, "the stage is 'marked'"):
        c.sign(key, AIGUL, c.kpis(4), "2019-01-15")
    assert makers.case(AIGUL, key).completed_at is None
    assert rows("SELECT side, version FROM sheet_content") == [("evaluator", 1)]


def test_many_sheets_are_taken_together_or_none(tmp_path: Path) -> None:
    key = c.opened(c.KPI, tmp_path)
    good = FilledSheet(c.case(key, AIGUL), c.kpis(4), where="list.json, row 1")
    bad = FilledSheet(c.case(key, BOLAT), {"kpis": []}, where="list.json, row 2")
    for sheets, why in (
        ((good, bad), "0 indicators are given"),
        ((good, good), "comes twice"),
        ((good, FilledSheet(999, c.kpis(4), where="row 2")), "not part of this cycle"),
    ):
        with refused(Incomplete, why), work() as session:
            filled.take(session, find_cycle(session, key), sheets, at("2019-01-15"), "system/import")
    assert rows("SELECT COUNT(*) FROM sheet_content") == [(0,)]
    with refused(NotAllowed, "only HR hands in"), work() as session:
        filled.take(session, find_cycle(session, key), [good], at("2019-01-15"), f"person/{person(BOLAT)}")
    with work() as session:
        filled.take(session, find_cycle(session, key), [good], at("2019-01-15"), f"person/{person(HR)}")


@pytest.mark.rule("M-38", "M-42")
def test_what_is_known_here_needs_not_be_said_and_may_not_be_said_otherwise(tmp_path: Path) -> None:
    key = c.opened(c.COMPETENCIES, tmp_path)
    with refused(BadFile, "category: the sheet says 'C-2', known is 'C-4'"):
        c.sign(key, AIGUL, {"category": "C-2", "shown": {}}, "2019-01-15")
    with refused(BadFile, "provides_services: the sheet says 'True', known is 'False'"):
        c.sign(key, AIGUL, {"provides_services": True, "shown": {}}, "2019-01-15")
    c.signed_competencies(key, "2019-01-15")
    [(body,)] = rows("SELECT body FROM sheet_content WHERE assessment_id = :a", a=c.case(key, AIGUL))
    assert (json.loads(body)["category"], json.loads(body)["provides_services"]) == ("C-4", False)


# --- agreement and return ------------------------------------------------------------------------------------------


@pytest.mark.rule("M-3", "M-32", "M-33", "M-34")
def test_the_superior_of_the_supervisor_agrees_and_the_first_head_alone(tmp_path: Path) -> None:
    key = c.opened(c.KPI, tmp_path)
    c.signed_all(key, c.kpis(4), "2019-01-15")
    with reading() as session:
        above = agreement.superiors(session, find_cycle(session, key), at("2019-01-16").date())
    assert above[person(HEAD_A)] == person(OFFICIAL)
    assert above[person(HEAD_B)] == person(MINISTER)
    assert above[person(MINISTER)] == person(MINISTER)  # he is the supervisor of the head of unit b
    with refused(NotAllowed, "another person is the superior"):
        agree(key, AIGUL, MINISTER, "2019-01-16")
    with refused(NotNow, "would lie before the step"):
        agree(key, AIGUL, OFFICIAL, "2019-01-14")
    agree(key, AIGUL, OFFICIAL, "2019-01-16")
    with refused(NotNow, "already recorded"):
        agree(key, AIGUL, OFFICIAL, "2019-01-16")
    with refused(NotNow, "No signed sheet waits"), work() as session:
        agreement.agree(session, find_cycle(session, key), person(DANA), at("2019-01-16"))
    assert makers.case(AIGUL, key).agreed_by == person(OFFICIAL)


@pytest.mark.rule("M-33")
def test_without_a_known_superior_the_refusal_says_where_to_name_one(tmp_path: Path) -> None:
    key = c.opened(c.KPI, tmp_path)
    c.signed_all(key, c.kpis(4), "2019-01-15")
    with work() as session:
        session.connection().exec_driver_sql(
            f"UPDATE appointment SET supervisor_id = NULL WHERE person_id = {person(HEAD_A)}"
        )
    with refused(NotFound, "fill in the supervisor of the evaluator in the staff file"):
        agree(key, AIGUL, OFFICIAL, "2019-01-16")


@pytest.mark.rule("M-34", "M-35", "M-36")
def test_a_sheet_sent_back_is_signed_anew_as_a_further_version(tmp_path: Path) -> None:
    key = c.opened(c.KPI, tmp_path)
    c.signed_all(key, c.kpis(5), "2019-01-15")
    with refused(Incomplete, "Say why the sheet goes back"):
        send_back(key, AIGUL, OFFICIAL, "2019-01-16", " ")
    with refused(NotAllowed, "another person is the superior"):
        send_back(key, AIGUL, HEAD_A, "2019-01-16")
    send_back(key, AIGUL, OFFICIAL, "2019-01-16")
    assert rows("SELECT CAST(due AS TEXT) FROM term WHERE deadline_id = 'kpi_sheet_resubmission'") == [("2019-01-18",)]
    assert rows("SELECT recipient_id FROM notice WHERE kind = 'sheets_waiting' AND round > 100000") == [
        (person(HEAD_A),)
    ]
    makers.walk("2019-01-16 12:00", key)
    assert makers.case(AIGUL, key).stage == "open"
    c.sign(key, AIGUL, c.kpis(3), "2019-01-17")
    c.agreed_all(key, "2019-01-18")
    makers.walk("2019-01-18 12:00", key)
    one = c.case(key, AIGUL)
    assert rows("SELECT version FROM sheet_content WHERE assessment_id = :a ORDER BY 1", a=one) == [(1,), (2,)]
    assert rows("SELECT score, grade FROM result WHERE assessment_id = :a", a=one) == [("3", "satisfactory")]
    with work() as session, refused(RuntimeError, "stop"):
        assert scoring.recompute(session, one).score == 3
        assert verify(session).problems == []
        raise RuntimeError("stop")


# --- the own part and the servant's signature -----------------------------------------------------------------------


def own(key: str, number: str, now: str, by: str | None = None, fields: Any = c.POINTS) -> None:
    with work() as session:
        sheet = FilledSheet(c.case(key, number), fields)
        filled.self_evaluate(session, sheet, person(by or number), at(now))


@pytest.mark.rule("J-34", "J-35")
def test_the_servant_fills_in_first_and_the_supervisor_corrects(tmp_path: Path) -> None:
    key = c.opened(c.QUARTER, tmp_path)
    with refused(NotNow, "it must be 'self_evaluated'"):
        c.sign(key, AIGUL, c.POINTS, "2017-10-03")
    with refused(NotAllowed, "Only the servant fills in the own part"):
        own(key, AIGUL, "2017-10-03", by=HEAD_A)
    own(key, AIGUL, "2017-10-03", fields={"bonuses": [{"points": "5", "n": "1"}], "breaches": []})
    c.sign(key, AIGUL, {"bonuses": [], "breaches": [{"kind": "labour", "date": "2017-09-04"}]}, "2017-10-04")
    with work() as session:
        agreement.countersign(session, c.case(key, AIGUL), person(AIGUL), at("2017-10-05"))
    makers.walk("2017-10-05 12:00", key)
    assert rows("SELECT side, version FROM sheet_content ORDER BY side") == [("evaluator", 1), ("self", 1)]
    assert rows("SELECT score FROM result") == [("98",)]


@pytest.mark.rule("J-36", "J-43")
def test_the_servant_alone_signs_and_only_an_agreed_sheet(tmp_path: Path) -> None:
    key = c.a_quarter(tmp_path, "self")
    with refused(NotNow, "it must be 'marked'"), work() as session:
        agreement.countersign(session, c.case(key, AIGUL), person(AIGUL), at("2017-10-05"))
    c.signed_all(key, c.POINTS, "2017-10-04")
    with refused(NotAllowed, "Only the servant signs"), work() as session:
        agreement.countersign(session, c.case(key, AIGUL), person(HEAD_A), at("2017-10-05"))


def refuses_to_sign(key: str, number: str, *signers: str, now: str = "2017-10-05") -> None:
    with work() as session:
        people = [person(one) for one in signers]
        agreement.refuse_to_sign(session, c.case(key, number), people, "…", at(now))


@pytest.mark.rule("J-37", "J-44")
def test_hr_and_the_direct_supervisor_draw_up_the_act_when_the_servant_does_not_sign(tmp_path: Path) -> None:
    key = c.a_quarter(tmp_path, "marked")
    for signers, why in (
        ((HR,), "signed by different people"),
        ((HR, HEAD_B), "lacks the direct supervisor"),
        ((DANA, HEAD_A), "lacks an employee of HR"),
        ((HR, HR), "signed by different people"),
        ((HR, HEAD_A, DANA), "signed by different people"),
    ):
        with refused(Incomplete, why):
            refuses_to_sign(key, AIGUL, *signers)
    with refused(NotAllowed, "Who refuses does not sign"):
        refuses_to_sign(key, AIGUL, HR, AIGUL)
    refuses_to_sign(key, AIGUL, HEAD_A, HR)
    assert makers.case(AIGUL, key).stage == "signed"
    assert rows("SELECT what, drawn_up_by, first_witness, second_witness FROM refusal_act") == [
        ("sheet", person(HR), person(HEAD_A), None)
    ]
    makers.walk("2017-10-05 12:00", key)
    assert makers.case(AIGUL, key).stage == "computed"


@pytest.mark.rule("J-8", "J-40", "J-41", "J-45", "J-46")
def test_the_year_takes_its_quarters_from_the_quarters(tmp_path: Path) -> None:
    c.a_quarter(tmp_path, "decided")
    key = c.opened(c.ANNUAL, tmp_path)
    fields = {"plan": ["4", "5"]}
    own(key, LAWYER, "2017-12-12", fields=fields)
    with refused(BadFile, "quarters: the sheet says"):
        c.sign(key, LAWYER, fields | {"quarters": ["140"]}, "2017-12-13")
    c.sign(key, LAWYER, fields, "2017-12-13")
    with work() as session:
        agreement.countersign(session, c.case(key, LAWYER), person(LAWYER), at("2017-12-13"))
    makers.walk("2017-12-13 12:00", key)
    [(score, more)] = rows("SELECT score, more FROM result WHERE assessment_id = :a", a=c.case(key, LAWYER))
    # 0.4 x 3 (103 is satisfactory) + 0.6 x 4.5 = 3.9
    assert (score, json.loads(more)["facts"]) == ("3.9", {"quarters": [None, None, "103", None]})
    with work() as session, refused(RuntimeError, "stop"):
        assert str(scoring.recompute(session, c.case(key, LAWYER)).score) == "3.9"
        raise RuntimeError("stop")


# --- what stays -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["sheet_content", "sheet_return"])
@pytest.mark.parametrize("what", ["UPDATE {} SET version = 7", "DELETE FROM {}"])
def test_nobody_changes_or_removes_a_sheet(tmp_path: Path, table: str, what: str) -> None:
    key = c.opened(c.KPI, tmp_path)
    c.signed_all(key, c.kpis(5), "2019-01-15")
    send_back(key, AIGUL, OFFICIAL, "2019-01-16")
    with refused(Exception, f"{table} is"), work() as session:
        session.connection().exec_driver_sql(what.format(table))
