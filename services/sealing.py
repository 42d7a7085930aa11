"""Sealing a text so that only the holder of a key outside the database can read it (X25519, HKDF, ChaCha20-Poly1305)."""

from __future__ import annotations

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rules.errors import NotFound, RuleError

#: every sealed text has the same length, whatever it says
_LENGTH = 2048
_RAW = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)


class Unreadable(RuleError):
    """A sealed text that this key does not open."""


def new_key(file: Path) -> str:
    """Write a new private key to a file nobody else may read; return the public half as text.

    A key that is already there is kept: answers may be sealed with it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        private = X25519PrivateKey.generate()
        raw = private.private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        )
        partial = file.with_suffix(f".{secrets.token_hex(8)}.new")
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(raw)
            out.flush()
            os.fsync(out.fileno())
        # of two who begin a survey at once one writes the key, and both use it
        with suppress(FileExistsError):
            os.link(partial, file)
        partial.unlink()
    return _text(_private(file).public_key().public_bytes(*_RAW))


def seal(public: str, words: str) -> str:
    """The words, readable only with the private half of the key.

    Raises:
        RuleError: they are too long.
    """
    plain = words.encode()
    if len(plain) > _LENGTH:
        raise RuleError("The answer is too long to be sealed; shorten it.")
    once = X25519PrivateKey.generate()
    secret = _secret(once.exchange(X25519PublicKey.from_public_bytes(_bytes(public))))
    nonce = os.urandom(12)
    body = ChaCha20Poly1305(secret).encrypt(nonce, plain.ljust(_LENGTH), None)
    return _text(once.public_key().public_bytes(*_RAW) + nonce + body)


def unseal(file: Path, sealed: str) -> str:
    """The words of a sealed text.

    Raises:
        NotFound: the key is not there. RuleError: the key is damaged. Unreadable: the text is damaged, or sealed with
            another key.
    """
    private = _private(file)
    try:
        raw = _bytes(sealed)
        secret = _secret(private.exchange(X25519PublicKey.from_public_bytes(raw[:32])))
        return ChaCha20Poly1305(secret).decrypt(raw[32:44], raw[44:], None).decode().rstrip()
    except (InvalidTag, ValueError):
        raise Unreadable("A sealed answer was changed, or does not belong to this survey's key.") from None


def belongs(file: Path, public: str) -> bool:
    """Whether a private key is the other half of a public one.

    Raises:
        NotFound: the key is not there. RuleError: it is damaged.
    """
    return _text(_private(file).public_key().public_bytes(*_RAW)) == public


def _private(file: Path) -> X25519PrivateKey:
    try:
        return X25519PrivateKey.from_private_bytes(file.read_bytes())
    except OSError:
        raise NotFound(f"The key of the survey is not at {file}; put it back from its safe copy.") from None
    except ValueError:
        raise RuleError(f"The key of the survey at {file} is damaged; put it back from its safe copy.") from None


def _secret(shared: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, None, b"survey answer").derive(shared)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text)
