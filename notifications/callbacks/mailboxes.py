"""Where mail that comes back lies: a Maildir folder, or a mailbox on a server (IMAP over TLS).

Nothing is taken away before it is kept in the database: killed in between, a mail is read twice and kept once.
"""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from notifications.house import BounceBox
from rules.errors import RuleError

#: of a mail so much is read: a report says what it has to say at its beginning
MOST = 256 * 1024
#: seconds for anything the server is asked
PATIENCE = 10.0


@dataclass(frozen=True)
class Mail:
    """One mail: what its mailbox calls it, and its beginning."""

    name: str
    raw: bytes


class Mailbox(Protocol):
    """Mail that was not read yet."""

    def read(self, size: int) -> list[Mail]:
        """The oldest `size` mails."""
        ...

    def done(self, mails: Sequence[Mail]) -> None:
        """These are kept; they are not shown again."""
        ...


@contextmanager
def opened(box: BounceBox) -> Iterator[Mailbox]:
    """The mailbox, as long as it is needed.

    Raises:
        RuleError: it cannot be opened or read; the sentence holds no password and no word of the server.
    """
    where = str(box.folder or box.host)
    try:
        if box.folder is not None:
            yield Maildir(box.folder)
        else:
            with _server(box) as server:
                yield Imap(server)
    except (OSError, imaplib.IMAP4.error) as trouble:
        # a server's own words may quote an address
        raise RuleError(
            f"The mailbox for bounces ({where}) cannot be read: {type(trouble).__name__}. Check `bounces` in the file of"
            " carriers, the folder's rights or the account; what lies there is read when it can be."
        ) from None


class Maildir:
    """A folder in Maildir form; what was read lies in `cur` with the mark of mail that was seen."""

    def __init__(self, folder: Path) -> None:
        self._new, self._cur = folder / "new", folder / "cur"
        if not self._new.is_dir():
            raise FileNotFoundError(self._new)
        self._cur.mkdir(exist_ok=True)

    def read(self, size: int) -> list[Mail]:
        """See `Mailbox`."""
        seen = (file for file in self._cur.iterdir() if "S" not in file.name.partition(":2,")[2])
        waiting = sorted([*self._new.iterdir(), *seen], key=lambda file: file.name)
        found = []
        for file in waiting[:size]:
            with suppress(FileNotFoundError), file.open("rb") as opened:  # another reader may be faster
                found.append(Mail(f"{file.parent.name}/{file.name}", opened.read(MOST)))
        return found

    def done(self, mails: Sequence[Mail]) -> None:
        """See `Mailbox`."""
        for mail in mails:
            folder, _, name = mail.name.partition("/")
            base, _, flags = name.partition(":2,")
            with suppress(FileNotFoundError):
                (self._new.parent / folder / name).replace(self._cur / f"{base}:2,{''.join(sorted({*flags, 'S'}))}")


class Imap:
    """A mailbox on a server; what was read is marked as seen."""

    def __init__(self, server: imaplib.IMAP4) -> None:
        self._server = server

    def read(self, size: int) -> list[Mail]:
        """See `Mailbox`."""
        _, found = _sure(self._server.uid("SEARCH", "UNSEEN"))
        uids = b" ".join(one for one in found if one).split()[:size]
        mails = []
        for uid in uids:
            _, answer = _sure(self._server.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{MOST}>)"))
            raw = next((part[1] for part in answer if isinstance(part, tuple)), b"")
            mails.append(Mail(uid.decode(), raw))
        return mails

    def done(self, mails: Sequence[Mail]) -> None:
        """See `Mailbox`."""
        if mails:
            _sure(self._server.uid("STORE", ",".join(mail.name for mail in mails), "+FLAGS.SILENT", r"(\Seen)"))


@contextmanager
def _server(box: BounceBox) -> Iterator[imaplib.IMAP4]:
    context = ssl.create_default_context(cafile=str(box.certificate) if box.certificate else None)
    server = imaplib.IMAP4_SSL(box.host, box.port, ssl_context=context, timeout=PATIENCE)
    try:
        server.login(box.user, box.password)
        _sure(server.select(_quoted(box.mailbox)))
        yield server
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            server.logout()


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sure(answer: tuple[str, Any]) -> tuple[str, Any]:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(answer[0])
    return answer
