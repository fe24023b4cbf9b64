from typing import Any

import pytest

from sandbox.keyboards import buttons_of, check_markup
from sandbox.refusals import Refusal

CALL = {"text": "Go", "callback_data": "go"}
UNPARSED = "can't parse inline keyboard button: "


def inline(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[{"text": "Go", **button}]]}


@pytest.mark.parametrize(
    "button",
    [
        {"callback_data": "ы" * 32},
        {"callback_data": "x", "style": "danger"},
        {"copy_text": {"text": "x" * 256}},
        {"url": "https://example.org/a"},
        {"url": "tg://user?id=1"},
        {"switch_inline_query": ""},
        {"web_app": {"url": "https://example.org"}},
        {"disabled": {}},
    ],
)
def test_buttons_that_telegram_takes(button: dict[str, Any]) -> None:
    assert check_markup(inline(**button)) == inline(**button)


@pytest.mark.parametrize(
    ("button", "sentence"),
    [
        ({}, f"{UNPARSED}Text buttons are unallowed in the inline keyboard"),
        ({"callback_data": ""}, f"{UNPARSED}Text buttons are unallowed in the inline keyboard"),
        (
            {"callback_data": "x", "url": "https://a.org"},
            f"{UNPARSED}exactly one action is expected, found url and callback_data",
        ),
        ({"callback_data": "ы" * 33}, "BUTTON_DATA_INVALID"),
        ({"callback_data": "x" * 65}, "BUTTON_DATA_INVALID"),
        ({"callback_data": 5}, f'{UNPARSED}Field "callback_data" must be of type String'),
        ({"copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"copy_text": {"text": "x" * 257}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"copy_text": "x"}, "BUTTON_COPY_TEXT_INVALID"),
        ({"callback_data": "x", "style": "loud"}, f"{UNPARSED}invalid button style specified"),
        ({"url": "not-a-url"}, "inline keyboard button URL 'not-a-url' is invalid: Wrong HTTP URL"),
        (
            {"url": "ftp://example.com"},
            "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
        ),
        ({"url": "https:///x"}, "inline keyboard button URL 'https:///x' is invalid: URL host is empty"),
        ({"text": "", "callback_data": "x"}, f"{UNPARSED}text of a button must be non-empty"),
        ({"text": 5, "callback_data": "x"}, f'{UNPARSED}Field "text" must be of type String'),
        (
            {"callback_data": "x", "colour": "red"},
            'can\'t parse inline keyboard button: unknown or unsupported field "colour"',
        ),
        ({"pay": True}, f'{UNPARSED}field "pay" is not supported by the sandbox'),
        (
            {"web_app": {"url": "http://a.org"}},
            "inline keyboard button Web App URL is invalid: Only HTTPS links are allowed",
        ),
        ({"disabled": True}, f'{UNPARSED}Field "disabled" must be an empty Object'),
    ],
)
def test_buttons_that_telegram_does_not_take(button: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_markup(inline(**button))
    assert refused.value.description == f"Bad Request: {sentence}"


@pytest.mark.parametrize(
    "markup",
    [
        [],
        {},
        {"inline_keyboard": [CALL]},
        {"inline_keyboard": CALL},
        {"inline_keyboard": [[5]]},
        {"inline_keyboard": [[{"callback_data": "x"}]]},
        {"inline_keyboard": [[CALL] * 9]},
        {"inline_keyboard": [[CALL]] * 101},
        {"inline_keyboard": [[CALL]], "resize_keyboard": True},
        {"keyboard": [[5]]},
        {"keyboard": [["Yes"]], "resize_keyboard": "yes"},
        {"force_reply": True, "input_field_placeholder": "x" * 65},
        {"remove_keyboard": False},
    ],
)
def test_markups_that_telegram_does_not_take(markup: Any) -> None:
    with pytest.raises(Refusal):
        check_markup(markup)


@pytest.mark.parametrize(
    "markup",
    [
        {"keyboard": [["Yes", {"text": "No"}]], "resize_keyboard": True},
        {"remove_keyboard": True},
        {"force_reply": True, "selective": True, "input_field_placeholder": "A list"},
    ],
)
def test_reply_markups_that_are_not_inline(markup: dict[str, Any]) -> None:
    assert check_markup(markup) == markup
    with pytest.raises(Refusal, match="inline keyboard expected"):
        check_markup(markup, inline_only=True)


def test_an_inline_keyboard_without_buttons_is_none() -> None:
    assert check_markup({"inline_keyboard": [[], []]}) is None
    assert buttons_of(None) == []
