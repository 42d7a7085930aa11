"""A nudge never harms: nobody there, somebody deaf, somebody listening."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from settings import settings
from tasks.nudge import EVENT, address_file, nudge

HEARD: list[dict[str, object]] = []


class Ear(BaseHTTPRequestHandler):
    """A server that takes events as Prefect does."""

    def do_POST(self) -> None:
        """Remember what was said and by whom."""
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        HEARD.append({"path": self.path, "login": self.headers.get("Authorization"), **said[0]})
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The address of a listener; nothing in the environment points at it yet."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("BAGALAU_DATA", str(tmp_path))
    settings.cache_clear()
    HEARD.clear()
    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api"
    server.shutdown()
    settings.cache_clear()


def test_it_is_heard_where_the_environment_says(ear: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", ear)
    monkeypatch.setenv("PREFECT_API_AUTH_STRING", "a:b")
    assert nudge("nchr-2026-q3", "marked")
    (heard,) = HEARD
    assert (heard["path"], heard["event"]) == ("/api/events", EVENT)
    assert heard["resource"] == {"prefect.resource.id": "bagalau.cycle.nchr-2026-q3"}
    assert str(heard["login"]).startswith("Basic ")


def test_it_finds_the_server_up_started_in_the_same_folder(ear: str) -> None:
    assert not nudge("nchr-2026-q3", "marked"), "nobody is known yet"
    file = address_file(settings().data)
    file.parent.mkdir(parents=True)
    file.write_text(ear)
    assert nudge("nchr-2026-q3", "marked")


def test_nobody_there_is_no_error(ear: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert nudge("nchr-2026-q3", "marked") is False


def test_saying_it_does_not_take_prefect() -> None:
    asked = "import sys, tasks.nudge; print('prefect' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
