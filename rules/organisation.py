"""The body that evaluates, as its own file says it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from rules.law import DeadlineRule, Label

#: an address that may stand in every text: no query, so that a link holds no token and opening it says nothing of anybody
PORTAL = re.compile(
    r"(https://[a-z0-9.-]{1,80}|http://(localhost|127\.0\.0\.1))(:\d{1,5})?(/[a-z0-9/_-]{0,40})?", re.ASCII
)


@dataclass(frozen=True)
class CalendarCorrection:
    """One day the body's calendar corrects, with the decree that ordered it."""

    day: date
    working: bool
    decree: str


@dataclass(frozen=True)
class Organisation:
    """What a body decides for itself; nothing here changes the text of the act.

    Attributes:
        key: short name used in file and cycle names, no personal data.
        in_force_from: revision id -> the day that wording took effect here.
        unconfirmed: names of settings a person still has to confirm.
        readings: question id -> option id or letter.
        house_deadlines: the body's own deadlines, stricter than the act, always shown as house.
        channels: channels the body may use. ladders: kind of notice -> the body's own order of its channels.
        languages: languages of notices, first one is the default.
        source: the file as people read it; folder: where it lies, for an act that lies beside it.
        own: section -> what the body says itself where its act leaves the section's names to it.
    """

    key: str
    name: Label
    act: str
    time_zone: str
    languages: tuple[str, ...]
    channels: tuple[str, ...]
    in_force_from: Mapping[str, date]
    unconfirmed: tuple[str, ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    house_deadlines: tuple[DeadlineRule, ...] = ()
    calendar_corrections: tuple[CalendarCorrection, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    ladders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    source: str = ""
    folder: str = ""
    content_hash: str = ""
