"""A year of the ministry through the real flows: two evaluations and the plans, a Commission, an appeal term, a close."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from prefect import State, get_client
from prefect.client.schemas.filters import FlowRunFilter

from flows.annual_mark import annual_mark
from flows.audit_deadlines import audit_deadlines
from flows.evaluation_cycle import advance
from flows.open_quarter import open_quarter
from models import Post
from models.work import reading, work
from rules.errors import MissingSetting
from services import cycle as cycles
from services import plan_audit, plan_steps
from settings import settings
from tasks import precise
from tests import commission as c
from tests import makers
from tests.commission import AIGUL, HEAD_A, HR, OFFICIAL
from tests.flows.test_running import everything
from tests.makers import at, person, rows
from tests.services.test_plans import kpis

pytestmark = pytest.mark.usefixtures("prefect")
KPI, COMPETENCIES, PLANS = "mic-sample-2018", "mic-sample-2018-competencies", "mic-sample-2018-individual"


def run(flow: Any, now: str, **given: Any) -> State:
    """Run a flow at a moment of Almaty and return its state."""
    return asyncio.run(flow(at=at(now), **given, return_state=True))


def walk(now: str, key: str = KPI) -> str:
    """Walk one cycle and say what was done."""
    return str(run(advance, now, cycle=key).message).removeprefix(f"{key}: ")


@pytest.fixture
def ministry(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The small ministry is the body this installation works for; it has people and nothing else."""
    monkeypatch.setenv("BAGALAU_ORGANISATION", str(c.body_file(c.KPI, tmp_path)))
    settings.cache_clear()
    makers.a_body(c.STAFF, c.HEADS)
    yield
    settings.cache_clear()


def approved(key: str, now: str) -> None:
    """HR says the days, the official approves."""
    with work() as session:
        cycles.set_schedule(session, key, date(2019, 1, 14), date(2019, 2, 28), at(now), f"person/{person(HR)}")
    with work() as session:
        cycles.approve_schedule(session, key, at(now), f"person/{person(OFFICIAL)}")


@pytest.mark.slow
@pytest.mark.rule("M-45", "M-46", "M-37", "M-56", "M-60")
def test_a_year_of_the_ministry(ministry: None) -> None:
    both = f"{KPI} is open; {COMPETENCIES} is open; {PLANS} is open"
    for _ in range(2):
        assert run(open_quarter, "2018-12-10 06:00").message == both
    assert shown(KPI)[-1] == ("PENDING", "Draft")
    assert walk("2018-12-10 12:00") == "nothing was due"
    said = str(run(audit_deadlines, "2018-12-11 07:00").message)
    assert "findings 1" in said
    assert [one.recipient_id for one in makers.notices("schedule_needed")] == [person(HR)] * 2, "one for each cycle"

    approved(KPI, "2018-12-13")
    assert "Notify 7" in walk("2018-12-13 12:00")
    assert walk("2019-01-13 23:00") == "nothing was due"
    assert "Collect 7" in walk("2019-01-14 00:05")
    c.signed_all(KPI, c.kpis(4), "2019-01-15")
    walk("2019-01-15 12:00")
    assert shown(KPI)[-1] == ("PAUSED", "Agree")
    c.agreed_all(KPI, "2019-01-16")
    assert "Compute 7" in walk("2019-01-16 12:00")
    assert shown(KPI)[-1] == ("PAUSED", "Decide")
    c.composed(KPI, "2019-01-16")
    c.submitted(KPI, "2019-01-17", c.KPI)
    sitting = c.sat(KPI, "2019-01-22 10:00")
    c.decided(sitting, "2019-01-22 10:30")
    c.approved(sitting, "2019-01-22 16:00")
    assert "Familiarise 7" in walk("2019-01-22 17:00")
    c.acknowledged(KPI, "2019-01-23")
    walk("2019-01-23 12:00")
    assert shown(KPI)[-1] == ("PAUSED", "Appeal")
    assert walk("2019-02-05 23:00") == "nothing was due"
    assert "Close 7" in walk("2019-02-06 00:00")
    assert shown(KPI)[-1] == ("COMPLETED", "Closed")
    with reading() as session:
        assert cycles.unclosed(session) == [COMPETENCIES]
    said = asyncio.run(everything())
    assert COMPETENCIES in said
    for private in ("Тегі", "example.kz", "+7701", "Astana, 1"):
        assert private not in said, private


def test_an_act_without_a_mark_of_the_year_says_so(ministry: None) -> None:
    state = run(annual_mark, "2019-01-20 08:00")
    assert state.is_completed()
    assert "mic-2018" in str(state.message)


