"""The sheet: who may sign it, what must stand on it, substitutes and designees, many at once, and its result."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from models.work import reading, work
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow, RuleError
from services import audit, evidence, scoring, sheets
from services.ground import find_cycle
from services.plan import crowded_evaluators
from services.sheets import SignedSheet
from tests import makers
from tests.makers import (
    AIGUL,
    BOLAT,
    DANA,
    ERLAN,
    HEAD_A,
    HEAD_B,
    HEAD_C,
    KEY,
    all_marks,
    at,
    case,
    person,
    refused,
    rows,
    sign,
)

# --- signing -----------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-30", "N-32", "N-37")
def test_the_evaluator_signs_and_the_moment_and_the_marks_are_kept_exactly(database: str) -> None:
    makers.a_cycle("open")
    given = {1: Decimal("4.25"), 2: Decimal(0), 3: Decimal("3.5"), 4: Decimal("5.00"), 5: Decimal("4")}
    sign(AIGUL, given, "2026-10-05 18:30", comments={5: "түсініктеме", 1: "еркін"})
    one = case(AIGUL)
    assert (one.stage, one.completed_at) == ("marked", at("2026-10-05 18:30"))
    kept = rows("SELECT number, value, comment FROM mark WHERE assessment_id = :i ORDER BY number", i=one.id)
    assert kept == [(1, "4.25", "еркін"), (2, "0", None), (3, "3.5", None), (4, "5.00", None), (5, "4", "түсініктеме")]
    assert rows("SELECT e.at FROM journal_entry e WHERE event = 'marked'") == [("2026-10-05T13:30:00.000000Z",)]


@pytest.mark.rule("N-30")
def test_a_mark_is_kept_in_plain_digits_however_its_number_was_made(database: str) -> None:
    makers.a_cycle("open")
    odd = {1: Decimal("-0"), 2: Decimal("0E+2"), 3: Decimal("5E0"), 4: Decimal("45E-1"), 5: Decimal("5.00")}
    sign(AIGUL, odd)
    many(of(DANA, odd))
    for number in (AIGUL, DANA):
        kept = rows("SELECT value FROM mark WHERE assessment_id = :i ORDER BY number", i=case(number).id)
        assert [value for (value,) in kept] == ["0", "0", "5", "4.5", "5.00"]


@pytest.mark.rule("N-30", "N-32", "N-33")
@pytest.mark.parametrize(
    ("marks", "comments", "words"),
    [
        (all_marks() | {2: Decimal("5.01")}, {}, r"row 2: the mark 5.01 is outside 0 to 5"),
        (all_marks() | {2: Decimal("-0.01")}, {}, r"row 2: the mark -0.01 is outside 0 to 5"),
        (all_marks() | {2: Decimal("NaN")}, {}, r"row 2: the mark NaN is outside 0 to 5"),
        (all_marks() | {2: Decimal("4.125")}, {}, r"row 2: the mark 4.125 is not allowed, at most 2 decimals"),
        (all_marks() | {6: Decimal(5)}, {}, r"there is no row 6 on the form"),
        ({1: Decimal(5), 2: Decimal(5), 4: Decimal(5)}, {}, r"row 3 has no mark, and a blank is not a 0"),
        (all_marks() | {5: Decimal(4)}, {}, r"row 5: without a sanction 5 is proposed, another mark needs a comment"),
        (all_marks() | {5: Decimal(4)}, {5: "  "}, r"another mark needs a comment"),
    ],
)
def test_a_sheet_with_a_fault_is_not_taken(
    sqlite_database: str, marks: dict[int, Decimal], comments: dict[int, str], words: str
) -> None:
    makers.a_cycle("open")
    with refused(Incomplete, f"The sheet cannot be signed: .*{words}"):
        sign(AIGUL, marks, comments=comments)


@pytest.mark.rule("N-36", "N-Q4")
def test_with_a_sanction_the_row_of_sanctions_must_be_filled_in(database: str) -> None:
    makers.a_cycle("open")
    makers.punished(AIGUL, "2026-08-14")
    four = {number: Decimal(5) for number in range(1, 5)}
    with refused(Incomplete, "row 5 has no mark"):
        sign(AIGUL, four)
    sign(BOLAT, four)
    assert case(BOLAT).stage == "marked"  # without one the highest mark is proposed


@pytest.mark.rule("N-28", "N-37")
def test_only_who_holds_the_sheet_signs_it_and_only_once(database: str) -> None:
    makers.a_cycle("open")
    for stranger in (AIGUL, HEAD_B, makers.HR):
        with refused(NotAllowed, "lies with another evaluator"):
            sign(AIGUL, signed_by=person(stranger))
    sign(AIGUL)
    with refused(NotNow, "already recorded"):
        sign(AIGUL, all_marks("5"))
    with refused(NotFound, "There is no assessment 4711"):
        sign(AIGUL, assessment_id=4711)


@pytest.mark.rule("N-37")
def test_a_sheet_that_nobody_signed_is_not_taken(database: str) -> None:
    makers.a_cycle("open")
    with refused(Incomplete, "does not say who signed it; the evaluator signs"):
        sign(AIGUL, signed_by=None)


@pytest.mark.rule("N-4", "N-9", "N-37")
def test_a_dismissed_evaluator_signs_to_the_last_day_in_service_and_not_after(database: str) -> None:
    makers.a_cycle("open")
    makers.dismissed(HEAD_A, "2026-10-06")
    with refused(NotAllowed, f"{HEAD_A} does not serve in the body on 2026-10-07 and signs no sheet any more"):
        sign(AIGUL, now="2026-10-07 00:00")
    sign(AIGUL, now="2026-10-06 23:59:59")
    with refused(
        Incomplete,
        f"No sheet was taken. assessment {case(BOLAT).id}: {HEAD_A} does not serve in the body on 2026-10-07",
    ):
        many(of(DANA), of(BOLAT), now="2026-10-07")
    assert many(of(DANA), of(BOLAT, signed_at=at("2026-10-06 18:00")), now="2026-10-07") == 2


@pytest.mark.rule("N-29")
def test_a_sheet_that_was_not_sent_is_not_taken(database: str) -> None:
    makers.a_cycle("approved")
    with refused(NotNow, r"'marked' .* cannot happen now: the stage is 'planned', it must be 'open'"):
        sign(AIGUL)


@pytest.mark.rule("N-10", "N-15")
def test_the_twentieth_is_in_time_to_its_last_microsecond_and_what_comes_later_is_taken_and_late(database: str) -> None:
    makers.a_cycle("open")
    sign(AIGUL, now="2026-10-20 23:59:59.999999")
    sign(BOLAT, now="2026-10-21 00:00")
    sign(ERLAN, now="2026-10-21 00:00")
    with reading() as session:
        found = {one.deadline: one.counts for one in audit.verdicts(session, KEY, at("2026-10-21 00:00"))}
        late = {(one.deadline, one.personnel_no, one.verdict) for one in audit.breaches(session, KEY, at("2026-10-22"))}
    assert found["quarterly_evaluation"] == {"kept": 1, "late": 1, "missed": 6}
    assert found["evaluation_of_dismissed_employee"] == {"late": 1}
    assert ("quarterly_evaluation", BOLAT, "late") in late
    assert ("quarterly_evaluation", AIGUL, "kept") not in late
    assert ("evaluation_of_dismissed_employee", ERLAN, "late") in late


@pytest.mark.rule("N-10")
def test_evaluators_are_reminded_before_the_target_and_every_working_day_after_the_term(database: str) -> None:
    makers.a_cycle("open")
    for moment in ("2026-10-14", "2026-10-15", "2026-10-17", "2026-10-19", "2026-10-20", "2026-10-20 17:00"):
        makers.walk(moment)
    assert [one.round for one in makers.notices("marks_reminder", HEAD_A)] == [0, 2, 3]
    for moment in ("2026-10-21", "2026-10-22", "2026-10-24", "2026-10-26", "2026-10-27"):  # 26 October is a day off
        makers.walk(moment)
    assert [one.round for one in makers.notices("marks_overdue", HEAD_A)] == [1, 2, 4]


# --- substitutes -------------------------------------------------------------------------------------------------


def handed(kind: str, numbers: list[str], to: str, now: str = "2026-10-02") -> int:
    ids = [case(number).id or 0 for number in numbers]
    with work() as session:
        if kind == "replace":
            return sheets.replace_evaluator(session, ids, person(to), "сырқат", at(now), f"person/{person(makers.HR)}")
        return sheets.designate(session, ids, person(to), at(now), f"person/{person('100014')}")


@pytest.mark.rule("N-9")
def test_while_the_evaluator_is_ill_the_substitute_signs_on_the_evaluators_behalf(database: str) -> None:
    makers.a_cycle("open")
    assert handed("replace", [AIGUL, BOLAT], HEAD_B) == 2
    one = case(AIGUL)
    assert (one.marker_id, one.evaluator_id) == (person(HEAD_B), person(HEAD_A))
    with refused(NotAllowed, "only the evaluator, the substitute or the designee"):
        sign(AIGUL, signed_by=person(HEAD_A))
    sign(AIGUL)
    said = [json.loads(body) for (body,) in rows("SELECT body FROM journal_entry WHERE event = 'marked'")]
    assert [(one["actor"], one["on_behalf_of"]) for one in said] == [
        (f"person/{person(HEAD_B)}", f"person/{person(HEAD_A)}")
    ]
    with refused(NotNow, "the stage is 'marked', it must be"):
        handed("replace", [AIGUL], HEAD_C)
    assert handed("replace", [BOLAT], HEAD_A) == 1  # the evaluator is back
    sign(BOLAT)


@pytest.mark.rule("N-9")
def test_a_substitute_never_marks_himself_and_stays_when_the_plan_follows_other_facts(database: str) -> None:
    makers.a_cycle("open")
    with refused(NotAllowed, "nobody marks himself or herself"):
        handed("replace", [BOLAT, AIGUL], AIGUL)
    with refused(NotFound, "There is no assessment 4711"), work() as session:
        sheets.replace_evaluator(session, [4711], person(HEAD_B), "", at("2026-10-02"), "person/2")
    handed("replace", [AIGUL], HEAD_B)
    makers.dismissed(AIGUL, "2026-10-02")
    makers.walk("2026-10-03")
    assert (case(AIGUL).dismissed, case(AIGUL).marker_id) == (True, person(HEAD_B))


@pytest.mark.rule("N-9", "N-26", "N-28")
def test_nobody_evaluates_a_superior_however_far_above(database: str) -> None:
    makers.a_cycle("open")
    for subordinate in (AIGUL, BOLAT):  # the head of the unit, and by him the head of the body
        with refused(NotAllowed, f"{subordinate} is a subordinate of the evaluated person"):
            handed("replace", [HEAD_A], subordinate)
    assert handed("replace", [HEAD_A], HEAD_B) == 1
    assert handed("replace", [AIGUL], DANA) == 1  # an equal of another unit is no subordinate


@pytest.mark.rule("N-9", "N-27")
def test_two_people_do_not_evaluate_each_other(database: str) -> None:
    makers.a_cycle("open")
    assert handed("replace", [HEAD_A], HEAD_B) == 1
    with refused(NotAllowed, f"{HEAD_A} is marked by the evaluated person in this cycle"):
        handed("replace", [HEAD_B], HEAD_A)
    assert handed("replace", [HEAD_B], HEAD_C) == 1
    sign(HEAD_A)  # a signature does not make it right
    with refused(NotAllowed, "two people do not evaluate each other"):
        handed("replace", [HEAD_B], HEAD_A)


@pytest.mark.rule("N-9")
def test_two_evaluators_are_not_substitutes_for_each_other(database: str) -> None:
    makers.a_cycle("open")
    assert handed("replace", [AIGUL, BOLAT], HEAD_B) == 2
    with refused(NotAllowed, f"{HEAD_A} is absent, and the own sheets lie with whom he or she would replace"):
        handed("replace", [DANA], HEAD_A)
    with refused(NotAllowed, "Give those sheets back first"):
        handed("replace", [BOLAT, DANA], HEAD_A)  # AIGUL's would still lie with HEAD_B
    assert handed("replace", [AIGUL, BOLAT, DANA], HEAD_A) == 3  # HEAD_A is back and replaces HEAD_B


@pytest.mark.rule("N-31", "N-28")
def test_a_designee_is_no_subordinate_of_whom_he_marks(database: str) -> None:
    staff, heads = makers.a_crowd(21)
    staff = [replace(one, supervisor="200002") if one.number == "200001" else one for one in staff]
    makers.a_cycle("open", staff, heads)
    with refused(NotAllowed, "200001 is a subordinate of the evaluated person"):
        handed("designate", ["200003", "200002"], "200001")
    assert handed("designate", ["200003", "200001"], "200002") == 2


# --- designees ---------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-31")
def test_with_twenty_evaluatees_nobody_is_designated_and_with_twenty_one_somebody_may_be(database: str) -> None:
    makers.a_cycle("open", *makers.a_crowd(20))
    with refused(NotAllowed, "has not more than 20 evaluatees, so nobody else may be designated"):
        handed("designate", ["200001"], HEAD_A)
    makers.changed_staff(lambda session: joins(session, "200021"))
    makers.walk("2026-10-02")
    with reading() as session:
        assert crowded_evaluators(session, find_cycle(session, KEY)) == {person("100014"): 21}
    assert handed("designate", ["200001", "200021"], HEAD_A) == 2
    with refused(NotAllowed, "nobody marks himself"):
        handed("designate", ["200002"], "200002")
    one = case("200001")
    assert (one.marker_id, one.evaluator_id) == (person(HEAD_A), person("100014"))
    sign("200001")
    assert [json.loads(row[0])["on_behalf_of"] for row in rows("SELECT body FROM journal_entry WHERE event = 'marked'")] == [
        f"person/{person('100014')}"
    ]  # fmt: skip


def joins(session: Any, number: str) -> None:
    from sqlmodel import select

    from models import Appointment, Person

    session.add(new := Person(personnel_no=number, surname="Ж", given_name="Ж"))
    session.flush()
    there = session.exec(select(Appointment).where(Appointment.person_id == person("200001"))).one()
    session.add(Appointment(person_id=new.id, post_id=there.post_id, started_on=makers.day("2025-01-08")))


@pytest.mark.rule("N-31")
def test_the_exempt_are_not_counted_among_the_more_than_twenty(database: str) -> None:
    staff, heads = makers.a_crowd(21)
    makers.a_cycle(
        "open", [replace(one, started="2026-09-20") if one.number == "200021" else one for one in staff], heads
    )
    with refused(NotAllowed, "has not more than 20"):
        handed("designate", ["200001"], HEAD_A)


# --- many at once ------------------------------------------------------------------------------------------------


def many(*signed: SignedSheet, now: str = "2026-10-05", by: str | None = None) -> int:
    actor = f"person/{person(by)}" if by else "system/import"
    with work() as session:
        return sheets.submit_many(session, find_cycle(session, KEY), signed, at(now), actor)


def of(number: str, marks: dict[int, Decimal] | None = None, **how: Any) -> SignedSheet:
    return SignedSheet(case(number).id or 0, marks or all_marks(), **how)


def test_many_sheets_are_taken_together_and_each_row_says_who_signed(database: str) -> None:
    makers.a_cycle("open")
    assert many(of(AIGUL, signed_by=person(HEAD_A)), of(DANA)) == 2
    who = rows("SELECT acted_by FROM journal_row WHERE to_stage = 'marked' ORDER BY assessment_id")
    assert {row[0] for row in who} == {f"person/{person(HEAD_A)}", f"person/{person(HEAD_B)}"}
    assert rows("SELECT COUNT(*) FROM journal_entry WHERE event = 'marked'") == [(1,)]
    assert many() == 0
    with reading() as session:
        assert evidence.verify(session).problems == []


@pytest.mark.rule("N-17", "N-37")
def test_many_sheets_are_handed_in_by_hr_or_by_who_holds_every_one_of_them(database: str) -> None:
    makers.a_cycle("open")
    with refused(
        Incomplete, r"assessment \d+: only HR hands in sheets that lie with somebody else \(N-30, N-32, N-37, .*\)$"
    ):
        many(of(AIGUL), of(DANA), by=HEAD_A)
    with refused(Incomplete, "only HR hands in .*; assessment .* only HR hands in"):
        many(of(AIGUL), of(DANA), by=BOLAT)
    assert many(of(AIGUL), of(BOLAT), by=HEAD_A) == 2
    makers.ordered("hr_deputy", DANA, "2026-10-05", now="2026-10-05")
    with refused(Incomplete, "only HR hands in"):
        many(of(DANA), by=BOLAT, now="2026-10-06")
    assert many(of(DANA), by=DANA, now="2026-10-06") == 1  # as the deputy, though another marked
    assert many(of(makers.FARIDA), by=makers.HR, now="2026-10-06") == 1
    makers.dismissed(makers.HR, "2026-10-06")
    with refused(NotAllowed, f"{makers.HR} does not serve in the body on 2026-10-07 and cannot hand sheets in"):
        many(of(HEAD_C), by=makers.HR, now="2026-10-07")


@pytest.mark.rule("N-32", "N-37")
def test_of_many_sheets_all_are_taken_or_none(database: str) -> None:
    makers.a_cycle("open")
    with refused(Incomplete, r"No sheet was taken. assessment \d+: The sheet cannot be signed: row 3 has no mark"):
        many(of(AIGUL), of(DANA, {1: Decimal(4), 2: Decimal(4), 4: Decimal(4)}))
    with refused(Incomplete, "its sheet comes twice"):
        many(of(AIGUL), of(DANA), of(AIGUL))
    with refused(Incomplete, "was signed by somebody else than who holds it"):
        many(of(AIGUL), of(DANA, signed_by=person(HEAD_A)))
    sign(AIGUL)
    with refused(Incomplete, "its sheet is not open for marks"):
        many(of(AIGUL), of(DANA))


@pytest.mark.rule("N-10", "N-37")
def test_a_sheet_signed_elsewhere_keeps_the_moment_of_its_signature(database: str) -> None:
    makers.a_cycle("open")
    many(of(AIGUL, signed_at=at("2026-10-20 23:59:59.999999")), of(BOLAT, signed_at=at("2026-10-21 00:00")), of(DANA),
         now="2026-10-22")  # fmt: skip
    assert [case(number).completed_at for number in (AIGUL, BOLAT, DANA)] == [
        at("2026-10-20 23:59:59.999999"), at("2026-10-21"  " 00:00"), at("2026-10-22"),
    ]  # fmt: skip
    with reading() as session:
        found = {one.deadline: one.counts for one in audit.verdicts(session, KEY, at("2026-10-23"))}
        assert evidence.verify(session).problems == []
    assert found["quarterly_evaluation"] == {"kept": 1, "late": 2, "missed": 5}
    anchors = rows("SELECT anchor_date FROM term WHERE deadline_id = 'retention' ORDER BY 1")
    assert [str(row[0]) for row in anchors] == ["2026-10-20", "2026-10-21", "2026-10-22"]
    with refused(RuleError, "signed in the future"):
        many(of(makers.FARIDA, signed_at=at("2026-10-22 00:00:01")), now="2026-10-22 00:00")


# --- results -----------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-34", "N-35", "N-36")
def test_a_sanction_of_the_quarter_limits_the_mark_and_one_outside_does_not(database: str) -> None:
    makers.a_cycle("open")
    makers.punished(AIGUL, "2026-09-30")
    makers.punished(BOLAT, "2026-10-01")
    makers.punished(DANA, "2026-07-01", "demotion")
    makers.marked(marks={number: Decimal(5) for number in range(1, 6)})
    makers.walk("2026-10-06")
    assert [makers.results(number)[0][2] for number in (AIGUL, BOLAT, DANA)] == ["4.60", "5.00", "4.40"]
    kept = rows("SELECT sanctions, alternatives, grade FROM result WHERE assessment_id = :i", i=case(AIGUL).id)[0]
    assert json.loads(kept[0]) == [{"kind": "reprimand", "date": "2026-09-30"}]
    assert {(one["reading"], one["score"]) for one in json.loads(kept[1])} >= {("N-Q1", "2.99")}
    assert kept[2] == "effective"


@pytest.mark.rule("N-34")
def test_a_result_computed_again_is_the_same_to_the_last_sign(database: str) -> None:
    makers.a_cycle("open")
    makers.punished(AIGUL, "2026-08-14")
    makers.marked(marks={1: Decimal("4.33"), 2: Decimal("3.17"), 3: Decimal("2.5"), 4: Decimal(0), 5: Decimal(5)})
    makers.walk("2026-10-06")
    makers.punished(AIGUL, "2026-09-14", "demotion")  # known later: only a correction counts it
    kept = rows("SELECT score, unrounded, grade, working FROM result WHERE assessment_id = :i", i=case(AIGUL).id)[0]
    with reading() as session:
        found = scoring.recompute(session, case(AIGUL).id or 0)
        later = scoring.recompute(session, case(AIGUL).id or 0, facts_now=True)
    assert (str(found.score), str(found.unrounded), found.grade, "\n".join(found.working)) == tuple(kept)
    assert later.score < found.score


def corrected(number: str, why: str = "кеш енгізілген жаза", now: str = "2026-10-08") -> Any:
    with work() as session:
        return scoring.correct(session, case(number).id or 0, why, at(now), "person/2")


@pytest.mark.rule("N-36", "N-18")
def test_a_correction_makes_a_new_version_keeps_the_old_and_starts_the_familiarisation_again(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.punished(AIGUL, "2026-08-14")
    corrected(AIGUL)
    assert [(version, source) for version, source, _ in makers.results(AIGUL)] == [(1, "computed"), (2, "corrected")]
    one = case(AIGUL)
    assert (one.stage, one.result_version, one.familiarised_at, one.released_at) == ("computed", 2, None, None)
    makers.walk("2026-10-09")
    assert len(makers.notices("result_ready", AIGUL)) == 2  # the person is told again
    makers.shown("2026-10-12", AIGUL)
    assert makers.disagrees(AIGUL, "2026-10-19 23:59").late is False  # five working days from the 12th


@pytest.mark.rule("N-34")
def test_a_correction_needs_a_reason_a_change_and_a_result(database: str) -> None:
    makers.a_cycle("marked")
    with refused(NotFound, "has no result to correct"):
        corrected(AIGUL)
    makers.walk("2026-10-06")
    with refused(RuleError, "A correction needs a reason in words"):
        corrected(AIGUL, "  ")
    with refused(RuleError, "Nothing changes"):
        corrected(AIGUL)


@pytest.mark.rule("N-49")
def test_what_is_before_a_session_is_not_corrected_under_its_hands(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.punished(AIGUL, "2026-08-14")
    makers.disagrees()
    with refused(NotNow, "'corrected' .* the stage is 'requested'"):
        corrected(AIGUL)
    makers.punished(BOLAT, "2026-08-14")
    makers.disagrees(BOLAT, "2026-10-15 00:00")  # late: recorded, and waiting for its refusal
    with refused(NotNow, "waits for a decision"):
        corrected(BOLAT, now="2026-10-15 12:00")
