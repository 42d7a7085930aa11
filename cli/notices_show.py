"""`bagalau notices show`: one notice as an auditor reads it, in the order of time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cli.common import Json
from cli.noticing import Id, notice_of
from cli.printing import as_json, line, said, table
from models.work import reading
from notifications.house import House
from services.carriers import houses
from services.notice_story import story
from settings import settings

_FACTS = ("due_at", "sent_at", "sent_in_time", "delivered_at", "familiarised_at", "refused_at")
_NAMES = {
    "due_at": "term", "sent_at": "sent", "sent_in_time": "sent in time", "delivered_at": "delivered",
    "familiarised_at": "familiarised", "refused_at": "refused",
}  # fmt: skip


def show(notice: Id, json: Json = False) -> None:
    """The whole history of one notice, as an auditor needs it."""
    with reading() as session:
        found = story(session, notice_of(session, notice), settings().outbox, senders())
    if json:
        as_json(found)
    else:
        _print(found, found["time_zone"])


def senders() -> dict[str, str]:
    """The address each body's e-mails come from, where its carrier says so."""
    return {body: sender for body, house in houses().items() if (sender := _sender(house))}


def _sender(house: House) -> str:
    return str(getattr(house.carriers.get("email"), "sender", ""))


def _print(found: Mapping[str, Any], zone: str) -> None:
    law = ", ".join(part for part in (*found["rules"], found["point"]) if part)
    line(f"Notice {found['notice_id']} ({found['ref']}): {found['kind']}, round {found['round']}")
    line(f"  {found['purpose']}; {law}" if law else f"  {found['purpose']}")
    line(f"  to {found['recipient']} by {found['channel']}, cycle {found['cycle']}; it stands at: {found['standing']}")
    if found["possible_duplicate"]:
        line("  POSSIBLE DUPLICATE: it was sent again though nobody could say that the earlier try was lost")
    if found["disputed"]:
        line("  DISPUTED: it is told as delivered and as not taken or returned; a person must look")
    if found["failure"]:
        line(f"  {found['failure']}")
    line()
    facts = found["four_facts"]
    none = {"due_at": "none"} if facts["due_at"] else {"due_at": "none", "sent_in_time": "no term"}
    line("   ".join(f"{_NAMES[name]}: {said(facts[name], zone) or none.get(name, 'not proved')}" for name in _FACTS))
    columns = ("at", "what", "source", "code", "recorded_at")
    table(columns, [[getattr(one, name) for name in columns] for one in found["story"]], zone=zone)
    if len(found["chain"]) > 1:
        names = ("notice_id", "ref", "channel", "state", "written_at", "because")
        table(names, [[one[name] for name in names] for one in found["chain"]], title="the ladder", zone=zone)
    content = found["content"]
    line(f"wording  {content['wording'] or 'none yet'}    facts  {found['facts']}")
    line(f"bytes    {content['hash'] or 'none'}: {content['says']}")
