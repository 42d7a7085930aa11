"""The story beside a body's file: which periods are lived, when, and what happens out of the ordinary; all of it data.

Whatever a story does not say happens by default, so a body without a story is lived through as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from methodologies.reading import Item, each, read, refuse_all
from rules.errors import BadFile
from rules.period import Period

FILE = "story.yaml"

#: what may happen -> the fields that say it, required ones first, those that may be left out after a None
HAPPENINGS: Mapping[str, tuple[str | None, ...]] = {
    # plans
    "plan_late": ("who", "days"),
    "plan_returned": ("who", "words"),
    "plan_changed": ("who", "reason", "day"),
    # sheets
    "signs_late": ("who", "days"),
    "sheet": ("who", None, "level", "fields"),
    "replaced": ("who", "by", "words", None, "after"),
    "designated": ("who", "by"),
    "returned": ("who", "words"),
    "refuses_to_sign": ("who", None, "words"),
    # the Commission
    "revised": ("who", "explanation", None, "score", "results", "tie", "against"),
    "member_replaced": ("who", "by", "order", "day", None, "as"),
    "stays_away": ("who", "day"),
    # results
    "refuses_result": ("who", None, "words"),
    "opens_late": ("who", "days"),
    "asks": ("who", "after", None, "score", "placed_after"),
    "appeals": ("who", "after", "outcome", None, "score", "results", "explanation", "answered_after", "reported_after"),
    "goes_to_court": ("who", "after", "reference"),
}
_FILTERS = ("evaluation", "period")


#: what somebody writes or says: one text, or the same in Kazakh and in Russian
Words = str | Mapping[str, str]
_WORDS = ("words", "explanation", "order", "reference")


@dataclass(frozen=True)
class Happening:
    """One thing out of the ordinary.

    Attributes:
        who: the personnel number it happens to. given: its further fields.
        evaluation, period: where it happens; in every evaluation of the person when left out.
    """

    what: str
    who: str
    given: Mapping[str, Any] = field(default_factory=dict)
    evaluation: str = ""
    period: str = ""

    def get(self, name: str, default: Any = None) -> Any:
        """One of its fields."""
        return self.given.get(name, default)


@dataclass(frozen=True)
class Lived:
    """One cycle to live: which evaluation of which period; days left out are found by default.

    Attributes:
        opened: HR opens it. starts, ends: the schedule's days. sits: the days on which the Commission sits.
    """

    evaluation: str
    period: Period
    opened: date | None = None
    starts: date | None = None
    ends: date | None = None
    sits: tuple[date, ...] = ()


@dataclass(frozen=True)
class Seats:
    """The composition of the Commission by personnel numbers, and the order that makes it."""

    chair: str
    members: tuple[str, ...]
    secretary: str
    order: Words


@dataclass(frozen=True)
class Script:
    """What is lived, and how.

    Attributes:
        period: lived when nobody asks for another. flows: the demonstration runs the flows on a server of its own.
        plans: id of a plan of the act -> the day on which HR opens the round.
        events: None when the story names none, so that some are invented.
    """

    period: str = ""
    flows: bool = False
    seed: int = 1
    plans: Mapping[str, date] = field(default_factory=dict)
    cycles: tuple[Lived, ...] = ()
    commission: Seats | None = None
    events: tuple[Happening, ...] | None = None

    def of_another_period(self) -> Script:
        """The same story where another period is lived: the days and events of this one are left out."""
        return Script(self.period, self.flows, self.seed, commission=self.commission)


def read_script(organisation: Path) -> Script:
    """The story that lies beside a body's file, or an empty one.

    Raises:
        BadFile: the story was refused; every finding with its line.
    """
    file = organisation.with_name(FILE)
    if not file.is_file():
        return Script()
    parts: dict[str, Any] = {}
    problems: list[str] = []
    for key, item in read(file).fields(optional=tuple(_READERS)).items():
        try:
            parts[key] = _READERS[key](item)
        except BadFile as refusal:
            problems += refusal.problems
    refuse_all(problems)
    return Script(**parts)


def _plans(item: Item) -> dict[str, date]:
    return {key: one.day() for key, one in item.entries()}


def _cycles(item: Item) -> tuple[Lived, ...]:
    return tuple(each(item.items(), _cycle))


def _cycle(item: Item) -> Lived:
    parts = item.fields("evaluation", "period", optional=("opened", "starts", "ends", "sits"))
    days = {key: parts[key].day() for key in ("opened", "starts", "ends") if key in parts}
    sits = tuple(one.day() for one in parts["sits"].items()) if "sits" in parts else ()
    return Lived(parts["evaluation"].text(), Period.parse(parts["period"].text()), **days, sits=sits)


def _seats(item: Item) -> Seats:
    parts = item.fields("order", "chair", "members", "secretary")
    texts = {key: parts[key].text() for key in ("chair", "secretary")}
    return Seats(members=parts["members"].texts(), order=_words(parts["order"]), **texts)


def _words(item: Item) -> Words:
    return {key: one.text() for key, one in item.fields("kk", "ru").items()} if item.is_mapping else item.text()


def _events(item: Item) -> tuple[Happening, ...]:
    return tuple(each(item.items(), _event))


def _event(item: Item) -> Happening:
    what = dict(item.entries()).get("what")
    if what is None:
        raise item.refusal(f"say what happens under 'what'; known are: {', '.join(HAPPENINGS)}.")
    required, optional = _fields(what.one_of(HAPPENINGS))
    parts = item.fields("what", *required, optional=(*optional, *_FILTERS))
    values = dict(_values(parts))
    filters = {key: values.pop(key) for key in _FILTERS if key in values}
    return Happening(what.text(), values.pop("who"), values, **filters)


def _fields(what: str) -> tuple[list[str], list[str]]:
    names = HAPPENINGS[what]
    place = names.index(None) if None in names else len(names)
    return [one for one in names[:place] if one], [one for one in names[place:] if one]


_NUMBERS = ("days", "after", "answered_after", "reported_after", "placed_after")


def _values(parts: Mapping[str, Item]) -> Iterator[tuple[str, Any]]:
    for key, item in parts.items():
        if key == "what":
            continue
        if key in _NUMBERS:
            yield key, item.integer()
        elif key == "day":
            yield key, item.day()
        elif key in ("score", "level"):
            yield key, item.decimal()
        elif key == "tie":
            yield key, item.flag()
        elif key in ("fields", "results"):
            yield key, item.plain()
        elif key in _WORDS:
            yield key, _words(item)
        elif key == "against":
            yield key, item.texts()
        else:
            yield key, item.text()


_READERS: Mapping[str, Any] = {
    "period": lambda item: str(Period.parse(item.text())),
    "flows": Item.flag,
    "seed": Item.integer,
    "plans": _plans,
    "cycles": _cycles,
    "commission": _seats,
    "events": _events,
}
