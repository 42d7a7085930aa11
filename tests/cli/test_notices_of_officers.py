"""What an officer and an auditor type under `bagalau notices`: letters, journals, certificates, lanes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cli.main import main
from models.sql import execute
from models.work import work
from notifications import hand_over
from notifications.lanes import lane_of, stop
from settings import settings
from tests import makers
from tests.documents.reading import text
from tests.makers import BOLAT, ERLAN, HR, at, notices, rows
from tests.notifications import house

TRACK = "RR123456785KZ"


@pytest.fixture
def letter(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """The number of the letter to Erlan, made ready on 6 October; today is the 20th."""
    monkeypatch.setattr(settings(), "data", tmp_path / "var")
    for module in ("letters", "papers", "record", "lanes"):
        monkeypatch.setattr(f"cli.notices_{module}.clock", lambda: at("2026-10-20"))
    makers.a_cycle("released")
    hand_over("simulate", settings().outbox, at("2026-10-06 15:00"), documents=house.Papers())
    return notices("result_served", ERLAN)[0].id or 0


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["notices", *words])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


@pytest.mark.rule("N-19")
def test_the_day_s_letters_go_out_and_come_back_as_a_list(
    letter: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "letters.csv"
    code, out, _ = run(capsys, "letters", "export", str(file), "--day", "2026-10-06", "--language", "ru", "--json")
    assert (code, json.loads(out)["letters"]) == (0, 1)
    filled = file.read_text("utf-8-sig").replace(";;;;;;", f";{TRACK};2026-10-06;2026-10-12;;;")
    file.write_text(filled, "utf-8-sig")
    code, out, err = run(capsys, "letters", "import", str(file), "--by", HR)
    assert (code, err) == (0, "")
    assert out.startswith(
        "letters.csv: 1 row, 0 of them not filled in; 1 posted, 1 delivered, 0 came back, 0 told before; 1 person"
    )
    assert makers.case(ERLAN).familiarised_how == "served"
    assert json.loads(run(capsys, "letters", "import", str(file), "--by", HR, "--json")[1])["known"] == 2
    assert rows("SELECT COUNT(*) FROM journal_content WHERE kind = 'receipt'")[0][0] == 1


def test_a_list_that_is_refused_names_every_row_and_a_day_without_letters_is_told(
    letter: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "letters.csv"
    file.write_text(f"number;track;posted\n2026/{letter};RR1;2026-10-06\n2026/999;{TRACK};2026-10-06\n", "utf-8")
    code, out, err = run(capsys, "letters", "import", str(file), "--by", HR)
    assert (code, out) == (1, "")
    assert [line.split(":")[0] for line in err.splitlines()[:2]] == ["row 2, column track", "row 3, column number"]
    assert "letters.csv was refused, 2 findings; nothing was imported" in err
    code, _, err = run(capsys, "letters", "export", str(file), "--day", "2026-10-07")
    assert (code, "No registered letter was made ready on 2026-10-07" in err) == (1, True)
    assert run(capsys, "letters", "export", str(file), "--day", "2026-10-06", "--language", "de")[0] == 2


@pytest.mark.rule("N-19", "N-25")
def test_a_journal_and_a_certificate_are_written(
    letter: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with work() as session:
        execute(session, "UPDATE notice SET channel = 'telephonogram' WHERE id = :i", {"i": letter})
    words = (
        "--event",
        "delivered",
        "--at",
        "2026-10-07T11:20",
        "--officer",
        HR,
        "--reference",
        "12",
        "--sent-by",
        BOLAT,
    )
    code, _, err = run(capsys, "record", str(letter), *words)
    assert (code, "add --received-by" in err) == (1, True)
    assert run(capsys, "record", str(letter), *words, "--received-by", "жұбайы")[0] == 0
    journal, certificate = tmp_path / "journal.pdf", tmp_path / "certificate.pdf"
    span = ("--from", "2026-10-01", "--to", "2026-10-31")
    assert run(capsys, "journal", "--channel", "telephonogram", *span, "--out", str(journal))[0] == 0
    assert "жұбайы" in text(journal.read_bytes())
    code, out, _ = run(
        capsys, "certificate", str(letter), "--by", HR, "--out", str(certificate), "--language", "ru", "--json"
    )
    assert (code, json.loads(out)["file"]) == (0, str(certificate))
    assert f"Тегі{ERLAN} Аты" in text(certificate.read_bytes())
    assert run(capsys, "certificate", str(letter), "--by", HR, "--out", str(certificate), "--language", "en")[0] == 2
    assert run(capsys, "certificate", "4711", "--by", HR, "--out", str(certificate))[0] == 1


def test_lanes_are_listed_and_one_is_resumed(letter: int, capsys: pytest.CaptureFixture[str]) -> None:
    with work() as session:
        stop(session, lane_of(session, "nchr-sample", "email"), at("2026-10-06"), "Too much comes back.")
    [stopped] = [one for one in json.loads(run(capsys, "lanes", "--json")[1]) if one["state"] == "stopped"]
    assert (stopped["channel"], stopped["reason"], stopped["sent_today"]) == ("email", "Too much comes back.", 0)
    assert "Too much comes back." in run(capsys, "lanes")[1]
    words = ("resume", "nchr-sample", "email", "--why", "the list was mended")
    assert run(capsys, *words, "--by", ERLAN)[0] == 1
    code, out, _ = run(capsys, *words, "--by", HR)
    assert (code, out.startswith("The channel email of nchr-sample runs again")) == (0, True)
    assert run(capsys, *words, "--by", HR)[0] == 1
    assert {one["state"] for one in json.loads(run(capsys, "lanes", "--json")[1])} == {"running"}
