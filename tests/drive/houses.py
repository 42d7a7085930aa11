"""The sample body with one carrier each, made in the worker."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from notifications.carriers.sendgrid import SendGrid
from notifications.carriers.smsc import Smsc
from notifications.carriers.smtp import Smtp
from notifications.carriers.smtp_line import Server
from notifications.carriers.twilio import Twilio
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


def sendgrid(address: str, grace: float, timeout: float) -> Mapping[str, House]:
    """SendGrid for e-mail, its own library."""
    carrier = SendGrid("key", "no-reply@body.example.kz", activity=True, host=address, seconds=timeout)
    return with_carrier(carrier, "email", grace)


def twilio(address: str, grace: float, timeout: float) -> Mapping[str, House]:
    """Twilio for short messages, its own library."""
    carrier = Twilio("AC" + "0" * 32, "token", "+15005550006", base=address, seconds=timeout)
    return with_carrier(carrier, "sms", grace)


def smsc(address: str, grace: float, timeout: float) -> Mapping[str, House]:
    """SMSC for short messages."""
    return with_carrier(Smsc("key", host=address, seconds=timeout), "sms", grace)


def smtp(port: int, grace: float, timeout: float) -> Mapping[str, House]:
    """A mail relay."""
    carrier = Smtp(Server("127.0.0.1", port, "none"), "no-reply@body.example.kz", seconds=timeout)
    return with_carrier(carrier, "email", grace)


def plain(address: str, grace: float, timeout: float) -> Mapping[str, House]:
    """The plain carrier for e-mail."""
    return with_carrier(Plain(address, timeout), "email", grace)
