"""Nothing that leaves names anybody: a quarter of canaries, and every byte of it listened to (N-23)."""

from __future__ import annotations

import json
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import text

from models.work import reading, work
from notifications import hand_over, notify
from notifications.carriers.smtp import Smtp
from notifications.carriers.smtp_line import Server
from notifications.catalogue import EMAIL, KINDS, REGISTERED_LETTER, SMS, TELEGRAM, TELEPHONOGRAM
from notifications.configuration import read_houses
from notifications.house import House
from notifications.preview import ORDINARY
from services.paper import documents
from tests.carriers import makers as carriers
from tests.carriers.mail_servers import Box, Mail, real
from tests.carriers.stub import Stub, serving
from tests.documents.reading import text as read_pdf
from tests.makers import FARIDA, HR, at
from tests.notifications.canary import (
    IIN,
    REMARK,
    SCORE,
    SURNAME,
    Canaries,
    Contact,
    a_body_of_canaries,
    a_quarter,
    listening,
    words_of_mail,
    words_of_request,
)

pytestmark = pytest.mark.rule("N-23")
ALL = {name: value for name, value in ORDINARY.items() if name != "ref"}
OURS = {"127.0.0.1", "localhost", "::1"}


@pytest.fixture
def people(sqlite_database: str) -> dict[int, Contact]:
    """A body of canaries."""
    return a_body_of_canaries()


@pytest.fixture
def stub() -> Iterator[Stub]:
    """The far side of SendGrid, Twilio and SMSC."""
    with serving(Stub()) as served:
        yield served


@pytest.fixture
def box() -> Iterator[tuple[Box, int]]:
    """A real mail server and its port; one recipient is refused with words that repeat the address."""
    box = Box(rcpt={"canary.100041": "550 5.1.1 <canary.100041@example.kz>: Canary Кенарова is unknown here"})
    with real(box) as port:
        yield box, port


def _smtp(port: int) -> Smtp:
    return Smtp(
        Server("127.0.0.1", port, "none"), "no-reply@body.kz", "bounces@body.kz", secret=carriers.SECRET, dsn=True
    )


@pytest.mark.parametrize(
    "said",
    ["Құрметті Қанарейқызы3!", "bas: 4,20.", "Result: 5.00", "a post of Бас сарапшы-кенар", "900101300001", "100012",
     "canary.100012@example.kz", "8 (7011000124)", "ЕСКЕРТПЕ-КЕНАР", "Функционалдық"],
)  # fmt: skip
def test_the_ear_hears(people: dict[int, Contact], said: str) -> None:
    """Otherwise its silence would prove nothing; what only looks alike is left alone."""
    known = Canaries(people, ("Функционалдық міндеттерін",))
    assert known.heard_in(said + " міндеттерін", "+77011000113")
    for innocent in ("Python/3.14.20", "smtp 4.2.1", "2Bp1.4.2Bq", "20.10.2026", "сағат 14.20", "+77011000113"):
        assert not known.heard_in(innocent, "+77011000113")


def _house(carriers_: Mapping[str, object], guests: frozenset[str] = frozenset()) -> dict[str, House]:
    return {"nchr-sample": House("nchr-sample", carriers_, guests=guests)}  # type: ignore[arg-type]


def _everything(channels: tuple[str, ...]) -> None:
    """Every kind there is, to the first four, by these channels, with every fact there is."""
    with work() as session:
        for kind, channel in product(KINDS.values(), channels):
            contact = "email" if channel == EMAIL else "phone"
            notify(
                session, kind.name, 1, at("2026-10-22"), round=1000, facts=ALL, channels=[channel],
                select=f"SELECT 0 AS assessment_id, id AS recipient_id FROM person WHERE id <= 4 AND {contact} <> ''",
            )  # fmt: skip


def _live(outbox: Path, houses: dict[str, House], mode: str = "live") -> None:
    def send(moment: str) -> None:
        hand_over(mode, outbox, at(moment), documents=documents(), houses=houses)

    a_quarter(send)
    _everything((EMAIL, SMS))
    with work() as session:
        for channel in (TELEPHONOGRAM, TELEGRAM):
            notify(
                session, "result_served", 1, at("2026-10-22"), round=1001, facts=ALL, channels=[channel],
                select="SELECT id AS assessment_id, person_id AS recipient_id FROM assessment WHERE dismissed = true",
            )  # fmt: skip
    send("2026-10-22 09:05")


