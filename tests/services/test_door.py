"""The one door: a set or a single case moves with its journal, once, whole or not at all, whoever pushes beside it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest

from models.base import stamp
from models.work import reading, work
from rules.errors import Conflict, NotFound, NotNow, RuleError
from services import calibration, familiarisation, sheets
from services import cycle as cycles
from services.cycle import open_cycle
from services.door import move, move_one
from services.evidence import verify
from services.ground import find_cycle
from services.sheets import SignedSheet
from tests import makers
from tests.makers import AIGUL, BOLAT, ERLAN, HEAD_B, at, case, refused, rows
from tests.nchr import SAMPLE

ROOT = Path(__file__).parents[2]


def whole() -> None:
    """The chain holds and every assessment has exactly one journal row for each version."""
    with reading() as session:
        assert verify(session).problems == []
    assert rows("SELECT id FROM assessment a WHERE version <> (SELECT COUNT(*) FROM journal_row j"
                " WHERE j.assessment_id = a.id)") == []  # fmt: skip


# --- a set ---------------------------------------------------------------------------------------------------


def test_a_set_moves_with_one_entry_and_one_row_for_each(database: str) -> None:
    makers.a_cycle("approved")
    before = rows("SELECT MAX(seq) FROM journal_entry")[0][0]
    with work() as session:
        assert move(session, "notified", 1, at("2026-10-01 11:00"), "person/2", reason="told") == 9
    assert rows("SELECT event FROM journal_entry WHERE seq > :s", s=before) == [("notified",)]
    assert rows("SELECT DISTINCT from_stage, to_stage, version FROM journal_row WHERE version = 2") == [
        ("planned", "notified", 2)
    ]
    whole()


def test_where_nobody_stands_there_nothing_is_said(database: str) -> None:
    makers.a_cycle("approved")
    with refused_nothing(), work() as session:
        assert move(session, "computed", 1, at("2026-10-01 11:00"), "system/advance") == 0


class refused_nothing:  # noqa: N801 - reads as a sentence
    """The block changes nothing and is not refused."""

    def __enter__(self) -> None:
        self.before = makers.everything()

    def __exit__(self, *trouble: Any) -> None:
        assert makers.everything() == self.before


def test_an_empty_move_beside_a_full_one_does_not_stop_the_next_transaction(database: str) -> None:
    makers.a_cycle("approved")
    with work() as session:
        assert move(session, "computed", 1, at("2026-10-01 11:00"), "system/advance") == 0
        assert move(session, "notified", 1, at("2026-10-01 11:00"), "system/advance") == 9
    with work() as session:
        assert move(session, "opened", 1, at("2026-10-01 11:01"), "system/advance") == 9
    whole()


def test_a_set_leaves_other_cycles_and_other_stages_alone(database: str) -> None:
    makers.a_cycle("approved")
    with work() as session:
        other = open_cycle(session, SAMPLE, "nchr-2024", "2026-Q2", at("2026-07-01 09:00"), "person/1")
        two = find_cycle(session, other).id or 0
        assert move(session, "released", two, at("2026-10-01 11:00"), "system/advance") == 0
        only = case(AIGUL).id
        assert move(session, "notified", 1, at("2026-10-01 11:00"), "x", where="id = :only", params={"only": only}) == 1
    assert [row.stage for row in (case(AIGUL), case(BOLAT))] == ["notified", "planned"]
    whole()


# --- one case ------------------------------------------------------------------------------------------------


def test_an_event_out_of_order_is_refused_with_both_stages_and_the_rule(database: str) -> None:
    makers.a_cycle("open")
    with refused(NotNow, r"'released' .* cannot happen now: the stage is 'open', it must be 'computed' \(N-18\)"):
        moved("released", AIGUL)


def test_an_event_twice_is_refused_as_already_recorded(database: str) -> None:
    makers.a_cycle("open")
    moved("marked", AIGUL)
    with refused(NotNow, "'marked' .* was already recorded: the stage is 'marked'. It is not recorded twice"):
        moved("marked", AIGUL)


def test_an_unknown_assessment_is_refused(database: str) -> None:
    makers.a_cycle("draft")
    with refused(NotFound, "There is no assessment 4711"), work() as session:
        move_one(session, "notified", 4711, at("2026-10-01"), "person/1")


def test_a_guard_that_does_not_hold_is_a_conflict(database: str) -> None:
    makers.a_cycle("open")
    one = case(AIGUL)
    with refused(Conflict, "was changed by another event at the same moment"), work() as session:
        move_one(session, "marked", one.id or 0, at("2026-10-05"), "person/1", guard={"marker_id": one.person_id})


def test_an_instant_without_a_zone_is_refused(database: str) -> None:
    makers.a_cycle("open")
    with refused(ValueError, "must be aware"), work() as session:
        move_one(session, "marked", case(AIGUL).id or 0, at("2026-10-05").replace(tzinfo=None), "person/1")


def moved(event: str, number: str, now: str = "2026-10-05") -> str:
    one = case(number)
    with work() as session:
        return move_one(session, event, one.id or 0, at(now), f"person/{one.person_id}")


# --- many at the same moment -----------------------------------------------------------------------------------


def race(acts: list[Callable[[], Any]]) -> list[str]:
    """Start all at once; each says "won" or the refusal's sentence."""
    ready = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> str:
        ready.wait(timeout=30)
        try:
            act()
        except RuleError as refusal:
            assert isinstance(refusal, NotNow | Conflict), refusal
            assert str(refusal).endswith(".")
            return str(refusal)
        return "won"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def only_one_wins(act: Callable[[], Any], times: int = 8) -> None:
    outcome = race([act] * times)
    assert outcome.count("won") == 1, outcome
    whole()


