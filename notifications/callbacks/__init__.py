"""What carriers tell us by themselves: is it really theirs, and what does it say of our notices?

Nothing here touches the database. A carrier's text is never copied: it quotes addresses. Of each event only its kind, its
moment, its id and a code of a known form are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from notifications.code_table import Meaning
from notifications.refs import id_of
from rules.errors import NotFound, RuleError

#: an enhanced status code of mail (RFC 3463)
STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_PLAIN = re.compile(r"[A-Za-z0-9_.:=+/@<>-]{1,200}")


class Unreadable(RuleError):
    """What came means nothing to us; the sentence says why and quotes nothing of it."""


@dataclass(frozen=True)
class Fact:
    """One thing a carrier says of one notice.

    Attributes:
        meaning: what it means for the notice (its event "postponed": the carrier gave up for a reason that passes).
        at: when it happened; None when the carrier does not say.
        event_id: the carrier's id for this event. reference: what the carrier calls the message.
        code: the carrier's own code, as in `codes.TABLE`. more: what else is worth keeping, of a form we know.
    """

    notice_id: int
    meaning: Meaning
    at: datetime | None
    event_id: str
    reference: str
    code: str
    more: str = ""


@dataclass(frozen=True)
class Said:
    """What one callback says.

    Attributes:
        facts: of our notices. idle: how many events say nothing we keep (opened, clicked).
        strange: a sentence for each kind of event that could not be understood.
    """

    facts: Sequence[Fact] = ()
    idle: int = 0
    strange: Sequence[str] = ()


def notice_of(ref: object) -> int:
    """The notice behind a reference a carrier gives back.

    Raises:
        Unreadable: it is none of ours.
    """
    try:
        return id_of(str(ref or ""))
    except NotFound:
        raise Unreadable("It names no notice of ours.") from None


def plain(value: object) -> str:
    """An id of the carrier as it is kept; empty when it is of no form an id has."""
    text = value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    return text if _PLAIN.fullmatch(text) else ""


def moment(seconds: object) -> datetime | None:
    """The instant behind seconds since 1970; None when it is none."""
    try:
        return datetime.fromtimestamp(float(seconds), UTC)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError, OSError):
        return None
