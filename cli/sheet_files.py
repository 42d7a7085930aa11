"""Sheets out of files: one sheet, or a list of them, of any form; every refusal names the row and the field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from cli.data_file import a_data_file, a_list_file
from rules.errors import BadFile
from services.filled import FilledSheet

#: keys of a sheet file that say whose it is; everything else is what the form's method reads
_WHOSE = ("form", "period", "person", "personnel_no", "signed_at")


def a_sheet(file: Path, case: int, signed_by: int | None) -> FilledSheet:
    """One person's sheet out of a file, in the shape `bagalau methodology show ID --form NAME` prints.

    Raises:
        NotFound, BadFile: the file cannot be read.
    """
    return FilledSheet(case, _fields(a_data_file(file)), signed_by, None, file.name)


def listed(file: Path, cases: Mapping[str, int], zone: str) -> list[FilledSheet]:
    """The sheets of a list: each row has personnel_no, perhaps signed_at, and the fields of its form.

    Raises:
        NotFound, BadFile: with every row whose person is not known or whose moment cannot be read.
    """
    found, problems = [], []
    for row, data in enumerate(a_list_file(file), 1):
        where, number = f"{file.name}, row {row}", str(data.get("personnel_no", "")).strip()
        if number not in cases:
            problems.append(f"{where}, personnel_no: the person with the number '{number}' is not part of this cycle.")
            continue
        try:
            moment = _moment(data.get("signed_at"), where, zone)
        except BadFile as trouble:
            problems.append(str(trouble))
            continue
        found.append(FilledSheet(cases[number], _fields(data), None, moment, where))
    if problems:
        raise BadFile(f"{file.name} was not taken over.", tuple(problems[:50]))
    return found


def _fields(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key not in _WHOSE}


def _moment(given: Any, where: str, zone: str) -> datetime | None:
    if given is None:
        return None
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise BadFile(f"{where}, signed_at: '{given}' is not a moment; write 2026-10-20T17:30.") from None
    if moment.year < 2000:
        raise BadFile(f"{where}, signed_at: {given} lies before this century; write 2026-10-20T17:30.")
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
