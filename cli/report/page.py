"""The page: words and charts put into one file without a single link to the outside."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cli.report import bars
from cli.report.story import Story
from cli.report.timeline import timeline

HERE = Path(__file__).parent


def write_report(story: Story, file: Path) -> Path:
    """Write the report; return the file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(render(story), "utf-8")
    return file


def render(story: Story) -> str:
    """The whole page."""
    pages = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    pages.filters |= {"day": _day, "span": _span}
    return pages.get_template("page.html").render(
        story=story, figures=story.figures, style=(HERE / "page.css").read_text("utf-8"), standings=bars.STANDINGS,
        timeline=timeline(story), grades=bars.grades(story), funnel=bars.funnel(story), notices=bars.notices(story),
        sessions=bars.sessions(story) if any(one.before for one in story.disputes) else "",
    )  # fmt: skip


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%a} {day.day} {day:%b %Y}"


def _span(days: tuple[date, date]) -> str:
    first, last = days
    if first == last:
        return _day(first)
    return f"{first.day} {first:%b} – {last.day} {last:%b %Y}"
