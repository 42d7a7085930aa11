"""Our reference in an address a carrier calls back: signed, so that nobody else can speak of our notices."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode

_FORM = re.compile(r"[A-Za-z0-9_]{1,40}\.[A-Za-z0-9_-]{22}")


def signed(ref: str, secret: str) -> str:
    """The reference with its signature, fit for an address.

    >>> signed("J94JN5", "a secret")
    'J94JN5.K-ifPmCfK7XkygroNoi8pw'
    """
    return f"{ref}.{_signature(ref, secret)}"


def unsigned(text: str, secret: str) -> str | None:
    """The reference, if we signed it with this secret; None for everything else.

    >>> unsigned(signed("J94JN5", "a secret"), "a secret")
    'J94JN5'
    >>> unsigned(signed("J94JN5", "a secret"), "another") is None
    True
    """
    if not secret or not _FORM.fullmatch(text):
        return None
    ref, _, signature = text.partition(".")
    return ref if hmac.compare_digest(signature, _signature(ref, secret)) else None


def _signature(ref: str, secret: str) -> str:
    full = hmac.new(secret.encode(), b"bagalau notice " + ref.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(full[:16]).rstrip(b"=").decode("ascii")
