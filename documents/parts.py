"""People and signatures as documents print them: plain values that several documents share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Person:
    """A person as a document names them: full name, post, and the unit where it matters."""

    name: str
    post: str
    unit: str = ""


@dataclass(frozen=True)
class DigitalSignature:
    """A digital signature already given (rule N-37): the moment in the body's zone, the certificate."""

    signed_at: datetime
    certificate: str = ""


@dataclass(frozen=True)
class Signer:
    """A line for a signature: post and name, and the digital signature when it was given."""

    name: str
    post: str
    signature: DigitalSignature | None = None


@dataclass(frozen=True)
class Act:
    """The methodology a document rests on: its title, and the wording in force as the body cites it."""

    title: str
    wording: str
