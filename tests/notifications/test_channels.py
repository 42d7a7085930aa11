"""What each channel hands over, and what never leaves by any of them."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from datetime import UTC, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Result
from models.work import work
from notifications import CHANNELS, KINDS, hand_over, notify
from notifications.channels import Message
from notifications.channels.email import compose as compose_email
from notifications.channels.sms import compose as compose_sms
from notifications.channels.sms import national
from notifications.papers import Recipient
from notifications.preview import ORDINARY
from notifications.refs import ref_of
from notifications.render import render
from rules.errors import Incomplete, RuleError
from tests.notifications.house import CANARIES, EVERYBODY, NOW, Papers, assessment, populate


def _message(channel: str = "email", language: str = "ru", kind: str = "decision_needed", **contact: str) -> Message:
    to = Recipient(1, "PN-000001", "Қанарейқызы Кенарова", language,
                   **{"email": "a@b.kz", "phone": "+77011234567", "address": "", **contact})  # fmt: skip
    words = render(kind, channel, language, ORDINARY)
    at = NOW.astimezone(UTC)
    return Message(7, 1, 0, kind, channel, ref_of(7), "2026/7", at, at.date(), {}, words, to)


def test_an_email_is_read_by_others_as_it_was_written() -> None:
    """The standard library's own parser finds no defect, both parts, and the subject in Russian letters."""
    read = email.message_from_bytes(compose_email(_message()), policy=email.policy.default)
    words = _message().words
    assert read.defects == []
    assert read["Subject"] == words.subject == "На портале заявление ожидает Вашего решения"
    assert read["To"].addresses[0].addr_spec == "a@b.kz"
    assert read["To"].addresses[0].display_name == ""
    assert read["Date"].datetime == NOW
    assert read["Message-ID"] == f"<{ref_of(7)}.7@bagalau.invalid>"
    assert (read["Content-Language"], read["Auto-Submitted"]) == ("ru", "auto-generated")
    plain, html = read.get_body(("plain",)), read.get_body(("html",))
    assert plain.get_content().replace("\r\n", "\n").strip() == words.body
    assert words.subject not in html.get_content()
    assert "<p>Здравствуйте!</p>" in html.get_content()
    assert all(len(line) <= 78 for line in compose_email(_message()).split(b"\r\n"))
    assert b"\n" not in compose_email(_message()).replace(b"\r\n", b"")


@pytest.mark.rule("N-23")
@given(st.text(max_size=60))
def test_no_address_can_add_a_header(address: str) -> None:
    """Refused, or one recipient and nothing else."""
    try:
        read = email.message_from_bytes(compose_email(_message(email=address)), policy=email.policy.default)
    except RuleError as refusal:
        assert len(address) < 3 or address not in str(refusal)
        return
    assert len(read["To"].addresses) == 1
    assert set(read.keys()) == {"Message-ID", "Date", "From", "To", "Subject", "Content-Language", "Auto-Submitted",
                                "MIME-Version", "Content-Type"}  # fmt: skip


@pytest.mark.parametrize("phone", ["+7 (701) 123-45-67", "8 701 123 45 67", "77011234567", "7011234567"])
def test_telephones_are_read_as_staff_files_write_them(phone: str) -> None:
    """Four usual ways."""
    assert national(phone) == "+77011234567"


@pytest.mark.parametrize("phone", ["+7 916 123 45 67", "12345", "701-123-45-67 Canary", "+49 170 1234567", "٧٠١"])
def test_foreign_and_broken_telephones_are_refused(phone: str) -> None:
    """A message abroad would leave the country."""
    with pytest.raises(RuleError, match="not one of Kazakhstan"):
        national(phone)
    with pytest.raises(Incomplete):
        national("")


def test_a_short_message_says_its_own_length() -> None:
    """Parts and UTF-16 units, before the text."""
    lines = compose_sms(_message("sms")).decode().splitlines()
    assert lines[:2] == ["To: +77011234567", "Parts: 1"]
    assert lines[2] == f"Units: {len(lines[4])}"


@pytest.mark.rule("N-23")
def test_nothing_a_person_is_ever_leaves(database: str, outbox: Path) -> None:
    """Names, numbers, posts and scores lie in the database; no outside text, header or file name holds one."""
    populate(2)
    with work() as session:
        for number in (1, 2):
            made = assessment(session, number, result_version=1)
            session.add(Result(assessment_id=made.id, version=1, source="computed", at=NOW, score=Decimal("4.73"),
                               unrounded=Decimal("4.73"), grade="effective", working="4.73", rules="", readings=""))  # fmt: skip
        for kind in KINDS.values():
            for round, channel in enumerate(kind.channels):
                select = "SELECT id AS assessment_id, person_id AS recipient_id FROM assessment"
                facts = {name: text for name, text in ORDINARY.items() if name != "ref"}
                notify(session, kind.name, 1, NOW, select=select, facts=facts, round=round, channels=[channel])
    papers = Papers()
    done = hand_over("simulate", outbox, NOW, documents=papers)
    assert (done.failed, set(done.handed)) == (0, set(CHANNELS))
    seen = [(str(file), _readable(file)) for file in outbox.rglob("*") if file.is_file()]
    assert len(seen) > 100
    texts = seen + [(name, " ".join(facts.values())) for name, facts, _ in papers.made]
    for place, words in texts:
        for canary in CANARIES:
            assert canary.lower() not in (place + words).lower(), (place, canary)


def _readable(file: Path) -> str:
    content = file.read_bytes()
    if file.suffix != ".eml":
        return content.decode()
    read = email.message_from_bytes(content, policy=email.policy.default)
    parts = [read.get_body((kind,)).get_content() for kind in ("plain", "html")]
    return " ".join([*map(str, read.values()), *parts])


def _fails(make: Callable[[], object]) -> str:
    with pytest.raises(RuleError) as refusal:
        make()
    return str(refusal.value)


def test_refusals_of_a_channel_do_not_repeat_the_contact() -> None:
    """They are shown on a list."""
    assert "Canary" not in _fails(lambda: compose_email(_message(email="Canary")))
    assert "916" not in _fails(lambda: national("+79160000000"))


def test_a_second_hand_over_writes_the_same_file(sqlite_database: str, outbox: Path) -> None:
    """Its place hangs on the notice alone, not on the day of the hand-over."""
    populate(1)
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, channels=["email"])
    hand_over("simulate", outbox, NOW + timedelta(days=3), documents=Papers())
    assert [file.relative_to(outbox).as_posix() for file in outbox.rglob("*.eml")] == [
        f"email/2026-10-05/000/{ref_of(1)}.eml"
    ]
