"""The file of carriers: who sends the e-mail and the short messages of each body, within which limits, to which guests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from notifications import yaml_file
from notifications.addresses import Reach, mailbox, mobile
from notifications.carrier_settings import (
    ID,
    PARTS,
    BodyPart,
    BouncesPart,
    LimitsPart,
    Secret,
    SendGridPart,
    SmscPart,
    SmtpPart,
    TwilioPart,
)  # fmt: skip
from notifications.carriers.sendgrid import SendGrid
from notifications.carriers.smsc import Smsc
from notifications.carriers.smtp import Smtp
from notifications.carriers.smtp_line import Server
from notifications.carriers.twilio import Twilio
from notifications.catalogue import EMAIL, SMS
from notifications.channels import Carrier
from notifications.house import BounceBox, Callbacks, House
from notifications.lanes import Limits
from rules.errors import BadFile, MissingSetting, RuleError

_FOREIGN = ("sendgrid", "twilio")
_HELP = "docs/carriers.md"


def read_houses(file: Path | None, secret: Callable[[str], str | None]) -> dict[str, House]:
    """Each body's carriers, by its id; none without a file.

    A carrier that may not be used, or lacks its secret, stands in its house as a sentence: the other channels go on.

    Args:
        secret: the secret of a name, or None; the file itself holds none.

    Raises:
        BadFile: the file is missing or wrong; every finding with its line.
    """
    if file is None:
        return {}
    plain = yaml_file.read(file)
    bodies: dict[str, BodyPart] = {}
    problems: list[str] = []
    for organisation, values in plain.values.items():
        if not ID.fullmatch(organisation):
            sentence = "this is not the id of a body; write it as in its organisation.yaml, such as nchr-sample."
            problems.append(f"{plain.where((organisation,))}, {organisation}: {sentence}")
            continue
        try:
            bodies[organisation] = BodyPart.model_validate(values)
            _guests(bodies[organisation])
        except ValidationError as wrong:
            problems += [_sentence(plain, organisation, one) for one in wrong.errors(include_input=False)]
        except _Wrong as wrong:
            problems.append(f"{plain.where((organisation, *wrong.place))}, {organisation}: {wrong}")
    if problems:
        more = f" ({len(problems) - 1} more finding(s))" if len(problems) > 1 else ""
        raise BadFile(problems[0] + more, tuple(problems))
    return {name: _Making(file.name, name, body, secret).house() for name, body in bodies.items()}


#: a shorter secret can be guessed by whoever sees one signed reference
SIGNS = 32


class _Wrong(Exception):
    """A finding of our own; `place`: the keys that lead to it, within the body."""

    def __init__(self, sentence: str, place: tuple[str | int, ...]) -> None:
        super().__init__(sentence)
        self.place = place


def _sentence(plain: yaml_file.Plain, organisation: str, error: Any) -> str:
    tags = ("smtp", "sendgrid", "twilio", "smsc")
    loc = tuple(error["loc"])
    written = tuple(part for part in loc if part not in tags)
    keys = ".".join(str(part) for part in (organisation, *written))
    return f"{plain.where((organisation, *written))}, {keys}: {_what(error, loc)} See {_HELP}."


def _what(error: Any, loc: tuple[str | int, ...]) -> str:
    kind, last = error["type"], str(loc[-1]) if loc else ""
    part = next((PARTS[str(one)] for one in reversed(loc[:-1]) if str(one) in PARTS), BodyPart)
    if kind == "extra_forbidden":
        return f"the key is not known here; known are: {', '.join(part.model_fields)}."
    if kind == "missing":
        return "the key is missing."
    if kind == "union_tag_not_found":
        return "the key 'carrier' is missing."
    if kind == "union_tag_invalid":
        return f"there is no such carrier; known are: {error['ctx']['expected_tags'].replace(chr(39), '')}."
    if kind == "model_type" and PARTS.get(last) is Secret:
        return "a secret is never written here; write {secret: name} and keep the secret under that name."
    if kind in ("model_type", "model_attributes_type"):
        return "keys with values are expected here."
    if kind == "string_pattern_mismatch":
        return f"it has not the form {error['ctx']['pattern']}."
    return f"{error['msg'].removeprefix('Value error, ')[:1].lower()}{error['msg'].removeprefix('Value error, ')[1:]}."


def _guests(body: BodyPart) -> frozenset[str]:
    """The guests in the form the carriers are given."""
    found = set()
    for place, guest in enumerate(body.guests):
        try:
            found.add(mailbox(guest, _reach(body)).lower() if "@" in guest else mobile(guest, _reach(body)))
        except RuleError as wrong:
            told = str(wrong).replace("The person's", "The guest's").replace("in the staff file", "under guests")
            raise _Wrong(told, ("guests", place)) from None
    return frozenset(found)


def _reach(body: BodyPart) -> Reach:
    return Reach(body.foreign_numbers, frozenset(body.internal_domains))


@dataclass(frozen=True)
class _Making:
    """A body's house in the making."""

    file: str
    organisation: str
    body: BodyPart
    secret: Callable[[str], str | None]

    def house(self) -> House:
        body = self.body
        parts = {channel: part for channel, part in ((EMAIL, body.email), (SMS, body.sms)) if part}
        return House(
            self.organisation,
            {channel: self._carrier(channel, part) for channel, part in parts.items()},
            {channel: _limits(part.limits) for channel, part in parts.items()},
            _guests(body), _reach(body), self._callbacks(), self._bounces(),
            tuple(self._lacking()),
        )  # fmt: skip

    def _carrier(self, channel: str, part: Any) -> Carrier | str:
        if part.carrier in _FOREIGN and not self.body.foreign_providers:
            return (
                f"'{self.organisation}' may not send its {channel} by {part.carrier}, which lies abroad: its setting"
                f" foreign_providers in {self.file} is false. Where the law allows it for this body set foreign_providers:"
                f" true; else choose {'smtp' if channel == EMAIL else 'smsc'} ({_HELP})."
            )
        makers: Mapping[type, Callable[[Any], Carrier]] = {
            SmtpPart: self._smtp, SendGridPart: self._sendgrid, TwilioPart: self._twilio, SmscPart: self._smsc,
        }  # fmt: skip
        try:
            return makers[type(part)](part)
        except MissingSetting as missing:
            return str(missing)

    def _smtp(self, part: SmtpPart) -> Carrier:
        domain, back = part.sender.rpartition("@")[2], part.bounces
        server = Server(
            part.host, part.port, part.security, part.user or "",
            self._told("email.password", part.password), _path(part.certificate), domain,
        )  # fmt: skip
        return Smtp(
            server, part.sender, back.address if back else "", bool(back and back.plus_addresses), part.delivery_reports,
            _reach(self.body), part.connections, part.timeout_seconds, secret=self._known(self.body.callback_secret),
        )  # fmt: skip

    def _sendgrid(self, part: SendGridPart) -> Carrier:
        key = self._told("email.api_key", part.api_key)
        return SendGrid(
            key, part.sender, part.activity, _reach(self.body), part.host, part.connections, part.timeout_seconds
        )

    def _twilio(self, part: TwilioPart) -> Carrier:
        token, url = self._told("sms.token", part.token), self.body.callback_url
        signing = self._told("callback_secret", self.body.callback_secret)
        return Twilio(
            part.account, token, part.sender, f"{url}/receipts/{self.organisation}/twilio" if url and signing else "", signing,
            _reach(self.body), part.host, part.connections, part.timeout_seconds,
        )  # fmt: skip

    def _smsc(self, part: SmscPart) -> Carrier:
        key = self._told("sms.api_key", part.api_key)
        return Smsc(key, part.sender, _reach(self.body), part.host, part.connections, part.timeout_seconds)

    def _told(self, key: str, named: Secret | None) -> str:
        """A secret a carrier cannot do without; "" where the file names none."""
        found = self._known(named)
        if named and not found:
            raise MissingSetting(
                f"{self.file}, {self.organisation}.{key}: there is no secret '{named.secret}'; keep it in a file of that name"
                f" in the folder BAGALAU_SECRETS_FOLDER, or in BAGALAU_SECRET_{named.secret.upper()}."
            )
        return found

    def _known(self, named: Secret | None) -> str:
        return (self.secret(named.secret) or "") if named else ""

    def _callbacks(self) -> Callbacks:
        email, sms = self.body.email, self.body.sms
        return Callbacks(
            self.body.callback_url or "",
            self._known(self.body.callback_secret),
            (email.webhook_key or "") if isinstance(email, SendGridPart) else "",
            self._known(sms.token) if isinstance(sms, TwilioPart) else "",
            self._known(sms.callback_word) if isinstance(sms, SmscPart) else "",
        )

    def _bounces(self) -> BounceBox | None:
        back = self.body.email.bounces if isinstance(self.body.email, SmtpPart) else None
        if back is None or not (back.folder or back.imap):
            return None
        return BounceBox(
            _path(back.folder), back.imap or "", back.port, back.user or "", self._known(back.password), back.mailbox,
            _path(back.certificate), signed=back.plus_addresses and bool(self._known(self.body.callback_secret)),
        )  # fmt: skip

    def _lacking(self) -> Iterator[str]:
        """What notices leave without, and what that costs."""
        body, email, sms = self.body, self.body.email, self.body.sms
        if isinstance(email, SmtpPart):
            yield from _lacking_of_mail(email.bounces)
        if isinstance(email, SendGridPart) and not email.webhook_key:
            yield "email.webhook_key: SendGrid's reports are not believed without it, so nothing is known to be delivered."
        if isinstance(sms, TwilioPart) and not (body.callback_url and body.callback_secret):
            yield "callback_url, callback_secret: without them Twilio reports nothing, and nothing is known to be delivered."
        if isinstance(sms, SmscPart) and not sms.callback_word:
            yield "sms.callback_word: SMSC's reports are not believed without it, so nothing is known to be delivered."
        named = {"callback_secret": body.callback_secret, "sms.callback_word": getattr(sms, "callback_word", None)}
        named["email.bounces.password"] = getattr(getattr(email, "bounces", None), "password", None)
        for key, one in named.items():
            if one and not self._known(one):
                yield f"{key}: there is no secret '{one.secret}'."
        if 0 < len(self._known(body.callback_secret)) < SIGNS:
            yield f"callback_secret: it is short and can be guessed; use {SIGNS} random signs or more."


def _lacking_of_mail(back: BouncesPart | None) -> Iterator[str]:
    if back is None:
        yield "email.bounces: what comes back goes to the sender's mailbox, and nobody is told of it."
    elif not (back.folder or back.imap):
        yield "email.bounces: nothing says how the mailbox is read; name a folder or an imap server."


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _limits(part: LimitsPart) -> Limits:
    return Limits(
        part.per_second, part.per_day, timedelta(minutes=part.grace_minutes), part.failures, part.bounce_warn,
        part.bounce_stop, part.bounce_least,
    )  # fmt: skip
