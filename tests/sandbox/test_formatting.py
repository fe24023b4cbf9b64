from typing import Any

import pytest

from sandbox.chats import Person
from tests.sandbox.telegram_bot import Bot


async def test_a_text_has_4096_characters_once_its_entities_are_read(bot: Bot, anna: Person) -> None:
    await bot.call("sendMessage", chat_id=anna.id, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    await bot.call("sendMessage", chat_id=anna.id, text="😀" * 2048)
    for text in ("x" * 4097, "😀" * 2048 + "x"):
        assert await bot.refusal("sendMessage", chat_id=anna.id, text=text) == "Bad Request: message is too long"


async def test_a_caption_has_1024_characters(bot: Bot, anna: Person) -> None:
    files = {"document": ("a.txt", b"1")}
    await bot.call("sendDocument", files=files, chat_id=anna.id, caption="x" * 1024)
    refusal = await bot.refusal("sendDocument", files=files, chat_id=anna.id, caption="x" * 1025)
    assert refusal == "Bad Request: message caption is too long"


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({}, "message text is empty"),
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "text must be non-empty"),
        ({"text": "<b></b>", "parse_mode": "HTML"}, "text must be non-empty"),
        ({"text": "<x>", "parse_mode": "html"}, 'can\'t parse entities: Unsupported start tag "x" at byte offset 0'),
        ({"text": "x", "parse_mode": "HTML", "entities": []}, "the sandbox takes parse_mode or entities, not both"),
        ({"text": "x", "entities": [5]}, "can't parse MessageEntity: expected an Object"),
        (
            {"text": "x", "link_preview_options": {"url": "nowhere"}},
            "link preview URL 'nowhere' is invalid: Wrong HTTP URL",
        ),
        ({"text": "*x*", "parse_mode": "MarkdownV2"}, "unsupported parse_mode (the sandbox knows HTML only)"),
        (
            {"text": "x", "link_preview_options": {"is_disabled": 1}},
            'can\'t parse link preview options: Field "is_disabled" must be of type Boolean',
        ),
        (
            {"text": "x", "link_preview_options": {"off": True}},
            'can\'t parse link preview options: unknown field "off"',
        ),
    ],
)
async def test_a_text_that_cannot_stand_is_refused(
    bot: Bot, anna: Person, parameters: dict[str, Any], sentence: str
) -> None:
    assert await bot.refusal("sendMessage", chat_id=anna.id, **parameters) == f"Bad Request: {sentence}"


@pytest.mark.parametrize(
    ("entity", "sentence"),
    [
        ({"type": "loud"}, "can't parse MessageEntity: Unsupported type specified"),
        ({"offset": -1}, "receive an entity with incorrect offset -1"),
        ({"length": 0}, "receive an entity with incorrect length 0"),
        ({"offset": 5}, "entity begins after the end of the text at UTF-16 offset 5"),
        ({"length": 6}, "entity beginning at UTF-16 offset 0 ends after the end of the text at UTF-16 offset 6"),
        ({"offset": "0"}, 'can\'t parse MessageEntity: Field "offset" must be of type Number'),
        ({"type": "text_link", "url": "nowhere"}, "entity URL 'nowhere' is invalid: Wrong HTTP URL"),
        ({"type": "text_mention", "user": {"id": 1}}, "user not found"),
        ({"type": "date_time", "unix_time": 0}, "invalid date specified"),
        ({"type": "date_time"}, "can't parse MessageEntity: Can't find field \"unix_time\""),
        (
            {"type": "date_time", "unix_time": 1, "date_time_format": "x"},
            "can't parse MessageEntity: Invalid date-time format specified",
        ),
    ],
)
async def test_entities_are_checked_one_by_one(bot: Bot, anna: Person, entity: dict[str, Any], sentence: str) -> None:
    entities = [{"type": "bold", "offset": 0, "length": 5, **entity}]
    refusal = await bot.refusal("sendMessage", chat_id=anna.id, text="hello", entities=entities)
    assert refusal == f"Bad Request: {sentence}"


async def test_entities_may_be_given_instead_of_html(bot: Bot, anna: Person) -> None:
    bold = {"type": "bold", "offset": 0, "length": 5}
    sent = await bot.call("sendMessage", chat_id=anna.id, text="hello /check\r\tx", entities=[bold])
    assert sent["text"] == "hello /check x"
    assert sent["entities"] == [bold, {"type": "bot_command", "offset": 6, "length": 6}]


async def test_a_time_may_be_given_as_an_entity(bot: Bot, anna: Person) -> None:
    time = {"type": "date_time", "offset": 0, "length": 5, "unix_time": 1_790_000_000, "date_time_format": "tD"}
    sent = await bot.call("sendMessage", chat_id=anna.id, text="14:13", entities=[time])
    assert sent["entities"] == [time | {"date_time_format": "Dt"}]


async def test_a_link_to_a_person_is_a_mention_if_the_person_is_known(bot: Bot, anna: Person) -> None:
    text = f'<a href="tg://user?id={anna.id}">Anna</a> <a href="tg://user?id=1">who</a>'
    sent = await bot.call("sendMessage", chat_id=anna.id, text=text, parse_mode="HTML")
    assert sent["text"] == "Anna who"
    assert sent["entities"] == [{"type": "text_mention", "offset": 0, "length": 4, "user": anna.as_user()}]
