"""The strict reader of organisation.yaml: what a body decides for itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from methodologies import sections
from methodologies.act import Act
from methodologies.loading import BODY_FILE, acts, digest, load, shown
from methodologies.own import read_own
from methodologies.reading import Item, each, parse, refuse_all, text_of
from rules.errors import BadFile, MissingSetting, NotFound
from rules.ladder import KINDS, channels_of
from rules.law import DeadlineRule
from rules.organisation import PORTAL, CalendarCorrection, Organisation

EXAMPLES = Path(__file__).parent.parent / "examples"
CHANNELS = (
    "portal",
    "mobile_app",
    "email",
    "sms",
    "registered_letter",
    "telephonogram",
    "telegram",
    "other_registered",
)
LANGUAGES = ("kk", "ru", "en")
#: days a person may stay silent before a registered letter goes
LONGEST_SILENCE = 366
_REQUIRED = ("organisation", "name", "act", "time_zone", "languages", "channels", "in_force_from")
_OPTIONAL = ("unconfirmed", "readings", "house_deadlines", "calendar_corrections", "settings", "own", "ladders")


def read_organisation(path: Path) -> Organisation:
    """The body described in a file.

    Raises:
        NotFound: there is no such file.
        BadFile: the file was refused; every finding with its line.
    """
    if not path.is_file():
        raise NotFound(f"There is no organisation file {path}.")
    return _understood(path, text_of(path))


@lru_cache(maxsize=16)
def _understood(path: Path, source: str) -> Organisation:
    root = parse(source, path.name)
    parts: dict[str, Any] = {}
    problems: list[str] = []
    for key, item in root.fields(*_REQUIRED, optional=_OPTIONAL).items():
        try:
            parts["key" if key == "organisation" else key] = _READERS[key](item)
        except BadFile as refusal:
            problems += refusal.problems
    if "ladders" in parts and "channels" in parts:
        problems += [refusal for kind in parts["ladders"].values() for refusal in _not_here(kind, parts["channels"])]
        parts["ladders"] = {kind: tuple(one.text() for one in items) for kind, items in parts["ladders"].items()}
    refuse_all(problems)
    return Organisation(**parts, source=shown(path), folder=str(path.parent), content_hash=digest(root.canonical()))


def act_of(file: Path) -> str | Path:
    """What `load` takes for the act of a body's file: its id, or the file's folder where the act lies beside it."""
    act_id = read_organisation(file).act
    return act_id if act_id in acts() else Path(load(act_id, beside=file.parent).folder)


@lru_cache
def samples() -> Mapping[str, Path]:
    """The sample organisation file of each act: act id -> file."""
    return {read_organisation(path).act: path for path in sorted(EXAMPLES.glob("*/organisation.yaml"), reverse=True)}


def sample(act: Act | str) -> Organisation:
    """The sample body of an act: the one in its own folder, or the one that comes with the program.

    Raises:
        MissingSetting: there is none, so a file must be given.
    """
    act_id, beside = (act, None) if isinstance(act, str) else (act.id, Path(act.folder) / BODY_FILE)
    if beside is not None and beside.is_file():
        return read_organisation(beside)
    if act_id not in samples():
        raise MissingSetting(f"{act_id}: no sample organisation comes with this act; give an organisation file.")
    return read_organisation(samples()[act_id])


#: asking the machine means walking through its whole folder of zones
_zones = lru_cache(maxsize=1)(available_timezones)


def _time_zone(item: Item) -> str:
    zone = item.text()
    if zone not in _zones():
        raise item.refusal(f"'{zone}' is not a time zone; write one such as Asia/Almaty.")
    return zone


def _subset(known: tuple[str, ...]) -> Callable[[Item], tuple[str, ...]]:
    def read_list(item: Item) -> tuple[str, ...]:
        item.texts()
        return tuple(each(item.items(), lambda one: one.one_of(known)))

    return read_list


def _ladders(item: Item) -> dict[str, list[Item]]:
    """Kind of notice -> its channels in the body's own order; each must be one that the kind may use."""
    return dict(each(item.entries(), _ladder))


