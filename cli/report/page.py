"""The page: words and charts put into one file without a single link to the outside."""

from __future__ import annotations

from datetime import date, tzinfo
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cli.report import bars
from cli.report.story import Story, Whole
from cli.report.timeline import timeline
from models.base import as_day, instant

HERE = Path(__file__).parent


def write_report(whole: Whole, file: Path) -> Path:
    """Write the report; return the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(render(whole), "utf-8")
    return file


def render(whole: Whole) -> str:
    """The whole page."""
    pages = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    pages.filters |= {
        "day": _day,
        "span": _span,
        "on_day": _on_day,
        "counted": _counted,
        "a_day": lambda day: _day(day and as_day(day)),
    }
    return pages.get_template("page.html").render(
        whole=whole, stories=whole.stories, story=whole.stories[0], figures=whole.figures, standings=bars.STANDINGS,
        style=(HERE / "page.css").read_text("utf-8"), charts={story.key: _charts(story) for story in whole.stories},
    )  # fmt: skip


def _charts(story: Story) -> dict[str, str]:
    return {
        "timeline": timeline(story), "funnel": bars.funnel(story), "notices": bars.notices(story),
        "grades": bars.grades(story) if story.bands else "",
        "sessions": bars.sessions(story) if any(one.before for one in story.disputes) else "",
    }  # fmt: skip


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%a} {day.day} {day:%b %Y}"


def _on_day(moment: object, zone: tzinfo) -> str:
    """The body's day of a stored instant, as the tables show it."""
    return "" if moment is None else _day(instant(str(moment)).astimezone(zone).date())


def _span(days: tuple[date, date]) -> str:
    first, last = days
    if first == last:
        return _day(first)
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first.day} {first:%b}{year} – {last.day} {last:%b %Y}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
