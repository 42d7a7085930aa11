"""A year under a Commission lived at random: legal and illegal events, and after each everything that must hold, holds."""

from __future__ import annotations

import itertools
import json
import shutil
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlmodel import Session

from models.base import instant
from models.sql import execute
from models.work import engine, reading, use_database, work
from rules.composition import Member
from rules.errors import NotNow, RuleError
from rules.revision import Revision
from rules.terms import end_of_day
from services import (
    agreement,
    appeals,
    commission,
    familiarisation,
    filled,
    rulings,
    scoring,
    sittings,
    submission,
    written,
)
from services.door import move_one
from services.evidence import verify
from services.filled import FilledSheet
from services.ground import find_cycle, ground_of
from services.rulings import Motion
from tests import commission as c
from tests import makers
from tests.commission import AIGUL, BOLAT, DANA, EVALUATED, HEAD_A, HEAD_B, HR, LAWYER, MINISTER, OFFICIAL, VICE, VOTERS
from tests.makers import at

KEY = "mic-sample-2018"
TICK = timedelta(microseconds=1)
#: where a life begins, and when: few would come as far as an appeal from the first sheet
STARTS = {
    "open": "2019-01-14 08:00",
    "submitted": "2019-01-17 09:00",
    "released": "2019-01-22 17:00",
    "acknowledged": "2019-01-23 09:00",
}
#: stages with the evaluator's signature, and those after the Commission's decision
SIGNED = {"marked", "agreed", "computed", "submitted", "decided", "approved", "released", "familiarised", "closed"}
AFTER = {"approved", "released", "familiarised", "closed"}

someone = st.sampled_from([AIGUL, BOLAT, DANA, LAWYER, HEAD_A, HR])
voter = st.sampled_from(VOTERS)
official = st.sampled_from([OFFICIAL, MINISTER, HR, VICE])
rarely = st.integers(0, 5).map(lambda n: n == 0)


