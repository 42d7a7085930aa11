"""The page of the life of an assessment says what the table of steps says."""

from __future__ import annotations

from pathlib import Path

from methodologies import acts, load
from rules.stages import STAGES
from services.chart import mermaid, page
from tests.nchr import CYCLE_STEPS, STEPS

PAGE = Path(__file__).parents[2] / "docs" / "states.md"


def test_the_page_is_what_the_code_says() -> None:
    again = "`.venv/bin/python -m services.chart > docs/states.md`"
    assert PAGE.read_text("utf-8") == page(), f"rules/stages.py changed; write the page anew: {again}"


def test_every_stage_and_event_is_on_the_page() -> None:
    assert all(f"| `{name}` |" in page() for name in (*STAGES, *STEPS, *CYCLE_STEPS))


def test_mermaid_reads_every_label_as_one_line() -> None:
    # a semicolon would end the line and draw each further word as a stage of its own, a second colon is refused
    for one in (one for act in acts() for one in load(act).evaluations.values()):
        for line in mermaid(one).splitlines():
            assert ";" not in line
            assert line.count(":") <= 1
