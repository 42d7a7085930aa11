"""A small body under an act with a Commission, brought to a given stage; every moment is said aloud, in Almaty time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from models.work import reading, work
from rules.composition import Member
from services import agreement, commission, filled, rulings, sittings, submission, written
from services import cycle as cycles
from services.filled import FilledSheet
from services.ground import find_cycle
from services.rulings import Decided, Motion
from tests import makers
from tests.makers import Servant, at, person

EXAMPLES = Path(__file__).parents[1] / "examples"

#: the first head, the authorised person, three heads of unit, HR, servants
MINISTER, OFFICIAL, VICE = "500001", "500002", "500003"
HR, LAWYER = "500004", "500005"
HEAD_A, HEAD_B = "500011", "500012"
AIGUL, BOLAT, DANA = "500021", "500022", "500031"
EVALUATED = (HR, LAWYER, HEAD_A, HEAD_B, AIGUL, BOLAT, DANA)

STAFF = (
    Servant(MINISTER, "top", category="", leadership=True, started="2016-01-11"),
    Servant(OFFICIAL, "top", category="", leadership=True, supervisor=MINISTER, started="2016-01-11"),
    Servant(VICE, "top", category="", leadership=True, supervisor=MINISTER, started="2016-01-11"),
    Servant(HR, "a", "C-4", supervisor=HEAD_A, started="2016-01-11"),
    Servant(LAWYER, "b", "C-4", supervisor=HEAD_B, started="2016-01-11"),
    Servant(HEAD_A, "a", "C-3", supervisor=OFFICIAL, started="2016-01-11"),
    Servant(HEAD_B, "b", "C-3", supervisor=MINISTER, started="2016-01-11"),
    Servant(AIGUL, "a", "C-4", supervisor=HEAD_A, started="2016-01-11"),
    Servant(BOLAT, "a", "C-4", supervisor=HEAD_A, started="2016-01-11"),
    Servant(DANA, "b", "C-4", supervisor=HEAD_B, started="2016-01-11"),
)
HEADS: Mapping[str, str | None] = {"top": MINISTER, "a": HEAD_A, "b": HEAD_B}
#: five with a vote: the quorum is four of them
SEATS = (
    (VICE, "chair"),
    (OFFICIAL, "member"),
    (HEAD_A, "member"),
    (HEAD_B, "member"),
    (LAWYER, "member"),
    (HR, "secretary"),
)
VOTERS = (VICE, OFFICIAL, HEAD_A, HEAD_B, LAWYER)


@dataclass(frozen=True)
class Act:
    """One act of the tests: its sample body, a period, the days of its steps."""

    id: str
    sample: str
    period: str
    opened: str
    starts: str
    ends: str | None
    evaluation: str | None = None


KPI = Act("mic-2018", "mic", "2018", "2018-12-03", "2019-01-14", "2019-02-28", "kpi")
COMPETENCIES = Act("mic-2018", "mic", "2018", "2018-12-03", "2019-01-14", "2019-02-28", "competencies")
QUARTER = Act("justice-2017", "justice", "2017-Q3", "2017-09-18", "2017-10-02", None, "quarter")
ANNUAL = Act("justice-2017", "justice", "2017", "2017-11-20", "2017-12-11", None, "annual")
DOCUMENTS: Mapping[str, Mapping[str, str]] = {
    "mic-2018": {"draft_protocol": "draft 1"},
    "justice-2017": {"job_description": "file 7", "draft_protocol": "draft 1"},
}


def body_file(act: Act, folder: Path, readings: str = "{}") -> Path:
    """The sample body of the act with the officials of these tests."""
    text = (EXAMPLES / act.sample / "organisation.yaml").read_text("utf-8")
    lines = []
    for line in text.splitlines():
        if line.strip().startswith("officials:"):
            line = f'  officials: {{appointing_official: "{OFFICIAL}", hr_officer: "{HR}", head_of_body: "{MINISTER}"}}'
        if line.strip().startswith("scale_of_body:"):
            line = "  scale_of_body: {nchr: central}"
        if line.startswith("readings:"):
            line = f"readings: {readings}"
        lines.append(line)
    file = folder / f"{act.sample}.yaml"
    file.write_text("\n".join(lines) + "\n", "utf-8")
    return file


def opened(act: Act, folder: Path, readings: str = "{}", staff: Sequence[Servant] = STAFF) -> str:
    """A body, its cycle opened and approved, the sheets sent out on the first day; return the key."""
    if not makers.rows("SELECT 1 FROM person LIMIT 1"):
        makers.a_body(staff, HEADS)
    file = body_file(act, folder, readings)
    days = (date.fromisoformat(act.starts), date.fromisoformat(act.ends) if act.ends else None)
    with work() as session:
        key = cycles.open_cycle(session, file, act.id, act.period, at(act.opened), "person/1", act.evaluation, days)
    with work() as session:
        cycles.approve_schedule(session, key, at(f"{act.opened} 10:00"), f"person/{person(OFFICIAL)}")
    makers.walk(f"{act.opened} 12:00", key)
    makers.walk(f"{act.starts} 08:00", key)
    return key


def kpis(achieved: int) -> dict[str, Any]:
    """A sheet with so many of five indicators fully achieved."""
    return {"kpis": [{"achieved": place < achieved} for place in range(5)]}


def case(key: str, number: str) -> int:
    """The assessment of a person."""
    return makers.case(number, key).id or 0


def sign(key: str, number: str, fields: Mapping[str, Any], now: str, by: str | None = None) -> None:
    """Whoever holds the sheet signs it."""
    one = makers.case(number, key)
    sheet = FilledSheet(one.id or 0, fields, person(by) if by else one.marker_id)
    with work() as session:
        filled.sign(session, sheet, at(now), f"person/{sheet.signed_by}")


def signed_all(key: str, fields: Mapping[str, Any], now: str, *numbers: str) -> None:
    """Every sheet, or those named, is signed with the same content."""
    sheets = [FilledSheet(case(key, one), fields) for one in numbers or EVALUATED]
    with work() as session:
        filled.take(session, find_cycle(session, key), sheets, at(now), "system/import")


def agreed_all(key: str, now: str, *supers: str) -> None:
    """The superiors agree with everything that waits for them."""
    for number in supers or (MINISTER, OFFICIAL):
        with work() as session:
            cycle = find_cycle(session, key)
            if agreement.waiting_for(session, cycle, person(number), at(now).date()):
                agreement.agree(session, cycle, person(number), at(now))


def composed(key: str, now: str, *seats: tuple[str, str]) -> int:
    """An order creates the Commission on the day."""
    members = [Member(person(number), capacity) for number, capacity in seats or SEATS]
    with work() as session:
        cycle = find_cycle(session, key)
        return commission.compose(session, cycle, members, "order No 7", at(now).date(), person(HR), at(now))


def submitted(key: str, now: str, act: Act) -> int:
    """HR submits everything that is computed."""
    with work() as session:
        cycle = find_cycle(session, key)
        asked = submission.documents_asked(_ground(session, cycle))
        documents = {name: text for name, text in DOCUMENTS[act.id].items() if name in asked}
        return submission.submit(session, cycle, documents, person(HR), at(now))


def _ground(session: Any, cycle: Any) -> Any:
    from services.ground import ground_of

    return ground_of(session, cycle)


def sat(key: str, now: str, *present: str) -> int:
    """The Commission sits, everybody present when nobody is named."""
    people = {person(one) for one in present or (*VOTERS, HR)}
    with work() as session:
        return sittings.hold(session, find_cycle(session, key), people, person(HR), at(now)).sitting


def all_for(vote: str = "approve", *numbers: str) -> dict[int, str]:
    """The same vote of everybody, or of those named."""
    return {person(one): vote for one in numbers or VOTERS}


def decided(sitting: int, now: str, *motions: Motion) -> Decided:
    """The votes of a sitting; everything left is approved when nothing else is moved."""
    with work() as session:
        return rulings.decide(session, sitting, motions or (Motion(all_for()),), person(HR), at(now))


def approved(sitting: int, now: str) -> int:
    """The protocol is signed and the authorised person approves."""
    with work() as session:
        sittings.sign_protocol(session, sitting, "protocol No 3", person(HR), at(now))
    with work() as session:
        return sittings.approve(session, sitting, person(OFFICIAL), at(now))


def acknowledged(key: str, now: str, *numbers: str) -> int:
    """Servants sign for their results, all of them when nobody is named."""
    with work() as session:
        ids = [case(key, one) for one in numbers or EVALUATED]
        return written.acknowledge(session, find_cycle(session, key), ids, person(HR), at(now))


_kept = makers._Kept()


def kept(name: str, key: str, make: Callable[[], Any]) -> str:
    """A state that was made before is copied into the empty database; otherwise it is made and kept."""
    if not _kept.take(name):
        make()
        _kept.keep(name)
    return key


def a_kpi_year(folder: Path, until: str = "acknowledged") -> str:
    """A year under KPI up to "submitted", "decided", "approved", "released" or "acknowledged".

    Signed on 15 January 2019, agreed on the 16th, submitted on the 17th, decided, approved and released on the 22nd,
    familiarised on the 23rd: ten working days from the decision end on Tuesday 5 February 2019.
    """
    return kept(f"kpi_{until}", "mic-sample-2018", lambda: _a_kpi_year(folder, until))


def _a_kpi_year(folder: Path, until: str) -> str:
    key = opened(KPI, folder)
    signed_all(key, kpis(4), "2019-01-15")
    agreed_all(key, "2019-01-16")
    makers.walk("2019-01-16 12:00", key)
    composed(key, "2019-01-16")
    submitted(key, "2019-01-17", KPI)
    if until == "submitted":
        return key
    sitting = sat(key, "2019-01-22 10:00")
    decided(sitting, "2019-01-22 10:30")
    if until == "decided":
        return key
    approved(sitting, "2019-01-22 16:00")
    if until == "approved":
        return key
    makers.walk("2019-01-22 17:00", key)
    if until == "acknowledged":
        acknowledged(key, "2019-01-23")
    return key


def stages(key: str) -> dict[str, int]:
    """How many assessments stand in each stage."""
    with reading() as session:
        cycle = find_cycle(session, key).id
    return dict(makers.rows("SELECT stage, COUNT(*) FROM assessment WHERE cycle_id = :c GROUP BY stage", c=cycle))


# --- competencies and the quarter of justice ------------------------------------------------------------------------


def signed_competencies(key: str, now: str) -> None:
    """Every servant showed every effective indicator; who provides no public services is not asked about them."""
    from rules.methods.indicators import EFFECTIVE, indicators_of

    with work() as session:
        cycle = find_cycle(session, key)
        law = _ground(session, cycle).law
        form = law.form("competencies")
        categories = dict(makers.rows(
            "SELECT a.id, p.category FROM assessment a JOIN appointment t ON t.id = a.appointment_id"
            " JOIN post p ON p.id = t.post_id WHERE a.cycle_id = :c", c=cycle.id))  # fmt: skip
        sheets = []
        for assessment, category in categories.items():
            lists = indicators_of(law, form, category)
            shown = {row.id: [str(n) for n in lists.get((row.id, EFFECTIVE), ())] for row in form.parameters}
            sheets.append(FilledSheet(assessment, {"shown": shown}))
        filled.take(session, cycle, sheets, at(now), "system/import")


POINTS = {"bonuses": [{"points": "3", "n": "1"}], "breaches": []}


def a_quarter(folder: Path, until: str = "decided") -> str:
    """A quarter of justice up to "self", "marked", "computed", "submitted" or "decided"; every score is 103.

    Own parts on 3 October 2017, signed by the supervisors on the 4th and by the servants on the 5th, submitted on the
    9th, decided on Thursday 12 October.
    """
    return kept(f"quarter_{until}", "justice-sample-2017-q3", lambda: _a_quarter(folder, until))


def _a_quarter(folder: Path, until: str) -> str:
    key = opened(QUARTER, folder)
    own = [FilledSheet(case(key, one), POINTS) for one in EVALUATED]
    with work() as session:
        filled.take(session, find_cycle(session, key), own, at("2017-10-03"), "system/import", "self")
    if until == "self":
        return key
    signed_all(key, POINTS, "2017-10-04")
    if until == "marked":
        return key
    for number in EVALUATED:
        with work() as session:
            agreement.countersign(session, case(key, number), person(number), at("2017-10-05"))
    makers.walk("2017-10-05 12:00", key)
    if until == "computed":
        return key
    composed(key, "2017-10-06")
    submitted(key, "2017-10-09", QUARTER)
    if until == "decided":
        decided(sat(key, "2017-10-12 10:00"), "2017-10-12 11:00")
    return key
