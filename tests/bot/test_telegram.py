"""Opening the connection to Telegram, and the first words."""

import asyncio
from typing import Any

import pytest
from aiogram.exceptions import ClientDecodeError
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from aiohttp import web

from bot.telegram import TokenRefusedError, meet, open_bot
from tests.bot.bench import TOKEN, Bench


async def test_it_learns_its_name_and_ends_a_webhook_without_dropping_what_waits(bench: Bench) -> None:
    await bench.telegram.send_text(bench.anna, bench.chat_id, "/start")
    me = await meet(bench.bot, asyncio.Event())
    assert me is not None
    assert me.username == "number_check_bot"
    (call,) = bench.telegram.calls_of("deleteWebhook")
    assert call.params.get("drop_pending_updates") in {None, False, "false"}
    assert len(bench.telegram.updates.first(10)) == 1


@pytest.mark.parametrize("fault", ["bad_gateway", "server_error", "cut_before", "flood_bare"])
async def test_it_asks_until_telegram_answers(bench: Bench, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.faults.arm(fault, method="getMe")
    monkeypatch.setattr("bot.telegram.FIRST_PAUSE_SECONDS", 0.01)
    assert await meet(bench.bot, asyncio.Event()) is not None


async def test_a_stop_is_heard_soon_also_where_telegram_is_silent(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.telegram.MEETING_SECONDS", 0.05)
    bench.faults.arm("slow", method="getMe", seconds=300.0)
    stopping = asyncio.Event()
    async with asyncio.timeout(60), asyncio.TaskGroup() as group:
        meeting = group.create_task(meet(bench.bot, stopping))
        await asyncio.sleep(0.02)
        stopping.set()
    assert meeting.result() is None


async def test_a_token_that_is_not_accepted_is_named_so(bench: Bench) -> None:
    bench.faults.arm("unauthorized", method="getMe")
    with pytest.raises(TokenRefusedError):
        await meet(bench.bot, asyncio.Event())


async def test_a_stop_ends_the_asking(bench: Bench) -> None:
    stopping = asyncio.Event()
    stopping.set()
    assert await meet(bench.bot, stopping) is None


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (502, b"\xff\xfe not utf-8 \x80", "text/html"),
        (502, b'{"ok": false}', "application/json"),
        (200, b"null", "application/json"),
        (200, b"[]", "application/json"),
        (403, b"<html>", "text/html; charset=no-such"),
    ],
    ids=["no utf-8", "no description", "null", "a list", "unknown encoding"],
)
async def test_whatever_is_no_answer_of_telegrams_is_one_kind_of_error(
    status: int, body: bytes, content_type: str
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, body=body, headers={"Content-Type": content_type})

    app = web.Application()
    app.router.add_route("*", "/{anything:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with open_bot(TOKEN, f"http://127.0.0.1:{runner.addresses[0][1]}") as bot:
            with pytest.raises(ClientDecodeError):
                await bot.get_me()
    finally:
        await runner.cleanup()


async def test_a_call_says_the_same_as_json_and_with_a_file(bench: Bench) -> None:
    markup = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="A \u00ab\U0001f642\u00bb", callback_data="x", style="primary")]]
    )
    replied = await bench.telegram.send_text(bench.anna, bench.chat_id, "hello")
    reply = ReplyParameters(message_id=replied, allow_sending_without_reply=True)
    async with open_bot(TOKEN, bench.telegram.url) as bot:
        words: dict[str, Any] = {"reply_parameters": reply, "reply_markup": markup, "message_thread_id": None}
        said = await bot.send_message(
            bench.chat_id,
            "<b>\u0434\u0430</b> &amp; so",
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            **words,
        )
        sent = await bot.send_document(
            bench.chat_id, BufferedInputFile(b"x", "a.txt"), caption="<b>\u0434\u0430</b> &amp; so", **words
        )
    assert said.text == sent.caption == "\u0434\u0430 & so"
    for one in (said, sent):
        assert one.reply_to_message is not None
        assert one.reply_to_message.message_id == replied
        assert one.reply_markup is not None
        assert one.reply_markup.model_dump() == markup.model_dump()
    as_json, as_form = (bench.telegram.calls_of(method)[0].params for method in ("sendMessage", "sendDocument"))
    assert as_json.keys() - {"text", "link_preview_options"} == as_form.keys() - {"caption", "document"}
