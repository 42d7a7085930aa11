"""What the file of carriers may say: every key, its type and its bounds. An unknown key is refused."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from notifications.addresses import Reach, is_domain, mailbox
from notifications.lanes import Limits
from rules.errors import RuleError

_OURSELVES = ("127.0.0.1", "localhost", "::1")


def _an_address(text: str) -> str:
    domain = text.rpartition("@")[2].lower()
    try:
        return mailbox(text, Reach(internal_domains=frozenset({domain} if is_domain(domain) else ())))
    except RuleError:
        raise ValueError("it is not an e-mail address") from None


def _a_domain(text: str) -> str:
    if not is_domain(text.lower()):
        raise ValueError("it is not a domain; write it as body.local")
    return text.lower()


def _a_place(text: str) -> str:
    url = urlsplit(text)
    safe = url.scheme == "https" or (url.scheme == "http" and url.hostname in _OURSELVES)
    if not safe or not url.hostname or url.path.strip("/") or url.query or url.fragment or url.username:
        raise ValueError("write it as https://notices.body.kz, without a path")
    return f"{url.scheme}://{url.netloc}"


Address = Annotated[str, AfterValidator(_an_address)]
Domain = Annotated[str, AfterValidator(_a_domain)]
Place = Annotated[str, AfterValidator(_a_place)]
Share = Annotated[float, Field(gt=0, le=1)]
Word = Annotated[str, Field(min_length=1, max_length=200)]


class Part(BaseModel):
    """A part of the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Secret(Part):
    """The name of a secret; the secret itself lies elsewhere."""

    secret: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")]


class LimitsPart(Part):
    """What the body allows a channel (see `lanes.Limits`)."""

    per_second: Annotated[float, Field(gt=0)] | None = Limits.per_second
    per_day: Annotated[int, Field(ge=1)] = Limits.per_day
    grace_minutes: Annotated[float, Field(ge=1, le=1440)] = Limits.grace.total_seconds() / 60
    failures: Annotated[int, Field(ge=1)] = Limits.failures
    bounce_warn: Share = Limits.bounce_warn
    bounce_stop: Share = Limits.bounce_stop
    bounce_least: Annotated[int, Field(ge=1)] = Limits.bounce_least


class BouncesPart(Part):
    """The mailbox that takes what comes back, and how it is read: a folder in Maildir form, or IMAP."""

    address: Address
    plus_addresses: bool = True
    folder: Word | None = None
    imap: Word | None = None
    port: Annotated[int, Field(ge=1, le=65535)] = 993
    user: Word | None = None
    password: Secret | None = None
    mailbox: Word = "INBOX"
    certificate: Word | None = None

    @model_validator(mode="after")
    def _one_way(self) -> BouncesPart:
        if self.folder and self.imap:
            raise ValueError("name a folder or an imap server, not both")
        if self.imap and not (self.user and self.password):
            raise ValueError("an imap server needs user and password")
        return self


class CarrierPart(Part):
    """What every carrier has."""

    limits: LimitsPart = LimitsPart()
    timeout_seconds: Annotated[float, Field(gt=0, le=10)] = 10


class SmtpPart(CarrierPart):
    """A mail relay."""

    carrier: Literal["smtp"]
    host: Word
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    security: Literal["tls", "starttls", "none"] = "starttls"
    user: Word | None = None
    password: Secret | None = None
    certificate: Word | None = None
    sender: Address
    bounces: BouncesPart | None = None
    delivery_reports: bool = True
    connections: Annotated[int, Field(ge=1, le=4)] = 4

    @model_validator(mode="after")
    def _together(self) -> SmtpPart:
        if bool(self.user) != bool(self.password):
            raise ValueError("user and password belong together; write both or neither")
        if self.password and self.security == "none" and self.host not in _OURSELVES:
            raise ValueError("security: none would send the password in clear; write starttls or tls")
        return self


class SendGridPart(CarrierPart):
    """SendGrid: a foreign provider."""

    carrier: Literal["sendgrid"]
    api_key: Secret
    sender: Address
    webhook_key: Word | None = None
    activity: bool = False
    host: Place = "https://api.sendgrid.com"
    connections: Annotated[int, Field(ge=1, le=64)] = 32


class TwilioPart(CarrierPart):
    """Twilio: a foreign provider."""

    carrier: Literal["twilio"]
    account: Annotated[str, Field(pattern=r"^AC[0-9a-f]{32}$")]
    token: Secret
    sender: Word
    host: Place = "https://api.twilio.com"
    connections: Annotated[int, Field(ge=1, le=64)] = 32


class SmscPart(CarrierPart):
    """SMSC.kz."""

    carrier: Literal["smsc"]
    api_key: Secret
    sender: Annotated[str, Field(max_length=15)] = ""
    callback_word: Secret | None = None
    host: Place = "https://smsc.kz"
    connections: Annotated[int, Field(ge=1, le=14)] = 12


class BodyPart(Part):
    """One body."""

    foreign_providers: bool = False
    foreign_numbers: bool = False
    internal_domains: list[Domain] = []
    guests: list[Word] = []
    callback_url: Place | None = None
    callback_secret: Secret | None = None
    email: Annotated[SmtpPart | SendGridPart, Field(discriminator="carrier")] | None = None
    sms: Annotated[TwilioPart | SmscPart, Field(discriminator="carrier")] | None = None


#: what an unknown key is compared with, by the last of these words on the way to it
PARTS: dict[str, type[Part]] = {
    "smtp": SmtpPart, "sendgrid": SendGridPart, "twilio": TwilioPart, "smsc": SmscPart, "limits": LimitsPart,
    "bounces": BouncesPart, "password": Secret, "api_key": Secret, "token": Secret, "callback_secret": Secret,
    "callback_word": Secret,
}  # fmt: skip
ID = re.compile(r"[a-z0-9][a-z0-9-]{0,80}")
