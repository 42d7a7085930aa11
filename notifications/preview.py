"""Every wording of every kind as it leaves, with sample facts, for the people who must agree to the words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from notifications.catalogue import (
    EMAIL,
    KINDS,
    LANGUAGES,
    OTHER_REGISTERED,
    REGISTERED_LETTER,
    SMS,
    TELEGRAM,
    TELEPHONOGRAM,
    WORDED,
    Kind,
)
from notifications.channels import Message, email, other_registered, sms
from notifications.channels.files import put
from notifications.claiming import number_of
from notifications.facts import FIELDS
from notifications.papers import Documents, Recipient
from notifications.preview_page import Sheet, page
from notifications.refs import ref_of
from notifications.render import render
from notifications.versions import in_force

#: facts as ordinary as can be, and as long as can be
ORDINARY = {name: field.sample for name, field in FIELDS.items()} | {"ref": ref_of(1)}
LONGEST = {name: field.longest for name, field in FIELDS.items()} | {"ref": ref_of(1)}
_AT = datetime(2026, 10, 22, 10, 15, tzinfo=UTC)
#: nobody's: the reserved domain, and a number nobody is given
_NOBODY = {
    "kk": ("Аты-жөні көрсетілген адресат", "010000, Астана қаласы, Үлгі көшесі, 1-үй"),
    "ru": ("Адресат, указанный по имени", "010000, город Астана, улица Образцовая, дом 1"),
    "en": ("The addressee, by name", "010000, Astana, Sample Street 1"),
}


def wordings() -> Iterator[tuple[str, str, str]]:
    """Every (kind, channel, language) there is a wording for."""
    for kind in KINDS.values():
        for channel in kind.channels:
            for language in WORDED:
                yield kind.name, channel, language


def preview(folder: Path, documents: Documents | None = None) -> int:
    """Write each wording as folder/kind/channel.language.*, and index.html to look through them; return how many.

    Papers are made by `documents`; without it, and in English, their words are written as text.

    Raises:
        OSError: the folder cannot be written.
    """
    count, sheets = 0, []
    for kind in KINDS.values():
        files: dict[str, dict[str, str]] = {language: {} for language in WORDED}
        for channel in kind.channels:
            for language in WORDED:
                suffix, content = _leaving(_message(kind, channel, language, ORDINARY), documents)
                files[language][channel] = f"{kind.name}/{channel}.{language}{suffix}"
                put(folder / files[language][channel], content)
                count += 1
        sheets += [_sheet(kind, language, files[language]) for language in WORDED]
    put(folder / "index.html", page(sheets).encode())
    return count


def _message(kind: Kind, channel: str, language: str, facts: dict[str, str]) -> Message:
    name, address = _NOBODY[language]
    return Message(
        notice_id=1, cycle_id=1, assessment_id=0, kind=kind.name, channel=channel, ref=facts["ref"],
        number=number_of(1, _AT.year), at=_AT, written_on=_AT.date(), facts=facts,
        words=render(kind.name, channel, language, facts),
        to=Recipient(1, "", name, language, "person@example.kz", "+77000000000", address),
    )  # fmt: skip


def _leaving(message: Message, documents: Documents | None) -> tuple[str, bytes]:
    """The file's suffix, and what leaves."""
    if message.channel == EMAIL:
        return ".eml", email.compose(message)
    if message.channel == SMS:
        return ".txt", sms.compose(message)
    if message.channel == OTHER_REGISTERED:
        return ".txt", other_registered.compose(message)
    if documents is not None and message.to.language in LANGUAGES:
        makers = {
            REGISTERED_LETTER: documents.letter,
            TELEPHONOGRAM: documents.telephonogram,
            TELEGRAM: documents.telegram,
        }
        if message.channel in makers:
            return ".pdf", makers[message.channel](message.paper, message.to)
    return ".txt", f"{message.words.subject}\n\n{message.words.body}\n".encode()


def _sheet(kind: Kind, language: str, files: dict[str, str]) -> Sheet:
    version = in_force().get((kind.name, language))
    letter = _message(kind, next(one for one in kind.channels if one != SMS), language, ORDINARY).words
    spoken = {
        channel: render(kind.name, channel, language, ORDINARY).body
        for channel in (TELEPHONOGRAM, TELEGRAM)
        if channel in kind.channels
    }
    short = [render(kind.name, SMS, language, facts).body for facts in (ORDINARY, LONGEST) if SMS in kind.channels]
    return Sheet(
        kind, language, letter.subject, letter.body, tuple(short), spoken, files, letter.template,
        "" if version is None else version.since.isoformat(),
    )  # fmt: skip
