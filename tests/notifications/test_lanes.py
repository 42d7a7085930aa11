"""A carrier outside the house: its answers, its silence, its rest, and what is asked before anything is sent twice."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from models.work import reading, work
from notifications import hand_over, notify
from notifications.channels import Accepted, Message, Outcome, Permanent, Temporary, Unknown
from notifications.claiming import claim_fresh, lane_words
from notifications.house import House
from notifications.lanes import Limits, resume, standstills
from notifications.marking import attempted
from rules.errors import NotFound
from tests.notifications.house import EVERYBODY, FACTS, NOW, Papers, populate
from tests.notifications.scripted import Scripted, live

MINUTE = timedelta(minutes=1)


def _waiting(people: int) -> None:
    populate(people)
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, facts=FACTS, channels=["email"])


def _rows(query: str) -> list[tuple[object, ...]]:
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def _states() -> dict[object, object]:
    return dict(_rows("SELECT state, COUNT(*) FROM notice GROUP BY state"))  # type: ignore[arg-type]


def _events(notice: int = 1) -> list[object]:
    return [row[0] for row in _rows(f"SELECT event FROM receipt WHERE notice_id = {notice} ORDER BY id")]


def test_what_is_taken_is_handed_with_the_carriers_own_reference(database: str, outbox: Path) -> None:
    """Written down before it leaves, and again when it is taken."""
    _waiting(10)
    carrier = Scripted()
    assert live(carrier, outbox, NOW).handed == {"email": 10}
    assert sorted(carrier.got) == list(range(1, 11))
    assert _events() == ["attempted", "accepted"]
    assert _rows("SELECT DISTINCT carrier, state, tries FROM notice") == [("scripted", "handed", 1)]
    assert live(carrier, outbox, NOW + MINUTE).handed == {}


def test_silence_is_not_answered_with_a_second_message(database: str, outbox: Path) -> None:
    """Nothing within the grace time; then the carrier is asked, and knows."""
    _waiting(3)
    carrier = Scripted(silent=True)
    assert live(carrier, outbox, NOW).unknown == 3
    assert live(carrier, outbox, NOW + 11 * MINUTE).handed == {}
    assert len(carrier.got) == 3
    carrier.silent = False
    assert live(carrier, outbox, NOW + 16 * MINUTE).handed == {"email": 3}
    assert len(carrier.got) == 3
    assert _events() == ["attempted", "unknown", "accepted"]
    assert _rows("SELECT DISTINCT possible_duplicate FROM notice")[0][0] in (0, False)


@pytest.mark.parametrize("can_be_asked", [True, False])
def test_what_the_carrier_does_not_know_is_sent_again_and_flagged(
    database: str, outbox: Path, can_be_asked: bool
) -> None:
    """Lost on the way, or nobody to ask: a loss is worse than a repetition, and the repetition is said."""
    _waiting(1)
    lost = Scripted(lambda message: Unknown("the line broke", "reset"), can_be_asked=can_be_asked)
    live(lost, outbox, NOW)
    well = Scripted(can_be_asked=can_be_asked)
    done = live(well, outbox, NOW + 16 * MINUTE)
    assert (done.resent, done.handed) == (1, {"email": 1})
    assert _events() == ["attempted", "unknown", "resent", "attempted", "accepted"]
    assert _rows("SELECT possible_duplicate FROM notice")[0][0] in (1, True)


def test_a_worker_that_died_may_have_sent_what_it_held(database: str, outbox: Path) -> None:
    """Its notices are asked about, not sent again."""
    _waiting(2)
    carrier = Scripted()
    carrier.got = [1]
    with work() as session:
        then = NOW - timedelta(hours=1)
        attempted(session, claim_fresh(session, then, 2, lane_words("nchr-sample", "email")), carrier.name, then)
    done = live(carrier, outbox, NOW)
    assert (done.handed, done.resent, sorted(carrier.got)) == ({"email": 2}, 1, [1, 2])


def test_later_means_later_and_never_means_never(database: str, outbox: Path) -> None:
    """A refusal for now is tried again after its pause; a refusal for good is a sentence."""
    _waiting(2)

    def script(message: Message) -> Outcome:
        return Temporary("the box is full", "452") if message.notice_id == 1 else Permanent("no such box", "550")

    assert live(Scripted(script), outbox, NOW).postponed == 1
    assert _rows("SELECT state, failure FROM notice ORDER BY id") == [
        ("waiting", "the box is full"),
        ("failed", "no such box"),
    ]
    assert live(Scripted(), outbox, NOW + timedelta(seconds=50)).handed == {}
    assert live(Scripted(), outbox, NOW + 2 * MINUTE).handed == {"email": 1}
    assert _rows("SELECT event, code FROM receipt WHERE notice_id = 2 ORDER BY id") == [
        ("attempted", None),
        ("rejected", "550"),
    ]


def test_a_full_box_is_not_knocked_at_for_ever(database: str, outbox: Path) -> None:
    """Eight tries, then the way is closed and the next channel's turn."""
    _waiting(1)
    carrier = Scripted(lambda message: Temporary("the box is full", "452"))
    for hour in range(12):
        live(carrier, outbox, NOW + hour * timedelta(hours=1))
    assert _rows("SELECT state, tries FROM notice") == [("failed", 8)]


