"""`make bench`: W(N) through the house beside the raw SQL floor, on SQLite and PostgreSQL, medians of several runs.

Each measurement is a process of its own, so that memory is its own; the two sides of a ratio run one after the other.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psutil
import psycopg

from tests import postgres

BATCH, EVENT = (1_000, 10_000, 100_000), (1_000, 10_000)
#: the goals of this stage: times the floor
GOALS = {("batch", "sqlite"): 4, ("batch", "postgresql"): 3, ("event", "sqlite"): 8, ("event", "postgresql"): 4}
Row = dict[str, Any]


def main() -> None:
    """Measure, print the table, write var/bench/results.json and a plot."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--runs", type=int, default=3, help="runs of each measurement; the median counts")
    asked.add_argument(
        "--people", type=int, nargs="*", help="sizes of the batch path; the event path takes those up to 10,000"
    )
    asked.add_argument("--only", choices=("batch", "event"))
    asked.add_argument("--database", choices=("sqlite", "postgresql"))
    asked.add_argument("--one", nargs=4, metavar=("SIDE", "PATH", "N", "URL"), help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        _measure_here(*given.one)
        return
    folder = Path("var/bench")
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as until_the_end:
        rows = list(_rows(given, until_the_end))
    (folder / "results.json").write_text(json.dumps(rows, indent=1), "utf-8")
    _growth(rows)
    _plot(rows, folder / "bench.png")


def _rows(given: argparse.Namespace, until_the_end: ExitStack) -> Iterator[Row]:
    server = until_the_end.enter_context(postgres.server(durable=True)) if given.database != "sqlite" else ""
    folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="bagalau-bench-")))
    print(
        f"{'path':6} {'database':11} {'N':>7} {'floor s':>8} {'house s':>8} {'house/s':>8} {'x floor':>8} {'goal':>5} {'MB':>5}"
    )
    for path, sizes in (("batch", BATCH), ("event", EVENT)):
        if given.only in (None, path):
            for database in ("sqlite", "postgresql"):
                if given.database in (None, database):
                    for people in _sizes(given.people, sizes, path):
                        yield _row(path, database, people, given.runs, folder, server)


def _sizes(asked: list[int] | None, usual: tuple[int, ...], path: str) -> list[int]:
    return [n for n in asked or usual if path == "batch" or n <= 10_000]


def _row(path: str, database: str, people: int, runs: int, folder: Path, server: str) -> Row:
    sides: dict[str, list[dict[str, float]]] = {"floor": [], "house": []}
    for _ in range(runs):
        for side, found in sides.items():
            found.append(_measure(side, path, people, database, folder, server))
    ratios = [h["seconds"] / f["seconds"] for f, h in zip(sides["floor"], sides["house"], strict=True)]
    floor, house = (statistics.median(one["seconds"] for one in sides[side]) for side in ("floor", "house"))
    row: Row = {
        "path": path, "database": database, "people": people, "floor": round(floor, 3), "house": round(house, 3),
        "per_second": round(people / house), "floor_per_second": round(people / floor), "ratio": round(statistics.median(ratios), 2),
        "ratios": [round(one, 2) for one in ratios], "megabytes": round(max(one["megabytes"] for one in sides["house"])),
        "goal": GOALS[path, database],
    }  # fmt: skip
    print(f"{path:6} {database:11} {people:7} {floor:8.2f} {house:8.2f} {row['per_second']:8} {row['ratio']:8.2f}"
          f" {row['goal']:5} {row['megabytes']:5}", flush=True)  # fmt: skip
    return row


def _measure(side: str, path: str, people: int, database: str, folder: Path, server: str) -> dict[str, float]:
    with _fresh(database, folder, server) as url:
        process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.workload", "--one", side, path, str(people), url],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "BAGALAU_DATA": str(folder)},
        )  # fmt: skip
        peak = _peak(process)
        said = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise SystemExit(f"The {side} failed at {path}, {people} people, {database}.")
    return {"seconds": float(said.split()[-1]), "megabytes": peak}


def _peak(process: subprocess.Popen[str]) -> float:
    # the memory of the whole process tree, looked at often enough that a stage cannot hide
    peak = 0
    while process.poll() is None:
        try:
            tree = psutil.Process(process.pid)
            peak = max(peak, sum(one.memory_info().rss for one in (tree, *tree.children(recursive=True))))
        except psutil.Error:
            break
        time.sleep(0.02)
    process.wait()
    return peak / 1e6


class _fresh:  # noqa: N801 - reads as a word in the with statement
    """A database nobody has touched, gone afterwards."""

    count = 0

    def __init__(self, database: str, folder: Path, server: str) -> None:
        _fresh.count += 1
        self.name, self.database, self.folder, self.server = f"bench_{_fresh.count}", database, folder, server

    def __enter__(self) -> str:
        if self.database == "sqlite":
            return f"sqlite:///{self.folder / self.name}.db"
        self._say(f"CREATE DATABASE {self.name}")
        return self.server.replace("/postgres?", f"/{self.name}?")

    def __exit__(self, *_: object) -> None:
        if self.database == "sqlite":
            for file in self.folder.glob(f"{self.name}.db*"):
                file.unlink()
        else:
            self._say(f"DROP DATABASE {self.name} WITH (FORCE)")

    def _say(self, sentence: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(sentence)


def _measure_here(side: str, path: str, people: str, url: str) -> None:
    if side == "floor":
        from benchmarks import floor

        kind = "sqlite" if url.startswith("sqlite") else "postgres"
        where: Any = Path(url.removeprefix("sqlite:///")) if kind == "sqlite" else url
        print(getattr(floor, f"{kind}_{path}")(where, int(people)))
        return
    from benchmarks import house

    # the program's start (imports, the act, the calendar) is no part of a cycle's cost: a small cycle goes before
    with tempfile.TemporaryDirectory(prefix="bagalau-warm-") as folder:
        house.batch(f"sqlite:///{folder}/warm.db", 40)
    print(getattr(house, path)(url, int(people)))


def _growth(rows: list[Row]) -> None:
    for database in ("sqlite", "postgresql"):
        sizes = [row for row in rows if row["path"] == "batch" and row["database"] == database]
        if len(sizes) > 1:
            first, last = sizes[0], sizes[-1]
            exponent = math.log(last["house"] / first["house"]) / math.log(last["people"] / first["people"])
            each = ", ".join(f"{1e6 * row['house'] / row['people']:.0f} µs at {row['people']}" for row in sizes)
            print(f"batch on {database}: exponent of growth {exponent:.2f}; time per person {each}")
    for row in rows:
        if row["ratio"] > row["goal"]:
            print(
                f"above the goal: {row['path']} on {row['database']} at {row['people']}: {row['ratio']} x, goal {row['goal']} x"
            )


def _plot(rows: list[Row], file: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 4.2))
    for path in ("batch", "event"):
        for database in ("sqlite", "postgresql"):
            found = [row for row in rows if (row["path"], row["database"]) == (path, database)]
            if found:
                axes.plot(
                    [r["people"] for r in found], [r["ratio"] for r in found], marker="o", label=f"{path}, {database}"
                )
    axes.set(
        xscale="log", xlabel="people", ylabel="times the raw SQL floor", ylim=(0, None), title="The common workload"
    )
    axes.grid(alpha=0.3)
    axes.legend()
    figure.tight_layout()
    figure.savefig(file, dpi=120)
    print(f"Written: {file.parent / 'results.json'}, {file}")


if __name__ == "__main__":
    main()
