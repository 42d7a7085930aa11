"""Words that a spreadsheet would run: they leave as text, and the list comes back as it was."""

from __future__ import annotations

import csv
import io

import pytest

from services.letter_list import Letter, as_csv
from services.spreadsheet import harmless


@pytest.mark.parametrize(
    "words", ["=1+1", "@SUM(A1)", "+7(A1)", "-A1", '=HYPERLINK("http://example.kz";"x")', "\t=1+1", "\r=1+1", "  =1+1"]
)
def test_no_cell_of_the_post_s_list_is_a_formula(words: str) -> None:
    letter = Letter("2026/1", "KRVQKD", words, words, "", "")
    [_, row] = csv.reader(io.StringIO(as_csv([letter], "ru").decode("utf-8-sig"), newline=""), delimiter=";")
    assert row[2:4] == [f"'{words}"] * 2


@pytest.mark.parametrize("value", ["-3.5", "+7", "Алматы, Абай 1", "", None, 4, "2026-10-07", "RR123456785KZ"])
def test_ordinary_cells_stay_as_they_are(value: object) -> None:
    assert harmless(value) == value
