"""prefect.yaml is read strictly, because Prefect forgives every typo in it, and compared with what the server got."""

from __future__ import annotations

import asyncio
import inspect
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect import Flow, get_client
from prefect.client.schemas.sorting import DeploymentSort
from prefect.utilities.importtools import import_object
from pydantic import BaseModel, ConfigDict, Field

from cli import launcher

FILE = Path(__file__).parents[2] / "prefect.yaml"


class Strict(BaseModel):
    """A part of the file; an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class Schedule(Strict):
    cron: str
    timezone: str
    slug: str


class Trigger(Strict):
    name: str
    description: str
    type: str
    posture: str
    match: dict[str, str]
    expect: list[str]
    threshold: int
    within: int
    schedule_after: str
    parameters: dict[str, str]


class Deployment(Strict):
    name: str
    description: str
    entrypoint: str
    tags: list[str]
    work_pool: dict[str, Any]
    parameters: dict[str, str] = {}
    schedules: list[Schedule] = []
    triggers: list[Trigger] = []


class Whole(Strict):
    name: str
    version: str = Field(alias="prefect-version")
    pull: list[str]
    definitions: dict[str, Any]
    deployments: list[Deployment]


DEPLOYMENTS = {one.name: one for one in Whole.model_validate(yaml.safe_load(FILE.read_text("utf-8"))).deployments}


def flow_of(one: Deployment) -> Flow[..., Any]:
    """The flow a deployment runs."""
    return import_object(one.entrypoint)


@pytest.mark.parametrize("one", DEPLOYMENTS.values(), ids=str)
def test_every_entrypoint_is_a_flow_that_takes_the_parameters_given(one: Deployment) -> None:
    flow = flow_of(one)
    assert isinstance(flow, Flow)
    given = {**one.parameters, **{k: v for trigger in one.triggers for k, v in trigger.parameters.items()}}
    assert set(given) <= set(flow.parameters.properties)
    assert not flow.parameters.required, "a schedule has nobody to ask"
    assert inspect.getdoc(flow.fn)


@pytest.mark.parametrize("one", DEPLOYMENTS.values(), ids=str)
def test_every_deployment_runs_in_our_pool_in_the_country_s_time(one: Deployment) -> None:
    assert one.work_pool["name"] == launcher.POOL
    assert {schedule.timezone for schedule in one.schedules} <= {"Asia/Almaty"}


def test_the_server_has_what_the_file_says(deployed: None) -> None:
    found, automations = asyncio.run(_deployed())
    assert set(found) == set(DEPLOYMENTS)
    for name, said in DEPLOYMENTS.items():
        got = found[name]
        assert (got.entrypoint, got.parameters, got.tags) == (said.entrypoint, said.parameters, said.tags)
        assert got.work_pool_name == launcher.POOL
        assert not got.pull_steps
        assert got.concurrency_limit is None
        active = {(one.schedule.cron, one.schedule.timezone, one.slug) for one in got.schedules if one.active}
        assert active == {(one.cron, one.timezone, one.slug) for one in said.schedules}
        for trigger in said.triggers:
            _same(automations[trigger.name], trigger, str(got.id))


def test_the_opening_flow_runs_once_on_every_day_of_a_year() -> None:
    """What must be opened before its period ends has no month of its own."""
    asked = [one for name in ("first-days", "other-days") for one in DEPLOYMENTS[name].schedules]
    day = date(2027, 12, 31)
    while day.year >= 2027:
        assert sum(_fires(one.cron, day) for one in asked) == 1, day
        day -= timedelta(days=1)


def _fires(cron: str, day: date) -> bool:
    _, _, days, months, _ = cron.split()
    return _among(days, day.day) and _among(months, day.month)


def _among(field: str, number: int) -> bool:
    spans = [part.split("-") for part in field.split(",")]
    return field == "*" or any(int(span[0]) <= number <= int(span[-1]) for span in spans)


def test_the_server_takes_what_its_own_client_sends(prefect: None) -> None:
    """With FastAPI 0.151 and later it refuses every empty field, and `prefect deploy` with it."""

    async def ask() -> None:
        async with get_client() as client:
            await client.read_flow_runs()

    asyncio.run(ask())


def _same(automation: Any, trigger: Trigger, deployment: str) -> None:
    assert automation.enabled
    assert automation.trigger.match.model_dump() == trigger.match
    assert automation.trigger.expect == set(trigger.expect)
    assert (automation.trigger.threshold, automation.trigger.within.total_seconds()) == (1, trigger.within)
    (action,) = automation.actions
    assert (str(action.deployment_id), action.parameters) == (deployment, trigger.parameters)
    assert action.schedule_after.total_seconds() > trigger.within, "a run must start after its window is over"


async def _deployed() -> tuple[dict[str, Any], dict[str, Any]]:
    async with get_client() as client:
        deployments = await client.read_deployments(sort=DeploymentSort.NAME_ASC, limit=50)
        automations = await client.read_automations()
    return {one.name: one for one in deployments}, {one.name: one for one in automations}
