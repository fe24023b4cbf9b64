import struct
import zlib

import pytest

from sandbox.chats import Person
from sandbox.photos import check_photo, sizes_of
from sandbox.refusals import Refusal
from tests.sandbox.telegram_bot import Bot

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(10) + b"\xff\xc0\x00\x11\x08\x02\x58\x03\x20\x03" + bytes(20)


def png(width: int, height: int, more: int = 0) -> bytes:
    """A picture whose header says how large it is."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", bytes(more)) + part(b"IEND", b"")


async def test_a_photo_comes_back_in_its_sizes_with_its_caption(bot: Bot, anna: Person) -> None:
    files = {"photo": ("a.png", png(1080, 1350))}
    sent = await bot.call("sendPhoto", files=files, chat_id=anna.id, caption="<b>62 %</b>", parse_mode="HTML")

    assert [(one["width"], one["height"]) for one in sent["photo"]] == [(72, 90), (256, 320), (640, 800), (1024, 1280)]
    assert sent["photo"][-1]["file_size"] == len(png(1080, 1350))
    assert (sent["caption"], sent["caption_entities"][0]["type"]) == ("62 %", "bold")
    again = await bot.call("sendPhoto", chat_id=anna.id, photo=sent["photo"][-1]["file_id"])
    assert again["photo"] == sent["photo"]


async def test_a_caption_that_is_too_long_is_refused(bot: Bot, anna: Person) -> None:
    files = {"photo": ("a.png", png(4, 3))}
    said = await bot.refusal("sendPhoto", files=files, chat_id=anna.id, caption="x" * 1025)
    assert said == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "file must be non-empty"),
        (b"png", "IMAGE_PROCESS_FAILED"),
        (png(4, 3)[:30], "IMAGE_PROCESS_FAILED"),
        (png(4, 3)[:-12], "IMAGE_PROCESS_FAILED"),
        (b"\xff\xd8\xff\xe0\x00\x04ab", "IMAGE_PROCESS_FAILED"),
        (b"%PDF-1.7", "IMAGE_PROCESS_FAILED"),
        (png(0, 3), "PHOTO_INVALID_DIMENSIONS"),
        (png(9000, 1001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
    ],
)
async def test_what_is_no_photo_is_refused(bot: Bot, anna: Person, data: bytes, sentence: str) -> None:
    said = await bot.refusal("sendPhoto", files={"photo": ("a.png", data)}, chat_id=anna.id)
    assert said == f"Bad Request: {sentence}"


def test_a_photo_is_ten_megabytes_at_most() -> None:
    with pytest.raises(Refusal, match="too big for a photo"):
        check_photo(png(4, 3, more=10 << 20))


def test_the_size_of_a_jpeg_is_read_from_its_frame() -> None:
    assert check_photo(JPEG) == (800, 600)


def test_a_small_photo_is_not_made_larger() -> None:
    assert sizes_of(60, 40) == [(60, 40)]
    assert sizes_of(800, 1) == [(90, 1), (320, 1), (800, 1)]
