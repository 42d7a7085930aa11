"""The other charts: grades, stages, notices, and what the sessions changed."""

from __future__ import annotations

from collections.abc import Sequence

from cli.report.story import Dispute, Story
from cli.report.svg import box, dot, line, picture, words
from rules.stages import STAGES

WIDTH, ROW, LABEL = 480.0, 30.0, 150.0
#: what may have become of a notice, and the class it is drawn in, from good to bad
STANDINGS = (
    ("delivered", "good"), ("accepted", "plain"), ("waiting", "faint"), ("claimed", "faint"), ("undelivered", "warn"),
    ("returned", "back"), ("refused", "warn"), ("failed", "bad"),
)  # fmt: skip


def grades(story: Story) -> str:
    """People per grade, in the order of the act."""
    counts = story.grades
    most, parts = max(counts.values(), default=1) or 1, []
    for place, grade in enumerate(story.bands):
        y, number = place * 50.0, counts.get(grade.id, 0)
        parts.append(words(0, y + 13, grade.label.en, "label"))
        parts.append(words(WIDTH, y + 13, grade.span, "small", "end"))
        parts.append(box(0, y + 19, (WIDTH - 40) * number / most, 18, f"fill grade{place}", grade.label.kk, 2))
        parts.append(words((WIDTH - 40) * number / most + 7, y + 33, str(number), "number"))
    return picture(WIDTH, 50.0 * len(story.bands), "People per grade", parts)


def funnel(story: Story) -> str:
    """People who ever reached each stage."""
    parts, most = [], max((number for _, number in story.funnel), default=1)
    for place, (stage, number) in enumerate(story.funnel):
        y, long = place * 22.0, (WIDTH - LABEL - 40) * number / most
        parts.append(words(LABEL - 8, y + 14, stage.replace("_", " "), "label", "end"))
        parts.append(box(LABEL, y + 3, max(long, 2), 15, "fill stage", STAGES.get(stage, ""), 2))
        parts.append(words(LABEL + max(long, 2) + 7, y + 15, str(number), "number"))
    return picture(WIDTH, 22.0 * len(story.funnel) + 4, "People who reached each stage", parts)


def notices(story: Story) -> str:
    """Notices by channel, split by the strongest thing told of them."""
    parts, most = [], max((counts.total() for counts in story.notices.values()), default=1)
    for place, (channel, counts) in enumerate(story.notices.items()):
        y, x = place * ROW, LABEL
        parts.append(words(LABEL - 8, y + 17, channel.replace("_", " "), "label", "end"))
        for word, kind in STANDINGS:
            if counts[word]:
                long = max((WIDTH - LABEL - 40) * counts[word] / most, 3)
                parts.append(box(x, y + 4, long, 18, f"fill {kind}", f"{channel}: {counts[word]} {word}", 2))
                x += long + 1
        parts.append(words(x + 6, y + 18, str(counts.total()), "number"))
    return picture(WIDTH, ROW * len(story.notices) + 4, "Notices by channel and state", parts)


def sessions(story: Story) -> str:
    """The mark before and after each session, on the scale of the act with its bands."""
    held = [one for one in story.disputes if one.before and one.after]
    foot = 26.0 + 34.0 * len(held)
    top = _top(story, held)
    parts = [_band(story, place, foot, top) for place in range(len(story.bands))]
    ticks = range(0, int(top) + 1, max(1, round(top / 5)))
    parts += [words(_at(mark, top), foot + 18, str(mark), "small", "middle") for mark in ticks]
    for place, one in enumerate(held):
        parts += _session(one, 30.0 + 34.0 * place, top)
    return picture(WIDTH, foot + 26, "The mark before and after each session", parts)


def _top(story: Story, held: Sequence[Dispute]) -> float:
    """The highest number of the act's scale, or of the marks where the scale is open above."""
    marks = [float(mark[0]) for one in held for mark in (one.before, one.after) if mark]
    return max([*(float(grade.most) for grade in story.bands if grade.most is not None), *marks])


def _at(mark: float, top: float) -> float:
    return 70.0 + (WIDTH - 100.0) * mark / top


def _band(story: Story, place: int, foot: float, top: float) -> str:
    """A band reaches to where the one above begins: between 2.99 and 3.00 there is no gap."""
    grade = story.bands[place]
    above = [float(one.least) for one in story.bands if one.least is not None and one.least > (grade.least or 0)]
    low, high = _at(float(grade.least or 0), top), _at(min(above, default=top), top)
    return box(low, 8, high - low - 1, foot - 8, f"band grade{place}", grade.label.en)


def _session(one: Dispute, y: float, top: float) -> Sequence[str]:
    if one.before is None or one.after is None:
        return ()
    before, after = _at(float(one.before[0]), top), _at(float(one.after[0]), top)
    same = one.before[0] == one.after[0]
    said = f"{one.before[0]} stands" if same else f"{one.before[0]} → {one.after[0]}"
    return (
        words(0, y + 4, f"no. {one.number}", "label"),
        line(before, y, after, y, "change"),
        dot(before, y, "point before", 6, f"before: {one.before[0]}"),
        dot(after, y, "point after", 6, f"after: {one.after[0]}"),
        words(max(before, after) + 12, y + 4, said, "number"),
    )
