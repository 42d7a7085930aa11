"""What a pilot keeps in the house is no carrier's: not in the evidence, not in the lane, and nobody asks a carrier of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from models.work import reading, work
from notifications import HandOver, hand_over, notify
from notifications.channels import Answer, Found, Message, Outcome, Temporary
from notifications.claiming import claim_fresh, lane_words
from notifications.lanes import Limits, lane_of, rest
from notifications.marking import attempted
from notifications.tally import LaneTally
from tests.notifications.house import EVERYBODY, FACTS, NOW, Papers, populate
from tests.notifications.scripted import Scripted, house_of, live

MINUTE = timedelta(minutes=1)
GUESTS = frozenset({"p1@example.kz"})


class Curious(Scripted):
    """It remembers whom it was asked about."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.asked_about: list[int] = []

    def ask(self, message: Message) -> Answer:
        self.asked_about.append(message.notice_id)
        return super().ask(message)


def tell(channel: str = "email") -> None:
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, facts=FACTS, channels=[channel])


def pilot(carrier: Scripted, outbox: Path, after: timedelta = timedelta()) -> HandOver:
    houses = house_of(carrier, guests=GUESTS)
    return hand_over("pilot", outbox, NOW + after, documents=Papers(), houses=houses)


def rows(query: str) -> list[tuple[object, ...]]:
    with reading() as session:
        return [tuple(row) for row in session.connection().execute(text(query))]


def test_nobody_but_a_guest_was_given_to_the_carrier(database: str, outbox: Path) -> None:
    populate(3)
    tell()
    carrier = Scripted()
    done = pilot(carrier, outbox)
    assert carrier.got == [1]
    told = rows("SELECT notice_id, event, source FROM receipt ORDER BY notice_id, id")
    assert told == [
        (1, "attempted", "scripted"), (1, "accepted", "scripted"), (2, "accepted", "simulate"), (3, "accepted", "simulate"),
    ]  # fmt: skip
    assert rows("SELECT id, carrier, tries FROM notice ORDER BY id") == [
        (1, "scripted", 1), (2, "simulate", 0), (3, "simulate", 0),
    ]  # fmt: skip
    assert rows("SELECT sent FROM lane") == [(1,)]
    assert done.lanes == (
        LaneTally("nchr-sample", "email", "scripted", handed=1),
        LaneTally("nchr-sample", "email", "simulate", handed=2),
    )


def test_what_cannot_be_written_was_never_given_to_the_carrier(sqlite_database: str, outbox: Path) -> None:
    populate(2)
    tell()
    with work() as session:
        session.connection().execute(text("UPDATE notice SET facts = 'no json' WHERE id = 1"))
    live(Scripted(), outbox, NOW)
    assert rows("SELECT notice_id, event FROM receipt ORDER BY id") == [(2, "attempted"), (2, "accepted")]
    [(state, tries, failure)] = rows("SELECT state, tries, failure FROM notice WHERE id = 1")
    assert (state, tries) == ("failed", 0)
    assert str(failure).startswith("The notice cannot be written")


def test_a_file_in_the_outbox_is_no_sign_of_life_of_the_carrier(database: str, outbox: Path) -> None:
    """The lane rests; its probe goes to a guest, however many others are more urgent, and not a file ends the rest."""
    populate(4)
    tell()
    with work() as session:
        session.connection().execute(text("UPDATE person SET email = 'p9@example.kz' WHERE id = 1"))
        session.connection().execute(text("UPDATE person SET email = 'p1@example.kz' WHERE id = 3"))
        rest(session, lane_of(session, "nchr-sample", "email"), NOW - 2 * MINUTE, "it failed")

    def down(message: Message) -> Outcome:
        return Temporary("down", ours=True)

    pilot(Scripted(down), outbox)
    assert rows("SELECT state FROM lane") == [("resting",)]
    assert rows("SELECT id, state FROM notice ORDER BY id") == [
        (1, "handed"), (2, "handed"), (3, "waiting"), (4, "waiting"),
    ]  # fmt: skip
    carrier = Scripted()
    pilot(carrier, outbox, 10 * MINUTE)
    assert carrier.got == [3]
    assert rows("SELECT state FROM lane") == [("running",)]
    assert rows("SELECT DISTINCT state FROM notice") == [("handed",)]


def test_a_worker_that_died_over_files_asks_no_carrier_about_them(database: str, outbox: Path) -> None:
    """Killed between claim and mark: the guest's is asked about, the others' were never given to anybody."""
    populate(3)
    tell()
    with work() as session:
        held = claim_fresh(session, NOW, 3, lane_words("nchr-sample", "email"))
        attempted(session, held[:1], "scripted", NOW)
    carrier = Curious()
    pilot(carrier, outbox, 30 * MINUTE)
    assert carrier.asked_about == [1]
    assert rows("SELECT id, state, possible_duplicate, carrier FROM notice ORDER BY id") == [
        (1, "handed", True, "scripted"), (2, "handed", False, "simulate"), (3, "handed", False, "simulate"),
    ]  # fmt: skip


class Another(Curious):
    """The carrier that took the channel over."""

    name = "another"


def test_a_carrier_that_never_had_it_is_not_asked_and_told_no_address(database: str, outbox: Path) -> None:
    """The file of carriers was changed between two hand-overs, while one notice was unknown."""
    populate(1)
    tell()
    live(Scripted(silent=True, can_be_asked=False), outbox, NOW)
    assert rows("SELECT state FROM notice") == [("unknown",)]
    second = Another()
    live(second, outbox, NOW + 30 * MINUTE)
    assert (second.asked_about, second.got) == ([], [1])
    assert rows("SELECT state, possible_duplicate, carrier FROM notice") == [("handed", True, "another")]
    [(source, detail)] = rows("SELECT source, detail FROM receipt WHERE event = 'resent'")
    assert (source, "scripted does not carry this channel any more" in str(detail)) == ("scripted", True)


class Stubborn(Curious):
    """Of one notice it never gives an answer that can be read."""

    def ask(self, message: Message) -> Answer:
        super().ask(message)
        if message.notice_id == 1:
            return Temporary("unreadable", spends=False)
        return Found(f"x-{message.ref}", message.at)


def test_one_that_is_never_answered_does_not_stand_before_the_others_for_ever(database: str, outbox: Path) -> None:
    populate(40)
    tell()
    live(Scripted(silent=True), outbox, NOW, Limits(failures=1000))
    assert rows("SELECT state, COUNT(*) FROM notice GROUP BY state") == [("unknown", 40)]
    carrier = Stubborn()
    for minute in (13, 15, 17):
        live(carrier, outbox, NOW + minute * MINUTE)
    assert rows("SELECT id FROM notice WHERE state = 'unknown'") == [(1,)]
    assert len(carrier.asked_about) < 50
