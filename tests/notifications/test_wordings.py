"""The words: every one renders, says nothing it may not say, and fits."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.catalogue import CHANNELS, IN_HOUSE, KINDS, WORDED, channels_for, kind_of, usable
from notifications.facts import FIELDS, check
from notifications.preview import LONGEST, ORDINARY, preview, wordings
from notifications.refs import id_of, ref_of
from notifications.render import render, render_set, segments, units
from notifications.versions import FOLDER
from rules.errors import Incomplete, NotAllowed, NotFound, RuleError
from tests.notifications.house import Papers

KAZAKH_ONLY = re.compile("[әғқңөұүһі]", re.IGNORECASE)
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


@pytest.mark.rule("N-25")
@pytest.mark.parametrize(("kind", "channel", "language"), list(wordings()))
def test_every_kind_has_words_for_every_channel_and_language(kind: str, channel: str, language: str) -> None:
    """With all facts, and with no more than the kind needs."""
    for facts in (ORDINARY, LONGEST, {name: ORDINARY[name] for name in (*KINDS[kind].needs, "ref")}):
        words = render(kind, channel, language, facts)
        assert ORDINARY["ref"] in words.body
        assert "{" not in words.subject + words.body
        assert re.fullmatch(rf"{kind}/{language} v[1-9]\d*@[0-9a-f]{{12}}", words.template)
        assert "\n" not in words.subject
        if channel != "sms":  # a short one may do without such letters
            assert bool(KAZAKH_ONLY.search(words.body)) == (language == "kk")
            assert bool(CYRILLIC.search(words.body)) == (language != "en")


def test_every_folder_holds_the_wordings_of_its_kind_and_nothing_else() -> None:
    """A file nobody renders would be a wording nobody agreed to."""
    for kind in KINDS.values():
        for language in WORDED:
            assert {file.name for file in (FOLDER / kind.name / language).iterdir()} == set(kind.wordings)
    assert {folder.name for folder in FOLDER.iterdir()} == {*KINDS, "closing", "versions.csv"}


@pytest.mark.rule("N-19")
@pytest.mark.parametrize(("kind", "language"), [one[::2] for one in wordings() if one[1] == "sms"])
def test_a_short_message_is_one_part_of_seventy_units_even_with_the_longest_facts(kind: str, language: str) -> None:
    """An address that does not fit is left out; the reference never is."""
    for facts in (ORDINARY, LONGEST):
        words = render(kind, "sms", language, facts).body
        assert units(words) <= 70, words
        assert segments(words) == 1
        assert ORDINARY["ref"] in words


def test_kazakh_in_latin_letters_is_counted_as_it_is_sent() -> None:
    """Its letters are outside the network's own alphabet, so one part holds 70 of them; taken apart each counts twice."""
    words = "Portalda Sizdı qūjat kütude. Oñai, şynaiy, ğylymi, älemdık jäne öte ma"
    assert (units(words), segments(words)) == (70, 1)
    assert segments(words + "ñ") == 2
    assert units(unicodedata.normalize("NFD", "ñ")) == 2


def test_no_text_holds_a_letter_taken_apart_or_one_of_another_alphabet() -> None:
    """A Latin "i" in a Kazakh word looks right and is not; "i" and "і" are told apart here."""
    for file in FOLDER.rglob("*.txt"):
        text = file.read_text("utf-8")
        assert text == unicodedata.normalize("NFC", text), file
        assert text.endswith("\n"), file
        for word in re.findall(r"\w+", re.sub(r"{[{%].*?[%}]}", " ", text)):
            assert not (CYRILLIC.search(word) and re.search("[a-z]", word, re.IGNORECASE)), (file, word)
            if KAZAKH_ONLY.search(word):
                assert "kk" in file.parts or file.name == "kk.txt", (file, word)


@pytest.mark.rule("N-23")
def test_no_wording_speaks_of_marks_grades_posts_or_the_body() -> None:
    """Outside text says only that something waits."""
    forbidden = re.compile(
        r"балл|баға(?!лау парақ)|оценк|нәтиже|результат|дәреже|лауазым|должност|орталық|центр|тәртіптік|взыскан"
        r"|тиімді|эффективн|удовлетвор|қанағаттан|ЖСН|ИИН|тегі\b|фамил"
        r"|\bmarks?\b|score|grade|result|\bposts?\b|position|\bcentre|sanction|effective|satisf|surname|\bIIN\b",
        re.IGNORECASE,
    )
    for kind, channel, language in wordings():
        words = render(kind, channel, language, ORDINARY)
        assert not forbidden.search(f"{words.subject} {words.body}"), (kind, channel, language)


