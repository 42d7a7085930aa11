"""What the server of `bagalau up` is told, as Prefect itself understands it: a name it does not know vanishes in silence."""

from __future__ import annotations

from datetime import timedelta

import pytest
from prefect.settings.models.server.events import ServerEventsSettings
from prefect.settings.models.server.services import ServerServicesDBVacuumSettings

from cli.launcher import own_server
from settings import settings


def test_old_runs_are_forgotten_by_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "prefect_days_kept", 3)
    for name, value in own_server().items():
        monkeypatch.setenv(name, value)
    vacuum = ServerServicesDBVacuumSettings()
    assert vacuum.enabled_vacuum_types >= {"events", "flow_runs"}
    assert vacuum.retention_period == timedelta(days=3)
    assert ServerEventsSettings().retention_period == timedelta(days=1)


def test_a_week_is_kept_when_nothing_is_said() -> None:
    assert own_server()["PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD"] == str(7 * 24 * 3600)
