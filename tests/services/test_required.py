"""Before a cycle is opened: everything the act leaves to the body and the evaluation needs is there, or all of it is named."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from models.work import work
from rules.errors import Conflict, MissingSetting, RuleError
from services import cycle as cycles
from services import required
from services.people import import_staff
from tests import makers
from tests.adgs import law_of as agency_law
from tests.commission import EXAMPLES
from tests.justice import law_of
from tests.makers import at, refused, rows


def without(sample: str, folder: Path, *keys: str) -> Path:
    """The sample organisation file without some keys; a key at the left margin goes with all that stands under it."""
    lines, skipping = [], ""
    for line in (EXAMPLES / sample / "organisation.yaml").read_text("utf-8").splitlines():
        indent = re.match(r" *", line)[0]  # type: ignore[index]
        if skipping and (not line.strip() or len(indent) >= len(skipping)) and line.strip()[:1] != "":
            continue
        skipping = ""
        if line.strip().partition(":")[0] in keys:
            skipping = indent + " "
            continue
        lines.append(line)
    file = folder / "organisation.yaml"
    file.write_text("\n".join(line for line in lines if not re.match(r"  - (settings|own)\.", line)) + "\n", "utf-8")
    return file


def opened(file: Path, act: str, period: str, evaluation: str | None = None) -> str:
    with work() as session:
        return cycles.open_cycle(session, file, act, period, at("2024-04-01"), "person/1", evaluation)


@pytest.mark.rule("J-26", "J-45", "J-Q2")
@pytest.mark.parametrize(
    ("period", "evaluation", "lacking", "fine"),
    [
        ("2017-Q3", "quarter", r"settings.scale_of_body \(pt 18, Annex 2: which list", "annual_weights"),
        ("2017", "annual", r"settings.annual_weights \(pt 32: the weights of the quarters", "scale_of_body"),
    ],
)
def test_an_evaluation_asks_for_what_it_needs_alone(
    sqlite_database: str, tmp_path: Path, period: str, evaluation: str, lacking: str, fine: str
) -> None:
    file = without("justice", tmp_path, "annual_weights", "scale_of_body")
    with pytest.raises(MissingSetting, match=lacking) as said:
        opened(file, "justice-2017", period, evaluation)
    assert fine not in str(said.value)
    assert "the organisation file of justice-sample does not say it" in str(said.value)
    assert rows("SELECT COUNT(*) FROM cycle") == [(0,)]
    assert rows("SELECT COUNT(*) FROM pinned_text") == [(0,)]


@pytest.mark.rule("U-48", "U-Q4")
def test_without_the_table_of_permitted_marks_no_quarter_is_opened(sqlite_database: str, tmp_path: Path) -> None:
    file = without("uralsk", tmp_path, "permitted_marks")
    with refused(MissingSetting, r"settings.permitted_marks \(pt 27: which mark a percentage"):
        opened(file, "uralsk-maslikhat-2018", "2023-Q4")


@pytest.mark.rule("A-Q2", "A-Q10")
def test_a_body_that_said_nothing_hears_everything_at_once(sqlite_database: str, tmp_path: Path) -> None:
    file = without("adgs", tmp_path, "own")
    with pytest.raises(MissingSetting) as said:
        opened(file, "adgs-2018-93", "2024-Q1")
    words = str(said.value)
    for place in (
        "own.evaluations.quarter",
        "own.deadlines.quarterly_evaluation",
        "own.forms.kpi",
        "own.scales.result",
    ):
        assert place in words
    assert words.count("adgs-2018-93 leaves to the body") == 1
    assert rows("SELECT COUNT(*) FROM cycle") == [(0,)]


@pytest.mark.rule("A-Q2")
def test_one_term_that_is_missing_is_named_alone() -> None:
    law = agency_law()
    less = replace(law, deadlines={k: v for k, v in law.deadlines.items() if k != "quarterly_evaluation"})
    assert [one.name for one in required.missing(less, law.evaluations["quarter"])] == ["quarterly_evaluation"]
    assert required.missing(law, law.evaluations["quarter"]) == []


def test_what_an_act_does_not_evaluate_is_another_refusal(sqlite_database: str) -> None:
    assert required.missing(law_of(), None) == []
    with pytest.raises(RuleError, match="evaluates a quarter"):
        opened(makers.BODY_FILE, makers.ACT, "2026")


def test_a_body_does_not_evaluate_a_period_under_two_acts(sqlite_database: str, tmp_path: Path) -> None:
    with work() as session:
        import_staff(session, EXAMPLES / "adgs" / "staff.csv", "person/hr", at("2024-04-01"), "adgs-2018-93")
    key = opened(EXAMPLES / "adgs" / "organisation.yaml", "adgs-2018-93", "2024-Q1")
    other = (EXAMPLES / "uralsk" / "organisation.yaml").read_text("utf-8")
    file = tmp_path / "organisation.yaml"
    file.write_text(other.replace("organisation: uralsk-sample", "organisation: adgs-sample"), "utf-8")
    with refused(Conflict, f"The cycle {key} stands already, under adgs-2018-93, evaluation 'quarter'"):
        opened(file, "uralsk-maslikhat-2018", "2024-Q1")
