"""The audit counts in the database; it must say the same as the rule, for every deadline and every instant."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from models.base import instant, stamp
from models.work import reading, work
from rules.audit import verdict
from services import audit
from tests import makers
from tests.makers import HR, KEY, OFFICIAL, at, person, rows

TICK = timedelta(microseconds=1)
DUE = at("2026-10-21 00:00")
near = st.sampled_from([DUE - TICK, DUE, DUE + TICK]) | st.integers(-(10**12), 10**12).map(
    lambda micros: DUE + timedelta(microseconds=micros)
)


@pytest.mark.rule("N-10", "N-15")
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(done=st.lists(st.none() | near, min_size=9, max_size=9), now=near)
def test_the_database_and_the_rule_agree_on_every_instant(
    audited: str, done: list[datetime | None], now: datetime
) -> None:
    with work() as session:
        for one, moment in zip(people(), done, strict=True):
            session.connection().execute(
                text("UPDATE assessment SET completed_at = :m WHERE id = :i"),
                {"m": None if moment is None else stamp(moment), "i": one[0]},
            )
    with reading() as session:
        found = {one.deadline: one.counts for one in audit.verdicts(session, KEY, now)}
        late = audit.breaches(session, KEY, now)
    expected = Counter(verdict(DUE, moment, now) for one, moment in zip(people(), done, strict=True) if not one[1])
    assert found["quarterly_evaluation"] == dict(expected)
    told = [one for one in late if one.deadline == "quarterly_evaluation"]
    assert Counter(one.verdict for one in told) == {k: n for k, n in expected.items() if k in ("late", "missed")}
    assert all(one.done_at is None or instant(one.done_at) >= DUE for one in told)


@pytest.fixture
def audited(database: str) -> str:
    makers.a_cycle("open")
    return database


def people() -> list[tuple[int, bool]]:
    return [(row[0], bool(row[1])) for row in rows("SELECT id, dismissed FROM assessment ORDER BY id")]


@pytest.mark.rule("N-20")
def test_a_late_request_is_shown_but_is_no_breach_of_the_body(database: str) -> None:
    makers.a_cycle("familiarised")
    makers.disagrees(now="2026-10-15 00:00")
    with reading() as session:
        found = audit.verdicts(session, KEY, at("2026-10-15 12:00"))
        late = audit.breaches(session, KEY, at("2026-10-15 12:00"))
    assert {one.deadline: one.counts for one in found}["calibration_request"] == {"late": 1}
    assert "calibration_request" not in {one.deadline for one in late}
    assert audit.summary(found)["late"] == 0


@pytest.mark.rule("N-10", "N-25")
def test_hr_is_told_once_a_day_of_what_is_near_or_missed(database: str) -> None:
    makers.a_cycle("open")
    for moment in ("2026-10-12", "2026-10-19", "2026-10-19 17:00", "2026-10-21"):
        with work() as session:
            audit.daily(session, KEY, at(moment))
    alerts = [json.loads(one.facts) for one in makers.notices("deadline_alert", HR)]
    assert [one["count"] for one in alerts if one["point"] == "pt 4"] == ["8", "8"]
    # when the term is over the superior of the evaluators is told too
    assert {one.recipient_id for one in makers.notices("deadline_alert")} == {person(HR), person(OFFICIAL)}


def test_house_terms_are_shown_and_never_counted_as_law(database: str) -> None:
    makers.a_cycle("approved")
    makers.walk("2026-10-06")  # a day after the house's term for sending the sheets
    makers.marked("2026-10-07")
    makers.walk("2026-10-20")
    with reading() as session:
        found = audit.verdicts(session, KEY, at("2026-10-21"))
    counts = {one.deadline: one.counts for one in found}
    assert counts["house_sheets_to_evaluators"] == {"late": 9}
    assert counts["house_release_results"] == {"late": 9}
    assert audit.summary(found)["late"] == 0


@pytest.mark.rule("N-12")
@pytest.mark.parametrize(("moment", "verdict_"), [("2027-01-30 23:59:59.999999", "kept"), ("2027-01-31 00:00", "late")])
def test_the_annual_mark_is_judged_too(database: str, moment: str, verdict_: str) -> None:
    from services.annual import form_annual
    from tests.services.test_annual import a_quarter

    makers.a_body()
    a_quarter("2026-Q4", "4")
    with work() as session:
        form_annual(session, makers.ACT, 2026, at(moment), "x")
    with reading() as session:
        found = {one.deadline: one.counts for one in audit.verdicts(session, "nchr-sample-2026-q4", at("2027-02-01"))}
    assert found["annual_final_score"] == {verdict_: 8}
