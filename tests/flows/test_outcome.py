"""Small things the flows rest on: the clock, the name of a run, how a run ends, how a cycle is drawn."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime

import httpx
import pytest
from prefect import State
from prefect.exceptions import PrefectHTTPStatusError
from prefect.states import Completed, Failed

from rules.errors import Conflict, NotInForce, NotNow
from rules.stages import STAGES
from services.cycle_status import CycleStatus
from tasks.clock import ended_year, moment, today
from tasks.kinds import another_came_first, server_out_of_reach
from tasks.outcome import answered, together, told, told_of_all
from tasks.picture import PLACES, Picture, picture, place, progress


@pytest.mark.parametrize(
    ("at", "day", "year"),
    [
        ("2026-10-01T01:00+05:00", "2026-10-01", 2025),
        ("2026-09-30T23:59+05:00", "2026-09-30", 2025),
        ("2026-09-30T19:30+00:00", "2026-10-01", 2025),  # half past midnight in Almaty
        ("2027-01-05T06:00+05:00", "2027-01-05", 2026),
        ("2026-12-31T19:00+00:00", "2027-01-01", 2026),
    ],
)
def test_the_day_it_is_and_the_year_that_ended(at: str, day: str, year: int) -> None:
    assert str(today(datetime.fromisoformat(at))) == day
    assert ended_year(datetime.fromisoformat(at)) == year


def test_a_run_acts_at_the_real_instant_unless_another_is_asked_for() -> None:
    asked = datetime(2026, 10, 1, tzinfo=UTC)
    assert moment(asked) == asked
    assert abs(datetime.now(UTC) - moment()).total_seconds() < 5


def test_a_run_ends_with_a_sentence() -> None:
    assert told({"Notify": 40, "Compute": 0}).message == "Notify 40"
    assert together({"a": Completed(message="x"), "b": Completed(message="y")}).message == "a: x; b: y"
    broken = together({"a": Completed(), "b": Failed()})
    assert (broken.is_failed(), broken.message) == (True, "1 of 2 failed: b")


def test_a_refusal_keeps_its_sentence_and_hides_no_opening() -> None:
    async def refused() -> State:
        raise NotInForce("the act does not govern 2030")

    said = asyncio.run(answered(refused()))
    assert (said.is_failed(), said.message) == (True, "the act does not govern 2030")
    both = told_of_all([Completed(message="a is open"), said], nothing="-")
    assert (both.is_failed(), both.message) == (True, "a is open; the act does not govern 2030")
    assert told_of_all([], nothing="nothing is to be opened").message == "nothing is to be opened"


def test_only_a_collision_or_the_network_is_tried_again() -> None:
    request = httpx.Request("GET", "http://x")
    busy = PrefectHTTPStatusError("x", request=request, response=httpx.Response(503))
    wrong = PrefectHTTPStatusError("x", request=request, response=httpx.Response(422))
    assert another_came_first(None, None, Failed(data=Conflict("x")))
    assert not another_came_first(None, None, Failed(data=NotNow("x")))
    assert server_out_of_reach(None, None, Failed(data=httpx.ConnectError("x")))
    assert server_out_of_reach(None, None, Failed(data=busy))
    assert not server_out_of_reach(None, None, Failed(data=wrong))


def test_every_stage_has_its_place_in_the_picture() -> None:
    assert list(PLACES) == [stage for stage in PLACES if stage in STAGES]
    assert set(PLACES) == set(STAGES)


@pytest.mark.parametrize(
    ("stage", "counts", "drawn", "signed"),
    [
        ("draft", {"planned": 4}, ("PENDING", "Draft"), 0.0),
        ("approved", {"planned": 4}, ("PENDING", "Notify"), 0.0),
        ("running", {"open": 1, "released": 3}, ("PAUSED", "Collect"), 75.0),
        ("running", {"marked": 1, "released": 3}, ("RUNNING", "Compute"), 100.0),
        ("running", {"released": 1, "closed": 3}, ("PAUSED", "Familiarise"), 100.0),
        ("running", {"familiarised": 1, "requested": 3}, ("PAUSED", "Calibrate"), 100.0),
        ("closed", {"closed": 4}, ("COMPLETED", "Closed"), 100.0),
    ],
)
def test_a_cycle_is_drawn_at_its_slowest_people(
    stage: str, counts: dict[str, int], drawn: tuple[str, str], signed: float
) -> None:
    status = CycleStatus("k", "nchr-2024", "2026-Q3", stage, sum(counts.values()), 0, counts, [], None)
    found: Picture = picture(status, date(2026, 10, 1))
    assert (found.type, found.name) == drawn
    assert progress(status) == signed


def standing(path: str, branches: str, **counts: int) -> CycleStatus:
    """A running cycle of some path with people at some stages."""
    return CycleStatus(
        "k", "a", "2018", "running", sum(counts.values()), 0, counts, [], None,
        evaluation="e", path=tuple(path.split()), branches=tuple(branches.split()),
    )  # fmt: skip


MINISTRY = (
    "planned notified open marked agreed computed submitted decided approved released familiarised closed",
    "return appeal",
)
JUSTICE = (
    "planned notified open self_evaluated marked signed computed submitted decided released familiarised closed",
    "appeal",
)
SURVEY = ("planned notified open computed released familiarised closed", "")
QUARTER = ("planned notified open marked computed released familiarised closed", "calibration")


@pytest.mark.parametrize(
    ("life", "drawn"),
    [
        (
            MINISTRY,
            "Notify Notify Collect* Agree* Compute Decide* Decide* Decide* Familiarise Familiarise* Appeal* Closed",
        ),
        (
            JUSTICE,
            "Notify Notify Collect* Collect* Agree* Compute Decide* Decide* Familiarise Familiarise* Appeal* Closed",
        ),
        (SURVEY, "Notify Notify Collect* Familiarise Familiarise* Close Closed"),
        (QUARTER, "Notify Notify Collect* Compute Familiarise Familiarise* Calibrate* Closed"),
    ],
)
def test_who_acts_next_is_read_from_the_path_of_the_act(life: tuple[str, str], drawn: str) -> None:
    """A star where people act."""
    found = [place(standing(*life), stage) for stage in life[0].split()]
    assert " ".join(f"{name}{'*' if kind == 'PAUSED' else ''}" for name, kind in found) == drawn


def test_a_sheet_before_the_commission_is_marked_and_a_survey_is_counted() -> None:
    waiting = standing(*MINISTRY, submitted=2, open=1, self_evaluated=1)
    assert progress(waiting) == 50.0
    assert "2 of 4 marked, 0 familiarised" in picture(waiting, date(2019, 1, 1)).message
    assert "1 of 2 counted, 0 familiarised" in picture(standing(*SURVEY, open=1, released=1), date(2019, 1, 1)).message
