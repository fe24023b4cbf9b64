import struct

import pytest

from sandbox.chats import Person
from sandbox.pictures import LARGEST_BYTES, picture_sides
from tests.sandbox.telegram_bot import Bot


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">II", width, height)


def jpeg(width: int, height: int) -> bytes:
    application = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + bytes(9)
    return b"\xff\xd8" + application + b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + bytes(9)


@pytest.mark.parametrize(
    ("data", "sides"),
    [
        (png(1200, 800), (1200, 800)),
        (jpeg(640, 480), (640, 480)),
        (png(0, 5), None),
        (b"png", None),
        (b"", None),
        (png(1, 1)[:20], None),
        (jpeg(1, 1)[:15], None),
        (b"\xff\xd8\0\0\0\0", None),
    ],
)
def test_the_sides_stand_in_the_head_of_the_file(data: bytes, sides: tuple[int, int] | None) -> None:
    assert picture_sides(data) == sides


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"no picture", "IMAGE_PROCESS_FAILED"),
        (png(5000, 5001), "PHOTO_INVALID_DIMENSIONS"),
        (png(2001, 100), "PHOTO_INVALID_DIMENSIONS"),
        (png(10, 10) + bytes(LARGEST_BYTES), "too big for a photo"),
    ],
)
async def test_what_telegram_does_not_take_as_a_photo(bot: Bot, anna: Person, data: bytes, sentence: str) -> None:
    assert sentence in await bot.refusal("sendPhoto", files={"photo": ("a.png", data)}, chat_id=anna.id)


async def test_a_photo_has_its_own_sides_and_shows_as_the_bot_said(bot: Bot, anna: Person) -> None:
    how = {"caption": "<b>x</b>", "parse_mode": "HTML", "show_caption_above_media": "true", "has_spoiler": "true"}
    sent = await bot.call("sendPhoto", files={"photo": ("a.png", png(2000, 100))}, chat_id=anna.id, **how)
    assert (sent["photo"][-1]["width"], sent["photo"][-1]["height"]) == (2000, 100)
    assert sent["has_media_spoiler"] is sent["show_caption_above_media"] is True
    place = {"chat_id": anna.id, "message_id": sent["message_id"]}
    edited = await bot.call("editMessageCaption", **place, caption="y")
    assert (edited["caption"], "show_caption_above_media" in edited) == ("y", False)
    again = await bot.call("sendPhoto", chat_id=anna.id, photo=sent["photo"][-1]["file_id"])
    assert again["photo"] == sent["photo"]
