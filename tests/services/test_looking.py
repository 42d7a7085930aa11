"""Whether a walk would do anything is tried, and the try leaves nothing behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.work import rehearsal
from services import advance
from tests import makers
from tests.makers import AIGUL, DANA, KEY, at


def due(now: str) -> bool:
    """Would a walk do anything now?"""
    before = makers.everything()
    with rehearsal() as session:
        found = advance.due(session, KEY, at(now))
    assert makers.everything() == before, "looking changed something"
    return found


@pytest.mark.parametrize(
    ("until", "then", "now"),
    [
        ("approved", lambda: None, "2026-10-01 12:00"),
        ("open", lambda: makers.sign(AIGUL), "2026-10-05 12:00"),
        ("open", lambda: None, "2026-10-19"),  # the reminder on the safe day
        ("open", lambda: makers.changed_staff(lambda session: None), "2026-10-02 12:00"),
        ("open", lambda: makers.dismissed(DANA, "2026-10-02"), "2026-10-02 12:00"),
        ("released", lambda: None, "2026-10-13 12:00"),  # the weekly reminder
        ("familiarised", lambda: makers.disagrees(AIGUL), "2026-10-09 12:00"),
        ("familiarised", lambda: None, "2026-10-15"),  # the five days are over
    ],
)
def test_what_a_walk_would_do_is_seen_before_and_not_after(
    database: str, until: str, then: Callable[[], object], now: str
) -> None:
    makers.a_cycle(until)
    then()
    assert due(now)
    makers.walk(now)
    assert not due(now)


@pytest.mark.parametrize(
    ("until", "now"),
    [("draft", "2026-10-02"), ("open", "2026-10-02"), ("marked", "2026-10-06 12:00"), ("familiarised", "2026-10-14")],
)
def test_nothing_is_due_while_people_act(sqlite_database: str, until: str, now: str) -> None:
    makers.a_cycle(until)
    makers.walk(now)
    assert not due(now)
