"""The Commission of an act: composition by orders, submission, sittings, votes, decisions, approval."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from models.work import reading, work
from rules.composition import Member
from rules.errors import Conflict, Incomplete, NotAllowed, NotFound, NotNow
from rules.revision import Revision
from services import commission, sittings, submission
from services.evidence import verify
from services.ground import find_cycle
from services.rulings import Motion
from tests import commission as c
from tests import makers
from tests.commission import AIGUL, BOLAT, DANA, HEAD_A, HEAD_B, HR, LAWYER, OFFICIAL, VICE, VOTERS
from tests.makers import at, person, refused, rows

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.rule("M-28", "M-37", "M-56", "M-57", "M-60")
def test_a_year_under_kpi_from_the_first_sheet_to_the_closing(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path)
    assert c.stages(key) == {"familiarised": 7}
    makers.walk("2019-02-05 23:00", key)
    assert c.stages(key) == {"familiarised": 7}
    makers.walk("2019-02-06 00:00", key)
    assert c.stages(key) == {"closed": 7}
    assert rows("SELECT stage FROM cycle") == [("closed",)]
    assert rows("SELECT DISTINCT score, grade FROM result") == [("4", "effective")]
    with reading() as session:
        assert verify(session).problems == []


# --- composition ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-12", "M-13", "M-51")
@pytest.mark.parametrize(
    ("seats", "why"),
    [
        (c.SEATS[:4] + c.SEATS[5:], "4 members are too few, at least 5 are needed"),
        ((*c.SEATS[:5], (DANA, "secretary")), "is not charged with HR duties"),
        (c.SEATS[1:], "0 were named chair"),
        (c.SEATS[:5], "0 were named secretary"),
        ((*c.SEATS, (VICE, "member")), "a person is named twice"),
    ],
)
def test_a_composition_the_act_does_not_allow(tmp_path: Path, seats: tuple[tuple[str, str], ...], why: str) -> None:
    key = c.opened(c.KPI, tmp_path)
    with refused(NotAllowed, why):
        c.composed(key, "2019-01-15", *seats)


@pytest.mark.rule("M-12", "J-9")
def test_only_the_authorised_person_or_hr_enters_an_order_and_it_has_a_number(tmp_path: Path) -> None:
    key = c.opened(c.KPI, tmp_path)
    members = [Member(person(number), capacity) for number, capacity in c.SEATS]
    day = at("2019-01-15").date()
    with refused(NotAllowed, "HR enters the order"), work() as session:
        commission.compose(session, find_cycle(session, key), members, "order 7", day, person(AIGUL), at("2019-01-15"))
    with refused(Incomplete, "by which order"), work() as session:
        commission.compose(session, find_cycle(session, key), members, " ", day, person(HR), at("2019-01-15"))
    with reading() as session, refused(NotFound, "No order has created the Commission"):
        commission.composition(session, find_cycle(session, key), day)


@pytest.mark.rule("M-48", "J-11")
def test_an_amending_order_replaces_a_member_from_its_day_on(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    day = at("2019-01-21").date()
    with work() as session:
        commission.amend(session, find_cycle(session, key), [person(VICE)], [Member(person(c.MINISTER), "chair")],
                         "order No 9", day, person(HR), at("2019-01-18"))  # fmt: skip
    with reading() as session:
        cycle = find_cycle(session, key)
        _, before = commission.composition(session, cycle, at("2019-01-20").date())
        _, after = commission.composition(session, cycle, day)
        assert (commission.office(before), commission.office(after)) == (person(VICE), person(c.MINISTER))
        assert len(before) == len(after) == 6
    with refused(NotAllowed, "is no member of the commission"):
        c.sat(key, "2019-01-22", VICE, OFFICIAL, HEAD_A, HEAD_B, LAWYER)
    c.sat(key, "2019-01-22", c.MINISTER, OFFICIAL, HEAD_A, HEAD_B)


@pytest.mark.rule("M-48")
def test_no_order_reaches_back_behind_a_sitting_and_nobody_without_a_seat_leaves(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    c.sat(key, "2019-01-22")
    with refused(NotNow, "sat on 2019-01-22 in the composition of then"):
        c.composed(key, "2019-01-22 12:00")
    with refused(NotFound, "has no seat"), work() as session:
        commission.amend(session, find_cycle(session, key), [person(DANA)], [], "order 9", at("2019-01-25").date(),
                         person(HR), at("2019-01-23"))  # fmt: skip


# --- submission ----------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-37", "M-53")
def test_hr_alone_submits_what_is_computed_with_the_documents_of_the_act(tmp_path: Path) -> None:
    key = c.opened(c.KPI, tmp_path)
    c.signed_all(key, c.kpis(4), "2019-01-15")
    with refused(NotNow, "they must be computed"):
        c.submitted(key, "2019-01-16", c.KPI)
    c.agreed_all(key, "2019-01-16")
    makers.walk("2019-01-16 12:00", key)
    with refused(NotAllowed, "HR submits the sheets"), work() as session:
        submission.submit(session, find_cycle(session, key), {"draft_protocol": "1"}, person(HEAD_A), at("2019-01-17"))
    with refused(Incomplete, "draft_protocol"), work() as session:
        submission.submit(session, find_cycle(session, key), {}, person(HR), at("2019-01-17"))
    with refused(Incomplete, "poem"), work() as session:
        submission.submit(
            session, find_cycle(session, key), {"draft_protocol": "1", "poem": "2"}, person(HR), at("2019-01-17")
        )
    assert c.submitted(key, "2019-01-17", c.KPI) == 7
    assert rows("SELECT CAST(due AS TEXT) FROM term WHERE deadline_id = 'kpi_sheet_to_commission'") == [("2019-01-18",)]


@pytest.mark.rule("J-48")
def test_the_job_description_is_laid_before_the_commission_of_justice(tmp_path: Path) -> None:
    key = c.a_quarter(tmp_path, "computed")
    with refused(Incomplete, "job_description"), work() as session:
        submission.submit(session, find_cycle(session, key), {"draft_protocol": "1"}, person(HR), at("2017-10-09"))
    assert c.submitted(key, "2017-10-09", c.QUARTER) == 7
    assert json.loads(rows("SELECT documents FROM commission_submission")[-1][0]) == c.DOCUMENTS["justice-2017"]


@pytest.mark.rule("M-52", "J-45")
def test_a_sitting_is_called_for_a_day_to_come(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    with refused(NotNow, "2019-01-16 has passed"), work() as session:
        submission.call(session, find_cycle(session, key), at("2019-01-16").date(), person(HR), at("2019-01-17"))
    with work() as session:
        submission.call(session, find_cycle(session, key), at("2019-01-22").date(), person(HR), at("2019-01-17"))
    assert rows("SELECT CAST(for_day AS TEXT) FROM commission_call") == [("2019-01-22",)]
    told = {one for (one,) in rows("SELECT recipient_id FROM notice WHERE kind = 'session_called'")}
    assert told == {person(number) for number, _ in c.SEATS}


# --- the sitting ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-47", "J-10")
def test_without_two_thirds_there_is_no_sitting(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    with refused(NotAllowed, "3 of 5 members are present"):
        c.sat(key, "2019-01-22", VICE, OFFICIAL, HEAD_A, HR)
    with refused(NotAllowed, "is no member"):
        c.sat(key, "2019-01-22", VICE, OFFICIAL, HEAD_A, HEAD_B, DANA)
    c.sat(key, "2019-01-22", VICE, OFFICIAL, HEAD_A, HEAD_B)
    assert rows("SELECT COUNT(*) FROM commission_sitting") == [(1,)]


@pytest.mark.rule("M-51", "M-52")
def test_the_secretary_or_hr_records_a_sitting_over_something_submitted(tmp_path: Path) -> None:
    key = c.opened(c.KPI, tmp_path)
    c.composed(key, "2019-01-15")
    with refused(NotNow, "Nothing lay before the Commission"):
        c.sat(key, "2019-01-22")
    with refused(NotAllowed, "The secretary or HR records a sitting"), work() as session:
        sittings.hold(
            session, find_cycle(session, key), {person(one) for one in VOTERS}, person(VICE), at("2019-01-22")
        )


@pytest.mark.rule("J-3", "J-Q26")
def test_a_sitting_after_the_last_day_counts_and_is_shown_late(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    with work() as session:
        people = {person(one) for one in VOTERS}
        held = sittings.hold(session, find_cycle(session, key), people, person(HR), at("2019-03-01"))
    assert (held.late, held.last_day) == (True, "2019-02-28")


# --- votes ---------------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-49", "M-50", "M-54", "J-12", "J-13", "J-49")
def test_one_open_vote_decides_on_the_whole_list(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    sitting = c.sat(key, "2019-01-22")
    done = c.decided(sitting, "2019-01-22 11:00")
    assert (done.approved, done.revised) == (7, 0)
    assert c.stages(key) == {"decided": 7}
    assert rows("SELECT COUNT(*) FROM commission_vote") == [(5,)]


@pytest.mark.rule("M-49", "M-Q16", "J-12")
def test_who_is_evaluated_or_signed_abstains_in_that_case_alone(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    sitting = c.sat(key, "2019-01-22")
    c.decided(sitting, "2019-01-22 11:00")
    abstained = {
        number: {person(one) for one in expected}
        for number, expected in {
            AIGUL: (HEAD_A, OFFICIAL),  # her supervisor signed, his superior agreed
            LAWYER: (LAWYER, HEAD_B),
            HEAD_A: (HEAD_A, OFFICIAL),
        }.items()
    }
    for number, expected in abstained.items():
        [(said, count)] = rows(
            "SELECT abstained, says FROM commission_decision WHERE assessment_id = :a", a=c.case(key, number)
        )
        assert set(json.loads(said)) == expected
        assert count.startswith(f"{5 - len(expected)} of {5 - len(expected)} members")
    with refused(NotNow, "Nothing lies before the Commission any more"):
        c.decided(sitting, "2019-01-22 12:00", Motion(c.all_for(), [c.case(key, AIGUL)]))


@pytest.mark.rule("M-49", "M-51")
def test_a_vote_that_may_not_be_cast_is_refused_by_sentence(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    sitting, aigul = c.sat(key, "2019-01-22", VICE, OFFICIAL, HEAD_A, HEAD_B, HR), c.case(key, AIGUL)
    wrong = {
        "must abstain: the person signed the sheet": c.all_for("approve", VICE, HEAD_B, OFFICIAL),
        "The secretary has no vote": c.all_for("approve", VICE, HEAD_B, HR),
        "voted but was not present": c.all_for("approve", VICE, HEAD_B, LAWYER),
        "is no member": c.all_for("approve", VICE, DANA),
    }
    for why, votes in wrong.items():
        with refused(NotAllowed, why):
            c.decided(sitting, "2019-01-22 11:00", Motion(votes, [aigul]))
    with refused(Incomplete, "'perhaps' is no vote"):
        c.decided(sitting, "2019-01-22 11:00", Motion({person(VICE): "perhaps"}, [aigul]))
    assert c.stages(key) == {"submitted": 7}


@pytest.mark.rule("M-50", "J-13")
def test_at_equal_votes_the_chair_decides(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    sitting, dana = c.sat(key, "2019-01-22", VICE, OFFICIAL, HEAD_A, HEAD_B, LAWYER, HR), c.case(key, DANA)
    votes = c.all_for("revise", VICE, OFFICIAL) | c.all_for("approve", HEAD_A, LAWYER)
    done = c.decided(sitting, "2019-01-22 11:00", Motion(votes, [dana], Revision(Decimal(5), explanation="…")))
    assert (done.approved, done.revised) == (0, 1)
    [(says,)] = rows("SELECT says FROM commission_decision")
    assert "the chair at equal votes" in says


@pytest.mark.rule("M-50")
def test_a_vote_without_a_majority_decides_nothing(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    sitting, dana = c.sat(key, "2019-01-22"), c.case(key, DANA)
    votes = c.all_for("revise", OFFICIAL) | c.all_for("approve", LAWYER)
    with refused(NotNow, "vote again"):
        c.decided(sitting, "2019-01-22 11:00", Motion(votes, [dana], Revision(Decimal(5))))


@pytest.mark.rule("M-55", "M-Q20", "J-50")
def test_a_revision_is_a_new_version_with_its_grade_and_the_old_one_stays(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    sitting, aigul = c.sat(key, "2019-01-22"), c.case(key, AIGUL)
    free = (VICE, HEAD_B, LAWYER)
    motion = Motion(
        c.all_for("revise", *free), [aigul], Revision(Decimal(2), explanation="two reports were not handed in")
    )
    done = c.decided(sitting, "2019-01-22 11:00", motion, Motion(c.all_for()))
    assert (done.approved, done.revised) == (6, 1)
    found = rows("SELECT version, source, score, grade FROM result WHERE assessment_id = :a ORDER BY version", a=aigul)
    assert found == [(1, "computed", "4", "effective"), (2, "revised", "2", "unsatisfactory")]
    assert rows(
        "SELECT explanation, version_before, version_after FROM commission_decision WHERE assessment_id = :a", a=aigul
    ) == [("two reports were not handed in", 1, 2)]
    assert makers.case(AIGUL, key).result_version == 2


@pytest.mark.rule("M-55")
@pytest.mark.parametrize(
    ("revision", "why"),
    [
        (Revision(Decimal(4)), "is the result already"),
        (Revision(Decimal(6)), "is no result of this scale"),
        (Revision(Decimal("3.5")), "lies between two results"),
        (Revision(Decimal("NaN")), "is no result of this scale"),
        (Revision(None, {"a": "b"}), "say which number"),
        (None, "none was proposed"),
    ],
)
def test_a_revision_that_is_none(tmp_path: Path, revision: Revision | None, why: str) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    sitting = c.sat(key, "2019-01-22")
    motion = Motion(c.all_for("revise", VICE, HEAD_B, LAWYER), [c.case(key, AIGUL)], revision)
    with refused((NotAllowed, Incomplete), why):
        c.decided(sitting, "2019-01-22 11:00", motion)
    assert c.stages(key) == {"submitted": 7}


def test_a_case_is_in_one_vote_alone_and_a_correction_is_of_one_case(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    sitting, both = c.sat(key, "2019-01-22"), [c.case(key, AIGUL), c.case(key, BOLAT)]
    with refused(Incomplete, "is in two votes"):
        c.decided(sitting, "2019-01-22 11:00", Motion(c.all_for(), both), Motion(c.all_for(), both[:1]))
    with refused(Incomplete, "voted on for one case"):
        c.decided(sitting, "2019-01-22 11:00", Motion(c.all_for("revise"), both, Revision(Decimal(5))))
    with refused(Incomplete, "Only one vote can be on all that is left"):
        c.decided(sitting, "2019-01-22 11:00", Motion(c.all_for()), Motion(c.all_for()))


def test_a_sitting_decides_on_its_own_day_and_before_its_protocol(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    sitting = c.sat(key, "2019-01-22 10:00")
    with refused(NotNow, "its votes are of that day"):
        c.decided(sitting, "2019-01-23")
    with refused(NotNow, "has decided nothing yet"), work() as session:
        sittings.sign_protocol(session, sitting, "No 3", person(HR), at("2019-01-22 12:00"))
    c.decided(sitting, "2019-01-22 11:00", Motion(c.all_for("approve", VICE, HEAD_B, LAWYER), [c.case(key, AIGUL)]))
    with work() as session:
        sittings.sign_protocol(session, sitting, "No 3", person(HR), at("2019-01-22 12:00"))
    with refused(NotNow, "The protocol of the sitting"):
        c.decided(sitting, "2019-01-22 13:00")
    later = c.sat(key, "2019-01-23")
    assert c.decided(later, "2019-01-23 10:00").approved == 6


@pytest.mark.rule("M-12", "M-48")
def test_the_commission_stands_for_both_evaluations_of_the_year(tmp_path: Path) -> None:
    kpi = c.opened(c.KPI, tmp_path)
    competencies = c.opened(c.COMPETENCIES, tmp_path)
    c.composed(kpi, "2019-01-16")
    with reading() as session:
        _, seats = commission.composition(session, find_cycle(session, competencies), at("2019-01-16").date())
    assert len(seats) == 6


# --- competencies --------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-38", "M-44", "M-54", "M-55")
def test_competencies_have_results_without_a_number_and_single_ones_are_corrected(tmp_path: Path) -> None:
    key = c.opened(c.COMPETENCIES, tmp_path)
    c.signed_competencies(key, "2019-01-15")
    makers.walk("2019-01-15 12:00", key)
    assert c.stages(key) == {"computed": 7}
    aigul = c.case(key, AIGUL)
    assert rows("SELECT DISTINCT score, grade FROM result") == [(None, None)]
    results = json.loads(rows("SELECT more FROM result WHERE assessment_id = :a", a=aigul)[0][0])["results"]
    assert "not_evaluated" in results.values()
    part = next(one for one, result in results.items() if result == "meets_expectations")
    left_out = next(one for one, result in results.items() if result == "not_evaluated")
    c.composed(key, "2019-01-16")
    c.submitted(key, "2019-01-17", c.COMPETENCIES)
    sitting, free = c.sat(key, "2019-01-22"), c.all_for("revise", VICE, OFFICIAL, HEAD_B, LAWYER)
    for wrong, why in (
        ({left_out: "below_expectations"}, "has no result"),
        ({part: "superb"}, "'superb' is no result"),
    ):
        with refused(NotAllowed, why):
            c.decided(sitting, "2019-01-22 10:00", Motion(free, [aigul], Revision(None, wrong)))
    c.decided(sitting, "2019-01-22 11:00", Motion(free, [aigul], Revision(None, {part: "below_expectations"})))
    newest = json.loads(rows("SELECT more FROM result WHERE assessment_id = :a AND version = 2", a=aigul)[0][0])
    assert newest["results"] == results | {part: "below_expectations"}


# --- approval ------------------------------------------------------------------------------------------------------


@pytest.mark.rule("M-56")
def test_the_authorised_person_alone_approves_on_the_signed_protocol(tmp_path: Path) -> None:
    c.a_kpi_year(tmp_path, "decided")
    [(sitting,)] = rows("SELECT id FROM commission_sitting")
    with refused(NotNow, "is not signed yet"), work() as session:
        sittings.approve(session, sitting, person(OFFICIAL), at("2019-01-22 15:00"))
    with work() as session:
        sittings.sign_protocol(session, sitting, "No 3", person(HR), at("2019-01-22 12:00"))
    with refused(NotAllowed, "Only the authorised person approves"), work() as session:
        sittings.approve(session, sitting, person(VICE), at("2019-01-22 15:00"))
    with work() as session:
        assert sittings.approve(session, sitting, person(OFFICIAL), at("2019-01-22 15:00")) == 7
    with refused(NotNow, "approved already"), work() as session:
        sittings.approve(session, sitting, person(OFFICIAL), at("2019-01-22 16:00"))


@pytest.mark.rule("M-Q17", "X-Q5", "M-57")
@pytest.mark.parametrize(("readings", "completed"), [("{}", "2019-01-24"), ("{M-Q17: decided}", "2019-01-22")])
def test_the_evaluation_is_completed_by_the_approval_or_by_the_vote(
    tmp_path: Path, readings: str, completed: str
) -> None:
    key = c.opened(c.KPI, tmp_path, readings)
    c.signed_all(key, c.kpis(4), "2019-01-15")
    c.agreed_all(key, "2019-01-16")
    makers.walk("2019-01-16 12:00", key)
    c.composed(key, "2019-01-16")
    c.submitted(key, "2019-01-17", c.KPI)
    sitting = c.sat(key, "2019-01-22 10:00")
    c.decided(sitting, "2019-01-22 10:00")
    c.approved(sitting, "2019-01-24 10:00")
    assert makers.case(AIGUL, key).completed_at == at(f"{completed} 10:00")
    days = rows(
        "SELECT CAST(anchor_date AS TEXT) FROM term WHERE deadline_id IN ('familiarize_with_results', 'appeal_to_authority')"
    )
    assert days == [(completed,), (completed,)]


@pytest.mark.rule("J-49", "J-51", "X-Q5")
def test_a_quarter_of_justice_is_completed_by_the_decision(tmp_path: Path) -> None:
    key = c.a_quarter(tmp_path, "decided")
    assert c.stages(key) == {"decided": 7}
    assert makers.case(AIGUL, key).completed_at == at("2017-10-12 11:00")
    makers.walk("2017-10-12 12:00", key)
    assert c.stages(key) == {"released": 7}


def test_two_sittings_at_the_same_moment_decide_a_case_once(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path, "submitted")
    first, second = c.sat(key, "2019-01-22 10:00"), c.sat(key, "2019-01-22 10:30")
    c.decided(first, "2019-01-22 11:00")
    with refused((NotNow, Conflict), "Nothing lies before the Commission"):
        c.decided(second, "2019-01-22 11:00")
