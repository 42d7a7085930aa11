"""The house tests itself: who commits, who reads a clock, how long things are, what every name says of itself."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import pytest

from methodologies import sample, work_calendar
from rules.calendar import every_day

ROOT = Path(__file__).parents[2]
ROOMS = (
    "rules",
    "methodologies",
    "models",
    "notifications",
    "documents",
    "services",
    "tasks",
    "flows",
    "portal",
    "cli",
)
#: rooms whose public names are read by others, so each says what it is
EXPLAINED = ("rules", "methodologies", "models", "notifications", "documents", "services")
LINES, FUNCTION = 300, 60

#: longer than they should be, each with the reason; whoever splits one strikes it out here
LONG_FILES: dict[str, str] = {"services/plan.py": "the plan and its following of changed facts; to be split there"}
#: who may read a clock; the two tasks beside `clock` say when something of Prefect's happened, no rule sees it
CLOCKS = ("cli/", "tasks/clock.py", "tasks/nudge.py", "tasks/precise.py", "benchmarks/", "tests/")


@lru_cache
def committed() -> tuple[str, ...]:
    """Every file git knows or would add."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    if found.returncode:  # an unpacked archive has no git: then everything that is not built counts
        return tuple(
            str(file.relative_to(ROOT))
            for file in ROOT.rglob("*")
            if file.is_file()
            and not any(part.startswith(".") or part == "var" for part in file.relative_to(ROOT).parts)
        )
    return tuple(name for name in found.stdout.splitlines() if (ROOT / name).is_file())


def sources(*rooms: str) -> list[str]:
    """The Python files of some rooms."""
    return [name for name in committed() if name.endswith(".py") and name.split("/")[0] in rooms]


@lru_cache(maxsize=1000)
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text("utf-8"))


def broken(names: list[str], law: Callable[[ast.Module], Iterator[str]]) -> list[str]:
    """What a law finds in files, with file and line."""
    return [f"{name}:{place}" for name in names for place in law(tree(name))]


