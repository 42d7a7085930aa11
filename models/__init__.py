"""What is remembered. Importing this room knows every table."""

from models.assessment import AnnualMark, Assessment, Mark, Result
from models.calibration import CalibrationRequest, CalibrationSession, SessionMember
from models.content import JournalContent
from models.cycle import Cycle, PinnedText, Term
from models.familiarisation import RefusalAct
from models.journal import JournalEntry, JournalRow
from models.notice import Notice, Receipt
from models.official import Official
from models.people import (
    Absence,
    Appointment,
    Body,
    Person,
    Post,
    Sanction,
    StaffImport,
    Unit,
    WorkedDays,
)

__all__ = [
    "Absence",
    "AnnualMark",
    "Appointment",
    "Assessment",
    "Body",
    "CalibrationRequest",
    "CalibrationSession",
    "Cycle",
    "JournalContent",
    "JournalEntry",
    "JournalRow",
    "Mark",
    "Notice",
    "Official",
    "Person",
    "PinnedText",
    "Post",
    "Receipt",
    "RefusalAct",
    "Result",
    "Sanction",
    "SessionMember",
    "StaffImport",
    "Term",
    "Unit",
    "WorkedDays",
]
