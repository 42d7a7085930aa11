"""`bagalau deadlines` as others call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.main import main
from tests.nchr import SAMPLE

KEYS = {"id", "rule", "point", "actor", "obligation", "due", "target", "anchor", "anchor_date", "readings"}
EXTRA = {"missing", "house", "right", "estimated", "actor_label", "obligation_label"}


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(args)
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out, said.err


def rows(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, dict[str, Any]]:
    code, out, _ = run(capsys, "deadlines", "nchr-2024", *args, "--json")
    assert code == 0
    return {row["id"]: row for row in json.loads(out)}


@pytest.mark.rule("N-10", "N-19", "N-20")
def test_the_third_quarter(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "--period", "2026-Q3", "--at", "familiarized=2026-10-15")
    assert all(set(row) == KEYS | EXTRA for row in found.values())
    assert found["quarterly_evaluation"]["due"] == "2026-10-20"
    dismissed = found["familiarize_dismissed_employee"]
    assert (dismissed["due"], dismissed["target"]) == ("2026-10-31", "2026-10-30")
    request = found["calibration_request"]
    assert (request["due"], request["anchor_date"], request["rule"]) == ("2026-10-22", "2026-10-15", ["N-20"])
    assert request["readings"] == ["N-Q10", "X-Q2"]


def test_an_unknown_event_leaves_the_date_empty_and_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    found = rows(capsys, "--period", "2026-Q3")
    assert found["protocol_uploaded"]["due"] is None
    assert "protocol_signed" in found["protocol_uploaded"]["missing"]
    assert found["house_sheets_to_evaluators"]["house"] is True
    assert found["quarterly_evaluation"]["house"] is False
    assert found["annual_final_score"]["estimated"] is True


def test_the_sample_body_is_named_beside_the_data(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "deadlines", "nchr-2024", "--period", "2026-Q3", "--json")
    assert (code, json.loads(out) != []) == (0, True)
    assert "nchr-sample (examples/nchr/organisation.yaml, the sample" in err
    assert "not confirmed: in_force_from.no-13" in err


def test_a_body_of_its_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "organisation.yaml"
    text = SAMPLE.read_text("utf-8").replace("readings: {}", "readings: {X-Q1: c}")
    file.write_text(text, "utf-8")
    found = rows(capsys, "--period", "2026-Q3", "--organisation", str(file))
    assert found["familiarize_dismissed_employee"]["due"] == "2026-11-02"


@pytest.mark.rule("X-Q7")
def test_2025_q4_is_refused_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "deadlines", "nchr-2024", "--period", "2025-Q4", "--json")
    assert (code, out) == (1, "")
    assert "order No 144 of 2024-11-18" in err
    assert "not in our text" in err


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("--period", "2026-Q5"), 1, "is not a period"),
        (("--period", "2026-Q3", "--at", "familiarized"), 2, "is not of the form"),
        (("--period", "2026-Q3", "--at", "familiarized=2026-02-30"), 2, "is not a real date"),
        (("--period", "2026-Q3", "--at", "lunch=2026-10-15"), 2, "starts no deadline here"),
        (("--period", "2026-Q3", "--reading", "N-Q1=z"), 1, "has no option 'z'"),
        (("--period", "2026-Q3", "--organisation", "nowhere.yaml"), 1, "There is no organisation file"),
        ((), 2, "Missing option"),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], args: tuple[str, ...], code: int, words: str) -> None:
    found, out, err = run(capsys, "deadlines", "nchr-2024", *args)
    assert (found, out) == (code, "")
    assert words in " ".join(err.replace("│", " ").split())
    assert "Traceback" not in err


def test_people_get_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "deadlines", "nchr-2024", "--period", "2026-Q3")
    assert code == 0
    assert "Tue 2026-10-20" in out
    assert "--at familiarized=" in out
