"""The certificate of one notice: what is proved of its way to its person, by whom, and what is not proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from documents.page import compose
from documents.parts import Act, Signer
from documents.typesetting import Page, typeset


@dataclass(frozen=True)
class Fact:
    """One of the four facts: sent, delivered, familiarised, refused; without a moment it is not proved.

    Attributes:
        source: who says so: officer, simulate, papers, portal, smtp, bounce, assessment, or a carrier's own name.
        by: personnel number of the officer. in_time: of what was sent, where there is a term.
    """

    name: str
    at: datetime | None
    source: str = ""
    by: str = ""
    in_time: bool | None = None


@dataclass(frozen=True)
class Told:
    """One receipt: what was told, when it happened, when it was written down where that was later, and by whom."""

    event: str
    at: datetime
    source: str
    by: str = ""
    number: str = ""
    recorded_at: datetime | None = None


@dataclass(frozen=True)
class Link:
    """A place of the journal: its number, its hash, and its moment."""

    seq: int
    hash: str
    at: datetime | None = None


@dataclass(frozen=True)
class Certificate:
    """The certificate; a closed paper, for it names its addressee. Rules N-19, N-23, N-25.

    Attributes:
        number, mark: outgoing number and reference. subject: the notice's subject in the document's language.
        channel: its id, such as telephonogram. due: the term of sending, or None.
        facts: the four, in their order. content_hash: "" when nothing left. made_again: a verdict of the bytes, such as same.
        entry, head, checkpoint: the journal's entry it was written with, the last one, and the last one signed.
        unproved: what this does not prove, by the names of the wording (np_...).
    """

    body: str
    act: Act
    number: str
    mark: str
    subject: str
    channel: str
    addressee: str
    written_at: datetime
    due: datetime | None
    facts: tuple[Fact, ...]
    head: Link
    unproved: tuple[str, ...]
    made_by: Signer
    made_at: datetime
    point: str = ""
    told: tuple[Told, ...] = ()
    content_hash: str = ""
    template: str = ""
    made_again: str = "not_sent"
    entry: Link | None = None
    checkpoint: Link | None = None
    reference: str = ""


def page(certificate: Certificate, language: str) -> Page:
    """The certificate as a page; see `render`."""
    return compose("delivery_certificate", certificate, language, certificate.made_at)


def render(certificate: Certificate, language: str) -> bytes:
    """The certificate as PDF (rules N-19, N-25).

    Raises:
        MissingField: a required field is empty.
    """
    return typeset(page(certificate, language))
