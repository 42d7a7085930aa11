"""Who has left the body neither marks for others nor sits in a session."""

from __future__ import annotations

import pytest

from models.work import work
from rules.errors import NotAllowed
from services import calibration, sheets
from tests import makers
from tests.makers import AIGUL, ERLAN, HEAD_B, HEAD_C, OFFICIAL, at, case, disagrees, members, person, refused

pytestmark = pytest.mark.usefixtures("sqlite_database")


@pytest.mark.rule("N-9")
def test_a_dismissed_person_is_no_substitute() -> None:
    makers.a_cycle("open")
    with refused(NotAllowed, f"{ERLAN} does not serve in the body on 2026-10-05"), work() as session:
        sheets.replace_evaluator(session, [case(AIGUL).id or 0], person(ERLAN), "sick", at("2026-10-05"), "person/2")


@pytest.mark.rule("N-43")
def test_a_dismissed_evaluator_does_not_sit_in_a_session() -> None:
    makers.a_cycle("familiarised")
    makers.dismissed(HEAD_B, "2026-10-08")
    asked = disagrees(AIGUL, "2026-10-08").request_id
    seats, official = members(HEAD_B, HEAD_C), person(OFFICIAL)
    with refused(NotAllowed, f"{HEAD_B} does not serve in the body on 2026-10-09"), work() as session:
        calibration.call_session(session, asked, seats, official, at("2026-10-09"))
