"""A body whose every fact is a canary, its quarter lived through, and an ear on everything that leaves the program.

A canary found outside is a leak: a name, personnel number, post, result, remark, or the address of somebody else.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from email import message_from_bytes, policy
from typing import Any
from urllib.parse import quote, unquote_plus

from sqlalchemy import text

from models.work import reading, work
from services import calibration, familiarisation, ladder, sheets
from services.ground import find_cycle, ground_of
from services.sheets import SignedSheet
from tests import makers
from tests.carriers.mail_servers import Mail
from tests.carriers.stub import Request
from tests.makers import AIGUL, BOLAT, DANA, FARIDA, HEAD_A, HEAD_B, HEAD_C, HR, KEY, at, case

SURNAME, GIVEN, PATRONYMIC, POST = "Қанарейқызы", "Кенарова", "Canaryuly", "Бас сарапшы-кенар"
REMARK = "Ескертпе-кенар, ЖСН 900101300001"
IIN = "900101300001"
#: 4 5 3 4 and the 5 of sanctions
MARKS = {1: Decimal(4), 2: Decimal(5), 3: Decimal(3), 4: Decimal(4), 5: Decimal(5)}
#: never part of a longer number, a version or a signature
SCORE = re.compile(r"(?<![\w.,+/=-])(?:4[.,]20?|5[.,]00?)(?![\w+/=-]|[.,]\d)")


@dataclass(frozen=True)
class Contact:
    """Where one person is written to."""

    person_id: int
    number: str
    email: str
    phone: str


def a_body_of_canaries() -> dict[int, Contact]:
    """The usual ten people under telling names, each with an e-mail address or a telephone of their own; by person id."""
    makers.a_body()
    with work() as session:
        run = session.connection().execute
        run(text(f"UPDATE post SET title_kk = '{POST}', title_ru = '{POST}'"))
        people = run(text("SELECT id, personnel_no FROM person ORDER BY id")).all()
        for one in people:
            # every third has no e-mail address, so that short messages go too; the dismissed one gets letters anyway
            email = None if one.id % 3 == 0 else f"canary.{one.personnel_no}@example.kz"
            run(
                text(
                    "UPDATE person SET surname = :s, given_name = :g, patronymic = :p, email = :e, phone = :t,"
                    " address = :a, language = :l WHERE id = :i"
                ),
                {
                    "s": f"{SURNAME}{one.id}", "g": GIVEN, "p": PATRONYMIC, "e": email, "i": one.id,
                    "t": f"+7701{one.personnel_no}{one.id % 10}", "a": f"Canary Street {one.id}",
                    "l": "kk" if one.id % 2 else "ru",
                },
            )  # fmt: skip
    with reading() as session:
        rows = session.connection().execute(text("SELECT id, personnel_no, email, phone FROM person")).all()
    return {row.id: Contact(row.id, row.personnel_no, row.email or "", row.phone) for row in rows}


def a_quarter(after: Callable[[str], None]) -> None:
    """A whole quarter of that body; `after` is called with the moment after each stretch of it, to send what waits."""
    makers.opened()
    makers.approved()
    makers.walk("2026-10-01 12:00")
    after("2026-10-01 12:05")
    makers.walk("2026-10-02")  # a reminder, where one is due
    _sign("2026-10-05")
    makers.walk("2026-10-06")
    after("2026-10-06 09:05")
    makers.shown("2026-10-07", HR, HEAD_A, HEAD_B, HEAD_C, AIGUL, DANA, FARIDA)
    _refuses(BOLAT)
    makers.decided(_session(AIGUL), "5", "5", "5")
    after("2026-10-12 15:05")
    _refused_request(DANA)
    makers.walk("2026-10-21")
    with work() as session:
        ladder.climb(session, find_cycle(session, KEY), at("2026-10-21 09:05"))
    after("2026-10-21 09:10")


def _sign(now: str) -> None:
    with work() as session:
        query = text("SELECT id, marker_id FROM assessment WHERE stage = 'open' ORDER BY id")
        for row in session.connection().execute(query).all():
            sheet = SignedSheet(row.id, MARKS, dict.fromkeys(MARKS, REMARK), signed_by=row.marker_id)
            sheets.submit(session, sheet, at(now), f"person/{row.marker_id}")


def _refuses(number: str) -> None:
    signers = makers.person(HR), (makers.person(FARIDA), makers.person(HEAD_C))
    with work() as session:
        familiarisation.refuse(
            session, case(number).id or 0, *signers, REMARK, at("2026-10-07"), f"person/{signers[0]}"
        )


def _session(number: str) -> int:
    received = makers.disagrees(number, words=REMARK)
    with work() as session:
        return calibration.call_session(
            session, received.request_id, makers.members(), makers.person(makers.OFFICIAL), at("2026-10-09")
        )


def _refused_request(number: str) -> None:
    received = makers.disagrees(number, now="2026-10-20", words=REMARK)  # five days late
    with work() as session:
        calibration.refuse_request(
            session, received.request_id, "late", makers.person(makers.OFFICIAL), at("2026-10-20 15:00")
        )


# --- what may not be heard ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Canaries:
    """Everything that may not leave."""

    people: dict[int, Contact]
    grades: tuple[str, ...]

    @classmethod
    def of(cls, people: dict[int, Contact]) -> Canaries:
        """Of the people of the cycle and the labels of its act's scale."""
        with reading() as session:
            scale = ground_of(session, find_cycle(session, KEY)).scale
            assert scale is not None
            labels = {word for grade in scale.bands for word in grade.label.as_dict().values()}
            scores = set(session.connection().execute(text("SELECT score FROM result")).scalars())
        assert scores and all(SCORE.fullmatch(f"{Decimal(one):.2f}") for one in scores), scores
        return cls(people, tuple(labels))

    def heard_in(self, said: str, to: str = "") -> list[str]:
        """What may not stand in these words; `to`: the address or number of the person they go to."""
        words, mine = said.casefold(), to.casefold()
        # the own address holds the own number, because this body made it so
        for own in (mine, quote(mine), mine.removeprefix("+")) if mine else ():
            words = words.replace(own, "")
        wanted = [SURNAME, GIVEN, PATRONYMIC, POST, "кенар", "ескертпе", IIN, "canary", *self.grades]
        for one in self.people.values():
            wanted.append(one.number)
            wanted += [form for form in (one.email, one.phone[1:], f"8{one.phone[2:]}") if form]
        found = [word for word in wanted if word.casefold() in words]
        return found + [match[0] for match in [SCORE.search(words)] if match]


