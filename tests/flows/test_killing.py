"""A quarter of the sample body on a real Prefect, its worker killed ten times: the end is that of a quiet quarter."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from cli import launcher
from models.sql import execute
from models.work import engine, reading, use_database
from services import evidence
from settings import settings
from tasks.nudge import nudge
from tests.flows import office
from tests.flows.installation import Installation, Workers, installation
from tests.flows.office import almaty

ADVANCE, AUDIT, HAND_OVER = "advance/on-demand", "audit-deadlines/every-morning", "hand-over-notices/every-two-minutes"
Act = Callable[[datetime], int]

#: what people do, then which run follows at which moment of October and November 2026
QUARTER: list[tuple[list[Act], str, datetime]] = [
    ([], ADVANCE, almaty(1, hour=6)),
    ([], HAND_OVER, almaty(1, hour=7)),
    ([], HAND_OVER, almaty(1, hour=8)),
    ([lambda now: office.marked(now, only=20)], ADVANCE, almaty(7)),
    ([lambda now: office.marked(now, only=20), lambda now: office.looked(now, only=10)], ADVANCE, almaty(14)),
    ([], ADVANCE, almaty(15)),
    ([], AUDIT, almaty(19)),
    ([office.marked, office.looked], ADVANCE, almaty(20)),
    ([office.looked, office.disagreed], ADVANCE, almaty(21)),
    ([], ADVANCE, almaty(24)),
    ([], ADVANCE, almaty(2, month=11)),
    ([], HAND_OVER, almaty(2, month=11, hour=6)),
    ([], HAND_OVER, almaty(2, month=11, hour=7)),
    ([], AUDIT, almaty(3, month=11)),
]
KILLED_IN = {0, 1, 3, 4, 5, 6, 7, 8, 10, 11}

pytestmark = pytest.mark.slow


@pytest.fixture
def grounds(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Move to a fresh data folder of that name; every process started afterwards works there."""

    def move_to(name: str) -> None:
        data = tmp_path / name
        data.mkdir()
        shutil.copy(sqlite_template, data / "bagalau.db")
        monkeypatch.setenv("BAGALAU_DATA", str(data))
        monkeypatch.setenv("BAGALAU_DATABASE_URL", "")
        monkeypatch.setenv("BAGALAU_ORGANISATION", str(office.BODY_FILE))
        settings.cache_clear()
        use_database(settings().url)

    yield move_to
    engine(settings().url).dispose()
    settings.cache_clear()
    use_database(None)


@pytest.mark.timeout(1800)
def test_ten_kills_change_nothing(grounds: Callable[[str], None], tmp_path: Path) -> None:
    grounds("quiet")
    quiet = live(tmp_path / "quiet", kills=set())
    grounds("troubled")
    troubled = live(tmp_path / "troubled", kills=KILLED_IN)
    assert set(quiet) == set(troubled)
    for what, rows in quiet.items():
        assert troubled[what] == rows, what


@pytest.mark.timeout(600)
def test_a_nudge_and_a_schedule_start_runs_by_themselves(
    grounds: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    grounds("nudged")
    office.staffed()
    office.opened()
    with installation(tmp_path / "prefect") as place, launcher.worker(place.around, tmp_path / "worker.log"):
        monkeypatch.setenv("PREFECT_API_URL", place.around["PREFECT_API_URL"])
        heard = [nudge(office.KEY, "a test") for _ in range(5)]
        assert any(heard)
        assert len(_completed(place, name={"like_": "advance nudge"})) == 1, "a burst of nudges is one run"
        place.schedule(ADVANCE, almaty(1), reason="schedule")
        assert _completed(place, tags={"all_": ["auto-scheduled"]})


def _completed(place: Installation, patience: float = 240, **wanted: Any) -> list[dict[str, Any]]:
    until = time.monotonic() + patience
    while not (found := place.runs(**wanted, state={"type": {"any_": ["COMPLETED"]}})):
        assert time.monotonic() < until, f"no run completed: {wanted}"
        time.sleep(0.2)
    return found


def live(folder: Path, kills: set[int]) -> dict[str, list[Any]]:
    """Live through the quarter; return what is remembered of it at the end."""
    office.whole_body()
    office.opened()
    with installation(folder / "prefect") as place:
        workers = Workers(place, random.Random(20261001))
        workers.begin()
        try:
            for number, (acts, flow, at) in enumerate(QUARTER):
                for act in acts:
                    act(at)
                _run(place, workers, flow, at, kill=number in kills)
        finally:
            workers.end()
    assert workers.killed == len(kills)
    assert workers.inside >= len(kills) / 3, "too few kills met a run at work; the machine is too fast or too slow"
    return remembered()


def _run(place: Installation, workers: Workers, flow: str, at: datetime, kill: bool) -> None:
    if kill:
        workers.kill_during(place.start(flow, at))
    assert place.wait(place.start(flow, at)) == "COMPLETED", (flow, at)


def remembered() -> dict[str, list[Any]]:
    """Stages, results, journal and notices, without what the real clock and the salts of the content wrote.

    No two lives share those; that salted content and journal agree is proved in each by `verify`.
    """
    with reading() as session:
        assert not evidence.verify(session).problems
        kept = {
            name: [tuple(row) for row in execute(session, f"SELECT {columns} FROM {table}", {})]
            for name, (columns, table) in KEPT.items()
        }
    own = dict.fromkeys(("id", "recorded", "digest", "content"))
    said = [json.loads(body) | own for (body,) in kept["journal"]]
    # a run done twice puts what it wrote the first time under the journal, in a block of its own
    kept["journal"] = [one for one in said if one["event"] != "evidence_kept"]
    return kept


KEPT = {
    "stages": (
        "person_id, stage, version, form, evaluator_id, marker_id, result_version, completed_at, released_at,"
        " familiarised_at, familiarised_how, closed_at",
        "assessment ORDER BY person_id",
    ),
    "results": ("assessment_id, version, at, score, grade, working", "result ORDER BY assessment_id, version"),
    "terms": ("deadline_id, anchor_date, due, target", "term ORDER BY deadline_id, anchor_date"),
    "journal": ("body", "journal_entry ORDER BY seq"),
    "steps": (
        "assessment_id, version, from_stage, to_stage, acted_by, acted_at, note",
        "journal_row ORDER BY assessment_id, version",
    ),
    "notices": (
        "assessment_id, kind, recipient_id, channel, round, facts, state",
        "notice ORDER BY assessment_id, kind, recipient_id, channel, round",
    ),
    "receipts": (
        "n.assessment_id, n.kind, n.recipient_id, n.channel, n.round, r.event",
        "receipt r JOIN notice n ON n.id = r.notice_id"
        " ORDER BY n.assessment_id, n.kind, n.recipient_id, n.channel, n.round, r.event",
    ),
}
