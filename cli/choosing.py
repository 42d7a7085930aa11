"""Which body, period and readings a command works under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import typer

from cli.printing import note
from methodologies import Act, Dated, law, load, read_organisation, sample
from methodologies.loading import BODY_FILE
from methodologies.organisation import samples
from rules.errors import MissingSetting
from rules.law import Law
from rules.organisation import Organisation
from rules.period import Period


def body(act: Act, file: Path | None, readings: Iterable[str] = ()) -> Organisation:
    """The body of a file, or the sample body of the act, with some readings changed; says which on stderr."""
    chosen = read_organisation(file) if file else sample(act)
    note(f"Organisation: {described(chosen, file)}")
    changed = dict(_pair(one, "N-Q1=b") for one in readings)
    return replace(chosen, readings={**chosen.readings, **changed}) if changed else chosen


def body_file(act: Act) -> Path:
    """The file of the body an act is demonstrated with: the one in its own folder, or the sample that comes with it.

    Raises:
        MissingSetting: there is none.
    """
    own = Path(act.folder) / BODY_FILE
    if own.is_file():
        return own.absolute()
    if act.id not in samples():
        raise MissingSetting(
            f"{act.id}: no sample organisation comes with this methodology, so it has no demonstration."
        )
    return samples()[act.id].absolute()


def described(organisation: Organisation, file: Path | None) -> str:
    """The body in one line: its key, file, and what nobody has confirmed yet."""
    kind = "" if file else ", the sample of this methodology"
    open_points = f"; not confirmed: {', '.join(organisation.unconfirmed)}" if organisation.unconfirmed else ""
    return f"{organisation.key} ({organisation.source}{kind}){open_points}"


def identity(organisation: Organisation, file: Path | None) -> dict[str, Any]:
    """The body as the answers name it."""
    return {
        "key": organisation.key,
        "file": organisation.source,
        "sample": file is None,
        "unconfirmed": organisation.unconfirmed,
    }


def governing(
    methodology: str | Act, period: Period | None, file: Path | None, readings: Iterable[str] = ()
) -> tuple[Law, Organisation]:
    """The law of a methodology (id or path) for a period, or for the last wording known to be in force."""
    act = load(methodology) if isinstance(methodology, str) else methodology
    organisation = body(act, file, readings)
    return law(act, period or _latest(act, organisation), organisation), organisation


def _latest(act: Act, organisation: Organisation) -> date:
    governing = {revision.id for revision in act.revisions if not revision.repeals}
    starts = [day for key, day in organisation.in_force_from.items() if key in governing]
    # what the body says itself may begin after the wording
    starts += [
        one.values[0][0] for given in organisation.own.values() for one in given.values() if isinstance(one, Dated)
    ]
    return max(starts, default=act.revisions[-1].date)


def day_or_period(text: str) -> date | Period:
    """A day such as 2026-03-31, or a period such as 2026-Q3.

    Raises:
        RuleError: it is neither.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        return Period.parse(text)


def days(pairs: Iterable[str], known: Iterable[str]) -> Mapping[str, date]:
    """EVENT=DATE pairs as dates by event; a wrong word is a usage error (exit 2)."""
    events, found = sorted(set(known)), {}
    for pair in pairs:
        event, text = _pair(pair, "familiarized=2026-10-15")
        if event not in events:
            raise typer.BadParameter(f"'{event}' starts no deadline here; known events: {', '.join(events)}.")
        try:
            found[event] = date.fromisoformat(text)
        except ValueError:
            raise typer.BadParameter(f"'{text}' is not a real date; write {event}=2026-10-15.") from None
    return found


def _pair(text: str, example: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.strip() or not value.strip():
        raise typer.BadParameter(f"'{text}' is not of the form {example}.")
    return name.strip(), value.strip()