def test_the_carriers_own_haste_spends_no_try(database: str, outbox: Path) -> None:
    """429 was never processed: the notice keeps its tries, and the lane waits as long as it was asked to."""
    _waiting(1)
    busy = Scripted(lambda message: Temporary("too many", "429", spends=False, after=30 * MINUTE))
    live(busy, outbox, NOW)
    assert _rows("SELECT state, tries FROM notice") == [("waiting", 0)]
    assert live(Scripted(), outbox, NOW + 29 * MINUTE).handed == {}
    assert live(Scripted(), outbox, NOW + 31 * MINUTE).handed == {"email": 1}
    assert _events() == ["attempted", "postponed", "attempted", "accepted"]


def test_a_carrier_that_fails_rests_and_is_probed_once_a_minute(database: str, outbox: Path) -> None:
    """No storm: after the failures nothing but a sign of life a minute, then everything leaves."""
    _waiting(100)
    carrier = Scripted(lambda message: Temporary("down", "503", ours=True))
    live(carrier, outbox, NOW)
    assert _states() == {"waiting": 100}
    with reading() as session:
        found = standstills(session)
    assert [(one.state, one.waiting, one.reason) for one in found] == [("resting", 100, "down")]
    carrier.alive = False
    for second in range(0, 600, 10):
        live(carrier, outbox, NOW + MINUTE + timedelta(seconds=second))
    assert carrier.pings in (9, 10)  # the hand-overs themselves take a moment
    carrier.alive, carrier.script = True, lambda message: Accepted("x", "0" * 64)
    assert live(carrier, outbox, NOW + 13 * MINUTE).handed == {"email": 100}
    assert [row[0] for row in _rows("SELECT event FROM journal_entry ORDER BY id")] == ["lane_rests", "lane_resumed"]


def test_a_wrong_account_stops_the_lane_and_costs_nobody_their_notice(database: str, outbox: Path) -> None:
    """Our fault is not the recipient's: every notice waits until an operator mended it."""
    _waiting(50)
    carrier = Scripted(lambda message: Permanent("the key is wrong", "20003", ours=True))
    live(carrier, outbox, NOW)
    assert _states() == {"waiting": 50}
    with work() as session:
        resume(session, "nchr-sample", "email", NOW, "person/1", "the key was replaced")
    assert live(Scripted(), outbox, NOW + MINUTE).handed == {"email": 50}
    with work() as session, pytest.raises(NotFound, match="nothing to resume"):
        resume(session, "nchr-sample", "email", NOW, "person/1", "again")


def test_the_days_cap_and_the_rate_are_kept(database: str, outbox: Path) -> None:
    """A brake on a runaway: what is over the cap leaves on the next day of the body."""
    _waiting(30)
    carrier = Scripted()
    limits = Limits(per_day=20)
    assert live(carrier, outbox, NOW, limits).handed == {"email": 20}
    assert live(carrier, outbox, NOW + 60 * MINUTE, limits).handed == {}
    assert live(carrier, outbox, NOW + timedelta(days=1), limits).handed == {"email": 10}


def test_a_rate_is_never_overrun(database: str, outbox: Path) -> None:
    """Ten a second: twenty-five take more than two seconds, and all leave."""
    _waiting(25)
    began = time.monotonic()
    assert live(Scripted(), outbox, NOW, Limits(per_second=10)).handed == {"email": 25}
    assert time.monotonic() - began > 1.5


def test_a_channel_without_a_carrier_rests_and_says_why(database: str, outbox: Path) -> None:
    """What waits in it is seen; once it has a carrier, everything leaves."""
    _waiting(3)
    nobody = {"nchr-sample": House("nchr-sample")}
    done = hand_over("live", outbox, NOW, documents=Papers(), houses=nobody)
    hand_over("live", outbox, NOW + MINUTE, documents=Papers(), houses=nobody)
    with reading() as session:
        found = standstills(session)
    assert [(one.state, one.waiting, one.reason) for one in found] == [("resting", 3, done.problems[0])]
    assert "no carrier for email" in done.problems[0]
    assert live(Scripted(), outbox, NOW + 5 * MINUTE).handed == {"email": 3}
    assert [row[0] for row in _rows("SELECT event FROM journal_entry ORDER BY id")] == ["lane_rests", "lane_resumed"]
