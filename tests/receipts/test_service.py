"""The service itself: signed or nothing, kept or told so, whatever comes in."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from sqlalchemy.exc import OperationalError
from twilio.request_validator import RequestValidator

from notifications.refs import ref_of
from portal.inbox import Inbox
from portal.receipts import LIMIT, create
from services.callbacks import collect_all
from services.receiving import Incoming
from tests.notifications.house import NOW
from tests.receipts import far_side
from tests.receipts.conftest import Carrier, Give, TestClient
from tests.receipts.far_side import BODY, HOUSES, STRANGER, WORD, batch, event
from tests.receipts.test_collecting import rows, standing

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def service(database: str) -> Iterator[TestClient]:
    with TestClient(create(HOUSES, lambda: NOW + MINUTE)) as client:
        yield client


@pytest.fixture
def quick(sqlite_database: str) -> Iterator[TestClient]:
    with TestClient(create(HOUSES, lambda: NOW + MINUTE)) as client:
        yield client


def _kept() -> int:
    return int(rows("SELECT COUNT(*) FROM callback")[0][0])


def test_what_each_carrier_signs_is_kept_once_and_answered_with_nothing(service: TestClient) -> None:
    raw = batch(event(1, "delivered", NOW))
    query, form, headers = far_side.twilio(1, "delivered")
    for _ in range(3):
        answers = [
            service.post("/receipts/sendgrid", content=raw, headers=far_side.sendgrid(raw)),
            service.post(f"/receipts/{BODY}/sendgrid", content=raw, headers=far_side.sendgrid(raw)),
            service.post(f"/receipts/{BODY}/twilio?{query}", content=form, headers=headers),
            service.post(f"/receipts/{BODY}/smsc", content=far_side.smsc(1, 1)),
            service.post(f"/receipts/smsc/key/{WORD}", content=urlencode({"id": 1, "status": 1, "phone": "7701"})),
        ]
        assert [(one.status_code, one.content) for one in answers] == [(204, b"")] * 5
    assert rows("SELECT source, address FROM callback ORDER BY id") == [
        ("sendgrid", ""), ("twilio", ref_of(1)), ("smsc", ""), ("smsc", ""),
    ]  # fmt: skip
    assert rows("SELECT DISTINCT organisation, state FROM callback") == [(BODY, "new")]


def _forgeries() -> list[tuple[str, str, bytes, dict[str, str]]]:
    raw = batch(event(1, "delivered", NOW))
    good = far_side.sendgrid(raw)
    signature, moment = list(good)[:2]
    query, form, headers = far_side.twilio(1, "delivered")
    other = far_side.twilio(2, "delivered")[0]
    path, sms, smsc = f"/receipts/{BODY}/sendgrid", f"/receipts/{BODY}/twilio", f"/receipts/{BODY}/smsc"
    named = f"https://evil.example/receipts/{BODY}/twilio?{query}"
    return [
        ("unsigned", path, raw, {}),
        ("signed by a stranger", path, raw, far_side.sendgrid(raw, STRANGER)),
        ("changed", path, raw.replace(b"delivered", b"processed"), good),
        ("written anew", path, raw.replace(b", ", b","), good),
        ("another moment", path, raw, {**good, moment: "1"}),
        ("no moment", path, raw, {signature: good[signature]}),
        ("no signature", path, raw, {moment: good[moment]}),
        ("a broken signature", path, raw, {**good, signature: "@@@"}),
        ("an empty signature", path, raw, {**good, signature: ""}),
        ("cut off", path, raw[:-20], good),
        ("of no body we know", "/receipts/somebody/sendgrid", raw, good),
        ("twilio: unsigned", f"{sms}?{query}", form, {}),
        ("twilio: another token", f"{sms}?{query}", form, {"X-Twilio-Signature": RequestValidator("x").compute_signature(
            f"{far_side.URL}{sms}?{query}", dict(parse_qsl(form.decode())))}),
        ("twilio: another notice", f"{sms}?{other}", form, headers),
        ("twilio: no notice", sms, form, headers),
        ("twilio: two notices", f"{sms}?{query}&{query}", form, headers),
        ("twilio: not our signature of the notice", f"{sms}?n={ref_of(1)}.{'A' * 22}", form, headers),
        ("twilio: changed", f"{sms}?{query}", form.replace(b"delivered", b"failed"), headers),
        ("twilio: a field twice", f"{sms}?{query}", form + b"&MessageStatus=delivered", headers),
        ("twilio: no text", f"{sms}?{query}", b"\xff\xfe", headers),
        ("twilio: signed for another address", f"{sms}?{query}", form, {"X-Twilio-Signature": RequestValidator(
            far_side.TOKEN).compute_signature(named, dict(parse_qsl(form.decode())))}),
        ("smsc: no digest", smsc, urlencode({"id": 1, "status": 1, "phone": "7701"}).encode(), {}),
        ("smsc: another word", smsc, far_side.smsc(1, 1, "x"), {}),
        ("smsc: another status", smsc, far_side.smsc(1, 20).replace(b"status=20", b"status=1"), {}),
        ("smsc: a wrong key", f"{smsc}/key/x", far_side.smsc(1, 1), {}),
        ("smsc: no form", smsc, b"{" * 5000, {}),
    ]  # fmt: skip


@pytest.mark.parametrize("forgery", _forgeries(), ids=lambda one: one[0])
def test_no_forgery_is_kept(forgery: tuple[str, str, bytes, dict[str, str]]) -> None:
    _, path, raw, headers = forgery
    client = TestClient(create(HOUSES, lambda: NOW, Inbox(lambda _: pytest.fail("it was believed"))))
    assert client.post(path, content=raw, headers=headers).status_code == 403


def test_a_body_without_a_key_takes_nothing(sqlite_database: str) -> None:
    """An empty key is not a key everybody has."""
    from notifications.house import House

    with TestClient(create({BODY: House(BODY)}, lambda: NOW)) as client:
        query, form, headers = far_side.twilio(1, "delivered")
        raw = batch(event(1, "delivered", NOW))
        answers = [
            client.post("/receipts/sendgrid", content=raw, headers=far_side.sendgrid(raw)),
            client.post(f"/receipts/{BODY}/twilio?{query}", content=form, headers=headers),
            client.post("/receipts/smsc", content=far_side.smsc(1, 1, "")),
            client.post("/receipts/smsc/key/x", content=b""),
        ]
    assert {one.status_code for one in answers} == {403}
    assert _kept() == 0


def test_an_old_word_rightly_signed_is_kept_once_and_dated_by_itself(database: str, give: Give) -> None:
    """Thirty days late: evidence like any other."""
    give(1, Carrier("sendgrid"))
    raw = batch(event(1, "delivered", NOW + MINUTE))
    with TestClient(create(HOUSES, lambda: NOW + 30 * DAY)) as client:
        for _ in range(3):
            assert client.post("/receipts/sendgrid", content=raw, headers=far_side.sendgrid(raw)).status_code == 204
    assert collect_all(HOUSES, NOW + 30 * DAY, 90).receipts == 1
    assert rows("SELECT at FROM receipt WHERE event = 'delivered'") == [("2026-10-05T06:01:00.000000Z",)]
    assert standing() == "delivered"


@pytest.mark.parametrize("declared", [True, False])
def test_what_is_too_long_is_refused_and_nothing_of_it_kept(quick: TestClient, declared: bool) -> None:
    """Ten megabytes, said beforehand or found out while reading."""
    raw = b"[" + b" " * (10 * 1024 * 1024) + b"]"
    content: Any = raw if declared else (raw[place : place + 65_536] for place in range(0, len(raw), 65_536))
    answer = quick.post("/receipts/sendgrid", content=content, headers=far_side.sendgrid(raw))
    assert answer.status_code == 413
    assert _kept() == 0
    brim = b"[" + b" " * (LIMIT - 2) + b"]"
    assert quick.post("/receipts/sendgrid", content=brim, headers=far_side.sendgrid(brim)).status_code == 204


def test_what_is_signed_but_cut_off_is_kept_and_refused_later(quick: TestClient) -> None:
    raw = batch(event(1, "delivered", NOW))[:-9]
    assert quick.post("/receipts/sendgrid", content=raw, headers=far_side.sendgrid(raw)).status_code == 204
    assert collect_all(HOUSES, NOW + MINUTE, 90).refused == 1
    assert rows("SELECT state, note FROM callback") == [("refused", "It is no JSON.")]


def test_bytes_that_are_no_text_are_kept_as_well(service: TestClient) -> None:
    raw = b"[\xff\x00\xc3]"
    assert service.post("/receipts/sendgrid", content=raw, headers=far_side.sendgrid(raw)).status_code == 204
    assert rows("SELECT body FROM callback") == [("[\\xff\\x00\\xc3]",)]


def test_a_database_that_is_away_is_no_crash(sqlite_database: str) -> None:
    """The carrier is told to come again; what then is kept is kept once."""
    troubles = [OperationalError("", {}, Exception("database is locked"))] * 3

    def write(batch: Sequence[Incoming]) -> None:
        if troubles:
            raise troubles.pop()

    raw = batch(event(1, "delivered", NOW))
    with TestClient(create(HOUSES, lambda: NOW, Inbox(write))) as client:
        first = client.post("/receipts/sendgrid", content=raw, headers=far_side.sendgrid(raw))
        assert (first.status_code, first.headers["Retry-After"]) == (503, "30")
        assert client.post("/receipts/sendgrid", content=raw, headers=far_side.sendgrid(raw)).status_code == 204


def test_a_database_that_hangs_holds_nobody_longer_than_some_seconds(sqlite_database: str) -> None:
    raw = batch(event(1, "delivered", NOW))
    inbox = Inbox(lambda _: time.sleep(0.6), patience=0.1, room=len(raw))
    with TestClient(create(HOUSES, lambda: NOW, inbox)) as client:
        begun = time.monotonic()
        for _ in range(3):  # the second and third find no room beside the first
            assert client.post("/receipts/sendgrid", content=raw, headers=far_side.sendgrid(raw)).status_code == 503
        assert time.monotonic() - begun < 0.6


def test_healthz_says_whether_the_database_answers(service: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (service.get("/healthz").status_code, service.get("/healthz").text) == (200, "ok\n")
    monkeypatch.setattr("portal.receipts._look", lambda: 1 / 0)
    assert service.get("/healthz").status_code == 503


@pytest.mark.rule("N-23")
def test_no_log_holds_an_address_or_a_query(quick: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    """And a flood of forgeries does not fill a disk."""
    with caplog.at_level(logging.DEBUG):
        for number in range(250):
            quick.post(f"/receipts/{BODY}/twilio?n=Canary{number}", content=b"To=%2B77010000001", headers={})
    ours = [one for one in caplog.records if one.name.startswith("bagalau")]
    assert len(ours) == 3
    assert not any("Canary" in one.getMessage() or "7701" in one.getMessage() for one in ours)


def _schema() -> Any:
    app = create(HOUSES, lambda: NOW + MINUTE)
    app.openapi_url = "/openapi.json"
    app.setup()
    return schemathesis.openapi.from_asgi("/openapi.json", app)


def _storm(examples: int) -> None:
    """So many requests at each door, half of them made to hurt; whatever is not described is a failure, so is any 5xx."""
    for found in _schema().get_all_operations():
        operation = found.ok()

        @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in GenerationMode)))
        def one(case: Any) -> None:
            case.call_and_validate()

        one()


def test_no_request_brings_it_down(sqlite_database: str) -> None:
    _storm(10)
    assert _kept() == 0


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_none_of_very_many_requests_brings_it_down(sqlite_database: str) -> None:
    _storm(1500)
    assert _kept() == 0


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    raw=st.binary(max_size=300),
    path=st.sampled_from(
        ["sendgrid", "twilio", "smsc", f"{BODY}/sendgrid", f"{BODY}/twilio", f"{BODY}/smsc", "smsc/key/x"]
    ),
    query=st.text(max_size=40),
    headers=st.dictionaries(
        st.sampled_from(
            [
                "X-Twilio-Signature",
                "X-Twilio-Email-Event-Webhook-Signature",
                "X-Twilio-Email-Event-Webhook-Timestamp",
            ]
        ),
        st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60),
    ),
)
def test_whatever_bytes_and_headers_come_is_refused(raw: bytes, path: str, query: str, headers: dict[str, str]) -> None:
    client = TestClient(create(HOUSES, lambda: NOW, Inbox(lambda _: pytest.fail("it was believed"))))
    assert client.post(f"/receipts/{path}", params={"n": query}, content=raw, headers=headers).status_code == 403


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(raw=st.binary(max_size=500), number=st.integers(0, 2))
def test_whatever_is_rightly_signed_is_read_without_a_crash(raw: bytes, number: int) -> None:
    """A carrier that signs nonsense is refused with a sentence."""
    from types import SimpleNamespace

    from services.callback_facts import understood

    source = ("sendgrid", "twilio", "smsc")[number]
    text = raw.decode("utf-8", "backslashreplace")
    heard = understood(SimpleNamespace(source=source, body=text, address=ref_of(1)), HOUSES[BODY])
    assert heard.why or heard.said.idle or not heard.said.facts
