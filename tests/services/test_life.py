"""One quarter lived at random: legal and illegal events at any moment, and after each everything that must hold, holds."""

from __future__ import annotations

import itertools
import shutil
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, select

from models import Appointment, Notice, Sanction, StaffImport
from models.base import instant, stamp
from models.sql import execute
from models.work import engine, reading, use_database, work
from notifications import record
from rules.errors import NotNow, RuleError
from rules.panel import Member
from rules.terms import end_of_day
from services import calibration, familiarisation, retention, scoring, sheets
from services.calibration import Vote
from services.door import move_one
from services.evidence import verify
from services.ground import find_cycle
from services.sheets import SignedSheet
from tests import makers
from tests.makers import AIGUL, BOLAT, DANA, ERLAN, HEAD_A, HEAD_B, HEAD_C, HR, KEY, OFFICIAL, STAFF, at
from tests.nchr import CALENDAR, STEPS

EVALUATED = [one.number for one in STAFF if one.number != OFFICIAL]
TICK = timedelta(microseconds=1)
#: where a life begins, and when: some start late, or few would come as far as a session
STARTS = {"approved": "2026-10-01 10:30", "released": "2026-10-06 10:00", "familiarised": "2026-10-07 10:00"}
BEFORE_THE_SHEET = {"planned", "notified", "open", "exempt"}
WITH_A_SESSION = {"session_called", "session_held", "protocol_signed", "protocol_uploaded", "feedback_given", "settled"}

someone = st.sampled_from([AIGUL, BOLAT, DANA, ERLAN, HEAD_A, HR])
marks = st.sampled_from(["0", "1.99", "2.5", "3.99", "4", "5"]).map(Decimal)
rarely = st.integers(0, 5).map(lambda n: n == 0)


