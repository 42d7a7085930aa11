"""The common workload W(N) through the project's own services: law, readings, chained journal, notices and all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from sqlalchemy import text

from benchmarks.floor import marks
from models.bulk import insert_rows
from models.schema import upgrade
from models.work import reading, use_database, work
from notifications import one
from rules.people import Planned
from services import advance, familiarisation, reminders, scoring, sheets
from services import cycle as cycles
from services.door import move_one
from services.ground import find_cycle, known_cycle
from services.plan import add_people

BODY = Path(__file__).parent.parent / "examples/nchr/organisation.yaml"
OPENED, BEGAN = datetime(2026, 9, 28, 5, tzinfo=UTC), datetime(2026, 10, 1, 5, tzinfo=UTC)
MARKED, LOOKED = datetime(2026, 10, 12, 5, tzinfo=UTC), datetime(2026, 10, 20, 6, tzinfo=UTC)
OVER = datetime(2026, 10, 29, 6, tzinfo=UTC)


def batch(url: str, people: int) -> float:
    """Seconds of W(N), one commit a stage: plan, notify, open, mark, compute, release, remind, open, close."""
    prepare(url, people)
    start = time.perf_counter()
    with work() as session:
        key = cycles.open_cycle(session, BODY, "nchr-2024", "2026-Q3", OPENED, "person/2")
    with work() as session:
        cycles.approve_schedule(session, key, OPENED, "person/1")
    with work() as session:
        advance.begin(session, key, BEGAN)
    for step in (advance.refresh_plan, advance.notify_participants, advance.open_sheets):
        with work() as session:
            step(session, key, BEGAN)
    with work() as session:
        sheets.submit_many(session, find_cycle(session, key), signed(people), MARKED, "system/import")
    for step in (advance.compute_scores, advance.release_results):
        with work() as session:
            step(session, key, MARKED)
    with work() as session:
        reminders.remind_unopened(session, key, LOOKED)
    with work() as session:
        opened = [(number, LOOKED) for number in range(1, people + 1)]
        familiarisation.opened_many(session, find_cycle(session, key), opened, LOOKED, "system/e_qyzmet")
    with work() as session:
        advance.close_what_is_settled(session, key, OVER)
    return done(start, people)


def event(url: str, people: int) -> float:
    """Seconds of W(N), one commit for each event of each person."""
    prepare(url, people + 1)  # the one more opens the cycle and is left aside
    with work() as session:
        session.connection().execute(
            text("UPDATE appointment SET started_on = '2030-01-01' WHERE id <= :n"), {"n": people}
        )
        key = cycles.open_cycle(session, BODY, "nchr-2024", "2026-Q3", OPENED, "person/2")
        cycles.approve_schedule(session, key, OPENED, "person/1")
        advance.begin(session, key, BEGAN)
        session.connection().execute(text("UPDATE assessment SET person_id = :n"), {"n": people + 1})
    given = signed(people, first=2)
    start = time.perf_counter()
    for sheet in given:
        _live(key, sheet)
    return done(start, people, extra=1)


def _live(key: str, sheet: sheets.SignedSheet) -> None:
    number, person = sheet.assessment_id, sheet.assessment_id - 1
    holder = person % 20 + 1 + 20
    with work() as session:
        planned = Planned(person, person, False, "non_leader", holder, False, ("N-28",), "")
        add_people(session, known_cycle(session, 1), OPENED, "person/2", [planned])
    with work() as session:
        move_one(session, "notified", number, BEGAN, "system/advance")
        _tell(session, "evaluation_announced", number, person)
    with work() as session:
        move_one(session, "opened", number, BEGAN, "system/advance")
    with work() as session:
        sheets.submit(session, replace(sheet, signed_by=holder), MARKED, f"person/{holder}")
    with work() as session:
        scoring.compute(session, known_cycle(session, 1), MARKED, "system/advance")
    with work() as session:
        move_one(
            session, "released", number, MARKED, "system/advance", sets={"released_at": "2026-10-12T05:00:00.000000Z"}
        )
        _tell(session, "result_ready", number, person)
    with work() as session:
        familiarisation.open_result(session, number, person, LOOKED)
        _tell(session, "result_reminder", number, person)
    with work() as session:
        move_one(session, "closed", number, OVER, "system/advance")


def _tell(session: object, kind: str, number: int, person: int) -> None:
    one(session, kind, 1, BEGAN, assessment_id=number, recipient_id=person,  # type: ignore[arg-type]
        facts={"period": "2026-Q3", "due": "2026-10-20"}, channels=("email", "sms", "portal"))  # fmt: skip


def signed(people: int, first: int = 1) -> Iterator[sheets.SignedSheet]:
    """The sheets of W(N): the same marks as the floor's."""
    hundredths = {value: Decimal(value) / 100 for value in range(501)}
    for person, rows in groupby(marks(people), key=itemgetter(0)):
        yield sheets.SignedSheet(person + first - 1, {number: hundredths[value] for _, number, value in rows})


