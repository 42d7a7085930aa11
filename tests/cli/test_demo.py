"""The demonstration: lived through once for all these tests, in a process of its own, then asked of its database."""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from notifications.catalogue import CHANNELS

ROOT = Path(__file__).parents[2]
STAFF = ROOT / "examples" / "nchr" / "staff.csv"


@dataclass(frozen=True)
class Lived:
    """One demonstration that is over."""

    told: dict[str, Any]
    data: Path

    @property
    def folder(self) -> Path:
        return self.data / "demo"

    @property
    def report(self) -> str:
        return (self.folder / "report.html").read_text("utf-8")

    def ask(self, query: str) -> list[Any]:
        with sqlite3.connect(f"file:{self.folder / 'bagalau.db'}?mode=ro", uri=True) as connection:
            return connection.execute(query).fetchall()

    def number(self, query: str) -> int:
        return int(self.ask(query)[0][0])


def run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the command with a data folder of its own."""
    around = {**os.environ, "BAGALAU_DATA": str(data)}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *words], cwd=ROOT, env=around, capture_output=True, text=True, timeout=280
    )


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The sample body's third quarter, after a real database and a demonstration that was killed."""
    data = tmp_path_factory.mktemp("data")
    (data / "bagalau.db").write_bytes(b"the real database")
    (data / "demo").mkdir()
    (data / "demo" / "demonstration.txt").write_text("killed")
    (data / "demo" / "bagalau.db").write_bytes(b"half")
    done = run(data, "demo", "--json")
    assert done.returncode == 0, done.stderr
    yield Lived(json.loads(done.stdout), data)


def test_json_is_all_there_is_on_stdout(lived: Lived) -> None:
    assert list(lived.told) == [
        "people", "assessments", "exempt", "stages", "grades", "deadlines", "notices", "calibration", "documents",
        "journal_rows", "flow_runs", "report",
    ]  # fmt: skip


def test_the_real_database_is_not_touched(lived: Lived) -> None:
    assert (lived.data / "bagalau.db").read_bytes() == b"the real database"


def test_every_figure_agrees_with_the_database(lived: Lived) -> None:
    told, number, ask = lived.told, lived.number, lived.ask
    assert told["people"] == number("SELECT COUNT(*) FROM person") == 62
    assert told["assessments"] == number("SELECT COUNT(*) FROM assessment")
    assert told["exempt"] == number("SELECT COUNT(*) FROM assessment WHERE stage = 'exempt'")
    assert told["stages"] == dict(ask("SELECT stage, COUNT(*) FROM assessment GROUP BY stage"))
    assert told["notices"]["by_channel"] == dict(ask("SELECT channel, COUNT(*) FROM notice GROUP BY channel"))
    assert told["journal_rows"] == number("SELECT COUNT(*) FROM journal_row")
    assert told["documents"] == len(list(lived.folder.rglob("*.pdf")))
    graded = dict(
        ask(
            "SELECT r.grade, COUNT(*) FROM result r JOIN assessment a ON a.id = r.assessment_id"
            " AND a.result_version = r.version GROUP BY r.grade"
        )
    )
    assert {grade: n for grade, n in told["grades"].items() if n} == graded
    assert told["calibration"] == {
        "requests": number("SELECT COUNT(*) FROM calibration_request"),
        "sessions": number("SELECT COUNT(*) FROM calibration_session"),
        "changed": number("SELECT COUNT(*) FROM result WHERE source = 'calibrated'"),
    }


def test_the_verdicts_agree_with_the_stored_instants(lived: Lived) -> None:
    late = lived.number(
        "SELECT COUNT(*) FROM assessment a JOIN term t ON t.cycle_id = a.cycle_id"
        " AND t.deadline_id = 'quarterly_evaluation' WHERE a.dismissed = 0 AND a.completed_at >= t.due_at"
    )
    protocol = lived.number(
        "SELECT COUNT(*) FROM calibration_session s JOIN term t ON t.deadline_id = 'protocol_uploaded'"
        " AND t.anchor_date = date(s.protocol_signed_at) WHERE s.protocol_uploaded_at >= t.due_at"
    )
    assert (late, protocol) == (3, 1)
    assert lived.told["deadlines"]["late"] == late + protocol
    assert lived.told["deadlines"]["missed"] == 0


