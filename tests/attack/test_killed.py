"""A machine stops in the middle of reading a staff file, of opening a round of plans, of drawing one up."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from models.work import database_url, reading, work
from services import people, plan_steps
from services.evidence import verify
from tests.makers import rows
from tests.services.test_plans import EXAMPLES, at, kpis, mic, someone

STAFF = ("person", "appointment", "unit", "post", "body", "absence", "staff_import", "journal_entry")
PLANS = ("plan_round", "work_plan", "plan_event", "plan_item", "journal_entry", "journal_content")
KILLED = """
import os, sys
sys.path.insert(0, {root!r})
from models.work import use_database, work
from tests.attack import test_killed as acts
from {module} import {name} as ours
import {module} as place
def killed(*given, **named):
    ours(*given, **named)
    os.kill(os.getpid(), 9)
place.{name} = killed
use_database({url!r})
acts.{act}
"""

#: on PostgreSQL a start of the program takes long enough to be left to the long tests
BOTH = pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)], indirect=True
)  # fmt: skip


def killed(act: str, module: str, name: str) -> None:
    """Do something in a process of its own that is killed right after a function."""
    root = str(Path(__file__).parents[2])
    script = KILLED.format(root=root, url=database_url(), module=module, name=name, act=act)
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def staff_read() -> None:
    with work() as session:
        people.import_staff(session, EXAMPLES / "mic" / "staff.csv", "person/1", at("2018-01-03"), "mic-2018")


def drawn() -> None:
    key = mic()
    person, supervisor, _ = someone(key)
    with work() as session:
        plan_steps.draw(session, key, person, kpis(), supervisor, at("2018-01-10"))


def held(tables: tuple[str, ...]) -> dict[str, int]:
    return {table: rows(f"SELECT COUNT(*) FROM {table}")[0][0] for table in tables}


def problems() -> list[str]:
    with reading() as session:
        return verify(session).problems


@pytest.mark.rule("N-1")
@BOTH
@pytest.mark.parametrize(("module", "name"), [("services.people", "write"), ("models.journal", "seal")])
def test_a_staff_file_killed_in_the_middle_was_not_read_and_is_read_again(
    database: str, module: str, name: str
) -> None:
    killed("staff_read()", module, name)
    assert set(held(STAFF).values()) == {0}
    staff_read()
    whole = held(STAFF)
    assert whole["person"] == 40
    assert problems() == []
    staff_read()  # the same file again changes nothing
    assert held(STAFF) == whole


@pytest.mark.rule("M-18", "M-19")
@BOTH
@pytest.mark.parametrize(
    ("act", "module", "name"),
    [
        ("mic()", "services.plan_people", "insert_rows"),
        ("mic()", "models.journal", "seal"),
        ("drawn()", "services.plans", "insert_rows"),
        ("drawn()", "models.journal", "seal"),
    ],
)
def test_a_round_of_plans_killed_in_the_middle_is_opened_again_and_whole(
    database: str, act: str, module: str, name: str
) -> None:
    if act == "drawn()":
        mic()
    else:
        staff_read()
    before = held(PLANS)
    killed(act, module, name)
    assert held(PLANS) == before
    assert problems() == []
    drawn()
    after = held(PLANS)
    assert (after["plan_round"], after["plan_item"]) == (1, 5)
    assert after["work_plan"] > 20
    assert problems() == []
