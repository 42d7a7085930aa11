"""What carriers tell us, understood: in any order, any number of times, before our own mark, after a crash."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from models.work import reading, rehearsal, work
from notifications import status
from notifications.channels import Message, Unknown
from notifications.refs import ref_of
from services.callbacks import Collected, collect, collect_all
from services.receiving import Incoming, keep
from tests.notifications.house import NOW
from tests.receipts.conftest import Carrier, Give
from tests.receipts.far_side import BODY, HOUSES, batch, event, smsc, twilio

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
SID = ("SM" + "1" * 32, "SM" + "2" * 32, "SM" + "3" * 32)


def rows(query: str) -> list[tuple[Any, ...]]:
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def tell(source: str, bodies: Iterable[bytes], at: datetime = NOW + MINUTE, address: str = "", body: str = BODY) -> int:
    """Keep what a carrier told, as the service does."""
    with work() as session:
        return keep(session, [Incoming(body, source, address, raw, at) for raw in bodies])


def tell_twilio(notice: int, word: str, sid: str = SID[0], at: datetime = NOW + MINUTE, **more: str) -> None:
    tell("twilio", [twilio(notice, word, sid, **more)[1]], at, ref_of(notice))


def collected(now: datetime = NOW + 5 * MINUTE, **more: Any) -> Collected:
    return collect_all(HOUSES, now, 90, **more)


def standing(notice: int = 1) -> str:
    with reading() as session:
        return status(session, notice).word


def state(notice: int = 1) -> Any:
    return rows(f"SELECT state FROM notice WHERE id = {notice}")[0][0]


def notes() -> list[Any]:
    return [row[0] for row in rows("SELECT note FROM callback WHERE note IS NOT NULL ORDER BY id")]


@pytest.mark.rule("N-19")
def test_each_event_forty_six_times_shuffled_is_one_receipt(database: str, give: Give) -> None:
    give(3, Carrier("sendgrid"))
    told = [
        event(notice, word, NOW + number * MINUTE)
        for notice in (1, 2, 3)
        for number, word in enumerate(("processed", "deferred", "delivered"))
    ] * 46
    random.Random(7).shuffle(told)
    at = NOW + 10 * MINUTE
    tell("sendgrid", [batch(*told[place : place + 9]) for place in range(0, len(told), 9)], at)
    done = collected(NOW + 11 * MINUTE)
    assert (done.receipts, done.refused) == (9, 0)
    assert rows("SELECT event, COUNT(*) FROM receipt WHERE source = 'sendgrid' AND event_id NOT LIKE 'notice/%' GROUP BY event") == [
        ("accepted", 3), ("deferred", 3), ("delivered", 3),
    ]  # fmt: skip
    assert {standing(one) for one in (1, 2, 3)} == {"delivered"}
    assert collected(NOW + 12 * MINUTE) == Collected()


def test_a_word_before_our_own_mark_is_kept_and_the_mark_still_says_what_left(database: str, give: Give) -> None:
    """The carrier reports while the worker still waits for its answer."""

    def early(message: Message) -> None:
        tell(
            "sendgrid", [batch(event(message.notice_id, "processed", NOW), event(message.notice_id, "delivered", NOW))]
        )
        collected(NOW + MINUTE)

    give(4, Carrier("sendgrid", early))
    assert rows("SELECT DISTINCT state, content_hash, carrier FROM notice") == [("handed", "0" * 64, "sendgrid")]
    assert rows("SELECT COUNT(*) FROM notice WHERE template IS NULL OR reference IS NULL") == [(0,)]
    assert standing(1) == "delivered"


def test_a_word_heals_a_crash_between_acceptance_and_mark(database: str, give: Give) -> None:
    """The worker died, or never heard the answer: the report says that it left, so it is not sent again."""
    give(2, Carrier("sendgrid", lambda message: Unknown("no answer", "timeout")))
    assert state(1) == "unknown"
    tell("sendgrid", [batch(event(1, "processed", NOW))])
    assert collected().healed == 1
    assert (state(1), state(2)) == ("handed", "unknown")
    assert rows("SELECT language, reference IS NULL, next_at FROM notice WHERE id = 1")[0][0] == "kk"
    assert rows("SELECT template FROM notice WHERE id = 1")[0][0].startswith("result_ready/")


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_telephone_out_of_reach_is_tried_three_times_in_all(
    database: str, give: Give, order: tuple[int, int]
) -> None:
    """Each failure may be told before or after the acceptance of the same try; then the next channel has its turn."""
    now = NOW
    give(1, _numbered(SID[0]), "sms")
    for number, sid in enumerate(SID):
        words = [("sent", {}), ("undelivered", {"ErrorCode": "30003"})]
        for place in order:
            tell_twilio(1, words[place][0], sid, now + MINUTE, **words[place][1])
        done = collected(now + 2 * MINUTE)
        if number < 2:
            assert (done.again, done.undelivered, state(), standing()) == (1, 0, "waiting", "accepted")
            give.again(_numbered(SID[number + 1]), "sms", now + 3 * MINUTE)  # type: ignore[attr-defined]
            assert state() == "waiting", "not before its time"
            now += 20 * MINUTE
            give.again(_numbered(SID[number + 1]), "sms", now)  # type: ignore[attr-defined]
            assert state() == "handed"
        else:
            assert (done.again, done.undelivered, state(), standing()) == (0, 1, "handed", "undelivered")
    assert rows("SELECT tries FROM notice") == [(3,)]
    assert collected(now + DAY) == Collected()


def _numbered(sid: str) -> Carrier:
    from notifications.channels import Accepted

    return Carrier("twilio", lambda message: Accepted(sid, "0" * 64))


def test_a_failure_told_while_a_worker_holds_the_notice_waits_for_the_worker(database: str, give: Give) -> None:
    """Nothing is lost between the two: the callback is read again when the worker has said its word."""
    from notifications.channels import Accepted

    def early(message: Message) -> Accepted:
        tell_twilio(1, "undelivered", ErrorCode="30008")
        assert collected().again == 0
        return Accepted(SID[0], "0" * 64)

    give(1, Carrier("twilio", early), "sms")
    assert (state(), rows("SELECT state FROM callback")) == ("handed", [("new",)])
    assert collected(NOW + 9 * MINUTE).again == 1
    assert (state(), rows("SELECT state FROM callback")) == ("waiting", [("done",)])


def test_no_time_left_is_the_next_channels_turn_at_once(database: str, give: Give) -> None:
    give(1, _numbered(SID[0]), "sms", due=NOW + 8 * MINUTE)
    tell_twilio(1, "undelivered", ErrorCode="30003")
    done = collected()
    assert (done.undelivered, done.again, standing()) == (1, 0, "undelivered")


@pytest.mark.rule("N-23")
@pytest.mark.parametrize(
    ("source", "channel", "words", "expected"),
    [
        (
            "sendgrid",
            "email",
            {"word": "bounce", "status": "5.1.1", "reason": "550 p1@example.kz Canary"},
            "undelivered",
        ),
        ("sendgrid", "email", {"word": "dropped", "reason": "Bounced Address"}, "undelivered"),
        ("sendgrid", "email", {"word": "deferred", "response": "450 p1@example.kz"}, "accepted"),
        ("sendgrid", "email", {"word": "open"}, "accepted"),
        ("sendgrid", "email", {"word": "spamreport"}, "accepted"),
        ("twilio", "sms", {"word": "undelivered", "ErrorCode": "30005"}, "undelivered"),
        ("twilio", "sms", {"word": "failed", "ErrorCode": "21614"}, "undelivered"),
        ("twilio", "sms", {"word": "undelivered"}, "undelivered"),
        ("twilio", "sms", {"word": "delivered"}, "delivered"),
        ("smsc", "sms", {"word": 1}, "delivered"),
        ("smsc", "sms", {"word": 20, "err": "1"}, "undelivered"),
        ("smsc", "sms", {"word": -1}, "accepted"),
    ],
)
def test_every_word_of_every_carrier_has_its_place(
    sqlite_database: str, give: Give, source: str, channel: str, words: dict[str, Any], expected: str
) -> None:
    """And nothing of the carrier's own text is kept."""
    give(1, Carrier(source), channel)
    word = words.pop("word")
    if source == "sendgrid":
        tell(source, [batch(event(1, word, NOW, **words))])
    elif source == "twilio":
        tell_twilio(1, word, **words)
    else:
        tell(source, [smsc(1, word, **words)])
    assert collected().refused == 0
    assert standing() == expected
    kept = str(rows("SELECT code, detail, reference FROM receipt"))
    assert "example.kz" not in kept
    assert "Canary" not in kept


