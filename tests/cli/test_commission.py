"""A year under a Commission, typed: sheets from files, agreement, submission, sitting, votes, approval, appeal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.main import main
from tests import commission as c
from tests import makers
from tests.commission import AIGUL, BOLAT, DANA, EVALUATED, HEAD_A, HEAD_B, HR, LAWYER, MINISTER, OFFICIAL, VICE, VOTERS
from tests.makers import rows

pytestmark = pytest.mark.usefixtures("sqlite_database")
KEY = "mic-sample-2018"
FOUR = [{"achieved": True}] * 4 + [{"achieved": False}]


@pytest.fixture(autouse=True)
def _nobody_to_nudge(monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("sheets", "sheet_acts", "commission", "appeals", "results"):
        monkeypatch.setattr(f"cli.{room}.nudge", lambda *_: None)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, what was printed, what was complained of."""
    with pytest.raises(SystemExit) as ended:
        main(words)
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def done(capsys: pytest.CaptureFixture[str], *words: str) -> object:
    """What a command answers as JSON when it ends well."""
    code, out, said = run(capsys, *words, "--json")
    assert code == 0, said
    return json.loads(out)


def a_list(folder: Path, rows_: list[object], name: str = "sheets.json") -> str:
    """A file with a list of sheets."""
    file = folder / name
    file.write_text(json.dumps(rows_), "utf-8")
    return str(file)


def at(moment: str) -> tuple[str, str]:
    return "--at", moment


