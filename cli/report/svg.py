"""The few shapes the charts are made of; colours are classes, so that light, dark and paper each have their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def picture(width: float, height: float, title: str, parts: Iterable[str]) -> str:
    """A whole chart; `title` is what a screen reader says."""
    return f'<svg viewBox="0 0 {width:g} {height:g}" role="img" aria-label="{escape(title)}">{"".join(parts)}</svg>'


def words(x: float, y: float, said: str, kind: str = "", anchor: str = "start") -> str:
    """A text."""
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">{escape(said)}</text>'


def box(x: float, y: float, width: float, height: float, kind: str, tip: str = "", round: float = 0) -> str:
    """A rectangle with a tip."""
    inner = f"<title>{escape(tip)}</title>" if tip else ""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" rx="{round:g}"'
        f' class="{kind}">{inner}</rect>'
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    """A straight line."""
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" class="{kind}"/>'


def steps(points: Sequence[tuple[float, float]], kind: str) -> str:
    """A line that holds its height until the next point."""
    path, last = [], None
    for x, y in points:
        path.append(f"M{x:.1f},{y:.1f}" if last is None else f"H{x:.1f}V{y:.1f}")
        last = y
    return f'<path d="{"".join(path)}" class="{kind}"/>'


def dot(x: float, y: float, kind: str, radius: float = 6, tip: str = "") -> str:
    """A point with a tip."""
    inner = f"<title>{escape(tip)}</title>" if tip else ""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" class="{kind}">{inner}</circle>'
