"""`bagalau score` as others call it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.main import main

PLAIN = {"form": "non_leader", "period": "2026-Q3", "marks": {"1": 5, "2": 4, "3": 4, "4": 4, "5": 5}}
PUNISHED = {
    **PLAIN,
    "person": {"personnel_no": "100001"},
    "marks": dict.fromkeys("12345", 5),
    "facts": {"sanctions": [{"kind": "reprimand", "date": "2026-08-14"}]},
}


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["score", "nchr-2024", *args])
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out, said.err


def written(folder: Path, sheet: dict[str, Any] | str, name: str = "sheet.json") -> str:
    text = sheet if isinstance(sheet, str) else json.dumps(sheet)
    (folder / name).write_text(text, "utf-8")
    return str(folder / name)


def scored(capsys: pytest.CaptureFixture[str], folder: Path, sheet: dict[str, Any], *args: str) -> dict[str, Any]:
    code, out, _ = run(capsys, "--sheet", written(folder, sheet), "--json", *args)
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


@pytest.mark.rule("N-34", "N-35")
def test_a_plain_sheet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = scored(capsys, tmp_path, PLAIN)
    assert (found["score"], found["unrounded"], found["grade"]) == ("4.40", "4.4", "effective")
    assert found["grade_label"]["kk"] == "Функционалдық міндеттерін тиімді атқарады"
    assert set(found["grade_label"]) == {"kk", "ru", "en"}
    assert found["alternatives"] == []
    assert found["organisation"]["key"] == "nchr-sample"
    assert found["organisation"]["sample"] is True


@pytest.mark.rule("N-36", "N-Q1")
def test_a_reprimand_shows_the_other_outcome(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = scored(capsys, tmp_path, PUNISHED)
    assert (found["score"], found["grade"]) == ("4.60", "effective")
    other = next(one for one in found["alternatives"] if (one["reading"], one["option"]) == ("N-Q1", "b"))
    assert (other["score"], other["grade"], other["differs"]) == ("2.99", "satisfactory", "grade")
    assert other["grade_label"]["en"] == "Performs functional duties satisfactorily"
    assert scored(capsys, tmp_path, PUNISHED, "--reading", "N-Q1=b")["score"] == "2.99"


def test_numbers_are_read_exactly(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = json.dumps(PLAIN).replace('"5": 5', '"5": 2.99')
    code, out, _ = run(capsys, "--sheet", written(tmp_path, text), "--json")
    assert (code, json.loads(out)["unrounded"]) == (0, "3.998")


def test_a_yaml_sheet(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = (
        "form: leader\nperiod: 2026-Q3\nmarks: {1: 4, 2: 4, 3: 4, 4: 4, 5: 4.5}\n"
        "comments: {1: Good work}\nfacts:\n  sanctions:\n    - {kind: other, date: 2026-09-30}\n"
    )
    code, out, _ = run(capsys, "--sheet", written(tmp_path, text, "sheet.yaml"), "--json")
    assert (code, json.loads(out)["unrounded"]) == (0, "3.598")


def test_people_get_the_working(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "--sheet", written(tmp_path, PUNISHED))
    assert code == 0
    assert "22.99 / 5 = 4.598" in out
    assert "Under N-Q1(b), the average final mark of the quarter: 2.99, satisfactory." in out


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        ({**PLAIN, "marks": {"1": 5}}, "row 2 has no mark"),
        ({**PLAIN, "marks": {**PLAIN["marks"], "6": 5}}, "there is no row 6"),
        ({**PLAIN, "marks": {**PLAIN["marks"], "1": 5.01}}, "outside 0 to 5"),
        ({**PLAIN, "marks": {**PLAIN["marks"], "1": "five"}}, "marks.1: 'five' is not a number"),
        ({**PLAIN, "marks": {**PLAIN["marks"], "1": True}}, "marks.1: 'True' is not a number"),
        ({**PLAIN, "marks": {"one": 5}}, "rows are named by their number"),
        ({**PLAIN, "marks": [5, 5]}, "keys with values are expected here"),
        ({**PLAIN, "form": "manager"}, "no form 'manager'; its forms are: leader, non_leader"),
        ({**PLAIN, "period": "2025-Q4"}, "not in our text"),
        ({**PLAIN, "period": "soon"}, "is not a period"),
        ({**PLAIN, "mood": "good"}, "mood: this key is not known"),
        ({"form": "leader", "marks": {}}, "period: this key is missing"),
        ({**PLAIN, "facts": {"weather": []}}, "facts.weather: this key is not known"),
        ({**PLAIN, "facts": {"sanctions": [{"kind": "reprimand"}]}}, "date: this key is missing"),
        ({**PLAIN, "facts": {"sanctions": [{"kind": "x", "date": "2026-08-14"}]}}, "'x' is no kind of sanction"),
        ({**PLAIN, "facts": {"sanctions": [{"kind": "other", "date": "14.08"}]}}, "'14.08' is not a real date"),
        ("{", "line 1: this is not JSON"),
        ('{"form": "leader", "form": "leader"}', "the key 'form' is written twice"),
        ('{"form": "leader", "period": "2026-Q3", "marks": {"1": NaN}}', "NaN is no number"),
        ("[]", "keys with values are expected here"),
    ],
)
def test_refusals(capsys: pytest.CaptureFixture[str], tmp_path: Path, sheet: dict[str, Any] | str, words: str) -> None:
    code, out, err = run(capsys, "--sheet", written(tmp_path, sheet), "--json")
    assert (code, out) == (1, "")
    assert words in err
    assert "Traceback" not in err


def test_no_file(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "--sheet", "nowhere.json")
    assert code == 1
    assert "There is no sheet file nowhere.json" in err