def _ladder(entry: tuple[str, Item]) -> tuple[str, list[Item]]:
    kind, item = entry
    if kind not in KINDS:
        raise item.refusal(f"'{kind}' is no kind of notice; write one of: {', '.join(KINDS)}.")
    if not item.texts():
        raise item.refusal("the order names no channel; write at least one, or leave the kind out.")
    for one in item.items():
        if one.text() not in channels_of(kind):
            raise one.refusal(
                f"a notice '{kind}' may not go by '{one.text()}'; write of: {', '.join(channels_of(kind))}."
            )
    return kind, item.items()


def _not_here(items: list[Item], channels: tuple[str, ...]) -> list[str]:
    """The refusals of channels the body does not use."""
    wrong = [one for one in items if one.text() not in channels]
    return [
        str(one.refusal(f"'{one.text()}' does not stand under `channels`; add it there or leave it out here."))
        for one in wrong
    ]


def _days(item: Item) -> dict[str, date]:
    return dict(each(item.entries(), lambda entry: (entry[0], entry[1].day())))


def _texts(item: Item) -> dict[str, str]:
    return dict(each(item.entries(), lambda entry: (entry[0], entry[1].text())))


def _house(item: Item) -> tuple[DeadlineRule, ...]:
    return tuple(each(item.entries(), _house_deadline))


def _house_deadline(entry: tuple[str, Item]) -> DeadlineRule:
    key, item = entry
    if not key.startswith("house_"):
        raise item.refusal(f"the name of a house deadline begins with house_; write house_{key}.")
    parts = item.fields("actor", "obligation", "why", "term")
    parts["why"].text()
    return sections.deadline_rule(key, (), "house rule", parts, parts["term"], house=True)


def _corrections(item: Item) -> tuple[CalendarCorrection, ...]:
    return tuple(each(item.by_date() if item.node.value else [], _correction))


def _correction(entry: tuple[date, Item]) -> CalendarCorrection:
    day, item = entry
    parts = item.fields("working", "decree")
    return CalendarCorrection(day, parts["working"].flag(), parts["decree"].text())


def _settings(item: Item) -> Any:
    for key, value in item.entries():
        if key == "calendar_confirmed_until":
            value.day()
        if key == "serve_silent_after_days" and not 1 <= value.integer() <= LONGEST_SILENCE:
            raise value.refusal(f"{value.integer()} is no such number of days; write 1 to {LONGEST_SILENCE}.")
        if key == "portal" and not PORTAL.fullmatch(value.text()):
            raise value.refusal(
                "a portal's address is https, in small letters, without a query: https://portal.body.kz."
            )
        if key == "silence_hours":
            each(value.entries(), _patience)
    return item.plain()


def _patience(entry: tuple[str, Item]) -> None:
    channel, hours = entry
    if channel not in CHANNELS:
        raise hours.refusal(f"'{channel}' is not known here; write one of: {', '.join(CHANNELS)}.")
    if not 1 <= hours.integer() <= LONGEST_SILENCE * 24:
        raise hours.refusal(f"{hours.integer()} is no such number of hours; write 1 to {LONGEST_SILENCE * 24}.")


_READERS: Mapping[str, Callable[[Item], Any]] = {
    "organisation": Item.text,
    "name": Item.label,
    "act": Item.text,
    "time_zone": _time_zone,
    "languages": _subset(LANGUAGES),
    "channels": _subset(CHANNELS),
    "in_force_from": _days,
    "unconfirmed": Item.texts,
    "readings": _texts,
    "house_deadlines": _house,
    "calendar_corrections": _corrections,
    "settings": _settings,
    "own": read_own,
    "ladders": _ladders,
}
