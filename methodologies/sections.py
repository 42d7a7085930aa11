"""The sections of an act's files, each read into its shape by one function."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from methodologies.act import Dated, RuleNote
from methodologies.reading import Item, each
from rules.decisions import DECISIONS
from rules.law import DeadlineRule, Option, Reading, Revision
from rules.terms import COUNTABLE

TERM_UNITS = tuple(dict.fromkeys(unit for unit, _ in COUNTABLE))
_IDENTIFIER = re.compile(r"[a-z0-9][a-z0-9_]*")
_DATE_AMOUNT = re.compile(r"(\d{4}-)?\d{2}-\d{2}")


def _text_map(item: Item) -> Mapping[str, str]:
    return {key: value.text() for key, value in item.entries()}


#: unit of a parameter -> how its values are read
UNITS: Mapping[str, Callable[[Item], Any]] = {
    "point": Item.decimal,
    "person": Item.integer,
    "row": Item.integer,
    "decimal_place": Item.integer,
    "working_day": Item.integer,
    "calendar_day": Item.integer,
    "month": Item.integer,
    "year": Item.integer,
    "yes_no": Item.flag,
    "method": Item.text,
    "list": Item.texts,
    "map": _text_map,
    "share": Item.text,
    "number": Item.integer,
}


def name(item: Item, key: str) -> str:
    """A name in small letters with underscores; anything else is refused."""
    if not _IDENTIFIER.fullmatch(key):
        raise item.refusal(f"'{key}' is not a name; use small letters, digits and underscores.")
    return key


def revisions(section: Item) -> tuple[Revision, ...]:
    """The wordings, in the order of their dates."""
    found = tuple(each(section.entries(), _revision))
    for earlier, later in pairwise(found):
        if later.date <= earlier.date:
            raise section.refusal(f"revision '{later.id}' is not later than '{earlier.id}'; list them by date.")
    return found


def _revision(entry: tuple[str, Item]) -> Revision:
    key, item = entry
    parts = item.fields("date", "title", "in_force", "known", optional=("repeals", "registered"))
    return Revision(
        key,
        parts["date"].day(),
        parts["title"].text(),
        parts["in_force"].text(),
        parts["known"].flag(),
        repeals="repeals" in parts and parts["repeals"].flag(),
        registered=parts["registered"].day() if "registered" in parts else None,
    )


def parameters(section: Item) -> dict[str, Dated]:
    """The dated values of the act by name."""
    return {one.name: one for one in each(section.entries(), _parameter)}


def _parameter(entry: tuple[str, Item]) -> Dated:
    parts = entry[1].fields("what", "rules", "point", "unit", "values")
    unit = parts["unit"].one_of(UNITS)
    return dated(entry, parts, unit, UNITS[unit])


def dated(
    entry: tuple[str, Item], parts: Mapping[str, Item], unit: str, read: Callable[[Item], Any], what: str = ""
) -> Dated:
    """One thing with values by date; `parts` are its keys, `what` stands in place of the key of that name."""
    key, item = entry
    values = each(parts["values"].by_date(), lambda pair: (pair[0], None if pair[1].is_null else read(pair[1])))
    return Dated(
        name(item, key),
        what or parts["what"].text(),
        parts["rules"].texts(),
        parts["point"].text(),
        unit,
        tuple(values),
    )


def one_dated(section: Item, unit: str, read: Callable[[Item], Any]) -> Dated:
    """A section that is a single dated value, such as the grades."""
    parts = section.fields("what", "rules", "point", "values")
    return dated((section.trail[-1], section), parts, unit, read)


def channels(section: Item) -> dict[str, Dated]:
    """The means of notice by the person's status, in the order of the text."""
    return {
        key: dated((key, item), item.fields("what", "rules", "point", "values"), "list", Item.texts)
        for key, item in section.entries()
    }


def sanctions(section: Item) -> Dated:
    """Kind of sanction -> name of the parameter that caps the mark, by date."""
    return one_dated(section, "map", _text_map)


def readings(section: Item) -> dict[str, Reading]:
    """The open questions by id; a question answered by the same choice is found under both ids."""
    found: dict[str, Reading] = {}
    for reading, item in each(section.entries(), lambda entry: (_reading(entry), entry[1])):
        for question in reading.ids:
            if question in found:
                raise item.refusal(f"the question {question} is already answered by {found[question].id}.")
            found[question] = reading
    return found


