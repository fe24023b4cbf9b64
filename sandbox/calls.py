"""Which call does what, and the record of every call."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from sandbox import answering, editing, lookup, polling, profile, sending
from sandbox.files import Upload
from sandbox.state import State

Answer = Callable[[State, dict[str, Any]], Any]


@dataclass(frozen=True)
class Call:
    """One call of the bot: what it asked and what it was told.

    Files in ``params`` are replaced by their name and size. ``at`` is the sandbox's clock, ``fault`` the name of the
    armed fault that struck, ``result`` what was answered (None where it was refused or the connection was cut).
    """

    method: str
    params: dict[str, Any]
    ok: bool
    error_code: int | None
    description: str | None
    at: float
    fault: str | None = None
    result: Any = None

    def as_record(self) -> dict[str, Any]:
        """For the control routes."""
        return asdict(self)


def without_files(given: dict[str, Any]) -> dict[str, Any]:
    """The parameters with each file replaced by its name and size."""
    return {
        name: {"file_name": value.file_name, "size": len(value.data)} if isinstance(value, Upload) else value
        for name, value in given.items()
    }


ANSWERS: dict[str, Answer] = {
    "getMe": lookup.get_me,
    "logOut": lookup.log_out,
    "close": lookup.log_out,
    "setWebhook": polling.set_webhook,
    "deleteWebhook": polling.delete_webhook,
    "getWebhookInfo": polling.get_webhook_info,
    "sendMessage": sending.send_message,
    "sendDocument": sending.send_document,
    "sendPhoto": sending.send_photo,
    "forwardMessage": sending.forward_message,
    "copyMessage": sending.copy_message,
    "sendChatAction": sending.send_chat_action,
    "setMessageReaction": sending.set_message_reaction,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "answerCallbackQuery": answering.answer_callback_query,
    "getFile": answering.get_file,
    "getChat": lookup.get_chat,
    "getChatMember": lookup.get_chat_member,
    "getChatAdministrators": lookup.get_chat_administrators,
    "getChatMemberCount": lookup.get_chat_member_count,
    "leaveChat": lookup.leave_chat,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": partial(profile.set_my_text, word="name"),
    "getMyName": partial(profile.get_my_text, word="name"),
    "setMyDescription": partial(profile.set_my_text, word="description"),
    "getMyDescription": partial(profile.get_my_text, word="description"),
    "setMyShortDescription": partial(profile.set_my_text, word="short_description"),
    "getMyShortDescription": partial(profile.get_my_text, word="short_description"),
    "setChatMenuButton": profile.set_chat_menu_button,
    "getChatMenuButton": profile.get_chat_menu_button,
}
