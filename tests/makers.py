"""A small body with people in it, and a cycle brought to a given stage; every moment is said aloud, in Almaty time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from sqlmodel import Session, select

from models import (
    Absence,
    Appointment,
    Assessment,
    Body,
    Notice,
    Person,
    Post,
    Result,
    Sanction,
    StaffImport,
    Unit,
    WorkedDays,
)
from models.schema import BY_COMMISSION, SHEETS
from models.sql import execute
from models.work import database_url, engine, reading, work
from notifications import record
from notifications.marking import keep_wordings
from notifications.render import kept_texts
from rules.panel import Member
from services import advance, annual, calibration, familiarisation, officials, reminders, sheets
from services import cycle as cycles
from services.calibration import Vote
from services.ground import find_cycle
from services.sheets import SignedSheet

BODY_FILE = Path(__file__).parents[1] / "examples" / "nchr" / "organisation.yaml"
ACT, PERIOD, KEY = "nchr-2024", "2026-Q3", "nchr-sample-2026-q3"
ZONE = ZoneInfo("Asia/Almaty")

# the people everybody knows: the officials of the sample body, three heads of unit, servants
OFFICIAL, HR = "100001", "100002"
HEAD_A, HEAD_B, HEAD_C = "100011", "100012", "100013"
AIGUL, BOLAT = "100021", "100022"  # servants of unit a
DANA, ERLAN = "100031", "100032"  # servants of unit b; Erlan was dismissed inside the quarter
FARIDA = "100041"  # a servant of the representation, unit c


def at(moment: str) -> datetime:
    """An instant of Almaty: "2026-10-07 14:30", or a day alone for nine in the morning."""
    moment = moment if " " in moment else f"{moment} 09:00"
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE)


def day(text_: str) -> date:
    """A day from its ISO text."""
    return date.fromisoformat(text_)


# --- people -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Servant:
    """One person with one appointment; people and units are named by number and code."""

    number: str
    unit: str
    category: str = "C-O-5"
    leadership: bool = False
    supervisor: str | None = None
    started: str = "2024-01-08"
    ended: str | None = None
    dismissed: bool = False
    basis: str = "appointed"


STAFF = (
    Servant(OFFICIAL, "top", category="", leadership=True),
    Servant(HR, "a"),
    Servant(HEAD_A, "a", "B-1", True, supervisor=OFFICIAL),
    Servant(HEAD_B, "b", "B-1", True, supervisor=OFFICIAL),
    Servant(HEAD_C, "c", "C-O-1", True, supervisor=OFFICIAL),
    Servant(AIGUL, "a"),
    Servant(BOLAT, "a"),
    Servant(DANA, "b"),
    Servant(ERLAN, "b", ended="2026-09-25", dismissed=True),
    Servant(FARIDA, "c"),
)
HEADS = {"top": OFFICIAL, "a": HEAD_A, "b": HEAD_B, "c": HEAD_C}


def a_body(staff: Iterable[Servant] = STAFF, heads: Mapping[str, str | None] = HEADS) -> None:
    """Write a body, its units, posts, people and appointments into the database `work()` uses."""
    staff = list(staff)
    with work() as session:
        session.add(body := Body(code="nchr", name_kk="Орталық", name_ru="Центр"))
        session.flush()
        people = {one.number: _person(one.number) for one in staff}
        session.add_all(people.values())
        session.flush()
        units = {code: _unit(body, code, head and people[head].id) for code, head in heads.items()}
        session.add_all(units.values())
        session.flush()
        posts: dict[Any, Post] = {}
        for one in staff:
            seat = (one.unit, one.category, one.leadership)
            posts.setdefault(seat, _post(units[one.unit], *seat))
        session.add_all(posts.values())
        session.flush()
        for one in staff:
            boss = people[one.supervisor].id if one.supervisor else None
            session.add(_appointment(one, people[one.number], posts[one.unit, one.category, one.leadership], boss))


def _person(number: str) -> Person:
    return Person(
        personnel_no=number,
        surname=f"Тегі{number}",
        given_name="Аты",
        sort_key=number,
        email=f"p{number}@example.kz",
        phone="+77010000000",
        address="Astana, 1",
    )


def _unit(body: Body, code: str, head: int | None) -> Unit:
    return Unit(body_id=body.id or 0, code=code, name_kk=code, name_ru=code, head_id=head)


def _post(unit: Unit, code: str, category: str, leadership: bool) -> Post:
    return Post(
        unit_id=unit.id or 0, title_kk=f"{code} {category}", title_ru="", category=category, leadership=leadership
    )


def _appointment(one: Servant, person: Person, post: Post, boss: int | None) -> Appointment:
    return Appointment(
        person_id=person.id or 0,
        post_id=post.id or 0,
        started_on=day(one.started),
        basis=one.basis,
        ended_on=day(one.ended) if one.ended else None,
        dismissed=one.dismissed,
        supervisor_id=boss,
    )


def staff_with(number: str, **changes: Any) -> list[Servant]:
    """The usual staff, with one of them changed."""
    return [replace(one, **changes) if one.number == number else one for one in STAFF]


def a_crowd(servants: int) -> tuple[list[Servant], dict[str, str | None]]:
    """The usual staff, and a unit d whose head has exactly so many evaluatees."""
    head = Servant("100014", "d", "B-1", True, supervisor=OFFICIAL)
    crowd = [Servant(str(200001 + place), "d") for place in range(servants)]
    return [*STAFF, head, *crowd], {**HEADS, "d": "100014"}


def person(number: str) -> int:
    """The id of the person with this number."""
    with reading() as session:
        return int(session.exec(select(Person.id).where(Person.personnel_no == number)).one() or 0)


def away(number: str, first: str, last: str, kind: str = "labour_leave") -> None:
    """Days away, both included."""
    _remember(Absence(person_id=person(number), kind=kind, first_day=day(first), last_day=day(last)))


def worked(number: str, days: int, period: str = PERIOD) -> None:
    """What the timesheet says."""
    _remember(WorkedDays(person_id=person(number), period=period, days=days))


def punished(number: str, on: str, kind: str = "reprimand") -> None:
    """A disciplinary sanction by the day it was applied."""
    _remember(Sanction(person_id=person(number), kind=kind, applied_on=day(on)))


def changed_staff(change: Callable[[Session], None], now: str = "2026-10-02") -> None:
    """The staff file was read again, with these changes."""
    with work() as session:
        change(session)
        session.add(StaffImport(sha256="0" * 64, at=at(now), actor="person/1", rows=1, changed=1))


def dismissed(number: str, on: str) -> None:
    """The person was dismissed; the staff file says so now."""
    who = person(number)

    def change(session: Session) -> None:
        held = session.exec(select(Appointment).where(Appointment.person_id == who)).one()
        held.ended_on, held.dismissed = day(on), True

    changed_staff(change)


def _remember(row: Any) -> None:
    with work() as session:
        session.add(row)


# --- a cycle ---------------------------------------------------------------------------------------------------

#: what the tasks do at each advance, in their order
WALK = (
    advance.refresh_plan,
    advance.notify_participants,
    advance.open_sheets,
    reminders.remind,
    advance.compute_scores,
    advance.release_results,
    reminders.remind_unopened,
    advance.serve_dismissed,
    reminders.call_calibration,
    advance.close_what_is_settled,
)


def walk(now: str, key: str = KEY) -> bool:
    """One advance, each step in a transaction of its own; False when nothing may be done yet."""
    with work() as session:
        if not advance.begin(session, key, at(now)):
            return False
    for step in WALK:
        with work() as session:
            step(session, key, at(now))
    with work() as session:
        advance.finish(session, key, at(now))
    return True


def opened(period: str = PERIOD, now: str = "2026-10-01", file: Path = BODY_FILE) -> str:
    """Open a cycle over the people there are."""
    with work() as session:
        return cycles.open_cycle(session, file, ACT, period, at(now), "person/1")


def approved(key: str = KEY, now: str = "2026-10-01 10:00") -> None:
    """The appointing official approves its schedule."""
    by = person(OFFICIAL)
    with work() as session:
        cycles.approve_schedule(session, key, at(now), f"person/{by}")


def a_cycle(until: str = "open", staff: Iterable[Servant] = STAFF, heads: Mapping[str, str | None] = HEADS) -> str:
    """A body and its cycle, brought to "draft", "approved", "open", "marked", "released" or "familiarised".

    Opened on 1 October, sheets sent the same day, signed on the 5th, released on the 6th, opened by everybody on
    Wednesday the 7th: the five working days end on Wednesday 14 October 2026, 24:00.
    """
    usual = staff is STAFF and heads is HEADS
    if usual and _kept.take(until):
        return KEY
    a_body(staff, heads)
    opened()
    for stage, step in _ROAD.items():
        if until == "draft":
            break
        step()
        if stage == until:
            break
    if usual:
        _kept.keep(until)
    return KEY


class _Kept:
    """The usual cycles as they were first made, so that the next test which wants one copies it."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="bagalau-kept-")
        self.made: dict[tuple[str, str], str] = {}

    def take(self, until: str) -> bool:
        """Put the kept cycle in the place of the empty database `work()` uses; False when none is kept."""
        url = database_url()
        kept = self.made.get((_server(url), until))
        if kept:
            engine(url).dispose()
            if url.startswith("sqlite"):
                shutil.copy(kept, url.removeprefix("sqlite:///"))
            else:
                _say(url, f"DROP DATABASE {_name(url)} WITH (FORCE)", f"CREATE DATABASE {_name(url)} TEMPLATE {kept}")
        return bool(kept)

    def keep(self, until: str) -> None:
        """Keep what is there now under the name of its stage."""
        url = database_url()
        engine(url).dispose()
        if url.startswith("sqlite"):
            self.made[_server(url), until] = shutil.copy(
                url.removeprefix("sqlite:///"), Path(self.folder.name) / f"{until}.db"
            )
        else:
            _say(url, f"CREATE DATABASE kept_{until} TEMPLATE {_name(url)}")
            self.made[_server(url), until] = f"kept_{until}"


