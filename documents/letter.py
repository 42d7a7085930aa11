"""The registered letter, closed and addressed to one person alone: it familiarises a dismissed person, or says something else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from documents.page import compose
from documents.parts import Act, Signer
from documents.typesetting import Page, typeset
from documents.words import Language, working_days
from rules.period import Period


@dataclass(frozen=True)
class LetterResult:
    """A result stated inside the closed letter: the mark in points and the result it stands for."""

    mark: Decimal
    result: str


@dataclass(frozen=True)
class LetterPoints:
    """Points of the act the letter cites; what the act does not have (a session, secrecy) is left out of the letter."""

    familiarisation: str = ""
    disagreement: str = ""
    appeal: str = ""
    confidentiality: str = ""


@dataclass(frozen=True)
class Letter:
    """A registered letter to a dismissed person; without `result` it says that the result waits at `where`.

    `disagreement_days` is the term to ask for a calibration session, in working days from familiarisation;
    `authority_days` that of an appeal to the authorised body, where the act has that instead. A letter with a `text` is
    about something else: it says that under `subject` and nothing of a result.
    """

    body: str
    body_address: str
    number: str
    sent_on: date
    addressee: str
    address: str
    period: Period
    act: Act
    points: LetterPoints
    where: str
    signed_by: Signer
    executor: str
    disagreement_days: int = 0
    result: LetterResult | None = None
    authority_days: int = 0
    authority_point: str = ""
    reference: str = ""
    subject: str = ""
    text: str = ""


def page(letter: Letter, language: str) -> Page:
    """The letter as a page; see `render`."""
    return compose("letter", letter, language, letter.sent_on, fill=lambda chosen: _term(letter, chosen))


def render(letter: Letter, language: str) -> bytes:
    """The letter as PDF (rules N-19, N-20, N-21, N-23).

    Raises:
        MissingField: a required field is empty.
    """
    return typeset(page(letter, language))


def _term(letter: Letter, language: Language) -> dict[str, str]:
    return {
        "days": working_days(letter.disagreement_days, language),
        "authority_in": working_days(letter.authority_days, language),
    }
