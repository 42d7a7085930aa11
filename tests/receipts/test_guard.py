"""The bounce guard: warned of, stopped, resumed by an officer; and carriers that report a fault of their own."""

from __future__ import annotations

import pytest

from models.work import work
from notifications.lanes import Limits, resume
from services.callbacks import Collected, collect_all
from tests.notifications.house import NOW
from tests.receipts.conftest import Carrier, Give
from tests.receipts.far_side import BODY, batch, event, house
from tests.receipts.test_collecting import DAY, MINUTE, rows, tell, tell_twilio

HOUSES = {BODY: house(limits=Limits(bounce_least=20))}


def _bounced(*numbers: int, minutes: int = 1) -> Collected:
    now = NOW + minutes * MINUTE
    tell("sendgrid", [batch(*(event(number, "bounce", NOW, status="5.1.1") for number in numbers))], now)
    return collect_all(HOUSES, now + MINUTE, 90)


def _lane() -> tuple[object, ...]:
    return rows("SELECT state, reason FROM lane WHERE channel = 'email'")[0]


def _journal(event: str) -> int:
    return int(rows(f"SELECT COUNT(*) FROM journal_entry WHERE event = '{event}'")[0][0])


def test_one_in_twenty_is_warned_of_once_a_day_and_one_in_ten_stops_the_channel(database: str, give: Give) -> None:
    give(40, Carrier("sendgrid"))
    assert _bounced(1).problems == ()
    (warning,) = _bounced(2, minutes=5).problems
    assert "2 of 40 (5%) by email came back" in warning
    assert (_lane()[0], _journal("lane_warned")) == ("running", 1)
    assert _bounced(3, minutes=9).problems == ()
    (stopped,) = _bounced(4, minutes=13).problems
    assert "the channel is stopped" in stopped
    assert (_lane()[0], _journal("lane_stopped")) == ("stopped", 1)
    assert _bounced(5, minutes=17).problems == ()


def test_what_an_officer_has_looked_at_stops_nothing_again(database: str, give: Give) -> None:
    give(40, Carrier("sendgrid"))
    assert _bounced(1, 2, 3, 4).problems
    with work() as session:
        resume(session, BODY, "email", NOW + 5 * MINUTE, "person/1", "the addresses were corrected")
    assert _bounced(5, minutes=9).problems == ()
    assert _lane()[0] == "running"


def test_a_few_messages_prove_nothing(sqlite_database: str, give: Give) -> None:
    give(19, Carrier("sendgrid"))
    assert _bounced(*range(1, 20)).problems == ()


def test_what_came_back_of_yesterday_is_not_counted_today(sqlite_database: str, give: Give) -> None:
    give(40, Carrier("sendgrid"))
    assert _bounced(*range(1, 41), minutes=25 * 60).problems == ()
    assert rows("SELECT COUNT(*) FROM receipt WHERE event = 'undelivered'") == [(40,)]


@pytest.mark.parametrize(("late", "state"), [(False, "resting"), (True, "running")])
def test_a_fault_of_the_account_lets_the_channel_rest_while_it_is_news(
    sqlite_database: str, give: Give, late: bool, state: str
) -> None:
    """30007: filtered because of the sender; no fault of the person's."""
    give(1, Carrier("twilio"), "sms")
    at = NOW + (DAY if late else MINUTE)
    tell_twilio(1, "undelivered", at=at, ErrorCode="30007")
    done = collect_all(HOUSES, at + (DAY if late else MINUTE), 90)
    assert done.undelivered == 1
    assert bool(done.problems) is not late
    assert rows("SELECT state FROM lane WHERE channel = 'sms'") == [(state,)]
