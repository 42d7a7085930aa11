"""The two kinds of task there are: those that change our tables, and those that only talk to Prefect.

Nothing with an effect is ever cached or persisted: a cached step is a reminder not sent in the next quarter.
The hand-over to carriers belongs to neither kind and is never tried again by Prefect (`tasks/notices.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import httpx
from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.exceptions import PrefectHTTPStatusError
from prefect.tasks import exponential_backoff

from rules.errors import Conflict

P = ParamSpec("P")
R = TypeVar("R")

#: `work()` wrote nothing when somebody else came first; looking again is always safe
MEETINGS = 2


def step(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    """A task that opens `work()` and calls one service; tried again only when another run came first."""
    return task(
        task_run_name=name, cache_policy=NO_CACHE, persist_result=False,
        retries=MEETINGS, retry_delay_seconds=[1, 4], retry_condition_fn=another_came_first,
    )  # fmt: skip


def call(name: str) -> Callable[[Callable[P, R]], Any]:
    """A task that only talks to Prefect; tried again, ever more slowly, while the server is out of reach."""
    return task(
        task_run_name=name, cache_policy=NO_CACHE, persist_result=False,
        retries=3, retry_delay_seconds=exponential_backoff(backoff_factor=1), retry_jitter_factor=0.5,
        retry_condition_fn=server_out_of_reach,
    )  # fmt: skip


def another_came_first(task: Any, run: Any, state: Any) -> bool:
    """Did the step meet another one in the database?"""
    return isinstance(_trouble(state), Conflict)


def server_out_of_reach(task: Any, run: Any, state: Any) -> bool:
    """Was it the network or the server, not what we asked for?"""
    trouble = _trouble(state)
    if isinstance(trouble, PrefectHTTPStatusError):
        return trouble.response.status_code >= httpx.codes.INTERNAL_SERVER_ERROR
    return isinstance(trouble, httpx.TransportError)


def _trouble(state: Any) -> BaseException | None:
    found = getattr(state.data, "result", state.data)  # `state.result()` answers with a coroutine in async tasks
    return found if isinstance(found, BaseException) else None
