"""The acts as data, one folder each, the body's own file, and the working days both need."""

from methodologies.act import Act, Dated, RuleNote
from methodologies.calendar import calendar_hash, work_calendar
from methodologies.difference import Change, difference
from methodologies.in_force import law
from methodologies.loading import acts, load
from methodologies.organisation import act_of, read_organisation, sample

__all__ = [
    "Act",
    "Change",
    "Dated",
    "RuleNote",
    "act_of",
    "acts",
    "calendar_hash",
    "difference",
    "law",
    "load",
    "read_organisation",
    "sample",
    "work_calendar",
]
