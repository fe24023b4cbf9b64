"""Which methods there are, which parameters each takes and of which type.

Stricter than Telegram, which ignores what it does not know: an unknown parameter is refused by its name. A parameter
that exists but that the sandbox does nothing with is refused as well, so that nobody relies on it.
"""

import json
from collections.abc import Callable
from typing import Any

from sandbox.files import Upload
from sandbox.refusals import Refusal, bad_request

REQUIRED = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "from_chat_id is empty",
    "message_id": "message identifier is not specified",
    "text": "message text is empty",
    "document": "there is no document in the request",
    "photo": "there is no photo in the request",
    "file_id": "file_id not specified",
    "user_id": "invalid user_id specified",
    "action": "wrong parameter action in request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "commands": "can't parse commands: expected an Array of BotCommand",
}

_TEXT = "parse_mode entities:list link_preview_options:object"
_CAPTION = "caption parse_mode caption_entities:list"
_SEND = """business_connection_id:unsupported message_thread_id:int direct_messages_topic_id:unsupported
    disable_notification:bool protect_content:bool allow_paid_broadcast:unsupported message_effect_id:unsupported
    suggested_post_parameters:unsupported reply_parameters:object reply_markup:object
    ephemeral_message_parameters:unsupported"""
_EDIT = """business_connection_id:unsupported chat_id!:chat message_id!:int inline_message_id:unsupported
    reply_markup:object"""
_ONWARD = """chat_id!:chat from_chat_id!:chat message_id!:int message_thread_id:int disable_notification:bool
    protect_content:bool direct_messages_topic_id:unsupported video_start_timestamp:unsupported
    message_effect_id:unsupported suggested_post_parameters:unsupported"""

METHODS = {
    "getMe": "",
    "logOut": "",
    "close": "",
    "getUpdates": "offset:int limit:int timeout:int allowed_updates:list",
    "setWebhook": """url! certificate:unsupported ip_address max_connections:int allowed_updates:list
        drop_pending_updates:bool secret_token""",
    "deleteWebhook": "drop_pending_updates:bool",
    "getWebhookInfo": "",
    "sendMessage": f"chat_id!:chat text! {_TEXT} {_SEND}",
    "sendDocument": f"""chat_id!:chat document!:file thumbnail:unsupported {_CAPTION}
        disable_content_type_detection:bool {_SEND}""",
    "sendPhoto": f"chat_id!:chat photo!:file {_CAPTION} show_caption_above_media:bool has_spoiler:bool {_SEND}",
    "forwardMessage": _ONWARD,
    "copyMessage": f"{_ONWARD} {_CAPTION} show_caption_above_media:bool reply_parameters:object reply_markup:object",
    "sendChatAction": "business_connection_id:unsupported chat_id!:chat message_thread_id:int action!",
    "setMessageReaction": "chat_id!:chat message_id!:int reaction:list is_big:bool",
    "editMessageText": f"{_EDIT} text! {_TEXT} rich_message:unsupported",
    "editMessageCaption": f"{_EDIT} {_CAPTION} show_caption_above_media:bool",
    "editMessageReplyMarkup": _EDIT,
    "deleteMessage": "chat_id!:chat message_id!:int",
    "answerCallbackQuery": "callback_query_id! text show_alert:bool url cache_time:int",
    "getFile": "file_id!",
    "getChat": "chat_id!:chat",
    "getChatMember": "chat_id!:chat user_id!:int",
    "getChatAdministrators": "chat_id!:chat return_bots:bool",
    "getChatMemberCount": "chat_id!:chat",
    "leaveChat": "chat_id!:chat",
    "setMyCommands": "commands!:list scope:object language_code",
    "getMyCommands": "scope:object language_code",
    "deleteMyCommands": "scope:object language_code",
    "setMyName": "name language_code",
    "getMyName": "language_code",
    "setMyDescription": "description language_code",
    "getMyDescription": "language_code",
    "setMyShortDescription": "short_description language_code",
    "getMyShortDescription": "language_code",
    "setChatMenuButton": "chat_id:int menu_button:object",
    "getChatMenuButton": "chat_id:int",
}


def check_parameters(method: str, given: dict[str, Any]) -> dict[str, Any]:
    """Give the parameters with their types, JSON strings read.

    ``given`` holds strings from a form, JSON values from a JSON body, and ``Upload`` for files.

    Raises:
        Refusal: 404 for a method that is not there; 400 for a parameter that is unknown, missing, or of a wrong type.
    """
    if method not in METHODS:
        raise Refusal(404, "Not Found: method not found")
    kinds: dict[str, str] = {}
    required: list[str] = []
    for word in METHODS[method].split():
        name, _, kind = word.partition(":")
        if name.endswith("!"):
            name = name[:-1]
            required.append(name)
        kinds[name] = kind or "str"
    parameters = {name: _read(name, kinds.get(name), value) for name, value in given.items() if value is not None}
    for name in required:
        if parameters.get(name) in (None, ""):
            raise bad_request(REQUIRED.get(name, f'parameter "{name}" is required'))
    return parameters


def _read(name: str, kind: str | None, value: Any) -> Any:
    if kind is None:
        raise bad_request(f'unknown parameter "{name}" (the sandbox takes only what the method documents)')
    if kind == "unsupported":
        raise bad_request(f'the sandbox does not support the parameter "{name}"')
    if kind == "file":
        if isinstance(value, Upload | str):
            return value
        raise bad_request(f'can\'t parse parameter "{name}": a file or a String is expected')
    if isinstance(value, Upload):
        raise bad_request(f'can\'t parse parameter "{name}": a file is not expected')
    return _READERS[kind](name, value)


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise bad_request(f'can\'t parse parameter "{name}": expected String')
    if any(0xD800 <= ord(character) <= 0xDFFF for character in value):  # noqa: PLR2004 - half of a surrogate pair
        raise bad_request("strings must be encoded in UTF-8")
    return value


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise bad_request(f'can\'t parse parameter "{name}": expected Integer')
    try:
        return int(value)
    except ValueError:
        raise bad_request(f'can\'t parse parameter "{name}": expected Integer') from None


def _truth(name: str, value: Any) -> bool:
    known = {
        True: True,
        False: False,
        "true": True,
        "false": False,
        "True": True,
        "False": False,
        "1": True,
        "0": False,
    }
    if not isinstance(value, bool | str) or value not in known:
        raise bad_request(f'can\'t parse parameter "{name}": expected Boolean')
    return known[value]


def _chat(name: str, value: Any) -> int | str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise bad_request(f'can\'t parse parameter "{name}": expected Integer or String')
    try:
        return int(value)
    except ValueError:
        return str(value)


def _json(name: str, value: Any, kind: type, word: str) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise bad_request(f'can\'t parse parameter "{name}": JSON {word} is expected') from None
    if not isinstance(value, kind):
        raise bad_request(f'can\'t parse parameter "{name}": expected {word}')
    return value


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "str": _text,
    "int": _whole,
    "bool": _truth,
    "chat": _chat,
    "list": lambda name, value: _json(name, value, list, "Array"),
    "object": lambda name, value: _json(name, value, dict, "Object"),
}
