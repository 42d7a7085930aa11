"""Sheets, the Commission and appeals: dates out of order, wrong numbers, days far away, the wrong cycle, two at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from models.work import reading, work
from rules.errors import Conflict, Incomplete, NotNow
from services import agreement, commission, rulings, sittings, submission
from services.evidence import verify
from services.ground import find_cycle
from services.rulings import Motion
from tests import commission as acts
from tests.commission import AIGUL, COMPETENCIES, HR, KPI, OFFICIAL, POINTS, VICE, case, kpis
from tests.makers import at, person, refused, rows, walk


def problems() -> list[str]:
    with reading() as session:
        return verify(session).problems


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """What a refused command says."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 1
    return capsys.readouterr().err


@pytest.mark.rule("M-35", "M-36")
@pytest.mark.usefixtures("sqlite_database")
def test_a_sheet_sent_back_is_not_signed_anew_before_it_was_sent_back(tmp_path: Path) -> None:
    key = acts.opened(KPI, tmp_path)
    acts.sign(key, AIGUL, kpis(4), "2019-01-15")
    with work() as session:
        agreement.send_back(session, case(key, AIGUL), "no report", person(OFFICIAL), at("2019-01-17"))
    with refused(NotNow, "a signature on 2019-01-16 would lie before .* 2019-01-17"):
        acts.sign(key, AIGUL, kpis(4), "2019-01-16 23:59")
    acts.sign(key, AIGUL, kpis(4), "2019-01-17 00:00")
    assert problems() == []


@pytest.mark.rule("J-34", "J-35")
@pytest.mark.usefixtures("sqlite_database")
def test_the_supervisor_signs_no_sooner_than_the_own_part_came(tmp_path: Path) -> None:
    key = acts.a_quarter(tmp_path, "self")
    with refused(NotNow, "a signature on 2017-10-02 would lie before .* 2017-10-03"):
        acts.sign(key, AIGUL, POINTS, "2017-10-02 23:59")
    acts.sign(key, AIGUL, POINTS, "2017-10-03 00:00")


@pytest.mark.rule("M-12", "M-48", "M-52", "M-53")
@pytest.mark.usefixtures("sqlite_database")
def test_no_day_of_the_commission_is_out_of_order_or_out_of_sight(tmp_path: Path) -> None:
    key = acts.opened(KPI, tmp_path)
    acts.signed_all(key, kpis(4), "2019-01-15")
    acts.agreed_all(key, "2019-01-16")
    walk("2019-01-16 12:00", key)
    with refused(NotNow, "A submission on 2019-01-15 would lie before .* 2019-01-16"):
        acts.submitted(key, "2019-01-15", KPI)
    members = [commission.Member(person(number), capacity) for number, capacity in acts.SEATS]
    with refused(NotNow, "2020-01-18 lies more than 366 days ahead"), work() as session:
        cycle, day = find_cycle(session, key), at("2020-01-18").date()
        commission.compose(session, cycle, members, "No 7", day, person(HR), at("2019-01-16"))
    acts.composed(key, "2019-01-16")
    acts.submitted(key, "2019-01-17", KPI)
    with refused(NotNow, "2020-01-19 lies more than 366 days ahead"), work() as session:
        submission.call(session, find_cycle(session, key), at("2020-01-19").date(), person(HR), at("2019-01-17"))
    with refused(NotNow, "Nothing lay before the Commission on 2019-01-16"):
        acts.sat(key, "2019-01-16 23:59")
    sitting = acts.sat(key, "2019-01-17 23:59")
    with refused(Incomplete, "No vote was given"):
        acts.decided(sitting, "2019-01-17 23:59", Motion({}))
    with refused(NotNow, "its votes are of that day"):
        acts.decided(sitting, "2019-01-18 00:00")
    assert rows("SELECT COUNT(*) FROM commission_ballot") == [(0,)]
    assert problems() == []


