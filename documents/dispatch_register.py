"""The day's register of registered letters, as handed in at the post office."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from documents.page import compose
from documents.parts import Signer
from documents.typesetting import Page, typeset


@dataclass(frozen=True)
class Dispatch:
    """One letter: its outgoing number, addressee and address; `track` is empty until the post gives one."""

    number: str
    addressee: str
    address: str
    track: str = ""


@dataclass(frozen=True)
class DispatchRegister:
    """One day's letters; weight and cost are filled in by hand at the post office. Rule N-19."""

    body: str
    body_address: str
    number: str
    day: date
    letters: tuple[Dispatch, ...]
    handed_in_by: Signer
    reference: str = ""


def page(register: DispatchRegister, language: str) -> Page:
    """The register as a page; see `render`."""
    return compose(
        "dispatch_register", register, language, register.day, fill=lambda _: {"count": len(register.letters)}
    )


def render(register: DispatchRegister, language: str) -> bytes:
    """The register as PDF (rule N-19).

    Raises:
        MissingField: a required field is empty.
    """
    return typeset(page(register, language))
