"""The sample body with one carrier each, made in the worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from notifications.channels import Carrier
from notifications.house import House
from notifications.lanes import Limits
from tests.drive.plain import Plain


def limits(grace: float, failures: int = 40) -> Limits:
    """Short times for a drive; what fails at random must not look like an outage."""
    return Limits(grace=timedelta(seconds=grace), failures=failures)


def with_carrier(carrier: Carrier, channel: str, grace: float) -> Mapping[str, House]:
    """The sample body."""
    return {"nchr-sample": House("nchr-sample", {channel: carrier}, {channel: limits(grace)})}


def plain(address: str, grace: float, timeout: float) -> Mapping[str, House]:
    """The plain carrier for e-mail."""
    return with_carrier(Plain(address, timeout), "email", grace)
