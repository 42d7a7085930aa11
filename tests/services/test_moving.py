"""People who change post, unit, body or category inside the period, act by act: the last post decides, and its tenure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from models import Appointment, Body, Post, Unit
from models.work import work
from rules.errors import MissingSetting
from services import cycle as cycles
from tests import makers
from tests.commission import EXAMPLES
from tests.makers import Servant, at, day, person, refused, rows

TOP, HEAD_A, HEAD_B = "700001", "700002", "700003"
EARLY, LATE, RAISED = "700004", "700005", "700006"
HEADS: dict[str, str | None] = {"top": TOP, "a": HEAD_A, "b": HEAD_B}


@dataclass(frozen=True)
class Case:
    """One act: a period, its days, and the categories before and after a promotion, with the forms they earn."""

    act: str
    sample: str
    period: str
    first: str
    last: str
    moved: str
    too_late: str
    category: str
    raised: str
    form: str
    tenure: str


CASES = [
    Case("nchr-2024", "nchr", "2026-Q3", "2026-07-01", "2026-09-30", "2026-08-03", "2026-09-14", "C-O-5", "B-1", "leader", "N-13"),
    Case("uralsk-maslikhat-2018", "uralsk", "2023-Q4", "2023-10-01", "2023-12-31", "2023-11-01", "2023-12-11", "E-3", "E-3",
         "ranking", "U-18"),
    Case("mic-2018", "mic", "2018", "2018-01-01", "2018-12-31", "2018-07-02", "2018-11-05", "C-4", "C-3", "kpi", "M-9"),
    Case("justice-2017", "justice", "2017", "2017-01-01", "2017-12-31", "2017-08-01", "2017-11-01", "C-5", "C-4", "annual", "J-4"),
    Case("adgs-2018-93", "adgs", "2024-Q1", "2024-01-01", "2024-03-31", "2024-02-01", "2024-03-11", "C-4", "C-1", "kpi", "A-7"),
]  # fmt: skip
by_act = pytest.mark.parametrize(
    "case", [pytest.param(one, id=one.act, marks=pytest.mark.rule(one.tenure)) for one in CASES]
)


def body_file(sample: str, folder: Path, bodies: str = "") -> Path:
    """The sample body with the officials of these tests."""
    text = (EXAMPLES / sample / "organisation.yaml").read_text("utf-8")
    officials = f'officials: {{appointing_official: "{TOP}", hr_officer: "{HEAD_A}", head_of_body: "{TOP}"}}'
    text = re.sub(r"officials: \{[^}]*\}", officials, text)
    text = re.sub(r"scale_of_body: \{[^}]*\}", "scale_of_body: {nchr: central}", text)
    if bodies:
        text = re.sub(r"^settings:\n", f"settings:\n  bodies: [{bodies}]\n", text, flags=re.MULTILINE)
    file = folder / "organisation.yaml"
    file.write_text(text, "utf-8")
    return file


def staff(case: Case) -> list[Servant]:
    before = Servant("", "a", case.category, supervisor=HEAD_A, started="2016-01-11")

    def two(number: str, since: str, unit: str, category: str) -> list[Servant]:
        boss = {"a": HEAD_A, "b": HEAD_B}[unit]
        ended = (day(since).fromordinal(day(since).toordinal() - 1)).isoformat()
        return [
            replace(before, number=number, ended=ended),
            Servant(
                number,
                unit,
                category,
                leadership=category == case.raised != case.category,
                supervisor=boss,
                started=since,
            ),
        ]

    return [
        Servant(TOP, "top", category="", leadership=True, started="2016-01-11"),
        Servant(HEAD_A, "a", case.raised, True, supervisor=TOP, started="2016-01-11"),
        Servant(HEAD_B, "b", case.raised, True, supervisor=TOP, started="2016-01-11"),
        *two(EARLY, case.moved, "b", case.category),
        *two(LATE, case.too_late, "b", case.category),
        *two(RAISED, case.moved, "a", case.raised),
    ]


def opened(case: Case, folder: Path, bodies: str = "") -> str:
    with work() as session:
        file = body_file(case.sample, folder, bodies)
        return cycles.open_cycle(session, file, case.act, case.period, at(f"{case.last} 10:00"), "person/1")


@by_act
def test_the_last_post_of_the_period_decides_and_its_own_tenure(
    case: Case, sqlite_database: str, tmp_path: Path
) -> None:
    makers.a_body(staff(case), HEADS)
    key = opened(case, tmp_path)
    early, late, raised = (makers.case(one, key) for one in (EARLY, LATE, RAISED))
    since = "SELECT started_on FROM appointment WHERE id = :i"
    assert [str(rows(since, i=one.appointment_id)[0][0]) for one in (early, late, raised)] == [
        case.moved, case.too_late, case.moved,
    ]  # fmt: skip
    assert (early.stage, late.stage, raised.stage) == ("planned", "exempt", "planned")
    assert late.plan_rules == case.tenure
    assert f"from {case.too_late}" in late.plan_note  # the years in the post before do not count
    assert early.evaluator_id == person(TOP if case.sample == "uralsk" else HEAD_B)
    assert raised.form == case.form


def moved_to_another_body(number: str, since: str, category: str) -> None:
    """Another body in the same staff files, and the person's new post there; the old one is over."""
    with work() as session:
        session.add(other := Body(code="other", name_kk="Басқа", name_ru="Другой"))
        session.flush()
        session.add(unit := Unit(body_id=other.id or 0, code="z", name_kk="z", name_ru="z"))
        session.flush()
        session.add(post := Post(unit_id=unit.id or 0, title_kk="z", title_ru="", category=category, leadership=False))
        session.flush()
        held = Appointment(person_id=person(number), post_id=post.id or 0, started_on=day(since), basis="appointed")
        session.add(held)


