"""One piece of work is one transaction, whether it is said in SQL, in objects, or in both."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from models import Body, journal
from models.bulk import insert_rows
from models.sql import execute
from models.transaction import Transaction
from models.work import engine, reading, work
from rules.errors import Conflict

NOW = datetime(2026, 10, 1, tzinfo=UTC)
BODY = {"code": "b", "name_kk": "Орган", "name_ru": "Орган"}


def bodies() -> list[str]:
    with reading() as session:
        return list(execute(session, "SELECT code FROM body ORDER BY code").scalars())


def add(session: Session, code: str) -> None:
    insert_rows(session, "body", ("code", "name_kk", "name_ru"), [(code, "Орган", "Орган")])


def test_objects_and_sql_share_one_transaction(database: str) -> None:
    with work() as session:
        session.add(Body(**BODY))
        session.flush()
        add(session, "c")
        assert execute(session, "SELECT COUNT(*) FROM body").scalar_one() == 2
        assert len(session.exec(select(Body)).all()) == 2
        assert session.connection().execute(text("SELECT COUNT(*) FROM body")).scalar_one() == 2
        assert bodies() == []
    assert bodies() == ["b", "c"]


def test_what_the_session_holds_unwritten_is_written_at_the_end(database: str) -> None:
    with work() as session:
        session.add(Body(**BODY))
    assert bodies() == ["b"]


def test_trouble_leaves_nothing_behind_of_either(database: str) -> None:
    with pytest.raises(ZeroDivisionError), work() as session:
        add(session, "c")
        session.add(Body(**BODY))
        session.flush()
        raise ZeroDivisionError
    assert bodies() == []
    with pytest.raises(Conflict), work() as session:
        add(session, "c")
        session.add(Body(**BODY))
        session.flush()
        add(session, "c")
    with pytest.raises(Conflict), work() as session:
        session.add_all([Body(**BODY), Body(**BODY)])
    assert bodies() == []


def test_trouble_in_the_very_last_word_leaves_nothing_behind(database: str) -> None:
    with work() as session:
        journal.record(session, "told", NOW, "system/test")
    with pytest.raises(Conflict), work() as session:
        add(session, "c")
        journal.record(session, "told", NOW, "system/test").id = 1  # the entry is written last of all
    assert bodies() == []
    with work() as session:
        add(session, "d")
        journal.record(session, "told", NOW, "system/test")
    assert bodies() == ["d"]


def test_what_was_kept_can_be_read_after_the_work(database: str) -> None:
    with work() as session:
        session.add(made := Body(**BODY))
    assert (made.code, made.id) == ("b", 1)


def test_reading_leaves_nothing_behind(database: str) -> None:
    with reading() as session:
        add(session, "c")
        session.add(Body(**BODY))
        session.flush()
    assert bodies() == []


def test_nobody_pays_for_objects_nobody_asked_for(database: str) -> None:
    with work() as session:
        add(session, "c")
        assert isinstance(session, Transaction)
        assert session._session is None


def test_work_that_asks_nothing_holds_nobody_up(sqlite_database: str) -> None:
    with work():
        with work() as inner:
            add(inner, "c")
        assert bodies() == ["c"]


def test_a_server_that_was_started_anew_is_not_noticed(postgresql_database: str) -> None:
    with work() as session:
        add(session, "b")
    with work() as one, work() as two:
        execute(one, "SELECT 1")
        execute(two, "SELECT 1")
    kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()"
    with work() as one:
        assert len(execute(one, kill).all()) == 1
    for code in ("c", "d"):
        with work() as session, work() as beside:
            add(session, code)
            add(beside, code * 2)
    assert bodies() == ["b", "c", "cc", "d", "dd"]


def test_a_connection_that_dies_in_the_middle_says_so_and_the_next_work_works(postgresql_database: str) -> None:
    kill = "SELECT pg_terminate_backend({})"
    with pytest.raises(Exception, match=r"terminat|clos|lost"), work() as session:
        add(session, "b")
        mine = execute(session, "SELECT pg_backend_pid()").scalar_one()
        with work() as other:
            execute(other, kill.format(mine))
        add(session, "c")
    with work() as session:
        add(session, "d")
    assert bodies() == ["d"]


def test_a_migration_is_one_transaction_too(database: str) -> None:
    with pytest.raises(ZeroDivisionError), engine(database).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE passing (id INTEGER)")
        raise ZeroDivisionError
    with engine(database).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE passing (id INTEGER)")
        connection.exec_driver_sql("DROP TABLE passing")
