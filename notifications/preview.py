"""Every wording of every kind, rendered with sample facts, for the people who must agree to the words."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from notifications.catalogue import KINDS
from notifications.channels.files import put
from notifications.facts import FIELDS
from notifications.refs import ref_of
from notifications.render import LANGUAGES, Rendered, render, segments, units

#: facts as ordinary as can be, and as long as can be
ORDINARY = {name: field.sample for name, field in FIELDS.items()} | {"ref": ref_of(1)}
LONGEST = {name: field.longest for name, field in FIELDS.items()} | {"ref": ref_of(1)}


def wordings() -> Iterator[tuple[str, str, str]]:
    """Every (kind, channel, language) there is a wording for."""
    for kind in KINDS.values():
        for channel in kind.channels:
            for language in LANGUAGES:
                yield kind.name, channel, language


def preview(folder: Path) -> int:
    """Write each wording as folder/kind/channel.language.txt; return how many.

    Raises:
        OSError: the folder cannot be written.
    """
    count = 0
    for kind, channel, language in wordings():
        words = render(kind, channel, language, ORDINARY)
        put(folder / kind / f"{channel}.{language}.txt", _page(channel, words).encode())
        count += 1
    return count


def _page(channel: str, words: Rendered) -> str:
    length = f"Parts: {segments(words.body)}, UTF-16 units: {units(words.body)}\n" if channel == "sms" else ""
    subject = f"{words.subject}\n\n" if words.subject else ""
    return f"{words.template}\n{length}\n{subject}{words.body}\n"
