from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import chain

import pytest

from models.bulk import FEW, delete_rows, insert_rows, update_rows
from models.work import reading, work
from rules.errors import Conflict

PERSON = ("personnel_no", "surname", "given_name", "patronymic", "sort_key", "language", "email")


def person(number: int, surname: str = "Қасымов", email: str | None = None) -> tuple[object, ...]:
    return str(number), surname, "Ә", "", "", "kk", email


@pytest.mark.parametrize("beside", [0, FEW - 2, FEW - 1, FEW, 3 * FEW])
def test_rows_come_back_as_they_went_in(database: str, beside: int) -> None:
    awkward = 'tab\t, newline\n, "quotes", back\\slash, \\N, Ә Ғ Қ'
    with work() as session:
        crowd = (person(number) for number in range(3, beside + 3))
        assert (
            insert_rows(session, "person", PERSON, chain([person(1, awkward), person(2, email="a@b")], crowd))
            == beside + 2
        )
        assert insert_rows(session, "person", PERSON, []) == 0
        insert_rows(session, "absence", ("person_id", "kind", "first_day", "last_day"),
                    [(1, "labour_leave", date(2026, 7, 6), "2026-07-24")])  # fmt: skip
    with reading() as session:
        run = session.connection().exec_driver_sql
        assert run("SELECT surname, email FROM person ORDER BY id LIMIT 2").all() == [
            (awkward, None),
            ("Қасымов", "a@b"),
        ]
        assert [str(day) for day in run("SELECT first_day, last_day FROM absence").one()] == [
            "2026-07-06", "2026-07-24",
        ]  # fmt: skip


def test_more_rows_than_a_chunk(database: str) -> None:
    with work() as session:
        assert insert_rows(session, "person", PERSON, (person(n) for n in range(12_345))) == 12_345
        changes = ((str(n), f"Жаңа {n}", None) for n in range(12_000))
        assert update_rows(session, "person", ("personnel_no",), ("surname", "email"), changes) == 12_000
        assert delete_rows(session, "person", ("personnel_no",), [(str(n),) for n in range(11_000)]) == 11_000
    with reading() as session:
        run = session.connection().exec_driver_sql
        assert run("SELECT count(*), min(surname), max(surname) FROM person").one() == (
            1345, "Жаңа 11000", "Қасымов",
        )  # fmt: skip


def test_nothing_to_do_is_nothing(database: str) -> None:
    with work() as session:
        assert insert_rows(session, "person", PERSON, []) == 0
        assert update_rows(session, "person", ("personnel_no",), ("surname",), []) == 0
        assert delete_rows(session, "person", ("personnel_no",), []) == 0


def test_an_exact_decimal_keeps_its_digits(database: str) -> None:
    with work() as session:
        session.connection().exec_driver_sql("CREATE TEMP TABLE kept (value VARCHAR(40), truth BOOLEAN)")
        insert_rows(session, "kept", ("value", "truth"), [(Decimal("2.990"), True)])
        value, truth = session.connection().exec_driver_sql("SELECT value, truth FROM kept").one()
        assert (value, bool(truth)) == ("2.990", True)
        session.connection().exec_driver_sql("DROP TABLE kept")


def test_a_collision_is_a_conflict_and_leaves_nothing(database: str) -> None:
    with pytest.raises(Conflict), work() as session:
        insert_rows(session, "person", PERSON, [person(1), person(1)])
    with reading() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM person").scalar_one() == 0