def prepare(url: str, people: int) -> None:
    """A staff of this size: units of twenty with their heads. Not measured."""
    upgrade(url)
    use_database(url)
    units = (people + 19) // 20
    with work() as session:
        insert_rows(session, "body", ("id", "code", "name_kk", "name_ru"), [(1, "nchr", "АҚҰО", "НЦПЧ")])
        names = ("id", "personnel_no", "surname", "given_name", "patronymic", "sort_key", "language", "email")
        insert_rows(
            session,
            "person",
            names,
            (
                (n, f"{100_000 + n}", "Серікбай", f"Ә{n}", "", "", "kk", f"p{n}@example.com")
                for n in range(1, people + 1)
            ),
        )
        insert_rows(
            session,
            "unit",
            ("id", "body_id", "code", "name_kk", "name_ru", "head_id"),
            ((n + 1, 1, f"u{n}", "бөлім", "отдел", n * 20 + 1) for n in range(units)),
        )
        insert_rows(
            session,
            "post",
            ("id", "unit_id", "title_kk", "title_ru", "category", "leadership"),
            (
                row
                for n in range(units)
                for row in (
                    (2 * n + 1, n + 1, "меңгеруші", "заведующий", "B-1", True),
                    (2 * n + 2, n + 1, "сарапшы", "эксперт", "B-4", False),
                )
            ),
        )
        insert_rows(
            session,
            "appointment",
            ("id", "person_id", "post_id", "started_on", "basis", "dismissed", "supervisor_id"),
            (
                (
                    n,
                    n,
                    2 * ((n - 1) // 20) + (1 if n % 20 == 1 else 2),
                    date(2024, 1, 10),
                    "appointed",
                    False,
                    1 if n != 1 else 2,
                )
                for n in range(1, people + 1)
            ),
        )
    if url.startswith("postgresql"):
        with work() as session:
            session.connection().execute(text("ANALYZE"))


def done(start: float, people: int, extra: int = 0) -> float:
    """The seconds since start, after the end state was found right and every mean and grade computed again."""
    seconds = time.perf_counter() - start
    with reading() as session:
        connection = session.connection()
        for query, least in (
            ("SELECT COUNT(*) FROM assessment WHERE stage = 'closed' AND version = 8", people),
            ("SELECT COUNT(*) FROM journal_row WHERE version > 1", 7 * people),
            ("SELECT COUNT(*) FROM mark", 5 * people),
            ("SELECT COUNT(*) FROM result", people),
            ("SELECT COUNT(*) FROM notice WHERE assessment_id > 0", 3 * people),
        ):
            found = connection.execute(text(query)).scalar_one()
            if found != least:
                raise SystemExit(f"The house did not do its work: {query} gives {found}, not {least}.")
        _means(connection, people, extra)
    return seconds


def _means(connection: object, people: int, extra: int) -> None:
    kept = connection.execute(text("SELECT assessment_id, score, grade FROM result ORDER BY assessment_id"))  # type: ignore[attr-defined]
    for (number, score, grade), (person, rows) in zip(kept, groupby(marks(people), key=itemgetter(0)), strict=True):
        total = sum(value for _, _, value in rows)
        named = (
            "effective"
            if total >= 2000
            else "proper"
            if total >= 1500
            else "satisfactory"
            if total >= 1000
            else "unsatisfactory"
        )
        if number != person + extra or Decimal(score) * 500 != total or grade != named:
            raise SystemExit(f"Assessment {number}: {score} {grade} is not {total / 500} {named}.")
