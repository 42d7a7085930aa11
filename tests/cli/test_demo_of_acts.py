"""Every act lived through over its own period: it ends well, and every figure is that of the database."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import methodologies
from cli.report.page import _on_day
from cli.simulation.inventing import WAYS
from cli.simulation.script import read_script
from rules.errors import BadFile
from rules.methods import METHODS

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Lived:
    """One demonstration that is over."""

    told: dict[str, Any]
    folder: Path

    def ask(self, query: str) -> list[Any]:
        with sqlite3.connect(f"file:{self.folder / 'bagalau.db'}?mode=ro", uri=True) as connection:
            return connection.execute(query).fetchall()

    def number(self, query: str) -> int:
        return int(self.ask(query)[0][0])

    @property
    def events(self) -> dict[str, int]:
        return dict(self.ask("SELECT event, COUNT(*) FROM journal_entry GROUP BY event"))


def run(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    around = {**os.environ, "BAGALAU_DATA": str(data)}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *words], cwd=ROOT, env=around, capture_output=True, text=True, timeout=280
    )


def lived(data: Path, methodology: str) -> Lived:
    """The demonstration of a methodology, with everything that holds for each of them."""
    done = run(data, "demo", "--methodology", methodology, "--json")
    assert done.returncode == 0, done.stderr
    one = Lived(json.loads(done.stdout), data / "demo")
    _figures_agree(one)
    _everything_ended(one)
    _the_record_is_whole(one)
    _the_report_stands_alone(one, methodology)
    return one


def _figures_agree(one: Lived) -> None:
    told, number, ask = one.told, one.number, one.ask
    assert {
        "people", "assessments", "exempt", "stages", "grades", "deadlines", "notices", "calibration", "documents",
        "journal_rows", "flow_runs", "report",
    } <= set(told)  # fmt: skip
    assert told["people"] == number("SELECT COUNT(*) FROM person")
    assert told["assessments"] == number("SELECT COUNT(*) FROM assessment")
    assert told["exempt"] == number("SELECT COUNT(*) FROM assessment WHERE stage = 'exempt'")
    assert told["stages"] == dict(ask("SELECT stage, COUNT(*) FROM assessment GROUP BY stage"))
    assert told["notices"]["by_channel"] == dict(ask("SELECT channel, COUNT(*) FROM notice GROUP BY channel"))
    assert told["journal_rows"] == number("SELECT COUNT(*) FROM journal_row")
    assert told["documents"] == len(list(one.folder.rglob("*.pdf"))) > 0
    assert told["flow_runs"] == 0
    graded = ask(
        "SELECT r.grade, COUNT(*) FROM result r JOIN assessment a ON a.id = r.assessment_id"
        " AND a.result_version = r.version WHERE r.grade IS NOT NULL GROUP BY r.grade"
    )
    assert {grade: n for grade, n in told["grades"].items() if n} == dict(graded)
    assert told["calibration"] == {
        "requests": number("SELECT COUNT(*) FROM calibration_request"),
        "sessions": number("SELECT COUNT(*) FROM calibration_session"),
        "changed": number("SELECT COUNT(*) FROM result WHERE source = 'calibrated'"),
    }
    if "commission" in told:
        assert told["commission"]["sittings"] == number("SELECT COUNT(*) FROM commission_sitting")
        assert told["commission"]["revised"] == number("SELECT COUNT(*) FROM result WHERE source = 'revised'")
        assert told["appeals"]["lodged"] == number("SELECT COUNT(*) FROM appeal")
        assert told["appeals"]["reported"] == number("SELECT COUNT(*) FROM appeal_report")
    if "plans" in told:
        assert told["plans"]["stages"] == dict(ask("SELECT stage, COUNT(*) FROM work_plan GROUP BY stage"))


def _everything_ended(one: Lived) -> None:
    assert set(one.told["stages"]) <= {"closed", "exempt"}
    assert one.told["stages"]["closed"] > 15
    assert {row[0] for row in one.ask("SELECT stage FROM cycle")} == {"closed"}
    # nothing is missed but the answers of those who kept silent about whom a survey could then report nothing
    silent = (
        "SELECT COUNT(*) FROM survey_respondent r JOIN assessment a ON a.id = r.assessment_id"
        " WHERE a.stage = 'exempt' AND r.answered = 0"
    )
    assert one.told["deadlines"]["missed"] == one.number(silent)
    assert one.told["deadlines"]["kept"] > 5 * one.told["deadlines"]["late"] > 0
    late = "SELECT COUNT(*) FROM annual_mark WHERE version = 1 AND due <> '' AND SUBSTR(at, 1, 10) > due"
    assert one.number(late) == 0, "marks of the year were formed after their term"


def _the_record_is_whole(one: Lived) -> None:
    done = run(one.folder, "audit", "verify", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["problems"] == []


def _the_report_stands_alone(one: Lived, methodology: str) -> None:
    report = (one.folder / "report.html").read_text("utf-8")
    assert re.findall(r"""(?:src|href|url\(|@import)\s*=?\s*["'(]?\s*(?:https?:)?//""", report) == []
    assert "BROKEN" not in report
    assert "The busiest days" in report
    assert ("Commission</h2>" in report) is ("commission" in one.told)
    assert ("Calibration</h2>" in report) is ("commission" not in one.told)
    follows = "What follows from the results</h2>" in report
    assert follows is bool(methodologies.load(methodology).consequences)
    assert ("Individual plans" in report) is ("plans" in one.told)
    for (surname,) in one.ask("SELECT DISTINCT surname FROM person"):
        assert surname not in report, surname
    assert re.findall(r"[.,;]Counts|\b1 (?:cycles|sessions|channels|results)\b", report) == []
    for width, drawn in re.findall(r'<svg viewBox="0 0 ([\d.]+) [\d.]+"(.*?)</svg>', report, re.DOTALL):
        for x, long in re.findall(r'<rect x="([\d.-]+)" y="[\d.-]+" width="([\d.]+)"', drawn):
            assert float(x) + float(long) <= float(width), "a chart is drawn beyond its edge"


def test_the_maslikhat_lives_a_quarter_and_the_360(tmp_path: Path) -> None:
    one = lived(tmp_path, "uralsk-maslikhat-2018")
    assert [(row["evaluation"], row["period"]) for row in one.told["cycles"]] == [
        ("quarter", "2023-Q4"),
        ("survey", "2023"),
    ]
    assert one.told["calibration"] == {"requests": 3, "sessions": 2, "changed": 1}
    assert one.told["plans"]["changed"] == 1
    found = one.ask("SELECT late, state FROM calibration_request ORDER BY late")
    assert found == [(0, "accepted"), (0, "accepted"), (1, "refused")]
    # the answers of the survey are gone, its reports are there
    assert one.number("SELECT COUNT(*) FROM survey_ballot") == 0
    assert one.number("SELECT COUNT(*) FROM assessment a JOIN cycle c ON c.id = a.cycle_id AND c.evaluation = 'survey'"
                      " WHERE a.stage = 'closed'") > 20  # fmt: skip


def test_the_agency_lives_a_quarter_with_people_away(tmp_path: Path) -> None:
    one = lived(tmp_path, "adgs-2018-93")
    away = one.ask("SELECT familiarised_how, COUNT(*) FROM assessment WHERE absent = 1 GROUP BY familiarised_how")
    assert dict(away) == {"served": 8}
    assert one.told["calibration"] == {"requests": 3, "sessions": 2, "changed": 1}


def test_the_ministry_of_information_lives_a_year(tmp_path: Path) -> None:
    one = lived(tmp_path, "mic-2018")
    assert one.told["plans"]["returned"] == 1
    assert one.told["plans"]["monitored"] > 100
    assert one.told["appeals"] == {
        "lodged": 3, "late": 1, "dismissed": 2, "revision_recommended": 1, "reported": 0, "court": 1,
    }  # fmt: skip
    assert one.told["commission"]["revised"] == 2
    assert one.told["commission"]["orders"] == 2
    assert {"returned", "agreed", "refused", "result_dispatched", "approved"} <= set(one.events)
    [says] = one.ask("SELECT says FROM commission_decision d JOIN assessment a ON a.id = d.assessment_id JOIN person p"
                     " ON p.id = a.person_id WHERE p.personnel_no = '300012' AND d.decision = 'revise'")  # fmt: skip
    assert "chair" in says[0]


def test_the_ministry_of_justice_lives_a_year(tmp_path: Path) -> None:
    one = lived(tmp_path, "justice-2017")
    assert len(one.told["cycles"]) == 4
    assert one.told["appeals"]["revision_recommended"] == one.told["appeals"]["reported"] == 1
    assert {"self_evaluated", "signed", "sign_refused", "refused", "late_appeal", "replaced"} <= set(one.events)
    annual = one.ask(
        "SELECT r.grade FROM result r JOIN assessment a ON a.id = r.assessment_id AND a.result_version = r.version"
        " JOIN cycle c ON c.id = a.cycle_id AND c.evaluation = 'annual' JOIN person p ON p.id = a.person_id"
        " WHERE p.personnel_no = '400024'"
    )
    assert annual == [("unsatisfactory",)]
    carried = one.ask(
        "SELECT r.working FROM result r JOIN assessment a ON a.id = r.assessment_id JOIN cycle c ON c.id = a.cycle_id"
        " AND c.period = '2018-Q1' JOIN person p ON p.id = a.person_id WHERE p.personnel_no = '400022'"
    )
    assert "2017-12-20" in carried[0][0]


@pytest.mark.slow
def test_a_folder_with_an_act_of_its_own_is_lived_as_well(tmp_path: Path) -> None:
    one = lived(tmp_path, "examples/ministry")
    assert one.told["calibration"] == {"requests": 2, "sessions": 1, "changed": 1}


@pytest.mark.slow
def test_without_a_story_parts_are_drawn_by_lot(tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    for file in (ROOT / "examples" / "ministry").iterdir():
        if file.name != "story.yaml":
            (folder / file.name).write_bytes(file.read_bytes())
    done = run(tmp_path, "demo", "--methodology", str(folder), "--period", "2025-Q3", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["stages"]["closed"] == 21
    assert told["calibration"]["requests"] == 2


@pytest.mark.slow
def test_the_same_seed_gives_the_same_life(tmp_path: Path) -> None:
    first, second = (
        json.loads(run(tmp_path / name, "demo", "--methodology", "adgs-2018-93", "--json").stdout) for name in "ab"
    )
    for told in (first, second):
        del told["report"]
    assert first == second


# --- a year simulated -----------------------------------------------------------------------------------


def test_a_simulated_year_tells_its_busiest_days_and_the_deadlines_at_risk(tmp_path: Path) -> None:
    done = run(tmp_path, "methodology", "simulate", "mic-2018", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    days = told["busiest_days"]
    totals = [day["acts_in_all"] + day["due_in_all"] for day in days]
    assert totals == sorted(totals, reverse=True)
    assert all(day["acts_in_all"] == sum(day["acts"].values()) for day in days)
    assert {"servants", "evaluators", "HR", "superiors", "Commission"} <= set(told["busiest_by_role"])
    risk = {one["id"]: one for one in told["at_risk"]}
    assert all(one["late"] or one["missed"] or one["kept_on_the_last_day"] for one in risk.values())
    # the late one of the story, by the database: the plan of 300032
    with sqlite3.connect(tmp_path / "simulation" / "bagalau.db") as kept:
        late = kept.execute("SELECT COUNT(*) FROM work_plan WHERE drawn_at >= datetime(due, '+1 day')").fetchone()[0]
    assert risk["kpi_set_in_plan"]["late"] == late == 1


@pytest.mark.slow
def test_a_year_of_quarters_is_simulated_too(tmp_path: Path) -> None:
    done = run(tmp_path, "methodology", "simulate", "adgs-2018-93", "--year", "2024", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert [row["period"] for row in told["cycles"] if row["evaluation"] == "quarter"] == [
        f"2024-Q{n}" for n in (1, 2, 3, 4)
    ]
    assert {row["stage"] for row in told["cycles"]} == {"closed"}


@pytest.mark.slow
def test_a_large_body_lives_in_sets(tmp_path: Path) -> None:
    done = run(tmp_path, "methodology", "simulate", "justice-2017", "--people", "400", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["people"] >= 400


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("methodology", "simulate", "mic-2018", "--year", "2015"), "governed"),
        (("methodology", "simulate", "mic-2018", "--organisation", "nowhere.yaml"), "There is no organisation file"),
        (("demo", "--methodology", "examples"), "examples"),
    ],
)
def test_what_cannot_be_lived_is_refused_in_one_sentence(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    done = run(tmp_path, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


# --- the story as data ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("events: [{what: falls_ill, who: \"1\"}]", "'falls_ill' is not known here"),
        ("events: [{what: asks, who: \"1\"}]", "the key 'after' is missing"),
        ("events: [{what: asks, who: \"1\", after: soon}]", "is not a number"),
        ("cycles: [{evaluation: quarter, period: 2024-Q1, day: 2024-01-01}]", "the key 'day' is not known"),
        ("weather: fine", "the key 'weather' is not known"),
    ],
)  # fmt: skip
def test_a_story_with_a_mistake_is_refused_with_its_line(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "story.yaml").write_text(f"{line}\n", "utf-8")
    with pytest.raises(BadFile) as refusal:
        read_script(tmp_path / "organisation.yaml")
    assert says in str(refusal.value)
    assert "story.yaml, line 1" in str(refusal.value)


def test_every_way_of_scoring_can_be_demonstrated() -> None:
    assert set(WAYS) | {"survey"} == set(METHODS)


def test_the_report_says_the_days_of_the_body() -> None:
    late = "2019-02-08T18:30:00.000000Z"  # half past midnight in Almaty, which was six hours ahead
    assert _on_day(late, ZoneInfo("Asia/Almaty")) == "Sat 9 Feb 2019"
    assert _on_day(None, ZoneInfo("Asia/Almaty")) == ""


@pytest.mark.parametrize("body", ["adgs", "justice", "mic", "ministry", "nchr", "uralsk"])
def test_what_people_write_in_a_story_is_kazakh_or_russian(body: str) -> None:
    script = read_script(ROOT / "examples" / body / "organisation.yaml")
    said = [one.get(name) for one in script.events or () for name in ("words", "explanation", "order", "reference")]
    said += [script.commission.order] if script.commission else []
    for words in filter(None, said):
        assert set(words) == {"kk", "ru"}
        assert not re.search("[A-Za-z]", "".join(words.values()))
