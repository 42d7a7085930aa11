"""One is not many."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rules.words import counted

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("number", "words", "said"),
    [
        (1, "results are approved", "1 result is approved"),
        (2, "results are approved", "2 results are approved"),
        (0, "sheets lie before the Commission", "0 sheets lie before the Commission"),
        (1, "sheets lie before the Commission", "1 sheet lies before the Commission"),
        (1, "people have a report", "1 person has a report"),
        (1, "people", "1 person"),
        (1, "entries", "1 entry"),
        (1, "signed checkpoints reach", "1 signed checkpoint reaches"),
        (1, "sheets signed by their servants", "1 sheet signed by their servants"),
    ],
)
def test_one_is_not_many(number: int, words: str, said: str) -> None:
    assert counted(number, words) == said


def test_no_command_says_1_results() -> None:
    """What is counted is said by `counted`, wherever a command prints a sentence with a verb."""
    by_hand = re.compile(
        r"\{[^{}']+\} (?:results|people|sheets|documents|servants|answers) (?:are|were|have|lie|wait)\b"
    )
    others = {"cli/cycle.py", "cli/notices.py"}
    found = [
        f"{file.relative_to(ROOT)}: {text}"
        for file in sorted((ROOT / "cli").rglob("*.py"))
        if str(file.relative_to(ROOT)) not in others
        for text in by_hand.findall(file.read_text("utf-8"))
    ]
    assert found == []
