"""What the pages name exists: files, links, headings, functions, commands and their options, words of the glossary."""

from __future__ import annotations

import re
import shlex
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from cli.main import NOUNS, _load

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"`([^`\n]+)`")
_ROOMS = (
    "rules|methodologies|models|notifications|documents|services|tasks|flows|portal|cli|tests|benchmarks|examples|docs"
    "|migrations|requirements"
)
_PATH = re.compile(rf"(?:{_ROOMS})/[\w./-]*|[\w-]+\.(?:py|toml|yaml|md)|Makefile")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
#: paths that an example invents, or that are told as names alone
INVENTED = re.compile(
    r"methodologies/my_act|(?:sheet|organisation|act|readings|deadlines|forms|rules|sections|prefect)\.yaml"
)

#: made together with the demonstration; strike a name out when it is there
AWAITED = {"docs/demo.md", "docs/images/demo-report.png"}


def read(page: Path) -> str:
    return page.read_text("utf-8")


def named(pages: list[Path]) -> Any:
    return pytest.mark.parametrize("page", pages, ids=lambda page: str(page.relative_to(ROOT)))


# --- files, links, functions ----------------------------------------------------------------------------


@named(PAGES)
def test_every_path_exists(page: Path) -> None:
    words = _CODE.findall(_FENCE.sub("", read(page)))
    gone = [one for one in words if _PATH.fullmatch(one) and not INVENTED.fullmatch(one) and not _there(page, one)]
    assert not gone, f"{page.name} names what does not exist: {gone}"


def _there(page: Path, path: str) -> bool:
    return (ROOT / path).exists() or (page.parent / path).exists()


@named(PAGES)
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in _LINK.findall(_FENCE.sub("", read(page))):
        if re.match(r"\w+:", target) or target in AWAITED:
            continue
        path, _, heading = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target} leads nowhere"
        assert not heading or heading in _headings(file), f"{page.name}: {target} has no such heading"


def _headings(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", _FENCE.sub("", read(page)), re.MULTILINE)
    return {_slug(title) for title in titles}


def _slug(title: str) -> str:
    kept = (letter for letter in title.lower() if letter in " -_" or unicodedata.category(letter)[0] in "LN")
    return "".join(kept).strip().replace(" ", "-")


@named(PAGES)
def test_every_function_named_beside_its_file_is_there(page: Path) -> None:
    # "`services/door.py` `move`" or "`services/door.py`, `move`": a file, then names that live in it
    for file, names in re.findall(r"`([a-z]+/\w+\.py)`,? ((?:`[A-Za-z_]+`(?:, )?)+)", _FENCE.sub("", read(page))):
        text = (ROOT / file).read_text("utf-8")
        for name in _CODE.findall(names):
            assert re.search(rf"\b{name}\b", text), f"{page.name}: {file} has no {name}"


# --- the glossary ---------------------------------------------------------------------------------------


def test_every_word_of_the_glossary_is_used_where_it_says() -> None:
    rows = [line.split("|")[1:-1] for line in read(ROOT / "docs/glossary.md").splitlines() if line.startswith("| ")]
    checked = 0
    for _, _, words, *_, where in (row for row in rows if len(row) == 5):
        text = "".join((ROOT / file).read_text("utf-8") for file in _CODE.findall(where))
        for word in _CODE.findall(words) if text else ():
            assert re.search(rf"\b{word}\b", text), f"{word} is not in {where}"
            checked += 1
    assert checked > 50


def test_every_decision_has_its_four_parts() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))
    assert [page.name[:4] for page in decisions] == [f"{n:04}" for n in range(1, len(decisions) + 1)]
    for page in decisions:
        parts = re.findall(r"^## (\w+)", read(page), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences", "Alternatives"], page.name


# --- commands -------------------------------------------------------------------------------------------


def _commands(page: Path) -> Iterator[str]:
    text = read(page)
    for block in _FENCE.findall(text):
        for line in block.splitlines()[1:-1]:
            found = re.match(r"\s*(?:\$ )?(?:\.venv/bin/)?(bagalau .*)", line)
            if found:
                yield found[1]
    for words in _CODE.findall(_FENCE.sub("", text)):
        if words.startswith("bagalau "):
            yield words


@lru_cache(maxsize=32)
def _noun(name: str) -> Any:
    return _load(name)


@named(PAGES)
def test_every_command_line_is_understood(page: Path) -> None:
    for line in _commands(page):
        _check(line, page.name)


def _check(line: str, page: str) -> None:
    words = shlex.split(re.sub(r"[\[\]]", " ", line), comments=True)[1:]
    words = words[: next((place for place, word in enumerate(words) if word in ("|", "&&", ";", ">")), len(words))]
    if not words or words[0].startswith("-"):
        return
    assert words[0] in NOUNS or (ROOT / "cli" / f"{words[0]}.py").exists(), f"{page}: {line}: no such command"
    command = _noun(words.pop(0))
    while hasattr(command, "commands") and words:
        assert words[0] in command.commands, f"{page}: {line}: no command '{words[0]}'"
        command = command.commands[words.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    for word in words:
        if word.startswith("--"):
            assert word.partition("=")[0] in known, f"{page}: {line}: no option {word}"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("bagalau nothing", "no such command"),
        ("bagalau cycle fly", "no command 'fly'"),
        ("bagalau cycle open --swiftly", "no option --swiftly"),
    ],
)
def test_a_command_nobody_has_is_found_out(line: str, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        _check(line, "a page")


# --- examples -------------------------------------------------------------------------------------------


def test_the_first_page_can_be_followed_as_it_is_written() -> None:
    commands = list(_commands(ROOT / "README.md"))
    asked = {" ".join(line.split()[1:3]) for line in commands}
    assert {"people import", "cycle open", "cycle status", "audit report", "audit verify"} <= asked
