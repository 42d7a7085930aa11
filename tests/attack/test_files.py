"""Lists that would be read otherwise than they were meant, and a body's file that would break an open cycle for good."""

from __future__ import annotations

from pathlib import Path

import pytest
import typer

from cli.common import rows_of, when
from rules.errors import BadFile, NotFound, RuleError
from tests import makers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("personnel_no,1,1,2\n100060,5,1,4\n", "column 1 stands twice"),
        ("personnel_no,1,2,comment_5\n100060,4,5,4,\n", "row 2: more cells than columns"),
    ],
)
def test_a_list_whose_cells_would_move_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "sheets.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(BadFile, match=said):
        rows_of(file, ("personnel_no",))


def test_a_moment_before_this_century_is_a_slip_of_the_hand() -> None:
    with pytest.raises(typer.BadParameter, match="before this century"):
        when("0001-01-01", "Asia/Almaty")


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("serve_silent_after_days: 21", "serve_silent_after_days: soon", RuleError),
        ("serve_silent_after_days: 21", "serve_silent_after_days: -1", RuleError),
        ('appointing_official: "100001"', 'appointing_official: "999999"', NotFound),
    ],
)
def test_a_cycle_is_not_opened_on_settings_that_would_stop_it(
    sqlite_database: str, tmp_path: Path, old: str, new: str, refusal: type[Exception]
) -> None:
    makers.a_body()
    file = tmp_path / "organisation.yaml"
    file.write_text(makers.BODY_FILE.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(refusal):
        makers.opened(file=file)
    assert makers.rows("SELECT COUNT(*) FROM cycle") == [(0,)]
