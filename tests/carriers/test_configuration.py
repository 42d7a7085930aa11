"""The file of carriers: read strictly, with every finding in its line, and never a secret in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from cli.main import main
from notifications.carriers.sendgrid import SendGrid
from notifications.carriers.smsc import Smsc
from notifications.carriers.smtp import Smtp
from notifications.carriers.twilio import Twilio
from notifications.configuration import read_houses
from notifications.house import House
from notifications.lanes import Limits
from rules.errors import BadFile, MissingSetting
from settings import settings
from tests.carriers.mail_servers import Box, real
from tests.carriers.makers import ACCOUNT

EXAMPLE = Path(__file__).parents[2] / "examples" / "carriers" / "carriers.yaml"
FOREIGN = f"""
body:
  foreign_providers: true
  callback_url: https://notices.body.example.kz/
  callback_secret: {{secret: callback_key}}
  email: {{carrier: sendgrid, api_key: {{secret: k}}, sender: no-reply@body.example.kz, webhook_key: MFkw}}
  sms: {{carrier: twilio, account: {ACCOUNT}, token: {{secret: t}}, sender: BODY, limits: {{per_second: 1, grace_minutes: 20}}}}
"""


def _known(name: str) -> str:
    return f"<{name}>".ljust(32 if name.endswith("callback_key") else 0, "-")


def _read(folder: Path, text: str, secret: object = _known) -> dict[str, House]:
    file = folder / "carriers.yaml"
    file.write_text(text, "utf-8")
    return read_houses(file, secret)  # type: ignore[arg-type]


def test_the_example_is_read_and_lacks_nothing() -> None:
    """As it is printed in the documentation."""
    house = read_houses(EXAMPLE, _known)["nchr-sample"]
    assert house.lacking == ()
    email, sms = house.carrier("email"), house.carrier("sms")
    assert isinstance(email, Smtp) and isinstance(sms, Smsc)
    assert (email.server.password, email.server.security, email.bounces) == (
        "<smtp_password>", "starttls", "bounces@body.example.kz",
    )  # fmt: skip
    assert house.guests == {"tester@body.example.kz", "+77010000001"}
    assert house.limit("email") == Limits(per_second=20, per_day=20_000)
    assert house.bounces is not None and house.bounces.signed and house.bounces.password == "<bounces_password>"
    assert house.callbacks.smsc_word == "<smsc_word>"


def test_no_secret_is_shown_when_a_house_is_printed() -> None:
    """In a log, in an error."""
    assert "<" not in repr(read_houses(EXAMPLE, _known))


def test_the_foreign_part_of_the_example_is_right_too(tmp_path: Path) -> None:
    """It is a comment only because most bodies may not use it."""
    lines = EXAMPLE.read_text("utf-8").partition("#\n# another-body:\n")[2]
    text = "\n".join(line.removeprefix("# ") for line in ("# another-body:", *lines.splitlines()))
    houses = _read(tmp_path, text.replace("AC" + "x" * 32, ACCOUNT))
    assert houses["another-body"].lacking == ()


def test_foreign_providers_where_they_are_allowed(tmp_path: Path) -> None:
    """With the addresses they report to."""
    house = _read(tmp_path, FOREIGN)["body"]
    email, sms = house.carrier("email"), house.carrier("sms")
    assert isinstance(email, SendGrid) and isinstance(sms, Twilio)
    assert (sms.callback, sms.secret) == (
        "https://notices.body.example.kz/receipts/body/twilio",
        _known("callback_key"),
    )
    assert house.limit("sms") == Limits(per_second=1, grace=timedelta(minutes=20))
    assert (house.callbacks.sendgrid_key, house.callbacks.twilio_token) == ("MFkw", "<t>")


@pytest.mark.parametrize("switch", ["", "  foreign_providers: false\n"])
def test_foreign_providers_are_refused_by_default(tmp_path: Path, switch: str) -> None:
    """The sentence names the setting; nothing is made that could call abroad."""
    house = _read(tmp_path, FOREIGN.replace("  foreign_providers: true\n", switch))["body"]
    for channel, instead in (("email", "smtp"), ("sms", "smsc")):
        with pytest.raises(MissingSetting, match=rf"foreign_providers in carriers.yaml is false.*choose {instead}"):
            house.carrier(channel)


def test_a_missing_secret_stops_its_own_channel_only(tmp_path: Path) -> None:
    """And says where to keep it."""
    house = _read(tmp_path, FOREIGN, lambda name: None if name == "k" else "s")["body"]
    with pytest.raises(
        MissingSetting, match=r"carriers.yaml, body.email.api_key: there is no secret 'k'.*BAGALAU_SECRET_K"
    ):
        house.carrier("email")
    assert isinstance(house.carrier("sms"), Twilio)
    with pytest.raises(MissingSetting, match="no carrier for telegram"):
        house.carrier("telegram")


SMTP = "a:\n  email:\n    carrier: smtp\n    host: mail\n    sender: a@b.kz\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (SMTP + "    pasword: {secret: x}\n", "line 6, a.email.pasword: the key is not known here; known are:"),
        (SMTP + "    user: u\n    password: hunter2\n", "line 7, a.email.password: a secret is never written here"),
        (SMTP + "    user: u\n", "line 2, a.email: user and password belong together"),
        (SMTP + "    port: '25'\n", "line 6, a.email.port: input should be a valid integer"),
        (
            SMTP + "    timeout_seconds: 11\n",
            "line 6, a.email.timeout_seconds: input should be less than or equal to 10",
        ),
        (SMTP + "    connections: 5\n", "line 6, a.email.connections: input should be less than or equal to 4"),
        (SMTP + "    security: none\n    user: u\n    password: {secret: x}\n", "would send the password in clear"),
        (SMTP + "    limits: {per_day: 0}\n", "line 6, a.email.limits.per_day: input should be greater than"),
        (SMTP + "    limits: {per_dai: 1}\n", "known are: per_second, per_day"),
        (SMTP + "    bounces: {address: b@b.kz, imap: x}\n", "an imap server needs user and password"),
        (SMTP.replace("a@b.kz", "nobody"), "line 5, a.email.sender: it is not an e-mail address"),
        (SMTP.replace("smtp", "pigeon"), "line 2, a.email: there is no such carrier; known are: smtp, sendgrid"),
        (SMTP.replace("    carrier: smtp\n", ""), "line 2, a.email: the key 'carrier' is missing"),
        (SMTP.replace("    host: mail\n", ""), "line 2, a.email.host: the key is missing"),
        ("a: {sms: {carrier: twilio, account: AC1, token: {secret: t}, sender: s}}", "it has not the form ^AC"),
        ("a: {sms: {carrier: smsc, api_key: {secret: ../passwd}}}", "a.sms.api_key.secret: it has not the form"),
        ("a: {sms: {carrier: smsc, api_key: {secret: k}, host: 'http://sms.kz'}}", "write it as https://"),
        ("a: {callback_url: 'http://x.kz'}", "a.callback_url: write it as https://"),
        ("a:\n  guests: [+77010000001]", "line 2: write the number plainly"),
        (
            "a:\n  guests:\n    - t@b.kz\n    - '+7 916 000 00 01'",
            "line 4, a: The guest's telephone number is not one of",
        ),
        ("a: {guests: ['nobody@@b.kz']}", "The guest's e-mail address is not one"),
        ("a: {foreign_providers: yes}", "reads the bare word 'yes' as true or false"),
        ("a: {foreign_providers: 'true'}", "a.foreign_providers: input should be a valid boolean"),
        ("a:\n  callback_url:\n", "line 2: the value is missing"),
        ("a: {}\na: {}", "line 2: the key 'a' is written twice"),
        ("a: []", "a: keys with values are expected here"),
        ("An Id: {}", "this is not the id of a body"),
        ("[]", "keys with values are expected"),
        ("a: &x {}\nb: *x", "no anchors, aliases or tags"),
        ("a: !!python/object:os.system {}", "no anchors, aliases or tags"),
        ("a: {", "this is not YAML"),
        ("a: \x01", "this is not YAML"),
        ("? [a]\n: {}", "a key must be one word"),
        ("a: {callback_url: 2026-01-01}", "put the value in quotes"),
        ("[" * 50 + "]" * 50, "keys with values are expected"),
    ],
)
def test_what_is_wrong_is_named_with_its_line_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    """One sentence for each finding, and no value that could be a secret."""
    with pytest.raises(BadFile) as refusal:
        _read(tmp_path, text)
    said = " ".join(refusal.value.problems)
    assert sentence in said and "carriers.yaml" in said
    assert "hunter2" not in said


def test_all_findings_are_told_at_once(tmp_path: Path) -> None:
    """Not one a day."""
    with pytest.raises(BadFile) as refusal:
        _read(tmp_path, SMTP + "    port: x\n    prot: 1\nb: {guests: ['x']}\n")
    assert len(refusal.value.problems) == 3


def test_a_file_that_is_not_there_and_none_at_all(tmp_path: Path) -> None:
    """None is no mistake: everything stays within the house."""
    assert read_houses(None, _known) == {}
    with pytest.raises(BadFile, match="cannot be read"):
        read_houses(tmp_path / "none.yaml", _known)
    (tmp_path / "latin.yaml").write_bytes(b"a: {sender: \xe9}")
    with pytest.raises(BadFile, match="not UTF-8"):
        read_houses(tmp_path / "latin.yaml", _known)


# --- the command


@pytest.fixture
def _settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("BAGALAU_CARRIERS", str(tmp_path / "carriers.yaml"))
    monkeypatch.setenv("BAGALAU_DATA", str(tmp_path))
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


def _check(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = 0
    try:
        main(["carriers", "check", *words])
    except SystemExit as ended:
        code = int(ended.code or 0)
    told = capsys.readouterr()
    return code, told.out + told.err


def test_the_command_says_who_answers(
    _settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 0 while everything can be used, 1 when something cannot."""
    _settings.setenv("BAGALAU_MODE", "pilot")
    with real(Box()) as port:
        body = {"email": {"carrier": "smtp", "host": "127.0.0.1", "port": port, "security": "none", "sender": "n@b.kz"}}
        (tmp_path / "carriers.yaml").write_text(yaml.safe_dump({"body": body}))
        code, told = _check(capsys, "--ping", "--json")
        found = json.loads(told)
        assert (code, found["mode"], found["channels"][0]["answers"]) == (0, "pilot", True)
        assert any("nobody" in one for one in found["lacking"]["body"])
        assert _check(capsys)[0] == 0
    code, told = _check(capsys, "--ping")
    assert code == 1 and "There is no line to the mail server" in told


