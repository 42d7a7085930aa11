"""What people type to act on a cycle: who may, what is refused with one sentence, what is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.main import main
from tests import makers
from tests.makers import AIGUL, BOLAT, HEAD_A, HR, KEY, OFFICIAL

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.fixture(autouse=True)
def _nobody_to_nudge(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("sheets", "cycle", "results"):
        monkeypatch.setattr(f"cli.{room}.nudge", lambda *_: None)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, what was printed, what was complained of."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


# --- marks -------------------------------------------------------------------------------------------------------


@pytest.mark.rule("N-30")
@pytest.mark.parametrize("mark", ["-0", "+5", "1e1", "٤", "５", "4..5"])
def test_a_list_with_a_mark_in_other_signs_is_refused_with_its_row(
    mark: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    makers.a_cycle("open")
    file = tmp_path / "sheets.csv"
    file.write_text(f"personnel_no,1,2,3,4,5\n{AIGUL},4,4,4,4,5\n{BOLAT},4,{mark},4,4,5\n", "utf-8")
    code, _, said = run(capsys, "sheets", "import", KEY, str(file), "--by", HR)
    assert code == 1
    assert f"sheets.csv, row 3: '{mark}' is not a number in plain digits; write a mark such as 4, 4.5 or 4,5" in said
    assert makers.rows("SELECT COUNT(*) FROM mark") == [(0,)]


@pytest.mark.rule("N-30")
@pytest.mark.parametrize(("mark", "comment"), [("٤", "5=ok"), ("1e0", "5=ok"), ("4", "٥=ok")])
def test_a_sheet_signed_with_other_signs_is_a_slip_of_usage(
    mark: str, comment: str, capsys: pytest.CaptureFixture[str]
) -> None:
    makers.a_cycle("open")
    code, _, said = run(
        capsys, "sheets", "sign", KEY, AIGUL, mark, "4", "4", "4", "5", "--by", HEAD_A, "--comment", comment
    )
    assert (code, "is not a" in said) == (2, True)


# --- officials ---------------------------------------------------------------------------------------------------


def test_an_official_is_replaced_and_the_list_says_since_when_and_by_which_order(
    capsys: pytest.CaptureFixture[str],
) -> None:
    makers.a_cycle("open")
    order = ("--from", "2026-10-12", "--order", "order No 45", "--by", HR)
    code, out, _ = run(capsys, "cycle", "officials", KEY, "--appointing", HEAD_A, *order, "--json")
    assert code == 0
    assert json.loads(out) == [
        {"role": "appointing_official", "person": OFFICIAL, "from_day": None, "order": "organisation file nchr-sample"},
        {"role": "appointing_official", "person": HEAD_A, "from_day": "2026-10-12", "order": "order No 45"},
        {"role": "hr_officer", "person": HR, "from_day": None, "order": "organisation file nchr-sample"},
    ]
    assert "2026-10-12" in run(capsys, "cycle", "officials", KEY)[1]


@pytest.mark.parametrize("left_out", ["--from", "--order", "--by"])
def test_a_change_of_officials_says_from_when_by_which_order_and_who_enters_it(
    left_out: str, capsys: pytest.CaptureFixture[str]
) -> None:
    makers.a_cycle("open")
    usual = {"--from": "2026-10-12", "--order": "order No 45", "--by": HR}
    given = [word for name, value in usual.items() if name != left_out for word in (name, value)]
    code, _, said = run(capsys, "cycle", "officials", KEY, "--appointing", HEAD_A, *given)
    assert (code, "a change needs --from DATE" in said) == (2, True)
    assert makers.rows("SELECT COUNT(*) FROM official") == [(0,)]


# --- a plan given up -----------------------------------------------------------------------------------------------


def test_a_plan_is_abandoned_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    makers.a_cycle("draft")
    code, _, said = run(capsys, "cycle", "abandon", KEY, "--by", AIGUL, "--reason", "wrong file")
    assert (code, f"{AIGUL} cannot abandon the cycle {KEY}" in said) == (1, True)
    code, out, _ = run(capsys, "cycle", "abandon", KEY, "--by", HR, "--reason", "wrong file", "--json")
    assert (code, json.loads(out)) == (0, {"key": KEY, "stage": "abandoned"})
    assert json.loads(run(capsys, "cycle", "list", "--json")[1])[0]["stage"] == "abandoned"
    assert json.loads(run(capsys, "audit", "report", KEY, "--json")[1])["deadlines"] == []


# --- who hands in, who is gone -------------------------------------------------------------------------------------


@pytest.mark.rule("N-17", "N-37")
def test_a_list_of_sheets_comes_from_hr_or_from_who_holds_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    makers.a_cycle("open")
    file = tmp_path / "sheets.csv"
    file.write_text(f"personnel_no,1,2,3,4,5\n{AIGUL},4,4,4,4,5\n{BOLAT},4,4,4,4,5\n", "utf-8")
    code, _, said = run(capsys, "sheets", "import", KEY, str(file), "--by", BOLAT)
    assert code == 1
    for number in (AIGUL, BOLAT):
        assert f"assessment of {number}: only HR hands in sheets that lie with somebody else" in said
    assert run(capsys, "sheets", "import", KEY, str(file), "--by", HEAD_A)[0] == 0


@pytest.mark.rule("N-9")
def test_the_status_and_the_report_name_the_sheets_nobody_can_sign(capsys: pytest.CaptureFixture[str]) -> None:
    makers.a_cycle("open")
    makers.dismissed(HEAD_A, "2026-10-06")
    sentence = (
        f"3 open sheets belong to a dismissed evaluator, {HEAD_A} (in service until 2026-10-06); name a substitute"
    )
    assert sentence in run(capsys, "cycle", "status", KEY)[1].replace("\n", " ")
    for words in (("cycle", "status", KEY, "--json"), ("audit", "report", KEY, "--json")):
        [found] = json.loads(run(capsys, *words)[1])["findings"]
        assert (found["kind"], found["count"]) == ("evaluator_gone", 3)
        assert found["says"].startswith(sentence)
    asked = ("audit", "report", KEY, "--at", "2026-10-06T12:00", "--json")
    assert json.loads(run(capsys, *asked)[1])["findings"] == []
