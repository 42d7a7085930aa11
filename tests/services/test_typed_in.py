"""What an officer types in: in earnest a paper is made ready, an officer sends it, and says with which number it was proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from models import Notice
from models.sql import execute
from models.work import reading, work
from notifications import hand_over, status
from notifications.house import House
from notifications.lanes import lane_of, rest
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow, RuleError
from services.lanes import every_lane, resume
from services.paper import documents
from services.typed_in import Typed, type_in
from tests import makers
from tests.makers import AIGUL, BOLAT, ERLAN, HR, at, notices, rows
from tests.notifications import house

LIVE = {"nchr-sample": House("nchr-sample")}


def in_earnest(outbox: Path, channel: str) -> Notice:
    """What serves Erlan goes by this channel, and was made ready in earnest on 6 October."""
    makers.a_cycle("released")
    with work() as session:
        execute(session, "UPDATE notice SET channel = :c WHERE kind = 'result_served'", {"c": channel})
    hand_over("live", outbox, at("2026-10-06 15:00"), documents=house.Papers(), houses=LIVE)
    [sent] = notices("result_served", ERLAN)
    return sent


def typed(notice: Notice, event: str = "delivered", moment: str = "2026-10-07T11:20", **more: str) -> tuple[bool, bool]:
    usual = {"officer": HR, "reference": "12"} | more
    with work() as session:
        return type_in(session, notice.id or 0, Typed(event, moment, **usual), at("2026-10-20"))


@pytest.mark.rule("N-19")
def test_in_earnest_a_telephonogram_is_ready_until_an_officer_says_who_took_it(database: str, tmp_path: Path) -> None:
    sent = in_earnest(tmp_path, "telephonogram")
    with reading() as session:
        assert status(session, sent.id or 0).word == "prepared"
        assert status(session, sent.id or 0).sent_in_time is False
    with pytest.raises(Incomplete, match="names who took it down: add --received-by"):
        typed(sent)
    assert typed(sent, received_by="the recipient; at home") == (True, True)
    assert typed(sent, received_by="the recipient; at home") == (False, False)
    assert makers.case(ERLAN).familiarised_at == at("2026-10-07 11:20")
    [(detail, reference)] = rows("SELECT detail, reference FROM receipt WHERE source = 'officer'")
    assert (detail, reference) == (f"sent by: {HR}; received by: the recipient, at home", "12")


def test_another_officer_may_have_sent_it_and_nobody_is_named(sqlite_database: str, tmp_path: Path) -> None:
    sent = in_earnest(tmp_path, "telephonogram")
    assert typed(sent, "accepted", sent_by=BOLAT, received_by="the duty officer")[0] is True
    [(detail,)] = rows("SELECT detail FROM receipt WHERE source = 'officer'")
    assert detail == f"sent by: {BOLAT}; received by: the duty officer"
    for more, refusal, said in (
        ({"received_by": f"the wife of Тегі{ERLAN}"}, RuleError, "names the recipient"),
        ({"received_by": "the wife", "sent_by": ERLAN}, NotAllowed, "does not serve in the body"),
        ({"received_by": "the wife", "sent_by": "7"}, NotFound, "Nobody has the personnel number"),
        ({"received_by": "the wife", "officer": ERLAN}, NotAllowed, "cannot record evidence"),
    ):
        with pytest.raises(refusal, match=said):
            typed(sent, **more)


@pytest.mark.rule("N-18", "N-19")
@pytest.mark.parametrize("channel", ["registered_letter", "telegram", "other_registered", "mobile_app"])
def test_in_earnest_every_channel_on_paper_waits_for_its_officer(
    channel: str, sqlite_database: str, tmp_path: Path
) -> None:
    sent = _app(tmp_path) if channel == "mobile_app" else in_earnest(tmp_path, channel)
    with reading() as session:
        assert status(session, sent.id or 0).word == "prepared"
    with pytest.raises(Incomplete, match="the number"):
        typed(sent, "accepted", reference=" ")
    with pytest.raises(NotNow, match="is before notice"):
        typed(sent, "accepted", "2026-10-06T09:00")
    assert typed(sent, "accepted", "2026-10-06", reference="E-QYZMET/771")[0] is True
    with reading() as session:
        found = status(session, sent.id or 0)
    assert (found.word, found.sent_in_time, found.delivered_at) == ("accepted", found.due_at and True, None)
    assert typed(sent, "delivered", reference="E-QYZMET/771")[0] is True


def _app(outbox: Path) -> Notice:
    makers.a_cycle("released")
    with work() as session:
        execute(session, "UPDATE notice SET channel = 'mobile_app', state = 'waiting' WHERE kind = 'result_ready'")
    hand_over("live", outbox, at("2026-10-06 15:00"), documents=house.Papers(), houses=LIVE)
    return notices("result_ready", AIGUL)[0]


@pytest.mark.rule("N-19")
def test_in_earnest_the_day_s_letters_have_their_register(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_cycle("released")
    done = hand_over("live", tmp_path, at("2026-10-06 15:00"), documents=documents(), houses=LIVE)
    registers = tmp_path / "registered_letter" / "registers" / "nchr-sample"
    assert not any("register" in problem for problem in done.problems)
    assert [file.name for file in registers.iterdir()] == ["2026-10-06-00001.pdf"]
    [sent] = notices("result_served", ERLAN)
    with reading() as session:
        assert status(session, sent.id or 0).word == "prepared"


def test_a_lane_that_rests_is_shown_and_resumed_by_an_officer_who_serves(database: str) -> None:
    makers.a_cycle("released")
    now = at("2026-10-06")
    with work() as session:
        rest(session, lane_of(session, "nchr-sample", "email"), now, "It does not answer.")
    with reading() as session:
        first, *others = every_lane(session, now)
    assert (first.channel, first.state, first.reason, first.since) == ("email", "resting", "It does not answer.", now)
    assert {one.channel: one.waiting for one in others}["registered_letter"] == 1
    for officer, why, refusal in ((HR, " ", Incomplete), (ERLAN, "x", NotAllowed), ("7", "x", NotFound)):
        with pytest.raises(refusal), work() as session:
            resume(session, "nchr-sample", "email", officer, why, now)
    with work() as session:
        resume(session, "nchr-sample", "email", HR, "the account was paid", now)
    with pytest.raises(NotFound, match="nothing to resume"), work() as session:
        resume(session, "nchr-sample", "email", HR, "again", now)
    with pytest.raises(NotFound, match="no body 'x'"), work() as session:
        resume(session, "x", "email", HR, "again", now)
    with reading() as session:
        assert {one.state for one in every_lane(session, now)} == {"running"}
    [(body,)] = rows("SELECT body FROM journal_entry WHERE event = 'lane_resumed'")
    assert f'"actor":"person/{makers.person(HR)}"' in body
