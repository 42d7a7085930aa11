"""What holds for every document: both languages, same bytes, hostile text, clear refusals."""

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import MISSING, fields, replace
from decimal import Decimal

import pypdf
import pytest
from PIL import Image

from documents import gallery, sheet
from documents.errors import DocumentError, MissingField, UnknownLanguage, UnprintableText, WrongField
from documents.samples import SAMPLES, forms, letters
from documents.sheet import Mark
from documents.typesetting import pictures
from documents.words import wording
from tests.documents.reading import text

LANGUAGES = ("kk", "ru")
EVERY = [(name, language) for name in SAMPLES for language in LANGUAGES]
MARKUP = '#import "x" $x^2$ *bold* _it_ @ref <lab> \\ "q" \'s\' `raw` [c] {z} // no /* no */ ~ -- ... #{1+1} \\u{41}'


def _required(data) -> list[str]:
    return [
        field.name
        for field in fields(data)
        if field.default is MISSING and field.default_factory is MISSING and "None" not in str(field.type)
    ]


@pytest.mark.parametrize(("name", "language"), EVERY)
@pytest.mark.rule("N-22")
def test_each_kind_in_each_language_is_an_archive_pdf_with_the_same_bytes_twice(name, language):
    sample = SAMPLES[name]
    made = sample.render(sample.data(language), language)
    assert made == sample.render(sample.data(language), language)
    reader = pypdf.PdfReader(io.BytesIO(made))
    assert reader.xmp_metadata is not None
    assert b"pdfaid:part" in reader.xmp_metadata.stream.get_data()
    assert reader.metadata is not None
    assert reader.metadata.title
    width, height = sorted((reader.pages[0].mediabox.width, reader.pages[0].mediabox.height))
    assert (round(width), round(height)) == (595, 842)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_two_languages_do_not_mix(name):
    sample = SAMPLES[name]
    russian = text(sample.render(sample.data("ru"), "ru"))
    kazakh = text(sample.render(sample.data("kk"), "kk"))
    assert "жылғы" not in russian
    assert "года" not in kazakh
    assert "{" not in russian + kazakh


def test_every_kazakh_letter_comes_through():
    letters_of_kazakh = "Ә ә Ғ ғ Қ қ Ң ң Ө ө Ұ ұ Ү ү Һ һ І і ₸"
    for weight in ("evaluatee", "result_bold"):
        data = forms.non_leader_sheet("kk")
        if weight == "evaluatee":
            data = replace(data, evaluatee=letters_of_kazakh)
        else:
            form = replace(data.form, average_label=letters_of_kazakh)
            data = replace(data, form=form)
        assert letters_of_kazakh in text(sheet.render(data, "kk"))


def test_markup_is_set_as_it_was_typed():
    data = forms.non_leader_sheet("kk")
    hostile = replace(data, evaluatee=MARKUP, marks=(Mark(Decimal(4), MARKUP), *data.marks[1:]))
    said = text(sheet.render(hostile, "kk"))
    assert said.count(MARKUP) == 2


def test_new_lines_and_a_comment_of_five_thousand_letters_are_kept():
    data = forms.non_leader_sheet("kk")
    comment = ("Құқықтық талдау жасалды.\n" * 250)[:5000]
    said = text(sheet.render(replace(data, marks=(Mark(Decimal(4), comment), *data.marks[1:])), "kk"))
    assert said.count("Құқықтық талдау жасалды.") == comment.count("жасалды.")
    assert "1. Функционалдық міндеттерді орындау сапасы 4 Толық мәтіні парақтың соңында берілген" in said


@pytest.mark.parametrize("word", ["ә" * 200, "қанағаттанарлықсыздандырылмағандықтарыңыздан", "a/" * 90, "ж" * 5000])
def test_a_word_without_end_stays_inside_its_column(word):
    data = forms.non_leader_sheet("kk")
    long = replace(data, evaluatee=word, marks=(Mark(Decimal(4), word), *data.marks[1:]))
    said = text(sheet.render(long, "kk"))
    assert all(said.count(letter) >= 2 * word.count(letter) for letter in set(word))
    for picture in pictures(sheet.page(long, "kk"), ppi=36):
        shown = Image.open(io.BytesIO(picture)).convert("L")
        right_margin = shown.crop((shown.width - 19, 0, shown.width, shown.height))
        assert right_margin.getextrema()[0] > 200


@pytest.mark.parametrize(
    ("bad", "code"), [("😀", r"'😀' \(U\+1F600\)"), ("\x01", r"U\+0001"), ("漢", r"'漢' \(U\+6F22\)")]
)
def test_a_character_no_font_has_is_refused_in_one_sentence(bad, code):
    data = forms.non_leader_sheet("kk")
    marks = (data.marks[0], Mark(Decimal(4), f"жақсы {bad}"), *data.marks[2:])
    with pytest.raises(UnprintableText, match=rf"'marks\[2\]\.comment' holds the character {code}") as refusal:
        sheet.render(replace(data, marks=marks), "kk")
    assert refusal.value.__suppress_context__
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_missing_field_is_named(name):
    sample = SAMPLES[name]
    data = sample.data("kk")
    for field in _required(data):
        if isinstance(getattr(data, field), bool):
            continue
        with pytest.raises(MissingField, match=f"'{field}' is empty"):
            sample.render(replace(data, **{field: None}), "kk")


def test_a_missing_field_inside_a_part_is_named_with_its_path():
    letter = letters.letter("kk")
    unsigned = replace(letter, signed_by=replace(letter.signed_by, name="  "))
    with pytest.raises(MissingField, match=r"The letter cannot be made: 'signed_by\.name' is empty"):
        SAMPLES["letter"].render(unsigned, "kk")


def test_a_float_is_no_mark():
    data = forms.non_leader_sheet("kk")
    with pytest.raises(WrongField, match="'average' is a float"):
        sheet.render(replace(data, average=4.6), "kk")  # type: ignore[arg-type]


def test_a_third_language_is_refused():
    with pytest.raises(UnknownLanguage, match="'en' is not a language of documents"):
        sheet.render(forms.blank_sheet("kk"), "en")


def test_refusals_share_one_parent():
    assert issubclass(MissingField, DocumentError)
    assert issubclass(UnprintableText, DocumentError)


def test_threads_may_print_at_once():
    data = [replace(forms.blank_sheet("kk"), reference=f"S-{number}") for number in range(8)]
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda one: sheet.render(one, "kk"), data))
    assert [f"S-{number}" in text(one) for number, one in enumerate(made)] == [True] * 8


def test_every_wording_exists_in_both_languages():
    for document in ("sheet", "schedule", "familiarisation_sheet", "refusal_act", "calibration_protocol"):
        kazakh, russian = wording(document, "kk"), wording(document, "ru")
        assert kazakh.keys() == russian.keys()
        assert all(kazakh.values())
        assert all(russian.values())


def test_the_gallery_writes_every_example(tmp_path):
    written = gallery.write(tmp_path, ppi=20)
    assert {path.name for path in written if path.suffix == ".pdf"} == {
        f"{name}.{language}.pdf" for name, language in EVERY
    }
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in written if path.suffix == ".png")


def test_the_gallery_asks_for_a_folder(capsys):
    assert gallery.main([]) == 2
    assert "Usage" in capsys.readouterr().err