# --- the ears ------------------------------------------------------------------------------------------------


def words_of_mail(mail: Mail) -> str:
    """Envelope, headers as sent and as read, and every part."""
    read = message_from_bytes(mail.content, policy=policy.default)
    parts = [part.get_content() for part in read.walk() if part.get_content_maintype() == "text"]
    headers = [f"{name}: {value}" for name, value in read.items()]
    options = [*mail.sender_options, *mail.recipient_options]
    return "\n".join([mail.sender, mail.recipient, *options, *headers, *parts, mail.content.decode("ascii", "replace")])


def words_of_request(request: Request) -> str:
    """Line, headers and body, as sent, unquoted, and read as JSON."""
    body = request.body.decode("utf-8", "replace")
    forms = [body, unquote_plus(body), request.path, unquote_plus(request.path), unquote_plus(request.query)]
    if request.headers.get("content-type", "").startswith("application/json") and body:
        forms.append(json.dumps(json.loads(body), ensure_ascii=False))
    return "\n".join([request.query, *forms, *(f"{name}: {value}" for name, value in request.headers.items())])


@dataclass
class Ear:
    """What this process did towards the outside while it was listened to.

    Attributes:
        hosts: every host connected to or looked up. started: the arguments of every process started.
    """

    hosts: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)


_ears: list[Ear] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _ears:
        return
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        _ears[-1].hosts.append(str(arguments[1][0]))
    elif event == "socket.getaddrinfo":
        _ears[-1].hosts.append(str(arguments[0]))
    elif event in ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system"):
        _ears[-1].started.append(repr(arguments))


@contextmanager
def listening() -> Iterator[Ear]:
    """Hear every connection, look-up and process of this process, whichever library makes it."""
    if not getattr(sys, "_canary_hook", False):
        sys.addaudithook(_hear)  # it cannot be taken away again, and without an ear it hears nothing
        sys._canary_hook = True  # type: ignore[attr-defined]
    ear = Ear()
    _ears.append(ear)
    try:
        yield ear
    finally:
        _ears.remove(ear)
