"""The mark of the year, formed from its quarters."""

from __future__ import annotations

from datetime import datetime

from methodologies import read_organisation
from models.work import work
from rules.errors import NotAllowed
from services import annual
from settings import settings
from tasks.kinds import step


@step("annual-{year}")
def form_annual_marks(year: int, now: datetime) -> int:
    """Form the marks of a year under the body's act; return how many were formed or formed again, 0 where it has none."""
    file = settings().organisation
    act = read_organisation(file).act
    with work() as session:
        try:
            return annual.form_annual(session, act, year, now, "system/annual-mark", file)
        except NotAllowed:  # the act forms no such mark: the year is an evaluation of its own, or there is none
            return 0
