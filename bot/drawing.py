"""How the picture of a result is drawn: where everything stands, its colours and its letters.

A phone shows a photo about a third as wide as it is drawn, so nothing is written smaller than ``SMALL``. The background
goes to the edges and is dark in both of Telegram's themes: photos become JPEG, whose corners cannot be transparent.
"""

import io
import math
import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont
from PIL.ImageFont import FreeTypeFont

from bot.countries import CountryCount
from bot.picture import Picture, Row, Share

FONTS: Final = Path(__file__).parent / "fonts"
LETTERS: Final = (
    *((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x148), (0x14A, 0x17F), (0x400, 0x482), (0x48A, 0x49D), (0x4A0, 0x4FF)),
    *((0x2010, 0x2015), (0x2018, 0x201E), (0x2022, 0x2022), (0x2026, 0x2026), (0x202F, 0x202F)),
    *((0x20AC, 0x20AC), (0x20BD, 0x20BD), (0x2116, 0x2116), (0x2212, 0x2212), (0x25A1, 0x25A1)),
)
"""What the fonts can write (see bot/fonts/README.md), but for signs that are not seen."""
UNKNOWN: Final = "□"
"""Stands for letters of other scripts, one for each run of them."""

WIDTH: Final = 1080
MARGIN: Final = 64
LARGE, BIG, USUAL, SMALL = 84, 52, 36, 33
"""Heights of letters in pixels."""
LINE: Final = 4
"""Shapes are drawn so many times larger and made smaller: Pillow's own have edges like stairs."""

GROUND: Final = (16, 27, 46)
TRACK: Final = (34, 49, 75)
WHITE: Final = (255, 255, 255)
SOFT: Final = (178, 193, 216)
YES: Final = (52, 211, 189)
NO: Final = (255, 145, 77)
UNDETERMINED: Final = (150, 166, 192)
COLOURS: Final = (YES, NO, UNDETERMINED)
"""Teal and orange are told apart by every kind of eye; what is undetermined is striped as well."""

RING: Final = 412
RING_WIDTH: Final = 58
TOP: Final = 214
"""Where the ring begins."""
SHARE: Final = 136
HEADING: Final = TOP + RING + 50
ROWS: Final = HEADING + 64
ROW: Final = 97
BAR: Final = 20
GAP: Final = 6
LEAST: Final = 0.012
"""A little is drawn as so much of the whole, so that it is seen."""

Colour = tuple[int, int, int]


def png(picture: Picture) -> bytes:
    """Draw the picture as a PNG."""
    height = ROWS + ROW * len(picture.rows) + MARGIN // 4
    image = Image.new("RGB", (WIDTH, height), GROUND)
    draw = ImageDraw.Draw(image)
    _head(draw, picture)
    _ring(image, picture)
    for place, share in enumerate(picture.shares):
        _share(image, draw, share, place)
    draw.text((MARGIN, HEADING), picture.heading, SOFT, _font(SMALL))
    for place, row in enumerate(picture.rows):
        _row(image, draw, row, ROWS + ROW * place)
    stream = io.BytesIO()
    image.save(stream, "PNG", compress_level=4)
    return stream.getvalue()


def readable(text: str) -> str:
    """Give a text in letters that the fonts have; what is not seen goes, and what they lack becomes ``UNKNOWN``."""
    said = []
    for letter in unicodedata.normalize("NFC", text):
        if any(first <= ord(letter) <= last for first, last in LETTERS):
            said.append(letter)
        elif unicodedata.category(letter)[0] not in "CMZ":
            said.append(UNKNOWN)
    return re.sub(f"{UNKNOWN}(?:[ ]*{UNKNOWN})+", UNKNOWN, "".join(said)).strip()


def fitted(text: str, font: FreeTypeFont, width: float) -> str:
    """Cut a text to a width in pixels."""
    if font.getlength(text) <= width:
        return text
    kept = text
    while kept and font.getlength(f"{kept}…") > width:
        kept = kept[:-1].rstrip()
    return f"{kept}…"


@cache
def _font(size: int, weight: str = "Medium") -> FreeTypeFont:
    # The basic layout: the other one needs a library that not every machine has, and would draw other pictures there.
    return ImageFont.truetype(FONTS / f"Inter-{weight}.otf", size, layout_engine=ImageFont.Layout.BASIC)


def _sized(text: str, largest: int, width: float) -> FreeTypeFont:
    """Choose the largest bold letters in which a number fits: it must not be cut."""
    size = largest
    while size > SMALL and _font(size, "Bold").getlength(text) > width:
        size -= 1
    return _font(size, "Bold")


def _head(draw: ImageDraw.ImageDraw, picture: Picture) -> None:
    title, small = _font(BIG, "Bold"), _font(SMALL)
    room = WIDTH - 2 * MARGIN
    draw.text((MARGIN, 52), fitted(readable(picture.title), title, room), WHITE, title)
    draw.text((MARGIN, 128), fitted(readable(picture.subtitle), small, room), SOFT, small)