def _loud(caplog: pytest.LogCaptureFixture) -> None:
    """Every logger at its most talkative, but for the test's own mail server, which is not ours."""
    caplog.set_level(logging.CRITICAL, logger="mail.log")
    caplog.set_level(logging.DEBUG)


def _check_logs(caplog: pytest.LogCaptureFixture, known: Canaries) -> None:
    """Not even the own address stands in a line, whoever writes it."""
    logging.getLogger("ours").debug("a line to hear")
    assert caplog.records
    for one in caplog.records:
        line = f"{one.name}: {one.getMessage()} {one.exc_text or ''}"
        assert not known.heard_in(line), line


def _check_evidence(known: Canaries) -> None:
    """What is kept of carriers' words, and every sentence of ours, could be shown to anybody."""
    with reading() as session:
        run = session.connection().execute
        said = run(text("SELECT failure, reference, facts FROM notice")).all()
        said += run(text("SELECT code, detail, event_id FROM receipt")).all()
        said += run(text("SELECT reason, channel FROM lane")).all()
    for row in said:
        assert not known.heard_in(" ".join(word for word in row if word)), tuple(row)


def test_mail_by_the_bodys_own_relay_and_short_messages_by_the_local_gateway(
    people: dict[int, Contact], box: tuple[Box, int], stub: Stub, outbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Envelope, headers, subjects, bodies, both parts; requests; logs; what is kept; who was spoken to."""
    _loud(caplog)
    with listening() as ear:
        _live(outbox, _house({EMAIL: _smtp(box[1]), SMS: carriers.smsc(stub, seconds=5.0)}))
    known = Canaries.of(people)
    mails, sent = box[0].mails, stub.taken
    emails, phones = {one.email for one in people.values()}, {one.phone for one in people.values()}
    assert min(len(mails), len(sent)) > 3 * len(KINDS)
    assert {one.recipient for one in mails} == emails - {"", "canary.100041@example.kz"}
    assert {one.to for one in sent} <= phones
    [refused] = [one for one in people.values() if one.number == FARIDA]
    assert refused.phone in {one.to for one in sent}  # her mailbox refused, so the next channel was taken
    for mail in mails:
        said = words_of_mail(mail)
        assert not known.heard_in(said, mail.recipient), mail.recipient
        # one link, the same for everybody: no token in it, and opening it says nothing of anybody
        assert set(re.findall(r"https?://[^\s<\"]+", said)) == {ALL["portal"]}
    for request in stub.requests:
        addressee = json.loads(request.body)["phones"] if request.path == "/rest/send/" else request.form["phone"]
        assert not known.heard_in(words_of_request(request), addressee), request.path
    assert set(ear.hosts) <= OURS
    assert not ear.started
    _check_logs(caplog, known)
    _check_evidence(known)


def test_the_foreign_providers_are_told_no_more(
    people: dict[int, Contact], stub: Stub, outbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The requests of their own libraries, and the log lines these write at their most talkative."""
    _loud(caplog)
    with listening() as ear:
        _live(outbox, _house({EMAIL: carriers.sendgrid(stub, seconds=5.0), SMS: carriers.twilio(stub, seconds=5.0)}))
    known = Canaries.of(people)
    assert len(stub.requests) > 6 * len(KINDS)
    for request in stub.requests:
        if "mail/send" in request.path:
            addressee = next(one.email for one in people.values() if one.email and one.email in request.body.decode())
        else:
            addressee = request.form["To"]
        assert not known.heard_in(words_of_request(request), addressee), request.path
        assert addressee not in request.path + request.query
    assert set(ear.hosts) <= OURS
    assert not ear.started
    _check_logs(caplog, known)
    _check_evidence(known)


def test_asking_after_silence_says_no_more_than_sending(
    people: dict[int, Contact], stub: Stub, outbox: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Questions go to the provider alone; no line of a log repeats them."""
    _loud(caplog)
    houses = _house({EMAIL: carriers.sendgrid(stub), SMS: carriers.twilio(stub)})
    stub.mode = "lost"
    with listening() as ear:
        a_quarter(lambda moment: None)
        for moment in ("2026-10-22 10:00", "2026-10-22 10:20", "2026-10-22 10:40"):
            hand_over("live", outbox, at(moment), documents=documents(), houses=houses)
            stub.mode = "ok"
    known = Canaries.of(people)
    asked = [one for one in stub.requests if one.method == "GET" and "essages" in one.path]
    assert asked
    for request in stub.requests:
        said = words_of_request(request)
        addressee = next((c for one in people.values() for c in (one.email, one.phone) if c and c in said), "")
        assert not known.heard_in(said, addressee), request.path
    assert set(ear.hosts) <= OURS
    _check_logs(caplog, known)
    _check_evidence(known)


def test_files_of_the_simulation_hold_nothing_either(people: dict[int, Contact], outbox: Path) -> None:
    """Closed letters and the post's registers alone may state more; a record for an officer names its two people only."""
    with listening() as ear:
        _live(outbox, {}, "simulate")
    known = Canaries.of(people)
    assert not ear.hosts
    assert not ear.started
    files = {file: file.relative_to(outbox) for file in outbox.rglob("*") if file.is_file()}
    seen = Counter(place.parts[0] for place in files.values())
    assert set(seen) == {EMAIL, SMS, REGISTERED_LETTER, TELEPHONOGRAM, TELEGRAM}
    assert min(seen[EMAIL], seen[SMS]) > 3 * len(KINDS)
    [officer] = [one.person_id for one in people.values() if one.number == HR]
    for file, place in files.items():
        assert not known.heard_in(str(place))
        if place.parts[0] == EMAIL:
            to = next(one.email for one in people.values() if one.email and one.email.encode() in file.read_bytes())
            assert not known.heard_in(words_of_mail(Mail("", [], to, [], file.read_bytes(), 0)), to), place
        elif place.parts[0] == SMS:
            said = file.read_text("utf-8")
            assert not known.heard_in(said, said.partition("To: ")[2].partition("\n")[0]), place
        elif place.parts[0] != REGISTERED_LETTER:
            said = read_pdf(file.read_bytes())
            assert len({int(one) for one in re.findall(rf"{SURNAME}(\d+)", said)} - {officer}) == 1
            assert not SCORE.search(said)
            assert not [one for one in (REMARK, IIN, *known.grades) if one.casefold() in said.casefold()]
            assert not [one for one in people.values() if one.number in said.replace(one.phone, "")]


def test_without_leave_not_one_connection_goes_to_a_foreign_provider(
    people: dict[int, Contact], outbox: Path, tmp_path: Path
) -> None:
    """`foreign_providers: false`, which is the rule: the notices wait, and the hand-over says why."""
    file = tmp_path / "carriers.yaml"
    file.write_text(
        "nchr-sample:\n"
        "  email: {carrier: sendgrid, api_key: {secret: k}, sender: no-reply@body.example.kz}\n"
        f"  sms: {{carrier: twilio, account: {carriers.ACCOUNT}, token: {{secret: t}}, sender: BODY}}\n"
    )
    problems: list[str] = []

    def send(moment: str) -> None:
        houses = read_houses(file, lambda name: "a secret")
        problems.extend(hand_over("live", outbox, at(moment), documents=documents(), houses=houses).problems)

    with listening() as ear:
        a_quarter(send)
    assert not ear.hosts
    assert any("foreign_providers" in one for one in problems)
    with reading() as session:
        left = session.connection().execute(
            text("SELECT COUNT(*) FROM notice WHERE channel IN ('email', 'sms') AND state <> 'waiting'")
        )
        assert left.scalar_one() == 0


def test_a_pilot_writes_to_its_guests_alone(
    people: dict[int, Contact], box: tuple[Box, int], stub: Stub, outbox: Path
) -> None:
    """The recipients of the envelopes are the guests; for everybody else there are files."""
    guests = {people[1].email, people[4].phone, "stranger@example.kz"}
    house = _house({EMAIL: _smtp(box[1]), SMS: carriers.smsc(stub, seconds=5.0)}, frozenset(guests))
    _live(outbox, house, "pilot")
    written_to = {one.recipient for one in box[0].mails} | {one.to for one in stub.taken}
    assert written_to == guests - {"stranger@example.kz"}
    assert len(list((outbox / EMAIL).rglob("*.eml"))) > len(KINDS)
    assert len(list((outbox / SMS).rglob("*.txt"))) > len(KINDS)
