"""What is remembered. Importing this room knows every table."""

from models.appeal import Appeal, AppealOutcome, AppealReport, CourtRecord
from models.assessment import AnnualMark, Assessment, Mark, Result
from models.calibration import CalibrationRequest, CalibrationSession, SessionMember
from models.commission import (
    CommissionApproval,
    CommissionBallot,
    CommissionCall,
    CommissionDecision,
    CommissionOrder,
    CommissionPresence,
    CommissionProtocol,
    CommissionSeat,
    CommissionSitting,
    CommissionSubmission,
    CommissionVote,
)
from models.content import JournalContent
from models.cycle import Cycle, PinnedText, Term
from models.familiarisation import RefusalAct, ResultDispatch
from models.journal import JournalEntry, JournalRow
from models.notice import Callback, Lane, Notice, Receipt, Wording
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
from models.plan import PlanActual, PlanEvent, PlanItem, PlanMonitoring, PlanRound, WorkPlan
from models.service_record import ServiceRecordEntry
from models.sheet import SheetContent, SheetReturn
from models.survey import SurveyBallot, SurveyKey, SurveyRespondent

__all__ = [
    "Absence",
    "AnnualMark",
    "Appeal",
    "AppealOutcome",
    "AppealReport",
    "Appointment",
    "Assessment",
    "Body",
    "CalibrationRequest",
    "CalibrationSession",
    "Callback",
    "CommissionApproval",
    "CommissionBallot",
    "CommissionCall",
    "CommissionDecision",
    "CommissionOrder",
    "CommissionPresence",
    "CommissionProtocol",
    "CommissionSeat",
    "CommissionSitting",
    "CommissionSubmission",
    "CommissionVote",
    "CourtRecord",
    "Cycle",
    "JournalContent",
    "JournalEntry",
    "JournalRow",
    "Lane",
    "Mark",
    "Notice",
    "Official",
    "Person",
    "PinnedText",
    "PlanActual",
    "PlanEvent",
    "PlanItem",
    "PlanMonitoring",
    "PlanRound",
    "Post",
    "Receipt",
    "RefusalAct",
    "Result",
    "ResultDispatch",
    "Sanction",
    "ServiceRecordEntry",
    "SessionMember",
    "SheetContent",
    "SheetReturn",
    "StaffImport",
    "SurveyBallot",
    "SurveyKey",
    "SurveyRespondent",
    "Term",
    "Unit",
    "Wording",
    "WorkPlan",
    "WorkedDays",
]
