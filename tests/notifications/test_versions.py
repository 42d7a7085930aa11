"""Versions of the wordings: numbered once, never edited, and the words of an old notice are there for ever."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby, pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from models.work import reading, work
from notifications import hand_over, kinds, notify, render, versions
from notifications.catalogue import KINDS, MANUAL, WORDED
from notifications.facts import FIELDS
from notifications.kept import render_kept
from notifications.numbering import give_numbers
from notifications.preview import ORDINARY, wordings
from notifications.refs import ref_of
from notifications.versions import FILE, digest, read, unnumbered
from rules.errors import Incomplete, NotAllowed, NotFound, NotNow, RuleError
from tests.notifications.house import EVERYBODY, FACTS, NOW, Papers, populate
from tests.notifications.scripted import Scripted, live

ALL = {name: value for name, value in ORDINARY.items() if name != "ref"}


def test_every_text_has_a_number() -> None:
    """A changed text is a new version, and says so."""
    changed = unnumbered(read())
    assert not changed, (
        f"The texts of {', '.join('/'.join(pair) for pair in changed)} were changed: run "
        "`.venv/bin/bagalau notices templates --number` and commit notifications/templates/versions.csv with them."
    )


def test_versions_count_up_from_one_and_no_day_runs_back() -> None:
    """Row after row, and no two versions that follow each other are the same texts."""
    rows = sorted(read(), key=lambda one: (one.kind, one.language))  # the order within a wording is kept
    for pair, group in groupby(rows, key=lambda one: (one.kind, one.language)):
        held = list(group)
        assert [one.version for one in held] == list(range(1, len(held) + 1)), pair
        assert [one.since for one in held] == sorted(one.since for one in held), pair
        assert all(one.hash != two.hash for one, two in pairwise(held)), pair


def test_numbering_appends_what_changed_and_touches_no_row_that_stands(tmp_path: Path) -> None:
    """Twice is once."""
    file, today = tmp_path / "versions.csv", date(2027, 1, 4)
    before = FILE.read_text("utf-8").replace(digest("result_ready", "kk"), "0" * 12)
    file.write_text(before, "utf-8")
    [one] = give_numbers(today, file)
    assert (one.kind, one.language, one.version, one.since) == ("result_ready", "kk", 2, today)
    assert file.read_text("utf-8") == f"{before}result_ready,kk,2,{digest('result_ready', 'kk')},2027-01-04\n"
    assert give_numbers(today, file) == []


_CACHES = (versions.digest, versions.number, versions.texts, render._environment, render._template, render._common)


def _forget() -> None:
    for cache in _CACHES:
        cache.cache_clear()


def _change(folder: Path) -> None:
    for file in folder.rglob("*.txt"):
        file.write_text("Other words. {{ ref }}\n", "utf-8")
    _forget()


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the texts to be changed, read in place of the real ones."""
    folder = tmp_path / "templates"
    shutil.copytree(versions.FOLDER, folder)
    monkeypatch.setattr(versions, "FOLDER", folder)
    monkeypatch.setattr(render, "FOLDER", folder)
    _forget()
    yield folder
    _forget()


@pytest.mark.rule("N-25")
def test_the_words_of_an_old_notice_are_rendered_again_after_the_texts_changed(
    sqlite_database: str, outbox: Path, changed: Path
) -> None:
    """By every kind, channel and language."""
    populate(2)  # one reads Kazakh, the other Russian
    pairs = list(dict.fromkeys((kind, channel) for kind, channel, _ in wordings()))
    with work() as session:
        for kind, channel in pairs:
            notify(session, kind, 1, NOW, select=EVERYBODY, facts=ALL, channels=[channel])
        with pytest.raises(NotNow, match="has not left"):
            render_kept(session, 1)
    assert not hand_over("simulate", outbox, NOW, documents=Papers()).failed
    with reading() as session:
        query = text("SELECT id, kind, channel, language, template FROM notice")
        rows = session.connection().execute(query).all()
    left = {row.id: render.render(row.kind, row.channel, row.language, {**ALL, "ref": ref_of(row.id)}) for row in rows}
    assert len(left) == 2 * len(pairs)
    _change(changed)
    assert render.render("result_ready", "email", "kk", ORDINARY).template.startswith("result_ready/kk v0@")
    with reading() as session:
        for row in rows:
            words = render_kept(session, row.id)
            assert words == left[row.id]
            assert words.template == row.template == f"{row.kind}/{row.language} v1@{words.template[-12:]}"
        with pytest.raises(NotFound, match="There is no notice 999"):
            render_kept(session, 999)


@pytest.mark.rule("N-25")
def test_what_was_sent_stays_known_though_the_answer_was_lost_and_the_texts_changed(
    sqlite_database: str, outbox: Path, changed: Path
) -> None:
    """The version is written down before anything leaves, not when the carrier says at last that it took it."""
    populate(1)
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, facts=FACTS, channels=["email"])
    carrier = Scripted(silent=True)
    assert live(carrier, outbox, NOW).unknown == 1
    before = render.render("result_ready", "email", "kk", {**FACTS, "ref": ref_of(1)})
    _change(changed)
    carrier.silent = False
    assert live(carrier, outbox, NOW + timedelta(minutes=16)).handed == {"email": 1}
    with reading() as session:
        assert render_kept(session, 1) == before