def test_the_command_says_what_is_missing(
    _settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A secret, then a file that is wrong: a sentence, no traceback."""
    (tmp_path / "carriers.yaml").write_text(FOREIGN)
    _settings.setenv("BAGALAU_SECRET_K", "key")
    code, told = _check(capsys)
    assert code == 1 and "there is no secret 't'" in told and "sendgrid" in told and "key" not in told.split()
    (tmp_path / "carriers.yaml").write_text("body: {emial: {}}")
    code, told = _check(capsys)
    assert code == 1 and "body.emial: the key is not known here" in told and "Traceback" not in told


def test_a_short_secret_and_a_guest_s_number_are_named(tmp_path: Path) -> None:
    """The secret signs the addresses we are told at; a guest's number stands in this file, not in the staff file."""
    lacking = _read(tmp_path, "body: {callback_secret: {secret: s}}")["body"].lacking
    assert lacking == ("callback_secret: it is short and can be guessed; use 32 random signs or more.",)
    with pytest.raises(BadFile, match="not one of Kazakhstan; correct it under guests"):
        _read(tmp_path, "body: {guests: [abc]}")


def test_the_command_says_that_nothing_can_leave(
    _settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No file outside `simulate`; a file that says nothing of the body itself."""
    (tmp_path / "carriers.yaml").write_text("body: {}")
    code, told = _check(capsys)
    assert code == 0 and "nchr-sample, the body of BAGALAU_ORGANISATION is not in the file" in told
    _settings.delenv("BAGALAU_CARRIERS")
    settings.cache_clear()
    assert _check(capsys)[0] == 0
    _settings.setenv("BAGALAU_MODE", "live")
    settings.cache_clear()
    code, told = _check(capsys)
    assert code == 1 and "No file of carriers is named" in told
