"""From the files of a folder to an act, with the checks that need the whole act."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from methodologies import findings, mechanism, sections, sheets, tables
from methodologies.act import Act
from methodologies.reading import Item, read, refuse_all
from rules.errors import BadFile, NotFound
from rules.law import Reading, Table

HERE = Path(__file__).parent
#: a body's own file that lies in the folder of its act
BODY_FILE = "organisation.yaml"
#: what else may lie there and is no part of the act: the body, and how the demonstration lives it
BESIDE = (BODY_FILE, "story.yaml")
REQUIRED = ("act", "title", "source", "compared_with_text_on", "revisions")
OPTIONAL = (
    "parameters",
    "evaluations",
    "scales",
    "forms",
    "tables",
    "plans",
    "panels",
    "consequences",
    "left_to_body",
    "deadlines",
    "readings",
    "channels",
    "sanctions",
    "rules",
)


def acts() -> tuple[str, ...]:
    """The ids of the acts that come with the program."""
    return tuple(sorted(file.parent.name.replace("_", "-") for file in HERE.glob("*/act.yaml")))


def load(act_id: str | Path, beside: Path | None = None) -> Act:
    """The act of that id, or of that folder or file when a path is given.

    Args:
        beside: the folder of a body's own file; an act that does not come with the program may lie there.

    Raises:
        NotFound: there is no such act.
        BadFile: its files were refused; every finding with its file and line.
    """
    if isinstance(act_id, str) and act_id in acts():
        return _shipped(act_id)
    if beside is not None and not isinstance(act_id, Path) and _own_files(beside):
        found = load_files(_own_files(beside), beside)
        if found.id == act_id:
            return found
    path = Path(act_id)
    if not path.exists():
        raise NotFound(f"There is no methodology '{act_id}'; known are: {', '.join(acts())}, or give a path.")
    return load_files(_own_files(path) if path.is_dir() else [path], path)


def _own_files(folder: Path) -> list[Path]:
    """The files of an act in a folder; the body's own file and a story may lie beside them."""
    return [file for file in sorted(folder.glob("*.yaml")) if file.name not in BESIDE]


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
    refuse_all(findings.of(act))
    beside = (_beside(folder) / table.file for table in act.tables.values() if table.file)
    return replace(act, files=(*files, *beside))


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
            parts[key] = tables.tables(item, _beside(folder)) if key == "tables" else _READERS[key](item)
        except BadFile as refusal:
            problems += refusal.problems
    refuse_all(problems)
    empty: dict[str, Any] = {key: None if key == "sanctions" else {} for key in OPTIONAL}
    named = empty | {("id" if key == "act" else key): value for key, value in parts.items()}
    return Act(**named, folder=str(folder), content_hash=_hash(top, named["tables"]), warnings=_warnings(named))


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
    "parameters": sections.parameters,
    "readings": sections.readings,
    "deadlines": sections.deadlines,
    "forms": sheets.forms,
    "scales": sheets.scales,
    "evaluations": mechanism.evaluations,
    "plans": mechanism.plans,
    "panels": mechanism.panels,
    "consequences": mechanism.consequences,
    "left_to_body": mechanism.left_to_body,
    "channels": sections.channels,
    "sanctions": sections.sanctions,
    "rules": sections.rules,
}


def _beside(folder: Path) -> Path:
    return folder if folder.is_dir() else folder.parent


def _hash(top: Mapping[str, Item], tables: Mapping[str, Table]) -> str:
    content = {key: top[key].canonical() for key in sorted(top)}
    return digest([content, {name: [table.columns, table.rows] for name, table in tables.items()}])


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


def unique(readings: Mapping[str, Reading]) -> tuple[Reading, ...]:
    """Each reading once, in the order of the act."""
    return tuple({id(one): one for one in readings.values()}.values())
