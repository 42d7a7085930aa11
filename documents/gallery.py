"""Look at every document: `python -m documents.gallery OUTDIR` writes the examples as PDF and PNG."""

from __future__ import annotations

import sys
from pathlib import Path

from documents.samples import SAMPLES
from documents.typesetting import pictures
from documents.words import Language

_LANGUAGES: tuple[Language, ...] = ("kk", "ru")


def write(folder: Path, *, ppi: int = 80) -> list[Path]:
    """Write every example as one PDF and one PNG per page; returns the paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    return [path for name in SAMPLES for language in _LANGUAGES for path in _write_one(folder, name, language, ppi)]


def _write_one(folder: Path, name: str, language: Language, ppi: int) -> list[Path]:
    sample = SAMPLES[name]
    data = sample.data(language)
    document = folder / f"{name}.{language}.pdf"
    document.write_bytes(sample.render(data, language))
    written = [document]
    for number, picture in enumerate(pictures(sample.page(data, language), ppi), 1):
        path = folder / f"{name}.{language}.{number}.png"
        path.write_bytes(picture)
        written.append(path)
    return written


def main(arguments: list[str]) -> int:
    """Write the gallery into the folder named; 2 when no folder is named."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m documents.gallery OUTDIR\n")
        return 2
    written = write(Path(arguments[0]))
    sys.stdout.write(f"{len(written)} files in {arguments[0]}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