def test_every_term_of_the_commission_and_the_appeal_has_its_run(
    deployed: None, ministry: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precise, "_replayed", lambda now: False)
    run(open_quarter, "2018-12-10 06:00", period="2018")
    key = KPI
    approved(key, "2018-12-13")
    walk("2019-01-14 00:05")
    c.signed_all(key, c.kpis(4), "2019-01-15")
    c.agreed_all(key, "2019-01-16")
    walk("2019-01-16 12:00")
    c.composed(key, "2019-01-16")
    c.submitted(key, "2019-01-17", c.KPI)
    sitting = c.sat(key, "2019-01-22 10:00")
    c.decided(sitting, "2019-01-22 10:30")
    c.approved(sitting, "2019-01-22 16:00")
    walk("2019-01-22 17:00")
    planned = {str(one.expected_start_time)[:16] for one in runs(f"advance {key} deadline")}
    # familiarisation ends on the 24th, the appeal on 5 February, the schedule on the 28th: 24:00 in Almaty
    wanted = {"2019-01-24 18:00", "2019-02-05 18:00", "2019-02-28 18:00"}
    assert wanted <= planned, planned


def test_a_term_of_the_plans_has_its_run_and_the_morning_says_what_waits(
    deployed: None, ministry: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(precise, "_replayed", lambda now: False)
    assert run(open_quarter, "2018-01-02 06:00").message == f"{PLANS} is open"
    assert {str(one.expected_start_time) for one in runs(f"audit-deadlines {PLANS} deadline")} == {
        "2018-01-16 18:00:01+00:00"
    }
    with work() as session:
        plan_steps.draw(session, PLANS, person(AIGUL), kpis(), person(HEAD_A), at("2018-01-10"))
    said = str(run(audit_deadlines, "2018-01-17 07:00").message)
    assert said == f"{PLANS}: kept 1, missed 6, findings 2"
    assert run(audit_deadlines, "2018-01-17 07:00", plans=PLANS).message == said
    with reading() as session:
        found = plan_audit.findings(session, PLANS, at("2018-01-17"))
    assert [(one.kind, one.count) for one in found] == [("plan_to_approve", 1), ("plan_overdue", 6)]


@pytest.mark.rule("M-9", "M-18")
def test_who_is_appointed_later_gets_a_plan_the_next_morning(ministry: None) -> None:
    run(open_quarter, "2018-01-02 06:00")
    before = rows("SELECT COUNT(*) FROM work_plan")[0][0]
    late = makers.Servant("500099", "a", "C-4", supervisor=HEAD_A, started="2018-03-05")
    a_newcomer(late)
    for _ in range(2):
        assert run(open_quarter, "2018-03-06 06:00").is_completed()
    assert rows("SELECT COUNT(*) FROM work_plan")[0][0] == before + 1


def test_a_refusal_of_one_opening_stops_none_of_the_others(ministry: None, monkeypatch: pytest.MonkeyPatch) -> None:
    real = cycles.open_cycle

    def picky(*given: Any) -> str:
        if given[-1] == "kpi":
            raise MissingSetting("the text does not give this; set it in the organisation file")
        return real(*given)

    monkeypatch.setattr(cycles, "open_cycle", picky)
    state = run(open_quarter, "2018-12-10 06:00")
    assert state.is_failed()
    wanted = f"the text does not give this; set it in the organisation file; {COMPETENCIES} is open; {PLANS} is open"
    assert state.message == wanted


def test_without_people_nothing_is_opened_and_the_run_says_why(
    sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BAGALAU_ORGANISATION", str(c.body_file(c.KPI, tmp_path)))
    settings.cache_clear()
    state = run(open_quarter, "2018-12-10 06:00")
    settings.cache_clear()
    assert state.is_failed()
    assert "import the staff file first" in str(state.message)


def a_newcomer(one: makers.Servant) -> None:
    """Somebody is appointed to a post that is there."""
    (post,) = rows(
        "SELECT p.id FROM post p JOIN unit u ON u.id = p.unit_id WHERE u.code = :u AND p.category = :c",
        u=one.unit, c=one.category,
    )[0]  # fmt: skip
    boss = person(HEAD_A)
    with work() as session:
        session.add(who := makers._person(one.number))
        session.flush()
        session.add(makers._appointment(one, who, session.get_one(Post, post), boss))


def shown(key: str) -> list[tuple[str, str]]:
    """The states the tracker of a cycle went through."""

    async def read() -> list[tuple[str, str]]:
        async with get_client() as client:
            (run,) = await client.read_flow_runs(
                flow_run_filter=FlowRunFilter.model_validate({"id": {"any_": [_tracker(key)]}})
            )
            history = await client.read_flow_run_states(run.id)
            return [(one.type.value, str(one.name)) for one in sorted(history, key=lambda one: one.timestamp)]

    return asyncio.run(read())


def _tracker(key: str) -> str:
    return str(rows("SELECT tracker_run FROM cycle WHERE key = :k", k=key)[0][0])


def runs(name: str) -> list[Any]:
    """The runs of a name."""

    async def read() -> list[Any]:
        async with get_client() as client:
            return await client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate({"name": {"any_": [name]}}))

    return asyncio.run(read())
