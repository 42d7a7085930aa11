"""Every sample body's cycles are opened and looked at from the command line, whatever its act leaves out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.main import main
from tests import commission

pytestmark = pytest.mark.usefixtures("sqlite_database")


def cycles_of(body: Path) -> list[dict[str, Any]]:
    """The cycles the body's demonstration opens; none where the flows open them."""
    return list(yaml.safe_load((body / "story.yaml").read_text("utf-8")).get("cycles", ()))


BODIES = [one.parent for one in sorted(Path("examples").glob("*/story.yaml")) if cycles_of(one.parent)]


def ended(*words: str) -> int:
    """The exit code of a command."""
    with pytest.raises(SystemExit) as end:
        main(words)
    return int(end.value.code or 0)


@pytest.mark.parametrize("body", BODIES, ids=lambda one: one.name)
def test_a_cycle_of_every_act_is_opened_and_shown(body: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ended("people", "import", str(body / "staff.csv")) == 0
    officials = yaml.safe_load((body / "organisation.yaml").read_text("utf-8"))["settings"]["officials"]
    for one in cycles_of(body):
        words = ("--period", str(one["period"]), "--evaluation", one["evaluation"], "--by", officials["hr_officer"])
        file = ("--organisation", str(body / "organisation.yaml"))
        code = ended("cycle", "open", *words, *file, "--at", f"{one['opened']}T10:00")
        said = capsys.readouterr()
        assert code == 0, said.err
        assert "draft" in said.out


def test_an_act_without_designees_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commission.opened(commission.KPI, tmp_path)
    assert ended("cycle", "designate", "mic-sample-2018", "500005", "500021", "--by", "500011") == 1
    assert capsys.readouterr().err.strip() == "mic-2018 lets nobody else be designated to evaluate."
