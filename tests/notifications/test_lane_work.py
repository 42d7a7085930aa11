"""How a lane works: many at once, in the order of their terms, none held up by another, and nothing sent that is put back."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event, Lock, Thread

import psycopg
import pytest
from sqlalchemy import text

from models.work import reading, work
from notifications import hand_over, notify
from notifications.channels import Accepted, Answer, Message, Outcome, Temporary, Unknown
from notifications.house import House
from notifications.lanes import Limits, lane_of, standstills, stop
from notifications.waiting import AWAY, due_lanes, surely
from rules.errors import Conflict
from tests.notifications.house import EVERYBODY, FACTS, NOW, Papers, populate
from tests.notifications.scripted import Scripted, house_of, live, taken

MINUTE = timedelta(minutes=1)


def _tell(channel: str = "email", who: str = "1 = 1", **more: object) -> None:
    with work() as session:
        select = f"{EVERYBODY} WHERE {who}"
        notify(session, "result_ready", 1, NOW, select=select, facts=FACTS, channels=[channel], **more)  # type: ignore[arg-type]


def _rows(query: str) -> list[tuple[object, ...]]:
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def _states() -> dict[object, object]:
    return dict(_rows("SELECT state, COUNT(*) FROM notice GROUP BY state"))  # type: ignore[arg-type]


class Deaf(Scripted):
    """Answers no question, and counts them."""

    asked = 0

    def ask(self, message: Message) -> Answer:
        self.asked += 1
        return Temporary("no answer", ours=True) if self.deaf else super().ask(message)

    deaf = True


def test_a_message_that_hangs_holds_one_thread(database: str, outbox: Path) -> None:
    """The others leave and are marked meanwhile."""
    populate(60)
    _tell()
    go_on = Event()

    def script(message: Message) -> Outcome:
        if message.notice_id == 1:
            go_on.wait(20)
        return taken(message)

    at_work = Thread(target=live, args=(Scripted(script), outbox, NOW))
    at_work.start()
    for _ in range(200):
        if _states() == {"handed": 59, "claimed": 1}:
            break
        time.sleep(0.05)
    assert _states() == {"handed": 59, "claimed": 1}
    go_on.set()
    at_work.join(20)
    assert _states() == {"handed": 60}


def test_a_lane_that_hangs_delays_no_other(database: str, outbox: Path) -> None:
    """Each has its own threads and its own connection to the database."""
    populate(20)
    _tell()
    _tell("sms")
    go_on = Event()

    def stuck(message: Message) -> Outcome:
        go_on.wait(20)
        return Unknown("no answer")

    houses = {"nchr-sample": House("nchr-sample", {"sms": Scripted(stuck), "email": Scripted()})}
    at_work = Thread(target=lambda: hand_over("live", outbox, NOW, documents=Papers(), houses=houses))
    at_work.start()
    for _ in range(200):
        if _rows("SELECT COUNT(*) FROM notice WHERE channel = 'email' AND state = 'handed'") == [(20,)]:
            break
        time.sleep(0.05)
    else:
        raise AssertionError("the e-mails waited for the short messages")
    go_on.set()
    at_work.join(20)


def test_the_most_urgent_leave_first_whatever_their_age(database: str, outbox: Path) -> None:
    """By term; what has none comes last."""
    populate(30)
    _tell(who="id <= 10")
    _tell(who="id > 10 AND id <= 20", due_at=NOW + timedelta(days=9))
    _tell(who="id > 20", due_at=NOW + timedelta(days=1))
    carrier = Scripted()
    carrier.connections = 1
    live(carrier, outbox, NOW)
    people = dict(_rows("SELECT id, recipient_id FROM notice"))  # type: ignore[arg-type]
    order = [people[one] for one in carrier.got]
    assert [set(order[place : place + 10]) for place in (0, 10, 20)] == [
        set(range(21, 31)), set(range(11, 21)), set(range(1, 11)),
    ]  # fmt: skip


def test_what_no_thread_had_begun_is_put_back_when_the_carrier_fails(database: str, outbox: Path) -> None:
    """It is no unknown, and it lost no try."""
    populate(100)
    _tell()

    def script(message: Message) -> Outcome:
        time.sleep(0.15)
        return Unknown("no answer", "timeout")

    done = live(Scripted(script), outbox, NOW)
    assert 5 <= done.unknown <= 12
    assert _states() == {"unknown": done.unknown, "waiting": 100 - done.unknown}
    assert _rows("SELECT DISTINCT tries FROM notice WHERE state = 'waiting'") == [(0,)]


def test_what_was_claimed_too_long_ago_is_put_back_not_sent(sqlite_database: str, outbox: Path) -> None:
    """The machine slept: another worker may take it for lost by now."""
    populate(3)
    _tell()
    carrier, seconds = Scripted(), iter(range(0, 10**6, 200))
    done = live(carrier, outbox, NOW, Limits(grace=MINUTE), stopwatch=lambda: next(seconds))
    assert (done.handed, done.postponed, carrier.got) == ({}, 3, [])
    assert live(carrier, outbox, NOW + 60 * MINUTE).handed == {"email": 3}


def test_a_resting_lane_still_learns_what_became_of_its_unknown(database: str, outbox: Path) -> None:
    """Nothing fresh waits, so nothing could wake it: it asks when a sign of life came."""
    populate(5)
    _tell()
    carrier = Scripted(silent=True)
    live(carrier, outbox, NOW)
    with reading() as session:
        assert [one.state for one in standstills(session)] == ["resting"]
    carrier.alive = False
    assert live(carrier, outbox, NOW + 13 * MINUTE).handed == {}
    carrier.alive, carrier.silent = True, False
    assert live(carrier, outbox, NOW + 20 * MINUTE).handed == {"email": 5}
    assert len(carrier.got) == 5


def test_a_carrier_that_answers_no_question_is_asked_one_a_minute_and_may_still_send(
    database: str, outbox: Path
) -> None:
    """What it can be asked says nothing about what it takes."""
    populate(4)
    _tell()
    carrier = Deaf(silent=True)
    live(carrier, outbox, NOW, Limits(failures=10))
    carrier.silent = False
    for second in range(0, 120, 10):
        live(carrier, outbox, NOW + 13 * MINUTE + timedelta(seconds=second))
    assert 2 <= carrier.asked <= 3
    _tell(round=1)
    assert live(carrier, outbox, NOW + 16 * MINUTE).handed == {"email": 4}
    carrier.deaf = False
    assert live(carrier, outbox, NOW + 18 * MINUTE).handed == {"email": 4}
    assert len(carrier.got) == 8


def test_two_hand_overs_at_once_share_a_lane_and_its_rate(database: str, outbox: Path) -> None:
    """Neither sends what the other has; together they keep the rate."""
    populate(40)
    _tell()
    carrier, began = Scripted(), time.monotonic()
    both = [Thread(target=live, args=(carrier, outbox, NOW, Limits(per_second=20))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    live(carrier, outbox, NOW + MINUTE)
    assert sorted(carrier.got) == list(range(1, 41))
    assert time.monotonic() - began > 0.9


def test_two_workers_send_at_most_one_sign_of_life_a_minute(database: str, outbox: Path) -> None:
    """Whoever is first asks; the other leaves it."""
    populate(30)
    _tell()
    carrier = Scripted(lambda message: Temporary("down", "503", ours=True))
    live(carrier, outbox, NOW)
    tried, lock = [], Lock()

    def still_down(message: Message) -> Outcome:
        with lock:
            tried.append(message.notice_id)
        return Temporary("down", "503", ours=True)

    carrier.script = still_down
    both = [Thread(target=live, args=(carrier, outbox, NOW + 2 * MINUTE)) for _ in range(3)]
    for one in both:
        one.start()
    for one in both:
        one.join(20)
    assert (carrier.pings, len(tried)) == (1, 1)


def test_the_carriers_rest_grows_to_five_minutes(sqlite_database: str, outbox: Path) -> None:
    """Each try may leave a notice of which nobody knows."""
    populate(30)
    _tell()
    carrier = Scripted(lambda message: Temporary("down", "503", ours=True))
    live(carrier, outbox, NOW)
    carrier.alive = False
    for minute in range(1, 241):
        live(carrier, outbox, NOW + minute * MINUTE)
    assert 45 <= carrier.pings <= 80


def test_only_the_lanes_asked_for_are_worked_off(database: str, outbox: Path) -> None:
    """Outside the house and within it."""
    populate(2)
    for channel in ("email", "sms", "portal"):
        _tell(channel)
    both = {"nchr-sample": House("nchr-sample", {"email": Scripted(), "sms": Scripted()})}
    for channel in ("portal", "email"):
        done = hand_over("live", outbox, NOW, documents=Papers(), houses=both, only=[("nchr-sample", channel)])
        assert done.handed == {channel: 2}
    done = hand_over("simulate", outbox, NOW, documents=Papers(), only=[("nchr-sample", "sms")])
    assert [(one.channel, one.carrier, one.handed) for one in done.lanes] == [("sms", "simulate", 2)]


def test_told_to_stop_it_waits_for_what_is_on_its_way_and_sends_nothing_more(database: str, outbox: Path) -> None:
    """The rest is put back for the next."""
    populate(50)
    _tell()
    stopping = Event()

    def script(message: Message) -> Outcome:
        stopping.set()
        time.sleep(0.1)
        return taken(message)

    carrier = Scripted(script)
    done = live(carrier, outbox, NOW, stopping=stopping.is_set)
    assert len(carrier.got) == done.handed["email"] <= 8
    assert _states() == {"handed": len(carrier.got), "waiting": 50 - len(carrier.got)}


def test_a_used_up_day_is_said_once_more_than_a_silence(sqlite_database: str, outbox: Path) -> None:
    """The operator hears why nothing leaves."""
    populate(5)
    _tell()
    assert live(Scripted(), outbox, NOW, Limits(per_day=3)).handed == {"email": 3}
    done = live(Scripted(), outbox, NOW + MINUTE, Limits(per_day=3))
    assert done.problems[0].startswith("The day's 3 of email of 'nchr-sample' are used up")


def test_lanes_that_can_do_nothing_now_are_not_due(database: str, outbox: Path) -> None:
    """A look finds what a hand-over would find."""
    populate(10)
    assert _due() == []
    _tell()
    assert _due() == [("nchr-sample", "email")]
    live(Scripted(lambda message: Temporary("down", "503", ours=True)), outbox, NOW)
    assert _due() == []
    assert _due(1.1) == [("nchr-sample", "email")]
    with work() as session:
        stop(session, lane_of(session, "nchr-sample", "email"), NOW, "too much came back")
    assert _due(5) == []


def _due(minutes: float = 0) -> list[tuple[str, str]]:
    with reading() as session:
        return due_lanes(session, NOW + minutes * MINUTE)


def test_what_a_carrier_said_waits_for_a_database_that_is_away() -> None:
    """And does not wait for ever."""
    troubles = [sqlite3.OperationalError("database is locked"), Conflict("somebody else")]

    def do() -> str:
        if troubles:
            raise troubles.pop()
        return "written"

    assert surely(do, pauses=(0, 0)) == "written"
    troubles += [Conflict("still")] * 5
    with pytest.raises(Conflict):
        surely(do, pauses=(0, 0))


def test_a_lock_in_the_middle_of_a_hand_over_loses_nothing(sqlite_database: str, outbox: Path) -> None:
    """Somebody writes for a second; the carrier's words wait."""
    populate(20)
    _tell()
    file = sqlite_database.removeprefix("sqlite:///")

    def script(message: Message) -> Outcome:
        time.sleep(0.05)
        return Accepted(f"x-{message.ref}", "0" * 64)

    at_work = Thread(target=live, args=(Scripted(script), outbox, NOW))
    at_work.start()
    with sqlite3.connect(file, isolation_level=None, timeout=20) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(1)
        other.execute("ROLLBACK")
    at_work.join(30)
    assert _states() == {"handed": 20}