def test_moments_that_cannot_be_true_are_those_we_were_told_at(database: str, give: Give) -> None:
    """In 1970, in a hundred years, no number at all."""
    give(4, Carrier("sendgrid"))
    wrong = [0, 4_000_000_000, "soon", 10**30]
    told = [
        {**event(notice, "delivered", NOW), "timestamp": at} for notice, at in zip((1, 2, 3, 4), wrong, strict=True)
    ]
    tell("sendgrid", [batch(*told)], NOW + 3 * MINUTE)
    assert collected().receipts == 4
    assert rows("SELECT DISTINCT at FROM receipt WHERE event = 'delivered'") == [("2026-10-05T06:03:00.000000Z",)]
    assert rows("SELECT COUNT(*) FROM receipt WHERE detail LIKE '%cannot be true%'") == [(2,)]


def test_a_clock_a_little_off_is_set_right_without_a_word(sqlite_database: str, give: Give) -> None:
    give(1, Carrier("sendgrid"))
    tell("sendgrid", [batch(event(1, "processed", NOW - 2 * MINUTE))])
    collected()
    at, detail = rows("SELECT at, detail FROM receipt WHERE event_id LIKE 'processed%'")[0]
    assert (at[:20], detail) == ("2026-10-05T06:00:00.", None)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no JSON"), (b"{", "no JSON"), (b"[" * 100_000, "no JSON"), (b'{"event": "delivered"}', "no list"),
        (b"[1, null]", "2 x It is no event."), (b'[{"event": "delivered"}]', "names no notice"), (b"\xff\x00", "no JSON"),
        (batch({"event": "delivered", "notice_id": ref_of(1)}), "no id of its own"),
        (batch(event(77, "delivered", NOW)), "names no notice"),
    ],
)  # fmt: skip
def test_what_means_nothing_is_kept_and_refused_with_a_sentence(
    sqlite_database: str, give: Give, raw: bytes, why: str
) -> None:
    give(1, Carrier("sendgrid"))
    tell("sendgrid", [raw])
    assert collected().refused == 1
    assert why in notes()[0]
    assert rows("SELECT state FROM callback") == [("refused",)]
    assert standing() == "accepted"


