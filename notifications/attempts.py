"""What all that was told of a notice means for its next step, whatever the order it was told in.

A try is known by what the carrier calls the message. A carrier may give a try up for a reason that passes; then the notice
is given to it again, at most so many times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: events that prove the carrier had the message
HAD = ("accepted", "deferred", "undelivered", "delivered")
#: how the hand-over's own receipts are called
_OURS = "notice/"


@dataclass(frozen=True)
class Word:
    """One receipt, as far as it tells of tries.

    Attributes:
        ours: it was written by the hand-over, not told by the carrier.
    """

    event: str
    reference: str | None
    ours: bool

    @classmethod
    def of(cls, event: str, reference: str | None, event_id: str) -> Word:
        """The word of a receipt."""
        return cls(event, reference, event_id.startswith(_OURS))


@dataclass(frozen=True)
class Tried:
    """The tries of one notice.

    Attributes:
        left: how many may have left the house. given_up: how often the carrier gave one up for a while.
        alive: the carrier had at least one that it did not give up.
        over: it is delivered, or it is said that it never will be.
    """

    left: int
    given_up: int
    alive: bool
    over: bool

    @property
    def again(self) -> bool:
        """Must it be given to the carrier again?"""
        return self.given_up > 0 and self.left <= self.given_up and not self.alive and not self.over


def tried(words: Iterable[Word]) -> Tried:
    """What the words of one notice say together."""
    told = list(words)
    given_up = {word.reference for word in told if word.event == "postponed" and not word.ours}
    # a try that was refused at once never left; one the carrier did not know of, when it was asked, did not either
    stayed = sum(word.ours and word.event in ("postponed", "rejected", "resent") for word in told)
    return Tried(
        left=sum(word.event == "attempted" for word in told) - stayed,
        given_up=sum(word.event == "postponed" and not word.ours for word in told),
        alive=any(word.event in HAD and word.reference not in given_up for word in told),
        over=any(word.event in ("delivered", "undelivered") for word in told),
    )