class Life(RuleBasedStateMachine):
    """A cycle of nine people; `new_database` gives a fresh copy of it, approved, released or familiarised."""

    new_database: Callable[[str], str]

    @initialize(start=st.sampled_from(sorted(STARTS)))
    def _begin(self, start: str) -> None:
        use_database(type(self).new_database(start))
        self.now = at(STARTS[start])
        self.people = {number: makers.person(number) for number in [OFFICIAL, *EVALUATED]}
        self.cases = {number: makers.case(number).id or 0 for number in EVALUATED}
        self.asked: list[tuple[int, datetime]] = []
        self.proved: set[tuple[int, int]] = set()

    # --- what may happen ---------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([0, 1, 24, 24, 72, 168]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours) or TICK

    @rule(late=st.booleans())
    def an_edge_is_near(self, late: bool) -> None:
        """The clock goes to the end of a term: its last microsecond, or midnight."""
        query = "SELECT DISTINCT due_at FROM term WHERE deadline_id <> 'annual_final_score' ORDER BY due_at"
        ahead = [due for (row,) in makers.rows(query) if (due := instant(row)) - TICK > self.now]
        if ahead:
            self.now = ahead[0] if late else ahead[0] - TICK

    @rule()
    def the_machine_walks_twice(self) -> None:
        moment = self.now.astimezone(makers.ZONE).replace(tzinfo=None).isoformat(" ")
        makers.walk(moment)
        before = makers.everything()
        makers.walk(moment)
        assert makers.everything() == before, "the second walk changed something"

    @rule(number=someone, given=st.lists(marks, min_size=4, max_size=5), fifth=marks, stranger=rarely)
    def a_sheet_is_signed(self, number: str, given: list[Decimal], fifth: Decimal, stranger: bool) -> None:
        signer = self.people[DANA] if stranger else makers.case(number).marker_id
        sheet = SignedSheet(self.cases[number], dict(enumerate(given, 1)), {5: "түсініктеме"}, signer)
        self.attempt(lambda session: sheets.submit(session, sheet, self.now, f"person/{signer}"))

    @rule(numbers=st.lists(someone, min_size=1, max_size=4), earlier=st.integers(0, 30))
    def an_export_brings_sheets(self, numbers: list[str], earlier: int) -> None:
        signed = self.now - timedelta(hours=earlier)
        brought = [SignedSheet(self.cases[one], makers.all_marks("3.5"), signed_at=signed) for one in numbers]
        self.attempt(
            lambda session: sheets.submit_many(session, find_cycle(session, KEY), brought, self.now, "system/import")
        )

    @rule()
    def everybody_signs_and_the_machine_walks(self) -> None:
        moment = self.now.astimezone(makers.ZONE).replace(tzinfo=None).isoformat(" ")
        makers.marked(moment)
        makers.walk(moment)

    @rule(number=someone, other=rarely)
    def a_result_is_opened(self, number: str, other: bool) -> None:
        who = self.people[BOLAT if other else number]
        self.attempt(lambda session: familiarisation.open_result(session, self.cases[number], who, self.now))

    @rule(number=someone, witnesses=st.lists(st.sampled_from([HEAD_C, DANA, BOLAT, AIGUL]), min_size=1, max_size=2))
    def a_person_refuses(self, number: str, witnesses: list[str]) -> None:
        signers = [self.people[one] for one in witnesses]
        self.attempt(
            lambda session: familiarisation.refuse(
                session, self.cases[number], self.people[HR], signers, "", self.now, "person/2"
            )
        )

    @rule(event=st.sampled_from(["accepted", "delivered"]), hours=st.integers(0, 50))
    def the_post_answers(self, event: str, hours: int) -> None:
        for notice in makers.notices("result_served"):
            makers.sent_off(notice.id or 0)
            self.attempt(lambda session, notice=notice: self.receipt(session, notice, event, hours))

    def receipt(self, session: Session, notice: Notice, event: str, hours: int) -> None:
        happened = self.now - timedelta(hours=hours)
        record(session, notice.id or 0, event, happened, self.now, source="officer", reference="RB1",
               event_id=f"{notice.id} {event} {self.now}", officer_id=self.people[DANA])  # fmt: skip
        familiarisation.on_receipt(session, notice.id or 0, self.now)

    @rule(number=someone, other=rarely, empty=rarely)
    def a_person_disagrees(self, number: str, other: bool, empty: bool) -> None:
        one, who = makers.case(number), self.people[HEAD_B if other else number]
        waiting = makers.rows(
            "SELECT 1 FROM calibration_request WHERE assessment_id = :i AND state <> 'refused'", i=one.id
        )
        received = self.attempt(
            lambda session: calibration.request(session, self.cases[number], who, "" if empty else "…", self.now)
        )
        may = one.stage in ("familiarised", "closed") and one.familiarised_at and not (other or empty or waiting)
        assert (received is not None) is bool(may), "a request was lost, or taken from who may not make it"
        if received is not None:
            assert received.late is (self.now >= self.last_moment(one.familiarised_at))
            if not received.late:
                self.asked.append((received.request_id, self.now))

    @rule(number=someone, late=st.booleans())
    def a_person_disagrees_at_the_last_moment(self, number: str, late: bool) -> None:
        known = makers.case(number).familiarised_at
        if known and self.last_moment(known) - TICK > self.now:
            self.now = self.last_moment(known) - (timedelta() if late else TICK)
            self.a_person_disagrees(number, other=False, empty=False)

    def last_moment(self, familiarised: datetime) -> datetime:
        """Counted here once more, apart from the program: 24:00 of the fifth working day."""
        return end_of_day(CALENDAR.after(familiarised.astimezone(makers.ZONE).date(), 5), makers.ZONE)

    @precondition(lambda self: self.asked)
    @rule(data=st.data(), hours=st.sampled_from([1, 30]))
    def a_session_runs_its_course(self, data: st.DataObject, hours: int) -> None:
        """The usual way, so that its end is reached often; each step may be refused like any other."""
        self.lawfully_called(data.draw(st.sampled_from(self.asked))[0])
        self.now += timedelta(hours=hours)
        made = makers.rows("SELECT id, assessment_id FROM calibration_session ORDER BY id DESC LIMIT 1")
        for session_id, case in made:
            self.vote(session_id, [data.draw(marks)] * 3)
            [(evaluator,)] = makers.rows("SELECT evaluator_id FROM assessment WHERE id = :i", i=case)
            for step in data.draw(st.permutations(["sign", "upload", "meet"])):
                self.step(session_id, step, evaluator)

    @precondition(lambda self: self.asked)
    @rule(
        data=st.data(), seats=st.lists(st.sampled_from([HEAD_A, HEAD_B, HEAD_C, OFFICIAL, DANA]), max_size=4), by=rarely
    )
    def a_session_is_called(self, data: st.DataObject, seats: list[str], by: bool) -> None:
        request = data.draw(st.sampled_from(self.asked))[0]
        composition = [Member(self.people[one], "evaluator") for one in seats] + [Member(self.people[HR], "hr")]
        official = self.people[HR if by else OFFICIAL]
        self.attempt(lambda session: calibration.call_session(session, request, composition, official, self.now))

    @precondition(lambda self: self.asked)
    @rule(data=st.data())
    def a_lawful_session_is_called(self, data: st.DataObject) -> None:
        self.lawfully_called(data.draw(st.sampled_from(self.asked))[0])

    def lawfully_called(self, request: int) -> None:
        [(case,)] = makers.rows("SELECT assessment_id FROM calibration_request WHERE id = :r", r=request)
        with reading() as session:
            free, hr = calibration.eligible(session, case, self.now.astimezone(makers.ZONE).date())
            barred = calibration.barred(session, case)
        if len(free) >= 2 and not hr & set(barred):
            chosen = [*(Member(one, "evaluator") for one in sorted(free)[:2]), *(Member(one, "hr") for one in hr)]
            official = self.people[OFFICIAL]
            self.attempt(lambda session: calibration.call_session(session, request, chosen, official, self.now))

    @rule(number=st.integers(1, 4), ground=st.sampled_from(["late", "not_entitled", "other"]))
    def a_request_is_refused(self, number: int, ground: str) -> None:
        official = self.people[OFFICIAL]
        self.attempt(lambda session: calibration.refuse_request(session, number, ground, official, self.now))

    @precondition(lambda self: self.asked)
    @rule(number=st.integers(1, 2), given=st.lists(marks, min_size=1, max_size=3))
    def a_session_votes(self, number: int, given: list[Decimal]) -> None:
        self.vote(number, given)

    def vote(self, number: int, given: list[Decimal]) -> None:
        seats = makers.rows("SELECT person_id FROM session_member WHERE session_id = :s ORDER BY 1", s=number)
        votes = [Vote(seat, mark) for (seat,), mark in zip(seats, given, strict=False)]
        self.attempt(lambda session: calibration.hold(session, number, votes, "…", "…", self.now, "person/2"))

    @precondition(lambda self: self.asked)
    @rule(
        number=st.integers(1, 2), step=st.sampled_from(["sign", "upload", "meet"]), by=st.sampled_from([HEAD_A, AIGUL])
    )
    def a_session_goes_on(self, number: int, step: str, by: str) -> None:
        self.step(number, step, self.people[by])

    def step(self, number: int, step: str, by: int) -> None:
        steps: dict[str, Callable[[Session], Any]] = {
            "sign": lambda session: calibration.sign_protocol(session, number, self.now, "person/2"),
            "upload": lambda session: calibration.upload_protocol(session, number, self.now, "person/2"),
            "meet": lambda session: calibration.give_feedback(session, number, "…", by, self.now),
        }
        self.attempt(steps[step])

    @rule(number=someone, substitute=st.sampled_from([HEAD_B, HEAD_C, AIGUL]))
    def a_substitute_is_named(self, number: str, substitute: str) -> None:
        ids, who = [self.cases[number]], self.people[substitute]
        self.attempt(lambda session: sheets.replace_evaluator(session, ids, who, "сырқат", self.now, "person/2"))

    @rule(number=someone)
    def a_designee_is_named_below_twenty(self, number: str) -> None:
        ids, who = [self.cases[number]], self.people[HEAD_C]
        assert self.attempt(lambda session: sheets.designate(session, ids, who, self.now, "person/2")) is None

    @rule(number=someone, day=st.integers(0, 140))
    def a_sanction_becomes_known(self, number: str, day: int) -> None:
        applied = (at("2026-06-01") + timedelta(days=day)).date()
        with work() as session:
            held = select(Sanction).where(Sanction.person_id == self.people[number], Sanction.applied_on == applied)
            if not session.exec(held).all():
                session.add(Sanction(person_id=self.people[number], kind="reprimand", applied_on=applied))

    @rule(number=someone, late_known=st.booleans())
    def a_result_is_corrected(self, number: str, late_known: bool) -> None:
        if late_known:
            self.a_sanction_becomes_known(number, 60)
        self.attempt(lambda session: scoring.correct(session, self.cases[number], "қате", self.now, "person/2"))

    @rule(number=st.sampled_from([BOLAT, DANA]), what=st.sampled_from(["dismissed", "late", "as before"]))
    def the_staff_file_changes(self, number: str, what: str) -> None:
        with work() as session:
            post = session.exec(select(Appointment).where(Appointment.person_id == self.people[number])).one()
            post.started_on = makers.day("2026-09-15" if what == "late" else "2024-01-08")
            post.dismissed, post.ended_on = what == "dismissed", self.now.date() if what == "dismissed" else None
            session.add(StaffImport(sha256="0" * 64, at=self.now, actor="person/2", rows=1, changed=1))

    @rule(number=someone)
    def somebody_wants_to_destroy(self, number: str) -> None:
        self.attempt(lambda session: retention.dispose(session, self.cases[number], self.now, "person/2"))

    @rule(number=someone, event=st.sampled_from(sorted(STEPS)))
    def the_door_is_tried_at_random(self, number: str, event: str) -> None:
        one = makers.case(number)
        if one.stage not in STEPS[event].moves:
            with makers.refused(NotNow, event), work() as session:
                move_one(session, event, one.id or 0, self.now, "person/2")

    def attempt(self, act: Callable[[Session], Any]) -> Any:
        """Do it; whatever is refused must have changed nothing. Returns what it gave, True for nothing, None if refused."""
        before = makers.everything()
        try:
            with work() as session:
                given = act(session)
        except RuleError as refusal:
            assert makers.everything() == before, f"refused, and yet something changed: {refusal}"
            return None
        return True if given is None else given

    # --- what must hold ----------------------------------------------------------------------------------------

    @invariant()
    def everything_holds(self) -> None:
        with reading() as session:
            assert verify(session).problems == []
            cases = execute(session, "SELECT * FROM assessment ORDER BY id").all()
            assert len(cases) == len(EVALUATED), "somebody is lost"
            self.only_permitted_steps_were_walked(session, cases)
            marked = set(execute(session, "SELECT DISTINCT assessment_id FROM mark").scalars())
            results: dict[int, list[Any]] = defaultdict(list)
            for row in execute(
                session, "SELECT assessment_id, source, score FROM result ORDER BY assessment_id, version"
            ):
                results[row.assessment_id].append(row)
            sessions = execute(session, "SELECT assessment_id, score_after FROM calibration_session")
            decided = {row.assessment_id: row.score_after for row in sessions}
            for one in cases:
                self.results_come_after_marks(one, one.id in marked, results[one.id])
                self.each_result_proves_itself(session, one, results[one.id], decided)
                self.nobody_loses_the_five_days(one, one.id in decided)
            self.a_request_in_time_is_never_lost(session)

    def only_permitted_steps_were_walked(self, session: Session, cases: list[Any]) -> None:
        steps: dict[int, list[str]] = defaultdict(list)
        for case, version, source, to, event in execute(
            session,
            "SELECT j.assessment_id, j.version, j.from_stage, j.to_stage, e.event FROM journal_row j"
            " JOIN journal_entry e ON e.id = j.entry_id ORDER BY j.assessment_id, j.version",
        ):
            before = steps[case][-1] if steps[case] else ""
            assert (source, version) == (before, len(steps[case]) + 1)
            assert event == "planned" if not before else STEPS[event].moves[source] == to
            steps[case].append(to)
        assert {one.id: (one.stage, one.version) for one in cases} == {c: (p[-1], len(p)) for c, p in steps.items()}

    def results_come_after_marks(self, one: Any, marked: bool, found: list[Any]) -> None:
        signed = one.stage not in BEFORE_THE_SHEET
        assert signed is (one.completed_at is not None)
        assert marked is (signed and one.stage != "disposed")
        assert one.result_version == len(found)
        assert bool(found) is (one.stage not in {*BEFORE_THE_SHEET, "marked"})

    def each_result_proves_itself(self, session: Session, one: Any, found: list[Any], decided: dict[int, str]) -> None:
        if found and one.stage != "disposed" and (one.id, len(found)) not in self.proved:
            computed = [row.score for row in found if row.source != "calibrated"][-1]
            assert str(scoring.recompute(session, one.id).score) == computed
            if found[-1].source == "calibrated":
                assert Decimal(decided[one.id]) == Decimal(found[-1].score)
            self.proved.add((one.id, len(found)))

    def nobody_loses_the_five_days(self, one: Any, contested: bool) -> None:
        if one.familiarised_at is None:
            assert one.stage in {*BEFORE_THE_SHEET, "marked", "computed", "released"}
            return
        assert one.released_at <= one.familiarised_at <= stamp(self.now)
        if one.stage == "closed" and not contested:
            assert one.closed_at >= stamp(self.last_moment(instant(one.familiarised_at)))

    def a_request_in_time_is_never_lost(self, session: Session) -> None:
        kept = {row.id: row for row in execute(
            session, "SELECT r.id, r.late, r.state, r.received_at, a.stage FROM calibration_request r"
            " JOIN assessment a ON a.id = r.assessment_id")}  # fmt: skip
        for request, moment in self.asked:
            row = kept[request]
            assert (bool(row.late), row.received_at) == (False, stamp(moment))
            if row.state != "refused":
                assert (
                    row.stage == "requested"
                    if row.state == "received"
                    else row.stage in {*WITH_A_SESSION, "closed", "disposed"}
                )