def _reading(entry: tuple[str, Item]) -> Reading:
    key, item = entry
    parts = item.fields("question", "options", "default", "why", optional=("also", "decides"))
    options = tuple(each(parts["options"].entries(), _option))
    for part in ("id", "letter"):
        if len({getattr(option, part) for option in options}) < len(options):
            raise item.refusal(f"two options have the same {part}.")
    default = parts["default"].one_of(option.id for option in options)
    also = parts["also"].texts() if "also" in parts else ()
    question, why = parts["question"].text(), parts["why"].text()
    decides = parts["decides"].one_of(DECISIONS) if "decides" in parts else None
    for option in options if decides else ():
        if option.id not in DECISIONS[decides or ""]:
            ways = ", ".join(DECISIONS[decides or ""])
            raise item.refusal(f"the program has no way '{option.id}' of deciding '{decides}'; it has: {ways}.")
    return Reading(key, question, options, default, default, why, also=also, decides=decides)


def _option(entry: tuple[str, Item]) -> Option:
    letter, item = entry
    if not re.fullmatch(r"[a-z]", letter):
        raise item.refusal(f"'{letter}' is not the letter of an option; use a, b, c.")
    parts = item.fields("id", "says")
    return Option(name(parts["id"], parts["id"].text()), letter, parts["says"].text())


def deadlines(section: Item) -> dict[str, Dated]:
    """The terms by id, each a dated rule."""
    return {one.name: one for one in each(section.entries(), _deadline)}


def _deadline(entry: tuple[str, Item]) -> Dated:
    key, item = entry
    parts = item.fields(
        "rules",
        "point",
        "actor",
        "obligation",
        "values",
        optional=("right", "keep", "revision", "quarters", "readings", "follows"),
    )
    rules, point = parts["rules"].texts(), parts["point"].text()

    def rule(term: Item) -> DeadlineRule:
        return deadline_rule(key, rules, point, parts, term)

    return dated(entry, parts, "term", rule, what=parts["obligation"].label().en)


def deadline_rule(
    key: str, rules: tuple[str, ...], point: str, parts: Mapping[str, Item], term: Item, house: bool = False
) -> DeadlineRule:
    """One term, of the act or of the house; its amount must fit its unit."""
    found = term.fields("amount", "unit", "direction", "anchor")
    unit = found["unit"].one_of(TERM_UNITS)
    return DeadlineRule(
        key,
        rules,
        point,
        parts["actor"].label(),
        parts["obligation"].label(),
        _amount(found["amount"], unit, house),
        unit,
        found["direction"].one_of(direction for one, direction in COUNTABLE if one == unit),
        name(found["anchor"], found["anchor"].text()),
        right="right" in parts and parts["right"].flag(),
        keep="keep" in parts and parts["keep"].flag(),
        house=house,
        quarters=tuple(each(parts["quarters"].items(), _quarter)) if "quarters" in parts else (),
        revision=parts["revision"].text() if "revision" in parts else None,
        readings=parts["readings"].texts() if "readings" in parts else (),
        follows=parts["follows"].text() if "follows" in parts else None,
    )


def _quarter(item: Item) -> int:
    if not 1 <= item.integer() <= 4:
        raise item.refusal(f"{item.integer()} is not a quarter; write 1, 2, 3 or 4.")
    return item.integer()


#: the longest term by unit: what a body sets itself belongs to one period, an act may have papers kept for a century
_LONGEST_HOUSE = {"working_day": 250, "calendar_day": 366, "month": 12, "year": 1}
_LONGEST = {"working_day": 25_000, "calendar_day": 36_525, "month": 1_200, "year": 100}


def _amount(item: Item, unit: str, house: bool) -> int | str | None:
    if item.is_null and house:
        raise item.refusal("a house term needs a number; take the term out if the body has none.")
    if item.is_null:
        return None
    if unit != "date":
        return _count(item, unit, house)
    text = item.text() if item.node.tag.endswith(":str") else item.node.value
    if not _DATE_AMOUNT.fullmatch(text):
        raise item.refusal(f"'{text}' is not a day of a year; write 01-30 or 2027-01-30.")
    try:
        date.fromisoformat(text if len(text) > 5 else f"2023-{text}")
    except ValueError:
        raise item.refusal(f"'{text}' is not a real date.") from None
    return text


def _count(item: Item, unit: str, house: bool) -> int:
    amount = item.integer()
    if amount < 0 or (unit == "day_of_month" and not 1 <= amount <= 28):
        raise item.refusal(f"{amount} is not possible for the unit {unit}.")
    most = (_LONGEST_HOUSE if house else _LONGEST).get(unit, amount)
    if amount > most:
        whose = "a house term" if house else "a term"
        raise item.refusal(f"{amount} is too long for {whose} in the unit {unit}; write {most} or less.")
    return amount


def rules(section: Item) -> dict[str, RuleNote]:
    """The rules of the rulebook by id."""
    return {note.id: note for note in each(section.entries(), _rule)}


def _rule(entry: tuple[str, Item]) -> RuleNote:
    key, item = entry
    parts = item.fields("point", "says", optional=("document_only",))
    reason = parts["document_only"].text() if "document_only" in parts else None
    return RuleNote(key, parts["point"].text(), parts["says"].text(), reason)
