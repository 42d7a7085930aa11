"""Invented papers about notices: the certificate of delivery and the journals of registered channels."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256

from documents.delivery_certificate import Certificate, Fact, Link, Told
from documents.dispatch_journal import Journal, Line
from documents.samples import common
from documents.samples.common import at, either
from documents.words import Language


def _hash(words: str) -> str:
    return sha256(words.encode()).hexdigest()


def certificate(language: Language) -> Certificate:
    """A letter that was delivered."""
    return Certificate(
        body=common.body(language),
        act=common.act(language),
        number="2026/381",
        mark="K7RX3Q",
        subject=either(language, "Құжат таныстыру үшін дайын", "Документ ждёт ознакомления"),
        channel="registered_letter",
        addressee="Есенгелдиева Маржан Әбілқасымқызы",
        written_at=at(10, 20, 9, 5),
        due=at(10, 31, 23, 59),
        point=either(language, "9-тармақтың 2-бөлігі", "часть 2 пункта 9"),
        facts=(
            Fact("sent", at(10, 21, 16, 40), "officer", "100002", in_time=True),
            Fact("delivered", at(10, 26, 11, 20), "officer", "100002"),
            Fact("familiarised", at(10, 26, 11, 20), "assessment"),
            Fact("refused", None),
        ),
        told=(
            Told("prepared", at(10, 20, 9, 10), "papers", number="papers/K7RX3Q"),
            Told("accepted", at(10, 21, 16, 40), "officer", "100002", "RR123456785KZ", at(10, 22, 9, 0)),
            Told("delivered", at(10, 26, 11, 20), "officer", "100002", "RR123456785KZ", at(11, 2, 10, 15)),
        ),
        content_hash=_hash("letter"),
        template="result_served/kk v1@a0f73152e5d7",
        made_again="same_file",
        entry=Link(17, _hash("17")),
        head=Link(64, _hash("64"), at(11, 3, 12, 0)),
        checkpoint=Link(60, _hash("60"), at(11, 3, 11, 0)),
        unproved=("np_officer", "np_checkpoint"),
        made_by=common.hr_officer(language),
        made_at=at(11, 3, 14, 30),
        reference="K7RX3Q",
    )


def certificate_of_little(language: Language) -> Certificate:
    """An e-mail that was sent twice, perhaps, and of which nothing came back."""
    return replace(
        certificate(language),
        channel="email",
        due=None,
        facts=(
            Fact("sent", at(10, 20, 9, 31), "smtp"),
            Fact("delivered", None),
            Fact("familiarised", None),
            Fact("refused", None),
        ),
        told=(
            Told("attempted", at(10, 20, 9, 10), "smtp"),
            Told("unknown", at(10, 20, 9, 10), "smtp"),
            Told("resent", at(10, 20, 9, 30), "smtp"),
            Told("attempted", at(10, 20, 9, 31), "smtp"),
            Told("accepted", at(10, 20, 9, 31), "smtp", number="4dKq1z3vPmz5Qn"),
        ),
        made_again="not_made_again",
        checkpoint=None,
        unproved=("np_delivered", "np_familiarised", "np_duplicate", "np_bytes", "np_checkpoint"),
    )


def journal(language: Language) -> Journal:
    """Telephonograms of a month, one of them not passed on yet."""
    text = either(
        language,
        "Сізге арналған қызметтік құжат таныстыру үшін дайын. Персоналды басқару қызметіне хабарласуыңызды сұраймыз.",
        "Адресованный Вам служебный документ подготовлен для ознакомления. Просим обратиться в службу управления персоналом.",
    )
    officer = common.hr_officer(language)
    sender = f"{officer.name}, {officer.post}"
    first = Line(
        "2026/402", "H7KD2M", at(10, 26, 11, 20), text, "100032", "12", sender,
        either(language, "Адресаттың өзі", "Лично адресат"), "delivered", at(10, 26, 11, 20),
    )  # fmt: skip
    return Journal(
        body=common.body(language),
        channel="telephonogram",
        first_day=date(2026, 10, 1),
        last_day=date(2026, 10, 31),
        lines=(
            first,
            replace(
                first, outgoing="2026/403", mark="8M4ZQP", at=at(10, 27, 9, 45), addressee="100047", number="13",
                receiver=either(language, "Жұбайы", "Супруга"), outcome="undelivered", outcome_at=at(10, 27, 9, 50),
            ),
            Line("2026/411", "QK0R7T", at(10, 30, 15, 0), text, "100051"),
        ),
        kept_by=officer,
        drawn_up_on=date(2026, 11, 2),
        reference="2026-10",
    )  # fmt: skip