def test_the_prefect_runs_are_there_to_look_at(lived: Lived) -> None:
    with sqlite3.connect(lived.folder / "prefect" / "prefect.db") as kept:
        assert kept.execute("SELECT COUNT(*) FROM flow_run").fetchone()[0] == lived.told["flow_runs"]
        states = dict(kept.execute("SELECT state_type, COUNT(*) FROM flow_run GROUP BY state_type"))
        assert set(states) == {"COMPLETED"}
        assert kept.execute("SELECT COUNT(*) FROM artifact").fetchone()[0] > 10
        tracker = kept.execute("SELECT state_name FROM flow_run WHERE tags LIKE '%tracker%'").fetchall()
        assert tracker == [("Closed",)]


def test_prefect_knows_nobody(lived: Lived) -> None:
    with sqlite3.connect(lived.folder / "prefect" / "prefect.db") as kept:
        said = "\n".join(kept.iterdump())
    for name in (*surnames(), "nchr.example", "+7 700"):
        assert name not in said, name


@pytest.mark.rule("N-13", "N-14")
def test_the_exempt_are_shown_with_their_rule(lived: Lived) -> None:
    found = dict(
        lived.ask(
            "SELECT p.personnel_no, a.plan_rules FROM assessment a JOIN person p ON p.id = a.person_id"
            " WHERE a.stage = 'exempt'"
        )
    )
    assert found == {"100031": "N-13", "100039": "N-14", "100048": "N-14"}
    assert all(f"<td>{number}</td>" in lived.report for number in found)


@pytest.mark.rule("N-9", "N-31")
def test_a_substitute_and_a_designee_mark_for_others(lived: Lived) -> None:
    events = dict(lived.ask("SELECT event, COUNT(*) FROM journal_entry GROUP BY event"))
    assert events["replaced"] == 5
    assert events["designated"] == 11


@pytest.mark.rule("N-36")
def test_the_limit_after_a_reprimand_shows_the_other_readings_outcome(lived: Lived) -> None:
    [(score, grade, other)] = lived.ask(
        "SELECT r.score, r.grade, r.alternatives FROM result r JOIN assessment a ON a.id = r.assessment_id"
        " JOIN person p ON p.id = a.person_id WHERE p.personnel_no = '100032'"
    )
    assert (score, grade) == ("4.00", "effective")
    assert {(one["reading"], one["option"], one["score"], one["grade"]) for one in json.loads(other)} >= {
        ("N-Q1", "b", "2.99", "satisfactory")
    }


@pytest.mark.rule("N-15", "N-19")
def test_the_dismissed_are_served_by_every_registered_channel(lived: Lived) -> None:
    used = {row[0] for row in lived.ask("SELECT DISTINCT channel FROM notice WHERE kind = 'result_served'")}
    assert used == set(CHANNELS) - {"portal", "mobile_app"}
    assert lived.ask("SELECT DISTINCT familiarised_how FROM assessment WHERE dismissed = 1") == [("served",)]
    assert lived.number("SELECT COUNT(*) FROM receipt WHERE reference LIKE 'RR%KZ' AND officer_id IS NOT NULL") == 2


@pytest.mark.rule("N-19", "N-25")
def test_every_channel_is_used_and_one_person_is_found_by_the_last(lived: Lived) -> None:
    assert set(lived.told["notices"]["by_channel"]) == set(CHANNELS)
    [found] = lived.ask(
        "SELECT assessment_id FROM notice WHERE kind = 'result_served' GROUP BY assessment_id HAVING COUNT(*) > 2"
    )
    walked = lived.ask(
        "SELECT n.channel, (SELECT MIN(r.event) FROM receipt r WHERE r.notice_id = n.id AND r.event IN"
        f" ('returned', 'undelivered', 'delivered')) FROM notice n WHERE kind = 'result_served' AND assessment_id = {found[0]}"
        " ORDER BY n.id"
    )
    assert walked == [
        ("registered_letter", "returned"), ("telephonogram", "undelivered"), ("telegram", "undelivered"),
        ("sms", "undelivered"), ("email", "undelivered"), ("other_registered", "delivered"),
    ]  # fmt: skip
    said = [
        json.loads(body)["reason"]
        for (body,) in lived.ask("SELECT body FROM journal_entry WHERE event = 'next_channel'")
    ]
    assert any("no proof of delivery and the term is near" in one for one in said)
    assert "session_invitation: 1 by email not delivered; next 1 by telegram" in said


