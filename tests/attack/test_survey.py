"""The 360 under attack: wrong hands, twice, at once, its key gone, damaged, swapped or left over, its lists forged."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from models.work import database_url, reading, work
from rules.errors import Conflict, NotAllowed, NotNow, RuleError
from services import sealing, survey_reports, surveys, tallying
from services.case_story import story
from services.door import move
from services.evidence import verify
from services.export import exported
from services.facts import person_id
from services.ground import find_cycle
from services.paper import survey_report_pdf
from settings import settings
from tests.makers import refused, rows
from tests.services.test_evidence import tampered
from tests.services.test_surveys import KEY, Asked, asked, at, give, marks_for, sent_out, walk


@pytest.fixture
def survey(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    return sent_out(tmp_path, monkeypatch, "2024-01-04")


@pytest.fixture
def survey_here(sqlite_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    return sent_out(tmp_path, monkeypatch, "2024-01-04")


def problems() -> list[str]:
    with reading() as session:
        return verify(session).problems


def answered_all(value: int = 4) -> None:
    for one in asked():
        give(one, value)


def answer(one: Asked, by: int | None = None) -> None:
    with work() as session:
        surveys.answer(session, one[0], by or one[1], marks_for(one[3], 4), at("2024-01-05"))


@pytest.mark.rule("U-56", "U-60", "U-61")
@pytest.mark.usefixtures("survey_here")
def test_nobody_answers_twice_or_for_another(tmp_path: Path) -> None:
    one = asked()[0]
    mine = {who for about, who, _, _ in asked() if about == one[0]}
    stranger = next(who for _, who, _, _ in asked() if who not in mine)
    with refused(NotAllowed, "not asked about this servant"):
        answer(one, stranger)
    answer(one)
    with refused(NotNow, "answered already; it is answered once"):
        answer(one)
    with reading() as session:
        assert problems() == []
        assert {"person", "asked", "answered"} == set(survey_reports.progress(session, KEY)[0])


@pytest.mark.rule("U-60")
def test_of_two_answers_of_one_person_at_once_one_lies_in_the_box(survey: str) -> None:
    one, said = asked()[0], list[str]()
    both = threading.Barrier(2)

    def once() -> None:
        both.wait()
        try:
            answer(one)
            said.append("done")
        except (NotNow, Conflict):
            said.append("refused")

    _together(once, once)
    assert sorted(said) == ["done", "refused"]
    assert rows("SELECT COUNT(*) FROM survey_ballot") == [(1,)]
    assert problems() == []


@pytest.mark.rule("U-60")
def test_an_answer_given_while_all_are_counted_is_counted_or_refused(survey: str) -> None:
    last = next(one for one in asked() if one[2] != "self")
    for one in asked():
        if one != last:
            give(one)
    said: dict[str, str] = {}
    both = threading.Barrier(2)

    def late() -> None:
        both.wait()
        try:
            answer(last)
            said["answer"] = "done"
        except (NotNow, Conflict):
            said["answer"] = "refused"

    def count() -> None:
        both.wait()
        with work() as session:
            tallying.tally(session, find_cycle(session, KEY), at("2024-01-30"), "person/1")

    _together(late, count)
    others = sum(one[0] == last[0] and one[2] != "self" for one in asked())
    given = others if said["answer"] == "done" else others - 1
    reports = rows("SELECT more FROM result WHERE assessment_id = :i", i=last[0])
    assert [json.loads(one)["answers"] for (one,) in reports] == ([given] if given >= 3 else [])
    assert rows("SELECT COUNT(*) FROM survey_ballot") == [(0,)]
    assert problems() == []


@pytest.mark.rule("U-60")
def test_of_two_walks_that_begin_a_survey_at_once_one_draws_and_its_key_opens(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_out(tmp_path, monkeypatch, "2024-01-04")
    both, public = threading.Barrier(4), list[str]()
    file = tmp_path / "keys" / "another.key"

    def once() -> None:
        both.wait()
        public.append(sealing.new_key(file))

    _together(*[once] * 4)
    assert len(set(public)) == 1
    assert sealing.unseal(file, sealing.seal(public[0], "words")) == "words"
    assert sorted(one.name for one in file.parent.iterdir()) == ["another.key", f"survey-{KEY}.key"]
    assert file.stat().st_mode & 0o077 == 0


@pytest.mark.usefixtures("survey_here")
@pytest.mark.parametrize("damage", [b"", b"short", b"x" * 33])
def test_a_damaged_key_is_said_and_counting_goes_on_when_it_is_put_back(damage: bytes) -> None:
    answered_all()
    file = surveys.key_file(KEY)
    whole = file.read_bytes()
    file.write_bytes(damage)
    with refused(RuleError, "is damaged; put it back from its safe copy"):
        walk(at("2024-01-30"))
    assert rows("SELECT COUNT(*) FROM result") == [(0,)]
    file.write_bytes(os.urandom(32))
    with refused(RuleError, "does not belong to this survey's key"):
        walk(at("2024-01-30"))
    file.write_bytes(whole)
    walk(at("2024-01-30 11:00"))
    assert not file.exists()
    assert problems() == []


@pytest.mark.rule("U-56", "U-60", "U-Q15")
@pytest.mark.parametrize("damage", ["", "no text of ours", "one letter"])
def test_a_damaged_answer_is_set_aside_and_the_others_are_counted(survey: str, damage: str) -> None:
    answered_all()
    number, about, sealed = rows(
        "SELECT b.id, b.assessment_id, b.sealed FROM survey_ballot b JOIN (SELECT assessment_id, COUNT(*) AS n"
        " FROM survey_ballot GROUP BY assessment_id) k ON k.assessment_id = b.assessment_id WHERE k.n > 4 ORDER BY b.id LIMIT 1"
    )[0]
    if damage == "one letter":
        damage = sealed[:400] + ("A" if sealed[400] != "A" else "B") + sealed[401:]
    tampered(database_url(), f"UPDATE survey_ballot SET sealed = '{damage}' WHERE id = '{number}'")
    walk(at("2024-01-30"))
    assert rows("SELECT COUNT(*) FROM survey_ballot") == [(0,)]
    assert not surveys.key_file(KEY).exists()
    own, given = None, sum(one[0] == about for one in asked())
    for assessment, more in rows("SELECT assessment_id, more FROM result"):
        said = json.loads(more)
        assert said.get("unreadable", 0) == (1 if assessment == about else 0)
        own = said if assessment == about else own
    assert own is not None and own["answers"] + (own["self"] is not None) == given - 1
    # the journal names the answer by its number, and nobody beside it
    [(entry, body)] = rows("SELECT id, body FROM journal_entry WHERE event = 'answer_unreadable'")
    assert json.loads(body)["subject"] == f"survey_ballot/{number}"
    assert rows(f"SELECT * FROM journal_row WHERE entry_id = {entry}") == []
    assert problems() == []
    with reading() as session:
        hr = person_id(session, "200003")
        whom = rows(f"SELECT person_id FROM assessment WHERE id = {about}")[0][0]
        assert survey_reports.summary(session, KEY, hr)["unreadable"] == 1
        assert survey_reports.individual(session, KEY, whom, hr)["unreadable"] == 1
        assert survey_report_pdf(session, KEY, whom, hr, "ru").startswith(b"%PDF")


@pytest.mark.rule("U-60")
@pytest.mark.usefixtures("survey_here")
def test_with_a_damaged_answer_too_few_are_left_and_nothing_is_reported() -> None:
    about = asked()[0][0]
    for one in [one for one in asked() if one[0] == about and one[2] != "self"][:3]:
        give(one)
    give(asked()[-1])
    number = rows(f"SELECT id FROM survey_ballot WHERE assessment_id = {about} ORDER BY id LIMIT 1")[0][0]
    tampered(database_url(), f"UPDATE survey_ballot SET sealed = 'x' WHERE id = '{number}'")
    walk(at("2024-01-30"))
    assert rows(f"SELECT stage FROM assessment WHERE id = {about}") == [("exempt",)]
    assert rows("SELECT COUNT(*) FROM result") == [(0,)]
    assert rows("SELECT COUNT(*) FROM journal_entry WHERE event = 'answer_unreadable'") == [(1,)]


@pytest.mark.rule("U-60")
@pytest.mark.usefixtures("survey_here")
def test_who_is_surveyed_after_the_counting_has_answers_under_a_new_key() -> None:
    answered_all()
    walk(at("2024-01-05"))
    old = rows("SELECT public FROM survey_key")[0][0]
    assert rows("SELECT counted FROM survey_key") == [(1,)]
    surveys.key_file(KEY).write_bytes(
        os.urandom(32)
    )  # left over, as if the machine had stopped before it was destroyed
    late = rows("SELECT id FROM assessment WHERE stage = 'released' ORDER BY id LIMIT 1")[0][0]
    tampered(
        database_url(), f"UPDATE assessment SET stage = 'open' WHERE id = {late}",
        f"DELETE FROM survey_respondent WHERE assessment_id = {late}", f"DELETE FROM result WHERE assessment_id = {late}",
    )  # fmt: skip
    with work() as session:
        assert surveys.invite(session, find_cycle(session, KEY), at("2024-01-08"), "system/advance") == 1
    assert rows("SELECT public FROM survey_key")[0][0] != old
    assert rows("SELECT counted FROM survey_key") == [(0,)]
    for one in asked():
        if one[0] == late:
            give(one)
    with work() as session:
        assert tallying.tally(session, find_cycle(session, KEY), at("2024-01-09"), "system/advance") == 1


@pytest.mark.rule("U-60")
@pytest.mark.usefixtures("survey_here")
def test_a_survey_is_not_closed_early_over_people_who_would_have_no_report() -> None:
    give(asked()[0])
    with refused(NotNow, "people would have no report: fewer than 3 have answered"), work() as session:
        tallying.tally(session, find_cycle(session, KEY), at("2024-01-05"), "person/1", early=True)
    assert rows("SELECT COUNT(*) FROM survey_ballot") == [(1,)]


@pytest.mark.rule("U-60")
@pytest.mark.usefixtures("survey_here")
def test_closed_early_the_others_are_counted_and_the_few_are_asked_until_the_term() -> None:
    few, whole = asked()[0][0], asked()[-1][0]
    for one in asked():
        if one[0] == whole:
            give(one)
    give(asked()[0])
    with work() as session:
        assert tallying.tally(session, find_cycle(session, KEY), at("2024-01-05"), "person/1", early=True) == 1
    assert rows("SELECT counted FROM survey_key") == [(0,)]
    assert rows("SELECT COUNT(*), MIN(assessment_id) FROM survey_ballot") == [(1, few)]
    for one in [one for one in asked() if one[0] == few][1:]:
        give(one)
    walk(at("2024-01-30"))
    assert rows(f"SELECT stage FROM assessment WHERE id = {few}") == [("released",)]
    assert not surveys.key_file(KEY).exists()


@pytest.mark.usefixtures("survey_here")
def test_of_a_survey_nobody_is_left_in_nothing_is_kept() -> None:
    give(asked()[0])
    ids = [one for (one,) in rows("SELECT id FROM assessment WHERE stage = 'open'")]
    with work() as session:
        cycle = find_cycle(session, KEY)
        move(session, "exempted", cycle.id or 0, at("2024-01-06"), "system/advance", reason="all left")
    assert ids
    walk(at("2024-01-30"))
    assert rows("SELECT COUNT(*) FROM survey_ballot") == [(0,)]
    assert not surveys.key_file(KEY).exists()


FORGERIES = {
    "another public key": (
        "UPDATE survey_key SET public = 'AAAA'", "('respondents_chosen'): table survey_key, row 1: what stands there",
    ),
    "a critic taken from the list": (
        "DELETE FROM survey_respondent WHERE assessment_id = {one} AND circle <> 'supervisor'",
        "table survey_respondent, assessment {one}",
    ),
    "a friend put on the list": (
        "INSERT INTO survey_respondent SELECT {one}, MIN(id), 'peer', false FROM person WHERE id NOT IN"
        " (SELECT person_id FROM survey_respondent WHERE assessment_id = {one})", "table survey_respondent, assessment {one}",
    ),
    "another circle": (
        "UPDATE survey_respondent SET circle = 'peer' WHERE assessment_id = {one} AND circle = 'supervisor'",
        "table survey_respondent, assessment {one}",
    ),
    "an answer taken out": ("DELETE FROM survey_ballot", "table survey_ballot, assessment {one}: 1 person has answered, 0 answers"),
    "an answer put in": (
        "INSERT INTO survey_ballot SELECT 'x', {one}, sealed FROM survey_ballot", "1 person has answered, 2 answers lie there",
    ),
    "an answer about nobody": (
        "INSERT INTO survey_ballot SELECT 'x', 4711, sealed FROM survey_ballot", "1 answer is about somebody nobody is asked",
    ),
    "somebody made silent": (
        "UPDATE survey_respondent SET answered = false", "0 people have answered, 1 answer lies there",
    ),
}  # fmt: skip


@pytest.mark.usefixtures("survey_here")
@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_list_key_or_box_is_named(what: str) -> None:
    one = next(one for one in asked() if one[2] == "supervisor")
    give(one)
    assert problems() == []
    forgery, said = FORGERIES[what]
    tampered(database_url(), forgery.format(one=one[0]))
    assert any(said.format(one=one[0]) in problem for problem in problems()), problems()


@pytest.mark.usefixtures("survey_here")
def test_who_was_asked_is_proved_and_told_to_nobody() -> None:
    number = rows(
        "SELECT p.personnel_no FROM assessment a JOIN person p ON p.id = a.person_id WHERE a.stage = 'open' LIMIT 1"
    )
    with reading() as session:
        assert "survey_respondent.csv" not in {name for name, _ in exported(session, KEY)}
        assert "survey_respondent" not in story(session, KEY, number[0][0], at("2024-01-06"))["content"]


KILLED = """
import os, sys
sys.path.insert(0, {root!r})
from models.work import use_database, work
from services import tallying
from services.ground import find_cycle
from services.paper import survey_report_pdf
from settings import settings
from tests.services.test_surveys import KEY, at
settings().keys_folder = __import__("pathlib").Path({keys!r})
use_database({url!r})
name, place = {place!r}
ours = getattr(tallying, name)
def killed(*given, **named):
    found = ours(*given, **named)
    os.kill(os.getpid(), 9)
setattr(tallying, name, killed)
with work() as session:
    tallying.tally(session, find_cycle(session, KEY), at("2024-01-30"), "system/advance")
with work() as session:
    tallying.destroy_keys(session)
"""


@pytest.mark.rule("U-60")
@pytest.mark.parametrize("place", ["_boxes", "insert_rows", "_destroy", "completed", "destroy_keys"])
def test_a_counting_killed_anywhere_is_done_again_or_was_done(survey: str, tmp_path: Path, place: str) -> None:
    answered_all()
    script = KILLED.format(
        root=str(Path(__file__).parents[2]), keys=str(settings().keys), url=database_url(), place=(place, "")
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    done = rows("SELECT COUNT(*) FROM result")[0][0]
    assert (done == 0) == (place != "destroy_keys")
    assert rows("SELECT COUNT(*) FROM survey_ballot")[0][0] == (0 if done else len(asked()))
    walk(at("2024-01-30 12:00"))
    assert rows("SELECT COUNT(*) FROM result")[0][0] > 0
    assert not surveys.key_file(KEY).exists()
    assert problems() == []


def _together(*acts: Callable[[], None]) -> None:
    hands = [threading.Thread(target=one) for one in acts]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
