"""One Prefect for all flow tests of a session, with heartbeats off: a synchronous flow would wait a second for them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from prefect.settings import (
    PREFECT_API_URL,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    PREFECT_SERVER_ANALYTICS_ENABLED,
    temporary_settings,
)
from prefect.testing.utilities import prefect_test_harness

from cli import launcher


@pytest.fixture(scope="session")
def prefect() -> Iterator[None]:
    """A temporary Prefect server with its own database, which tells nobody that it runs."""
    with (
        temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None, PREFECT_SERVER_ANALYTICS_ENABLED: False}),
        prefect_test_harness(server_startup_timeout=90),
    ):
        yield


@pytest.fixture(scope="session")
def deployed(prefect: None, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The deployments of prefect.yaml on that server, made as `bagalau up` makes them."""
    home = tmp_path_factory.mktemp("deploying")
    launcher.deploy(launcher.environment(home, str(PREFECT_API_URL.value())), home / "deploy.log")