@by_act
def test_who_moved_to_another_body_is_evaluated_there(case: Case, sqlite_database: str, tmp_path: Path) -> None:
    ended = day(case.moved).fromordinal(day(case.moved).toordinal() - 1).isoformat()
    gone = Servant("700009", "a", case.category, supervisor=HEAD_A, started="2016-01-11", ended=ended)
    makers.a_body([*staff(case), gone], HEADS)
    moved_to_another_body("700009", case.moved, case.category)
    key = opened(case, tmp_path, "nchr")
    evaluated = rows(
        "SELECT p.personnel_no FROM assessment a JOIN person p ON p.id = a.person_id JOIN cycle c ON c.id = a.cycle_id"
        " WHERE c.key = :k",
        k=key,
    )
    assert {str(one) for (one,) in evaluated} == {HEAD_A, HEAD_B, EARLY, LATE, RAISED}


def test_of_several_bodies_the_organisation_file_names_its_own(sqlite_database: str, tmp_path: Path) -> None:
    case = CASES[0]
    makers.a_body(staff(case), HEADS)
    moved_to_another_body(LATE, "2026-10-01", "C-O-5")
    with refused(MissingSetting, r"several bodies \(nchr, other\).* settings.bodies"):
        opened(case, tmp_path)


#: act -> what becomes of who left the service a month before the end of the period, and what says so
LEFT = {
    "nchr-2024": ("planned", "N-15", "dismissed: evaluated without participation"),
    "uralsk-maslikhat-2018": ("planned", "U-20", "dismissed: evaluated without participation"),
    "mic-2018": ("planned", "M-", ""),  # the act is silent: as everybody
    "justice-2017": ("exempt", "J-", "before the evaluation (reading J-Q28-dismissed)"),
    "adgs-2018-93": ("planned", "A-", ""),
}


@pytest.mark.rule("N-15", "U-20")
@pytest.mark.parametrize("case", [pytest.param(one, id=one.act) for one in CASES])
def test_who_left_the_service_is_evaluated_or_not_as_the_act_says(
    case: Case, sqlite_database: str, tmp_path: Path
) -> None:
    left = day(case.last).fromordinal(day(case.last).toordinal() - 30).isoformat()
    gone = Servant("700009", "a", case.category, supervisor=HEAD_A, started="2016-01-11", ended=left, dismissed=True)
    makers.a_body([*staff(case), gone], HEADS)
    found = makers.case("700009", opened(case, tmp_path))
    stage, rule, words = LEFT[case.act]
    assert (found.stage, rule in found.plan_rules, words in found.plan_note) == (stage, True, True), found.plan_note
