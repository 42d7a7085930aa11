"""The 360: who is asked, answers under seal, what a reader of every table can tell, counting, destroying."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from models.work import reading, work
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow, RuleError
from services import advance, audit, people, sealing, survey_reports, surveys, tallying
from services import cycle as cycles
from services.evidence import verify
from services.facts import person_id
from services.ground import find_cycle
from settings import settings
from tests.makers import refused, rows

URALSK = Path(__file__).parents[2] / "examples" / "uralsk"
ORAL = ZoneInfo("Asia/Oral")
KEY = "uralsk-sample-2023"


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment if " " in moment else f"{moment} 10:00").replace(tzinfo=ORAL)


def walk(now: datetime) -> None:
    with work() as session:
        assert advance.begin(session, KEY, now)
    for step in advance.WALK:
        with work() as session:
            step(session, KEY, now)
    with work() as session:
        advance.finish(session, KEY, now)


@pytest.fixture
def survey(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The survey of the sample body's year 2023, opened and sent out."""
    return sent_out(tmp_path, monkeypatch, "2024-01-04")


def sent_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, day: str) -> str:
    """The survey of the sample body's year 2023, walked on that day for the first time."""
    monkeypatch.setattr(settings(), "keys_folder", tmp_path / "keys")
    with work() as session:
        people.import_staff(session, URALSK / "staff.csv", "person/1", at("2023-12-20"), "uralsk-maslikhat-2018")
    with work() as session:
        key = cycles.open_cycle(
            session,
            URALSK / "organisation.yaml",
            "uralsk-maslikhat-2018",
            "2023",
            at("2024-01-03"),
            "person/1",
            "survey",
        )
        official = person_id(session, "200001")
    assert key == KEY
    with work() as session:
        cycles.approve_schedule(session, KEY, at("2024-01-03"), f"person/{official}")
    walk(at(day))
    return KEY


Asked = tuple[int, int, str, str]


def asked() -> list[Asked]:
    """(assessment, respondent, circle, category) of everybody who is asked."""
    return rows(
        "SELECT r.assessment_id, r.person_id, r.circle, p.category FROM survey_respondent r"
        " JOIN assessment a ON a.id = r.assessment_id JOIN appointment o ON o.id = a.appointment_id"
        " JOIN post p ON p.id = o.post_id ORDER BY r.assessment_id, r.person_id"
    )


def marks_for(category: str, value: int) -> dict[int, Decimal]:
    return {n: Decimal(value) for n in range(1, 13 if category == "E-2" else 9)}


def give(one: Asked, value: int = 4) -> None:
    with work() as session:
        surveys.answer(session, one[0], one[1], marks_for(one[3], value), at("2024-01-05"))


@pytest.mark.rule("U-56", "U-58", "U-59", "U-60", "U-61", "U-Q12", "U-Q13")
def test_three_to_seven_are_asked_and_the_person_itself_beside_them(survey: str) -> None:
    circles: dict[int, Counter[str]] = defaultdict(Counter)
    for assessment, _, circle, _ in asked():
        circles[assessment][circle] += 1
    assert len(circles) > 20
    # who serves no more is asked about and never asked (U-20)
    gone = {
        one for (one,) in rows(
            "SELECT a.id FROM assessment a WHERE NOT EXISTS (SELECT 1 FROM appointment t WHERE t.person_id = a.person_id"
            " AND (t.ended_on IS NULL OR t.ended_on >= '2024-01-03'))"
        )
    }  # fmt: skip
    assert gone & set(circles)
    for assessment, counts in circles.items():
        assert counts["self"] == (0 if assessment in gone else 1)
        assert 3 <= counts.total() - counts["self"] <= 7
        assert counts["supervisor"] <= 1
    told = rows("SELECT COUNT(DISTINCT recipient_id) FROM notice WHERE kind = 'survey_waiting'")[0][0]
    assert told == len({one[1] for one in asked()})
    walk(at("2024-01-04 12:00"))  # again: nobody is asked anew
    assert rows("SELECT COUNT(*) FROM survey_respondent")[0][0] == sum(c.total() for c in circles.values())


@pytest.mark.rule("U-56", "U-60")
def test_an_answer_is_given_once_whole_and_only_by_who_is_asked(survey: str) -> None:
    first = asked()[0]
    outsider = next(one[1] for one in asked() if (first[0], one[1]) not in {(x[0], x[1]) for x in asked()})
    with refused(NotAllowed, "is not asked about this servant"), work() as session:
        surveys.answer(session, first[0], outsider, marks_for(first[3], 4), at("2024-01-05"))
    with refused(Incomplete, "competency 1 has no mark"), work() as session:
        surveys.answer(session, first[0], first[1], {}, at("2024-01-05"))
    with refused(RuleError, "outside"), work() as session:
        surveys.answer(session, first[0], first[1], marks_for(first[3], 6), at("2024-01-05"))
    with refused(NotFound, "There is no assessment"), work() as session:
        surveys.answer(session, 4711, first[1], {}, at("2024-01-05"))
    assert rows("SELECT * FROM survey_ballot") == []
    give(first)
    with refused(NotNow, "answered already"):
        give(first)
    assert len(rows("SELECT id FROM survey_ballot")) == 1


