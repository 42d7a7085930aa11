"""The sections that say what an act does: evaluations, plans, panels, consequences, tables, what it leaves to the body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from methodologies.act import Dated
from methodologies.reading import Item, each
from methodologies.sections import name
from rules.evaluation import Described, Evaluation, FormChoice, LeftToBody, Source
from rules.plan import EVALUATORS, SELECTORS

Readers = Mapping[str, Callable[[Item], Any]]
_OWN_SECTIONS = (
    "parameters",
    "scales",
    "forms",
    "tables",
    "evaluations",
    "plans",
    "panels",
    "consequences",
    "deadlines",
)


def _fraction(item: Item) -> tuple[int, int]:
    text = item.text()
    parts = text.split("/")
    if len(parts) != 2 or not all(part.isdecimal() for part in parts) or not 0 < int(parts[0]) <= int(parts[1]):
        raise item.refusal(f"'{text}' is not a share; write it as 2/3.")
    return int(parts[0]), int(parts[1])


def _map(item: Item) -> Mapping[str, str]:
    return {key: value.text() for key, value in item.entries()}


def _one_of(*known: str) -> Callable[[Item], str]:
    return lambda item: item.one_of(known)


def _values(
    item: Item, readers: Readers, required: tuple[str, ...] = (), extra: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The keys of a section with plain values, each read by its own reader; null is read as "the act says none"."""
    optional = tuple(key for key in (*readers, *extra) if key not in required)
    found = item.fields(*required, optional=optional)
    return {key: None if part.is_null else readers[key](part) for key, part in found.items() if key in readers}


# --- evaluations ----------------------------------------------------------------------------------------

_EVALUATION = ("what", "rules", "point", "period", "forms", "path", "events", "completed_by", "deadlines")
_EVALUATION_MORE = ("branches", "exemptions", "panel", "annual", "options", "since", "until")


def evaluations(section: Item) -> dict[str, Evaluation]:
    """The kinds of evaluation by id, in the order of the file; the first one is meant where none is named."""
    return {one.id: one for one in each(section.entries(), _evaluation)}


def _evaluation(entry: tuple[str, Item]) -> Evaluation:
    key, item = entry
    parts = item.fields(*_EVALUATION, optional=_EVALUATION_MORE)

    def optional(part: str, read: Callable[[Item], Any], otherwise: Any) -> Any:
        return read(parts[part]) if part in parts and not parts[part].is_null else otherwise

    return Evaluation(
        name(item, key),
        parts["what"].label(),
        parts["rules"].texts(),
        parts["point"].text(),
        parts["period"].one_of(("quarter", "year")),
        tuple(each(parts["forms"].items(), _form_choice)),
        parts["path"].texts(),
        optional("branches", Item.texts, ()),
        {event: _source(source) for event, source in parts["events"].entries()},
        parts["completed_by"].text(),
        _map(parts["deadlines"]),
        optional("exemptions", Item.texts, ()),
        optional("panel", Item.text, None),
        optional("annual", lambda annual: _values(annual, _ANNUAL), {}),
        optional("options", lambda options: _values(options, OPTIONS), {}),
        optional("since", Item.day, None),
        optional("until", Item.day, None),
    )


#: further plain values of an evaluation, each with what reads it
OPTIONS: Readers = {
    "agreed_by": _one_of("superior_supervisor"),
    "written_familiarisation": Item.flag,
    "refusal_act": lambda item: {key: count.integer() for key, count in item.entries()},
    "sign_refusal_act": lambda item: {key: count.integer() for key, count in item.entries()},
    "refused_sent_by": Item.text,
    "notify": Item.texts,
    "term_kept_by": _one_of("marked"),
    "own_part_term": Item.text,
    "quarters_of": Item.text,
    "plan": Item.text,
    "head_group": Item.texts,
    "report": Item.text,
    "summary": Item.text,
    "cites": _map,
}
_ANNUAL: Readers = {"method": _one_of("mean_of_periods"), "scale": Item.text, "deadline": Item.text}


def _source(item: Item) -> Source:
    parts = item.fields("rules", "point")
    return Source(parts["rules"].texts(), parts["point"].text())


def _form_choice(item: Item) -> FormChoice:
    parts = item.fields("form", "evaluator", "rules", "point", optional=(*SELECTORS, "exemptions"))
    selectors = {key: _selector(key, part) for key, part in parts.items() if key in SELECTORS}
    evaluator = parts["evaluator"].one_of(EVALUATORS)
    exemptions = parts["exemptions"].texts() if "exemptions" in parts else ()
    return FormChoice(
        parts["form"].text(), evaluator, selectors, parts["rules"].texts(), parts["point"].text(), exemptions
    )


