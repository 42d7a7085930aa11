"""Can what was recorded still be trusted? The chain, its digests, and signed checkpoints outside the database."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlmodel import Session

from models.base import stamp
from models.journal import chain_hash, digest_of, read_head
from models.sql import execute
from rules.errors import RuleError
from services.door import entry_rows_text
from services.ground import find_cycle
from services.journal_match import rows_by_entry, unlike_the_journal


@dataclass
class Verification:
    """What `verify` found; `problems` is empty when everything holds."""

    entries: int = 0
    rows: int = 0
    checkpoints: int = 0
    last_seq: int = 0
    covered_to: int = 0
    problems: list[str] = field(default_factory=list)


def verify(session: Session, checkpoints: Path | None = None, key: Path | None = None) -> Verification:
    """Check every link, every digest, every checkpoint; the first broken place of each kind is named.

    Args:
        key: the public key as the auditor holds it; left out, the one beside the checkpoints, which proves less.

    Entries after the last checkpoint can be cut off unseen; `covered_to` says how far the checkpoints reach.
    """
    found = Verification()
    hashes = _chain(session, found)
    _stray_rows(session, found)
    _stages_match(session, found)
    found.problems += unlike_the_journal(session)
    if checkpoints is not None:
        _checkpoints(checkpoints, key or checkpoints / "public_key.pem", hashes, found)
    return found


def _chain(session: Session, found: Verification) -> dict[int, str]:
    hashes: dict[int, str] = {}
    counted = rows_by_entry(session)
    prev, expected = "", 1
    for row in _entries(session):
        if row.seq != expected:
            found.problems.append(f"entry {expected} is missing: the chain continues with {row.seq}")
        if row.prev_hash != prev or row.hash != chain_hash(row.prev_hash, row.seq, row.body):
            found.problems.append(f"entry {row.seq} was changed: its hash does not fit")
        _entry(session, row, counted.get(row.id, 0), found)
        hashes[row.seq], prev, expected = row.hash, row.hash, row.seq + 1
        found.entries, found.last_seq = found.entries + 1, row.seq
    return hashes


def _entries(session: Session) -> Iterator[Any]:
    return iter(
        execute(
            session,
            ("SELECT id, seq, at, recorded_at, event, cycle_id, body, prev_hash, hash FROM journal_entry ORDER BY seq"),
        ).all()
    )


def _entry(session: Session, row: Any, counted: int, found: Verification) -> None:
    try:
        body = json.loads(row.body)
        said = (body["rows"], body["digest"])
    except (ValueError, KeyError, TypeError):
        found.problems.append(f"entry {row.seq} was changed: it is no entry of this program")
        return
    held = (row.id, row.at, row.recorded_at, row.event, row.cycle_id)
    if tuple(body.get(name) for name in ("id", "at", "recorded", "event", "cycle")) != held:
        found.problems.append(f"entry {row.seq} was changed: its columns differ from what was hashed")
    found.rows += said[0]
    # an entry that says it has no rows is asked too: a row may have been added to it; they are counted as well, for a
    # row may hide in the note of another
    if (counted, digest_of(entry_rows_text(session, row.id))) != (said[0], said[1] or digest_of("")):
        found.problems.append(f"entry {row.seq} ('{row.event}'): its rows were changed, added or removed")


def _stray_rows(session: Session, found: Verification) -> None:
    stray = execute(
        session,
        ("SELECT COUNT(*) FROM journal_row j WHERE NOT EXISTS (SELECT 1 FROM journal_entry e WHERE e.id = j.entry_id)"),
    ).scalar_one()
    if stray:
        found.problems.append(f"{stray} journal rows belong to no entry")


def _stages_match(session: Session, found: Verification) -> None:
    wrong = execute(
        session,
        (
            "SELECT a.id FROM assessment a LEFT JOIN journal_row j ON j.assessment_id = a.id AND j.version = a.version"
            " WHERE j.to_stage IS NULL OR j.to_stage <> a.stage ORDER BY a.id LIMIT 5"
        ),
    ).scalars()
    if wrong:
        found.problems.append(
            f"the stage of assessment {', '.join(map(str, wrong))} is not the one the journal recorded"
        )


def _checkpoints(folder: Path, key: Path, hashes: dict[int, str], found: Verification) -> None:
    files = sorted(folder.glob("checkpoint-*.json"))
    if files and not key.is_file():
        found.problems.append(f"{key} is missing, the checkpoints cannot be checked")
        return
    try:
        public = serialization.load_pem_public_key(key.read_bytes()) if files else None
    except ValueError:
        found.problems.append(f"{key} is no key, the checkpoints cannot be checked")
        return
    for file in files:
        found.checkpoints += 1
        problem, seq = _checkpoint(file, public, hashes)
        found.covered_to = max(found.covered_to, seq)
        if problem:
            found.problems.append(problem)


def _checkpoint(file: Path, public: Any, hashes: dict[int, str]) -> tuple[str | None, int]:
    try:
        kept = json.loads(file.read_text("utf-8"))
        said = kept["said"]
        assert isinstance(public, Ed25519PublicKey)  # noqa: S101 - narrows the type; another key is a broken folder
        public.verify(base64.b64decode(kept["signature"]), _bytes(said))
    except (InvalidSignature, ValueError, KeyError, TypeError, AssertionError):
        return f"{file.name} was changed: its signature does not fit", 0
    if hashes.get(said["seq"]) != said["hash"]:
        return (
            f"{file.name} signed entry {said['seq']} with another hash: the journal was rewritten or cut",
            said["seq"],
        )
    return None, said["seq"]


def _bytes(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def checkpoint(session: Session, keys: Path, folder: Path, now: datetime) -> Path | None:
    """Sign the head of the chain and write it outside the database; None when nothing is new.

    In production `keys` and `folder` lie where the database's owner cannot write.

    Raises:
        RuleError: the folder cannot be written.
    """
    seq, head = read_head(session)
    target = folder / f"checkpoint-{seq:010d}.json"
    if seq == 0 or target.exists():
        return None
    try:
        private = _key(keys)
        folder.mkdir(parents=True, exist_ok=True)
        public = private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        (folder / "public_key.pem").write_bytes(public)
        said = {"seq": seq, "hash": head, "at": stamp(now)}
        signature = base64.b64encode(private.sign(_bytes(said))).decode()
        passing = target.with_suffix(".tmp")
        passing.write_text(json.dumps({"said": said, "signature": signature}, indent=1), "utf-8")
        passing.replace(target)
    except OSError as trouble:
        raise RuleError(
            f"The checkpoint cannot be written to {folder}: {trouble.strerror}. Check the folder's rights."
        ) from trouble
    return target


def _key(folder: Path) -> Ed25519PrivateKey:
    file = folder / "checkpoint_key.pem"
    if file.exists():
        key = serialization.load_pem_private_key(file.read_bytes(), None)
        if not isinstance(key, Ed25519PrivateKey):
            raise RuleError(f"{file} is not an Ed25519 key; remove it to make a new one.")
        return key
    folder.mkdir(parents=True, exist_ok=True)
    key = Ed25519PrivateKey.generate()
    file.touch(mode=0o600)
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return key


def exported(session: Session, key: str) -> dict[str, list[tuple[Any, ...]]]:
    """A cycle's evidence for an auditor by file name: entries as hashed, steps, terms; ids and personnel numbers only."""
    cycle = find_cycle(session, key)
    entries = execute(
        session,
        ("SELECT seq, body, prev_hash, hash FROM journal_entry WHERE cycle_id = :c ORDER BY seq"),
        {"c": cycle.id},
    )
    steps = execute(
        session,
        (
            "SELECT e.seq, e.at, e.recorded_at, e.event, p.personnel_no, j.assessment_id, j.version, j.from_stage, j.to_stage,"
            " j.acted_by, j.acted_at, j.note FROM journal_row j JOIN journal_entry e ON e.id = j.entry_id"
            " JOIN assessment a ON a.id = j.assessment_id JOIN person p ON p.id = a.person_id"
            " WHERE a.cycle_id = :c ORDER BY e.seq, j.assessment_id"
        ),
        {"c": cycle.id},
    )
    terms = execute(
        session,
        (
            "SELECT deadline_id, anchor, anchor_date, due, target, due_at, point, rules, readings, reason FROM term"
            " WHERE cycle_id = :c ORDER BY due_at, id"
        ),
        {"c": cycle.id},
    )
    return {
        "journal.jsonl": [(json.dumps(row._asdict(), ensure_ascii=False),) for row in entries],
        "steps.csv": [tuple(steps.keys()), *(tuple(row) for row in steps)],
        "terms.csv": [tuple(terms.keys()), *(tuple(row) for row in terms)],
    }
