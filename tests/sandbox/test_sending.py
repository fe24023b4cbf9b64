from typing import Any

import pytest

from sandbox.chats import Person
from sandbox.telegram_api import TelegramServer
from tests.sandbox.telegram_bot import KEYBOARD, Bot
from tests.sandbox.test_photos import png


@pytest.fixture
def forum(telegram: TelegramServer, anna: Person) -> int:
    return telegram.add_group("Team", [anna], forum=True)


async def test_a_message_comes_back_as_it_stands_in_the_chat(bot: Bot, anna: Person) -> None:
    sent = await bot.call(
        "sendMessage", chat_id=anna.id, text="<b>3</b> numbers", parse_mode="HTML", reply_markup=KEYBOARD
    )
    assert sent == {
        "message_id": sent["message_id"],
        "from": {"id": 42, "is_bot": True, "first_name": "Number check", "username": "number_check_bot"},
        "chat": {"id": anna.id, "first_name": "Anna", "username": "anna", "type": "private"},
        "date": int(bot.telegram.clock.now()),
        "text": "3 numbers",
        "entities": [{"type": "bold", "offset": 0, "length": 1}],
        "reply_markup": KEYBOARD,
    }


async def test_message_ids_grow(bot: Bot, anna: Person) -> None:
    ids = [(await bot.call("sendMessage", chat_id=anna.id, text="x"))["message_id"] for _ in range(3)]
    assert ids == sorted(set(ids))


async def test_a_document_keeps_its_bytes_and_can_be_sent_again_by_its_id(bot: Bot, anna: Person) -> None:
    sent = await bot.call(
        "sendDocument",
        files={"document": ("result.xlsx", b"PK12")},
        chat_id=anna.id,
        caption="<i>12 yes</i>",
        parse_mode="HTML",
    )
    document = sent["document"]
    assert (document["file_name"], document["file_size"]) == ("result.xlsx", 4)
    assert document["mime_type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert sent["caption_entities"] == [{"type": "italic", "offset": 0, "length": 6}]
    again = await bot.call("sendDocument", chat_id=anna.id, document=document["file_id"])
    assert again["document"] == document
    assert [one.data for one in bot.telegram.bot_messages(anna.id)] == [b"PK12", b"PK12"]


async def test_a_document_can_be_attached_under_another_name(bot: Bot, anna: Person) -> None:
    files = {"part7": ("a.txt", b"123")}
    sent = await bot.call("sendDocument", files=files, chat_id=anna.id, document="attach://part7")
    assert sent["document"]["file_name"] == "a.txt"
    assert "attach://part8" in await bot.refusal(
        "sendDocument", files=files, chat_id=anna.id, document="attach://part8"
    )


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("BQnothing", "wrong file_id or the file is temporarily unavailable"),
        ("https://example.org/a.pdf", "wrong HTTP URL specified"),
        ("", "there is no document in the request"),
    ],
)
async def test_a_document_that_is_not_there_is_refused(bot: Bot, anna: Person, document: str, sentence: str) -> None:
    assert await bot.refusal("sendDocument", chat_id=anna.id, document=document) == f"Bad Request: {sentence}"


async def test_an_empty_file_is_refused(bot: Bot, anna: Person) -> None:
    files = {"document": ("a.txt", b"")}
    assert await bot.refusal("sendDocument", files=files, chat_id=anna.id) == "Bad Request: file must be non-empty"


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10"


async def test_a_picture_is_no_document(bot: Bot, anna: Person) -> None:
    sent = await bot.call("sendPhoto", files={"photo": ("a.png", png(4, 3))}, chat_id=anna.id)
    file_id = sent["photo"][-1]["file_id"]
    sentence = "Bad Request: can't use file of type Photo as Document"
    assert await bot.refusal("sendDocument", chat_id=anna.id, document=file_id) == sentence


async def test_a_reply_needs_its_message_unless_the_bot_says_otherwise(bot: Bot, anna: Person) -> None:
    reply: dict[str, Any] = {"message_id": 999}
    sentence = "Bad Request: message to be replied not found"
    assert await bot.refusal("sendMessage", chat_id=anna.id, text="x", reply_parameters=reply) == sentence
    reply["allow_sending_without_reply"] = True
    assert "reply_to_message" not in await bot.call("sendMessage", chat_id=anna.id, text="x", reply_parameters=reply)
    listed = await bot.telegram.send_text(anna, anna.id, "+79161234567")
    sent = await bot.call("sendMessage", chat_id=anna.id, text="x", reply_parameters={"message_id": listed})
    assert sent["reply_to_message"]["text"] == "+79161234567"
    await bot.telegram.delete(anna.id, listed)
    assert (
        await bot.refusal("sendMessage", chat_id=anna.id, text="x", reply_parameters={"message_id": listed}) == sentence
    )