def test_a_database_that_is_restarted_in_mid_run_loses_nothing_and_doubles_nothing(
    postgresql_database: str, outbox: Path
) -> None:
    """Every connection is cut again and again; what the carrier said is written down when it is back."""
    populate(60)
    _tell()

    def script(message: Message) -> Outcome:
        time.sleep(0.05)
        return taken(message)

    carrier, over = Scripted(script), Event()

    def cut() -> None:
        with psycopg.connect(postgresql_database, autocommit=True) as other:
            while not over.wait(0.15):
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )

    cutting = Thread(target=cut)
    cutting.start()
    for minute in range(4):
        with suppress(*AWAY):
            live(carrier, outbox, NOW + minute * MINUTE)
    over.set()
    cutting.join(10)
    for minute in (20, 40):
        live(carrier, outbox, NOW + minute * MINUTE)
    assert _states() == {"handed": 60}
    assert sorted(carrier.got) == list(range(1, 61))


def test_the_house_of_one_body_is_no_other_bodys(sqlite_database: str, outbox: Path) -> None:
    """A body the file of carriers does not know gets a sentence, and keeps its notices."""
    populate(1)
    _tell()
    houses = {"another": next(iter(house_of(Scripted()).values()))}
    done = hand_over("live", outbox, NOW, documents=Papers(), houses=houses)
    assert "says nothing of 'nchr-sample'" in done.problems[0]
    assert _states() == {"waiting": 1}
