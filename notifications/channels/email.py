"""E-mail: an RFC 5322 message with a plain and an HTML part, its own Message-ID, and nobody's name in it."""

from __future__ import annotations

import re
from base64 import encodebytes
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime
from functools import lru_cache
from html import escape
from pathlib import Path

from notifications.channels import Message, Outcome
from notifications.channels.files import place_all
from rules.errors import Incomplete, RuleError

#: a domain that can never exist: nothing simulated may look as if it came from a real house
DOMAIN = "bagalau.invalid"
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


@dataclass(frozen=True)
class Email:
    """Simulated e-mail: .eml files under the outbox."""

    outbox: Path

    def send(self, batch: Sequence[Message]) -> list[Outcome]:
        """Write each message as a file."""
        return place_all(batch, self.outbox, ".eml", compose)


def compose(message: Message, sender: str = f"no-reply@{DOMAIN}", domain: str = DOMAIN) -> bytes:
    """The message as bytes, lines ending in CRLF.

    Args:
        sender: the address it comes from. domain: the one its Message-ID lies in.

    Raises:
        Incomplete: the person has no address. RuleError: it is not one (a line break in it would add headers).
    """
    if not message.to.email:
        raise Incomplete("The person has no e-mail address; enter one, or choose another channel.")
    if not _ADDRESS.fullmatch(message.to.email):
        raise RuleError("The person's e-mail address is not one; correct it in the staff file.")
    # written out by hand: the library's generator folds every header anew and is eight times slower
    part = f"--=_{message.ref}"
    lines = (
        f"Message-ID: {message_id(message, domain)}",
        f"Date: {format_datetime(message.at)}",
        f"From: <{sender}>",
        f"To: <{message.to.email}>",
        f"Subject: {_encoded(message.words.subject)}",
        f"Content-Language: {message.to.language}",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{part[2:]}"',
        "",
        part,
        *_part("plain", message.words.body),
        part,
        *_part("html", page(message.words.body, message.to.language)),
        f"{part}--",
        "",
    )
    return "\r\n".join(lines).encode("ascii")


def message_id(message: Message, domain: str = DOMAIN) -> str:
    """The same notice always has the same Message-ID, so a receiver can tell a repetition."""
    return f"<{message.ref}.{message.notice_id}@{domain}>"


@lru_cache(maxsize=256)
def _encoded(subject: str) -> str:
    return Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")


def _part(kind: str, words: str) -> list[str]:
    coded = encodebytes(words.replace("\n", "\r\n").encode()).decode("ascii").rstrip("\n").replace("\n", "\r\n")
    return [f'Content-Type: text/{kind}; charset="utf-8"', "Content-Transfer-Encoding: base64", "", coded]


def page(words: str, language: str) -> str:
    """The same words as HTML: paragraphs and line breaks, no picture, no tracking."""
    paragraphs = "".join(f"<p>{escape(one).replace(chr(10), '<br>')}</p>\n" for one in words.split("\n\n"))
    head = f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"></head>'
    return f"{head}<body>\n{paragraphs}</body></html>\n"
