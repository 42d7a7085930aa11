"""Mail that comes back: reports of every kind, what only looks like one, and the mailbox it lies in."""

from __future__ import annotations

import imaplib
import mailbox as stdlib
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from notifications.callbacks import Unreadable, mailboxes
from notifications.callbacks.bounces import said
from notifications.callbacks.mailboxes import Imap, Mail, Maildir
from notifications.callbacks_signing import signed
from notifications.house import BounceBox
from notifications.refs import ref_of
from services.bounce_mail import fetch, fetch_all
from services.callbacks import collect_all
from tests.notifications.house import NOW
from tests.receipts.conftest import Carrier, Give
from tests.receipts.far_side import BODY, HOUSES, SECRET, house, report
from tests.receipts.test_collecting import MINUTE, rows, standing, tell

SIGNED = f"bounces+{signed(ref_of(1), SECRET)}@notices.example.kz"
PLAIN = f"<bounces+{ref_of(1)}@notices.example.kz>"
STRICT = {BODY: house(box=BounceBox(signed=True))}


def _collected(raw: bytes, strict: bool = False) -> int:
    """How many receipts a mail left."""
    tell("bounces", [raw], NOW + 90 * MINUTE)
    return collect_all(STRICT if strict else HOUSES, NOW + 91 * MINUTE, 90).receipts


@pytest.mark.parametrize(
    ("to", "action", "status", "event"),
    [
        (SIGNED, "failed", "5.1.1", "undelivered"),
        (SIGNED.lower(), "failed", "5.2.2", "undelivered"),
        (SIGNED, "failed", "4.4.7", "undelivered"),
        (SIGNED, "delayed", "4.4.1", "deferred"),
        (SIGNED, "delivered", "2.1.5", "delivered"),
        (SIGNED, "relayed", "2.1.9", "accepted"),
        (PLAIN, "failed", "5.1.1", "undelivered"),
        (PLAIN, "delayed", "4.4.1", "deferred"),
    ],
)
def test_a_report_is_understood_by_the_address_it_came_to(
    sqlite_database: str, give: Give, to: str, action: str, status: str, event: str
) -> None:
    give(1, Carrier("smtp"))
    assert _collected(report(to, action, status)) == 1
    told = rows("SELECT event, code, at, detail FROM receipt WHERE source = 'bounces'")[0]
    assert told[:3] == (event, status, "2026-10-05T07:30:00.000000Z")
    assert "example" not in str(told)
    assert standing() == (event if event != "deferred" else "accepted")


@pytest.mark.parametrize(
    "returned",
    [
        (f"Message-ID: <{ref_of(1)}.1@notices.example.kz>",),
        ("Subject: x", f"Message-ID: <{ref_of(1)}.1@notices.example.kz>", "X-More: y"),
    ],
)
def test_a_report_to_the_bare_address_is_understood_by_what_it_gives_back(
    sqlite_database: str, give: Give, returned: tuple[str, ...]
) -> None:
    give(1, Carrier("smtp"))
    assert _collected(report("bounces@notices.example.kz", returned=returned)) == 1
    assert standing() == "undelivered"


def test_an_envelope_id_names_the_notice_as_well(sqlite_database: str, give: Give) -> None:
    give(1, Carrier("smtp"))
    raw = report("bounces@notices.example.kz", "delivered", "2.0.0").replace(
        b"Reporting-MTA", b"Original-Envelope-Id: " + signed(ref_of(1), SECRET).encode() + b"\r\nReporting-MTA"
    )
    assert _collected(raw) == 1
    assert standing() == "delivered"


@pytest.mark.parametrize("strict", [True, False])
@pytest.mark.parametrize(
    ("to", "action"),
    [
        (PLAIN, "delivered"), (PLAIN, "relayed"), ("bounces+UUUUUU@notices.example.kz", "failed"),
        (f"bounces+{ref_of(1)}.{'A' * 22}@notices.example.kz", "delivered"),
        (f"bounces+{signed(ref_of(1), 'a stranger')}@notices.example.kz", "failed"),
        ("bounces@notices.example.kz", "failed"), ("", "failed"),
    ],
)  # fmt: skip
def test_nobody_can_report_a_delivery_of_ours_who_was_not_written_to(to: str, action: str, strict: bool) -> None:
    """The address is public, our references are short: a forged delivery would be false evidence."""
    with pytest.raises(Unreadable):
        said(report(to, action).decode(), SECRET, strict)


