"""The methods by which a bot answers a press, and fetches a file."""

from typing import Any

from sandbox.entities import utf16_length
from sandbox.refusals import bad_request
from sandbox.state import State

ANSWER_LENGTH = 200


def answer_callback_query(state: State, parameters: dict[str, Any]) -> bool:
    """End a person's spinner, with a word or without."""
    query = state.query(parameters["callback_query_id"])
    text = parameters.get("text", "")
    if utf16_length(text) > ANSWER_LENGTH:
        raise bad_request("MESSAGE_TOO_LONG")
    if parameters.get("url") and not parameters["url"].startswith((f"https://t.me/{state.bot.username}?", "tg://")):
        raise bad_request("URL_INVALID")
    query.answer = {
        "text": text,
        "show_alert": parameters.get("show_alert", False),
        "url": parameters.get("url"),
        "at": state.clock.now(),
    }
    state.changes.tell(
        "answered",
        chat_id=query.message.chat.id,
        person_id=query.person.id,
        data=query.data,
        text=text,
        show_alert=query.answer["show_alert"],
    )
    return True


def get_file(state: State, parameters: dict[str, Any]) -> dict[str, Any]:
    """Prepare a file for download."""
    return state.files.open_path(parameters["file_id"])