def every_table() -> dict[str, list[Any]]:
    """Everything a reader of the database sees, the hidden columns of PostgreSQL included."""
    from models.work import database_url

    if database_url().startswith("sqlite"):
        names = [r[0] for r in rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")]
        hidden = ""
    else:
        names = [r[0] for r in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        hidden = "ctid, xmin, xmax, "
    return {name: rows(f'SELECT {hidden}* FROM "{name}"') for name in names}


@pytest.mark.rule("U-56", "U-Q15")
def test_a_reader_of_every_table_cannot_tell_who_gave_which_answer(survey: str) -> None:
    """Answers are given in two opposite assignments; whatever can be read must not tell the one from the other."""
    person = asked()[0][0]
    group = [one for one in asked() if one[0] == person and one[2] != "self"]
    for number, one in enumerate(group):
        give(one, number % 5 + 1)
    seen = every_table()
    ballots = seen["survey_ballot"]
    assert len(ballots) == len(group)
    text = json.dumps(seen, default=str)
    # nothing readable holds a mark, a circle beside a ballot, or a name of who cast it
    assert len({len(str(row[-1])) for row in ballots}) == 1, "sealed answers differ in length"
    for row in ballots:
        assert text.count(str(row[-1])) == 1
    # every line of the list and every ballot was written by the same last transaction, in an order that means nothing
    if "xmin" in json.dumps(list(seen)) or len(seen["survey_respondent"][0]) > 4:
        lines = [row for row in seen["survey_respondent"] if row[3] == person]
        assert len({str(row[1]) for row in lines}) == 1
        assert {str(row[1]) for row in lines} == {str(row[1]) for row in ballots}
    # no entry of the journal speaks of an answer
    assert not [row for row in rows("SELECT event, body FROM journal_entry") if "answer" in f"{row[0]} {row[1]}"]


@pytest.mark.rule("U-56")
def test_the_order_of_ballots_says_nothing_of_the_order_of_answers(survey: str) -> None:
    """The place of the newest ballot among the others is any place, over many boxes."""
    places: Counter[int] = Counter()
    by_person = itertools.groupby(asked(), key=lambda one: one[0])
    for person, group in [(p, list(g)) for p, g in by_person][:16]:
        before: set[str] = set()
        for one in group[:4]:
            give(one)
            now = [r[0] for r in rows(f"SELECT sealed FROM survey_ballot WHERE assessment_id = {person} ORDER BY id")]
            places[next(n for n, sealed in enumerate(now) if sealed not in before)] += len(now) == 4
            before = set(now)
    assert len([place for place in range(4) if places[place]]) >= 3


@pytest.mark.rule("U-16", "U-58", "U-60", "U-62")
def test_counting_destroys_the_answers_and_the_key_and_the_record_stays_whole(survey: str) -> None:
    for one in asked():
        give(one, 5 if one[2] == "self" else 3)
    key = surveys.key_file(KEY)
    assert key.stat().st_mode & 0o077 == 0
    walk(at("2024-01-09"))  # everybody answered: counted before the term
    assert rows("SELECT * FROM survey_ballot") == []
    assert not key.exists()
    results = rows("SELECT score, grade, more FROM result")
    assert len(results) == len({one[0] for one in asked()})
    for score, grade, more in results:
        assert (score, grade) == (None, None)
        assert set(json.loads(more)["results"].values()) == {"3.00"}
    with reading() as session:
        assert verify(session).problems == []


@pytest.mark.rule("U-Q13", "U-Q15", "U-59")
def test_of_fewer_than_three_answers_nothing_is_reported(survey: str) -> None:
    person = asked()[0][0]
    for one in [one for one in asked() if one[0] == person and one[2] != "self"][:2]:
        give(one)
    walk(at("2024-01-11 00:30"))
    stage, note = rows(f"SELECT stage, id FROM assessment WHERE id = {person}")[0]
    assert stage == "exempt"
    assert rows(f"SELECT * FROM result WHERE assessment_id = {note}") == []
    reasons = [row[0] for row in rows("SELECT body FROM journal_entry WHERE event = 'exempted'")]
    assert any("fewer than 3 answered" in one for one in reasons)
    assert rows("SELECT * FROM survey_ballot") == []


#: of those who serve, and of those who have left
TERMS = ("annual_360_evaluation", "evaluation_of_dismissed_employee_360")


def verdicts(moment: str, *deadlines: str) -> dict[str, int]:
    with reading() as session:
        found = [one.counts for one in audit.verdicts(session, KEY, at(moment)) if one.deadline in (deadlines or TERMS)]
    return dict(sum(map(Counter, found), Counter()))


@pytest.mark.rule("U-16", "U-34")
def test_who_answered_in_time_is_kept_and_the_silent_are_missed_however_late_it_is_counted(survey: str) -> None:
    everybody = asked()
    person = Counter(one[0] for one in everybody).most_common(1)[0][0]
    silent = next(one for one in everybody if one[0] == person and one[2] != "self")
    for one in everybody:
        if one != silent:
            give(one)
    assert verdicts("2024-01-10") == {"kept": len(everybody) - 1, "open": 1}
    with refused(NotNow, "is over"), work() as session:
        surveys.answer(session, silent[0], silent[1], marks_for(silent[3], 4), at("2024-01-11 00:00"))
    walk(at("2024-01-16 09:00"))  # the machine stood still: counted six days late
    assert verdicts("2024-01-17") == {"kept": len(everybody) - 1, "missed": 1}
    assert verdicts("2024-01-17", "house_survey_counted") == {"late": len({one[0] for one in everybody})}
    number = rows(f"SELECT personnel_no FROM person p JOIN assessment a ON a.person_id = p.id WHERE a.id = {person}")
    with reading() as session:
        [breach] = [one for one in audit.breaches(session, KEY, at("2024-01-17")) if one.deadline in TERMS]
        story = audit.of_case(session, find_cycle(session, KEY), person, at("2024-01-17"))
    # about whom an answer is missing is said, never who kept silent
    assert (breach.personnel_no, breach.verdict) == (number[0][0], "missed")
    assert {one.verdict for one in story if one.deadline in TERMS} == {"kept", "missed"}


@pytest.mark.rule("U-16", "U-Q15")
def test_nobody_owes_an_answer_about_whom_was_counted_early_and_all_about_whom_too_few_answered(survey: str) -> None:
    everybody = asked()
    first, few = everybody[0][0], everybody[-1][0]
    others = [one for one in everybody if one[0] == first and one[2] != "self"]
    for one in others[:3]:
        give(one)
    with work() as session:
        tallying.tally(session, find_cycle(session, KEY), at("2024-01-08"), "person/1", early=True)
    give(next(one for one in everybody if one[0] == few))
    walk(at("2024-01-11 09:00"))
    assert rows(f"SELECT stage FROM assessment WHERE id = {few}") == [("exempt",)]
    silent = sum(one[0] != first for one in everybody) - 1
    assert verdicts("2024-01-11 12:00") == {"kept": 4, "missed": silent}


@pytest.mark.rule("U-Q15")
def test_a_survey_sent_out_after_its_term_waits_for_the_answers(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = sent_out(tmp_path, monkeypatch, "2024-01-15")
    walk(at("2024-01-16"))
    first = asked()[0][0]
    for one in [one for one in asked() if one[0] == first]:
        give(one)
    walk(at("2024-01-17"))
    assert rows(f"SELECT stage FROM assessment WHERE id = {first}") == [("open",)]
    with work() as session:
        tallying.tally(session, find_cycle(session, key), at("2024-01-17 12:00"), "person/1", early=True)
    assert rows(f"SELECT stage FROM assessment WHERE id = {first}") == [("computed",)]


def test_a_missing_key_and_a_changed_answer_are_said(survey: str, tmp_path: Path) -> None:
    one = asked()[0]
    give(one)
    sealed = rows("SELECT sealed FROM survey_ballot")[0][0]
    assert json.loads(sealing.unseal(surveys.key_file(KEY), sealed))["respondent"] == one[2]
    with refused(RuleError, "was changed"):
        sealing.unseal(surveys.key_file(KEY), sealed[:-8] + "AAAAAAA=")
    surveys.key_file(KEY).rename(tmp_path / "elsewhere.key")
    with refused(NotFound, "put it back from its safe copy"):
        walk(at("2024-01-11 00:30"))
    (tmp_path / "elsewhere.key").rename(surveys.key_file(KEY))
    walk(at("2024-01-11 00:31"))
    with reading() as session:
        assert find_cycle(session, KEY).stage in ("running", "closed")


@pytest.mark.rule("U-32", "U-62", "U-Q18")
def test_a_report_is_for_the_closed_list_and_the_summary_names_the_topics(survey: str) -> None:
    for one in asked():
        marks = marks_for(one[3], 4) | {2: Decimal(2)}
        with work() as session:
            surveys.answer(session, one[0], one[1], marks, at("2024-01-05"))
    walk(at("2024-01-09"))
    person, evaluator = rows(
        "SELECT person_id, evaluator_id FROM assessment WHERE stage = 'released' ORDER BY id DESC"
    )[0]
    with reading() as session:
        hr = person_id(session, "200003")
        own = survey_reports.individual(session, KEY, person, person)
        assert own["self"]["2"] == "2"
        assert own["competencies"][1]["mean"] == "2.00"
        for reader in (evaluator, hr):
            assert "self" not in survey_reports.individual(session, KEY, person, reader)
        stranger = next(one[1] for one in asked() if one[1] not in (person, evaluator, hr))
        with refused(NotAllowed, "known only to the evaluated person"):
            survey_reports.individual(session, KEY, person, stranger)
        whole = survey_reports.summary(session, KEY, hr)
        with refused(NotAllowed, "charged with HR duties"):
            survey_reports.summary(session, KEY, stranger)
    staff = next(one for one in whole["groups"] if one["group"] == "staff")
    assert staff["topics"] == [staff["competencies"][1]["en"]]
    # the one head would be recognised in a group of one
    assert [one["group"] for one in whole["groups"]] == ["staff"]
