"""The record of a telephonogram: what was read out, by whom, to whom and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from documents.page import compose
from documents.parts import Signer
from documents.typesetting import Page, typeset


@dataclass(frozen=True)
class Telephonogram:
    """A telephonogram; `text` says only that something waits, `received_by` who took it down. Rule N-19."""

    body: str
    number: str
    passed_at: datetime
    sender: Signer
    sender_phone: str
    addressee: str
    addressee_phone: str
    received_by: str
    text: str
    reference: str = ""


def page(telephonogram: Telephonogram, language: str) -> Page:
    """The record as a page; see `render`."""
    moment = telephonogram.passed_at
    return compose("telephonogram", telephonogram, language, moment, template="message")


def render(telephonogram: Telephonogram, language: str) -> bytes:
    """The record as PDF (rule N-19).

    Raises:
        MissingField: a required field is empty.
    """
    return typeset(page(telephonogram, language))
