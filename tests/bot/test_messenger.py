"""What Telegram may answer to what the worker says, on real sockets."""

import logging

import pytest

from bot.cards import Button, Card
from bot.limits import Importance
from bot.messenger import (
    LaterError,
    MessageGoneError,
    Messenger,
    MovedChatError,
    PerhapsSentError,
    Place,
    RefusedError,
    TokenRevokedError,
    TooLargeError,
    UnreachableChatError,
)
from bot.telegram import open_bot
from bot.texts import Html
from tests.bot.bench import TOKEN, Bench
from tests.sandbox.test_photos import png

HELLO = Card(Html("<b>Hello</b> &lt;Ann&gt;"), ((Button("Go", "go"),),))
BROKEN = Card(Html("<b>Hello <i>Ann</b>"))


async def say(bench: Bench, card: Card = HELLO, place: Place | None = None) -> int:
    return await bench.messenger.send(place or Place(bench.chat_id), card, Importance.ANSWER)


async def edit(bench: Bench, message_id: int, card: Card) -> None:
    await bench.messenger.edit(Place(bench.chat_id), message_id, card, Importance.ANSWER)


async def send_file(bench: Bench, card: Card = HELLO, place: Place | None = None) -> str | None:
    return await bench.messenger.send_document(place or Place(bench.chat_id), "a.txt", b"1", card)


async def test_a_card_arrives_with_its_marks_and_buttons(bench: Bench) -> None:
    message_id = await say(bench)
    sent = bench.telegram.state.chats[bench.chat_id].messages[message_id]
    assert (sent.text, sent.labels, sent.entities[0]["type"]) == ("Hello <Ann>", ["Go"], "bold")


async def test_429_with_a_time_is_later_and_says_when(bench: Bench) -> None:
    bench.faults.arm("flood", seconds=300)
    with pytest.raises(LaterError) as raised:
        await say(bench)
    assert raised.value.seconds == 300


@pytest.mark.parametrize("fault", ["flood_bare", "server_error"])
async def test_429_without_a_time_and_500_are_later(bench: Bench, fault: str) -> None:
    bench.faults.arm(fault)
    with pytest.raises(LaterError):
        await say(bench)


@pytest.mark.parametrize("fault", ["bad_gateway", "not_json", "cut_before", "cut_after"])
async def test_a_page_or_a_broken_connection_leaves_it_unknown_whether_it_was_sent(bench: Bench, fault: str) -> None:
    bench.faults.arm(fault)
    with pytest.raises(PerhapsSentError) as raised:
        await say(bench)
    assert raised.value.__cause__ is None or "html" not in str(raised.value.__cause__)


async def test_a_connection_that_was_never_made_is_later() -> None:
    async with open_bot(TOKEN, "http://127.0.0.1:9") as bot:
        with pytest.raises(LaterError):
            await Messenger(bot).send(Place(1), HELLO, Importance.ANSWER)


async def test_not_modified_is_a_success(bench: Bench) -> None:
    await edit(bench, await say(bench), HELLO)
    assert bench.calls("editMessageText")[0].startswith("Bad Request: message is not modified")


async def test_a_message_to_edit_that_is_gone_is_named_so(bench: Bench) -> None:
    message_id = await say(bench)
    await bench.telegram.delete(bench.chat_id, message_id)
    with pytest.raises(MessageGoneError):
        await edit(bench, message_id, BROKEN)


async def test_a_message_that_cannot_be_edited_counts_as_gone(bench: Bench) -> None:
    foreign = await bench.telegram.send_text(bench.anna, bench.chat_id, "hello")
    with pytest.raises(MessageGoneError):
        await edit(bench, foreign, HELLO)


async def test_a_reply_to_a_message_that_is_gone_is_sent_all_the_same(bench: Bench) -> None:
    assert await say(bench, place=Place(bench.chat_id, None, 999_999))


async def test_a_chat_that_does_not_exist_is_unreachable(bench: Bench) -> None:
    with pytest.raises(UnreachableChatError):
        await say(bench, place=Place(-4_999_999))


@pytest.mark.parametrize("how", ["blocked", "deactivated", "kicked", "left"])
async def test_403_is_unreachable(bench: Bench, how: str) -> None:
    group = bench.telegram.add_group("Team", [bench.anna], bot={"kicked": "kicked"}.get(how))
    if how == "blocked":
        bench.telegram.block(bench.anna)
    elif how == "deactivated":
        bench.telegram.delete_account(bench.anna)
    with pytest.raises(UnreachableChatError):
        await say(bench, place=Place(group) if how in {"kicked", "left"} else None)


async def test_no_right_to_write_is_unreachable(bench: Bench) -> None:
    group = bench.telegram.add_group("Team", [bench.anna])
    bench.telegram.forbid_writing(group)
    with pytest.raises(UnreachableChatError):
        await say(bench, place=Place(group))


