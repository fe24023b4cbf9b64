"""The picture: readable at the size of a phone, the same for everybody, whatever a list is called."""

import ast
import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from bot.countries import CountryCount
from bot.drawing import FONTS, GROUND, LETTERS, NO, SMALL, UNKNOWN, WIDTH, YES, _font, fitted, readable
from bot.picture import SHOWN_COUNTRIES, caption, draw, picture_of
from bot.texts import LOCALES, Texts, load_texts
from tests.fakes import LONG_NAME, MOST, NOW, TEAM, a_job
from tests.pictures import pictures

ROOT = Path(__file__).parent.parent.parent
EN, RU = load_texts()["en"], load_texts()["ru"]
BOTH = pytest.mark.parametrize("texts", [EN, RU], ids=["en", "ru"])
JOB = a_job(valid=4912, yes=3046, no=1679, undetermined=187, finished_at=float(NOW))
RUSSIA = CountryCount("RU", 3046, 1679, 187)
REGIONS = sorted(str(region) for region in EN.locale.territories if re.fullmatch("[A-Z]{2}", str(region)))


def image(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png))


def colours(drawn: Image.Image) -> set[object]:
    return {colour for _, colour in drawn.getcolors(1 << 24) or []}


def test_it_says_what_the_summary_says() -> None:
    picture = picture_of(JOB, [RUSSIA], RU)

    assert (picture.title, picture.subtitle) == ("base_nov.txt", "4\xa0912 номеров · 21 сент. 2026\u202fг.")
    assert (picture.answer, picture.about) == ("62,0\xa0%", "в Telegram")
    assert [(one.label, one.written, one.percent) for one in picture.shares] == [
        ("Да", "3\xa0046", "62,0\xa0%"),
        ("Нет", "1\xa0679", "34,2\xa0%"),
        ("Не определено", "187", "3,8\xa0%"),
    ]
    assert [(row.name, row.numbers, row.percent) for row in picture.rows] == [("Россия", "4\xa0912", "62,0\xa0%")]
    assert caption(JOB, EN) == "<b>base_nov.txt</b>: 62.0\xa0% on Telegram"


def test_the_countries_with_the_most_numbers_have_rows_and_the_others_one_together() -> None:
    countries = [CountryCount(region, 2, 1, 1) for region in REGIONS[:10]]

    rows = picture_of(JOB, countries, EN).rows
    assert len(rows) == SHOWN_COUNTRIES + 1
    assert (rows[-1].name, rows[-1].numbers, rows[-1].percent) == ("4 more countries", "16", "50.0\xa0%")
    seven = picture_of(JOB, countries[: SHOWN_COUNTRIES + 1], EN).rows
    assert [row.name for row in seven] == [EN.country(one.region) for one in countries[: SHOWN_COUNTRIES + 1]]


