"""`bagalau notices templates` and `preview`: which wordings are in force, and how they look when they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.printing import as_json, note, table
from documents import letter, telegram, telephonogram
from documents.samples import letters
from documents.words import Language
from notifications import Dispatch, Recipient
from notifications.numbering import give_numbers
from notifications.preview import preview as write_preview
from notifications.versions import in_force, read, unnumbered

_COLUMNS = ("kind", "language", "version", "hash", "since")


def templates(
    every: Annotated[bool, typer.Option("--all", help="Earlier versions too.")] = False,
    number: Annotated[
        bool, typer.Option("--number", help="Number the texts that were changed: for whoever writes them.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """The version of each wording in force, with the hash of its texts and the day it was numbered."""
    for one in give_numbers(datetime.now(UTC).date()) if number else ():
        note(f"{one.kind}/{one.language} is version {one.version} now.")
    found = [asdict(one) for one in (read() if every else in_force().values())]
    if json:
        as_json(found)
    else:
        table(_COLUMNS, [[one[name] for name in _COLUMNS] for one in found])
    for kind, language in unnumbered(read()):
        note(
            f"The texts of {kind}/{language} are not those of its last version; run: bagalau notices templates --number"
        )


def preview(
    folder: Annotated[Path, typer.Argument(metavar="OUTDIR", help="Where the texts are written.")],
) -> None:
    """Write every kind by every channel in every language as it leaves, with sample facts, and index.html to look through."""
    count = write_preview(folder, SamplePapers())
    note(f"{count} texts written to {folder}; look through them in {folder / 'index.html'}.")


class SamplePapers:
    """Papers of an invented body around the words of a notice."""

    def letter(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        """Letters of a result say that it waits; those of other kinds say what the notice says."""
        language = _language(facts)
        made = replace(
            letters.letter(language), number=facts["number"], reference=facts["ref"], addressee=person.full_name,
            address=person.address,
        )  # fmt: skip
        if facts["kind"] not in ("result_served", "calibrated_result"):
            made = replace(made, subject=facts["subject"], text=facts["text"])
        return letter.render(made, language)

    def telephonogram(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        """The record with the words of the notice."""
        language = _language(facts)
        made = replace(
            letters.telephonogram(language), number=facts["number"], reference=facts["ref"], text=facts["text"],
            passed_at=datetime.fromisoformat(facts["at"]), addressee=person.full_name, addressee_phone=person.phone,
        )  # fmt: skip
        return telephonogram.render(made, language)

    def telegram(self, facts: Mapping[str, str], person: Recipient) -> bytes:
        """The record with the words of the notice."""
        language = _language(facts)
        made = replace(
            letters.telegram(language), number=facts["number"], reference=facts["ref"], text=facts["text"],
            passed_at=datetime.fromisoformat(facts["at"]), addressee=person.full_name, address=person.address,
        )  # fmt: skip
        return telegram.render(made, language)

    def dispatch_register(self, day: date, letters: Sequence[Dispatch]) -> bytes:
        """No letter is handed in here."""
        raise NotImplementedError


def _language(facts: Mapping[str, str]) -> Language:
    return "ru" if facts["language"] == "ru" else "kk"
