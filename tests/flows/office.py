"""A small office for the flows: one unit, its head, servants, one of them dismissed; and what its people do."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sqlmodel import Session, select

from models import Appointment, Assessment, Body, Cycle, Person, Post, Unit
from models.work import work
from services import calibration, familiarisation, people, sheets
from services import cycle as cycles
from services.sheets import SignedSheet

BODY_FILE = Path(__file__).parents[2] / "examples" / "nchr" / "organisation.yaml"
ACT, PERIOD, KEY = "nchr-2024", "2026-Q3", "nchr-sample-2026-q3"
#: a name that may appear in our own tables and nowhere in Prefect
SURNAME = "Qupiyabekov"


def almaty(day: int, hour: int = 4, month: int = 10, minute: int = 0) -> datetime:
    """An instant of the autumn of 2026; 4:00 UTC is 9:00 in Almaty."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def staffed(servants: int = 4) -> None:
    """Write the office into the database `work()` uses now."""
    with work() as session:
        session.add(body := Body(code="nchr", name_kk="Орталық", name_ru="Центр"))
        session.flush()
        people = [_person(session, number) for number in range(1, servants + 3)]
        session.add(unit := Unit(body_id=body.id, code="u1", name_kk="Бөлім", name_ru="Отдел", head_id=people[1]))
        session.flush()
        for place, person in enumerate(people):
            _appoint(session, unit, place, person, people, last=place == servants + 1)


def whole_body() -> None:
    """Write the sample body's staff into the database `work()` uses now."""
    with work() as session:
        people.import_staff(session, BODY_FILE.with_name("staff.csv"), "person/1", almaty(1, hour=1), "nchr-2024")


def _person(session: Session, number: int) -> int:
    person = Person(
        personnel_no=str(100000 + number),
        surname=f"{SURNAME}{number}",
        given_name="Aq",
        email=f"p{number}@example.kz",
        phone="+77010000000",
        address="Astana, 1",
    )
    session.add(person)
    session.flush()
    return person.id or 0


def _appoint(session: Session, unit: Unit, place: int, person: int, people: list[int], last: bool) -> None:
    category = "" if place == 0 else "C-O-2" if place == 1 else "C-O-5"
    post = Post(unit_id=unit.id, title_kk=f"Лауазым {place}", title_ru="", category=category, leadership=place == 1)
    session.add(post)
    session.flush()
    session.add(
        Appointment(
            person_id=person,
            post_id=post.id,
            started_on=date(2024, 1, 8),
            ended_on=date(2026, 9, 25) if last else None,
            dismissed=last,
            supervisor_id=people[0] if place == 1 else None,
        )
    )


def opened() -> str:
    """Open the cycle and approve its schedule."""
    with work() as session:
        key = cycles.open_cycle(session, BODY_FILE, ACT, PERIOD, almaty(1), "person/1")
        cycles.approve_schedule(session, key, almaty(1, hour=5), "person/1")
    return key


def marked(now: datetime, only: int | None = None) -> int:
    """The evaluators sign the sheets that lie with them; return how many."""
    with work() as session:
        waiting = session.exec(select(Assessment).where(Assessment.stage == "open").order_by(Assessment.id)).all()
        for one in waiting[:only]:
            marks = {number: Decimal(4 if number in (1, 3) else 5) for number in range(1, 11)}
            sheet = SignedSheet(one.id or 0, _asked(session, one, marks), signed_by=one.marker_id)
            sheets.submit(session, sheet, now, f"person/{one.marker_id}")
        return len(waiting[:only])


def _asked(session: Session, one: Assessment, marks: dict[int, Decimal]) -> dict[int, Decimal]:
    from services.ground import ground_of

    law = ground_of(session, session.get_one(Cycle, one.cycle_id)).law
    return {number: marks[number] for number, _ in enumerate(law.forms[one.form].parameters, start=1)}


def looked(now: datetime, only: int | None = None) -> int:
    """Those still in service open their released results; return how many."""
    with work() as session:
        waiting = session.exec(
            select(Assessment)
            .where(Assessment.stage == "released", Assessment.dismissed == False)  # noqa: E712
            .order_by(Assessment.id)
        ).all()
        for one in waiting[:only]:
            familiarisation.open_result(session, one.id or 0, one.person_id, now)
        return len(waiting[:only])


def disagreed(now: datetime) -> int:
    """The first who may do so asks for a calibration session; return how many did."""
    with work() as session:
        one = session.exec(select(Assessment).where(Assessment.stage == "familiarised").order_by(Assessment.id)).first()
        if one is not None:
            calibration.request(session, one.id or 0, one.person_id, "I disagree", now)
        return int(one is not None)


def stages(key: str = KEY) -> dict[str, int]:
    """People per stage."""
    with work() as session:
        return cycles.status(session, key).counts
