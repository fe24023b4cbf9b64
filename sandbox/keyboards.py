"""What a bot may hang under a message: inline keyboards, reply keyboards, a forced reply."""

import re
from typing import Any

from sandbox.refusals import bad_request

STYLES = ("primary", "success", "danger")
ACTIONS = (
    "url",
    "callback_data",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "web_app",
    "disabled",
)
UNSUPPORTED = ("login_url", "switch_inline_query_chosen_chat", "callback_game", "pay")
DECORATION = ("text", "style", "icon_custom_emoji_id")
MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
DATA_BYTES = 64
COPY_LENGTH = 256
PLACEHOLDER_LENGTH = 64


def check_markup(markup: Any, *, inline_only: bool = False) -> dict[str, Any] | None:
    """Give the markup as it will stand under the message; None for an inline keyboard without buttons.

    Raises:
        Refusal: Telegram would not take it, or the sandbox does not know a field.
    """
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        _only(markup, "reply markup", {"inline_keyboard"})
        return _inline_keyboard(markup["inline_keyboard"])
    if inline_only:
        raise bad_request("inline keyboard expected")
    if "keyboard" in markup:
        fields = {"keyboard", "is_persistent", "resize_keyboard", "one_time_keyboard", "input_field_placeholder"}
        _only(markup, "reply markup", fields | {"selective"})
        _reply_keyboard(markup["keyboard"])
    elif markup.get("remove_keyboard") is True:
        _only(markup, "reply markup", {"remove_keyboard", "selective"})
    elif markup.get("force_reply") is True:
        _only(markup, "reply markup", {"force_reply", "input_field_placeholder", "selective"})
    else:
        raise bad_request("object expected as reply markup")
    for name, value in markup.items():
        if name not in {"keyboard", "input_field_placeholder"} and not isinstance(value, bool):
            raise bad_request(f'can\'t parse reply markup: Field "{name}" must be of type Boolean')
    if len(str(markup.get("input_field_placeholder", ""))) > PLACEHOLDER_LENGTH:
        raise bad_request("reply keyboard placeholder is too long")
    return markup


def buttons_of(markup: dict[str, Any] | None) -> list[dict[str, Any]]:
    """All inline buttons, row by row."""
    return [button for row in (markup or {}).get("inline_keyboard", []) for button in row]


def check_url(url: str, what: str) -> None:
    """Refuse an address that Telegram would not open."""
    scheme, colon, rest = url.partition("://")
    if not colon and ("." not in url or " " in url or not url):
        raise bad_request(f"{what} URL '{url}' is invalid: Wrong HTTP URL")
    if colon and scheme.lower() not in {"http", "https", "tg", "ton", "tonsite"}:
        raise bad_request(f"{what} URL '{url}' is invalid: Unsupported URL protocol")
    if colon and not re.match(r"[^\s/?#]+", rest):
        raise bad_request(f"{what} URL '{url}' is invalid: URL host is empty")


def _only(thing: dict[str, Any], name: str, fields: set[str]) -> None:
    unknown = sorted(set(thing) - fields)
    if unknown:
        raise bad_request(f'can\'t parse {name}: unknown or unsupported field "{unknown[0]}"')


def _rows(rows: Any, name: str) -> list[list[Any]]:
    if not isinstance(rows, list):
        raise bad_request(f'field "{name}" must be of type Array')
    for row in rows:
        if not isinstance(row, list):
            raise bad_request(f'field "{name}" must be an Array of Arrays')
        if len(row) > MOST_IN_A_ROW:
            raise bad_request("reply markup is too long")
    if sum(map(len, rows)) > MOST_BUTTONS:
        raise bad_request("reply markup is too long")
    return rows


def _inline_keyboard(rows: Any) -> dict[str, Any] | None:
    kept = [[_inline_button(button) for button in row] for row in _rows(rows, "inline_keyboard") if row]
    return {"inline_keyboard": kept} if kept else None


def _inline_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, dict):
        raise _unparsed("InlineKeyboardButton must be an Object")
    _label(button)
    for field in UNSUPPORTED:
        if field in button:
            raise _unparsed(f'field "{field}" is not supported by the sandbox')
    _only(button, "inline keyboard button", {*DECORATION, *ACTIONS})
    actions = [field for field in ACTIONS if field in button]
    if not actions or (actions == ["callback_data"] and button["callback_data"] == ""):
        raise _unparsed("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unparsed(f"exactly one action is expected, found {' and '.join(actions)}")
    _action(actions[0], button[actions[0]])
    return button


def _label(button: dict[str, Any]) -> None:
    if "text" not in button:
        raise _unparsed('Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise _unparsed('Field "text" must be of type String')
    if not button["text"].strip():
        raise _unparsed("text of a button must be non-empty")
    if button.get("style", STYLES[0]) not in STYLES:
        raise _unparsed("invalid button style specified")


def _action(field: str, value: Any) -> None:
    if field == "copy_text":
        text = value.get("text") if isinstance(value, dict) and set(value) == {"text"} else None
        if not isinstance(text, str) or not 1 <= len(text) <= COPY_LENGTH:
            raise bad_request("BUTTON_COPY_TEXT_INVALID")
    elif field == "web_app":
        if not isinstance(value, dict) or not str(value.get("url", "")).startswith("https://"):
            raise bad_request("inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")
    elif field == "disabled":
        if value != {}:
            raise _unparsed('Field "disabled" must be an empty Object')
    elif not isinstance(value, str):
        raise _unparsed(f'Field "{field}" must be of type String')
    elif field == "callback_data" and not 1 <= len(value.encode()) <= DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    elif field == "url":
        check_url(value, "inline keyboard button")


def _reply_keyboard(rows: Any) -> None:
    for row in _rows(rows, "keyboard"):
        for button in row:
            if isinstance(button, str):
                continue
            if not isinstance(button, dict):
                raise bad_request("can't parse keyboard button: KeyboardButton must be an Object")
            _label(button)
            _only(button, "keyboard button", {*DECORATION, "request_contact", "request_location"})


def _unparsed(sentence: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {sentence}")
