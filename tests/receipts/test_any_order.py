"""Whatever the order, however often, in however many pieces: the same standing."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from models.base import stamp
from models.work import work
from services.callbacks import collect_all
from tests.notifications.house import NOW
from tests.receipts.conftest import Carrier, Give
from tests.receipts.far_side import HOUSES, batch, event
from tests.receipts.test_collecting import MINUTE, rows, tell

#: what carriers may say of a message, as far as the fates of messages go
FATES: dict[str, list[tuple[str, str]]] = {
    "delivered": [("processed", ""), ("deferred", ""), ("delivered", ""), ("open", "")],
    "bounced": [("processed", ""), ("deferred", ""), ("bounce", "bounce")],
    "dropped": [("dropped", "")],
    "blocked": [("processed", ""), ("bounce", "blocked")],
    "delivered and complained of": [("processed", ""), ("delivered", ""), ("spamreport", "")],
}
_TOLD = "SELECT notice_id, event, at, event_id FROM receipt WHERE source = 'sendgrid' ORDER BY notice_id, event_id"
_STATES = "SELECT id, state FROM notice ORDER BY id"


def _back(to: str) -> None:
    """As it was when the notices had just been given to the carrier; the protection of the evidence is set aside for it."""
    with work() as session:
        run = session.connection().execute
        run(text("DROP TRIGGER IF EXISTS receipt_no_delete"))
        run(text("DELETE FROM receipt WHERE event_id NOT LIKE 'notice/%' OR event_id LIKE '%tried-out'"))
        run(text("DELETE FROM callback"))
        run(text(f"UPDATE notice SET state = '{to}', next_at = NULL, failure = NULL"))


@pytest.fixture
def given_away(sqlite_database: str, give: Give) -> None:
    give(len(FATES), Carrier("sendgrid"))


def _events() -> list[dict[str, Any]]:
    return [
        event(notice, word, NOW + (place + 1) * MINUTE, type=kind)
        if kind
        else event(notice, word, NOW + (place + 1) * MINUTE)
        for notice, words in enumerate(FATES.values(), 1)
        for place, (word, kind) in enumerate(words)
    ]


@settings(max_examples=40, suppress_health_check=list(HealthCheck))
@given(data=st.data(), state=st.sampled_from(["handed", "claimed", "unknown"]))
def test_any_shuffle_with_repetitions_gives_the_same_standing(
    given_away: None, data: st.DataObject, state: str
) -> None:
    events = _events()
    _back(state)
    told = data.draw(st.lists(st.integers(0, len(events) - 1), max_size=46)) + data.draw(
        st.permutations(range(len(events)))
    )
    cuts = sorted(data.draw(st.sets(st.integers(0, len(told)), max_size=4)) | {0, len(told)})
    for number, (start, end) in enumerate(itertools.pairwise(cuts), 1):
        tell("sendgrid", [batch(*(events[place] for place in told[start:end]))], NOW + 10 * MINUTE)
        collect_all(HOUSES, NOW + (10 + number) * MINUTE, 90)
    if state == "claimed":  # the worker says at last that it was taken; then the failures told meanwhile are read
        with work() as session:
            session.connection().execute(text("UPDATE notice SET state = 'handed' WHERE state = 'claimed'"))
        collect_all(HOUSES, NOW + 30 * MINUTE, 90)
    assert [row for row in rows(_TOLD) if not row[3].startswith("notice/")] == _expected()
    states = dict(rows(_STATES))
    assert states.pop(4) == "waiting", "blocked for a reason that passes"
    assert set(states.values()) == {"handed"}


def _expected() -> list[tuple[Any, ...]]:
    meant = {"processed": "accepted", "dropped": "undelivered", "deferred": "deferred", "delivered": "delivered"}
    by_kind = {"blocked": "postponed", "bounce": "undelivered"}
    found = []
    for one in _events():
        word = by_kind.get(one.get("type", "")) or meant.get(one["event"])
        if word:
            at = stamp(datetime.fromtimestamp(one["timestamp"], UTC))
            found.append((int(one["sg_event_id"].split("-")[1]), word, at, one["sg_event_id"]))
    return sorted(found, key=lambda row: (row[0], row[3]))