@BOTH
def test_what_is_undetermined_is_never_shown_as_no(texts: Texts) -> None:
    nothing = replace(JOB, yes=0, no=0, undetermined=4912)
    picture = picture_of(nothing, [CountryCount("RU", 0, 0, 4912)], texts)

    assert picture.about == texts.plain("picture-not-determined")
    assert picture.rows[0].percent == "—"
    assert NO not in colours(image(draw(picture)).crop((0, 200, WIDTH // 2 - 40, 640)))


def test_a_group_sees_no_number_in_the_name_and_who_started_it() -> None:
    named = replace(JOB, name="79123456789.txt", chat_id=TEAM["id"])
    assert picture_of(named, [RUSSIA], EN).title == "7912*****89.txt · Anna"


@BOTH
def test_the_same_counts_are_the_same_picture(texts: Texts) -> None:
    picture = picture_of(JOB, [RUSSIA], texts)
    assert draw(picture) == draw(picture)
    drawn = image(draw(picture))
    assert (drawn.format, drawn.mode, drawn.width) == ("PNG", "RGB", WIDTH)
    assert YES in colours(drawn)


@BOTH
@pytest.mark.parametrize("counts", [(MOST, 0, 0), (0, MOST, 0), (1, 1, MOST), (MOST, 1, 0), (1, 0, 0)])
@pytest.mark.parametrize("many", [1, 2, 7, 200])
def test_the_most_and_the_longest_stay_within_the_margins(texts: Texts, counts: tuple[int, ...], many: int) -> None:
    yes, no, undetermined = counts
    job = replace(JOB, yes=yes, no=no, undetermined=undetermined, name=LONG_NAME, chat_id=-1, starter_name=LONG_NAME)
    countries = [CountryCount(region, yes, no, undetermined) for region in (*("GS", "VC", "CD", "001"), *REGIONS)]
    drawn = image(draw(picture_of(job, countries[:many], texts)))

    assert drawn.height <= 1.35 * drawn.width
    for edge in (drawn.crop((0, 0, 60, drawn.height)), drawn.crop((WIDTH - 60, 0, WIDTH, drawn.height))):
        assert edge.getextrema() == tuple((part, part) for part in GROUND)


def test_nothing_is_smaller_than_a_phone_can_show() -> None:
    # A phone shows 1080 pixels in 360 and more; Telegram's own small print has 12.
    assert SMALL >= 32


@pytest.mark.parametrize("weight", ["Medium", "Bold"])
def test_every_letter_of_both_languages_is_in_the_font(weight: str) -> None:
    font = _font(SMALL, weight)
    missing = bytes(font.getmask("\U0010fffd"))
    said = "".join(
        line
        for language in ("en", "ru")
        for line in (LOCALES / f"{language}.ftl").read_text(encoding="utf-8").splitlines()
        if line.startswith(("picture-", "number-of", "pasted", "sheet-no-country"))
    )
    names = "".join(texts.country(region) for texts in (EN, RU) for region in REGIONS)
    days = "".join(texts.day(month * 2_630_000.0) for texts in (EN, RU) for month in range(12))
    written = {letter for letter in f"{said}{names}{days}{EN.number(MOST)}{RU.number(MOST)}—…" if letter != "\n"}

    assert readable("".join(sorted(written))) == "".join(sorted(written)).strip()
    for first, last in LETTERS:
        for letter in map(chr, range(first, last + 1)):
            assert letter.isspace() or bytes(font.getmask(letter)) != missing, hex(ord(letter))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("База – «ноябрь» №3.txt", "База – «ноябрь» №3.txt"),
        ("дети\u0306ка й".replace("и\u0306", "й"), "детйка й"),
        ("и\u0306", "й"),
        ("日本 リスト.txt", f"{UNKNOWN}.txt"),
        ("سجل ٢٠٢٦.txt", f"{UNKNOWN}.txt"),
        ("👍🏽 a", f"{UNKNOWN} a"),
        ("a\u202eb\u200dc\x00", "abc"),
        ("\ufffd\ud800", UNKNOWN),
        ("", ""),
    ],
)
def test_letters_that_the_font_lacks_become_one_sign(text: str, shown: str) -> None:
    assert readable(text) == shown


def test_what_is_too_long_is_cut_to_its_room() -> None:
    font = _font(SMALL)
    assert fitted("short", font, 200) == "short"
    cut = fitted("a long name of a list", font, 200)
    assert cut.endswith("…")
    assert font.getlength(cut) <= 200
    assert fitted("name", font, 1) == "…"


def test_pillow_is_loaded_by_the_first_picture_only() -> None:
    for path in (*ROOT.glob("bot/*.py"), *ROOT.glob("handlers/*.py")):
        top = ast.parse(path.read_text(encoding="utf-8")).body
        named = {node.module for node in top if isinstance(node, ast.ImportFrom)}
        assert path.name == "drawing.py" or not named & {"PIL", "bot.drawing"}, path


def test_the_font_ships_with_its_licence() -> None:
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")
    assert sum(path.stat().st_size for path in FONTS.glob("*.otf")) < 300_000


def test_the_readme_shows_what_is_drawn_today() -> None:
    for name, content in pictures():
        kept, drawn = Image.open(ROOT / "docs" / name), image(content)
        assert kept.size == drawn.size, "make pictures draws them anew"
        # Not the same bytes: other machines may round an edge otherwise.
        difference = ImageChops.difference(kept, drawn)
        assert max(ImageStat.Stat(difference).mean) < 0.1, "make pictures draws them anew"