def test_one_result_is_opened_once_by_eight_clicks(database: str) -> None:
    makers.a_cycle("released")
    one = case(AIGUL)

    def click() -> None:
        with work() as session:
            familiarisation.open_result(session, one.id or 0, one.person_id, at("2026-10-07"))

    only_one_wins(click)
    assert case(AIGUL).version == one.version + 1


def test_one_sheet_is_signed_once_by_eight_submissions(database: str) -> None:
    makers.a_cycle("open")
    one = case(AIGUL)

    def signed() -> None:
        with work() as session:
            sheet = SignedSheet(one.id or 0, makers.all_marks(), signed_by=one.marker_id)
            sheets.submit(session, sheet, at("2026-10-05"), f"person/{one.marker_id}")

    only_one_wins(signed)
    assert rows("SELECT COUNT(*) FROM mark WHERE assessment_id = :i", i=one.id) == [(5,)]


def test_one_request_is_received_once(database: str) -> None:
    makers.a_cycle("familiarised")
    only_one_wins(makers.disagrees, times=6)
    assert rows("SELECT COUNT(*) FROM calibration_request") == [(1,)]


def test_one_request_is_decided_once(database: str) -> None:
    makers.a_cycle("familiarised")
    request = makers.disagrees().request_id
    seats, official = makers.members(), makers.person(makers.OFFICIAL)

    def decided() -> None:
        with work() as session:
            calibration.call_session(session, request, seats, official, at("2026-10-09"))

    only_one_wins(decided, times=6)
    assert rows("SELECT COUNT(*) FROM calibration_session") == [(1,)]


def test_one_protocol_is_signed_once(database: str) -> None:
    makers.a_cycle("familiarised")
    session_id = makers.a_session()
    makers.held(session_id, "5", "5", "5")

    def signed() -> None:
        with work() as session:
            calibration.sign_protocol(session, session_id, at("2026-10-12 15:00"), "person/2")

    only_one_wins(signed, times=6)
    assert [version for version, *_ in makers.results(AIGUL)] == [1, 2]


def test_one_schedule_is_approved_once_and_one_cycle_opened_once(database: str) -> None:
    makers.a_body()
    outcome = race([makers.opened] * 4)
    assert "won" in outcome
    assert rows("SELECT COUNT(*) FROM cycle") == [(1,)]
    assert rows("SELECT COUNT(*) FROM assessment") == [(9,)]
    only_one_wins(makers.approved, times=4)


