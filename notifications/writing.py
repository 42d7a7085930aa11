"""Writing notices into the outbox, a whole set with one statement, in the caller's own transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlmodel import Session

from models.base import stamp
from models.sql import execute, is_postgres
from notifications.catalogue import (
    EMAIL,
    LANGUAGES,
    REGISTERED_LETTER,
    SMS,
    TELEGRAM,
    TELEPHONOGRAM,
    WORDED,
    kind_of,
    usable,
)
from notifications.facts import check

_CONTACT = {
    EMAIL: "email",
    SMS: "phone",
    TELEPHONOGRAM: "phone",
    REGISTERED_LETTER: "address",
    TELEGRAM: "address",
}


def notify(
    session: Session,
    kind: str,
    cycle_id: int,
    now: datetime,
    *,
    select: str,
    params: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
    facts: Mapping[str, str] | None = None,
    round: int = 0,
    channels: Sequence[str],
    languages: Sequence[str] = LANGUAGES,
    counted: bool = False,
    single: bool = False,
) -> int:
    """Write one notice for every row of `select`; return how many are new. Doing it twice changes nothing.

    Each goes by the first of `channels` the kind may use and the person can be reached by; a person who cannot be
    reached at all gets one by the last of them, which then fails openly. A notice of the same round that stands
    already, by any of these channels, is not written again, unless it failed.

    Args:
        select: SQL in our own words yielding `assessment_id` (0 for the cycle as a whole) and `recipient_id`, and
            `count` when `counted`; `single`: one row. params: its values; names beginning with n_ are taken.
        due_at: the instant before which it must be sent. facts: what all of them say alike (see `kinds`).
        languages: those the body writes in; who speaks none of them gets the first.

    Raises:
        NotFound, NotAllowed, Incomplete, RuleError: the kind, a channel or a fact was refused (N-23).
    """
    known = kind_of(kind)
    check(kind, known.needs, facts or {}, ("count",) if counted else ())
    values = {
        "n_cycle": cycle_id,
        "n_round": round,
        "n_facts": json.dumps(dict(facts or {}), sort_keys=True, separators=(",", ":")),
        "n_now": stamp(now),
        "n_due": None if due_at is None else stamp(due_at),
    }
    offered = tuple(one for one in languages if one in WORDED) or LANGUAGES
    statement = _statement(select, kind, usable(known, channels), offered, counted, single, is_postgres(session))
    return execute(session, statement, {**(params or {}), **values}).rowcount


def one(
    session: Session,
    kind: str,
    cycle_id: int,
    now: datetime,
    *,
    recipient_id: int,
    assessment_id: int = 0,
    due_at: datetime | None = None,
    facts: Mapping[str, str] | None = None,
    round: int = 0,
    channels: Sequence[str],
    languages: Sequence[str] = LANGUAGES,
) -> int:
    """Write one notice to one person; return 1, or 0 when it stands already. Refusals as `notify`."""
    return notify(
        session, kind, cycle_id, now, due_at=due_at, facts=facts, round=round, channels=channels, languages=languages,
        select="SELECT CAST(:one_assessment AS INTEGER) AS assessment_id,"
               " CAST(:one_recipient AS INTEGER) AS recipient_id",
        params={"one_assessment": assessment_id, "one_recipient": recipient_id}, single=True,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _statement(
    select: str, kind: str, channels: tuple[str, ...], languages: tuple[str, ...], counted: bool, single: bool, postgres: bool
) -> str:  # fmt: skip
    # kind, channels and languages are our own words; everything else is bound
    listed = ", ".join(f"'{channel}'" for channel in channels)
    return (
        "INSERT INTO notice (cycle_id, assessment_id, recipient_id, kind, channel, round, facts, state,"
        " created_at, due_at, language)"
        f" SELECT :n_cycle, chosen.assessment_id, chosen.recipient_id, '{kind}', chosen.channel, :n_round,"
        f" {_facts(counted, postgres)}, 'waiting', :n_now, :n_due, chosen.spoken"
        f" FROM (SELECT wanted.*, {_choice(channels)} AS channel, {_spoken(languages)} AS spoken"
        f" FROM ({select}) AS wanted JOIN person ON person.id = wanted.recipient_id) AS chosen"
        f" WHERE {_not_told(single or not postgres)} told.cycle_id = :n_cycle AND told.kind = '{kind}' AND told.round = :n_round"
        f" AND told.channel IN ({listed}) AND told.state <> 'failed')"
        " ON CONFLICT (cycle_id, assessment_id, kind, recipient_id, channel, round) DO NOTHING"
    )


def _not_told(by_key: bool) -> str:
    told = "(SELECT told.assessment_id, told.recipient_id FROM notice AS told WHERE"
    who = "(chosen.assessment_id, chosen.recipient_id)"
    if (
        by_key
    ):  # one look at the outbox's key for each, however full it is; SQLite would walk a list of those told instead
        return f"NOT EXISTS {told} (told.assessment_id, told.recipient_id) = {who} AND"
    # PostgreSQL makes a list of those told once; without statistics it would look through the outbox for each row
    return f"{who} NOT IN {told}"


def _choice(channels: Sequence[str]) -> str:
    cases = "".join(
        f" WHEN COALESCE(person.{_CONTACT[channel]}, '') <> '' THEN '{channel}'"
        if channel in _CONTACT
        else f" WHEN true THEN '{channel}'"
        for channel in channels
    )
    return f"CASE{cases} ELSE '{channels[-1]}' END"


def _spoken(languages: Sequence[str]) -> str:
    listed = ", ".join(f"'{one}'" for one in languages)
    return f"CASE WHEN person.language IN ({listed}) THEN person.language ELSE '{languages[0]}' END"


def _facts(counted: bool, postgres: bool) -> str:
    if not counted:
        return ":n_facts"
    # the cast to a number is what keeps a name from slipping in through the caller's select
    number = "CAST(CAST(chosen.count AS INTEGER) AS TEXT)"
    if postgres:
        return f"CAST(CAST(:n_facts AS jsonb) || jsonb_build_object('count', {number}) AS TEXT)"
    return f"json_set(:n_facts, '$.count', {number})"
