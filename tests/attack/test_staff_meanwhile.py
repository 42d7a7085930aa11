"""A staff file read in the middle of a cycle takes members, superiors and evaluators away; a machine stops in the middle."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session

from models.sql import execute
from models.work import database_url, reading, work
from rules.errors import NotAllowed
from services import agreement, attention
from services.evidence import verify
from services.ground import find_cycle
from tests import commission as acts
from tests import makers
from tests.commission import HEAD_A, HEAD_B, HR, KPI, LAWYER, OFFICIAL, VICE, kpis
from tests.makers import at, person, refused, rows, walk


def problems() -> list[str]:
    with reading() as session:
        return verify(session).problems


@pytest.mark.rule("M-34")
@pytest.mark.usefixtures("sqlite_database")
def test_sheets_whose_superior_has_left_are_named_until_the_staff_file_knows_another(tmp_path: Path) -> None:
    key = acts.opened(KPI, tmp_path)
    acts.signed_all(key, kpis(4), "2019-01-15")
    makers.dismissed(OFFICIAL, "2019-01-15")
    with refused(NotAllowed, "does not serve in the body on 2019-01-16"), work() as session:
        agreement.agree(session, find_cycle(session, key), person(OFFICIAL), at("2019-01-16"))
    with reading() as session:
        found = {one.kind: one for one in attention.findings(session, key, at("2019-01-16"))}
    assert found["superior_gone"].count == 3  # the servants of unit a; the heads of units answer to the first head
    assert f"({HEAD_A})" in found["superior_gone"].says
    assert "correct the supervisor of the evaluator in the staff file" in found["superior_gone"].says
    boss, head = person(acts.MINISTER), person(HEAD_A)
    makers.changed_staff(lambda session: _under(session, boss, head), "2019-01-16")
    walk("2019-01-16 10:00", key)
    with reading() as session:
        assert "superior_gone" not in {one.kind for one in attention.findings(session, key, at("2019-01-16"))}
    acts.agreed_all(key, "2019-01-16 11:00", acts.MINISTER)
    assert acts.stages(key) == {"agreed": 7}
    assert problems() == []


def _under(session: Session, boss: int, who: int) -> None:
    execute(session, "UPDATE appointment SET supervisor_id = :b WHERE person_id = :p", {"b": boss, "p": who})


@pytest.mark.rule("M-47", "M-48")
@pytest.mark.usefixtures("sqlite_database")
def test_members_who_left_sit_no_more_and_count_in_the_quorum_until_an_order_replaces_them(tmp_path: Path) -> None:
    key = acts.a_kpi_year(tmp_path, "submitted")
    makers.dismissed(LAWYER, "2019-01-18")
    makers.dismissed(HEAD_B, "2019-01-18")
    with refused(NotAllowed, f"{LAWYER} does not serve|{HEAD_B} does not serve"):
        acts.sat(key, "2019-01-22 10:00")
    with refused(NotAllowed, "3 of 5 members are present, at least 2/3"):
        acts.sat(key, "2019-01-22 10:00", VICE, OFFICIAL, HEAD_A, HR)
    assert problems() == []


KILLED = """
import os, sys
sys.path.insert(0, {root!r})
from models.work import use_database
from tests import commission as acts
{patch}
def killed(*given, **named):
    ours(*given, **named)
    os.kill(os.getpid(), 9)
setattr(place, name, killed)
use_database({url!r})
acts.decided(1, "2019-01-22 10:30")
"""
PLACES = {
    "the votes are written": "from services import rulings as place; name = '_write'; ours = place._write",
    "the stage is moved": "from services import rulings as place; name = 'move'; ours = place.move",
    "the terms are begun": "from services import rulings as place; name = 'begin_reports'; ours = place.begin_reports",
    "the journal is sealed": "from models import journal as place; name = 'seal'; ours = place.seal",
}


@pytest.mark.rule("M-49")
@pytest.mark.parametrize("where", PLACES)
def test_a_sitting_killed_in_the_middle_has_decided_nothing(database: str, tmp_path: Path, where: str) -> None:
    key = acts.a_kpi_year(tmp_path, "submitted")
    assert acts.sat(key, "2019-01-22 10:00") == 1
    script = KILLED.format(root=str(Path(__file__).parents[2]), url=database_url(), patch=PLACES[where])
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert acts.stages(key) == {"submitted": 7}
    assert rows("SELECT COUNT(*) FROM commission_vote") == [(0,)]
    assert rows("SELECT COUNT(*) FROM result WHERE source = 'revised'") == [(0,)]
    assert problems() == []
    acts.decided(1, "2019-01-22 10:40")
    assert acts.stages(key) == {"decided": 7}
    assert problems() == []