def _ring(image: Image.Image, picture: Picture) -> None:
    box = RING * LINE
    inner = RING_WIDTH * LINE
    counts = [share.count for share in picture.shares]
    parts, whole = _parts(counts), sum(counts) or 1
    between = 0.0 if max(counts) == whole else 1.1
    begin = -90.0
    for part, colour in zip(parts, COLOURS, strict=True):
        if not part:
            continue
        end = begin + 360 * part
        mask = Image.new("L", (box, box), 0)
        pen = ImageDraw.Draw(mask)
        pen.pieslice((0, 0, box - 1, box - 1), begin + between, end - between, fill=255)
        pen.ellipse((inner, inner, box - 1 - inner, box - 1 - inner), fill=0)
        _paint(image, mask.reduce(LINE), (MARGIN, TOP), colour)
        begin = end
    draw, middle = ImageDraw.Draw(image), (MARGIN + RING / 2, TOP + RING / 2)
    room = RING - 2 * RING_WIDTH - 36
    draw.text((middle[0], middle[1] - 18), picture.answer, WHITE, _sized(picture.answer, LARGE, room), anchor="mm")
    small = _font(SMALL)
    draw.text((middle[0], middle[1] + 52), fitted(picture.about, small, room), SOFT, small, anchor="mm")


def _share(image: Image.Image, draw: ImageDraw.ImageDraw, share: Share, place: int) -> None:
    left, top = MARGIN + RING + 80, TOP + 16 + place * SHARE
    mark = Image.new("L", (34 * LINE, 34 * LINE), 0)
    ImageDraw.Draw(mark).rounded_rectangle((0, 0, 34 * LINE - 1, 34 * LINE - 1), 9 * LINE, fill=255)
    _paint(image, mark.reduce(LINE), (left, top + 3), COLOURS[place])
    text, usual = left + 54, _font(USUAL)
    number = _sized(share.written, BIG, WIDTH - MARGIN - text - 20 - usual.getlength(share.percent))
    draw.text((text, top), fitted(share.label, usual, WIDTH - MARGIN - text), SOFT, usual)
    base = top + 92
    draw.text((text, base), share.written, WHITE, number, anchor="ls")
    draw.text((text + number.getlength(share.written) + 20, base), share.percent, SOFT, usual, anchor="ls")


def _row(image: Image.Image, draw: ImageDraw.ImageDraw, row: Row, top: int) -> None:
    usual, bold, small = _font(USUAL), _font(USUAL, "Bold"), _font(SMALL)
    right, base = WIDTH - MARGIN, top + 34
    draw.text((right, base), row.percent, WHITE, bold, anchor="rs")
    numbers = right - 170
    draw.text((numbers, base), row.numbers, SOFT, small, anchor="rs")
    room = numbers - small.getlength(row.numbers) - 24 - MARGIN
    draw.text((MARGIN, base), fitted(readable(row.name), usual, room), WHITE, usual, anchor="ls")
    _bar(image, row.counts, top + 48)


def _bar(image: Image.Image, counts: CountryCount, top: int) -> None:
    """Draw the verdicts side by side: what is only "not yes" would make the undetermined look like a no."""
    width = WIDTH - 2 * MARGIN
    rounded = Image.new("L", (width * LINE, BAR * LINE), 0)
    ImageDraw.Draw(rounded).rounded_rectangle((0, 0, width * LINE - 1, BAR * LINE - 1), BAR * LINE // 2, fill=255)
    whole = rounded.reduce(LINE)
    _paint(image, whole, (MARGIN, top), TRACK)
    begin = 0.0
    for part, colour in zip(_parts((counts.yes, counts.no, counts.undetermined)), COLOURS, strict=True):
        end = begin + part * width
        if part:
            mask = Image.new("L", whole.size, 0)
            sides = round(begin) + (GAP // 2 if begin else 0), round(end) - (GAP // 2 if end < width - 1 else 0)
            mask.paste(whole.crop((sides[0], 0, sides[1], BAR)), (sides[0], 0))
            _paint(image, mask, (MARGIN, top), colour)
        begin = end


def _paint(image: Image.Image, mask: Image.Image, at: tuple[int, int], colour: Colour) -> None:
    """Fill a shape with a colour; the one of the undetermined has stripes."""
    paint = Image.new("RGB", mask.size, colour)
    if colour is UNDETERMINED:
        pen = ImageDraw.Draw(paint)
        for left in range(-mask.height, mask.width, 16):
            pen.line((left, mask.height, left + mask.height, 0), TRACK, 6)
    image.paste(paint, at, mask)


def _parts(counts: Sequence[int]) -> list[float]:
    """Give each count's part of the whole, none that is there too small to be seen."""
    whole = sum(counts)
    if not whole:
        return [0.0 for _ in counts]
    parts = [max(count / whole, LEAST) if count else 0.0 for count in counts]
    return [part / math.fsum(parts) for part in parts]