def test_kept_texts_are_kept_once(sqlite_database: str, outbox: Path) -> None:
    """However many notices used them; and those of one that left without them are missed with a sentence."""
    populate(4)
    with work() as session:
        notify(session, "result_ready", 1, NOW, select=EVERYBODY, facts=FACTS, channels=["email"])
    hand_over("simulate", outbox, NOW, documents=Papers(), chunk=1)
    with work() as session:
        rows = session.connection().execute(text("SELECT template, version FROM wording ORDER BY 1")).all()
        assert [(row.template.partition(" ")[0], row.version) for row in rows] == [
            ("result_ready/kk", 1),
            ("result_ready/ru", 1),
        ]
        session.connection().execute(text("UPDATE notice SET template = 'result_ready/kk v9@0' WHERE id = 1"))
        with pytest.raises(NotFound, match="v9@0 are not kept"):
            render_kept(session, 1)


def _languages(channel: str, offered: tuple[str, ...], outbox: Path) -> list[str]:
    with work() as session:
        notify(
            session, "result_served" if channel in MANUAL else "result_ready", 1, NOW, select=EVERYBODY, facts=FACTS,
            channels=[channel], languages=offered,
        )  # fmt: skip
    hand_over("simulate", outbox, NOW, documents=Papers())
    with reading() as session:
        query = text("SELECT language FROM notice WHERE channel = :c ORDER BY recipient_id")
        return list(session.connection().execute(query, {"c": channel}).scalars())


def test_english_is_written_only_for_a_body_that_lists_it(sqlite_database: str, outbox: Path) -> None:
    """Whoever speaks none of a body's languages gets its first one; papers are in the official languages."""
    populate(3)
    with work() as session:
        session.connection().execute(text("UPDATE person SET language = 'en' WHERE id = 3"))
    assert _languages("email", ("ru", "kk", "en"), outbox) == ["kk", "ru", "en"]
    assert _languages("portal", ("kk", "ru"), outbox) == ["kk", "ru", "kk"]
    assert _languages("sms", ("ru",), outbox) == ["ru", "ru", "ru"]
    assert _languages("telegram", ("en", "ru"), outbox) == ["kk", "ru", "kk"]


# --- one function a kind -------------------------------------------------------------------------------------------


def test_every_kind_has_a_function_that_asks_for_what_it_needs() -> None:
    """Its required parameters are the kind's needs and the period; all are facts a notice may carry."""
    for kind in KINDS.values():
        asked = inspect.signature(getattr(kinds, kind.name)).parameters
        assert set(asked) <= set(FIELDS)
        required = {name for name, one in asked.items() if one.default is inspect.Parameter.empty}
        assert required == {"period", *kind.needs}, kind.name
        said = getattr(kinds, kind.name)(**{name: ALL[name] for name in asked})
        assert (said.kind, said.facts) == (kind.name, {name: ALL[name] for name in asked})
    functions = {
        name for name, one in vars(kinds).items() if inspect.isfunction(one) and one.__module__ == kinds.__name__
    }
    assert {name for name in functions if not name.startswith("_")} == set(KINDS)


def test_a_fact_that_is_missing_unknown_or_badly_written_is_refused_before_anything_is_stored() -> None:
    """By Python where the program forgets it, by a sentence where the value is wrong."""
    with pytest.raises(TypeError, match="due"):
        kinds.sheets_waiting(period="2026-Q3")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="score"):
        kinds.result_ready(period="2026-Q3", score="4.73")  # type: ignore[call-arg]
    with pytest.raises(RuleError, match="'due' of a notice 'sheets_waiting' must be the last day"):
        kinds.sheets_waiting(period="2026-Q3", due="Canary")
    with pytest.raises(RuleError, match="portal"):
        kinds.result_ready(period="2026-Q3").at("https://portal.kz/?token=Canary")
    said = kinds.session_called(period="2026-Q3", due=date(2026, 10, 20), at=NOW.replace(tzinfo=None), portal=None)
    assert said.facts == {"period": "2026-Q3", "due": "2026-10-20", "at": "2026-10-05T06:00"}


def test_what_is_stored_is_checked_again_whoever_writes_it(sqlite_database: str) -> None:
    """The outbox has its own guard."""
    populate(1)
    with work() as session:
        with pytest.raises(Incomplete, match="cannot be written without: due"):
            notify(session, "sheets_waiting", 1, NOW, select=EVERYBODY, facts={}, channels=["email"])
        with pytest.raises(NotAllowed, match="results are confidential"):
            notify(session, "result_ready", 1, NOW, select=EVERYBODY, facts={"score": "4"}, channels=["email"])


def test_every_language_has_every_version() -> None:
    """Nobody numbers a kind in one language and forgets the others."""
    assert {(one.kind, one.language) for one in read()} == {(kind, language) for kind in KINDS for language in WORDED}
