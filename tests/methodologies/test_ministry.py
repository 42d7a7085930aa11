"""The invented ministry of `examples/ministry`: a methodology that is a folder of data, wherever the folder lies."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from models.work import work
from services.cycle import open_cycle
from services.people import import_staff
from tests.makers import at, rows
from tests.nchr import ROOT

FOLDER = ROOT / "examples" / "ministry"
SHEET = {
    "form": "sheet",
    "period": "2025-Q3",
    "marks": {"1": 9, "2": 8, "3": 9, "4": 10, "5": 9, "6": 9},
    "facts": {"sanctions": [{"kind": "reprimand", "date": "2025-08-20"}]},
}


@pytest.fixture(params=["in the project", "elsewhere"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The folder itself, and a copy of it far from the project."""
    if request.param == "in the project":
        return FOLDER
    shutil.copytree(FOLDER, tmp_path / "somewhere")
    return tmp_path / "somewhere"


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    with pytest.raises(SystemExit) as end:
        main([*words, "--json"])
    said = capsys.readouterr()
    assert not end.value.code, said.err
    return json.loads(said.out)


def test_it_is_data_alone() -> None:
    assert {file.suffix for file in FOLDER.iterdir()} == {".yaml", ".csv"}


def test_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "methodology", "check", str(folder))["id"] == "lakes-2025"
    assert answer(capsys, "methodology", "check", str(folder / "organisation.yaml"))["act"] == "lakes-2025"


def test_deadlines(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "deadlines", str(folder), "--period", "2025-Q3", "--at", "familiarized=2025-10-09")
    due = {one["id"]: (one["due"], one["target"]) for one in found}
    assert due["quarterly_evaluation"] == ("2025-10-15", "2025-10-15")
    assert due["annual_mark"] == ("2026-01-25", "2026-01-23")
    assert due["session_request"] == ("2025-10-16", "2025-10-16")
    later = answer(capsys, "deadlines", str(folder), "--period", "2026-Q1")
    assert next(one["due"] for one in later if one["id"] == "quarterly_evaluation") == "2026-04-12"


def test_score(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "sheet.json").write_text(json.dumps(SHEET), "utf-8")
    found = answer(capsys, "score", str(folder), "--sheet", str(tmp_path / "sheet.json"))
    assert (found["score"], found["grade"]) == ("8.2", "good")
    others = {(one["reading"], one["option"]): (one["score"], one["grade"]) for one in found["alternatives"]}
    assert others == {("L-Q2", "b"): ("4.0", "insufficient"), ("L-Q1", "b"): ("8.1", "good")}


def test_an_amendment_moves_the_term_and_the_limit(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "methodology", "diff", str(folder), "2025-Q4", "2026-Q1")
    assert {one["name"] for one in found} >= {"cap_sanction", "quarterly_evaluation", "evaluation_of_dismissed"}


def test_the_seconded_are_evaluated_where_they_serve_and_the_ministers_people_by_the_chief_of_staff(
    folder: Path, sqlite_database: str
) -> None:
    with work() as session:
        import_staff(session, folder / "staff.csv", "operator/test", at("2025-09-29"), folder)
    with work() as session:
        file = folder / "organisation.yaml"
        assert open_cycle(session, file, "lakes-2025", "2025-Q3", at("2025-09-29"), "operator/test") == "lakes-2025-q3"
    found = {
        row[0]: row[1:]
        for row in rows(
            "SELECT p.personnel_no, a.stage, e.personnel_no, a.plan_rules FROM assessment a"
            " JOIN person p ON p.id = a.person_id LEFT JOIN person e ON e.id = a.evaluator_id"
        )
    }
    chief, fishery, shore = "700002", "700011", "700017"
    assert {one for one, row in found.items() if row[2] == "L-11"} == {"700004", "700005", "700006"}
    assert all(row[1] == chief for row in found.values() if row[2] == "L-11")
    # from a department of the ministry into another, and from the lake into the ministry
    assert (found["700015"], found["700024"]) == (("planned", shore, "L-10"), ("planned", fishery, "L-10"))
    assert found["700016"] == ("planned", fishery, "L-13")
    assert {one: row[2] for one, row in found.items() if row[0] == "exempt"} == {"700010": "L-6", "700026": "L-7"}
    assert not {"700001", "700002", "700003"} & found.keys()
    # what the cycle keeps of the folder is the act; the people of the staff file are not among it
    kept = rows("SELECT body FROM pinned_text WHERE kind = 'act'")
    assert ("sheet" in kept[0][0], "700004" in kept[0][0]) == (True, False)
