"""What the real libraries send, held against the providers' own official descriptions, and against a list of allowed keys."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest
from openapi_core import OpenAPI
from openapi_core.datatypes import RequestParameters
from openapi_core.exceptions import OpenAPIError
from werkzeug.datastructures import Headers, ImmutableMultiDict

from notifications.callbacks_signing import unsigned
from notifications.channels import Accepted, Found, NotThere
from notifications.refs import ref_of
from tests.carriers.makers import ADDRESS, AT, NAME, NUMBER, SECRET, message, sendgrid, smsc, twilio
from tests.carriers.stub import Request, Stub

FOLDER = Path(
    os.environ.get("BAGALAU_API_SPECS") or Path(__file__).parents[2] / ".." / "shared" / "api-specs"
).resolve()
SENDGRID, TWILIO = "sendgrid_mail_v3.json", "twilio_messages_v2010.json"
PLACES = {SENDGRID: "https://api.sendgrid.com", TWILIO: "https://api.twilio.com"}
#: the descriptions let unknown keys pass; these are all we send
SENDGRID_KEYS = {
    "from", "from.email", "personalizations", "personalizations.to", "personalizations.to.email",
    "personalizations.custom_args", "personalizations.custom_args.notice_id", "subject", "content", "content.type",
    "content.value", "headers", "headers.Auto-Submitted", "headers.Content-Language", "tracking_settings",
    "tracking_settings.click_tracking", "tracking_settings.click_tracking.enable", "tracking_settings.open_tracking",
    "tracking_settings.open_tracking.enable", "tracking_settings.subscription_tracking",
    "tracking_settings.subscription_tracking.enable",
}  # fmt: skip
TWILIO_KEYS = {"To", "Body", "From", "StatusCallback", "ValidityPeriod", "SmartEncoded"}
SMSC_KEYS = {"apikey", "phones", "mes", "id", "charset", "fmt", "valid", "sender"}


@lru_cache
def described(name: str) -> OpenAPI:
    """The official description; a test that needs it is skipped, and says so, where it is not at hand."""
    if not (FOLDER / name).is_file():
        pytest.skip(
            f"The providers' official API descriptions are not at hand, so nothing was held against {name}: put them into"
            f" {FOLDER}, or name their folder in BAGALAU_API_SPECS."
        )
    return OpenAPI.from_dict(json.loads((FOLDER / name).read_text("utf-8")))


class Captured:
    """A request of the stub's in the form the validator reads."""

    def __init__(self, request: Request, place: str, **changes: Any) -> None:
        self.host_url, self.path, self.method = place, request.path, request.method.lower()
        self.content_type = request.headers.get("content-type", "")
        self.body: bytes | None = changes.get("body", request.body)
        headers = {name: one for name, one in request.headers.items() if name not in changes.get("without", ())}
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(request.query)), header=Headers(headers), path={}
        )


def check(name: str, request: Request, **changes: Any) -> None:
    """Raises:
    OpenAPIError: the official description does not allow this request.
    """
    described(name).validate_request(Captured(request, PLACES[name], **changes))