def test_the_same_advance_run_four_times_at_once_moves_everybody_once(database: str) -> None:
    makers.a_cycle("approved")
    race([lambda: makers.walk("2026-10-01 12:00")] * 4)
    makers.walk("2026-10-01 12:00")
    assert rows("SELECT stage, version, COUNT(*) FROM assessment GROUP BY stage, version") == [("open", 3, 9)]
    assert len(makers.notices("evaluation_announced")) == 8
    whole()


def test_different_people_do_not_stand_in_each_others_way(database: str) -> None:
    makers.a_cycle("released")
    people = [case(number) for number in (AIGUL, BOLAT, makers.DANA, makers.FARIDA, HEAD_B, makers.HR)]

    def opens(one: Any) -> Callable[[], None]:
        def click() -> None:
            with work() as session:
                familiarisation.open_result(session, one.id or 0, one.person_id, at("2026-10-07"))

        return click

    assert race([opens(one) for one in people]) == ["won"] * len(people)
    whole()


# --- processes, and what a killed one leaves -------------------------------------------------------------------


RIVALS = """
import os, sys, time
from datetime import datetime
from models.work import use_database, work
from rules.errors import Conflict, NotNow
from services import familiarisation
url, assessment, person, now = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), datetime.fromisoformat(sys.argv[4])
use_database(url)
start = time.time() + 0.2
children = []
for rival in range(4):
    child = os.fork()
    if child:
        children.append(child)
        continue
    time.sleep(max(0, start - time.time()))
    try:
        with work() as session:
            familiarisation.open_result(session, assessment, person, now)
        said = "won"
    except (NotNow, Conflict) as refusal:
        said = str(refusal)
    os.write(1, (said + os.linesep).encode())
    os._exit(0)
for child in children:
    os.waitpid(child, 0)
"""


def process(script: str, *words: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.run(command, cwd=ROOT, text=True, capture_output=True, timeout=60, check=False)


def test_four_processes_open_one_result_and_one_wins(database: str) -> None:
    makers.a_cycle("released")
    one = case(AIGUL)
    said = process(RIVALS, database, one.id, one.person_id, "2026-10-07T09:00:00+05:00").stdout.splitlines()
    assert said.count("won") == 1, said
    assert len(said) == 4
    assert all(one == "won" or "already recorded" in one or "same moment" in one for one in said)
    whole()


KILLED = """
import os, sys
from datetime import datetime
from models.work import use_database, work
from services import advance
use_database(sys.argv[1])
with work() as session:
    now = datetime.fromisoformat(sys.argv[2])
    assert advance.compute_scores(session, "nchr-sample-2026-q3", now) == 9
    assert advance.release_results(session, "nchr-sample-2026-q3", now) == 9
    session.flush()
    os.kill(os.getpid(), 9)
"""


def test_a_killed_transaction_leaves_nothing_and_the_next_one_does_the_work(database: str) -> None:
    makers.a_cycle("marked")
    before = makers.everything()
    assert process(KILLED, database, "2026-10-06T09:00:00+05:00").returncode == -9
    assert makers.everything() == before
    makers.walk("2026-10-06")
    assert case(ERLAN).stage == "released"
    whole()


def test_a_broken_transaction_leaves_nothing(database: str) -> None:
    makers.a_cycle("marked")
    with refused(ZeroDivisionError, "division"), work() as session:
        cycles.finish(session, makers.KEY, at("2026-10-06"))
        move(session, "computed", 1, at("2026-10-06"), "system/advance")
        session.flush()
        1 / 0  # noqa: B018 - anything that breaks
    whole()


def test_two_transactions_that_fail_for_other_reasons_are_no_conflict(database: str) -> None:
    makers.a_cycle("open")
    with pytest.raises(Exception) as trouble, work() as session:
        move_one(session, "replaced", case(AIGUL).id or 0, at("2026-10-02"), "x", sets={"marker_id": 999_999})
        session.flush()
    assert not isinstance(trouble.value, Conflict)
    assert stamp(at("2026-10-02")).endswith("Z")
