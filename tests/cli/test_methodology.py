"""`bagalau methodology`, `bagalau rules coverage`, and the front door of the command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import cli.main
from cli.main import main, nouns
from cli.rules import marks
from tests.nchr import ROOT, SAMPLE

FOLDER = ROOT / "methodologies" / "nchr_2024"


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(args)
    said = capsys.readouterr()
    return int(end.value.code or 0), said.out, said.err


def answer(capsys: pytest.CaptureFixture[str], *args: str) -> Any:
    code, out, _ = run(capsys, *args, "--json")
    assert code == 0
    return json.loads(out)


def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert "nchr-2024" in [one["id"] for one in answer(capsys, "methodology", "list")]
    assert "nchr-2024" in run(capsys, "methodology", "list")[1]


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "methodology", "show", "nchr-2024")
    cap = next(value for value in found["values"] if value["name"] == "cap_ordinary")
    assert (cap["value"], cap["since"], cap["rules"]) == ("2.99", "2026-03-13", ["N-36"])
    reading = next(one for one in found["readings"] if one["id"] == "N-Q1")
    assert (reading["chosen"], reading["letter"], len(reading["options"])) == ("mark", "a", 3)
    assert found["revision"]["in_force_from"] == "2026-03-16"
    assert found["organisation"]["sample"] is True
    assert "Grades" in run(capsys, "methodology", "show", "nchr-2024")[1]


def test_an_empty_sheet_filled_in_can_be_scored(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    found = answer(capsys, "methodology", "show", "nchr-2024", "--form", "leader", "--period", "2026-Q3")
    assert found["form"]["annex"] == "Annex 1"
    fields = {field["name"]: field for field in found["form"]["fields"]}
    assert (fields["marks.1"]["least"], fields["marks.1"]["most"]) == ("0", "5")
    assert "reprimand" in fields["facts.sanctions[].kind"]["values"]
    sheet = found["empty_sheet"]
    sheet["marks"] = dict.fromkeys(sheet["marks"], 4)
    (tmp_path / "sheet.json").write_text(json.dumps(sheet), "utf-8")
    assert answer(capsys, "score", "nchr-2024", "--sheet", str(tmp_path / "sheet.json"))["score"] == "4.00"


def test_a_form_without_rows_is_shown_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    _, shown, _ = run(capsys, "methodology", "show", "uralsk-maslikhat-2018", "--form", "360")
    assert "The form has no rows of its own; its sheet holds: group, answers." in shown
    _, shown, _ = run(capsys, "methodology", "show", "uralsk-maslikhat-2018", "--form", "report_360")
    assert "no rows of its own, and no sheet is filled in on it." in shown
    assert "row" not in shown.replace("rows", "")


def test_show_by_path_is_the_same_act(capsys: pytest.CaptureFixture[str]) -> None:
    by_id = answer(capsys, "methodology", "show", "nchr-2024")
    by_path = answer(capsys, "methodology", "show", str(FOLDER))
    assert by_path["content_hash"] == by_id["content_hash"]


def test_check_accepts_what_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "methodology", "check", str(FOLDER))[0] == 0
    assert run(capsys, "methodology", "check", str(SAMPLE))[0] == 0
    code, _, err = run(capsys, "methodology", "check", "nowhere")
    assert (code, "There is no methodology 'nowhere'" in err) == (1, True)


def test_coverage_lists_every_rule_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "rules", "coverage", "--json")
    found = {row["id"]: row for row in json.loads(out)["rules"]}
    assert {"N-0", "N-36", "N-52"} <= set(found)
    assert found["N-36"]["status"] == "tested"
    assert any(name.startswith("tests/rules/test_scoring.py::") for name in found["N-36"]["tests"])
    unkept = [row for row in found.values() if row["status"] == "document-only"]
    assert unkept
    assert all(row["reason"] and not row["tests"] for row in unkept)
    assert code == int(any(row["status"] == "missing" for row in found.values()))


def test_a_missing_rule_fails_the_coverage(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "rules", "coverage", "--tests", str(tmp_path))
    assert code == 1
    assert "0 tested" in out


def test_marks_are_found_on_functions_classes_and_files(tmp_path: Path) -> None:
    (tmp_path / "test_one.py").write_text(
        "import pytest\npytestmark = [pytest.mark.rule('N-1')]\n"
        "@pytest.mark.rule('N-2', 'N-3')\nclass TestIt:\n"
        "    @pytest.mark.rule('N-4')\n    def test_a(self): ...\n    def helper(self): ...\n"
        "async def test_b(): ...\n",
        "utf-8",
    )
    found = marks(tmp_path)
    first, second = f"{tmp_path.name}/test_one.py::TestIt::test_a", f"{tmp_path.name}/test_one.py::test_b"
    assert found == {"N-1": [first, second], "N-2": [first], "N-3": [first], "N-4": [first]}


def test_every_noun_is_listed_and_a_missing_one_says_so(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(cli.main.NOUNS, "weather", "Nobody wrote this one.")
    code, out, _ = run(capsys, "--help")
    assert code == 0
    assert all(noun in out for noun in nouns())
    assert "(not part of this" in out
    code, _, err = run(capsys, "weather")
    assert (code, "'bagalau weather' is not part of this installation" in err) == (1, True)
    assert run(capsys, "nonsense")[0] == 2


def test_an_unforeseen_error_goes_to_the_log_and_not_to_the_screen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(noun: str) -> None:
        raise ZeroDivisionError(noun)

    monkeypatch.setattr(cli.main, "_load", fail)
    monkeypatch.setattr(cli.main.settings(), "data", tmp_path)
    code, out, err = run(capsys, "deadlines")
    assert (code, out) == (1, "")
    assert "Something unforeseen went wrong" in err
    assert "Traceback" not in err
    assert "ZeroDivisionError" in (tmp_path / "log" / "errors.log").read_text("utf-8")


def test_diff_of_two_days_under_one_wording_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "methodology", "diff", "nchr-2024", "2026-04-01", "2026-Q3") == []
    code, _, err = run(capsys, "methodology", "diff", "nchr-2024", "2025-04-01", "2026-Q3")
    assert (code, "not in our text" in err) == (1, True)


def test_diff_shows_what_an_amendment_changed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for file in FOLDER.glob("*.yaml"):
        text = file.read_text("utf-8").replace(
            "\n# what a cycle",
            "  no-99: {date: 2027-05-03, title: No 99, in_force: at once, known: true}\n\n# what a cycle",
        )
        (tmp_path / file.name).write_text(text.replace("2026-03-13: 2.99", "2026-03-13: 2.99\n      2027-05-03: 2.5"))
    body = tmp_path / "body.txt"
    body.write_text(
        SAMPLE.read_text("utf-8").replace("  no-13: 2026-03-16", "  no-13: 2026-03-16\n  no-99: 2027-05-10")
    )
    found = answer(capsys, "methodology", "diff", str(tmp_path), "2027-Q1", "2027-Q2", "--organisation", str(body))
    assert [(one["kind"], one["name"], one["before"], one["after"]) for one in found] == [
        ("revision", "nchr-2024", "no-13", "no-99"),
        ("value", "cap_ordinary", "2.99", "2.5"),
    ]


def test_the_diagram_names_events_and_rules(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "methodology", "diagram", "nchr-2024")
    assert code == 0
    assert "stateDiagram-v2" in out
    assert "familiarised --> requested: requested (N-20)" in out


@pytest.mark.rule("A-Q2", "A-Q10")
def test_check_names_what_the_act_leaves_to_the_body(capsys: pytest.CaptureFixture[str]) -> None:
    found = answer(capsys, "methodology", "check", "adgs-2018-93")
    assert len(found["missing"]) == 20
    term = next(one for one in found["left_to_body"] if one["name"] == "quarterly_evaluation")
    assert (term["point"], term["where"], term["given"]) == ("pt 5", "own.deadlines.quarterly_evaluation", None)
    said = run(capsys, "methodology", "check", "adgs-2018-93")[1]
    assert "own.deadlines.quarterly_evaluation: The term of the evaluation by KPI and ranking" in said
    assert "(pt 5; as `deadlines` of an act)" in said


def test_check_beside_a_body_says_exactly_what_it_lacks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    sample = ROOT / "examples" / "adgs" / "organisation.yaml"
    assert answer(capsys, "methodology", "check", "adgs-2018-93", "--organisation", str(sample))["missing"] == []
    lines = [one for one in sample.read_text("utf-8").splitlines() if not one.startswith("    mark_min:")]
    (tmp_path / "body.yaml").write_text("\n".join(lines), "utf-8")
    for asked in (("adgs-2018-93", "--organisation", str(tmp_path / "body.yaml")), (str(tmp_path / "body.yaml"),)):
        code, out, _ = run(capsys, "methodology", "check", *asked)
        assert code == 1
        assert "lacks 1 of what adgs-2018-93 leaves to the body" in out
        assert "own.parameters.mark_min: The lowest mark (pt 4 para 2; unit point)" in out
    assert answer(capsys, "methodology", "check", "nchr-2024").get("missing") is None
