"""The methods by which a bot changes or takes back what it said."""

from typing import Any

from sandbox.chats import SEES_ALL, Message
from sandbox.formatting import caption_content, text_content
from sandbox.keyboards import check_markup
from sandbox.refusals import bad_request
from sandbox.state import State

DELETABLE_SECONDS = 48 * 3600
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def edit_message_text(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """Give a text message another text; without reply_markup its buttons go."""
    message = _editable(state, parameters)
    content = text_content(state, parameters)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _edited(state, message, content, parameters)


def edit_message_caption(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """Give a file another caption."""
    message = _editable(state, parameters)
    caption = caption_content(state, parameters)
    if "text" in message.content:
        raise bad_request("there is no caption in the message to edit")
    kept = {word: value for word, value in message.content.items() if "caption" not in word}
    above = {"show_caption_above_media": True} if parameters.get("show_caption_above_media") else {}
    return _edited(state, message, {**kept, **caption, **above}, parameters)


def edit_message_reply_markup(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """Hang other buttons under a message, or none."""
    message = _editable(state, parameters)
    return _edited(state, message, message.content, parameters)


def delete_message(state: State, parameters: dict[str, Any]) -> bool:
    """Take a message away; people's own only in a private chat or as an administrator."""
    chat = state.reachable_chat(parameters["chat_id"])
    message = chat.live_message(parameters["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    admin = chat.status_of(state.bot.id) in SEES_ALL
    if message.sender is not state.bot and chat.type != "private" and not admin:
        raise bad_request("message can't be deleted")
    if state.clock.now() - message.date > DELETABLE_SECONDS and not admin:
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    state.changes.tell("deleted", chat_id=chat.id, message_id=message.message_id)
    return True


def _editable(state: State, parameters: dict[str, Any]) -> Message:
    chat = state.reachable_chat(parameters["chat_id"])
    message = chat.live_message(parameters["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    foreign = message.sender is not state.bot or "forward_origin" in message.content
    if foreign or message.service or (message.markup is not None and "inline_keyboard" not in message.markup):
        raise bad_request("message can't be edited")
    return message


def _edited(state: State, message: Message, content: dict[str, Any], parameters: dict[str, Any]) -> dict[str, Any]:
    markup = check_markup(parameters["reply_markup"], inline_only=True) if "reply_markup" in parameters else None
    if (content, markup) == (message.content, message.markup):
        raise bad_request(NOT_MODIFIED)
    state.flood.spend(message.chat.id, state.clock.now())
    message.remember(state.clock.now())
    message.content, message.markup = content, markup
    message.edit_date = state.now()
    state.changes.tell("edited", chat_id=message.chat.id, message=message.as_event())
    return message.as_message()
