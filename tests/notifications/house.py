"""A small body with an open cycle, and somebody who makes papers, for the tests of this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from sqlmodel import Session

from models import Appointment, Assessment, Body, Cycle, Person, Post, Unit
from models.work import work
from notifications.papers import Dispatch, Recipient
from services.ground import pin
from tests.nchr import Q3, SAMPLE

#: Monday
NOW = datetime(2026, 10, 5, 6, 0, tzinfo=UTC)
FACTS = {
    "period": "2026-Q3",
    "portal": "https://bagalau.example.kz",
    "days": "5",
    "due": "2026-10-20",
    "start": "2026-10-12",
}
EVERYBODY = "SELECT 0 AS assessment_id, id AS recipient_id FROM person"
CANARIES = ("Қанарейқызы", "Кенарова", "Canary", "4.73", "бас сарапшы-кенар", "PN-")


class Papers:
    """Papers of a few bytes; it keeps what it was given."""

    def __init__(self) -> None:
        self.made: list[tuple[str, Mapping[str, str], Recipient]] = []
        self.registers: list[tuple[date, Sequence[Dispatch]]] = []

    def letter(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        return self._paper("letter", facts, person)

    def telephonogram(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        return self._paper("telephonogram", facts, person)

    def telegram(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        return self._paper("telegram", facts, person)

    def dispatch_register(self, day: date, letters: Sequence[Dispatch]) -> bytes:
        self.registers.append((day, letters))
        return f"%PDF register {day} {len(letters)}".encode()

    def _paper(self, name: str, facts: Mapping[str, str], person: Recipient) -> bytes:
        self.made.append((name, facts, person))
        return f"%PDF {name} {facts['number']}".encode()


def populate(people: int, **changes: object) -> None:
    """A cycle and people with every contact; `changes` go to every person."""
    with work() as session:
        pinned = pin(session, "nchr-2024", SAMPLE, Q3, "quarter")[1]
        session.add(cycle(*pinned))
        session.add_all(person(number, **changes) for number in range(1, people + 1))


def cycle(law: str = "", body: str = "", calendar: str = "") -> Cycle:
    return Cycle(
        id=1, key="nchr-2026-q3", act="nchr-2024", revision="no-13", period="2026-Q3", organisation="nchr-sample",
        time_zone="Asia/Almaty", stage="running", law_hash=law, calendar_hash=calendar, organisation_hash=body,
        evaluation="quarter",
        opened_at=NOW, opened_by="system/test",
    )  # fmt: skip


def person(number: int, **changes: object) -> Person:
    usual = {
        "personnel_no": f"PN-{number:06d}", "surname": "Қанарейқызы", "given_name": "Кенарова", "patronymic": "Canary",
        "language": "kk" if number % 2 else "ru", "email": f"p{number}@example.kz", "phone": f"+7701{number:07d}",
        "address": f"Алматы, {number}",
    }  # fmt: skip
    return Person(id=number, **{**usual, **changes})


def assessment(session: Session, person_id: int, **changes: object) -> Assessment:
    """An assessment of a person who holds a post with a telling title."""
    if session.get(Body, 1) is None:
        session.add(Body(id=1, code="b", name_kk="Орган", name_ru="Орган"))
        session.flush()
        session.add(Unit(id=1, body_id=1, code="u", name_kk="Бөлім", name_ru="Отдел"))
        session.flush()
        session.add(
            Post(id=1, unit_id=1, title_kk="бас сарапшы-кенар", title_ru="Canary", category="B-4", leadership=False)
        )
        session.flush()
    session.add(Appointment(id=person_id, person_id=person_id, post_id=1, started_on=date(2024, 1, 8)))
    session.flush()
    made = Assessment(cycle_id=1, person_id=person_id, appointment_id=person_id, **{"stage": "released", **changes})
    session.add(made)
    session.flush()
    return made
