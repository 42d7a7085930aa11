"""One notice's story: in the order of time, the four facts apart, people by number, and the bytes made again."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from models.sql import execute
from models.work import reading, work
from notifications import hand_over, notify
from notifications.channels import Message, Outcome, Temporary
from notifications.refs import ref_of
from services.notice_bytes import FILE, NOT_MADE_AGAIN, NOT_SENT, OTHER, SAME
from services.notice_story import story
from services.paper import documents
from services.typed_in import Typed, type_in
from tests import makers
from tests.makers import AIGUL, ERLAN, HR, at, notices, person
from tests.notifications import house
from tests.notifications.scripted import Scripted, house_of, taken


def told(notice_id: int, outbox: Path, **senders: str) -> dict[str, Any]:
    with reading() as session:
        return story(session, notice_id, outbox, senders)


@pytest.mark.rule("N-19", "N-25")
def test_a_letter_that_came_back_and_what_followed(database: str, tmp_path: Path) -> None:
    makers.a_cycle("released")
    hand_over("simulate", tmp_path, at("2026-10-06 15:00"), documents=documents())
    [sent] = notices("result_served", ERLAN)
    with work() as session:
        type_in(
            session, sent.id or 0, Typed("returned", "2026-10-12", HR, "RR123456785KZ", "expired"), at("2026-10-13")
        )
    makers.walk("2026-10-13 10:00")
    found = told(sent.id or 0, tmp_path)
    assert [one.at for one in found["story"]] == sorted(one.at for one in found["story"])
    written, accepted, returned, followed = found["story"]
    assert written.what.startswith(f"written: result_served, round 0, to {ERLAN} by registered_letter; with entry ")
    assert (found["written_with"]["event"], found["written_with"]["actor"]) == ("released", "system/advance")
    assert (accepted.source, accepted.recorded_at) == ("simulate", None)
    assert returned.what == "returned: it came back; expired; only the day is known; no. RR123456785KZ"
    assert (returned.source, returned.recorded_at) == (f"officer {HR}", at("2026-10-13"))
    second = notices("result_served", ERLAN)[-1]
    assert followed.what.startswith(
        f"the ladder: notice {second.id} ({ref_of(second.id or 0)}) goes by telephonogram ("
    )
    assert "registered_letter" in followed.what
    assert [one["channel"] for one in found["chain"]] == ["registered_letter", "telephonogram"]
    assert [bool(one["because"]) for one in found["chain"]] == [False, True]
    assert found["four_facts"]["sent_in_time"] is True
    assert [found["four_facts"][name] for name in ("delivered_at", "familiarised_at", "refused_at")] == [None] * 3
    later = told(second.id or 0, tmp_path)
    assert later["written_with"]["event"] in ("next_channel", "served_again")
    for one in (found, later):
        assert f"Тегі{ERLAN}" not in str(one)
        assert "Astana" not in str(one)


def test_tries_their_codes_and_a_possible_duplicate_are_told(sqlite_database: str, tmp_path: Path) -> None:
    house.populate(2)
    with work() as session:
        notify(session, "result_ready", 1, house.NOW, select=house.EVERYBODY, facts=house.FACTS, channels=["email"])
    said: list[Outcome] = [Temporary("The carrier asks to come back later.", "451"), Temporary("Later.", "421")]

    def script(message: Message) -> Outcome:
        return said.pop() if said else taken(message)

    carrier = Scripted(script, can_be_asked=False)
    for minutes in (0, 2, 30):
        carrier.silent = minutes == 2
        houses = house_of(carrier)
        hand_over("live", tmp_path, house.NOW + timedelta(minutes=minutes), documents=house.Papers(), houses=houses)
    found = told(1, tmp_path)
    events = [one.what.split(":")[0] for one in found["story"]]
    assert events == ["written", "attempted", "postponed", "attempted", "unknown", "resent", "attempted", "accepted"]
    assert (found["possible_duplicate"], found["tries"], found["carrier"]) == (True, 3, "scripted")
    assert {one.code for one in found["story"]} >= {"timeout"}
    assert [one.source for one in found["story"][1:]] == ["scripted"] * 7


CHANNELS = {"email": SAME, "sms": SAME, "portal": SAME, "mobile_app": SAME}


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_bytes_are_made_again_from_the_kept_wording(channel: str, database: str, tmp_path: Path) -> None:
    house.populate(3)
    with work() as session:
        notify(session, "result_ready", 1, house.NOW, select=house.EVERYBODY, facts=house.FACTS, channels=[channel])
    assert told(1, tmp_path)["content"]["made_again"] == NOT_SENT
    hand_over("simulate", tmp_path, house.NOW, documents=house.Papers())
    content = told(1, tmp_path)["content"]
    assert content["made_again"] == SAME, content
    assert ref_of(1) in content["body"]
    with work() as session:
        execute(session, """UPDATE notice SET facts = '{"days": "9"}' WHERE id = 2""")
        execute(session, "UPDATE notice SET content_hash = :h WHERE id = 3", {"h": "0" * 64})
    assert {told(number, tmp_path)["content"]["made_again"] for number in (2, 3)} == {OTHER}


def test_an_address_that_changed_is_the_reason_a_hash_may_differ(sqlite_database: str, tmp_path: Path) -> None:
    house.populate(1)
    with work() as session:
        notify(session, "result_ready", 1, house.NOW, select=house.EVERYBODY, facts=house.FACTS, channels=["email"])
    hand_over("simulate", tmp_path, house.NOW, documents=house.Papers())
    with work() as session:
        execute(session, "UPDATE person SET email = 'new@example.kz'")
    content = told(1, tmp_path)["content"]
    assert (content["made_again"], "the address changed since" in content["says"]) == (OTHER, True)


def test_of_a_paper_the_file_in_the_outbox_is_compared(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_cycle("released")
    hand_over("simulate", tmp_path, at("2026-10-06 15:00"), documents=documents())
    [sent] = notices("result_served", ERLAN)
    assert told(sent.id or 0, tmp_path)["content"]["made_again"] == FILE
    [file] = (tmp_path / "registered_letter").rglob(f"{ref_of(sent.id or 0)}.pdf")
    file.write_bytes(b"%PDF another")
    assert told(sent.id or 0, tmp_path)["content"]["made_again"] == OTHER
    file.unlink()
    assert told(sent.id or 0, tmp_path)["content"]["made_again"] == NOT_MADE_AGAIN


def test_a_notice_of_the_result_stands_with_the_act_that_placed_it(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_cycle("familiarised")
    [ready] = notices("result_ready", AIGUL)
    found = told(ready.id or 0, tmp_path)
    assert (found["written_with"]["event"], found["rules"][0]) == ("released", "N-18")
    assert found["story"][-1].what == "the person is familiarised with the result"
    assert found["four_facts"]["familiarised_at"] is not None
    assert found["four_facts"]["delivered_at"] is None
    assert person(AIGUL)