def _selector(key: str, item: Item) -> Any:
    return item.texts() if SELECTORS[key] == "list" else item.flag()


# --- plans, panels, consequences ------------------------------------------------------------------------


def _selectors(item: Item) -> dict[str, Any]:
    return {key: _selector(key, part) for key, part in item.fields(optional=tuple(SELECTORS)).items()}


_PLAN: Readers = {
    "form": Item.text,
    "for": _selectors,
    "evaluation": Item.text,
    "period": _one_of("quarter", "year"),
    "drawn_by": Item.texts,
    "items_min": Item.integer,
    "items_max": Item.integer,
    "measurable_share": _fraction,
    "checks": Item.texts,
    "approval": _one_of("superior_supervisor", "hr", "none"),
    "signed_by": Item.texts,
    "copies": Item.integer,
    "copies_with": Item.texts,
    "deadlines": _map,
    "min_remaining_months": Item.integer,
    "monitoring": _one_of("quarter"),
    "recommendations": Item.flag,
    "change_only_on": Item.texts,
}


def _sources(item: Item) -> dict[str, Source]:
    return {key: _source(part) for key, part in item.entries()}


_PANEL: Readers = {
    "form": Item.text,
    "kind": _one_of("session", "commission"),
    "members_min": Item.integer,
    "odd": Item.flag,
    "quorum": _fraction,
    "all_vote": Item.flag,
    "secretary": Item.flag,
    "chair": Item.flag,
    "tie": _one_of("stands", "chair"),
    "majority_of": _one_of("members", "present"),
    "open_vote": Item.flag,
    "hr_members": Item.integer,
    "members_from": Item.texts,
    "barred": Item.texts,
    "abstain": Item.texts,
    "standing": Item.flag,
    "correction": _one_of("any", "none"),
    "explanation": Item.flag,
    "approved_by": Item.text,
    "sources": _sources,
}


def _consequence_on(item: Item) -> dict[str, Any]:
    readers: Readers = {
        "evaluation": Item.text,
        "annual": Item.flag,
        "grades": Item.texts,
        "consecutive_years": Item.integer,
        "results": Item.texts,
    }
    return _values(item, readers)


_CONSEQUENCE: Readers = {
    "on": _consequence_on,
    "under": _map,
    "basis_for": Item.texts,
    "not_for": Item.texts,
    "deadline": Item.text,
    "forbids": Item.texts,
    "since": Item.day,
}


def described(readers: Readers, dated: bool = False) -> Callable[[Item], dict[str, Any]]:
    """A reader of a section whose entries have a wording, a source and plain values."""

    def one(entry: tuple[str, Item]) -> tuple[str, Any]:
        key, item = entry
        if dated:
            parts = item.fields("what", "rules", "point", "values")
            what, rules, point = parts["what"].label(), parts["rules"].texts(), parts["point"].text()

            def build(values: Item) -> Described:
                return Described(key, what, rules, point, _values(values, readers))

            return key, Dated(
                name(item, key),
                what.en,
                rules,
                point,
                "panel",
                tuple((day, None if value.is_null else build(value)) for day, value in parts["values"].by_date()),
            )
        extra = ("what", "rules", "point")
        parts = item.fields(*extra, optional=tuple(readers))
        values = _values(item, readers, extra=extra)
        return key, Described(
            name(item, key), parts["what"].label(), parts["rules"].texts(), parts["point"].text(), values
        )

    return lambda section: dict(each(section.entries(), one))


plans = described(_PLAN)
panels = described(_PANEL, dated=True)
consequences = described(_CONSEQUENCE)


# --- what the text does not give ------------------------------------------------------------------------


def left_to_body(section: Item) -> dict[str, LeftToBody]:
    """What a body must say itself, by name."""
    return {one.name: one for one in each(section.entries(), _left)}


def _left(entry: tuple[str, Item]) -> LeftToBody:
    key, item = entry
    parts = item.fields("what", "rules", "point", optional=("section", "shape", "reading", "optional", "keeps"))
    return LeftToBody(
        name(item, key) if "-" not in key else key,
        parts["what"].text(),
        parts["rules"].texts(),
        parts["point"].text(),
        parts["section"].one_of(("settings", *_OWN_SECTIONS)) if "section" in parts else "settings",
        parts["shape"].text() if "shape" in parts else "",
        parts["reading"].text() if "reading" in parts else None,
        "optional" in parts and parts["optional"].flag(),
        _keeps(parts["keeps"]) if "keeps" in parts else {},
    )


def _keeps(item: Item) -> Mapping[str, Any]:
    """Keys of an own evaluation with the members, or the roles and names, it must hold."""
    parts = item.fields(optional=("exemptions", "deadlines"))
    return {key: _map(part) if part.is_mapping else part.texts() for key, part in parts.items()}
