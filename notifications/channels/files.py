"""Simulated sending: every message becomes one file whose name comes from the notice alone, so twice is once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from notifications.channels import Accepted, Message, Outcome, Permanent, Temporary
from rules.errors import RuleError

#: so many files at most lie in one folder
FOLDER_SIZE = 1000


def place_all(batch: Sequence[Message], outbox: Path, suffix: str, make: Callable[[Message], bytes]) -> list[Outcome]:
    """Make and write each message; a broken one becomes an outcome and does not stop the others."""
    return [_place(message, outbox, suffix, make) for message in batch]


def _place(message: Message, outbox: Path, suffix: str, make: Callable[[Message], bytes]) -> Outcome:
    try:
        content = make(message)
    except RuleError as refusal:
        return Permanent(str(refusal))
    except Exception as trouble:  # noqa: BLE001 - a paper maker may raise anything; the others must still leave
        return Permanent(f"The {message.channel} could not be made: {type(trouble).__name__}.")
    try:
        put(path_of(message, outbox, suffix), content)
    except OSError as trouble:
        return Temporary(f"The file could not be written: {trouble.strerror}.")
    return Accepted(f"simulate/{message.ref}", hashlib.sha256(content).hexdigest())


def path_of(message: Message, outbox: Path, suffix: str) -> Path:
    """outbox/channel/day/nnn/REF.suffix; the day is the one the notice was written on, and so never changes."""
    folder = f"{message.channel}/{message.written_on}/{message.notice_id // FOLDER_SIZE:03d}"
    return Path(f"{outbox}/{folder}/{message.ref}{suffix}")


def put(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all.

    Raises:
        OSError: the disk refuses.
    """
    _folder(path.parent)
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_bytes(content)
    except FileNotFoundError:  # somebody emptied the outbox under us
        _folder.cache_clear()
        _folder(path.parent)
        draft.write_bytes(content)
    draft.replace(path)


@lru_cache(maxsize=64)
def _folder(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
