#!/usr/bin/env python3
"""Check what `bagalau audit export KEY FOLDER` wrote, with nothing but Python itself: no part of Bagalau is used.

    python3 check_export.py FOLDER [CHECKPOINT.json ...]

1. Every entry of the journal is hashed over the one before it; nothing is left out, inserted or changed.
2. The steps of the cycle (steps.csv) and the digests of its other content (digests.csv) are those the entries sealed.
3. The content (content.jsonl: marks, results, requests, votes, terms ...) gives the newest digest of its kind.
4. The hashes are those of the checkpoints given, which the auditor kept elsewhere. Their signatures are checked apart:
   the text that is signed is the JSON of "said" without spaces, its keys in order; the key is Ed25519.

The exit code is 0 when everything holds, else 1.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

csv.field_size_limit(sys.maxsize)


def sha256(text: str) -> str:
    """The hash of a text in UTF-8, as 64 letters."""
    return hashlib.sha256(text.encode()).hexdigest()


def table(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by the names of its columns."""
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def lines(file: Path) -> list[Any]:
    """What each line of a JSON lines file says."""
    with file.open(encoding="utf-8") as rows:
        return [json.loads(row) for row in rows]


def chain(entries: list[Any], wrong: list[str]) -> None:
    """Each entry's hash is sha256(hash before | place | sha256(body)); the places have no gap."""
    before = ""
    for place, entry in enumerate(entries, 1):
        if entry["seq"] != place:
            wrong.append(f"entry {place} is missing")
            return
        if entry["prev_hash"] != before or entry["hash"] != sha256(f"{before}|{place}|{sha256(entry['body'])}"):
            wrong.append(f"entry {place} was changed")
        before = entry["hash"]


STEP = ("assessment_id", "version", "from_stage", "to_stage", "acted_by", "acted_at", "note", "content")


def sealed(folder: Path, entries: list[Any], wrong: list[str]) -> None:
    """The body of an entry holds a digest of its steps and one of its other digests."""
    steps: dict[int, list[str]] = {}
    for row in table(folder / "steps.csv"):
        steps.setdefault(int(row["seq"]), []).append("|".join(row[name] for name in STEP))
    digests: dict[int, list[str]] = {}
    for row in table(folder / "digests.csv"):
        digests.setdefault(int(row["seq"]), []).append(f"{row['kind']}|{row['key']}|{row['digest']}")
    cycle = {json.loads(entry["body"])["cycle"] for entry in entries if entry["seq"] in steps}
    for entry in entries:
        body = json.loads(entry["body"])
        if body["cycle"] not in cycle or body["cycle"] is None:
            continue
        mine, others = steps.get(entry["seq"], []), sorted(digests.get(entry["seq"], []))
        if len(mine) != body["rows"] or sha256("\n".join(mine)) != (body["digest"] or sha256("")):
            wrong.append(f"entry {entry['seq']}: its steps were changed, added or removed")
        if body["content"] != (sha256("\n".join(others)) if others else ""):
            wrong.append(f"entry {entry['seq']}: the digests of its content were changed")


def content(folder: Path, wrong: list[str]) -> int:
    """Each piece of content gives the newest digest the journal has of its kind; how many were compared."""
    newest: dict[tuple[str, str], tuple[int, str]] = {}
    said = [(int(row["seq"]), row["kind"], row["key"], row["digest"]) for row in table(folder / "digests.csv")]
    for row in table(folder / "steps.csv"):
        for one in row["content"].split():
            kind, _, digest = one.partition(":")
            said.append((int(row["seq"]), kind, row["assessment_id"], digest))
    for seq, kind, key, digest in sorted(said):
        newest[kind, key] = (seq, digest)
    pieces = lines(folder / "content.jsonl")
    for piece in pieces:
        seq, digest = newest.get((piece["kind"], piece["key"]), (0, ""))
        if digest != sha256(f"{piece['salt']}|{piece['kind']}|{hashed(piece)}"):
            wrong.append(f"entry {seq}: {piece['kind']} {piece['key']} is not what was recorded")
    return len(pieces)


def hashed(piece: Any) -> str:
    """The number of rows; then one per line: the plain values between bars, each free text behind its length."""
    made = []
    for row in piece["rows"]:
        plain, free = row[: piece["plain"]], row[piece["plain"] :]
        made.append("|".join("" if one is None else str(one) for one in plain)
                    + "".join("|-" if one is None else f"|{len(one)}:{one}" for one in free))  # fmt: skip
    return f"{len(made)}#" + "\n".join(made)


def checkpoints(files: list[str], entries: list[Any], wrong: list[str]) -> None:
    """The hash at the place of each checkpoint is the one that was signed."""
    hashes = {entry["seq"]: entry["hash"] for entry in entries}
    for file in files:
        said = json.loads(Path(file).read_text("utf-8"))["said"]
        if hashes.get(said["seq"]) != said["hash"]:
            wrong.append(f"{file} signed entry {said['seq']} with another hash")


def main(folder: Path, signed: list[str]) -> int:
    """Check everything; print what is wrong, or that all of it holds."""
    wrong: list[str] = []
    entries = lines(folder / "journal.jsonl")
    chain(entries, wrong)
    sealed(folder, entries, wrong)
    pieces = content(folder, wrong)
    checkpoints(signed, entries, wrong)
    for one in wrong:
        print(f"BROKEN: {one}")
    print(f"{len(entries)} entries, {pieces} pieces of content, {len(signed)} checkpoints: {len(wrong)} problems.")
    return 1 if wrong else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print(__doc__)
        raise SystemExit(2)
    raise SystemExit(main(Path(sys.argv[1]), sys.argv[2:]))