async def test_no_right_to_send_files_is_unreachable_for_a_file_only(bench: Bench) -> None:
    group = bench.telegram.add_group("Team", [bench.anna], supergroup=True)
    bench.telegram.set_member(group, bench.telegram.bot, "restricted", by=bench.anna, can_send_messages=True)
    assert await say(bench, place=Place(group))
    with pytest.raises(UnreachableChatError):
        await send_file(bench, place=Place(group))


async def test_a_group_that_became_a_supergroup_gives_its_new_id(bench: Bench) -> None:
    group = bench.telegram.add_group("Team", [bench.anna])
    new = bench.telegram.migrate(group)
    with pytest.raises(MovedChatError) as raised:
        await say(bench, place=Place(group))
    assert raised.value.chat_id == new


async def test_413_is_too_large(bench: Bench) -> None:
    bench.faults.arm("too_large")
    with pytest.raises(TooLargeError):
        await send_file(bench)


async def test_401_says_that_the_token_is_revoked(bench: Bench) -> None:
    bench.faults.arm("unauthorized")
    with pytest.raises(TokenRevokedError):
        await say(bench)


async def test_html_that_telegram_cannot_parse_is_sent_once_as_plain_text(bench: Bench) -> None:
    await say(bench, BROKEN)
    assert bench.said() == ["Hello Ann"]
    assert len(bench.calls("sendMessage")) == 2


async def test_a_caption_that_telegram_cannot_parse_is_sent_once_as_plain_text(bench: Bench) -> None:
    assert await send_file(bench, BROKEN)
    assert bench.said() == ["Hello Ann"]


async def test_an_edit_that_telegram_cannot_parse_is_made_once_as_plain_text(bench: Bench) -> None:
    message_id = await say(bench)
    await edit(bench, message_id, BROKEN)
    await edit(bench, message_id, BROKEN)
    assert bench.said() == ["Hello Ann"]


async def forum(bench: Bench) -> tuple[int, int, int]:
    group = bench.telegram.add_group("Team", [bench.anna], forum=True)
    topic = bench.telegram.add_topic(bench.anna, group, "Lists")
    message_id = await bench.telegram.send_text(bench.anna, group, "+79123456789", thread_id=topic)
    return group, topic, message_id


async def test_a_closed_topic_is_left_once(bench: Bench) -> None:
    group, topic, message_id = await forum(bench)
    bench.telegram.close_topic(group, topic)
    sent = bench.telegram.state.chats[group].messages[await say(bench, place=Place(group, topic, message_id))]
    assert (sent.thread_id, sent.text) == (None, "Hello <Ann>")


async def test_a_deleted_topic_is_left_once_also_by_a_file_with_broken_html(bench: Bench) -> None:
    group, topic, message_id = await forum(bench)
    bench.telegram.delete_topic(group, topic)
    assert await send_file(bench, BROKEN, Place(group, topic, message_id))
    assert bench.said(group) == ["Hello Ann"]


async def test_a_refusal_of_another_kind_is_named_and_logged_without_what_was_said(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.faults.arm("refuse", description="Bad Request: +79123456789 is no good")
    with caplog.at_level(logging.DEBUG), pytest.raises(RefusedError):
        await say(bench)
    ours = [record for record in caplog.records if record.name.startswith("bot")]
    assert ours
    assert not any("9123456789" in record.getMessage() for record in ours)


async def test_a_chat_action_that_is_refused_is_no_failure(bench: Bench) -> None:
    bench.faults.arm("refuse", method="sendChatAction")
    await bench.messenger.show_reading(Place(bench.chat_id))
    bench.faults.arm("bad_gateway", method="sendChatAction")
    await bench.messenger.show_reading(Place(bench.chat_id))
    assert len(bench.calls("sendChatAction")) == 2


async def test_a_link_opens_our_private_chat_with_a_word(bench: Bench) -> None:
    username = bench.telegram.state.bot.username
    assert await bench.messenger.link("result_abc") == f"https://t.me/{username}?start=result_abc"
    assert await bench.messenger.link("result_d") == f"https://t.me/{username}?start=result_d"
    assert len(bench.telegram.calls_of("getMe")) == 1


async def test_a_picture_comes_with_its_caption_and_may_wait(bench: Bench) -> None:
    await bench.messenger.send_photo(Place(bench.chat_id), png(4, 3), HELLO)
    sent = bench.telegram.bot_messages(bench.chat_id)[-1]
    assert (sent.text, sent.labels, sent.content["photo"][-1]["width"]) == ("Hello <Ann>", ["Go"], 4)
    with pytest.raises(RefusedError):
        await bench.messenger.send_photo(Place(bench.chat_id), b"no picture", HELLO)
