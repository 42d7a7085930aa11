"""What an auditor takes away: the whole chain, everything of the cycle, and a script of his own that can check it."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.audit import app
from models.work import reading, work
from services import retention
from services.evidence import checkpoint
from tests import makers
from tests.makers import AIGUL, HEAD_A, HEAD_B, HEAD_C, HR, KEY, OFFICIAL, at, case, rows

SCRIPT = Path(__file__).parents[2] / "examples" / "check_export.py"


def exported(folder: Path) -> dict[str, int]:
    said = CliRunner().invoke(app, ["export", KEY, str(folder), "--json"])
    assert said.exit_code == 0, said.output
    return dict(json.loads(said.stdout)["rows"])


def checked(folder: Path, *signed: Path) -> tuple[int, str]:
    """What the script says, run alone: no package can be imported."""
    words = [sys.executable, "-I", "-S", str(SCRIPT), str(folder), *map(str, signed)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=folder)
    return done.returncode, done.stdout + done.stderr


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as found:
        return list(csv.DictReader(found))


def test_the_script_alone_finds_that_everything_holds(database: str, tmp_path: Path) -> None:
    makers.a_whole_quarter()
    with reading() as session:
        signed = checkpoint(session, tmp_path / "keys", tmp_path / "out", datetime.now(UTC))
    counts = exported(tmp_path / "export")
    assert counts["journal.jsonl"] == rows("SELECT COUNT(*) FROM journal_entry")[0][0]
    assert counts["steps.csv"] == rows("SELECT COUNT(*) FROM journal_row")[0][0]
    for kind in ("mark", "result", "calibration_request", "session_member", "notice", "receipt"):
        assert counts[f"{kind}.csv"] == rows(f"SELECT COUNT(*) FROM {kind}")[0][0] > 0
    assert signed is not None
    assert checked(tmp_path / "export", signed) == (0, checked(tmp_path / "export", signed)[1])
    assert checked(tmp_path / "export", signed)[1].endswith("1 checkpoints: 0 problems.\n")


def test_people_are_personnel_numbers_and_nobody_has_a_name(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_whole_quarter()
    folder = tmp_path / "export"
    exported(folder)
    steps = table(folder / "steps.csv")
    signed = [one for one in steps if one["event"] == "marked" and one["evaluatee"] == AIGUL]
    assert [one["actor"] for one in signed] == [HEAD_A]
    assert {one["actor"] for one in steps if one["event"] == "session_called"} == {OFFICIAL}
    assert [one["rules"] for one in signed] == ["N-30, N-32, N-37"]
    assert {one["evaluatee"] for one in table(folder / "session_member.csv")} == {AIGUL}
    assert {one["person"] for one in table(folder / "session_member.csv")} == {HEAD_B, HEAD_C, HR}
    assert {one["evaluator"] for one in table(folder / "assessment.csv") if one["evaluatee"] == AIGUL} == {HEAD_A}
    assert HR in {one["personnel_no"] for one in table(folder / "people.csv")}
    assert not any("Тегі" in file.read_text("utf-8") for file in folder.iterdir())


def edited(file: str, before: str, after: str) -> Callable[[Path], None]:
    def hand(folder: Path) -> None:
        said = (folder / file).read_text("utf-8")
        assert before in said
        (folder / file).write_text(said.replace(before, after, 1), "utf-8")

    return hand


def cut(folder: Path) -> None:
    kept = (folder / "journal.jsonl").read_text("utf-8").splitlines(keepends=True)
    (folder / "journal.jsonl").write_text("".join(kept[:4] + kept[5:]), "utf-8")


@pytest.mark.parametrize(
    ("hand", "said"),
    [
        (edited("journal.jsonl", "person/1", "person/9"), "was changed"),
        (cut, "entry 5 is missing"),
        (edited("steps.csv", ",open,marked", ",open,computed"), "its steps were changed"),
        (edited("digests.csv", "cycle,1,", "cycle,2,"), "the digests of its content were changed"),
        (edited("content.jsonl", '[1, "4", null]', '[1, "5", null]'), "is not what was recorded"),
        (edited("content.jsonl", '"salt": "', '"salt": "0'), "is not what was recorded"),
    ],
)  # fmt: skip
def test_the_script_names_what_somebody_edited(
    sqlite_database: str, tmp_path: Path, hand: Callable[[Path], None], said: str
) -> None:
    makers.a_whole_quarter()
    exported(tmp_path)
    hand(tmp_path)
    code, found = checked(tmp_path)
    assert (code, said in found) == (1, True), found


def test_another_history_is_seen_by_the_checkpoint(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_whole_quarter()
    (tmp_path / "signed.json").write_text(json.dumps({"said": {"seq": 5, "hash": "0" * 64}}))
    exported(tmp_path / "export")
    assert "signed entry 5 with another hash" in checked(tmp_path / "export", tmp_path / "signed.json")[1]


def test_what_was_destroyed_is_not_exported_and_nothing_is_broken(sqlite_database: str, tmp_path: Path) -> None:
    makers.a_cycle("familiarised")
    makers.walk("2026-10-15")
    with work() as session:
        retention.dispose(session, case(AIGUL).id or 0, at("2029-10-06"), "person/2")
    exported(tmp_path)
    assert AIGUL not in {one["evaluatee"] for one in table(tmp_path / "mark.csv")}
    assert f'"key": "{case(AIGUL).id}"' not in (tmp_path / "content.jsonl").read_text("utf-8")
    assert checked(tmp_path)[0] == 0
