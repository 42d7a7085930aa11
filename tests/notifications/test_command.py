"""`bagalau notices`: what an officer and an auditor type."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from cli.main import main
from models import Appointment
from models.work import work
from notifications import hand_over, notify
from notifications.refs import ref_of
from rules.errors import RuleError
from services.typed_in import moment_of
from settings import settings
from tests.notifications.house import FACTS, NOW, Papers, assessment, populate

ALMATY = ZoneInfo("Asia/Almaty")


@pytest.fixture
def served(sqlite_database: str, outbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two registered letters that left, and a data folder of the test's own."""
    monkeypatch.setattr(settings(), "data", tmp_path / "var")
    monkeypatch.setattr("cli.notices_record.clock", lambda: NOW + timedelta(days=14))
    populate(2)
    with work() as session:
        assessment(session, 1, stage="familiarised", familiarised_how="shown", familiarised_at=NOW)
        session.add(Appointment(person_id=2, post_id=1, started_on=NOW.date()))  # the officer serves
        notify(session, "result_served", 1, NOW, facts=FACTS, channels=["registered_letter"],
               select="SELECT person_id AS recipient_id, id AS assessment_id FROM assessment")  # fmt: skip
    hand_over("simulate", outbox, NOW, documents=Papers())


def _run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["notices", *words])
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


def test_list_and_show_name_people_by_number_only(served: None, capsys: pytest.CaptureFixture[str]) -> None:
    """As a table and as JSON."""
    code, out, _ = _run(capsys, "list", "--cycle", "nchr-2026-q3", "--json")
    [one] = json.loads(out)
    assert (code, one["recipient"], one["standing"], one["ref"]) == (0, "PN-000001", "accepted", ref_of(1))
    for words in (("list",), ("show", "1"), ("show", ref_of(1).lower())):
        code, out, _ = _run(capsys, *words)
        assert code == 0
        assert "result_served" in out
        assert "Кенарова" not in out


@pytest.mark.rule("N-19", "N-25")
def test_an_officer_records_a_notice_of_delivery_with_its_scan(
    served: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Twice is once; the scan lies under its hash; the history shows who typed it in."""
    scan = tmp_path / "proof.pdf"
    scan.write_bytes(b"%PDF proof")
    words = ("record", "1", "--event", "delivered", "--at", "2026-10-08T10:00", "--officer", "PN-000002",
             "--reference", "RR1", "--scan", str(scan), "--json")  # fmt: skip
    first, second = (json.loads(_run(capsys, *words)[1]) for _ in range(2))
    assert (first["new"], second["new"], second["standing"]) == (True, False, "delivered")
    kept = tmp_path / "var" / "scans" / hashlib.sha256(b"%PDF proof").hexdigest()
    assert kept.read_bytes() == b"%PDF proof"
    receipt = json.loads(_run(capsys, "show", "1", "--json")[1])["receipts"][-1]
    assert (receipt["officer"], receipt["at"], receipt["reference"]) == (
        "PN-000002",
        "2026-10-08T05:00:00+00:00",
        "RR1",
    )
    assert receipt["scan_sha256"] == kept.name


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"--event": "lost"}, "'lost' is not a thing told of a notice"),
        ({"--officer": "PN-000001"}, "another officer must"),
        ({"--officer": "nobody"}, "Nobody has the personnel number"),
        ({"--at": "yesterday"}, "is not a moment"),
        ({"--at": "2026-09-01"}, "before the notice was written"),
        ({"--at": "2999-01-01"}, "has not come yet"),
        ({"--reference": ""}, "named officer with the number on the paper"),
    ],
)
def test_a_refusal_is_one_sentence_and_exit_code_one(
    changes: dict[str, str], sentence: str, served: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is recorded."""
    usual = {"--event": "delivered", "--at": "2026-10-08", "--officer": "PN-000002", "--reference": "RR1"}
    code, _, err = _run(capsys, "record", "1", *(word for pair in (usual | changes).items() for word in pair))
    assert (code, sentence in err) == (1, True), err
    assert len(json.loads(_run(capsys, "show", "1", "--json")[1])["receipts"]) == 1


def test_an_unknown_notice_is_refused(served: None, capsys: pytest.CaptureFixture[str]) -> None:
    """By number and by reference."""
    assert _run(capsys, "show", "99")[0] == _run(capsys, "show", "nonsense")[0] == 1


def test_what_does_not_exist_is_said_in_the_words_that_were_typed(
    served: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """A reference, a number too long for any database, a cycle and a channel."""
    for words, sentence in (
        (("show", "ZZZZZZ"), "There is no notice ZZZZZZ."),
        (("show", "9" * 30), f"There is no notice {'9' * 30}."),
        (("list", "--cycle", "none"), "There is no cycle 'none'"),
        (("list", "--channel", "pigeon"), "There is no channel 'pigeon'"),
    ):
        code, _, err = _run(capsys, *words)
        assert (code, err.startswith(sentence), err.count("\n")) == (1, True, 1)


def test_the_preview_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For the people who must agree to the words."""
    assert _run(capsys, "preview", str(tmp_path / "p"))[0] == 0
    assert (tmp_path / "p" / "result_ready" / "sms.kk.txt").exists()
    assert (tmp_path / "p" / "session_invitation" / "registered_letter.ru.pdf").read_bytes().startswith(b"%PDF")
    assert "result_ready/kk v" in (tmp_path / "p" / "index.html").read_text("utf-8")


def test_the_versions_of_the_wordings_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """As a table and as JSON."""
    code, out, err = _run(capsys, "templates", "--json")
    found = json.loads(out)
    assert (code, err, set(found[0])) == (0, "", {"kind", "language", "version", "hash", "since"})
    assert len({(one["kind"], one["language"]) for one in found}) == len(found)
    assert len(json.loads(_run(capsys, "templates", "--all", "--json")[1])) >= len(found)
    assert "result_ready" in _run(capsys, "templates")[1]


def test_a_bare_day_is_its_end_so_that_no_right_ends_sooner() -> None:
    """Or now, when it is today."""
    now = datetime(2026, 10, 8, 20, 0, tzinfo=UTC)  # the ninth in Almaty
    assert moment_of("2026-10-08", ALMATY, now) == (datetime(2026, 10, 8, 23, 59, 59, tzinfo=ALMATY), True)
    assert moment_of("2026-10-09", ALMATY, now) == (now, True)
    assert moment_of("2026-10-08T10:00", ALMATY, now) == (datetime(2026, 10, 8, 10, 0, tzinfo=ALMATY), False)
    with pytest.raises(RuleError):
        moment_of("08.10.2026", ALMATY, now)
