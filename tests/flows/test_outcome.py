"""Small things the flows rest on: the clock, the name of a run, how a run ends, how a cycle is drawn."""

from __future__ import annotations

from datetime import UTC, date, datetime

import httpx
import pytest
from prefect.exceptions import PrefectHTTPStatusError
from prefect.states import Completed, Failed

from rules.errors import Conflict, NotNow
from rules.stages import STAGES
from services.cycle import CycleStatus
from tasks.clock import ended_quarter, ended_year, moment
from tasks.kinds import another_came_first, server_out_of_reach
from tasks.outcome import together, told
from tasks.picture import PLACES, Picture, picture, progress


@pytest.mark.parametrize(
    ("at", "quarter", "year"),
    [
        ("2026-10-01T01:00+05:00", "2026-Q3", 2025),
        ("2026-09-30T23:59+05:00", "2026-Q2", 2025),
        ("2026-09-30T19:30+00:00", "2026-Q3", 2025),  # half past midnight in Almaty
        ("2027-01-05T06:00+05:00", "2026-Q4", 2026),
        ("2027-02-28T06:00+05:00", "2026-Q4", 2026),
    ],
)
def test_the_quarter_and_the_year_that_ended(at: str, quarter: str, year: int) -> None:
    assert ended_quarter(datetime.fromisoformat(at)) == quarter
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
