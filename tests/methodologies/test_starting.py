"""Starting a new body's methodology from an act that exists."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from methodologies import acts, law, load, read_organisation
from methodologies.starting import start
from rules.errors import NotAllowed, RuleError
from rules.period import Period

ADOPTED = date(2026, 1, 12)


@pytest.mark.parametrize("act_id", acts())
def test_the_started_folder_is_in_order_and_says_what_the_source_said(act_id: str, tmp_path: Path) -> None:
    source = load(act_id)
    files = start(source, tmp_path / "lakes", "lakes-2026", ADOPTED)
    made = load(tmp_path / "lakes")
    body = read_organisation(tmp_path / "lakes" / "organisation.yaml")
    assert all(file.is_file() for file in files)
    assert (made.id, body.act, [one.id for one in made.revisions]) == ("lakes-2026", "lakes-2026", ["first"])
    assert "in_force_from.first" in body.unconfirmed
    assert made.warnings  # nobody has compared it with the text of the new act
    found = law(made, Period(2026), body)
    assert set(found.evaluations) == set(source.evaluations) or not source.evaluations
    assert {one.since for one in found.values.values()} <= {ADOPTED}
    assert not [rule.id for rule in found.deadlines.values() if rule.revision]


def test_nothing_is_written_over_and_an_id_is_an_id(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("act: mine", "utf-8")
    with pytest.raises(NotAllowed, match="is not empty"):
        start(load("nchr-2024"), tmp_path, "lakes-2026", ADOPTED)
    with pytest.raises(RuleError, match="is no id of a methodology"):
        start(load("nchr-2024"), tmp_path / "new", "Lakes 2026", ADOPTED)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.yaml"]