@pytest.mark.rule("N-25")
def test_an_alert_names_the_point_of_the_act_or_says_that_the_term_is_the_bodys_own() -> None:
    """House terms are never shown as law."""
    for point, kk, ru in (
        ("pt 4 para 1", "Әдістеменің 4-тармағында", "пунктом 4 Методики"),
        ("house rule", "органның өзі белгілеген", "самим органом"),
    ):
        check("deadline_alert", (), {"point": point})
        facts = {**ORDINARY, "point": point}
        assert kk in render("deadline_alert", "email", "kk", facts).body
        assert ru in render("deadline_alert", "email", "ru", facts).body


def test_dates_are_written_out_in_the_language() -> None:
    """Kazakh and Russian official forms, the century always shown."""
    assert "2026 жылғы 20 қазан (қоса алғанда)" in render("decision_needed", "email", "kk", ORDINARY).body
    assert "20 октября 2026 года (включительно)" in render("decision_needed", "email", "ru", ORDINARY).body
    assert "20 October 2026 (inclusive)" in render("decision_needed", "email", "en", ORDINARY).body
    assert "20.10.2026" in render("decision_needed", "sms", "kk", ORDINARY).body


@pytest.mark.parametrize(("days", "words"), [("1", "1 рабочий день"), ("3", "3 рабочих дня"), ("5", "5 рабочих дней")])
def test_the_term_agrees_with_its_number(days: str, words: str) -> None:
    """Russian has three forms."""
    assert words in render("result_ready", "email", "ru", {**ORDINARY, "days": days}).body


@pytest.mark.rule("N-20")
def test_a_ready_result_says_that_the_term_runs_from_opening_it() -> None:
    """Not from the day of the message."""
    assert "танысқан күннен кейінгі" in render("result_ready", "email", "kk", ORDINARY).body
    assert "после дня Вашего ознакомления" in render("result_ready", "email", "ru", ORDINARY).body


def test_a_missing_fact_is_one_sentence_that_names_it() -> None:
    """Nothing is sent with a hole in it."""
    with pytest.raises(Incomplete, match="decision_needed/ru for 'email' lacks a fact: 'due' is undefined"):
        render("decision_needed", "email", "ru", {"ref": "7K3Q9A"})


def test_unknown_kinds_channels_and_languages_are_refused() -> None:
    """Each by its own sentence."""
    with pytest.raises(NotFound, match="There is no notice 'love_letter'"):
        render("love_letter", "email", "kk", ORDINARY)
    with pytest.raises(NotAllowed, match="no wording for the channel 'telegram'"):
        render("result_ready", "telegram", "kk", ORDINARY)
    with pytest.raises(NotFound, match="no wording in 'kz'"):
        render("result_ready", "email", "kz", ORDINARY)


def test_a_set_rendered_once_says_what_each_alone_would_say() -> None:
    """The reference is put in afterwards, to the same words."""
    for kind, channel, language in wordings():
        alone = render(kind, channel, language, {"portal": "https://p.kz", "due": "2026-10-20", "start": "2026-10-12", "count": "3",
                                                 "point": "pt 4", "period": "2026-Q3", "ref": ref_of(77)})  # fmt: skip
        facts = '{"portal":"https://p.kz","due":"2026-10-20","start":"2026-10-12","count":"3","point":"pt 4","period":"2026-Q3"}'
        assert render_set(kind, channel, language, facts, ref_of(77)) == alone


def test_the_preview_holds_every_wording(tmp_path) -> None:
    """One file each, and a page that fetches nothing."""
    assert preview(tmp_path, Papers()) == len(list(wordings())) == len(list(tmp_path.glob("*/*")))
    assert len(list(tmp_path.rglob("*.eml"))) == sum("email" in kind.channels for kind in KINDS.values()) * len(WORDED)
    assert (tmp_path / "result_served" / "registered_letter.ru.pdf").read_bytes().startswith(b"%PDF letter")
    assert "Units: " in (tmp_path / "result_ready" / "sms.kk.txt").read_text("utf-8")
    page = (tmp_path / "index.html").read_text("utf-8")
    for kind, _, language in wordings():
        assert f"{kind}/{language} v" in page
    assert not re.search("<script|src=|https?://(?!bagalau.example.kz)", page)


@pytest.mark.rule("N-23")
@pytest.mark.parametrize("name", ["name", "surname", "score", "grade", "post", "iin", "mark", "ground", "body"])
def test_a_fact_that_is_not_on_the_list_is_refused(name: str) -> None:
    """And its value is not repeated in the refusal."""
    with pytest.raises(NotAllowed) as refusal:
        check("result_ready", (), {name: "Canary"})
    assert "Canary" not in str(refusal.value)


