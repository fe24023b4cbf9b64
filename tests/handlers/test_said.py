"""Which command a message begins with, and that no filter costs a thread."""

import inspect
from typing import Any

import pytest
from aiogram import Router
from aiogram.filters import Filter
from aiogram.types import Message

from handlers import build_dispatcher
from handlers.said import Has, Word, our_command, passed_by


def message(**said: Any) -> Message:
    return Message.model_validate({"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, **said})


@pytest.mark.parametrize(
    ("said", "word", "args"),
    [
        ("/help", "help", None),
        ("/HELP", "help", None),
        ("/check@Our_Bot", "check", None),
        ("/check 49301 1\n2", "check", "49301 1\n2"),
        ("/check\n+7912", "check", "+7912"),
        (" /check", "check", None),
        ("/", "", None),
    ],
)
async def test_a_command_is_read(said: str, word: str, args: str | None) -> None:
    for held in (message(text=said), message(caption=said)):
        command = our_command(held, "our_bot")
        assert command is not None
        assert (command.command, command.args) == (word, args)
        assert await Word(word)(held, command)
        assert not await Word("else")(held, command)


@pytest.mark.parametrize("said", ["", " ", "help", "+7912 /help", "/help@other_bot", "!help"])
async def test_all_else_is_none(said: str) -> None:
    assert our_command(message(text=said), "our_bot") is None
    assert not await Word("help")(message(text=said), None)


async def test_a_message_has_a_field_or_not() -> None:
    assert await Has("document", "text")(message(text="x"))
    assert not await Has("document", "caption")(message(text="x"))


async def test_a_commands_handler_asks_its_other_filters_only_where_it_is_that_command() -> None:
    router, asked = Router(), []

    class Other(Filter):
        async def __call__(self, message: Message) -> bool:
            asked.append(message.text)
            return message.text == "/start yes"

    router.message.register(test_all_else_is_none, Word("start"), Other(), flags={"kept": True})
    handler = passed_by(router.message.handlers[0])
    said = ("/help", "hello", "/start no", "/start yes")
    fits = [(await handler.check(message(text=one), command=our_command(message(text=one), "bot")))[0] for one in said]
    assert fits == [False, False, False, True]
    assert asked == ["/start no", "/start yes"]
    assert handler.flags == {"kept": True}


def test_no_filter_and_no_handler_is_run_in_a_thread() -> None:
    checked = 0
    for observer in build_dispatcher().observers.values():
        for handler in observer.handlers:
            for one in (handler, *(handler.filters or ())):
                assert one.awaitable, one.callback
                checked += 1
    assert checked > 50
    assert inspect.iscoroutinefunction(Word.__call__)
