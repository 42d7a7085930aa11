"""From the files of a folder to an act, with the checks that need the whole act."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from methodologies import sections
from methodologies.act import Act, Dated
from methodologies.reading import Item, read, refuse_all
from rules.errors import BadFile, NotFound
from rules.law import DeadlineRule, Reading
from rules.scale import METHODS
from rules.stages import STAGES

HERE = Path(__file__).parent
REQUIRED = ("act", "title", "source", "compared_with_text_on", "revisions", "stages", "parameters")
#: what the program can do under the name a parameter gives
_METHODS = {"score_method": METHODS, "annual_method": ("mean_of_periods",), "evaluated_period": ("quarter",)}
OPTIONAL = ("readings", "deadlines", "forms", "grades", "channels", "sanctions", "rules")


def acts() -> tuple[str, ...]:
    """The ids of the acts that come with the program."""
    return tuple(sorted(file.parent.name.replace("_", "-") for file in HERE.glob("*/act.yaml")))


def load(act_id: str | Path) -> Act:
    """The act of that id, or of that folder or file when a path is given.

    Raises:
        NotFound: there is no such act.
        BadFile: its files were refused; every finding with its file and line.
    """
    if isinstance(act_id, str) and act_id in acts():
        return _shipped(act_id)
    path = Path(act_id)
    if not path.exists():
        raise NotFound(f"There is no methodology '{act_id}'; known are: {', '.join(acts())}, or give a path.")
    return load_files(sorted(path.glob("*.yaml")) if path.is_dir() else [path], path)


@lru_cache
def _shipped(act_id: str) -> Act:
    folder = HERE / act_id.replace("-", "_")
    return load_files(sorted(folder.glob("*.yaml")), folder)


def load_files(files: list[Path], folder: Path) -> Act:
    """One act out of its files; a section may stand in any of them, but only once."""
    if not files:
        raise NotFound(f"{folder}: the folder holds no .yaml file.")
    top = _top(files)
    act = _build(top, folder)
    refuse_all(_findings(act))
    return act


def _top(files: list[Path]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for file in files:
        root = read(file)
        for key, item in root.fields(optional=(*REQUIRED, *OPTIONAL)).items():
            if key in found:
                raise item.refusal(f"the section '{key}' already stands in {found[key].file}.")
            found[key] = item
    for key in REQUIRED:
        if key not in found:
            sentence = f"{files[0].name}: the section '{key}' is missing."
            raise BadFile(sentence, (sentence,))
    return found


def _build(top: Mapping[str, Item], folder: Path) -> Act:
    parts: dict[str, Any] = {}
    problems: list[str] = []
    for key, item in top.items():
        try:
            parts[key] = _READERS[key](item)
        except BadFile as refusal:
            problems += refusal.problems
    refuse_all(problems)
    empty: dict[str, Any] = {key: None if key in ("grades", "sanctions") else {} for key in OPTIONAL}
    named = empty | {("id" if key == "act" else key): value for key, value in parts.items()}
    return Act(**named, folder=str(folder), content_hash=_hash(top), warnings=_warnings(named))


def shown(path: Path) -> str:
    """A path as people read it: from the top of the program's own folder when it lies there."""
    return str(path.resolve().relative_to(HERE.parent)) if path.resolve().is_relative_to(HERE.parent) else str(path)


def _source(item: Item) -> dict[str, Any]:
    parts = item.fields("issuer", "number", "date", optional=("registration", "legal_basis"))
    source: dict[str, Any] = {key: part.text() for key, part in parts.items() if key not in ("issuer", "date")}
    return source | {"issuer": parts["issuer"].label(), "date": parts["date"].day()}


_READERS: Mapping[str, Callable[[Item], Any]] = {
    "act": Item.text,
    "title": Item.label,
    "source": _source,
    "compared_with_text_on": Item.day,
    "revisions": sections.revisions,
    "stages": Item.texts,
    "parameters": sections.parameters,
    "readings": sections.readings,
    "deadlines": sections.deadlines,
    "forms": sections.forms,
    "grades": sections.grades,
    "channels": sections.channels,
    "sanctions": sections.sanctions,
    "rules": sections.rules,
}


def _hash(top: Mapping[str, Item]) -> str:
    content = {key: top[key].canonical() for key in sorted(top)}
    return digest(content)


def digest(content: Any) -> str:
    """The SHA-256 of some content in its one canonical form."""
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _warnings(parts: Mapping[str, Any]) -> tuple[str, ...]:
    latest = parts["revisions"][-1]
    if parts["compared_with_text_on"] < latest.date:
        return (
            f"compared_with_text_on {parts['compared_with_text_on']} is before the revision of "
            f"{latest.date}: read these files beside the text again.",
        )
    return ()


def _findings(act: Act) -> Iterator[str]:
    dates = {revision.date for revision in act.revisions}
    for one in act.dated:
        for day, _ in one.values:
            if day not in dates:
                yield (
                    f"{act.id}, {one.name}: {day} is not the date of a revision; "
                    f"values start on {', '.join(map(str, sorted(dates)))}."
                )
        yield from _unknown_rules(act, one)
    yield from (f"{act.id}, stages: there is no stage '{one}'." for one in act.stages if one not in STAGES)
    yield from _method_findings(act)
    yield from _deadline_findings(act)
    yield from _sanction_findings(act)


def _method_findings(act: Act) -> Iterator[str]:
    for name, known in _METHODS.items():
        for _, value in act.parameters[name].values if name in act.parameters else ():
            if value is not None and value not in known:
                yield f"{act.id}, {name}: the program has no method '{value}'; it has: {', '.join(known)}."


def _unknown_rules(act: Act, one: Dated) -> Iterator[str]:
    for rule in one.rules:
        if act.rules and rule not in act.rules:
            yield f"{act.id}, {one.name}: the rule '{rule}' is not in the list of rules."


def _deadline_findings(act: Act) -> Iterator[str]:
    revisions = {revision.id for revision in act.revisions}
    for dated in act.deadlines.values():
        for rule in (value for _, value in dated.values if isinstance(value, DeadlineRule)):
            if rule.revision is not None and rule.revision not in revisions:
                yield f"{act.id}, {rule.id}: there is no revision '{rule.revision}'."
            for question in rule.readings:
                if question not in act.readings:
                    yield f"{act.id}, {rule.id}: there is no reading '{question}'."


def _sanction_findings(act: Act) -> Iterator[str]:
    if act.sanctions is None:
        return
    for kind, cap in ((k, c) for _, table in act.sanctions.values for k, c in (table or {}).items()):
        if cap not in act.parameters:
            yield f"{act.id}, sanctions: '{kind}' is capped by '{cap}', but there is no such parameter."


def unique(readings: Mapping[str, Reading]) -> tuple[Reading, ...]:
    """Each reading once, in the order of the act."""
    return tuple({id(one): one for one in readings.values()}.values())
