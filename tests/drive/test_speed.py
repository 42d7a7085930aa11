"""How soon a notice leaves, with a provider 150 ms away. Slow: it needs the machine for itself."""

from __future__ import annotations

import pytest

from benchmarks.hand_over import alone, at_once

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize("carrier", ["sendgrid", "twilio"])
def test_ten_thousand_leave_within_two_minutes(carrier: str) -> None:
    assert at_once(carrier, 10_000, latency=0.15) <= 120


def test_of_single_notices_ninety_five_in_a_hundred_are_accepted_within_ten_seconds() -> None:
    took = alone(60, latency=0.15)
    assert took[int(0.95 * len(took)) - 1] <= 10
