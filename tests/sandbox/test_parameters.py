from typing import Any

import aiogram.methods
import pytest

from sandbox.calls import ANSWERS
from sandbox.chats import Person
from sandbox.parameters import METHODS, check_parameters
from sandbox.refusals import Refusal
from tests.sandbox.telegram_bot import Bot

OUTDATED = {"allow_sending_without_reply", "reply_to_message_id", "disable_web_page_preview"}
LATER = {"receiver_user_id", "callback_query_id"}


def refusal(method: str, **given: Any) -> str:
    with pytest.raises(Refusal) as refused:
        check_parameters(method, given)
    return refused.value.description


def test_every_method_has_its_parameters_and_its_answer() -> None:
    assert set(ANSWERS) | {"getUpdates"} == set(METHODS)


@pytest.mark.parametrize("method", METHODS)
def test_the_parameters_are_those_of_the_bot_api(method: str) -> None:
    known = getattr(aiogram.methods, method[0].upper() + method[1:]).model_fields
    mine = {word.partition(":")[0].rstrip("!") for word in METHODS[method].split()}
    theirs = set(known) - OUTDATED - (LATER if method.startswith("send") else set())
    assert mine <= theirs
    assert {"reply_markup", "message_thread_id"} & (theirs - mine) == set()


def test_an_unknown_parameter_is_refused_by_its_name() -> None:
    assert 'unknown parameter "reply_to_message_id"' in refusal("sendMessage", reply_to_message_id=1)
    assert 'unknown parameter "x"' in refusal("getMe", x=1)


def test_a_parameter_without_effect_here_is_refused_too() -> None:
    assert 'does not support the parameter "message_effect_id"' in refusal("sendMessage", message_effect_id="5")


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("sendMessage", {"text": 5}),
        ("sendMessage", {"text": "\ud800"}),
        ("sendMessage", {"chat_id": 1.5}),
        ("sendMessage", {"chat_id": True}),
        ("sendMessage", {"message_thread_id": "x"}),
        ("sendMessage", {"message_thread_id": False}),
        ("sendMessage", {"disable_notification": "maybe"}),
        ("sendMessage", {"disable_notification": 1}),
        ("sendMessage", {"reply_markup": "{"}),
        ("sendMessage", {"reply_markup": "[]"}),
        ("sendMessage", {"entities": {}}),
        ("sendDocument", {"document": 5}),
    ],
)
def test_a_wrong_type_is_refused(method: str, given: dict[str, Any]) -> None:
    assert refusal(method, **given).startswith("Bad Request: ")


def test_forms_and_json_bodies_are_read_alike() -> None:
    form = {"chat_id": "5", "text": "x", "disable_notification": "true", "reply_markup": '{"remove_keyboard": true}'}
    body = {"chat_id": 5, "text": "x", "disable_notification": True, "reply_markup": {"remove_keyboard": True}}
    assert check_parameters("sendMessage", form) == check_parameters("sendMessage", body) == body


@pytest.mark.parametrize(
    ("method", "given", "sentence"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "", "text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 5}, "message text is empty"),
        ("sendDocument", {"chat_id": 5}, "there is no document in the request"),
        ("editMessageText", {"chat_id": 5, "text": "x"}, "message identifier is not specified"),
        ("getFile", {}, "file_id not specified"),
        ("setWebhook", {}, 'parameter "url" is required'),
    ],
)
def test_what_is_missing_is_named(method: str, given: dict[str, Any], sentence: str) -> None:
    assert refusal(method, **given) == f"Bad Request: {sentence}"


async def test_a_file_where_none_is_expected_is_refused(bot: Bot, anna: Person) -> None:
    files = {"caption": ("a.txt", b"1")}
    assert "a file is not expected" in await bot.refusal("sendDocument", files=files, chat_id=anna.id)
