"""`docs/methodology.md`: its small act works as it stands there, and no section, key, role or way is left out."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from cli.main import main
from methodologies import loading, mechanism, sections
from methodologies.own import READERS
from rules.decisions import DECISIONS
from rules.methods import METHODS
from rules.methods.needs import NEEDS
from rules.plan import EVALUATORS, EXEMPTIONS, SELECTORS
from rules.roles import PLAN_ROLES, ROLES
from rules.stages import _ENTRIES, BRANCHES, OTHER_EVENTS
from rules.terms import _FROM_PERIOD

PAGE = Path(__file__).parents[2] / "docs" / "methodology.md"
TEXT = PAGE.read_text("utf-8")
FILES = dict(re.findall(r"^```yaml\n# (\S+\.yaml)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL))
COMMANDS = [
    line.partition("#")[0] for line in TEXT.splitlines() if line.startswith("bagalau ") and "/tmp/harbour" in line
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The three files of the page, saved as it says."""
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def test_the_page_has_the_three_files_and_its_commands() -> None:
    assert list(FILES) == ["act.yaml", "organisation.yaml", "sheet/sheet.yaml"]
    asked = {" ".join(line.split()[1:3]) for line in COMMANDS}
    assert {"methodology check", "methodology show", "methodology diagram", "deadlines /tmp/harbour"} <= asked


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_small_act_does_what_it_says(
    line: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(shlex.split(line.replace("/tmp/harbour", str(folder)))[1:])
    said = capsys.readouterr()
    assert not end.value.code, said.err


def test_the_small_act_comes_to_what_the_page_says(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["score", str(folder), "--sheet", str(folder / "sheet" / "sheet.yaml"), "--json"])
    found = json.loads(capsys.readouterr().out)
    assert (found["score"], found["grade"]) == ("4.3", "good")
    assert "The score is 4.3, *good*." in TEXT
    with pytest.raises(SystemExit):
        main(["deadlines", str(folder), "--period", "2026-Q3", "--at", "familiarized=2026-10-09", "--json"])
    due = {one["id"]: one["due"] for one in json.loads(capsys.readouterr().out)}
    assert (due["evaluation"], due["complaint"], due["familiarisation"]) == ("2026-10-15", "2026-10-16", None)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("section", (*loading.REQUIRED, *loading.OPTIONAL, *READERS)),
        ("key of an evaluation", (*mechanism._EVALUATION, *mechanism._EVALUATION_MORE, *mechanism.OPTIONS)),
        ("key of a plan", tuple(mechanism._PLAN)),
        ("key of a panel", tuple(mechanism._PANEL)),
        ("key of a consequence", tuple(mechanism._CONSEQUENCE)),
        ("selector", tuple(SELECTORS)),
        ("evaluator", tuple(EVALUATORS)),
        ("exemption", tuple(EXEMPTIONS)),
        ("stage", tuple(_ENTRIES)),
        ("event", (*OTHER_EVENTS, *(event for entry in _ENTRIES.values() for event in entry))),
        ("branch", tuple(BRANCHES)),
        ("role", (*ROLES, *PLAN_ROLES)),
        ("method", tuple(METHODS)),
        ("option of a method", tuple(key for need in NEEDS.values() for key in (*need.parameters, *need.options))),
        ("decision", (*DECISIONS, *(way for ways in DECISIONS.values() for way in ways))),
        ("unit", (*sections.UNITS, *sections.TERM_UNITS)),
        ("event of the period", tuple(_FROM_PERIOD)),
    ],
)
def test_nothing_a_folder_may_hold_is_left_out(kind: str, words: tuple[str, ...]) -> None:
    missing = [word for word in words if not re.search(rf"(?<![\w-]){word}(?![\w-])", TEXT)]
    assert not missing, f"docs/methodology.md says nothing of the {kind} {', '.join(missing)}"


def test_every_way_of_scoring_says_what_it_asks_for() -> None:
    assert set(NEEDS) == set(METHODS)