def calls(module: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call with its dotted name."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            yield node, ast.unparse(node.func)


# --- who commits, who reads a clock ----------------------------------------------------------------------------


def commits(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Attribute) and node.attr == "commit":
            yield f"{node.lineno} {ast.unparse(node)}"


def test_only_one_place_commits() -> None:
    found = broken(sources(*ROOMS), commits)
    assert [one.split(":")[0] for one in found] == ["models/work.py"]


_CLOCK = re.compile(
    r"(.*\.)?(datetime|date|pendulum|DateTime)\.(now|utcnow|today)|time\.(time|time_ns|localtime|gmtime)"
)


def clock_reads(module: ast.Module) -> Iterator[str]:
    for node, name in calls(module):
        if _CLOCK.fullmatch(name):
            yield f"{node.lineno} {name}"


def test_only_the_top_floor_reads_a_clock() -> None:
    below = [name for name in sources(*ROOMS, "migrations", "settings.py") if not name.startswith(CLOCKS)]
    assert broken(below, clock_reads) == []


def naive_moments(module: ast.Module) -> Iterator[str]:
    for node, name in calls(module):
        last = name.rsplit(".", 1)[-1]
        named = {word.arg for word in node.keywords}
        if name in ("datetime", "datetime.datetime") and "tzinfo" not in named and len(node.args) < 8:
            yield f"{node.lineno} {name} without a zone"
        if last in ("utcnow", "utcfromtimestamp"):
            yield f"{node.lineno} {name}"
        if name == "datetime.combine" and "tzinfo" not in named and len(node.args) < 3:
            yield f"{node.lineno} {name} without a zone"
        if name == "datetime.fromtimestamp" and "tz" not in named and len(node.args) < 2:
            yield f"{node.lineno} {name} without a zone"


def test_no_moment_is_without_a_zone() -> None:
    assert broken(sources(*ROOMS), naive_moments) == []


@pytest.mark.parametrize(
    ("law", "code"),
    [
        (commits, "def f(session):\n    session.commit()"),
        (commits, "do = session.commit"),
        (clock_reads, "datetime.datetime.now(UTC)"),
        (clock_reads, "date.today()"),
        (clock_reads, "time.time()"),
        (naive_moments, "datetime(2026, 10, 1)"),
        (naive_moments, "datetime.combine(day, time())"),
        (naive_moments, "datetime.utcnow()"),
    ],
)
def test_each_of_these_laws_can_find_its_breach(law: Callable[[ast.Module], Iterator[str]], code: str) -> None:
    assert list(law(ast.parse(code)))


# --- how long, how explained -------------------------------------------------------------------------------------


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    long = {name: n for name in sources(*ROOMS) if (n := len((ROOT / name).read_text("utf-8").splitlines())) > LINES}
    assert {name: n for name, n in long.items() if name not in LONG_FILES} == {}


def long_functions(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION:
                yield f"{node.lineno} {node.name}, {length} lines"


def test_no_function_is_longer_than_a_page() -> None:
    assert broken(sources(*ROOMS), long_functions) == []


def unexplained(module: ast.Module) -> Iterator[str]:
    if module.body and not ast.get_docstring(module):
        yield "1 the file itself"
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            if not ast.get_docstring(node):
                yield f"{node.lineno} {node.name}"
            yield from (f"{one.lineno} {node.name}.{one.name}" for one in _public_methods(node) if not _told(one))


def _public_methods(node: ast.AST) -> list[ast.FunctionDef]:
    inside = node.body if isinstance(node, ast.ClassDef) else []
    return [one for one in inside if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")]


def _told(node: ast.FunctionDef) -> bool:
    # what a foreign base class prescribes is explained there
    return bool(ast.get_docstring(node)) or node.name in ("process_bind_param", "process_result_value")


def test_every_public_name_says_what_it_is() -> None:
    assert broken(sources(*EXPLAINED), unexplained) == []


def today() -> date:
    return datetime.now(UTC).date()


# --- the calendar ------------------------------------------------------------------------------------------------


def test_next_years_holidays_are_present() -> None:
    """When this fails, the `holidays` library or `methodologies/calendar.py` must learn another year."""
    calendar = work_calendar(sample("nchr-2024"))
    next_year = today().year + 1
    days = list(every_day(date(next_year, 1, 1), date(next_year, 12, 31)))
    assert calendar.first <= days[0]
    assert days[-1] <= calendar.last
    weekdays = [day for day in days if day.weekday() < 5]
    off = [day for day in weekdays if not calendar.is_working(day)]
    assert 10 <= len(off) <= 20, f"{len(off)} weekdays off in {next_year}: are its holidays known?"
    assert not calendar.is_working(date(next_year, 1, 1))
    assert not calendar.is_working(date(next_year, 12, 16)) or date(next_year, 12, 16).weekday() >= 5


def test_a_term_of_the_longest_kind_stays_inside_the_calendar() -> None:
    calendar = work_calendar(sample("nchr-2024"))
    assert calendar.last - today() > timedelta(days=3 * 366)


# --- nothing of a machine --------------------------------------------------------------------------------------

_MACHINE = re.compile(
    r"(?<![\w.])/(work|root|home/[a-z]\w*|Users/\w+|mnt/\w+|opt/(pypi|wheels))[/\s\"']"
    r"|\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+\b"
    r"|\b[\w-]+\.(?:internal|lan|corp|intranet)\b"
    r"|--(?:extra-)?index-url|--find-links|--trusted-host"
    r"|\b(?:artifactory|devpi|nexus)\b",
    re.IGNORECASE,
)
#: words that look like a machine's and are none
_FINE = ("Users/you", "this one's own line")


def test_no_file_names_a_machine_its_paths_or_its_registry() -> None:
    own = str(Path(__file__).relative_to(ROOT))
    found = [
        f"{name}:{number} {line.strip()[:80]}"
        for name in committed()
        if name != own and (body := _text(name)) is not None
        for number, line in enumerate(body.splitlines(), 1)
        if _MACHINE.search(line) and not any(word in line for word in _FINE)
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "see /ro{}ot/x",
        "cd /wo{}rk/main",
        "/home/anna/b",
        "10.1.2.3",
        "pypi.internal",
        "pip --index{}-url http://x",
        "devpi",
    ],
)
def test_the_search_for_machines_can_find_one(line: str) -> None:
    assert _MACHINE.search(line.replace("{}", ""))


def _text(name: str) -> str | None:
    try:
        return (ROOT / name).read_text("utf-8")
    except UnicodeDecodeError:
        return None
