"""What a hand-over has done so far, counted by several workers at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock

from notifications.channels import Accepted, Outcome, Permanent, Temporary, Unknown

HANDED, POSTPONED, UNKNOWN, RESENT, FAILED = "handed", "postponed", "unknown", "resent", "failed"


@dataclass(frozen=True)
class Lane:
    """One channel of one body, and who carries it: simulate, papers, portal, or a carrier outside the house."""

    organisation: str
    channel: str
    carrier: str


@dataclass(frozen=True)
class LaneTally:
    """What one lane did in one hand-over."""

    organisation: str
    channel: str
    carrier: str
    handed: int = 0
    postponed: int = 0
    unknown: int = 0
    resent: int = 0
    failed: int = 0


def word_of(outcome: Outcome) -> str:
    """How one outcome is counted."""
    if isinstance(outcome, Accepted):
        return HANDED
    if isinstance(outcome, Unknown):
        return UNKNOWN
    again = isinstance(outcome, Temporary) or (isinstance(outcome, Permanent) and outcome.ours)
    return POSTPONED if again else FAILED


class Tally:
    """Counts, and how many may still be taken.

    Args:
        limit: at most so many. waiting: how many waited at the beginning. progress: told (done, waiting) after each chunk.
        stopping: asked before anything more is taken; True ends the hand-over with what is on its way.
    """

    def __init__(
        self,
        limit: int | None,
        waiting: int,
        progress: Callable[[int, int], None] | None,
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._limit, self._waiting, self._progress, self.stopping = limit, waiting, progress, stopping
        self._counts: Counter[tuple[Lane, str]] = Counter()
        self._taken, self._done, self._lock = 0, 0, Lock()

    def take(self, wanted: int) -> int:
        """Set aside how many of `wanted` may still be taken."""
        with self._lock:
            left = wanted if self._limit is None else max(0, min(wanted, self._limit - self._taken))
            taken = 0 if self.stopping() else left
            self._taken += taken
            return taken

    def give_back(self, unused: int) -> None:
        """So many of those set aside were not there."""
        with self._lock:
            self._taken -= unused

    def add(self, lane: Lane, words: Iterable[str]) -> None:
        """Count what a worker did."""
        with self._lock:
            for word in words:
                self._counts[lane, word] += 1
                self._done += 1
            if self._progress:
                self._progress(self._done, self._waiting)

    def count(self, word: str) -> int:
        """How often this was the outcome."""
        return sum(count for (_, said), count in self._counts.items() if said == word)

    def handed(self) -> dict[str, int]:
        """How many left, by channel."""
        channels: Counter[str] = Counter()
        for (lane, word), count in self._counts.items():
            if word == HANDED:
                channels[lane.channel] += count
        return dict(channels)

    def lanes(self) -> tuple[LaneTally, ...]:
        """The counts of each lane that did anything."""
        found: dict[Lane, dict[str, int]] = {}
        for (lane, word), count in self._counts.items():
            found.setdefault(lane, {})[word] = count
        ordered = sorted(found.items(), key=lambda one: (one[0].organisation, one[0].channel, one[0].carrier))
        return tuple(LaneTally(lane.organisation, lane.channel, lane.carrier, **counts) for lane, counts in ordered)