@pytest.mark.parametrize(
    "reply",
    [
        {},
        {"message_id": "1"},
        {"message_id": 1, "quote": "x"},
        {"message_id": 1, "chat_id": 5},
        {"message_id": 1, "allow_sending_without_reply": "yes"},
    ],
)
async def test_odd_reply_parameters_are_refused(bot: Bot, anna: Person, reply: dict[str, Any]) -> None:
    assert "repl" in await bot.refusal("sendMessage", chat_id=anna.id, text="x", reply_parameters=reply)


async def test_a_thread_has_to_exist_and_to_be_open(bot: Bot, anna: Person, forum: int) -> None:
    thread_id = bot.telegram.add_topic(anna, forum, "Lists")
    sent = await bot.call("sendMessage", chat_id=forum, text="x", message_thread_id=thread_id)
    assert (sent["message_thread_id"], sent["is_topic_message"]) == (thread_id, True)
    bot.telegram.close_topic(forum, thread_id)
    place = {"chat_id": forum, "text": "x", "message_thread_id": thread_id}
    assert await bot.refusal("sendMessage", **place) == "Bad Request: TOPIC_CLOSED"
    assert await bot.refusal(
        "sendMessage", chat_id=forum, text="x", reply_parameters={"message_id": sent["message_id"]}
    ) == ("Bad Request: TOPIC_CLOSED")
    bot.telegram.set_member(forum, bot.telegram.bot, "administrator", by=anna)
    await bot.call("sendMessage", **place)
    bot.telegram.delete_topic(forum, thread_id)
    assert await bot.refusal("sendMessage", **place) == "Bad Request: message thread not found"
    assert await bot.refusal("sendMessage", **{**place, "chat_id": anna.id}) == "Bad Request: message thread not found"


async def test_a_reply_goes_to_the_topic_of_what_it_replies_to(bot: Bot, anna: Person, forum: int) -> None:
    thread_id = bot.telegram.add_topic(anna, forum, "Lists")
    asked = await bot.telegram.send_text(anna, forum, "/check@number_check_bot", thread_id=thread_id)
    sent = await bot.call("sendMessage", chat_id=forum, text="x", reply_parameters={"message_id": asked})
    assert sent["message_thread_id"] == thread_id


async def test_a_message_is_forwarded_with_its_author_and_copied_without(bot: Bot, anna: Person) -> None:
    original = await bot.telegram.send_document(anna, anna.id, "a.txt", b"1", caption="mine")
    place = {"chat_id": anna.id, "from_chat_id": anna.id, "message_id": original}
    forwarded = await bot.call("forwardMessage", **place)
    assert forwarded["forward_origin"]["sender_user"]["id"] == anna.id
    copied = await bot.call("copyMessage", **place, caption="other")
    assert copied.keys() == {"message_id"}
    assert bot.telegram.messages(anna.id)[-1].text == "other"
    assert await bot.refusal("copyMessage", **{**place, "message_id": 1}) == "Bad Request: message to copy not found"


async def test_an_action_is_shown_and_an_unknown_one_refused(bot: Bot, anna: Person) -> None:
    assert await bot.call("sendChatAction", chat_id=anna.id, action="upload_document") is True
    assert bot.telegram.state.changes.events[-1]["action"] == "upload_document"
    assert "action" in await bot.refusal("sendChatAction", chat_id=anna.id, action="dance")


async def test_a_reaction_is_put_and_taken_away(bot: Bot, anna: Person) -> None:
    listed = await bot.telegram.send_text(anna, anna.id, "+79161234567")
    eyes = [{"type": "emoji", "emoji": "👀"}]
    await bot.call("setMessageReaction", chat_id=anna.id, message_id=listed, reaction=eyes)
    assert bot.telegram.messages(anna.id)[0].reactions == eyes
    await bot.call("setMessageReaction", chat_id=anna.id, message_id=listed, reaction=[])
    assert bot.telegram.messages(anna.id)[0].reactions == []
    odd = [{"type": "emoji", "emoji": "🥑"}]
    assert "REACTION_INVALID" in await bot.refusal(
        "setMessageReaction", chat_id=anna.id, message_id=listed, reaction=odd
    )
    assert "REACTIONS_TOO_MANY" in await bot.refusal(
        "setMessageReaction", chat_id=anna.id, message_id=listed, reaction=eyes * 2
    )
    assert "not found" in await bot.refusal("setMessageReaction", chat_id=anna.id, message_id=1, reaction=eyes)


async def test_what_a_chat_says_about_itself_is_not_passed_on(bot: Bot, anna: Person) -> None:
    forum = bot.telegram.add_group("Team", [anna], forum=True)
    place = {"chat_id": anna.id, "from_chat_id": forum, "message_id": bot.telegram.add_topic(anna, forum, "Lists")}
    assert await bot.refusal("forwardMessage", **place) == "Bad Request: message can't be forwarded"
    assert await bot.refusal("copyMessage", **place) == "Bad Request: message can't be copied"
