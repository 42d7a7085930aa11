"""The cycle day by day: how many sheets were signed, results learnt and cases closed, and the last days of the law."""

from __future__ import annotations

from datetime import date

from cli.report.story import Day, Story
from cli.report.svg import box, line, picture, steps, words

WIDTH, LEFT, RIGHT = 1000.0, 46.0, 16.0
TOP, TALL, GAP, LOW, FOOT = 52.0, 190.0, 30.0, 62.0, 34.0
SERIES = (("marked", "signed"), ("learnt", "learnt"), ("closed", "closed"))


def timeline(story: Story) -> str:
    """Upper part: people in all, up to each day. Lower part: each day by itself."""
    drawn = _Axes(story)
    parts = [*drawn.background(), *drawn.scale(), *drawn.bars()]
    parts += [steps(drawn.total(name), f"line {kind}") for name, kind in SERIES]
    parts += drawn.last_days()
    title = "Sheets signed, results learnt and cases closed, day by day"
    return picture(WIDTH, TOP + TALL + GAP + LOW + FOOT, title, parts)


class _Axes:
    def __init__(self, story: Story) -> None:
        self.story, self.days = story, story.days
        self.step = (WIDTH - LEFT - RIGHT) / max(len(self.days), 1)
        self.most = max(story.evaluated, 1)
        self.busiest = max((max(day.marked, day.learnt) for day in self.days), default=1) or 1
        self.base = TOP + TALL + GAP + LOW

    def x(self, day: date) -> float:
        return LEFT + (day - self.days[0].day).days * self.step

    def y(self, people: int) -> float:
        return TOP + TALL * (1 - people / self.most)

    def background(self) -> list[str]:
        """Days that are not worked are shaded, and every Monday has its date."""
        parts = [
            box(self.x(one.day), TOP, self.step, TALL + GAP + LOW, "off", f"{one.day:%a %d %b}: not a working day")
            for one in self.days if not one.working
        ]  # fmt: skip
        for one in self.days:
            if one.day.weekday() == 0:
                parts.append(line(self.x(one.day), self.base, self.x(one.day), self.base + 5, "axis"))
                parts.append(words(self.x(one.day) + 2, self.base + 18, f"{one.day:%d %b}", "small"))
        return parts

    def scale(self) -> list[str]:
        parts = []
        for share in (0, 0.5, 1):
            people = round(self.most * share)
            parts.append(line(LEFT, self.y(people), WIDTH - RIGHT, self.y(people), "grid"))
            parts.append(words(LEFT - 6, self.y(people) + 4, str(people), "small", "end"))
        parts.append(line(LEFT, self.base, WIDTH - RIGHT, self.base, "axis"))
        parts.append(words(LEFT - 6, self.base - LOW + 8, str(self.busiest), "small", "end"))
        return parts

    def bars(self) -> list[str]:
        wide = self.step * 0.4
        return [self._bar(one, name, kind, place * wide, wide) for one in self.days
                for place, (name, kind) in enumerate(SERIES[:2]) if getattr(one, name)]  # fmt: skip

    def _bar(self, one: Day, name: str, kind: str, shift: float, wide: float) -> str:
        number = getattr(one, name)
        tall = LOW * number / self.busiest
        x = self.x(one.day) + self.step * 0.1 + shift
        return box(x, self.base - tall, wide, tall, f"fill {kind}", f"{one.day:%a %d %b}: {number} {kind}", 1)

    def total(self, name: str) -> list[tuple[float, float]]:
        people, points = 0, [(self.x(self.days[0].day), self.y(0))]
        for one in self.days:
            people += getattr(one, name)
            points.append((self.x(one.day) + self.step / 2, self.y(people)))
        return [*points, (WIDTH - RIGHT, self.y(people))]

    def last_days(self) -> list[str]:
        parts = []
        for place, (day, said) in enumerate(self.story.last_days):
            x, y = self.x(day) + self.step, TOP - 12 - 18 * place
            side = "end" if x > WIDTH / 3 else "start"
            parts.append(line(x, y - 8, x, self.base, "due"))
            parts.append(words(x - 5 if side == "end" else x + 5, y, f"{day:%d %b}: {said}", "small strong", side))
        return parts