def test_the_next_channel_follows_within_five_minutes(lived: Lived) -> None:
    late = lived.number(
        "SELECT COUNT(*) FROM notice n JOIN receipt r ON r.notice_id = n.id AND r.event IN ('returned', 'undelivered')"
        " JOIN notice m ON m.assessment_id = n.assessment_id AND m.kind = n.kind AND m.recipient_id = n.recipient_id"
        " AND m.round = n.round AND m.id = (SELECT MIN(x.id) FROM notice x WHERE x.assessment_id = n.assessment_id"
        "  AND x.kind = n.kind AND x.recipient_id = n.recipient_id AND x.round = n.round AND x.id > n.id)"
        " WHERE julianday(m.created_at) - julianday(r.recorded_at) > 5.0 / 1440"
    )
    assert late == 0
    reached = lived.told["notices"]
    assert reached["next_channel"]["email"] == reached["not_reached"]["email"]


def test_the_report_shows_the_ladder(lived: Lived) -> None:
    for words in ("The ladder", "came back", "→ telephonogram", "→ other registered", "sent in time", "not reached"):
        assert words in lived.report, words


@pytest.mark.rule("N-20", "N-40", "N-41", "N-49", "N-50")
def test_three_disagree_and_each_ends_otherwise(lived: Lived) -> None:
    found = lived.ask(
        "SELECT r.state, r.late, r.ground, s.score_before, s.score_after FROM calibration_request r"
        " LEFT JOIN calibration_session s ON s.request_id = r.id ORDER BY r.id"
    )
    assert found == [
        ("accepted", 0, None, "2.90", "3.40"),
        ("refused", 1, "late", None, None),
        ("accepted", 0, None, "3.60", "3.60"),
    ]


@pytest.mark.rule("N-18")
def test_one_refuses_to_learn_the_result(lived: Lived) -> None:
    [signers] = lived.ask("SELECT drawn_up_by, first_witness, second_witness FROM refusal_act")
    assert len(set(signers)) == 3


def test_slow_readers_were_reminded(lived: Lived) -> None:
    assert lived.number("SELECT COUNT(*) FROM notice WHERE kind = 'result_reminder'") >= 3


def test_the_report_stands_alone(lived: Lived) -> None:
    outside = re.findall(r"""(?:src|href|url\(|@import)\s*=?\s*["'(]?\s*(?:https?:)?//""", lived.report)
    assert outside == []
    assert "<script" not in lived.report
    assert lived.report.count("<svg") == 5


def test_the_report_names_nobody(lived: Lived) -> None:
    for name in surnames():
        assert name not in lived.report, name


def test_the_report_tells_the_figures(lived: Lived) -> None:
    for number in (lived.told["journal_rows"], lived.told["deadlines"]["kept"], lived.told["flow_runs"]):
        assert str(number) in lived.report
    assert "whole" in lived.report
    assert "BROKEN" not in lived.report


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--methodology", "no-such-act"), "There is no methodology 'no-such-act'"),
        (("--period", "2026"), "lives through a quarter"),
        (("--period", "2025-Q1"), "governed"),
    ],
)
def test_what_cannot_be_lived_through_is_refused_in_one_sentence(
    tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    done = run(tmp_path, "demo", *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def surnames() -> list[str]:
    """Every surname of the sample."""
    with STAFF.open(encoding="utf-8", newline="") as lines:
        return [row["surname"] for row in csv.DictReader(lines)]
