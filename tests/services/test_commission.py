"""The Commission of an act: composition by orders, submission, sittings, votes, decisions, approval."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.work import reading
from services.evidence import verify
from tests import commission as c
from tests import makers
from tests.makers import rows

pytestmark = pytest.mark.usefixtures("database")


def test_a_year_under_kpi(tmp_path: Path) -> None:
    key = c.a_kpi_year(tmp_path)
    assert c.stages(key) == {"familiarised": 7}
    makers.walk("2019-02-05 23:00", key)
    assert c.stages(key) == {"familiarised": 7}
    makers.walk("2019-02-06 00:00", key)
    assert c.stages(key) == {"closed": 7}
    assert rows("SELECT stage FROM cycle") == [("closed",)]
    with reading() as session:
        assert verify(session).problems == []
