"""Every refusal of the readers has one small broken file; its first line says which words must be in the refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.main import main
from methodologies import law, load, read_organisation
from rules.errors import BadFile, RuleError
from rules.period import Period

HERE = Path(__file__).parent
BROKEN = sorted((HERE / "broken").glob("*.yaml"))


def expected(file: Path) -> str:
    return file.read_text("utf-8").splitlines()[0].removeprefix("# refused: ")


def used(file: Path) -> None:
    if file.name.startswith("organisation_"):
        law(load("nchr-2024"), Period(2026, 3), read_organisation(file))
    else:
        load(file)


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_a_broken_file_is_refused_with_the_reason(file: Path) -> None:
    with pytest.raises(RuleError) as refusal:
        used(file)
    assert expected(file) in str(refusal.value)


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_the_command_refuses_it_in_one_sentence(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["methodology", "check", str(file)])
    said = capsys.readouterr()
    assert end.value.code == 1
    assert expected(file) in said.err
    assert "Traceback" not in said.err


def test_the_same_act_without_a_fault_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    act = load(HERE / "good.yaml")
    assert (act.id, len(act.deadlines), act.warnings) == ("harbour-staff", 1, ())
    with pytest.raises(SystemExit) as end:
        main(["methodology", "check", str(HERE / "good.yaml")])
    assert end.value.code == 0
    assert "harbour-staff" in capsys.readouterr().out


def test_every_fault_of_a_file_is_reported_at_once(tmp_path: Path) -> None:
    text = (HERE / "good.yaml").read_text("utf-8")
    file = tmp_path / "act.yaml"
    file.write_text(text.replace("2023-11-20: 5", "2023-11-20: five").replace("default: so", "default: never"), "utf-8")
    with pytest.raises(BadFile) as refusal:
        load(file)
    assert len(refusal.value.problems) == 2
    assert "(1 more finding(s))" in str(refusal.value)


def test_a_section_may_stand_in_one_file_only(tmp_path: Path) -> None:
    (tmp_path / "act.yaml").write_text((HERE / "good.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "rules.yaml").write_text('rules: {H-1: {point: "1", says: Again.}}\n', "utf-8")
    with pytest.raises(BadFile, match="the section 'rules' already stands in"):
        load(tmp_path)


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    (tmp_path / "act.yaml").write_bytes("act: бағалау".encode("cp1251", "replace"))
    with pytest.raises(BadFile, match="not UTF-8"):
        load(tmp_path)


def test_an_old_comparison_is_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "act.yaml"
    text = (HERE / "good.yaml").read_text("utf-8")
    file.write_text(text.replace("compared_with_text_on: 2026-08-15", "compared_with_text_on: 2023-01-01"), "utf-8")
    assert "read these files beside the text again" in load(file).warnings[0]
