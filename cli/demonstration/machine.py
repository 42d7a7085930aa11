"""The machine's part: the real flows, called at a virtual moment against a real Prefect server."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import httpx

from rules.errors import RuleError


class Machine:
    """Runs flows in this process; their runs, the tracker and the artifacts are on the server."""

    def __init__(self, address: str) -> None:
        from flows.annual_mark import annual_mark
        from flows.audit_deadlines import audit_deadlines
        from flows.evaluation_cycle import advance
        from flows.hand_over_notices import hand_over_notices
        from flows.open_quarter import open_quarter

        self._api = httpx.Client(base_url=address, timeout=30)
        self._loop = asyncio.Runner()
        self._loop.run(self._connect())
        self._open, self._advance, self._audit = open_quarter, advance, audit_deadlines
        self._hand_over, self._annual = hand_over_notices, annual_mark

    async def _connect(self) -> None:
        """One connection of each kind for all runs: every run would make its own, and prepare TLS for it."""
        from prefect.context import AsyncClientContext, SyncClientContext

        self._asked, self._told = AsyncClientContext(), SyncClientContext()
        await self._asked.__aenter__()
        self._told.__enter__()

    async def _disconnect(self) -> None:
        self._told.__exit__(None, None, None)
        await self._asked.__aexit__(None, None, None)

    def open_quarter(self, period: str, at: datetime) -> str:
        """Open the cycle of a period."""
        return self._run(self._open, period=period, at=at)

    def advance(self, key: str, reason: str, at: datetime) -> str:
        """Walk the cycle."""
        return self._run(self._advance, cycle=key, reason=reason, at=at)

    def hand_over(self, at: datetime) -> str:
        """Hand the waiting notices to their carriers."""
        return self._run(self._hand_over, at=at)

    def audit(self, key: str, at: datetime) -> str:
        """Judge every deadline."""
        return self._run(self._audit, cycle=key, at=at)

    def annual(self, year: int, at: datetime) -> str:
        """Form the marks of a year."""
        return self._run(self._annual, year=year, at=at)

    def _run(self, flow: Any, **given: Any) -> str:
        state = self._loop.run(flow(**given, return_state=True))
        if not state.is_completed():
            raise RuleError(
                f"The flow '{flow.name}' of {given['at']:%Y-%m-%d %H:%M} ended {state.name}: {state.message}"
            )
        return str(state.message or "")

    def runs(self) -> int:
        """How many flow runs the server knows, the tracker included."""
        return int(self._api.post("/flow_runs/count", json={}).raise_for_status().json())

    def close(self) -> None:
        """Let go of the loop and the connection."""
        self._loop.run(self._disconnect())
        self._loop.close()
        self._api.close()


@contextmanager
def machine(address: str) -> Iterator[Machine]:
    """A machine at work, without heartbeats: a run of a second needs none, and waiting for one costs a second."""
    from prefect.logging.handlers import APILogWorker
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        made = Machine(address)
        try:
            yield made
        finally:
            made.close()
            # what is left of the log goes while the server still answers; at exit it would be tried for a minute
            APILogWorker.drain_all(timeout=5)
