"""`bagalau audit case`: one person's whole story, for people and as JSON with keys that stay."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.audit import app
from models.work import reading, work
from rules.errors import NotFound
from services import calibration, case_story, retention
from tests import commission, makers
from tests.makers import AIGUL, BOLAT, ERLAN, HEAD_A, HEAD_B, HEAD_C, HR, KEY, OFFICIAL, at, case, person


def told(*words: str) -> str:
    said = CliRunner().invoke(app, ["case", KEY, *words])
    assert said.exit_code == 0, said.output
    return said.stdout


def as_data(number: str, *words: str) -> dict[str, Any]:
    return dict(json.loads(told(number, "--json", *words)))


@pytest.mark.rule("N-24", "N-25")
def test_the_story_of_one_who_disagreed(database: str) -> None:
    makers.a_whole_quarter()
    found = as_data(AIGUL, "--at", "2026-12-01T00:00")
    assert found.keys() == {
        "cycle", "person", "assessment", "stage", "result_version", "familiarised_how", "plan", "steps", "content",
        "deadlines", "notices", "annual",
    }  # fmt: skip
    steps = {one["event"]: one for one in found["steps"]}
    assert list(steps) == [
        "planned", "notified", "opened", "marked", "computed", "released", "shown", "requested", "session_called",
        "session_held", "protocol_signed",
    ]  # fmt: skip
    assert (steps["marked"]["actor"], steps["marked"]["rules"]) == (HEAD_A, ["N-30", "N-32", "N-37"])
    assert (steps["requested"]["actor"], steps["session_called"]["actor"]) == (AIGUL, OFFICIAL)
    assert steps["marked"]["at"] == "2026-10-05T04:00:00.000000Z" < steps["marked"]["recorded_at"]
    content = found["content"]
    assert [one["value"] for one in content["mark"]] == ["4", "4", "4", "4", "5"]
    assert [(one["source"], one["score"]) for one in content["result"]] == [
        ("computed", "4.20"),
        ("calibrated", "5.00"),
    ]
    assert content["result"][0]["working"][-2:] == ["21 / 5 = 4.2", "4.20 -> effective (4 to 5)"]
    assert {one["person"]: one["vote"] for one in content["session_member"]} == dict.fromkeys((HEAD_B, HEAD_C, HR), "5")
    verdicts = {one["deadline"]: (one["verdict"], one["rules"]) for one in found["deadlines"]}
    assert verdicts["quarterly_evaluation"] == ("kept", ["N-10"])
    assert verdicts["protocol_uploaded"] == ("missed", ["N-50"])
    assert all(one["reason"] for one in found["deadlines"])
    assert found["annual"][0]["score"] == "5.00"
    assert found["plan"]["evaluator"] == HEAD_A


def test_evidence_that_came_back_stands_beside_its_notice(sqlite_database: str) -> None:
    makers.a_whole_quarter()
    letter = next(one for one in as_data(ERLAN)["notices"] if one["kind"] == "result_served")
    assert [(one["event"], one["officer"], one["reference"]) for one in letter["receipts"]] == [
        ("delivered", HR, "RB123456789KZ")
    ]


def test_a_page_for_people_says_it_all_and_no_name(sqlite_database: str) -> None:
    makers.a_whole_quarter()
    page = told(AIGUL)
    for words in (
        "evaluated by 100011",
        "21 / 5 = 4.2",
        "session held",
        "protocol_uploaded",
        "Annual mark of 2026",
        "дәлел",
    ):
        assert words in page or words.replace(" ", "_") in page, words
    assert "Тегі" not in page
    assert "refusal act" in told(BOLAT)


def test_a_substitute_acts_for_the_evaluator_and_a_refused_late_request_is_a_step(sqlite_database: str) -> None:
    makers.a_cycle("open")
    from services import handing

    with work() as session:
        handing.replace_evaluator(
            session, [case(AIGUL).id or 0], person(HEAD_B), "sick leave", at("2026-10-02"), f"person/{person(HR)}"
        )
    makers.marked()
    makers.walk("2026-10-06")
    makers.shown()
    late = makers.disagrees(AIGUL, "2026-10-20")
    with work() as session:
        calibration.refuse_request(session, late.request_id, "late", person(OFFICIAL), at("2026-10-21"))
    steps = {one["event"]: one for one in as_data(AIGUL)["steps"]}
    assert (steps["marked"]["actor"], steps["marked"]["on_behalf_of"]) == (HEAD_B, HEAD_A)
    assert (steps["replaced"]["actor"], steps["replaced"]["reason"]) == (HR, "sick leave")
    assert steps["request_refused"]["actor"] == OFFICIAL
    assert f"{HEAD_B} for {HEAD_A}" in told(AIGUL)


def test_of_one_whose_documents_were_destroyed_the_steps_remain(sqlite_database: str) -> None:
    makers.a_cycle("familiarised")
    makers.walk("2026-10-15")
    with work() as session:
        retention.dispose(session, case(AIGUL).id or 0, at("2029-10-06"), "person/2")
    found = as_data(AIGUL)
    assert (found["stage"], found["steps"][-1]["event"]) == ("disposed", "disposed")
    assert "mark" not in found["content"]
    assert datetime.fromisoformat(found["steps"][-1]["at"]).year == 2029


def test_a_stranger_is_refused_in_a_sentence(sqlite_database: str) -> None:
    makers.a_cycle("draft")
    said = CliRunner().invoke(app, ["case", KEY, "999999"])
    assert isinstance(said.exception, NotFound)
    assert "'999999' is not part of this cycle" in str(said.exception)


def test_a_sheet_says_when_it_was_really_written_down(sqlite_database: str, tmp_path: Path) -> None:
    key = commission.opened(commission.KPI, tmp_path)
    commission.sign(key, commission.AIGUL, commission.kpis(4), "2019-01-15")
    with reading() as session:
        found = case_story.story(session, key, commission.AIGUL, at("2019-01-16"))
    [sheet] = found["content"]["sheet_content"]
    [signed] = [one for one in found["steps"] if one["event"] == "marked"]
    assert sheet["signed_at"] == signed["at"] < "2019-01-16"
    assert sheet["recorded_at"] == signed["recorded_at"] > "2020"
