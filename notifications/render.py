"""From a kind, a channel, a language and a few facts to the words that are sent."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.dates import format_date
from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, Template, UndefinedError

from notifications.catalogue import SMS, TELEGRAM, TELEPHONOGRAM, WORDED, kind_of
from notifications.versions import FOLDER, digest, number, texts
from rules.errors import Incomplete, NotAllowed, NotFound

if TYPE_CHECKING:
    from notifications.channels import Message

#: one short message in Kazakh or Russian letters, in UTF-16 units
SMS_LIMIT = 70
_SMS_PART = 67

#: patterns of our own: the libraries' short Kazakh date drops the century
_DAY = {"kk": "y 'жылғы' d MMMM", "ru": "d MMMM y 'года'", "en": "d MMMM y"}
_MOMENT = {"kk": "{day}, сағат {time}", "ru": "{day}, {time}", "en": "{day}, {time}"}
_WORKING_DAYS = {
    "kk": {"one": "жұмыс күні", "other": "жұмыс күні"},
    "ru": {"one": "рабочий день", "few": "рабочих дня", "many": "рабочих дней", "other": "рабочего дня"},
    "en": {"one": "working day", "other": "working days"},
}


@dataclass(frozen=True)
class Rendered:
    """Words ready to leave.

    Attributes:
        template: "result_ready/kk v2@7f3c0a91b2d4": kind, language, version and the hash of the wording (`versions`).
    """

    subject: str
    body: str
    template: str


def render(kind: str, channel: str, language: str, facts: Mapping[str, str]) -> Rendered:
    """The words of a notice; `facts` are those of the notice and `ref`, its short reference (N-23).

    Raises:
        NotFound: no such kind or language. NotAllowed: the kind has no wording for the channel.
        Incomplete: the wording needs a fact that is missing.
    """
    if channel not in kind_of(kind).channels:
        raise NotAllowed(f"A notice '{kind}' has no wording for the channel '{channel}'.")
    if language not in WORDED:
        raise NotFound(f"There is no wording in '{language}'; notices are written in: {', '.join(WORDED)}.")
    try:
        return _render(kind, channel, language, facts)
    except UndefinedError as missing:
        raise Incomplete(f"The wording {kind}/{language} for '{channel}' lacks a fact: {missing.message}.") from missing


def _render(kind: str, channel: str, language: str, facts: Mapping[str, str]) -> Rendered:
    return words_of(channel, facts, template_id(kind, language), lambda file: _template(kind, language, file))


def words_of(channel: str, facts: Mapping[str, str], template: str, get: Callable[[str], Template]) -> Rendered:
    """The words for a channel, from the texts `get` gives: subject, body, sms, telephonogram, telegram."""
    if channel == SMS:
        return Rendered("", _short(get("sms"), facts), template)
    file = channel if channel in (TELEPHONOGRAM, TELEGRAM) else "body"
    return Rendered(get("subject").render(facts), get(file).render(facts), template)


#: stands for the reference while a wording is made once for a whole set; as long as a reference, never typed by anybody
_PLACE = "\ue000" * 6


def render_set(kind: str, channel: str, language: str, facts: str, ref: str) -> Rendered:
    """As `render`, for facts still in JSON: notices that say the same are rendered once, and given their reference."""
    words = _common(kind, channel, language, facts)
    return Rendered(words.subject.replace(_PLACE, ref), words.body.replace(_PLACE, ref), words.template)


@lru_cache(maxsize=1024)
def _common(kind: str, channel: str, language: str, facts: str) -> Rendered:
    return render(kind, channel, language, {**json.loads(facts), "ref": _PLACE})


def _short(template: Template, facts: Mapping[str, str]) -> str:
    link = re.sub(r"^https?://", " ", facts.get("portal", ""))
    long = template.render(facts, link=link)
    # an address that does not fit is left out: a second part may arrive alone, or never
    return long if units(long) <= SMS_LIMIT else template.render(facts, link="")


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as telephone networks count it."""
    return len(text.encode("utf-16-le")) // 2


def segments(text: str) -> int:
    """How many short messages a text takes: one up to 70 UTF-16 units, then one for every 67."""
    length = units(text)
    return 1 if length <= SMS_LIMIT else -(-length // _SMS_PART)


def template_id(kind: str, language: str) -> str:
    """Which wording this is: its folder, its version and the hash of everything its texts are made of."""
    return f"{kind}/{language} v{template_version(kind, language)}@{digest(kind, language)}"


def template_version(kind: str, language: str) -> int:
    """The number of the wording in force; 0 when its texts were changed and nobody numbered them."""
    return number(kind, language)


def wordings_of(messages: Iterable[Message]) -> list[tuple[str, int, str]]:
    """Template, version and texts of every wording among these messages."""
    return kept_texts((message.kind, message.to.language) for message in messages)


def kept_texts(used: Iterable[tuple[str, str]]) -> list[tuple[str, int, str]]:
    """Template, version and texts of every wording (kind, language) that was used."""
    return [(template_id(*one), template_version(*one), texts(*one)) for one in sorted(set(used))]


@lru_cache(maxsize=len(WORDED))
def _environment(language: str) -> Environment:
    return environment(language, FileSystemLoader(FOLDER))


def environment(language: str, loader: BaseLoader) -> Environment:
    """What texts in a language are rendered in: strict about missing facts, with the language's own dates and numbers."""
    made = Environment(
        loader=loader,
        undefined=StrictUndefined,
        trim_blocks=True,
        auto_reload=False,
        autoescape=False,  # noqa: S701 - plain text; the one HTML part is escaped where it is made
    )
    made.filters |= {
        "day": lambda text: _day(text, language),
        "short": _short_day,
        "moment": lambda text: _moment(text, language),
        "working_days": lambda text: _working_days(text, language),
        "number": _first_number,
    }
    return made


@lru_cache(maxsize=512)
def _template(kind: str, language: str, file: str) -> Template:
    return _environment(language).get_template(f"{kind}/{language}/{file}.txt")


@lru_cache(maxsize=512)
def _day(text: str, language: str) -> str:
    return format_date(date.fromisoformat(text), _DAY[language], locale=language)


@lru_cache(maxsize=512)
def _short_day(text: str) -> str:
    return date.fromisoformat(text).strftime("%d.%m.%Y")


def _moment(text: str, language: str) -> str:
    at = datetime.fromisoformat(text)
    return _MOMENT[language].format(day=_day(at.date().isoformat(), language), time=at.strftime("%H:%M"))


def _working_days(text: str, language: str) -> str:
    return f"{text} {_WORKING_DAYS[language][Locale(language).plural_form(int(text))]}"


def _first_number(point: str) -> str:
    found = re.search(r"\d+", point)
    return found[0] if found else point
