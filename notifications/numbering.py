"""Numbering changed wordings: it appends their rows and touches no other."""

from __future__ import annotations

import csv
from dataclasses import astuple
from datetime import date
from pathlib import Path

from notifications.versions import FILE, Version, digest, read, unnumbered


def give_numbers(today: date, file: Path = FILE) -> list[Version]:
    """Append a row for every wording that changed; return them.

    Raises:
        OSError: the file cannot be written.
    """
    known = read(file)
    last = {(one.kind, one.language): one.version for one in known}
    new = [Version(*pair, last.get(pair, 0) + 1, digest(*pair), today) for pair in unnumbered(known)]
    with file.open("a", encoding="utf-8", newline="") as rows:
        csv.writer(rows, lineterminator="\n").writerows(astuple(one) for one in new)
    return new
