"""Worked cases, one file per act, readable beside the text of the act; every case is asked of the command itself.

A file `<act id>.yaml` is a list of cases of two kinds:

    - title: Two assignments and one late answer
      rules: [J-24, J-27, J-33]                  # rules and readings the case shows
      score: {form: quarter, period: 2017-Q3, …}   # a sheet, as `bagalau score` takes it
      organisation_readings: {J-Q8: per_kind}    # optional: other answers to open questions
      organisation: {settings: {annual_weights: null}}   # optional: lines of the sample body changed; null takes one out
      expect: {score: 108, grade: effective}

    - title: The tenth of October
      rules: [J-2]
      deadline: {period: 2017-Q3, id: quarterly_evaluation_q1_q3, at: {event: 2017-10-02}}
      expect: {due: 2017-10-10, target: 2017-10-10}

`refused: part of the sentence` stands in place of `expect` where the command must refuse. What `expect` leaves out is
not looked at. A list in `expect` names members the answer must have, in any order (`[]`: it has none). Text must be
equal to the letter; of a line of `working` or `says` and of `missing` a part is enough.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.main import main
from methodologies.organisation import samples

HERE = Path(__file__).parent
_WORDS: Mapping[str, Any] = {"null": None, "true": True, "false": False}
_IN_PART = ("working", "says", "missing")
_KEYS = {"title", "rules", "score", "deadline", "organisation_readings", "organisation", "expect", "refused"}


def written(node: yaml.Node) -> Any:
    """The content of a place exactly as it is written: 4.40 stays 4.40."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: written(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [written(one) for one in node.value]
    plain = isinstance(node, yaml.ScalarNode) and not node.style
    return _WORDS.get(node.value, node.value) if plain else node.value


def cases() -> Iterator[Any]:
    """Every case of every file, with the sheet as a node so that its numbers reach the command as they stand."""
    for file in sorted(HERE.glob("*.yaml")):
        for node in yaml.compose(file.read_text("utf-8"), Loader=yaml.CSafeLoader).value:
            case = written(node)
            parts = {key.value: value for key, value in node.value}
            name = f"{file.stem}, line {node.start_mark.line + 1}: {case.get('title')}"
            yield pytest.param(file.stem, case, parts, id=name)


@pytest.mark.parametrize(("act", "case", "parts"), list(cases()))
def test_worked_case(
    act: str, case: dict[str, Any], parts: dict[str, yaml.Node], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert set(case) <= _KEYS
    assert case["rules"]
    assert ("score" in case) + ("deadline" in case) == 1
    assert ("expect" in case) + ("refused" in case) == 1
    options = [f"--reading={q}={option}" for q, option in case.get("organisation_readings", {}).items()]
    if "organisation" in case:
        options += ["--organisation", str(_changed(act, parts["organisation"], tmp_path))]
    with pytest.raises(SystemExit) as end:
        main([*_asked(act, case, parts, tmp_path), *options, "--json"])
    said = capsys.readouterr()
    if "refused" in case:
        assert end.value.code == 1, said.out
        assert case["refused"] in said.err
        return
    assert not end.value.code, said.err
    answer = json.loads(said.out)
    if "deadline" in case:
        answer = next(row for row in answer if row["id"] == case["deadline"]["id"])
    faults = list(differences(case["expect"], answer))
    assert not faults, "\n".join(faults)


def _asked(act: str, case: dict[str, Any], parts: dict[str, yaml.Node], folder: Path) -> list[str]:
    if "score" in case:
        sheet = folder / "sheet.yaml"
        sheet.write_text(yaml.serialize(parts["score"], allow_unicode=True), "utf-8")
        return ["score", act, "--sheet", str(sheet)]
    asked = case["deadline"]
    events = [f"--at={event}={day}" for event, day in asked.get("at", {}).items()]
    return ["deadlines", act, "--period", asked["period"], *events]


def _changed(act: str, changes: yaml.Node, folder: Path) -> Path:
    """The sample body of the act with some lines changed."""
    body = yaml.compose(samples()[act].read_text("utf-8"))
    _overlay(body, changes)
    file = folder / "organisation.yaml"
    file.write_text(yaml.serialize(body, allow_unicode=True), "utf-8")
    return file


def _overlay(body: yaml.Node, changes: yaml.Node) -> None:
    held = {key.value: (key, value) for key, value in body.value}
    for key, value in changes.value:
        if isinstance(value, yaml.MappingNode) and value.value and key.value in held:
            _overlay(held[key.value][1], value)
        elif written(value) is None:
            held.pop(key.value, None)
        else:
            held[key.value] = (key, value)
    body.value = list(held.values())


def differences(expected: Any, found: Any, where: str = "") -> Iterator[str]:
    """What the answer lacks of the expected, one sentence each."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            if key in found:
                yield from differences(value, found[key], f"{where}.{key}".lstrip("."))
            else:
                yield f"{where}: there is no '{key}' in the answer, which has {', '.join(found)}"
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _members(expected, found, where)
    elif isinstance(expected, str) and isinstance(found, str) and where.rpartition(".")[2] in _IN_PART:
        if expected not in found:
            yield f"{where}: expected a text with {expected!r}, found {found!r}"
    elif (str(expected) if isinstance(found, int) and not isinstance(found, bool) else expected) != _plain(found):
        yield f"{where}: expected {expected!r}, found {found!r}"


def _plain(found: Any) -> Any:
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else found


def _members(expected: list[Any], found: list[Any], where: str) -> Iterator[str]:
    if not expected and found:
        yield f"{where}: expected nothing, found {found!r}"
    for one in expected:
        if all(list(differences(one, other, where)) for other in found):
            yield f"{where}: expected a member {one!r}, found {found!r}"
