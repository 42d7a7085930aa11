"""The record of a telegram: its text, address, the moment it was handed in and the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from documents.page import compose
from documents.parts import Signer
from documents.typesetting import Page, typeset


@dataclass(frozen=True)
class Telegram:
    """A telegram; `text` says only that something waits, `receipt` is the operator's number. Rule N-19."""

    body: str
    number: str
    passed_at: datetime
    sender: Signer
    addressee: str
    address: str
    operator: str
    receipt: str
    text: str
    reference: str = ""


def page(telegram: Telegram, language: str) -> Page:
    """The record as a page; see `render`."""
    return compose("telegram", telegram, language, telegram.passed_at, template="message")


def render(telegram: Telegram, language: str) -> bytes:
    """The record as PDF (rule N-19).

    Raises:
        MissingField: a required field is empty.
    """
    return typeset(page(telegram, language))
