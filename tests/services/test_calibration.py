"""Disagreement: the request and its five days, the decision, the composition, the vote, protocol, upload, feedback."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from models.work import reading, work
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow
from rules.panel import Member
from services import audit, calibration, scoring, sheets
from tests import makers
from tests.makers import (
    AIGUL,
    BOLAT,
    DANA,
    ERLAN,
    FARIDA,
    HEAD_A,
    HEAD_B,
    HEAD_C,
    HR,
    KEY,
    OFFICIAL,
    Servant,
    a_session,
    at,
    case,
    decided,
    disagrees,
    held,
    members,
    person,
    refused,
    rows,
    votes,
)

# --- the request -------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-20", "N-39")
def test_a_request_at_the_last_microsecond_of_the_fifth_working_day_is_in_time(database: str) -> None:
    makers.a_cycle("familiarised")
    received = disagrees(now="2026-10-14 23:59:59.999999")
    assert (received.late, received.last_day, case(AIGUL).stage) == (False, "2026-10-14", "requested")
    assert "N-20" in received.reason
    assert len(makers.notices("request_registered", AIGUL)) == 1
    [asked] = makers.notices("decision_needed", OFFICIAL)
    assert asked.due_at == at("2026-10-20 00:00")  # three working days from Wednesday the 14th: Monday the 19th


@pytest.mark.rule("N-20")
def test_a_request_at_midnight_is_late_and_still_recorded(database: str) -> None:
    makers.a_cycle("familiarised")
    received = disagrees(now="2026-10-15 00:00")
    assert (received.late, case(AIGUL).stage) == (True, "familiarised")
    assert rows("SELECT late, state, text FROM calibration_request")[0][1:] == ("received", "Келіспеймін")
    makers.walk("2026-10-15 00:00")
    assert case(AIGUL).stage == "familiarised"  # not closed over an undecided request
    assert case(BOLAT).stage == "closed"


@pytest.mark.rule("N-20")
def test_a_late_request_is_refused_for_lateness_alone_and_never_comes_before_a_session(database: str) -> None:
    makers.a_cycle("familiarised")
    late = disagrees(now="2026-10-15 00:00").request_id
    with refused(NotAllowed, "came after the term; refuse it with that ground"):
        called(late, members())
    with refused(NotAllowed, "refused only when it is late or the person is not entitled"):
        turned_down(late, "inconvenient")
    with refused(NotAllowed, "came after the term, and that is the ground"):
        turned_down(late, "not_entitled")
    turned_down(late, "late")
    assert rows("SELECT state, ground FROM calibration_request") == [("refused", "late")]
    assert len(makers.notices("request_refused", AIGUL)) == 1  # the refusal is served
    makers.walk("2026-10-16")
    assert case(AIGUL).stage == "closed"


@pytest.mark.rule("N-20", "N-40")
def test_a_request_in_time_is_not_refused_as_late(database: str) -> None:
    makers.a_cycle("familiarised")
    request = disagrees().request_id
    with refused(NotAllowed, "this one is neither by what is recorded"):
        turned_down(request, "late")
    turned_down(request, "not_entitled")
    assert case(AIGUL).stage == "familiarised"
    with refused(NotNow, "was already refused; it is decided once"):
        called(request, members())
    assert disagrees(now="2026-10-14").late is False  # what was wrong with it can be put right inside the term


@pytest.mark.rule("N-20")
def test_a_late_request_after_closing_is_recorded_too(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.walk("2026-10-15")
    received = disagrees(now="2026-12-01")
    assert (received.late, case(AIGUL).stage) == (True, "closed")
    turned_down(received.request_id, "late", now="2026-12-01 10:00")
    turned_down(disagrees(now="2026-12-02").request_id, "late", now="2026-12-02 10:00")
    assert case(AIGUL).stage == "closed"
    assert len(makers.notices("request_refused", AIGUL)) == len(makers.notices("request_registered", AIGUL)) == 2


@pytest.mark.rule("N-20", "N-23")
def test_only_the_person_asks_and_says_something(database: str) -> None:
    makers.a_cycle("familiarised")
    for stranger in (BOLAT, HEAD_A, HR):
        with refused(NotAllowed, "Only the evaluated person may ask"), work() as session:
            calibration.request(session, case(AIGUL).id or 0, person(stranger), "…", at("2026-10-08"))
    with refused(Incomplete, "it cannot be empty: say what you disagree with"):
        disagrees(words=" \n ")
    with refused(NotFound, "There is no assessment 4711"), work() as session:
        calibration.request(session, 4711, person(AIGUL), "…", at("2026-10-08"))


@pytest.mark.rule("N-20")
def test_before_the_familiarisation_there_is_nothing_to_disagree_with(database: str) -> None:
    makers.a_cycle("released")
    with refused(NotNow, "no result to disagree with yet: the stage is 'released'. Its term runs from the familiaris"):
        disagrees()


@pytest.mark.rule("N-20")
@pytest.mark.parametrize("first", ["2026-10-08", "2026-10-15 00:00"], ids=["in time", "late"])
def test_a_second_request_is_refused_at_every_stage(database: str, first: str) -> None:
    makers.a_cycle("familiarised")
    disagrees(now=first)
    with refused(NotNow, "A calibration session was asked for already; .* A second request is not needed"):
        disagrees(now="2026-10-16")
    if first == "2026-10-08":
        request = rows("SELECT id FROM calibration_request")[0][0]
        session_id = called(request, members())
        decided(session_id, "5", "5", "5")
        finished(session_id)
        makers.walk("2026-10-20")
        assert case(AIGUL).stage == "closed"
        with refused(NotNow, "asked for already"):
            disagrees(now="2026-10-21")


def finished(session_id: int, now: str = "2026-10-14") -> None:
    """The protocol is placed and feedback given."""
    with work() as session:
        calibration.upload_protocol(session, session_id, at(now), f"person/{person(HR)}")
        calibration.give_feedback(session, session_id, "кездесу", person(HEAD_A), at(now))


# --- the decision ------------------------------------------------------------------------------------------------


def called(request: int, seats: Sequence[Member], by: str = OFFICIAL, now: str = "2026-10-09") -> int:
    with work() as session:
        return calibration.call_session(session, request, seats, person(by), at(now))


def turned_down(request: int, ground: str, by: str = OFFICIAL, now: str = "2026-10-15 10:00") -> None:
    with work() as session:
        calibration.refuse_request(session, request, ground, person(by), at(now))


@pytest.mark.rule("N-40", "N-43", "N-46", "N-47")
def test_the_official_calls_the_session_and_everybody_is_invited(database: str) -> None:
    makers.a_cycle("familiarised")
    session_id = a_session()
    assert case(AIGUL).stage == "session_called"
    assert sorted(rows("SELECT person_id, capacity FROM session_member WHERE session_id = :s", s=session_id)) == sorted(
        [(person(HEAD_B), "evaluator"), (person(HEAD_C), "evaluator"), (person(HR), "hr")]
    )
    assert {one.recipient_id for one in makers.notices("session_called")} == {person(n) for n in (HEAD_B, HEAD_C, HR)}
    invited = makers.notices("session_invitation")
    assert {one.recipient_id for one in invited} == {person(AIGUL), person(HEAD_A)}
    assert {one.due_at for one in invited} == {at("2026-10-23 00:00")}  # ten working days from Thursday the 8th


@pytest.mark.rule("N-40")
def test_nobody_but_the_official_decides_and_only_once(database: str) -> None:
    makers.a_cycle("familiarised")
    request = disagrees().request_id
    for stranger in (HR, HEAD_A, AIGUL):
        with refused(NotAllowed, "Only the official with the right of appointment decides"):
            called(request, members(), by=stranger)
        with refused(NotAllowed, "Only the official with the right of appointment decides"):
            turned_down(request, "not_entitled", by=stranger)
    called(request, members())
    with refused(NotNow, "was already accepted; it is decided once"):
        called(request, members())
    with refused(NotNow, "was already accepted; it is decided once"):
        turned_down(request, "not_entitled")
    with refused(NotFound, "There is no calibration request 4711"):
        called(4711, members())


@pytest.mark.rule("N-41", "N-42", "N-43")
def test_a_composition_against_point_19_is_refused_with_its_faults(database: str) -> None:
    makers.a_cycle("familiarised")
    request = disagrees().request_id
    hr = Member(person(HR), "hr")

    def evaluators(*numbers: str) -> list[Member]:
        return [Member(person(number), "evaluator") for number in numbers]

    for seats, words in (
        ([*evaluators(HEAD_B), hr], "2 members are too few, .*; 2 is an even number"),
        ([*evaluators(HEAD_B, HEAD_C, OFFICIAL), hr], "4 is an even number of members"),
        ([*evaluators(HEAD_A, HEAD_B), hr], rf"person {person(HEAD_A)} may not be a member: the person evaluated"),
        ([*evaluators(AIGUL, HEAD_B), hr], rf"person {person(AIGUL)} may not be a member: the person disagrees"),
        ([*evaluators(DANA, HEAD_B), hr], rf"person {person(DANA)} evaluates nobody in this cycle"),
        (evaluators(HEAD_B, HEAD_C, OFFICIAL), "exactly one member is an employee of the HR service"),
        ([*evaluators(HEAD_B, HEAD_C), Member(person(BOLAT), "hr")], "is not charged with HR duties"),
        ([*evaluators(HEAD_B, HEAD_B), hr], "a person is named twice"),
    ):
        with refused(NotAllowed, f"The composition is refused: .*{words}"):
            called(request, seats)
    called(request, [*evaluators(HEAD_B, OFFICIAL), hr])  # the official evaluates the heads of unit


@pytest.mark.rule("N-42", "N-9", "N-Q14")
def test_after_a_substitute_both_the_substitute_and_the_evaluator_are_barred(database: str) -> None:
    makers.a_cycle("open")
    with work() as session:
        sheets.replace_evaluator(session, [case(AIGUL).id or 0], person(HEAD_B), "сырқат", at("2026-10-02"), "person/2")
    through()
    request = disagrees().request_id
    with refused(NotAllowed, rf"person {person(HEAD_B)} may not be a member: the person marked the sheet"):
        called(request, members(HEAD_B, HEAD_C))
    with refused(NotAllowed, rf"person {person(HEAD_A)} may not be a member: the person evaluated, or is responsible"):
        called(request, members(HEAD_A, HEAD_C))
    called(request, members(OFFICIAL, HEAD_C))
    assert {one.recipient_id for one in makers.notices("session_invitation")} == {
        person(number) for number in (AIGUL, HEAD_A, HEAD_B)
    }


def through() -> None:
    makers.marked()
    makers.walk("2026-10-06")
    makers.shown()


@pytest.mark.rule("N-42", "N-31", "N-Q14")
def test_above_twenty_the_designee_and_the_evaluator_are_barred(database: str) -> None:
    makers.a_cycle("open", *makers.a_crowd(21))
    with work() as session:
        sheets.designate(
            session, [case("200001").id or 0], person(HEAD_B), at("2026-10-02"), f"person/{person('100014')}"
        )
    through()
    request = disagrees("200001").request_id
    with refused(NotAllowed, rf"person {person(HEAD_B)} may not be a member.*person {person('100014')} may not be"):
        called(request, members(HEAD_B, "100014"))
    called(request, members(HEAD_A, HEAD_C))


@pytest.mark.rule("N-42", "N-43")
def test_an_hr_officer_who_disagrees_does_not_sit_in_the_own_session(database: str) -> None:
    makers.a_cycle("familiarised")
    request = disagrees(HR).request_id
    with refused(NotAllowed, "may not be a member: the person disagrees with the mark"):
        called(request, members())


@pytest.mark.rule("N-40")
@pytest.mark.parametrize(("moment", "verdict"), [("2026-10-13 23:59:59.999999", "kept"), ("2026-10-14 00:00", "late")])
def test_three_working_days_for_the_decision_end_at_midnight(sqlite_database: str, moment: str, verdict: str) -> None:
    makers.a_cycle("familiarised")
    request = disagrees(now="2026-10-08 18:00").request_id
    called(request, members(), now=moment)
    assert verdicts("2026-10-16")["calibration_decision"] == {verdict: 1}


def verdicts(now: str) -> dict[str, dict[str, int]]:
    with reading() as session:
        return {one.deadline: one.counts for one in audit.verdicts(session, KEY, at(now))}


@pytest.mark.rule("N-40")
def test_the_official_is_reminded_with_the_date_of_each_request(database: str) -> None:
    makers.a_cycle("familiarised")
    disagrees(AIGUL, "2026-10-08")
    disagrees(BOLAT, "2026-10-09")
    for moment in ("2026-10-10", "2026-10-12", "2026-10-12 17:00"):  # the 10th is a Saturday
        makers.walk(moment)
    reminded = [one for one in makers.notices("decision_needed", OFFICIAL) if one.round]
    assert {(one.assessment_id, one.facts) for one in reminded} == {
        (
            case(AIGUL).id,
            '{"due":"2026-10-13","period":"2026-Q3","portal":"https://bagalau.example.kz","received":"2026-10-08"}',
        ),
        (
            case(BOLAT).id,
            '{"due":"2026-10-14","period":"2026-Q3","portal":"https://bagalau.example.kz","received":"2026-10-09"}',
        ),
    }
    assert len(reminded) == 2


# --- the session -------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-46", "N-47", "N-48", "N-49")
def test_the_session_hears_both_and_the_majority_decides(database: str) -> None:
    makers.a_cycle("familiarised")
    outcome = held(a_session(), "4.50", "4.5", "3.00", evaluatee="Дәлелім бар")
    assert (outcome.score, outcome.changed) == (Decimal("4.5"), True)
    [kept] = rows("SELECT evaluator_argument, evaluatee_argument, score_before, score_after FROM calibration_session")
    assert tuple(kept[:3]) == ("Жұмысы", "Дәлелім бар", "4.20")
    assert Decimal(kept[3]) == Decimal("4.5")
    assert sorted(rows("SELECT vote, argument FROM session_member")) == [
        ("3.00", "дәлел"), ("4.5", "дәлел"), ("4.50", "дәлел")]  # fmt: skip
    assert makers.results(AIGUL) == [(1, "computed", "4.20")]  # nothing is final before the protocol


@pytest.mark.rule("N-46", "N-49")
def test_a_session_lacking_a_vote_or_an_argument_is_not_held(database: str) -> None:
    makers.a_cycle("familiarised")
    session_id = a_session()
    with refused(Incomplete, "The evaluator describes the work and argues for the mark; record it first"):
        held(session_id, "5", "5", "5", evaluator=" ")
    with refused(Incomplete, "1 of 3 members have not voted"):
        held(session_id, "5", "5")
    with refused(Incomplete, "2 of 3 members have not voted"):
        held(session_id, "5")


@pytest.mark.rule("N-49", "N-42")
def test_who_is_no_member_has_no_vote_and_a_member_has_one(database: str) -> None:
    makers.a_cycle("familiarised")
    session_id = a_session()
    for stranger in (HEAD_A, AIGUL, OFFICIAL):
        extra = [*members(), Member(person(stranger), "evaluator")]
        with refused(NotAllowed, f"Person {person(stranger)} voted but is no member"), work() as session:
            calibration.hold(
                session, session_id, votes("5", "5", "5", "5", seats=extra), "…", "", at("2026-10-12"), "x"
            )
    twice = [*votes("5", "5", "5"), *votes("4")]
    with refused(NotAllowed, "A member votes once"), work() as session:
        calibration.hold(session, session_id, twice, "…", "", at("2026-10-12"), "x")


@pytest.mark.rule("N-49")
def test_a_vote_is_kept_in_plain_digits(database: str) -> None:
    makers.a_cycle("familiarised")
    assert str(held(a_session(), "-0", "0E+1", "0").score) == "0"
    assert {str(vote) for (vote,) in rows("SELECT vote FROM session_member")} == {"0"}


@pytest.mark.rule("N-49", "N-16")
@pytest.mark.parametrize("mark", ["5.01", "-0.01", "4.125", "NaN", "Infinity"])
def test_a_vote_outside_the_scale_is_no_mark(sqlite_database: str, mark: str) -> None:
    makers.a_cycle("familiarised")
    session_id = a_session()
    with refused(NotAllowed, "is not a possible final mark: it lies between 0 and 5, with at most 2 decimals"):
        held(session_id, "5", "5", mark)


@pytest.mark.rule("N-44")
@pytest.mark.parametrize(("moment", "verdict"), [("2026-10-22 23:59:59.999999", "kept"), ("2026-10-23 00:00", "late")])
def test_ten_working_days_for_the_session_count_from_the_request(
    sqlite_database: str, moment: str, verdict: str
) -> None:
    makers.a_cycle("familiarised")
    held(a_session(), "5", "5", "5", now=moment)
    assert verdicts("2026-10-30")["calibration_session_held"] == {verdict: 1}


@pytest.mark.rule("N-39", "N-49")
def test_no_step_of_a_session_is_taken_out_of_order(database: str) -> None:
    makers.a_cycle("familiarised")
    session_id = a_session()
    with refused(NotNow, "'protocol_signed' .* the stage is 'session_called', it must be 'session_held'"):
        signed(session_id)
    with refused(NotNow, "'protocol_uploaded' .* the stage is 'session_called'"):
        uploaded(session_id)
    with refused(NotNow, "'feedback_given' .* the stage is 'session_called'"):
        met(session_id)
    held(session_id, "5", "5", "5")
    with refused(NotNow, "'session_held' .* already recorded"):
        held(session_id, "1", "1", "1")
    signed(session_id)
    with refused(NotNow, "'protocol_signed' .* already recorded"):
        signed(session_id)
    with refused(NotFound, "There is no calibration session 4711"):
        held(4711, "5", "5", "5")


def signed(session_id: int, now: str = "2026-10-12 15:00") -> None:
    with work() as session:
        calibration.sign_protocol(session, session_id, at(now), f"person/{person(HR)}")


def uploaded(session_id: int, now: str = "2026-10-13") -> None:
    with work() as session:
        calibration.upload_protocol(session, session_id, at(now), f"person/{person(HR)}")


def met(session_id: int, by: str = HEAD_A, now: str = "2026-10-14") -> None:
    with work() as session:
        calibration.give_feedback(session, session_id, "кездесу", person(by), at(now))


# --- the protocol ------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-48", "N-49")
@pytest.mark.parametrize(
    ("marks", "score", "grade"),
    [(("4.75", "4.75", "4.2"), "4.75", "effective"), (("2.5", "1", "2.50"), "2.50", "satisfactory")],
    ids=["up", "down"],
)
def test_the_protocol_makes_the_mark_final_as_a_new_version_and_keeps_the_old(
    database: str, marks: tuple[str, ...], score: str, grade: str
) -> None:
    makers.a_cycle("familiarised")
    decided(a_session(), *marks)
    assert makers.results(AIGUL) == [(1, "computed", "4.20"), (2, "calibrated", score)]
    assert case(AIGUL).result_version == 2
    assert rows("SELECT grade, rules FROM result WHERE version = 2") == [(grade, "N-16, N-35, N-49")]
    assert len(makers.notices("calibrated_result", AIGUL)) == 1
    assert len(makers.notices("feedback_due", HEAD_A)) == 1
    with reading() as session:  # the sheet itself is still proved
        assert str(scoring.recompute(session, case(AIGUL).id or 0).score) == "4.20"


@pytest.mark.rule("N-49", "N-36")
def test_the_sheet_behind_a_session_is_computed_again_with_its_own_sanctions(database: str) -> None:
    makers.a_cycle("open")
    makers.punished(AIGUL, "2026-08-14")
    through()
    decided(a_session(), "4", "4", "4")
    before = makers.results(AIGUL)[0][2]
    with reading() as session:
        assert str(scoring.recompute(session, case(AIGUL).id or 0).score) == before == "3.80"


@pytest.mark.rule("N-48", "N-49", "N-Q17")
@pytest.mark.parametrize("marks", [("4.2", "4.20", "5"), ("3", "4", "5")], ids=["upheld", "no majority"])
def test_an_upheld_mark_makes_no_new_version(database: str, marks: tuple[str, ...]) -> None:
    makers.a_cycle("familiarised")
    decided(a_session(), *marks)
    assert makers.results(AIGUL) == [(1, "computed", "4.20")]
    assert (case(AIGUL).stage, case(AIGUL).result_version) == ("protocol_signed", 1)


@pytest.mark.rule("N-50")
@pytest.mark.parametrize(("moment", "verdict"), [("2026-10-15 23:59:59.999999", "kept"), ("2026-10-16 00:00", "late")])
def test_three_working_days_for_placing_the_protocol_count_from_its_signing(
    sqlite_database: str, moment: str, verdict: str
) -> None:
    makers.a_cycle("familiarised")
    session_id = a_session()
    decided(session_id, "5", "5", "5")
    uploaded(session_id, moment)
    assert verdicts("2026-10-30")["protocol_uploaded"] == {verdict: 1}


@pytest.mark.rule("N-50", "N-51")
def test_upload_and_feedback_come_in_either_order_and_both_settle(database: str) -> None:
    makers.a_cycle("familiarised")
    first, second = a_session(AIGUL), a_session(BOLAT)
    for session_id in (first, second):
        decided(session_id, "5", "5", "5")
    uploaded(first)
    assert case(AIGUL).stage == "protocol_uploaded"
    with refused(NotNow, "'protocol_uploaded' .* already recorded"):
        uploaded(first)
    met(first)
    met(second)
    assert case(BOLAT).stage == "feedback_given"
    with refused(NotNow, "'feedback_given' .* already recorded"):
        met(second)
    uploaded(second)
    assert [case(number).stage for number in (AIGUL, BOLAT)] == ["settled", "settled"]


@pytest.mark.rule("N-51")
def test_only_the_evaluator_or_who_marked_gives_the_feedback(database: str) -> None:
    makers.a_cycle("familiarised")
    session_id = a_session()
    decided(session_id, "5", "5", "5")
    for stranger in (HR, HEAD_B, AIGUL, OFFICIAL):
        with refused(NotAllowed, "The evaluator meets the evaluated person"):
            met(session_id, by=stranger)
    met(session_id)
    assert rows("SELECT feedback_note FROM calibration_session") == [("кездесу",)]


@pytest.mark.rule("N-15", "N-19", "N-20", "N-39")
def test_a_dismissed_person_has_the_same_session(database: str) -> None:
    makers.a_cycle("released")
    makers.told("delivered", "2026-10-09")
    received = disagrees(ERLAN, "2026-10-16")
    assert received.late is False
    session_id = called(received.request_id, members(HEAD_A, HEAD_C), now="2026-10-19")
    with work() as session:
        given = votes("4.5", "4.5", "4.5", seats=members(HEAD_A, HEAD_C))
        calibration.hold(session, session_id, given, "…", "", at("2026-10-20"), "x")
        calibration.sign_protocol(session, session_id, at("2026-10-20"), "x")
    for kind in ("session_invitation", "calibrated_result"):
        assert [one.channel for one in makers.notices(kind, ERLAN)] == ["registered_letter"]
    assert [one.channel for one in makers.notices("request_registered", ERLAN)] == ["sms"]


@pytest.mark.rule("N-43")
def test_who_evaluates_only_exempt_people_is_no_evaluator_of_this_cycle(database: str) -> None:
    head = Servant("100015", "e", "B-1", True, supervisor=OFFICIAL)
    young = Servant("300001", "e", started="2026-09-20")
    makers.a_cycle("familiarised", [*makers.STAFF, head, young], {**makers.HEADS, "e": "100015"})
    request = disagrees().request_id
    with refused(NotAllowed, rf"person {person('100015')} evaluates nobody in this cycle"):
        called(request, members("100015", HEAD_B))
    assert FARIDA
