"""How notices reached people: by channel what became of them, and the ladder from each channel to the next; counts alone."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta

from sqlmodel import Session

from notifications import statuses
from services.ground import Known
from services.ladder import WHY
from services.rungs import Rung, rungs


@dataclass
class ChannelLine:
    """One channel.

    Attributes:
        words: the strongest thing told of each notice. in_time, late: sent before or after their term; most have none.
    """

    channel: str
    words: Counter[str] = field(default_factory=Counter)
    in_time: int = 0
    late: int = 0

    @property
    def total(self) -> int:
        """All notices by this channel."""
        return self.words.total()

    @property
    def failed(self) -> int:
        """Those that did not reach their person this way."""
        return sum(self.words[word] for word in ("failed", "undelivered", "returned", "refused"))


@dataclass(frozen=True)
class LadderLine:
    """Steps alike: of one kind, from one channel to the next, for one reason.

    Attributes:
        minutes: between learning of it and the next channel, the longest; None where silence was left.
        hours: from the next channel to the end of the term, the fewest; None where the notice has no term.
    """

    kind: str
    place: int
    channel: str
    why: str
    next: str
    people: int
    minutes: int | None
    hours: int | None


def channels(session: Session, cycle: int) -> tuple[ChannelLine, ...]:
    """Every channel that was used, the busiest first."""
    found: dict[str, ChannelLine] = {}
    for one in statuses(session, params={"cycle": cycle}):
        line = found.setdefault(one.channel, ChannelLine(one.channel))
        line.words[one.word] += 1
        line.in_time += one.sent_in_time is True
        line.late += one.sent_in_time is False
    return tuple(sorted(found.values(), key=lambda line: (-line.total, line.channel)))


def ladder(session: Session, cycle: Known) -> tuple[LadderLine, ...]:
    """The ladder of each kind from its first channel down, the longest first."""
    alike: dict[tuple[str, int, str, str, str], list[Rung]] = defaultdict(list)
    for one in rungs(session, cycle):
        alike[one.kind, one.place, one.channel, one.why, one.next].append(one)
    lines = [_line(key, steps) for key, steps in alike.items()]
    depth = Counter(line.kind for line in lines)
    return tuple(sorted(lines, key=lambda line: (-depth[line.kind], line.kind, line.place, -line.people)))


def _line(key: tuple[str, int, str, str, str], steps: list[Rung]) -> LadderLine:
    kind, place, channel, why, following = key
    waits = [one.at - one.known_at for one in steps if one.known_at is not None]
    left = [one.due_at - one.at for one in steps if one.due_at is not None]
    return LadderLine(
        kind, place, channel, WHY[why], following, len(steps),
        max(map(_minutes, waits), default=None), min((int(one.total_seconds() // 3600) for one in left), default=None),
    )  # fmt: skip


def _minutes(span: timedelta) -> int:
    return max(0, round(span.total_seconds() / 60))