@pytest.mark.rule("M-49", "M-56")
@pytest.mark.usefixtures("sqlite_database")
def test_a_sitting_or_an_appeal_is_looked_for_in_its_own_cycle(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = acts.a_kpi_year(tmp_path, "submitted")
    acts.sat(key, "2019-01-22 10:00")
    other = acts.opened(COMPETENCIES, tmp_path)
    day = ("--at", "2019-01-22T11:00", "--by", HR)
    vote = ("--vote", f"{VICE}=approve")
    for words in (
        ("commission", "decide", other, "1", *vote, *day),
        ("commission", "protocol", other, "1", "No 3", *day),
        ("commission", "approve", other, "1", *day),
    ):
        assert "There is no sitting 1 of this cycle" in told(capsys, *words)
    assert acts.stages(key) == {"submitted": 7}


@pytest.mark.usefixtures("sqlite_database")
def test_marks_by_rows_on_a_form_without_rows_are_told_the_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = acts.opened(KPI, tmp_path)
    words = ("sheets", "sign", key, AIGUL, "4", "4", "--by", acts.HEAD_A, "--at", "2019-01-15T10:00")
    assert "are no rows of marks; hand in a JSON or YAML list with `sheets import`, or" in told(capsys, *words)


@pytest.mark.rule("M-49")
def test_of_two_votes_at_once_on_the_same_results_one_counts(database: str, tmp_path: Path) -> None:
    key = acts.a_kpi_year(tmp_path, "submitted")
    sitting = acts.sat(key, "2019-01-22 10:00")
    votes, by, said = acts.all_for(), person(HR), list[str]()
    both = threading.Barrier(2)

    def vote() -> None:
        both.wait()
        try:
            with work() as session:
                rulings.decide(session, sitting, [Motion(votes)], by, at("2019-01-22 10:30"))
            said.append("done")
        except (Conflict, NotNow):
            said.append("refused")

    _together(vote, vote)
    assert sorted(said) == ["done", "refused"]
    assert acts.stages(key) == {"decided": 7}
    assert rows("SELECT COUNT(*) FROM commission_ballot") == [(1,)]
    assert problems() == []


def test_a_sheet_agreed_and_sent_back_at_once_goes_one_way(database: str, tmp_path: Path) -> None:
    key = acts.opened(KPI, tmp_path)
    acts.signed_all(key, kpis(4), "2019-01-15")
    one, by, said = case(key, AIGUL), person(OFFICIAL), list[str]()
    both = threading.Barrier(2)

    def hand(act: Callable[[Any], object]) -> Callable[[], None]:
        def run() -> None:
            both.wait()
            try:
                with work() as session:
                    act(session)
                said.append("done")
            except (Conflict, NotNow):
                said.append("refused")

        return run

    _together(
        hand(lambda session: agreement.agree(session, find_cycle(session, key), by, at("2019-01-16"), [one])),
        hand(lambda session: agreement.send_back(session, one, "no", by, at("2019-01-16"))),
    )
    assert sorted(said) == ["done", "refused"]
    assert problems() == []


def test_two_approvals_or_protocols_at_once_leave_one(database: str, tmp_path: Path) -> None:
    key = acts.a_kpi_year(tmp_path, "decided")
    by, official, said = person(HR), person(OFFICIAL), list[str]()
    both = threading.Barrier(2)

    def twice(act: Callable[[Any], object]) -> Callable[[], None]:
        def run() -> None:
            both.wait()
            try:
                with work() as session:
                    act(session)
                said.append("done")
            except (Conflict, NotNow):
                said.append("refused")

        return run

    sign = twice(lambda session: sittings.sign_protocol(session, 1, "No 3", by, at("2019-01-22 16:00")))
    _together(sign, sign)
    approve = twice(lambda session: sittings.approve(session, 1, official, at("2019-01-22 17:00")))
    _together(approve, approve)
    assert sorted(said) == ["done", "done", "refused", "refused"]
    assert acts.stages(key) == {"approved": 7}
    assert problems() == []


def _together(*acts_: Callable[[], None]) -> None:
    hands = [threading.Thread(target=one) for one in acts_]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