class Year(RuleBasedStateMachine):
    """A cycle of seven people under KPI; `new_database` gives a fresh copy of it at one of the starts."""

    new_database: Callable[[str], str]

    @initialize(start=st.sampled_from([*STARTS, "submitted", "submitted"]))
    def _begin(self, start: str) -> None:
        use_database(type(self).new_database(start))
        self.now = at(STARTS[start])
        self.people = {one.number: makers.person(one.number) for one in c.STAFF}
        self.cases = {number: c.case(KEY, number) for number in EVALUATED}
        with reading() as session:
            self.ground = ground_of(session, find_cycle(session, KEY))

    # --- what may happen ---------------------------------------------------------------------------------------

    @rule(hours=st.sampled_from([0, 1, 2, 24, 72, 240]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours) or TICK

    @rule(late=st.booleans())
    def the_end_of_a_term_is_near(self, late: bool) -> None:
        """The clock goes to the last microsecond of a term, or to the midnight after it."""
        ahead = [
            due
            for (row,) in makers.rows(
                "SELECT DISTINCT due_at FROM term WHERE deadline_id <> 'retention' ORDER BY due_at"
            )
            if (due := instant(row)) - TICK > self.now
        ]
        if ahead:
            self.now = ahead[0] if late else ahead[0] - TICK

    @rule()
    def the_machine_walks_twice(self) -> None:
        moment = self.now.astimezone(makers.ZONE).replace(tzinfo=None).isoformat(" ")
        makers.walk(moment, KEY)
        before = makers.everything()
        makers.walk(moment, KEY)
        assert makers.everything() == before, "the second walk changed something"

    @rule(number=someone, achieved=st.integers(0, 5), count=st.sampled_from([5, 5, 5, 4]), stranger=rarely)
    def a_sheet_is_signed(self, number: str, achieved: int, count: int, stranger: bool) -> None:
        signer = self.people[DANA] if stranger else makers.case(number, KEY).marker_id
        sheet = FilledSheet(self.cases[number], {"kpis": c.kpis(achieved)["kpis"][:count]}, signer)
        self.attempt(lambda session: filled.sign(session, sheet, self.now, f"person/{signer}"))

    @rule(numbers=st.lists(someone, min_size=1, max_size=5), hours=st.integers(0, 30))
    def a_list_of_sheets_comes(self, numbers: list[str], hours: int) -> None:
        signed = self.now - timedelta(hours=hours)
        given = [FilledSheet(self.cases[one], c.kpis(4), signed_at=signed) for one in numbers]
        self.attempt(lambda session: filled.take(session, self.cycle(session), given, self.now, "system/import"))

    @rule(by=official, number=st.none() | someone)
    def a_superior_agrees(self, by: str, number: str | None) -> None:
        ids = [self.cases[number]] if number else None
        self.attempt(lambda session: agreement.agree(session, self.cycle(session), self.people[by], self.now, ids))

    @rule(by=official, number=someone, reasons=st.sampled_from(["…", " "]))
    def a_sheet_goes_back(self, by: str, number: str, reasons: str) -> None:
        self.attempt(
            lambda session: agreement.send_back(session, self.cases[number], reasons, self.people[by], self.now)
        )

    @rule()
    def everybody_signs_and_agrees_and_hr_submits(self) -> None:
        waiting = [one for one in EVALUATED if makers.case(one, KEY).stage == "open"]
        if waiting:
            given = [FilledSheet(self.cases[one], c.kpis(4)) for one in waiting]
            self.attempt(lambda session: filled.take(session, self.cycle(session), given, self.now, "system/import"))
        for by in (OFFICIAL, MINISTER):
            self.a_superior_agrees(by, None)
        self.the_machine_walks_twice()
        self.hr_submits(HR, None)

    @rule(by=official, number=st.none() | someone)
    def hr_submits(self, by: str, number: str | None) -> None:
        ids = [self.cases[number]] if number else None
        papers = {"draft_protocol": "1"}
        self.attempt(
            lambda session: submission.submit(session, self.cycle(session), papers, self.people[by], self.now, ids)
        )

    @rule(left_out=st.none() | voter, chair=voter, days=st.integers(-3, 3))
    def an_order_composes_the_commission(self, left_out: str | None, chair: str, days: int) -> None:
        seats = [(one, "chair" if one == chair else "member") for one in VOTERS if one != left_out] + [
            (HR, "secretary")
        ]
        members = [Member(self.people[number], capacity) for number, capacity in seats]
        day = self.today() + timedelta(days=days)
        self.attempt(
            lambda session: commission.compose(
                session, self.cycle(session), members, "order", day, self.people[HR], self.now
            )
        )

    @rule(present=st.sets(voter, min_size=2), stranger=rarely)
    def the_commission_sits(self, present: set[str], stranger: bool) -> None:
        people = {self.people[one] for one in (*present, HR, *((DANA,) if stranger else ()))}
        self.attempt(lambda session: sittings.hold(session, self.cycle(session), people, self.people[HR], self.now))

    @rule(data=st.data(), number=st.none() | someone, score=st.none() | st.integers(0, 6))
    def the_commission_votes(self, data: st.DataObject, number: str | None, score: int | None) -> None:
        votes = {
            self.people[one]: data.draw(st.sampled_from(["approve", "approve", "revise"]))
            for one in data.draw(st.sets(voter, min_size=1))
        }
        revision = None if score is None else Revision(Decimal(score), explanation="…")
        motion = Motion(votes, [self.cases[number]] if number else None, revision)
        self.vote(motion)

    def vote(self, *motions: Motion) -> None:
        if sitting := self.newest():
            self.attempt(lambda session: rulings.decide(session, sitting, motions, self.people[HR], self.now))

    @rule(one=someone)
    def a_sitting_runs_its_course(self, one: str) -> None:
        """The usual way, so that its end is reached often; each step may be refused like any other."""
        self.an_order_composes_the_commission(None, VICE, 0)
        self.the_commission_sits(set(VOTERS), stranger=False)
        self.now += timedelta(minutes=20)
        free = (
            c.all_for("revise", VICE, LAWYER, HEAD_B) if one in (AIGUL, BOLAT) else c.all_for("revise", VICE, OFFICIAL)
        )
        self.vote(Motion(free, [self.cases[one]], Revision(Decimal(2), explanation="…")))
        self.vote(Motion(c.all_for()))
        self.the_protocol_is_signed()
        self.the_results_are_approved(OFFICIAL)
        self.the_machine_walks_twice()

    @rule()
    def a_sitting_approves_everything(self) -> None:
        self.an_order_composes_the_commission(None, VICE, 0)
        self.the_commission_sits(set(VOTERS), stranger=False)
        self.vote(Motion(c.all_for()))
        self.now += timedelta(minutes=5)
        self.the_protocol_is_signed()
        self.the_results_are_approved(OFFICIAL)

    @rule(by=st.sampled_from([HR, HR, DANA]))
    def everybody_signs_for_the_result(self, by: str) -> None:
        self.the_machine_walks_twice()
        self.servants_sign_for_their_results(
            [one for one in EVALUATED if makers.case(one, KEY).stage == "released"], by
        )

    @rule(
        number=someone, outcome=st.sampled_from(["dismissed", "revision_recommended"]), hours=st.sampled_from([1, 100])
    )
    def an_appeal_runs_its_course(self, number: str, outcome: str, hours: int) -> None:
        self.a_servant_appeals(number, stranger=False)
        self.now += timedelta(hours=hours)
        for (newest,) in makers.rows("SELECT MAX(id) FROM appeal"):
            self.the_authority_answers(outcome, newest or 0)

    @rule()
    def the_protocol_is_signed(self) -> None:
        if sitting := self.newest():
            self.attempt(lambda session: sittings.sign_protocol(session, sitting, "No 1", self.people[HR], self.now))

    @rule(by=official)
    def the_results_are_approved(self, by: str) -> None:
        if sitting := self.newest():
            self.attempt(lambda session: sittings.approve(session, sitting, self.people[by], self.now))

    @rule(numbers=st.lists(someone, min_size=1, max_size=4, unique=True), by=official)
    def servants_sign_for_their_results(self, numbers: list[str], by: str) -> None:
        ids = [self.cases[one] for one in numbers]
        self.attempt(lambda session: written.acknowledge(session, self.cycle(session), ids, self.people[by], self.now))

    @rule(number=someone, others=st.lists(st.sampled_from([LAWYER, DANA, BOLAT, HR]), min_size=1, max_size=2))
    def a_servant_refuses(self, number: str, others: list[str]) -> None:
        signers = [self.people[one] for one in others]
        self.attempt(
            lambda session: familiarisation.refuse(
                session, self.cases[number], self.people[HR], signers, "", self.now, "person/2"
            )
        )

    @rule(number=someone)
    def hr_sends_what_was_refused(self, number: str) -> None:
        self.attempt(
            lambda session: written.dispatch(session, self.cases[number], "message 1", self.people[HR], self.now)
        )

    @rule(number=someone, stranger=rarely)
    def a_servant_appeals(self, number: str, stranger: bool) -> None:
        one, by = makers.case(number, KEY), self.people[BOLAT if stranger else number]
        found = self.attempt(lambda session: appeals.lodge(session, one.id or 0, "Agency", "No 1", by, self.now))
        if found is not None:
            assert found.late is (self.now >= self.last_moment(one.completed_at))

    @rule(outcome=st.sampled_from(["dismissed", "revision_recommended", "praised"]), number=st.integers(1, 3))
    def the_authority_answers(self, outcome: str, number: int) -> None:
        self.attempt(lambda session: appeals.answered(session, number, outcome, "No 2", self.people[HR], self.now))

    @rule(number=someone)
    def the_court_is_asked(self, number: str) -> None:
        self.attempt(lambda session: appeals.court(session, self.cases[number], "case 1", self.people[HR], self.now))

    @rule(data=st.data(), number=someone)
    def the_door_is_tried_at_random(self, data: st.DataObject, number: str) -> None:
        event = data.draw(st.sampled_from(sorted(self.ground.walk.steps)))
        one = makers.case(number, KEY)
        if one.stage not in self.ground.walk.steps[event].moves:
            with makers.refused(NotNow, event), work() as session:
                move_one(session, event, one.id or 0, self.now, "person/2")

    # --- small helps --------------------------------------------------------------------------------------------

    def cycle(self, session: Session) -> Any:
        return find_cycle(session, KEY)

    def newest(self) -> int | None:
        return makers.rows("SELECT MAX(id) FROM commission_sitting")[0][0]

    def today(self) -> date:
        return self.ground.day_of(self.now)

    def last_moment(self, completed: Any) -> Any:
        """Counted here once more, apart from the program: 24:00 of the tenth working day after the decision."""
        return end_of_day(self.ground.calendar.after(completed.astimezone(makers.ZONE).date(), 10), makers.ZONE)

    def attempt(self, act: Callable[[Session], Any]) -> Any:
        """Do it; whatever is refused must have changed nothing. What it gave, True for nothing, None if refused."""
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
            self.sheets_are_versions(session, cases)
            self.the_commission_decided_lawfully(session)
            for one in cases:
                self.each_result_proves_itself(session, one)
                self.nobody_loses_the_appeal(session, one)

    def only_permitted_steps_were_walked(self, session: Session, cases: list[Any]) -> None:
        steps: dict[int, list[str]] = defaultdict(list)
        for case, source, to, event in execute(
            session,
            "SELECT j.assessment_id, j.from_stage, j.to_stage, e.event FROM journal_row j"
            " JOIN journal_entry e ON e.id = j.entry_id ORDER BY j.assessment_id, j.version",
        ):
            assert source == (steps[case][-1] if steps[case] else "")
            assert event == "planned" or self.ground.walk.steps[event].moves[source] == to
            steps[case].append(to)
        assert {one.id: one.stage for one in cases} == {case: path[-1] for case, path in steps.items()}

    def sheets_are_versions(self, session: Session, cases: list[Any]) -> None:
        signed, returned = (
            dict(
                tuple(row)
                for row in execute(session, f"SELECT assessment_id, COUNT(*) FROM {table} GROUP BY assessment_id")
            )
            for table in ("sheet_content", "sheet_return")
        )
        for one in cases:
            assert signed.get(one.id, 0) - returned.get(one.id, 0) == (one.stage in SIGNED)
            assert (one.agreed_at is not None) is (one.stage in SIGNED - {"marked"})

    def the_commission_decided_lawfully(self, session: Session) -> None:
        rows = execute(
            session,
            "SELECT d.sitting_id, d.ballot, d.abstained, d.decision, d.version_before, d.version_after, a.person_id,"
            " a.marker_id, a.agreed_by FROM commission_decision d JOIN assessment a ON a.id = d.assessment_id",
        ).all()
        for row in rows:
            votes = {
                one[0]: one[1]
                for one in execute(
                    session, "SELECT person_id, vote FROM commission_vote WHERE sitting_id = :s AND number = :n",
                    {"s": row.sitting_id, "n": row.ballot},
                )
            }  # fmt: skip
            seats = dict(tuple(one) for one in execute(
                session, "SELECT p.person_id, p.capacity FROM commission_presence p WHERE p.sitting_id = :s",
                {"s": row.sitting_id}))  # fmt: skip
            present = {person for person, capacity in seats.items() if capacity != "secretary"}
            assert 3 * len(present) >= 2 * len(VOTERS), "no quorum"
            barred = {row.person_id, row.marker_id, row.agreed_by}
            assert set(json.loads(row.abstained)) >= barred & present
            counted = {person: vote for person, vote in votes.items() if person not in barred}
            mine = sum(vote == row.decision for vote in counted.values())
            chair = next((person for person, capacity in seats.items() if capacity == "chair"), None)
            free = len(present - barred)
            assert 2 * mine > free or (counted.get(chair) == row.decision and 2 * mine == len(counted))
            assert row.version_after - row.version_before == (row.decision == "revise")

    def each_result_proves_itself(self, session: Session, one: Any) -> None:
        found = execute(
            session, "SELECT source, score FROM result WHERE assessment_id = :i ORDER BY version", {"i": one.id}
        ).all()
        assert one.result_version == len(found)
        assert bool(found) is (one.stage in SIGNED - {"marked", "agreed"})
        if found:
            assert str(scoring.recompute(session, one.id).score) == found[0].score

    def nobody_loses_the_appeal(self, session: Session, one: Any) -> None:
        if one.stage in AFTER:
            assert one.completed_at is not None
        if one.stage == "closed":
            assert one.familiarised_at is not None
            assert instant(one.closed_at) >= self.last_moment(instant(one.completed_at))
            waiting = execute(
                session,
                "SELECT COUNT(*) FROM appeal p LEFT JOIN appeal_outcome o ON o.appeal_id = p.id"
                " WHERE p.assessment_id = :i AND p.late = false AND o.appeal_id IS NULL",
                {"i": one.id},
            ).scalar_one()
            assert waiting == 0, "closed over an open appeal"


def lived(new_database: Callable[[str], str], examples: int, steps: int) -> None:
    machine = type("YearHere", (Year,), {"new_database": staticmethod(new_database)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )  # fmt: skip


def prepared(url: str, until: str, folder: Path) -> None:
    """A cycle brought to where some lives begin."""
    use_database(url)
    if until == "open":
        c.opened(c.KPI, folder)
    else:
        c.a_kpi_year(folder, until)
    engine(url).dispose()


@pytest.mark.rule("M-34", "M-47", "M-49", "M-50", "M-60")
def test_a_random_year_on_sqlite(sqlite_template: Path, tmp_path: Path) -> None:
    numbers = itertools.count(1)

    def copied(source: Path) -> str:
        file = tmp_path / f"life{next(numbers)}.db"
        shutil.copy(source, file)
        return f"sqlite:///{file}"

    starts = {}
    for until in STARTS:
        starts[until] = copied(sqlite_template)
        prepared(starts[until], until, tmp_path)
    try:
        lived(lambda start: copied(Path(starts[start].removeprefix("sqlite:///"))), examples=20, steps=35)
    finally:
        use_database(None)


@pytest.mark.slow
@pytest.mark.rule("M-34", "M-47", "M-49", "M-50", "M-60")
def test_a_random_year_on_postgresql(postgres_server: str, postgres_template: str, tmp_path: Path) -> None:
    made: list[str] = []

    def copied(source: str) -> str:
        for url in made:
            engine(url).dispose()
        name = f"year_{len(made)}"
        with psycopg.connect(postgres_server, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE {source}")
        made.append(postgres_server.replace("/postgres?", f"/{name}?"))
        return made[-1]

    for until in STARTS:
        prepared(copied(postgres_template), until, tmp_path)
    starts = {until: f"year_{place}" for place, until in enumerate(STARTS)}
    try:
        lived(lambda start: copied(starts[start]), examples=4, steps=25)
    finally:
        use_database(None)
        for url in made:
            engine(url).dispose()
