"""The far side of SendGrid, Twilio and SMSC on 127.0.0.1: it keeps what it was sent, and fails as it is told to.

What it accepts it can be asked about, after `lag` seconds; `accepted` counts how often each notice was taken.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import parse_qs, urlsplit

#: ok: taken and answered. 429: refused for haste. 500: refused. 500-taken: taken, and answered with 500. hang: not taken,
#: never answered. silence: taken, never answered. reset: not taken, the line breaks. lost: taken, the line breaks. drip:
#: taken, and answered a byte now and then
MODES = ("ok", "429", "500", "500-taken", "hang", "silence", "reset", "lost", "drip")
#: a text says its reference after this sign
REF = re.compile(r"№ ([0-9A-HJKMNP-TV-Z]{6})")


@dataclass(frozen=True)
class Request:
    """One request as it came."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form."""
        return {name: values[0] for name, values in parse_qs(self.body.decode(), keep_blank_values=True).items()}


@dataclass(frozen=True)
class Taken:
    """One message the carrier took; `mine`: the number its sender gave it, where the carrier takes one."""

    ref: str
    to: str
    body: str
    sid: str
    at: float
    mine: str = ""


@dataclass
class Stub:
    """A carrier.

    Attributes:
        mode: of `MODES`, or what says it for the n-th message. answer: (status, JSON) instead of a mode, for messages.
        delay: seconds before each answer. lag: seconds until a message it took can be asked about.
        status: what it says of every message asked about.
    """

    mode: str | Callable[[int], str] = "ok"
    answer: tuple[int, object] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    lag: float = 0.0
    status: str | int = ""
    requests: list[Request] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    url: str = ""

    def __post_init__(self) -> None:
        self.lock, self.over, self.count = Lock(), Event(), 0

    @property
    def accepted(self) -> Counter[str]:
        """How often each reference was taken."""
        return Counter(one.ref for one in self.taken)

    def turn(self) -> str:
        """The mode of the next message."""
        with self.lock:
            self.count += 1
            return self.mode(self.count) if callable(self.mode) else self.mode

    def take(self, ref: str, to: str, body: str, mine: str) -> Taken:
        """Accept a message."""
        with self.lock:
            one = Taken(ref, to, body, f"{len(self.taken) + 1:032x}", time.time(), mine)
            self.taken.append(one)
        return one

    def known(self) -> list[Taken]:
        """What it can be asked about by now."""
        with self.lock:
            return [one for one in self.taken if time.time() - one.at >= self.lag]


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    stub: Stub

    def do_POST(self) -> None:
        """A message, or a question in a form."""
        self._handle()

    def do_GET(self) -> None:
        """A question."""
        self._handle()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is printed."""

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        url = urlsplit(self.path)
        request = Request(
            self.command, url.path, url.query, {name.lower(): one for name, one in self.headers.items()},
            self.rfile.read(length),
        )  # fmt: skip
        with self.stub.lock:
            self.stub.requests.append(request)
        for (method, path), do in ROUTES.items():
            if method == request.method and re.fullmatch(path, request.path):
                do(self, request)
                return
        self._say(404, {"message": "no such place"})

    # --- messages

    def _sendgrid(self, request: Request) -> None:
        body = json.loads(request.body)
        one = body["personalizations"][0]
        self._message(
            one["custom_args"]["notice_id"], one["to"][0]["email"], body["content"][0]["value"],
            lambda taken: (202, None, {"X-Message-Id": f"sg-{taken.sid[-12:]}"}),
        )  # fmt: skip

    def _twilio(self, request: Request) -> None:
        form = request.form
        self._message(
            _ref(form["Body"]), form["To"], form["Body"],
            lambda taken: (201, _twilio_row(taken, "queued"), {}),
        )  # fmt: skip

    def _smsc(self, request: Request) -> None:
        body = json.loads(request.body)
        self._message(
            _ref(body["mes"]), body["phones"], body["mes"],
            lambda taken: (200, {"id": taken.mine, "cnt": 1}, {}), str(body["id"]),
        )  # fmt: skip

    def _message(
        self, ref: str, to: str, text: str, well: Callable[[Taken], tuple[int, object, dict[str, str]]], mine: str = ""
    ) -> None:
        stub, mode = self.stub, self.stub.turn()
        if stub.delay:
            time.sleep(stub.delay)
        if stub.answer is not None:
            self._say(*stub.answer, stub.headers)
        elif mode == "429":
            self._say(429, {"code": 20429, "message": "slow down", "errors": []}, {"Retry-After": "7", **stub.headers})
        elif mode == "500":
            self._say(500, {"message": "an error"})
        elif mode == "reset":
            self._break_off()
        elif mode == "hang":
            self._be_silent()
        else:
            answer = well(stub.take(ref, to, text, mine))
            if mode == "500-taken":
                self._say(500, {"message": "an error"})
            elif mode == "lost":
                self._break_off()
            elif mode == "silence":
                self._be_silent()
            else:
                self._say(*answer, slowly=mode == "drip")

    # --- questions

    def _activity(self, request: Request) -> None:
        ref = re.findall(r"\"(\w+)\"", parse_qs(request.query)["query"][0])[0]
        rows = [
            {"msg_id": f"sg-{one.sid[-12:]}", "status": self.stub.status or "processed", "to_email": one.to,
             "from_email": "no-reply@body.example.kz", "subject": "-", "opens_count": 0, "clicks_count": 0,
             "last_event_time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(one.at))}
            for one in self.stub.known() if one.ref == ref
        ]  # fmt: skip
        self._question({"messages": rows})

    def _twilio_list(self, request: Request) -> None:
        wanted = parse_qs(request.query)
        rows = [
            _twilio_row(one, str(self.stub.status or "sent")) for one in self.stub.known() if one.to == wanted["To"][0]
        ]
        self._question({"messages": rows, "page": 0, "page_size": 200, "uri": "/", "first_page_uri": "/",
                        "next_page_uri": None, "previous_page_uri": None, "start": 0, "end": 0})  # fmt: skip

    def _smsc_status(self, request: Request) -> None:
        known = {one.mine: one for one in self.stub.known()}
        one = known.get(request.form["id"])
        if one is None or one.to != request.form["phone"]:
            self._question({"status": -3})
        else:
            self._question({"status": self.stub.status or 0, "last_timestamp": int(one.at), "err": 0})

    def _alive(self, request: Request) -> None:
        self._question({"scopes": [], "sid": "AC", "balance": "1000.00"})

    def _question(self, answer: object) -> None:
        """Questions fail as messages do, and take nothing."""
        mode = self.stub.mode if isinstance(self.stub.mode, str) else "ok"
        if self.stub.answer is not None:
            self._say(*self.stub.answer, self.stub.headers)
        elif mode == "429":
            self._say(429, {"code": 20429, "message": "slow down"}, {"Retry-After": "7"})
        elif mode in ("500", "500-taken"):
            self._say(500, {"message": "an error"})
        elif mode in ("hang", "silence"):
            self._be_silent()
        elif mode in ("reset", "lost"):
            self._break_off()
        else:
            self._say(200, answer)

    # --- the ways to answer

    def _say(self, status: int, answer: object, headers: dict[str, str] | None = None, slowly: bool = False) -> None:
        content = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        for piece in [bytes([one]) for one in content or b" "] if slowly else [content]:
            if slowly and self.stub.over.wait(0.2):
                break
            self.wfile.write(piece)
            self.wfile.flush()

    def _break_off(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _be_silent(self) -> None:
        self.stub.over.wait(60)
        self.close_connection = True


ROUTES: dict[tuple[str, str], Callable[[Handler, Request], None]] = {
    ("POST", "/v3/mail/send"): Handler._sendgrid,
    ("GET", "/v3/messages"): Handler._activity,
    ("GET", "/v3/scopes"): Handler._alive,
    ("POST", r"/2010-04-01/Accounts/\w+/Messages\.json"): Handler._twilio,
    ("GET", r"/2010-04-01/Accounts/\w+/Messages\.json"): Handler._twilio_list,
    ("GET", r"/2010-04-01/Accounts/\w+\.json"): Handler._alive,
    ("POST", "/rest/send/"): Handler._smsc,
    ("POST", r"/sys/status\.php"): Handler._smsc_status,
    ("POST", r"/sys/balance\.php"): Handler._alive,
}


def _ref(text: str) -> str:
    found = REF.search(text)
    return found[1] if found else text


def _twilio_row(one: Taken, status: str) -> dict[str, object]:
    return {
        "sid": f"SM{one.sid}", "account_sid": "AC" + "0" * 32, "body": one.body, "to": one.to, "from": "+15005550006",
        "status": status, "direction": "outbound-api", "date_created": formatdate(one.at), "date_sent": formatdate(one.at),
        "date_updated": formatdate(one.at), "num_segments": "1", "num_media": "0", "api_version": "2010-04-01",
        "error_code": None, "error_message": None, "messaging_service_sid": None, "price": None, "price_unit": "USD",
        "uri": "/", "subresource_uris": {},
    }  # fmt: skip


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: object, client_address: object) -> None:
        """A line that broke is what the tests are about."""


@contextmanager
def serving(stub: Stub) -> Iterator[Stub]:
    """The stub at work on a free port of 127.0.0.1."""
    server = _Server(("127.0.0.1", 0), type("Handler", (Handler,), {"stub": stub}))
    stub.url = f"http://127.0.0.1:{server.server_address[1]}"
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield stub
    finally:
        stub.over.set()
        server.shutdown()
        server.server_close()