def test_where_addresses_are_signed_a_plain_one_says_nothing_at_all(sqlite_database: str, give: Give) -> None:
    give(1, Carrier("smtp"))
    assert _collected(report(PLAIN), strict=True) == 0
    assert _collected(report(SIGNED), strict=True) == 1


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no delivery report"),
        (b"Subject: hello\r\n\r\nI am on leave", "no delivery report"),
        (b"From: Postmaster@x\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/html\r\n\r\n<h1>Undeliverable", "must read"),
        (report(SIGNED)[: report(SIGNED).index(b"Final-Recipient")], "does not say"),
        (report(SIGNED).replace(b"Action: failed", b"Action: perhaps"), "does not say"),
        (b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" * 3000, "It is no"),
        (b"\xff\x00" * 5000, "no delivery report"),
        (report(SIGNED).replace(b"Content-Type: message/delivery-status", b"Content-Type: message/\xd0\xff"), "must read"),
    ],
    ids=["empty", "a person", "html", "cut off", "no action", "nested", "bytes", "broken"],
)  # fmt: skip
def test_what_is_no_report_is_refused_with_a_sentence(raw: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        said(raw.decode("utf-8", "backslashreplace"), SECRET)


def test_a_machine_s_reply_says_nothing(sqlite_database: str, give: Give) -> None:
    give(1, Carrier("smtp"))
    raw = f"To: {SIGNED}\r\nAuto-Submitted: auto-replied\r\nSubject: on leave\r\n\r\nuntil Monday\r\n".encode()
    assert _collected(raw) == 0
    assert (rows("SELECT state, note FROM callback"), standing()) == ([("done", None)], "accepted")


def test_the_same_report_by_two_ways_is_one(sqlite_database: str, give: Give) -> None:
    """A mail list, a copy: another envelope, the same Message-ID."""
    give(1, Carrier("smtp"))
    assert _collected(report(SIGNED)) == 1
    assert _collected(b"Delivered-To: somebody\r\n" + report(SIGNED)) == 0


# --- the folder ------------------------------------------------------------------------------------------------


def _maildir(tmp_path: Path, *raws: bytes) -> Path:
    folder = tmp_path / "bounces"
    box = stdlib.Maildir(folder, create=True)
    for raw in raws:
        box.add(raw)
    return folder


def test_a_folder_is_emptied_and_nothing_is_thrown_away(database: str, give: Give, tmp_path: Path) -> None:
    """Ten megabytes: its beginning says all; what was read stays, marked as seen."""
    give(2, Carrier("smtp"))
    huge = report(SIGNED) + b"x" * 10 * 1024 * 1024
    folder = _maildir(tmp_path, huge, report(f"bounces+{ref_of(2)}@x", number=2))
    (folder / "new" / "seen-by-a-person").write_bytes(b"Subject: x\r\n\r\ny")
    houses = {BODY: house(box=BounceBox(folder))}
    assert fetch_all(houses, NOW + 90 * MINUTE).mails == 3
    assert collect_all(houses, NOW + 91 * MINUTE, 90).receipts == 2
    assert (list((folder / "new").iterdir()), len(list((folder / "cur").iterdir()))) == ([], 3)
    assert all(file.name.endswith(":2,S") for file in (folder / "cur").iterdir())
    assert rows("SELECT MAX(LENGTH(body)) FROM callback")[0][0] <= mailboxes.MOST
    assert (standing(1), standing(2)) == ("undelivered", "undelivered")
    assert fetch_all(houses, NOW + 92 * MINUTE).mails == 0


def test_killed_between_keeping_and_marking_a_mail_is_read_twice_and_kept_once(
    sqlite_database: str, tmp_path: Path
) -> None:
    class Killed(Exception):
        pass

    class Dies(Maildir):
        def done(self, mails: object) -> None:
            raise Killed

    folder = _maildir(tmp_path, report(SIGNED))
    with pytest.raises(Killed):
        fetch(BODY, Dies(folder), NOW)
    assert fetch(BODY, Maildir(folder), NOW) == 0
    assert rows("SELECT COUNT(*) FROM callback") == [(1,)]


def test_a_mailbox_that_cannot_be_read_is_a_sentence_and_stops_no_other(sqlite_database: str, tmp_path: Path) -> None:
    folder = _maildir(tmp_path, report(SIGNED))
    houses = {
        "a-body": house("a-body", box=BounceBox(tmp_path / "nowhere")),
        "b-body": house("b-body", box=BounceBox(host="127.0.0.1", port=1, user="u", password="hidden")),
        BODY: house(box=BounceBox(folder)),
    }
    done = fetch_all(houses, NOW)
    assert (done.mails, len(done.problems)) == (1, 2)
    assert "'a-body'" in done.problems[0]
    assert "hidden" not in str(done.problems)


# --- the server ------------------------------------------------------------------------------------------------


class Server:
    """As much of an IMAP server as our questions need; it speaks to one caller."""

    def __init__(self, *mails: bytes) -> None:
        self.mails, self.seen = dict(enumerate(mails, 11)), set[int]()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        line, _ = self._listening.accept()
        with line, line.makefile("rwb", buffering=0) as pipe:
            pipe.write(b"* OK ready\r\n")
            for request in pipe:
                tag, _, words = request.decode().strip().partition(" ")
                pipe.write(self._answer(words) + f"{tag} OK done\r\n".encode())

    def _answer(self, words: str) -> bytes:
        if words == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1\r\n"
        if words.startswith("SELECT"):
            return b"* 2 EXISTS\r\n"
        if words == "UID SEARCH UNSEEN":
            return f"* SEARCH {' '.join(str(one) for one in sorted(self.mails.keys() - self.seen))}\r\n".encode()
        if found := re.match(r"UID FETCH (\d+) \(BODY\.PEEK\[\]<0\.(\d+)>\)", words):
            raw = self.mails[int(found[1])][: int(found[2])]
            return f"* 1 FETCH (UID {found[1]} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw + b")\r\n"
        if found := re.match(r"UID STORE ([\d,]+) \+FLAGS\.SILENT \(\\Seen\)", words):
            self.seen |= {int(one) for one in found[1].split(",")}
        return b""