def test_a_year_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    c.opened(c.KPI, tmp_path)
    file = a_list(tmp_path, [{"personnel_no": one, "kpis": FOUR} for one in EVALUATED])
    assert done(capsys, "sheets", "import", KEY, file, "--by", HR, *at("2019-01-15T10:00")) == {"sheets": 7}
    back = ("sheets", "return", KEY, AIGUL, "no report", "--by", OFFICIAL, *at("2019-01-16T09:00"))
    assert done(capsys, *back) == {"assessment": c.case(KEY, AIGUL), "stage": "open"}
    one = tmp_path / "aigul.yaml"
    one.write_text("kpis:\n" + "  - {achieved: true}\n" * 5, "utf-8")
    fill = ("sheets", "fill", KEY, AIGUL, str(one), "--by", HEAD_A, *at("2019-01-16T10:00"))
    assert done(capsys, *fill) == {"assessment": c.case(KEY, AIGUL), "stage": "marked"}
    for by in (OFFICIAL, MINISTER):
        run(capsys, "sheets", "agree", KEY, "--by", by, *at("2019-01-16T11:00"))
    makers.walk("2019-01-16 12:00", KEY)
    seats = ("--chair", VICE, "--secretary", HR, *(word for one in VOTERS[1:] for word in ("--member", one)))
    compose = ("commission", "compose", KEY, "--order", "No 7", "--from", "2019-01-16", *seats, "--by", HR)
    assert done(capsys, *compose, *at("2019-01-16T12:00")) == {"order": 1}
    submit = ("commission", "submit", KEY, "--document", "draft_protocol=No 1", "--by", HR, *at("2019-01-17T09:00"))
    assert done(capsys, *submit) == {"submitted": 7}
    call = ("commission", "call", KEY, "2019-01-22", "--by", HR, *at("2019-01-17T10:00"))
    assert done(capsys, *call) == {"call": 1, "day": "2019-01-22"}
    came = [word for one in (*VOTERS, HR) for word in ("--present", one)]
    sit = done(capsys, "commission", "sit", KEY, *came, "--by", HR, *at("2019-01-22T10:00"))
    assert sit == {"sitting": 1, "late": False, "last_day": "2019-02-28"}
    free = [word for one in (VICE, HEAD_B, LAWYER) for word in ("--vote", f"{one}=revise")]
    revise = (
        "commission",
        "decide",
        KEY,
        "1",
        *free,
        "--case",
        BOLAT,
        "--score",
        "3",
        "--explanation",
        "…",
        "--by",
        HR,
    )
    assert done(capsys, *revise, *at("2019-01-22T10:30")) == {"approved": 0, "revised": 1}
    votes = a_list(tmp_path, [{"votes": dict.fromkeys(VOTERS, "approve")}], "votes.json")
    rest = ("commission", "decide", KEY, "1", "--file", votes, "--by", HR, *at("2019-01-22T10:40"))
    assert done(capsys, *rest) == {"approved": 6, "revised": 0}
    done(capsys, "commission", "protocol", KEY, "1", "No 3", "--by", HR, *at("2019-01-22T12:00"))
    assert done(capsys, "commission", "approve", KEY, "1", "--by", OFFICIAL, *at("2019-01-22T15:00")) == {"approved": 7}
    makers.walk("2019-01-22 16:00", KEY)
    signed = [one for one in EVALUATED if one != AIGUL]
    assert done(capsys, "results", "signed", KEY, *signed, "--by", HR, *at("2019-01-23T09:00")) == {"acknowledged": 6}
    witnesses = ("--witness", BOLAT, "--witness", DANA)
    assert run(capsys, "results", "refused", KEY, AIGUL, "--by", HR, *witnesses, *at("2019-01-23T10:00"))[0] == 0
    sent = done(capsys, "results", "dispatch", KEY, AIGUL, "message 4", "--by", HR, *at("2019-01-23T11:00"))
    assert sent == {"channel": "intranet_portal", "reference": "message 4"}
    lodge = ("appeals", "lodge", KEY, AIGUL, "No 12", "--authority", "Agency", "--by", AIGUL, *at("2019-02-01T09:00"))
    assert done(capsys, *lodge)["last_day"] == "2019-02-05"  # type: ignore[index]
    done(capsys, "appeals", "outcome", KEY, "1", "dismissed", "No 88", "--by", HR, *at("2019-02-04T09:00"))
    assert done(capsys, "appeals", "court", KEY, AIGUL, "case 4", "--by", HR, *at("2019-02-05T09:00")) == {"court": 1}
    [listed] = done(capsys, "appeals", "list", KEY)  # type: ignore[misc]
    assert (listed["person"], listed["outcome"], listed["late"]) == (AIGUL, "dismissed", False)
    shown = done(capsys, "commission", "show", KEY)
    assert isinstance(shown, dict)
    assert (shown["waiting"], shown["sittings"][0]["revised"], len(shown["composition"])) == (0, 1, 6)
    assert "Composition" in run(capsys, "commission", "show", KEY)[1]
    makers.walk("2019-02-06", KEY)
    assert c.stages(KEY) == {"closed": 7}


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"personnel_no": BOLAT}, "sheets.json, row 2, kpis: this key is missing"),
        ({"personnel_no": BOLAT, "kpis": FOUR[:3]}, "kpis: 3 indicators are given"),
        ({"personnel_no": BOLAT, "kpis": [{"achieved": 1}] * 5}, "sheets.json, row 2, kpis.1.achieved: true or false"),
        ({"personnel_no": "1"}, "row 2, personnel_no: the person with the number '1' is not part of this cycle"),
        ({"personnel_no": BOLAT, "kpis": FOUR, "signed_at": "soon"}, "row 2, signed_at: 'soon' is not a moment"),
        (7, "row 2: keys with values are expected here"),
    ],
)
def test_a_list_is_refused_whole_with_row_and_field(
    row: object, why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    c.opened(c.KPI, tmp_path)
    file = a_list(tmp_path, [{"personnel_no": AIGUL, "kpis": FOUR}, row])
    code, _, said = run(capsys, "sheets", "import", KEY, file, "--by", HR, *at("2019-01-15T10:00"))
    assert (code, why in " ".join(said.split())) == (1, True), said
    assert rows("SELECT COUNT(*) FROM sheet_content") == [(0,)]


def test_a_yaml_list_and_a_table_for_another_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    c.opened(c.KPI, tmp_path)
    table = tmp_path / "marks.csv"
    table.write_text(f"personnel_no,1,2\n{AIGUL},4,4\n", "utf-8")
    code, _, said = run(capsys, "sheets", "import", KEY, str(table), "--by", HR, *at("2019-01-15T10:00"))
    assert (code, "hand in a JSON or YAML list" in " ".join(said.split())) == (1, True)
    file = tmp_path / "sheets.yaml"
    file.write_text(f'- personnel_no: "{AIGUL}"\n  kpis:\n' + "    - {achieved: true}\n" * 5, "utf-8")
    assert done(capsys, "sheets", "import", KEY, str(file), "--by", HR, *at("2019-01-15T10:00")) == {"sheets": 1}


def test_the_own_part_and_the_signatures_of_justice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = c.opened(c.QUARTER, tmp_path)
    file = tmp_path / "own.json"
    file.write_text(json.dumps(c.POINTS), "utf-8")
    own = done(capsys, "sheets", "self", key, AIGUL, str(file), *at("2017-10-03T10:00"))
    assert own == {"assessment": c.case(key, AIGUL), "stage": "self_evaluated"}
    others = [{"personnel_no": one, **c.POINTS} for one in EVALUATED if one != AIGUL]
    listed = a_list(tmp_path, list(others))
    assert done(capsys, "sheets", "import", key, listed, "--own", "--by", HR, *at("2017-10-03T11:00")) == {"sheets": 6}
    for one, by in ((AIGUL, HEAD_A), (DANA, HEAD_B)):
        done(capsys, "sheets", "fill", key, one, str(file), "--by", by, *at("2017-10-04T10:00"))
    signed = done(capsys, "sheets", "countersign", key, AIGUL, *at("2017-10-05T10:00"))
    assert signed == {"assessment": c.case(key, AIGUL), "stage": "signed"}
    signers = ("--signer", HR, "--signer", HEAD_B)
    assert run(capsys, "sheets", "refuse", key, DANA, *signers, *at("2017-10-05T10:00"))[0] == 0
    assert c.stages(key)["signed"] == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("commission", "sit", KEY, "--present", VICE, "--by", HR), "of 5 members are present"),
        (("commission", "decide", KEY, "9", "--vote", f"{VICE}=approve", "--by", HR), "There is no sitting 9"),
        (("commission", "approve", KEY, "9", "--by", OFFICIAL), "There is no sitting 9"),
        (("appeals", "lodge", KEY, AIGUL, "No 1", "--authority", "Agency", "--by", AIGUL), "it must be"),
        (("appeals", "report", KEY, "1", "No 1", "--by", HR), "There is no appeal 1"),
        (("sheets", "agree", KEY, "--by", OFFICIAL), "No signed sheet waits"),
        (("sheets", "self", KEY, AIGUL, "{file}"), "knows no event 'self_evaluated'"),
    ],
)
def test_every_refusal_is_one_sentence(
    words: tuple[str, ...], why: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    c.a_kpi_year(tmp_path, "submitted")
    file = tmp_path / "own.json"
    file.write_text("{}", "utf-8")
    code, out, said = run(capsys, *(word.format(file=file) for word in words), *at("2019-01-22T10:00"))
    assert (code, out) == (1, "")
    assert why in " ".join(said.split())
    assert "Traceback" not in said


def test_a_slip_of_usage_in_a_vote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    c.a_kpi_year(tmp_path, "submitted")
    assert run(capsys, "commission", "decide", KEY, "1", "--vote", "approve", "--by", HR)[0] == 2
    votes = a_list(tmp_path, [{"votes": {VICE: "approve"}, "cases": ["1"]}], "votes.json")
    code, _, said = run(capsys, "commission", "decide", KEY, "1", "--file", votes, "--by", HR)
    assert (code, "votes.json, row 1.cases: the person with the number '1'" in " ".join(said.split())) == (1, True)
