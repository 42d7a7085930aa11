"""What may be told of a notice, from the weakest to the strongest, and which of it an officer may type in."""

from __future__ import annotations

EVENTS: dict[str, str] = {
    "attempted": "it was given to the carrier; what became of it stands in the next line",
    "postponed": "the carrier said: later",
    "unknown": "no answer came: it may have left",
    "resent": "it is sent again, though an earlier try may have arrived: a possible duplicate",
    "rejected": "the carrier said: never this way",
    "prepared": "the paper or the text lies ready for the officer",
    "accepted": "the carrier took it",
    "deferred": "the recipient's side asked the carrier to wait",
    "undelivered": "the carrier could not bring it",
    "returned": "it came back",
    "refused": "the person would not take it",
    "delivered": "it reached the person",
}
#: what a standing is made of; the others tell how it was sent
STANDING = ("prepared", "accepted", "undelivered", "returned", "refused", "delivered")
#: what a named officer may record
BY_OFFICER = ("accepted", "undelivered", "returned", "refused", "delivered")
#: it did not reach the person; the next lawful channel follows
MISSED = ("undelivered", "returned", "refused")