def _name(url: str) -> str:
    return url.split("?")[0].rsplit("/", 1)[1]


def _server(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else url.split("?")[1]


def _say(url: str, *sentences: str) -> None:
    with psycopg.connect(url.replace(f"/{_name(url)}?", "/postgres?"), autocommit=True) as server:
        for sentence in sentences:
            server.execute(sentence)


_kept = _Kept()


def _sent() -> None:
    walk("2026-10-01 12:00")


def _released() -> None:
    walk("2026-10-06")


_ROAD: dict[str, Callable[[], Any]] = {
    "approved": lambda: approved(),
    "open": _sent,
    "marked": lambda: marked(),
    "released": _released,
    "familiarised": lambda: shown(),
}


def case(number: str, key: str = KEY) -> Assessment:
    """The assessment of a person, as it stands."""
    with reading() as session:
        query = select(Assessment).join(Person, Person.id == Assessment.person_id)  # type: ignore[arg-type]
        cycle = find_cycle(session, key).id
        found = session.exec(query.where(Person.personnel_no == number, Assessment.cycle_id == cycle)).one()
        session.expunge(found)
        return found


def all_marks(value: str = "4") -> dict[int, Decimal]:
    """The same mark in four rows; the row of sanctions has its proposed 5."""
    return {number: Decimal(value) for number in range(1, 5)} | {5: Decimal(5)}


def sign(number: str, marks: Mapping[int, Decimal] | None = None, now: str = "2026-10-05", **how: Any) -> None:
    """The person who holds the sheet signs it."""
    one = case(number)
    sheet = SignedSheet(one.id or 0, marks or all_marks(), signed_by=one.marker_id)
    with work() as session:
        sheets.submit(session, replace(sheet, **how), at(now), f"person/{one.marker_id}")


def marked(now: str = "2026-10-05", key: str = KEY, marks: Mapping[int, Decimal] | None = None) -> None:
    """Every open sheet is signed by whoever holds it."""
    with work() as session:
        cycle = find_cycle(session, key)
        waiting = select(Assessment).where(Assessment.cycle_id == cycle.id, Assessment.stage == "open")
        for one in session.exec(waiting.order_by(Assessment.id)).all():  # type: ignore[arg-type]
            sheet = SignedSheet(one.id or 0, marks or all_marks(), signed_by=one.marker_id)
            sheets.submit(session, sheet, at(now), f"person/{one.marker_id}")


def shown(now: str = "2026-10-07", *numbers: str, key: str = KEY) -> None:
    """People open their results; everybody still in service when nobody is named."""
    with work() as session:
        cycle = find_cycle(session, key)
        released = select(Assessment).where(Assessment.cycle_id == cycle.id, Assessment.stage == "released")
        chosen = {person(number) for number in numbers}
        for one in session.exec(released).all():
            if one.person_id in chosen or (not chosen and not one.dismissed):
                familiarisation.open_result(session, one.id or 0, one.person_id, at(now))


def ordered(role: str, to: str, first: str = "2026-10-12", *, by: str = HR, now: str = "2026-10-09") -> None:
    """An order gives a role of the cycle to a person from a day on."""
    given, who = {role: person(to)}, person(by)
    with work() as session:
        officials.change(session, find_cycle(session, KEY), given, day(first), "order No 45", who, at(now))


# --- disagreement ------------------------------------------------------------------------------------------------


def disagrees(number: str = AIGUL, now: str = "2026-10-08", words: str = "Келіспеймін") -> Any:
    """The person asks for a session."""
    one = case(number)
    with work() as session:
        return calibration.request(session, one.id or 0, one.person_id, words, at(now))


def members(*evaluators: str, hr: str = HR) -> list[Member]:
    """A composition: these evaluators and the HR officer."""
    seats = evaluators or (HEAD_B, HEAD_C)
    return [Member(person(one), "evaluator") for one in seats] + [Member(person(hr), "hr")]


def a_session(number: str = AIGUL, now: str = "2026-10-09") -> int:
    """A released result was contested and its session called; the cycle must be familiarised. Returns the session."""
    received = disagrees(number)
    seats, official = members(), person(OFFICIAL)
    with work() as session:
        return calibration.call_session(session, received.request_id, seats, official, at(now))


def votes(*marks: str, seats: Sequence[Member] | None = None) -> list[Vote]:
    """One vote for each member, in the order of the composition."""
    return [Vote(seat.person, Decimal(mark), "дәлел") for seat, mark in zip(seats or members(), marks, strict=False)]


def held(session_id: int, *marks: str, now: str = "2026-10-12", **words: str) -> Any:
    """The session is held with these votes."""
    given = votes(*marks)
    with work() as session:
        argued = words.get("evaluator", "Жұмысы"), words.get("evaluatee", "")
        return calibration.hold(session, session_id, given, *argued, at(now), f"person/{given[-1].person}")


def decided(session_id: int, *marks: str, now: str = "2026-10-12 15:00") -> None:
    """The session is held and its protocol signed."""
    held(session_id, *marks)
    with work() as session:
        calibration.sign_protocol(session, session_id, at(now), "person/2")


def refuses(number: str, now: str = "2026-10-07") -> None:
    """The person refuses to learn the released result."""
    signers = person(HR), (person(FARIDA), person(HEAD_C))
    one = case(number)
    with work() as session:
        familiarisation.refuse(session, one.id or 0, *signers, "Көрмеймін", at(now), f"person/{signers[0]}")


def a_whole_quarter() -> str:
    """A cycle in which everything happened once: Erlan served, Bolat refused, Aigul in a session, a year formed."""
    if _kept.take("whole"):
        return KEY
    a_cycle("released")
    told("delivered", "2026-10-09")
    refuses(BOLAT)
    shown("2026-10-07", HR, HEAD_A, HEAD_B, HEAD_C, AIGUL, DANA, FARIDA)
    decided(a_session(), "5", "5", "5")
    ordered("hr_deputy", DANA)
    with work() as session:
        annual.form_annual(session, ACT, 2026, at("2027-01-20"), "system/annual-mark")
    _kept.keep("whole")
    return KEY


def told(event: str, moment: str, *, now: str | None = None, notice: Notice | None = None, event_id: str = "1") -> bool:
    """A receipt comes in for the letter to Erlan; returns whether it familiarised him."""
    sent, officer, recorded = notice or notices("result_served", ERLAN)[-1], person(HR), at(now or moment)
    sent_off(sent.id or 0)
    with work() as session:
        record(session, sent.id or 0, event, at(moment), recorded, source="officer", event_id=event_id,
               officer_id=officer, reference="RB123456789KZ")  # fmt: skip
        return familiarisation.on_receipt(session, sent.id or 0, recorded)


def sent_off(notice_id: int) -> None:
    """The notice left the house the moment it was written."""
    with work() as session:
        execute(session, "UPDATE notice SET state = 'handed', handed_at = created_at WHERE id = :i", {"i": notice_id})
        keep_wordings(session, kept_texts([("result_served", "kk")]), at("2026-10-06"))


# --- looking -----------------------------------------------------------------------------------------------------


def results(number: str, key: str = KEY) -> list[tuple[int, str, str]]:
    """(version, source, score) of every result of a person."""
    one = case(number, key)
    with reading() as session:
        query = select(Result).where(Result.assessment_id == one.id).order_by(Result.version)  # type: ignore[arg-type]
        return [(row.version, row.source, str(row.score)) for row in session.exec(query).all()]


def notices(kind: str, number: str | None = None) -> list[Notice]:
    """The notices of a kind, to one person or to all."""
    who = person(number) if number else None
    with reading() as session:
        found = session.exec(select(Notice).where(Notice.kind == kind).order_by(Notice.id)).all()  # type: ignore[arg-type]
        session.expunge_all()
        return [one for one in found if who is None or one.recipient_id == who]


def rows(query: str, **params: Any) -> list[Any]:
    """What a bare query finds."""
    with reading() as session:
        return [tuple(row) for row in execute(session, query, params)]


#: everything a refused event must leave as it was
TABLES = (
    "assessment", "mark", "result", "annual_mark", "journal_entry", "journal_row", "calibration_request",
    "calibration_session", "session_member", "refusal_act", "notice", "receipt", "term", "cycle", "official",
    *BY_COMMISSION, *SHEETS,
)  # fmt: skip


def everything() -> dict[str, list[Any]]:
    """All that is remembered of evaluations, row by row."""
    with reading() as session:
        return {table: list(map(tuple, execute(session, f"SELECT * FROM {table}"))) for table in TABLES}


class refused:  # noqa: N801 - reads as `with refused(NotNow, "too late"):`
    """The block is refused with this kind of refusal and these words, and nothing changes."""

    def __init__(self, kind: type[Exception], words: str) -> None:
        self.expected: AbstractContextManager[Any] = pytest.raises(kind, match=words)

    def __enter__(self) -> None:
        self.before = everything()
        self.expected.__enter__()

    def __exit__(self, *trouble: Any) -> Any:
        answer = self.expected.__exit__(*trouble)
        assert everything() == self.before, "a refused event changed something"
        return answer
