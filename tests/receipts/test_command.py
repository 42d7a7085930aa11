"""`bagalau receipts`: what it prints, and that it prints nobody."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli import main, receipts
from services.callback_list import listed, tally
from tests.notifications.house import CANARIES, NOW
from tests.receipts.conftest import Carrier, Give
from tests.receipts.far_side import HOUSES, batch, event
from tests.receipts.test_collecting import DAY, MINUTE, reading, tell


@pytest.fixture
def told(sqlite_database: str, give: Give, monkeypatch: pytest.MonkeyPatch) -> None:
    give(2, Carrier("sendgrid"))
    tell("sendgrid", [batch(event(1, "delivered", NOW)), b"Canary nonsense"])
    monkeypatch.setattr(receipts, "houses", lambda: HOUSES)
    monkeypatch.setattr(receipts, "clock", lambda: NOW + 5 * MINUTE)


def _said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as end:
        main.main(["receipts", *words])
    out = capsys.readouterr()
    assert end.value.code == 0, out.err
    assert not any(word in out.out for word in (*CANARIES, "@"))
    return out.out


def test_what_waits_is_understood_and_listed(told: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert [one["state"] for one in json.loads(_said(capsys, "list", "--json"))] == ["new", "new"]
    done = json.loads(_said(capsys, "collect", "--json"))
    assert (done["callbacks"], done["refused"], done["receipts"]) == (2, 1, 1)
    assert "0 callbacks understood" in _said(capsys, "collect")
    (refused,) = json.loads(_said(capsys, "list", "--state", "refused", "--json"))
    assert (refused["source"], refused["note"]) == ("sendgrid", "It is no JSON.")
    assert "It is no JSON." in (table := _said(capsys, "list"))
    assert f"{NOW.astimezone(ZoneInfo('Asia/Almaty')):%Y-%m-%d %H:}" in table  # the body's own clock


def test_an_unknown_state_is_a_sentence(told: None, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main.main(["receipts", "list", "--state", "lost"])
    assert (end.value.code, "There is no state 'lost'" in capsys.readouterr().err) == (1, True)


def test_without_carriers_nothing_is_served(
    sqlite_database: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receipts, "houses", dict)
    with pytest.raises(SystemExit) as end:
        main.main(["receipts", "serve"])
    assert (end.value.code, "BAGALAU_CARRIERS" in capsys.readouterr().err) == (1, True)


def test_the_day_s_counts_hold_what_waits_longer_as_well(database: str, tmp_path: Path) -> None:
    tell("twilio", [b"1"], NOW - 3 * DAY)
    tell("twilio", [b"2"], NOW - MINUTE)
    with reading() as session:
        assert [(row["source"], row["waiting"], row["understood"]) for row in tally(session, NOW)] == [("twilio", 2, 0)]
        assert len(listed(session, "new", 1)) == 1


def test_a_port_that_is_taken_is_a_sentence(told: None, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SystemExit) as end:
        main.main(["receipts", "serve", "--port", str(taken.getsockname()[1])])
    assert (end.value.code, "Choose another" in capsys.readouterr().err) == (1, True)
