"""The certificate of one notice and the journal of a channel: what is proved, by whom, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.sql import execute
from models.work import reading, work
from notifications import hand_over
from notifications.refs import ref_of
from rules.errors import NotAllowed, NotFound, RuleError
from services.evidence import checkpoint
from services.notice_papers import certificate_pdf, journal_pdf
from services.typed_in import Typed, type_in
from tests import makers
from tests.documents.reading import text
from tests.makers import AIGUL, BOLAT, ERLAN, HR, at, day, notices
from tests.notifications import house
from tests.services.test_evidence import tampered
from tests.services.test_typed_in import in_earnest

OCTOBER = (day("2026-10-01"), day("2026-10-31"))


def certified(notice_id: int | None, tmp_path: Path, language: str = "ru", by: str = HR) -> str:
    with reading() as session:
        made = certificate_pdf(session, notice_id or 0, by, language, at("2026-10-20"), tmp_path, tmp_path / "points")
    return text(made)


def signed(tmp_path: Path) -> None:
    with reading() as session:
        assert checkpoint(session, tmp_path / "keys", tmp_path / "points", at("2026-10-19"))


@pytest.mark.rule("N-19", "N-25")
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ru", ("Лицо ознакомлено с результатом 7 октября 2026 года, 11:20 журнал оценки", "должностное лицо, таб. № 100002",
                "Сведения, внесённые вручную", "часть 2 пункта 9", "Направлено 7 октября 2026 года, 09:00 в срок")),
        ("kk", ("Адам нәтижемен танысты 2026 жылғы 7 қазан, 11:20 бағалау журналы", "лауазымды тұлға, таб. № 100002",
                "Қолмен енгізілген мәлімет", "9-тармақтың 2-бөлігі", "мерзімінде")),
    ],
)  # fmt: skip
def test_a_certificate_says_what_is_proved_and_what_is_not(
    language: str, said: tuple[str, ...], sqlite_database: str, tmp_path: Path
) -> None:
    sent = in_earnest(tmp_path, "registered_letter")
    with work() as session:
        for event, moment in (("accepted", "2026-10-07T09:00"), ("delivered", "2026-10-07T11:20")):
            type_in(session, sent.id or 0, Typed(event, moment, HR, "RR123456785KZ"), at("2026-10-09"))
    signed(tmp_path)
    made = certified(sent.id, tmp_path, language)
    for words in (*said, f"Тегі{ERLAN} Аты", f"2026/{sent.id}", ref_of(sent.id or 0), "RR123456785KZ"):
        assert words in made
    assert (sent.content_hash or "")[:8] in made
    assert ("Записи после последней" in made, "Соңғы бақылау нүктесінен кейінгі" in made) == (False, False)
    assert "имитац" not in made


@pytest.mark.rule("N-25")
def test_what_nothing_proves_is_said_plainly(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_cycle("released")
    hand_over("simulate", tmp_path, at("2026-10-06 15:00"), documents=house.Papers())
    [ready] = notices("result_ready", AIGUL)
    with work() as session:
        execute(
            session, "UPDATE notice SET possible_duplicate = true, content_hash = 'x' WHERE id = :i", {"i": ready.id}
        )
    made = certified(ready.id, tmp_path)
    for words in (
        "в режиме имитации: на деле оно не отправлялось",
        "Доставка уведомления адресату не доказана",
        "Ознакомление лица с результатом не доказано",
        "Уведомление могло прийти дважды",
        "Соответствие отправленного содержимого сохранённому хэшу не доказано",
        "Записи после последней контрольной точки подписью ещё не закреплены",
    ):
        assert words in made
    assert "Отправка уведомления не доказана" not in made


def test_a_certificate_is_made_by_an_officer_who_serves_from_a_journal_that_holds(
    sqlite_database: str, tmp_path: Path
) -> None:
    makers.a_cycle("released")
    [sent] = notices("result_served", ERLAN)
    assert "Отправка уведомления не доказана" in certified(sent.id, tmp_path)
    with pytest.raises(NotAllowed, match="does not serve"):
        certified(sent.id, tmp_path, by=ERLAN)
    with pytest.raises(NotFound, match="no notice 4711"):
        certified(4711, tmp_path)
    signed(tmp_path)
    tampered(sqlite_database, "UPDATE journal_entry SET hash = 'x' WHERE seq = (SELECT MAX(seq) FROM journal_entry)")
    with pytest.raises(RuleError, match="run `bagalau audit verify` first"):
        certified(sent.id, tmp_path)


def journal(channel: str = "telephonogram", language: str = "ru", organisation: str = "") -> str:
    with reading() as session:
        return text(journal_pdf(session, channel, OCTOBER, language, at("2026-11-02"), organisation))


@pytest.mark.rule("N-19")
def test_the_journal_has_number_text_sender_receiver_and_time(database: str, tmp_path: Path) -> None:
    sent = in_earnest(tmp_path, "telephonogram")
    ready = journal()
    assert "не передано" in ready
    with work() as session:
        typed = Typed("delivered", "2026-10-07T11:20", HR, "12", sent_by=BOLAT, received_by="жена адресата")
        type_in(session, sent.id or 0, typed, at("2026-10-09"))
    made = journal()
    for words in ("Журнал телефонограмм", "07.10.2026 11:20", f"Тегі{BOLAT}", "жена адресата", "доставлено", ERLAN):
        assert words in made
    assert f"Тегі{ERLAN}" not in made
    assert ref_of(sent.id or 0) in made
    assert "Телефонограммалар журналы" in journal(language="kk")


def test_a_journal_is_of_one_body_one_channel_and_some_days(sqlite_database: str, tmp_path: Path) -> None:
    in_earnest(tmp_path, "registered_letter")
    assert "Журнал заказных писем" in journal("registered_letter", organisation="nchr-sample")
    with pytest.raises(NotFound, match="has no line from 2026-10-01 to 2026-10-31"):
        journal("telegram")
    with pytest.raises(NotFound, match="No journal is kept of 'email'"):
        journal("email")
    with pytest.raises(NotFound, match="no body 'x'"):
        journal(organisation="x")
    with pytest.raises(NotFound, match="is before"), reading() as session:
        journal_pdf(session, "telegram", OCTOBER[::-1], "ru", at("2026-11-02"))
