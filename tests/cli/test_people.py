from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.people import app
from tests.services.staff import EXAMPLE

BROKEN = Path(__file__).parents[1] / "services" / "broken_staff"


@pytest.fixture(autouse=True)
def _server(sqlite_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.people.upgrade", lambda url: url)


def run(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.stdout, done.stderr


def test_import_and_list_as_json() -> None:
    code, said, _ = run("import", str(EXAMPLE), "--json")
    assert code == 0
    assert {"rows", "people", "created", "changed", "unchanged", "sha256", "structure"} <= json.loads(said).keys()
    code, said, _ = run("list", "--unit", "legal", "--json")
    found = json.loads(said)
    assert (code, found["total"], len(found["people"])) == (0, 7, 7)
    assert found["people"][0]["appointed_on"] == "2026-04-01"


def test_the_officer_is_in_the_journal_by_id_only() -> None:
    run("import", str(EXAMPLE))
    code, said, _ = run("import", str(EXAMPLE), "--by", "100002")
    assert code == 0
    assert "62 unchanged" in said


def test_a_refusal_lists_the_findings_and_ends_with_one() -> None:
    code, _, complaint = run("import", str(BROKEN / "bad_phone.csv"))
    assert code == 1
    assert "row 4, column phone: '+7 700 000' is not a telephone number" in complaint
    code, said, _ = run("import", str(BROKEN / "bad_phone.csv"), "--json")
    assert (code, len(json.loads(said)["problems"])) == (1, 1)
