"""Two bodies under two acts, several cycles at once, in one database: neither sees the other, and the record is whole."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.work import reading, work
from services import consequences, filled, people, sheets
from services import cycle as cycles
from services.annual import form_annual
from services.audit import verdicts
from services.evidence import verify
from services.filled import FilledSheet
from services.ground import find_cycle, ground_of
from services.sheets import SignedSheet
from tests import makers
from tests.commission import EXAMPLES
from tests.makers import at, person, rows

#: sample -> act, code of the body in its staff file, who approves its schedules
BODIES = {
    "adgs": ("adgs-2018-93", "adgs", "500001"),
    "uralsk": ("uralsk-maslikhat-2018", "uralsk-maslikhat", "200001"),
}
KEYS = {"adgs": "adgs-sample-2024-q1", "uralsk": "uralsk-sample-2024-q1"}


def own_file(sample: str, folder: Path) -> Path:
    """The sample organisation file, saying which body of the staff files is its own."""
    text = (EXAMPLES / sample / "organisation.yaml").read_text("utf-8")
    text = re.sub(r"^settings:\n", f"settings:\n  bodies: [{BODIES[sample][1]}]\n", text, flags=re.MULTILINE)
    file = folder / f"{sample}.yaml"
    file.write_text(text, "utf-8")
    return file


def opened(folder: Path, sample: str, period: str, evaluation: str | None = None) -> str:
    act, _, official = BODIES[sample]
    with work() as session:
        key = cycles.open_cycle(
            session, own_file(sample, folder), act, period, at("2024-04-01"), "person/1", evaluation
        )
    with work() as session:
        cycles.approve_schedule(session, key, at("2024-04-01 10:00"), f"person/{person(official)}")
    return key


@pytest.fixture
def both(database: str, tmp_path: Path) -> Path:
    """Both staff files read, both quarters opened and marked by whoever holds the sheets."""
    for sample, (act, _, _) in BODIES.items():
        with work() as session:
            people.import_staff(session, EXAMPLES / sample / "staff.csv", "person/hr", at("2024-04-01"), act)
    for sample, key in KEYS.items():
        assert opened(tmp_path, sample, "2024-Q1") == key
    for key in KEYS.values():
        makers.walk("2024-04-01 12:00", key)
    for key in KEYS.values():
        marked(key)
    for key in KEYS.values():
        makers.walk("2024-04-04 12:00", key)
    return tmp_path


def marked(key: str) -> None:
    """Every sheet of a cycle is signed."""
    with work() as session:
        cycle = find_cycle(session, key)
        law = ground_of(session, cycle).law
        query = f"SELECT id, form, marker_id FROM assessment WHERE cycle_id = {cycle.id} AND stage = 'open' ORDER BY id"
        for number, form, marker in list(rows(query)):
            if law.form(form).method == "kpi_marks":
                kpis: dict[str, Any] = {"kpis": [{"percent": 90, "mark": 4}] * 3}
                filled.sign(session, FilledSheet(number, kpis, signed_by=marker), at("2024-04-03"), f"person/{marker}")
            else:
                held = {one.number: Decimal(4) for one in law.form(form).parameters}
                sheet = SignedSheet(number, held, signed_by=marker)
                sheets.submit(session, sheet, at("2024-04-03"), f"person/{marker}")


def numbers_of(key: str) -> set[str]:
    found = rows(
        "SELECT p.personnel_no FROM assessment a JOIN person p ON p.id = a.person_id JOIN cycle c ON c.id = a.cycle_id"
        " WHERE c.key = :k",
        k=key,
    )
    return {str(one) for (one,) in found}


@pytest.mark.rule("A-5", "U-13", "U-15")
def test_neither_body_sees_the_other(both: Path) -> None:
    first, other = numbers_of(KEYS["adgs"]), numbers_of(KEYS["uralsk"])
    assert len(first) > 20
    assert len(other) > 20
    assert {one[0] for one in first} == {"5"}
    assert {one[0] for one in other} == {"2"}
    told = rows(
        "SELECT DISTINCT c.key, SUBSTR(p.personnel_no, 1, 1) FROM notice n JOIN cycle c ON c.id = n.cycle_id"
        " JOIN person p ON p.id = n.recipient_id"
    )
    assert set(map(tuple, told)) == {(KEYS["adgs"], "5"), (KEYS["uralsk"], "2")}
    marked_by = rows(
        "SELECT DISTINCT c.key, SUBSTR(p.personnel_no, 1, 1) FROM assessment a JOIN cycle c ON c.id = a.cycle_id"
        " JOIN person p ON p.id = a.marker_id"
    )
    assert set(map(tuple, marked_by)) == {(KEYS["adgs"], "5"), (KEYS["uralsk"], "2")}


def test_each_cycle_is_judged_and_cited_by_its_own_act(both: Path) -> None:
    letters = {"adgs": "A", "uralsk": "U"}
    for sample, key in KEYS.items():
        with reading() as session:
            cycle = find_cycle(session, key)
            assert {one.counts.get("missed", 0) for one in verdicts(session, key, at("2024-04-05"))} == {0}
        cited = " ".join(body for (body,) in rows("SELECT body FROM journal_entry WHERE cycle_id = :c", c=cycle.id))
        cited += " ".join(rules for (rules,) in rows("SELECT rules FROM term WHERE cycle_id = :c", c=cycle.id))
        assert {one[0] for one in re.findall(r"\b[A-Z]-\d+\b", cited)} == {letters[sample]}


@pytest.mark.rule("U-17", "U-22", "A-9")
def test_years_and_consequences_stay_with_their_body(both: Path) -> None:
    for sample, key in KEYS.items():
        act = BODIES[sample][0]
        with work() as session:
            if sample == "adgs":
                formed = form_annual(session, act, 2024, at("2025-01-20"), "person/1", own_file(sample, both))
                assert formed == len(rows("SELECT 1 FROM result r JOIN assessment a ON a.id = r.assessment_id"
                                          " JOIN cycle c ON c.id = a.cycle_id WHERE c.key = :k", k=key))  # fmt: skip
        with reading() as session:
            lines = consequences.of_cycle(session, key)
        assert {one.person for one in lines} <= numbers_of(key)
        assert {one.rules[0][0] for one in lines} == {"A" if sample == "adgs" else "U"}
    assert {str(one) for (one,) in rows("SELECT DISTINCT organisation FROM annual_mark")} == {"adgs-sample"}


def test_several_cycles_of_both_at_once_and_the_record_is_whole(both: Path) -> None:
    keys = {*KEYS.values(), opened(both, "adgs", "2024-Q2")}
    assert len(keys) == 3
    makers.walk("2024-07-01 12:00", "adgs-sample-2024-q2")
    assert numbers_of("adgs-sample-2024-q2") != set()
    assert {str(one) for (one,) in rows("SELECT key FROM cycle")} == keys
    with reading() as session:
        found = verify(session)
    assert found.problems == []