HOSTILE = [
    ("due", "2026-02-30"), ("due", "20261020"), ("due", " 2026-10-20"), ("due", "2026-10-20\nBcc: x@y.kz"),
    ("count", "12 Қанарейқызы"), ("count", "-1"), ("count", "1.5"), ("count", "٣"),
    ("portal", "http://portal.kz"), ("portal", "https://portal.kz/?name=Canary"), ("portal", "javascript:alert(1)"),
    ("portal", "https://portal.kz/{{ 7*7 }}"), ("portal", "https://portal.kz\n"), ("portal", "https://a@evil.kz"),
    ("due", "2026-W42-2"), ("period", "2026-Q5"), ("period", "٢٠٢٦"), ("period", "third quarter"),
    ("point", "pt 4; Canary"), ("at", "2026-10-28T15:00Z"),
    ("at", "2026-10-28 15:00"), ("days", "five"),
]  # fmt: skip


@pytest.mark.rule("N-23")
@pytest.mark.parametrize(("name", "value"), HOSTILE)
def test_hostile_facts_are_refused_without_repeating_them(name: str, value: str) -> None:
    """Line breaks, markup, other schemes, free words."""
    with pytest.raises(RuleError) as refusal:
        check("result_ready", (), {name: value})
    assert name == "due" or value not in str(refusal.value)  # how a day is written is shown by a day


@given(st.dictionaries(st.sampled_from(sorted(FIELDS)), st.text(max_size=40)))
def test_what_passes_the_check_renders_without_surprise(facts: dict[str, str]) -> None:
    """Any text at all: refused, or printed as it is."""
    try:
        check("result_ready", (), facts)
    except RuleError:
        return
    body = render("result_ready", "email", "kk", {**facts, "ref": "7K3Q9A"}).body
    assert "\r" not in body
    assert "<" not in body


def test_samples_are_facts_themselves() -> None:
    """The ordinary and the longest one."""
    for name, field in FIELDS.items():
        assert field.fits(field.sample), name
        assert field.fits(field.longest), name


@given(st.integers(1, 2**30 - 1))
def test_a_reference_names_one_notice_and_is_read_back(number: int) -> None:
    """Six signs, none misread."""
    assert id_of(ref_of(number).lower()) == number
    assert not set(ref_of(number)) & set("ILOU")


@pytest.mark.parametrize("words", ["", "7K3Q9", "7K3Q9AA", "ILOU00", "../../", "7K3Q9\n"])
def test_what_is_no_reference_is_refused(words: str) -> None:
    """By a sentence."""
    with pytest.raises(NotFound):
        id_of(words)


@pytest.mark.rule("N-19")
def test_a_dismissed_person_is_served_only_by_channels_of_the_law() -> None:
    """The portal and the application are not for those who left."""
    served = kind_of("result_served")
    assert set(served.channels) == {
        "registered_letter",
        "email",
        "sms",
        "telephonogram",
        "telegram",
        "other_registered",
    }
    assert usable(served, ["portal", "sms", "mobile_app", "email"]) == ("sms", "email")
    with pytest.raises(NotAllowed, match=r"'result_served' cannot go by portal"):
        usable(served, ["portal"])


@pytest.mark.rule("N-18")
def test_a_ready_result_may_go_to_the_system_and_to_the_application() -> None:
    """Both that pt 9 names."""
    assert set(kind_of("result_ready").channels) >= IN_HOUSE
    assert channels_for("result_ready", CHANNELS) == kind_of("result_ready").channels
    assert channels_for("result_ready", ["portal", "telegram"]) == ("portal",)


def test_the_documentation_lists_every_kind_with_what_it_needs() -> None:
    """One line of the table for each, or for those that are alike."""
    lines = (
        (FOLDER.parents[1] / "docs" / "notices.md")
        .read_text("utf-8")
        .split("## Kinds")[1]
        .split("\n## ")[0]
        .split("\n")
    )
    table = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| `")]
    for kind in KINDS.values():
        [row] = [row for row in table if f"`{kind.name}`" in row[0]]
        assert re.findall(r"\w+", row[2].replace("–", "")) == list(kind.needs), kind.name
        assert set(re.findall(r"`([\w:]+)`", row[3])) <= set(kind.roles), kind.name


def test_every_kind_says_why() -> None:
    """Purpose, and the roles an act's data gives the rules and points of."""
    for kind in KINDS.values():
        assert kind.purpose
        assert kind.roles
        assert set(kind.needs) <= set(FIELDS)
        assert kind.outside
