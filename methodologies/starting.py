"""Starting the folder of a new body's methodology from an act that exists: same shape, own name, every line to be checked."""

from __future__ import annotations

import re
import shutil
from datetime import date, timedelta
from pathlib import Path

import yaml

from methodologies.act import Act
from methodologies.loading import acts, load
from methodologies.organisation import samples
from rules.errors import NotAllowed, RuleError

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_HEAD = """\
# Started from {source}. Nothing here is the law of your body yet: compare every line with the text of your act,
# change what differs, take out what it does not have, and set compared_with_text_on to the day you have done so.
"""


def start(source: Act, folder: Path, act_id: str, adopted: date) -> tuple[Path, ...]:
    """Write the files of a new methodology into an empty folder; return them.

    Every wording of the source but its latest known one is left out; the new act has one wording, of the day it was
    adopted, and the date of every value is that day.

    Raises:
        RuleError: the id is no id. NotAllowed: the folder is not empty, or nobody knows the source's wording.
    """
    if not _ID.fullmatch(act_id):
        raise RuleError(f"'{act_id}' is no id of a methodology; write small letters, digits and dashes, as lakes-2025.")
    if act_id in acts():
        raise NotAllowed(f"'{act_id}' comes with the program; give the new act an id of its own.")
    if folder.exists() and not folder.is_dir():
        raise NotAllowed(f"{folder} is a file; name a new folder.")
    if folder.exists() and any(folder.iterdir()):
        raise NotAllowed(f"{folder} is not empty; name a new folder, so that nothing is written over.")
    known = [one for one in source.revisions if one.known and not one.repeals]
    if not known:
        raise NotAllowed(f"{source.id} has no wording in our text; start from another act.")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for file in source.files:
        if file.suffix != ".yaml":
            shutil.copy(file, folder / file.name)
        else:
            text = _HEAD.format(source=source.id) + _renamed(file.read_text("utf-8"), source, act_id, adopted)
            (folder / file.name).write_text(text, "utf-8")
        written.append(folder / file.name)
    written.append(_organisation(source, folder, act_id, adopted))
    load(folder)
    return tuple(written)


def _renamed(text: str, source: Act, act_id: str, adopted: date) -> str:
    latest = [one for one in source.revisions if one.known and not one.repeals][-1].date
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    edits = _Edits(text, latest, adopted)
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "act":
            edits.put(value, act_id)
        elif key.value == "compared_with_text_on":
            edits.put(
                value, str(adopted - timedelta(days=1))
            )  # nobody has compared them: `check` warns until somebody does
        elif key.value == "revisions":
            lines = (
                f"date: {adopted}",
                f"title: order of {adopted}",
                "in_force: say how it takes effect",
                "known: true",
            )
            edits.put(value, "first:\n" + "".join(f"    {line}\n" for line in lines) + "\n")
        else:
            edits.walk(value)
    return edits.applied()


class _Edits:
    """Changes of a YAML text by place, so that comments and layout stay."""

    def __init__(self, text: str, latest: date, adopted: date) -> None:
        self.text, self.latest, self.adopted = text, latest, adopted
        self.changes: list[tuple[int, int, str]] = []

    def put(self, node: yaml.Node, words: str) -> None:
        """Write other words in the place of a node."""
        self.changes.append((node.start_mark.index, node.end_mark.index, words))

    def applied(self) -> str:
        """The text with every change made, the last place first."""
        text = self.text
        for start, end, words in sorted(self.changes, reverse=True):
            text = text[:start] + words + text[end:]
        return text

    def walk(self, node: yaml.Node) -> None:
        """Keep of each dated value the latest known one, under the new date; leave out terms of the source's own orders."""
        if isinstance(node, yaml.SequenceNode):
            for one in node.value:
                self.walk(one)
        if not isinstance(node, yaml.MappingNode):
            return
        if node.value and all(_DAY.fullmatch(str(key.value)) for key, _ in node.value):
            self._dated(node)
            return
        for place, (key, value) in enumerate(node.value):
            if isinstance(value, yaml.MappingNode) and any(one.value == "revision" for one, _ in value.value):
                self._drop(node, place)
            elif key.value == "since":
                self.put(value, str(self.adopted))
            else:
                self.walk(value)

    def _dated(self, node: yaml.MappingNode) -> None:
        held = [place for place, (key, _) in enumerate(node.value) if date.fromisoformat(key.value) <= self.latest]
        kept = max(held, key=lambda place: node.value[place][0].value, default=0)
        for place, (key, value) in enumerate(node.value):
            if place == kept:
                self.put(key, str(self.adopted))
                self.walk(value)
            else:
                self._drop(node, place)

    def _drop(self, node: yaml.MappingNode, place: int) -> None:
        start = node.value[place][0].start_mark
        after = node.value[place + 1][0].start_mark if place + 1 < len(node.value) else None
        if after is not None:
            self.changes.append((start.index, after.index, ""))
            return
        # the last entry ends where its block ends; the comment behind it belongs to what follows
        end = node.value[place][1].end_mark.index
        begin = self.text.rfind("\n", 0, start.index) + 1 if node.flow_style is not True else start.index
        self.changes.append((begin, end, ""))


def _organisation(source: Act, folder: Path, act_id: str, adopted: date) -> Path:
    file = folder / "organisation.yaml"
    sample = samples().get(source.id)
    if sample is None:
        raise NotAllowed(f"No sample organisation comes with {source.id}; start from another act.")
    text = sample.read_text("utf-8")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    edits = _Edits(text, adopted, adopted)
    for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
        if key.value == "act":
            edits.put(value, act_id)
        elif key.value == "organisation":
            edits.put(value, f"{act_id}-body")
        elif key.value == "in_force_from":
            edits.put(value, f"first: {adopted}\n\n")
        elif key.value == "unconfirmed":
            listed = [one.value for one in value.value if not str(one.value).startswith("in_force_from.")]
            edits.put(
                value, f"[{', '.join(['in_force_from.first', *listed])}]" + ("\n\n" if not value.flow_style else "")
            )
        elif key.value == "own":
            edits.walk(value)
    file.write_text(_HEAD.format(source=f"the sample body of {source.id}") + edits.applied(), "utf-8")
    return file
