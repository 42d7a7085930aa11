"""Who is not HR and has no right of appointment gives no orders in a cycle, whatever number is typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from models.work import work
from rules.errors import NotAllowed, NotFound
from services import retention, sheets
from services.ground import find_cycle
from tests import makers
from tests.makers import AIGUL, BOLAT, ERLAN, HEAD_A, HEAD_B, HR, KEY, OFFICIAL, at, case, person


def replace(session: Session, now: datetime, actor: str) -> Any:
    return sheets.replace_evaluator(session, [case(AIGUL).id or 0], person(HEAD_B), "сырқат", now, actor)


def dispose(session: Session, now: datetime, actor: str) -> Any:
    return retention.dispose_due(session, find_cycle(session, KEY), now, actor)


ACTS: dict[str, tuple[Callable[[Session, datetime, str], Any], str]] = {
    "give sheets to another evaluator": (replace, "N-9"),
    "destroy documents": (dispose, "N-22"),
}


@pytest.mark.rule("N-9", "N-22", "N-25")
@pytest.mark.parametrize("whereto", ACTS)
def test_only_hr_and_the_appointing_official_may(whereto: str, sqlite_database: str) -> None:
    makers.a_cycle("open")
    act, rule = ACTS[whereto]
    now = at("2026-10-02")
    for number in (BOLAT, HEAD_A):
        with (
            pytest.raises(NotAllowed, match=rf"{number} has neither HR duties .* cannot {whereto} \({rule}"),
            work() as session,
        ):
            act(session, now, f"person/{person(number)}")
    with pytest.raises(NotAllowed, match=f"{ERLAN} does not serve"), work() as session:
        act(session, now, f"person/{person(ERLAN)}")
    with pytest.raises(NotFound, match="There is no person 4711"), work() as session:
        act(session, now, "person/4711")
    for number in (HR, OFFICIAL):
        with work() as session:
            act(session, now, f"person/{person(number)}")


@pytest.mark.rule("N-31")
def test_a_designee_is_named_by_the_evaluator_or_by_hr(sqlite_database: str) -> None:
    many = [makers.Servant(f"2000{n:02d}", "a") for n in range(21)]
    makers.a_cycle("open", staff=(*makers.STAFF, *many))
    ids = [case(many[0].number).id or 0]
    with pytest.raises(NotAllowed, match="cannot give sheets to another evaluator"), work() as session:
        sheets.designate(session, ids, person(BOLAT), at("2026-10-02"), f"person/{person(HEAD_B)}")
    for number, designee in ((HEAD_A, BOLAT), (HR, AIGUL)):
        with work() as session:
            assert sheets.designate(session, ids, person(designee), at("2026-10-02"), f"person/{person(number)}") == 1