def keys(value: Any, path: str = "") -> Iterator[str]:
    """Every key of a JSON value, with the keys above it."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            for name, below in one.items():
                yield f"{path}{name}"
                yield from keys(below, f"{path}{name}.")


def _sent_by_sendgrid(stub: Stub) -> Request:
    assert isinstance(sendgrid(stub).send(message()), Accepted)
    return stub.requests[-1]


def _sent_by_twilio(stub: Stub, **more: Any) -> Request:
    assert isinstance(twilio(stub, **more).send(message(channel="sms")), Accepted)
    return stub.requests[-1]


def test_every_request_of_sendgrids_library_is_valid_by_its_official_description(stub: Stub) -> None:
    """Kazakh words, many notices, both languages of the page."""
    described(SENDGRID)
    carrier = sendgrid(stub)
    for number in range(1, 31):
        carrier.send(message(number, email=f"p{number}@example.kz"))
    assert len(stub.requests) == 30
    for request in stub.requests:
        check(SENDGRID, request)
        assert set(keys(json.loads(request.body))) == SENDGRID_KEYS


@pytest.mark.parametrize(
    "broken",
    [
        lambda body: body.pop("from"),
        lambda body: body.update(subject=""),
        lambda body: body.update(personalizations=body["personalizations"] * 1001),
        lambda body: body["from"].update(email="nobody"),
        lambda body: body.update(custom_args={"notice_id": "J94JN5"}),
    ],
)
def test_the_description_of_sendgrid_finds_what_is_wrong(stub: Stub, broken: Any) -> None:
    """Otherwise its silence would prove nothing."""
    request = _sent_by_sendgrid(stub)
    body = json.loads(request.body)
    broken(body)
    with pytest.raises(OpenAPIError):
        check(SENDGRID, request, body=json.dumps(body).encode())
    with pytest.raises(OpenAPIError):
        check(SENDGRID, request, without=("authorization",))


def test_every_request_of_twilios_library_is_valid_by_its_official_description(stub: Stub) -> None:
    """Messages and the questions about them."""
    described(TWILIO)
    carrier = twilio(stub)
    for number in range(1, 31):
        carrier.send(message(number, "sms", phone=f"+7701{number:07d}"))
        assert isinstance(carrier.ask(message(number, "sms", phone=f"+7701{number:07d}", first_at=AT)), Found)
    assert len(stub.requests) == 60
    for request in stub.requests:
        check(TWILIO, request)
        if request.method == "POST":
            assert set(request.form) == TWILIO_KEYS
        else:
            assert {name for name, _ in parse_qsl(request.query)} == {"To", "PageSize"}


@pytest.mark.parametrize(("old", "new"), [("To=", "Tp="), ("From=%2B15005550006", "MessagingServiceSid=MG1")])
def test_the_description_of_twilio_finds_what_is_wrong(stub: Stub, old: str, new: str) -> None:
    """A key that is missing, a service of the wrong form."""
    request = _sent_by_twilio(stub)
    assert old.encode() in request.body
    with pytest.raises(OpenAPIError):
        check(TWILIO, request, body=request.body.replace(old.encode(), new.encode()))


def test_a_messaging_service_is_named_as_one(stub: Stub) -> None:
    """MG and 32 signs; all else is a number or a name."""
    request = _sent_by_twilio(stub, sender="MG" + "a" * 32)
    check(TWILIO, request)
    assert set(request.form) == TWILIO_KEYS - {"From"} | {"MessagingServiceSid"}


@pytest.mark.rule("N-23")
def test_nothing_leaves_but_the_address_the_words_and_a_random_reference(stub: Stub) -> None:
    """No name, number or place of a person, in no body, header or address that is called."""
    for carrier, channel in ((sendgrid(stub), "email"), (twilio(stub), "sms"), (smsc(stub), "sms")):
        assert isinstance(carrier.send(message(channel=channel)), Accepted)
        carrier.ask(message(channel=channel, first_at=AT))
        carrier.ping()
    for request in stub.requests:
        seen = f"{request.path}?{request.query} {request.headers} {request.body.decode()} {dict(parse_qsl(request.body.decode()))}"
        for canary in (NAME, *NAME.split(), NUMBER, ADDRESS, "PN-"):
            assert canary not in seen and json.dumps(canary).strip('"') not in seen


def test_sendgrid_is_told_to_track_nothing_and_is_given_our_reference_only(stub: Stub) -> None:
    """Its arguments are stored where they cannot be erased."""
    body = json.loads(_sent_by_sendgrid(stub).body)
    assert body["personalizations"][0]["custom_args"] == {"notice_id": ref_of(1)}
    assert {one["enable"] for one in body["tracking_settings"].values()} == {False}
    assert body["content"][0]["value"] == message().words.body


def test_twilio_calls_back_an_address_only_we_could_write(stub: Stub) -> None:
    """And keeps the message no longer than it is in time; it replaces none of its letters."""
    form = _sent_by_twilio(stub).form
    address, _, query = form["StatusCallback"].partition("?n=")
    assert address == "https://notices.body.example.kz/receipts/nchr-sample/twilio"
    assert unsigned(query, SECRET) == ref_of(1)
    assert (form["ValidityPeriod"], form["SmartEncoded"], form["To"]) == ("18000", "false", "+77011234567")


@pytest.mark.parametrize(("hours", "seconds"), [(1, "3600"), (24, "36000"), (-1, "36000"), (0.001, "60")])
def test_no_queue_keeps_a_message_beyond_its_day(stub: Stub, hours: float, seconds: str) -> None:
    """What is late already is sent all the same."""
    twilio(stub).send(message(channel="sms", due_at=AT + timedelta(hours=hours)))
    assert stub.requests[-1].form["ValidityPeriod"] == seconds


def test_smsc_is_given_our_own_number_and_its_key_in_no_address(stub: Stub) -> None:
    """So it can be asked about exactly this message."""
    carrier = smsc(stub)
    assert carrier.send(message(7, "sms")) == Accepted("7", carrier.send(message(7, "sms")).content_hash)  # type: ignore[union-attr]
    body = json.loads(stub.requests[0].body)
    assert set(body) == SMSC_KEYS
    assert (body["id"], body["phones"], body["valid"]) == (7, "+77011234567", 5)
    assert {request.query for request in stub.requests} == {""}


def test_both_libraries_prove_who_we_are(stub: Stub) -> None:
    """By header, never in an address."""
    assert _sent_by_sendgrid(stub).headers["authorization"] == "Bearer SG.key"
    kind, _, word = _sent_by_twilio(stub).headers["authorization"].partition(" ")
    assert (kind, base64.b64decode(word).decode().partition(":")[2]) == ("Basic", "token")


@pytest.mark.parametrize(
    ("make", "channel", "status", "event"),
    [
        (sendgrid, "email", "delivered", "delivered"),
        (sendgrid, "email", "not_delivered", "undelivered"),
        (sendgrid, "email", "processing", "accepted"),
        (twilio, "sms", "delivered", "delivered"),
        (twilio, "sms", "undelivered", "undelivered"),
        (twilio, "sms", "queued", "accepted"),
        (smsc, "sms", 1, "delivered"),
        (smsc, "sms", 25, "undelivered"),
        (smsc, "sms", -1, "accepted"),
    ],
)
def test_a_carrier_that_was_silent_is_asked_by_our_own_id(
    stub: Stub, make: Any, channel: str, status: str | int, event: str
) -> None:
    """It knows what it took, in whatever state, and says that it does not know the rest."""
    carrier = make(stub)
    carrier.send(message(1, channel))
    stub.status = status
    found = carrier.ask(message(1, channel, first_at=AT))
    assert isinstance(found, Found) and found.event == event and found.at.tzinfo
    assert isinstance(carrier.ask(message(2, channel, first_at=AT)), NotThere)


def test_asked_before_its_index_has_caught_up_a_carrier_does_not_know_yet(stub: Stub) -> None:
    """Why the grace time is part of being right."""
    stub.lag = 60
    carrier = twilio(stub)
    carrier.send(message(1, "sms"))
    assert isinstance(carrier.ask(message(1, "sms", first_at=AT)), NotThere)