def lived(new_database: Callable[[str], str], examples: int, steps: int) -> None:
    machine = type("LifeHere", (Life,), {"new_database": staticmethod(new_database)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )  # fmt: skip


@pytest.mark.rule("N-10", "N-20", "N-39")
def test_a_random_quarter_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    numbers = itertools.count(1)

    def copied(source: Path) -> str:
        file = tmp_path / f"life{next(numbers)}.db"
        shutil.copy(source, file)
        return f"sqlite:///{file}"

    starts = {}
    for until in STARTS:
        starts[until] = copied(sqlite_template)
        prepared(starts[until], until)
    try:
        lived(lambda start: copied(Path(starts[start].removeprefix("sqlite:///"))), examples=25, steps=40)
    finally:
        use_database(None)


@pytest.mark.slow
@pytest.mark.rule("N-10", "N-20", "N-39")
def test_a_random_quarter_on_postgresql(postgres_server: str, postgres_template: str) -> None:
    made: list[str] = []

    def copied(source: str) -> str:
        for url in made:
            engine(url).dispose()
        name = f"life_{len(made)}"
        with psycopg.connect(postgres_server, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        made.append(postgres_server.replace("/postgres?", f"/{name}?"))
        return made[-1]

    for until in STARTS:
        prepared(copied(postgres_template), until)
    starts = {until: f"life_{place}" for place, until in enumerate(STARTS)}
    try:
        lived(lambda start: copied(starts[start]), examples=5, steps=30)
    finally:
        use_database(None)
        for url in made:
            engine(url).dispose()


def prepared(url: str, until: str) -> None:
    """A cycle brought to where some lives begin."""
    use_database(url)
    makers.a_cycle(until)
    engine(url).dispose()