def test_a_body_or_a_carrier_speaks_of_its_own_notices_only(database: str, give: Give) -> None:
    """Whoever holds another body's key, or reports of a message the carrier was never given, changes nothing."""
    give(1, Carrier("sendgrid"))
    tell("sendgrid", [batch(event(1, "delivered", NOW))], body="another-body")
    tell("smsc", [smsc(1, 1)])
    tell("twilio", [twilio(1, "delivered")[1]], address=ref_of(1))
    assert collected().refused == 3
    assert notes() == [
        "It speaks of another body's notice.",
        *["It speaks of a notice that this carrier was never given."] * 2,
    ]
    assert standing() == "accepted"


def test_one_bad_event_does_not_keep_the_others_from_being_heard(sqlite_database: str, give: Give) -> None:
    give(1, Carrier("sendgrid"))
    tell("sendgrid", [batch({"event": "delivered"}, event(1, "delivered", NOW), event(1, "click", NOW))])
    done = collected()
    assert (done.receipts, done.refused, notes()) == (1, 0, ["It names no notice of ours."])


def test_bytes_are_emptied_when_they_were_kept_long_enough(database: str, give: Give) -> None:
    """They hold addresses; what they proved stays."""
    give(1, Carrier("sendgrid"))
    tell("sendgrid", [batch(event(1, "delivered", NOW))])
    collected()
    collected(NOW + 89 * DAY)
    assert rows("SELECT body <> '' FROM callback") in ([(1,)], [(True,)])
    collected(NOW + 91 * DAY)
    assert rows("SELECT body FROM callback") == [("",)]
    assert tell("sendgrid", [batch(event(1, "delivered", NOW))]) == 0, "and is known again"
    assert standing() == "delivered"


def test_pages_end_and_leave_nothing_behind(database: str, give: Give) -> None:
    give(30, Carrier("sendgrid"))
    tell("sendgrid", [batch(event(notice, "delivered", NOW)) for notice in range(1, 31)])
    seen: list[int] = []
    done = collected(page=7, progress=lambda so_far: seen.append(so_far.callbacks))
    assert (done.receipts, seen) == (30, [7, 14, 21, 28, 30])


def test_nothing_is_copied_from_what_a_stranger_wrote(sqlite_database: str, give: Give) -> None:
    """Ids of no form an id has are not kept."""
    give(1, Carrier("sendgrid"))
    tell("sendgrid", [batch({**event(1, "delivered", NOW), "sg_event_id": "Қанарейқызы"})])
    assert collected().refused == 1


def test_two_runs_at_once_do_not_each_see_half(postgresql_database: str, give: Give) -> None:
    """The second finds nothing to do while the first is at it, and everything when it is killed."""
    give(1, Carrier("sendgrid"))
    tell("sendgrid", [batch(event(1, "delivered", NOW + MINUTE))])
    with rehearsal() as first:
        assert collect(first, HOUSES, NOW + 2 * MINUTE).callbacks == 1
        assert collected() == Collected()
    assert collected().receipts == 1