@contextmanager
def _imap(server: Server) -> Iterator[Imap]:
    line = imaplib.IMAP4("127.0.0.1", server.port, timeout=5)
    line.login("u", "p")
    line.select('"INBOX"')
    yield Imap(line)
    line.logout()


def test_a_mailbox_on_a_server_is_read_and_marked(sqlite_database: str, give: Give) -> None:
    give(1, Carrier("smtp"))
    server = Server(report(SIGNED), b"Subject: x\r\n\r\nhello")
    with _imap(server) as box:
        assert box.read(1) == [Mail("11", report(SIGNED))]
        assert fetch(BODY, box, NOW + 90 * MINUTE, batch=1) == 2
    assert server.seen == {11, 12}
    assert collect_all(HOUSES, NOW + 91 * MINUTE, 90).receipts == 1


def test_a_server_that_never_answers_is_left_after_ten_seconds(
    sqlite_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "PATIENCE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        box = BounceBox(host="127.0.0.1", port=silent.getsockname()[1], user="u", password="p")
        done = fetch_all({BODY: house(box=box)}, NOW)
    assert "cannot be read" in done.problems[0]


def test_a_report_about_thousands_of_recipients_is_a_few_words(sqlite_database: str, give: Give) -> None:
    """One notice has one recipient: a made-up report must not fill the evidence."""
    give(1, Carrier("smtp"))
    more = b"\r\nFinal-Recipient: rfc822; x@example.kz\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    raw = re.sub(
        rb"(\r?\nStatus: 5\.1\.1\r?\n)", lambda found: found[0] + more * 3000, report(PLAIN, "failed", "5.1.1"), count=1
    )
    assert raw.count(b"Status: 5.1.1") > 3000
    assert _collected(raw) <= 20
