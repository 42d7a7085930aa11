"""What a hand-over has done so far, counted by several workers at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Lock

from notifications.channels import Accepted, Outcome, Permanent, Temporary, Unknown


def word_of(channel: str, outcome: Outcome) -> str:
    """How one outcome is counted: by its channel, or as failed, postponed or unknown."""
    if isinstance(outcome, Accepted):
        return channel
    if isinstance(outcome, Unknown):
        return "unknown"
    again = isinstance(outcome, Temporary) or (isinstance(outcome, Permanent) and outcome.ours)
    return "postponed" if again else "failed"


class Tally:
    """Counts, and how many may still be taken.

    Args:
        limit: at most so many. waiting: how many waited at the beginning. progress: told (done, waiting) after each chunk.
    """

    def __init__(self, limit: int | None, waiting: int, progress: Callable[[int, int], None] | None) -> None:
        self.words: Counter[str] = Counter()
        self._limit, self._waiting, self._progress = limit, waiting, progress
        self._taken, self._lock = 0, Lock()

    def room(self, wanted: int) -> int:
        """How many of `wanted` may still be taken."""
        with self._lock:
            return wanted if self._limit is None else max(0, min(wanted, self._limit - self._taken))

    def add(self, done: Counter[str]) -> None:
        """Count what a worker did."""
        with self._lock:
            self.words += done
            self._taken += done.total()
            if self._progress:
                self._progress(self._taken, self._waiting)
