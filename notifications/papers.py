"""What the room needs of the outside: a recipient, and somebody who makes the papers. The caller passes both in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class Recipient:
    """To whom a notice goes, and in which language of notices.

    The name is for closed letters and registers only; no other text may hold it (N-23).
    """

    person_id: int
    personnel_no: str
    full_name: str
    language: str
    email: str
    phone: str
    address: str


@dataclass(frozen=True)
class Dispatch:
    """One line of the day's register of registered letters: outgoing number, addressee, address; and its cycle."""

    number: str
    addressee: str
    address: str
    ref: str
    cycle_id: int = 0


class Documents(Protocol):
    """The papers of the manual channels, as PDF.

    `facts` are the notice's own facts and: `kind`, `language`, `ref`, `number` (the outgoing number), `at` (the body's
    local time, 2026-10-28T15:00), `day`, `subject`, `text` (the words), `notice_id`, `assessment_id`, `cycle_id`.
    """

    def letter(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        """The registered letter to a person (N-19)."""
        ...

    def telephonogram(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        """The record of a telephonogram (N-19)."""
        ...

    def telegram(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        """The record of a telegram (N-19)."""
        ...

    def dispatch_register(self, day: date, letters: Sequence[Dispatch]) -> bytes:
        """The register of one body's registered letters of a day, as handed in at the post office (N-19)."""
        ...
