"""Where the demonstration lives: a folder of its own, fresh each time; the real database is never touched."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from models.schema import upgrade
from models.work import engine, use_database
from rules.errors import RuleError
from settings import settings

MARK = "demonstration.txt"
_WORDS = "Everything in this folder is invented and is removed by the next `bagalau demo`.\n"


@dataclass(frozen=True)
class Place:
    """The folder of one demonstration and what lies in it."""

    folder: Path

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "bagalau.db"

    @property
    def prefect(self) -> Path:
        """Everything Prefect keeps."""
        return self.folder / "prefect"

    @property
    def staff(self) -> Path:
        """The staff files, as they were known on their day."""
        return self.folder / "staff"

    @property
    def papers(self) -> Path:
        """The official papers as PDF."""
        return self.folder / "papers"

    @property
    def report(self) -> Path:
        """The report, one file."""
        return self.folder / "report.html"

    def shown(self, path: Path) -> str:
        """A path as it is typed: from the folder we stand in, where it lies below."""
        here = Path.cwd()
        return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


@contextmanager
def fresh_place(organisation: Path, name: str = "demo") -> Iterator[Place]:
    """A fresh folder with an empty database, known to settings and `work()` as the only one.

    Args:
        name: of the folder inside the data folder.

    Raises:
        RuleError: another demonstration is running.
    """
    data = settings().data.absolute()
    data.mkdir(parents=True, exist_ok=True)
    place = Place(data / name)
    kept = dict(os.environ)
    with _only_one(data / f"{name}.lock"):
        _make_room(place.folder)
        try:
            _settle(place, organisation)
            upgrade(settings().url)
            yield place
        finally:
            _leave(kept)


@contextmanager
def _only_one(file: Path) -> Iterator[None]:
    with file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise RuleError(f"Another demonstration runs in {file.parent}; wait for it or stop it.") from taken
        yield


def _make_room(folder: Path) -> None:
    """Remove the demonstration before; a folder that is none is moved aside, never removed."""
    if folder.exists() and not (folder / MARK).exists():
        folder.rename(folder.with_name(f"{folder.name}-aside-{datetime.now(UTC):%Y%m%d-%H%M%S}"))
    elif folder.exists():
        gone = folder.with_name(f"{folder.name}-before")
        shutil.rmtree(gone, ignore_errors=True)
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)
    folder.mkdir()
    (folder / MARK).write_text(_WORDS, "utf-8")


def _settle(place: Place, organisation: Path) -> None:
    # somebody's own Prefect server, database or login must not be reached from here
    for name in [name for name in os.environ if name.startswith("PREFECT_") and name != "PREFECT_UI_STATIC_DIRECTORY"]:
        del os.environ[name]
    url = f"sqlite:///{place.database}"
    os.environ |= {
        "BAGALAU_DATA": str(place.folder),
        "BAGALAU_DATABASE_URL": url,
        "BAGALAU_ORGANISATION": str(organisation.absolute()),
        "BAGALAU_MODE": "simulate",
    }
    settings.cache_clear()
    use_database(url)


def _leave(kept: dict[str, str]) -> None:
    engine(settings().url).dispose()
    os.environ.clear()
    os.environ.update(kept)
    settings.cache_clear()
    use_database(None)
