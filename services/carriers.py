"""The carriers of every body, read from the file of carriers that the settings name, with their secrets."""

from __future__ import annotations

import os

from notifications.configuration import read_houses
from notifications.house import House
from settings import settings


def houses() -> dict[str, House]:
    """Each body's carriers, by its id; empty when no file of carriers is named.

    Raises:
        BadFile: the file is missing or wrong.
    """
    return read_houses(settings().carriers, _secret)


def _secret(name: str) -> str | None:
    """A secret by its name: from its own file, or from the environment; never from the file of carriers."""
    folder = settings().secrets_folder
    if folder is not None and (folder / name).is_file():
        return (folder / name).read_text("utf-8").strip()
    return os.environ.get(f"BAGALAU_SECRET_{name.upper()}")
