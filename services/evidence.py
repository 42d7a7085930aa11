"""Can what was recorded still be trusted? The chain, its digests, and signed checkpoints outside the database."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from sqlmodel import Session

from models.base import instant, stamp
from models.journal import read_head
from models.schema import unprotected
from models.sql import execute
from rules.errors import RuleError
from services.chain import Verification, check_chain
from services.content_match import unlike_the_digests
from services.evidence_blocks import unlike_the_blocks
from services.journal_match import unlike_the_journal
from services.recomputed import worked_out_again
from services.survey_match import unlike_the_lists

__all__ = ["Checkpoint", "Verification", "checkpoint", "newest_checkpoint", "verify"]


def verify(session: Session, checkpoints: Path | None = None, key: Path | None = None) -> Verification:
    """Check every link and digest, what stands beside the journal, the protection of the tables, every checkpoint.

    Args:
        key: the public key as the auditor holds it; left out, the one beside the checkpoints, which proves less.

    Entries after the last checkpoint can be cut off unseen; `covered_to` says how far the checkpoints reach.
    """
    found = Verification()
    signed = {} if checkpoints is None else _signed(checkpoints, key or checkpoints / "public_key.pem", found)
    hashes = check_chain(session, found, signed)
    for seq, (file, said) in signed.items():
        if hashes.get(seq) != said:
            found.problems.append(f"{file} signed entry {seq} with another hash: the journal was rewritten or cut")
    found.problems += unlike_the_journal(session)
    found.problems += unlike_the_digests(session)
    found.problems += unlike_the_lists(session)
    told, found.unkept = unlike_the_blocks(session)
    found.problems += told
    worked_out_again(session, found)
    found.problems += unprotected(session.connection())
    return found


def _signed(folder: Path, key: Path, found: Verification) -> dict[int, tuple[str, str]]:
    """Place -> (file, hash) of every checkpoint whose signature fits; the others are problems."""
    files = sorted(folder.glob("checkpoint-*.json"))
    if files and not key.is_file():
        found.problems.append(f"{key} is missing, the checkpoints cannot be checked")
        return {}
    try:
        public = serialization.load_pem_public_key(key.read_bytes()) if files else None
    except ValueError:
        found.problems.append(f"{key} is no key, the checkpoints cannot be checked")
        return {}
    signed: dict[int, tuple[str, str]] = {}
    for file in files:
        found.checkpoints += 1
        said = _said(file, public)
        if said is None:
            found.problems.append(f"{file.name} was changed: its signature does not fit")
        else:
            signed[said["seq"]] = (file.name, said["hash"])
    found.covered_to = max(signed, default=0)
    return signed


def _said(file: Path, public: Any) -> dict[str, Any] | None:
    try:
        kept = json.loads(file.read_text("utf-8"))
        said: dict[str, Any] = kept["said"]
        assert isinstance(public, Ed25519PublicKey)  # noqa: S101 - narrows the type; another key is a broken folder
        public.verify(base64.b64decode(kept["signature"]), _bytes(said))
    except (InvalidSignature, ValueError, KeyError, TypeError, AssertionError):
        return None
    return said


@dataclass(frozen=True)
class Checkpoint:
    """A signed place of the journal."""

    seq: int
    hash: str
    at: datetime


def newest_checkpoint(session: Session, folder: Path) -> Checkpoint | None:
    """The last checkpoint whose signature fits; None where there is none.

    Raises:
        RuleError: the journal no longer has what was signed.
    """
    key = folder / "public_key.pem"
    files = sorted(folder.glob("checkpoint-*.json"), reverse=True) if key.is_file() else []
    for file in files:
        said = _said(file, serialization.load_pem_public_key(key.read_bytes()))
        if said is None:
            continue
        query = "SELECT hash FROM journal_entry WHERE seq = :s"
        if execute(session, query, {"s": said["seq"]}).scalar_one_or_none() != said["hash"]:
            raise RuleError(
                f"{file.name} signed entry {said['seq']} with another hash: run `bagalau audit verify` first."
            )
        return Checkpoint(said["seq"], said["hash"], instant(said["at"]))
    return None


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
